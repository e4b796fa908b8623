"""Watch folders: files are loaded as they arrive, once they are no longer being written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from baocao_etl.errors import DatabaseLocked
from baocao_etl.ingest.batch import Batch, OnFile, OnStart, Summary
from baocao_etl.reading import discover
from baocao_etl.warehouse import FileResult, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from baocao_etl.settings import Settings

    State = dict[Path, tuple[int, int]]  # size, time of change


class Looks:
    """What a look at the folders finds beside the looks before it."""

    def __init__(self) -> None:
        self._now: State = {}
        self._done: State = {}

    def ready(self, now: State) -> list[Path]:
        """Take in the files that are there, and return those that are ready to be loaded.

        A file is ready when two looks in a row find it with the same size and time, since a scanner
        or a copy may still be writing it; once loaded, not until these change, or it comes back.
        """
        before, self._now = self._now, now
        self._done = {path: state for path, state in self._done.items() if path in now}
        return [p for p, state in now.items() if before.get(p) == state != self._done.get(p)]

    def loaded(self, paths: Sequence[Path]) -> None:
        """Remember that `paths` were loaded as the last look found them."""
        self._done |= {path: self._now[path] for path in paths}


def watch(
    paths: Sequence[Path],
    settings: Settings,
    *,
    interval: float = 5.0,
    rounds: int | None = None,
    lock_timeout: float = 0.0,
    on_start: OnStart = lambda _: None,
    on_file: OnFile = lambda _: None,
    on_locked: Callable[[DatabaseLocked], None] = lambda _: None,
) -> Iterator[Summary]:
    """Look every `interval` seconds, load what is ready, and yield the summary of each batch.

    A file of quarantine that is taken away leaves quarantine, as it does under `ingest`. Files wait
    while another process has the warehouse.

    Args:
        paths: the folders.
        settings: as of `ingest`.
        interval: seconds between looks.
        rounds: how many times to look; without it, for ever.
        lock_timeout: as of `ingest`.
        on_start: as of `ingest`, once a batch.
        on_file: as of `ingest`.
        on_locked: told each time that another process has the warehouse for longer than that.
    """
    rejected: set[str] = set()

    def note(result: FileResult) -> None:
        (rejected.add if result.rejected else rejected.discard)(result.path)
        on_file(result)

    roots = [path.resolve() for path in paths]
    batch = Batch(settings, lock_timeout, on_start, lambda _: None, note)
    looks = Looks()
    while rounds is None or rounds > 0:
        now = _look(roots, settings)
        ready = looks.ready(now)
        gone = rejected - {printable(str(path)) for path in now}
        if ready or gone:
            try:
                summary = batch.load(ready, settling=roots, standing=now.keys() - set(ready))
            except DatabaseLocked as error:
                on_locked(error)
            else:
                looks.loaded(ready)
                rejected -= gone
                yield summary
        if rounds is not None:
            rounds -= 1
        time.sleep(interval)


def _look(paths: Sequence[Path], settings: Settings) -> State:
    found: State = {}
    for path in discover(paths, follow_links=settings.follow_links):
        try:
            stat = path.stat()
        except OSError:  # gone between the two calls
            continue
        found[path] = (stat.st_size, stat.st_mtime_ns)
    return found
