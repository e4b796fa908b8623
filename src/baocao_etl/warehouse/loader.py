"""The one writer of a run: takes files as they are finished, commits them, records the run.

A thread of its own commits, so that workers need not wait for DuckDB. Files that arrive during a commit
share the next transaction, for which they are made ready meanwhile; each is whole in it or absent.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Self

import duckdb

from baocao_etl.errors import BaocaoError
from baocao_etl.warehouse import reviews, runs, search
from baocao_etl.warehouse.load import (
    Delivery,
    FileResult,
    Joined,
    Loadable,
    Rejected,
    release,
    store,
)
from baocao_etl.warehouse.rows import printable
from baocao_etl.warehouse.transactions import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence, Set
    from pathlib import Path
    from types import TracebackType

    from baocao_etl.models import Source
    from baocao_etl.settings import Settings

_PAUSE, _LONGEST_PAUSE = 0.25, 5.0  # seconds from one commit to the next, unless much is waiting
_PATIENCE = 0.05  # seconds to wait for a commit: that of a file or two is told of at once
_BATCH_FIGURES = 300_000  # held in memory at most, beside those that are being committed
# A value or a constraint is wrong: one file's fault. Anything else (disk full, file gone) is not.
_FAULTS_OF_A_FILE = (
    duckdb.DataError,
    duckdb.IntegrityError,
    duckdb.ProgrammingError,
    ValueError,
)


class Current(NamedTuple):
    """What was done before with the settings of this run, and need not be done again.

    `loaded` is path -> SHA-256; `quarantined` is path -> the reason as it is recorded.
    """

    loaded: dict[str, str]
    quarantined: dict[str, Rejected]


class Loader:
    """A context manager; leaving it commits what was taken and ends the run."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        settings: Settings,
        on_file: Callable[[FileResult], None] = lambda _: None,
    ) -> None:
        self._connection = connection.cursor()  # the writer's own: a connection serves one thread
        self._on_file = on_file
        self.run = runs.Run.start(settings)
        self._waiting: list[Delivery] = []
        self._figures = 0  # of the files that wait
        self._writer = ThreadPoolExecutor(1, "writer")
        self._commit: Future[tuple[list[FileResult], float]] | None = None
        self._next_at = 0.0  # when the files that wait shall be committed
        self._broken = False

    def __enter__(self) -> Self:
        # Workers keep the processors busy: threads of DuckDB would take them from these, and half as
        # much processor time again.
        self._connection.execute("SET threads = 1")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self._broken:
                return  # the next run marks this one as interrupted
            self.flush()
            with self._writing():
                reviews.remember(self._connection)
                runs.finish(self._connection, self.run, interrupted=kind is not None)
                self._connection.execute("RESET threads")
                if kind is None:
                    search.refresh(self._connection)
        finally:
            self._writer.shutdown()
            self._connection.close()

    def current(self) -> Current:
        """Return the files that were loaded or tried with this run's settings."""
        loaded = self._connection.execute(
            "SELECT source_path, sha256 FROM sources WHERE fingerprint = ?",
            [self.run.fingerprint],
        ).fetchall()
        rejected = self._connection.execute(
            "SELECT source_path, sha256, stage, error, message, remedy FROM quarantine "
            "WHERE fingerprint = ?",
            [self.run.fingerprint],
        ).fetchall()
        return Current(dict(loaded), {row[0]: Rejected(*row) for row in rejected})

    def add(self, delivery: Delivery) -> None:
        """Take a file; it is committed soon, and `on_file` is told once it is.

        Raises:
            BaocaoError: the database cannot be written; what was committed before is safe.
        """
        self._waiting.append(delivery)
        if isinstance(delivery, Loadable) and delivery.documents is not None:
            self._figures += delivery.documents.figures
        if self._commit is not None and self._commit.done():
            self._collect()
        due = self._commit is None and time.monotonic() >= self._next_at
        if due or self._figures > _BATCH_FIGURES:
            self._give()
            self._collect_if_done_in(_PATIENCE)

    def flush(self) -> None:
        """Commit the files taken so far.

        Raises:
            BaocaoError: the database cannot be written; what was committed before is safe.
        """
        self._give()
        self._collect()

    def release(self, roots: Sequence[Path], still: Set[str]) -> int:
        """Take files at or under `roots` out of quarantine, but those of `still`; return how many.

        They were mended, moved or removed: whoever was asked to load `roots` did not meet them.

        Raises:
            BaocaoError: the database cannot be written.
        """
        with self._writing():
            return release(self._connection, {printable(str(root)) for root in roots}, still)

    def _give(self) -> None:
        """Have the waiting files committed, after those that are being committed."""
        waiting, self._waiting, self._figures = self._waiting, [], 0
        if waiting:
            joined = Joined.of(waiting)
            self._collect()
            self._commit = self._writer.submit(_timed_store, self._connection, joined, self.run)

    def _collect_if_done_in(self, seconds: float) -> None:
        if self._commit is not None and wait([self._commit], seconds).done:
            self._collect()

    def _collect(self) -> None:
        """Wait for the commit that is under way, and tell what became of its files."""
        commit, self._commit = self._commit, None
        if commit is None:
            return
        with self._writing():
            results, seconds = commit.result()
        # A large transaction costs less a row than small ones, so heavy traffic is let gather.
        self._next_at = time.monotonic() + min(max(_PAUSE, 2 * seconds), _LONGEST_PAUSE)
        for result in results:
            self._on_file(result)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write no more to a database that cannot be written."""
        try:
            with writing():
                yield
        except BaocaoError:
            self._broken = True
            raise


def _timed_store(
    connection: duckdb.DuckDBPyConnection, joined: Joined, run: runs.Run
) -> tuple[list[FileResult], float]:
    """Return what became of the files of `joined`, and the seconds that it took."""
    started = time.monotonic()
    return _store(connection, joined, run), time.monotonic() - started


def _store(
    connection: duckdb.DuckDBPyConnection, joined: Joined, run: runs.Run
) -> list[FileResult]:
    """Store `joined`; a file that does not fit is quarantined, the others are loaded."""
    try:
        return store(connection, joined, run)
    except _FAULTS_OF_A_FILE as error:
        given = joined.given
        if len(given) > 1:  # find the one at fault
            middle = len(given) // 2
            halves = map(Joined.of, (given[:middle], given[middle:]))
            return [result for half in halves for result in _store(connection, half, run)]
        if isinstance(given[0], Rejected):
            raise
        return store(connection, Joined.of([misfit(given[0].source, error)]), run)


def misfit(source: Source, error: Exception) -> Rejected:
    """Return the rejection of a file whose documents do not fit the warehouse."""
    return Rejected(
        path=printable(source.path),
        sha256=source.sha256,
        stage="load",
        error=type(error).__name__,
        message=f"A value of the document does not fit the warehouse: {error}",
        remedy="Please report it with the file; the other files are loaded.",
    )
