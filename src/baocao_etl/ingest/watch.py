"""Watch folders: files are loaded as they arrive, once they are no longer being written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from baocao_etl.ingest.batch import Summary, ingest
from baocao_etl.reading import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from baocao_etl.settings import Settings

    State = dict[Path, tuple[int, int]]


def watch(
    paths: Sequence[Path],
    settings: Settings,
    *,
    interval: float = 5.0,
    rounds: int | None = None,
    load: Callable[[Sequence[Path], Settings], Summary] = ingest,
) -> Iterator[Summary]:
    """Look every `interval` seconds and yield the summary of each batch that came in.

    A file is loaded when two looks in a row find it with the same size and time, since a scanner or
    a copy may still be writing it; it is not looked at again until these change.

    Args:
        paths: the folders.
        settings: as of `ingest`.
        interval: seconds between looks.
        rounds: how many times to look; without it, for ever.
        load: what loads a batch.
    """
    before: State = {}
    done: State = {}
    while rounds is None or rounds > 0:
        now = _look(paths, settings)
        ready = [path for path, state in now.items() if before.get(path) == state != done.get(path)]
        if ready:
            yield load(ready, settings)
            done |= {path: now[path] for path in ready}
        before = now
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
