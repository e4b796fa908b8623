"""The one writer of a run: takes files as they are finished, commits them, records the run.

Files that arrive faster than DuckDB commits share a transaction; each is whole in it or absent.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Self

import duckdb

from baocao_etl.errors import BaocaoError
from baocao_etl.warehouse import runs, search
from baocao_etl.warehouse.load import Delivery, FileResult, Rejected, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from baocao_etl.settings import Settings

_BATCH_SECONDS = 0.25
_BATCH_FILES = 500
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
        self._connection = connection
        self._on_file = on_file
        self.run = runs.Run.start(settings)
        self._waiting: list[Delivery] = []
        self._committed_at = 0.0
        self._pause = 0.0
        self._broken = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._broken:
            return  # the next run marks this one as interrupted
        self.flush()
        with self._writing():
            runs.finish(self._connection, self.run, interrupted=kind is not None)
            if kind is None:
                search.refresh(self._connection)

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
        early = time.monotonic() - self._committed_at < self._pause
        if not early or len(self._waiting) >= _BATCH_FILES:
            self.flush()

    def flush(self) -> None:
        """Commit the files taken so far.

        Raises:
            BaocaoError: the database cannot be written; what was committed before is safe.
        """
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        started = time.monotonic()
        with self._writing():
            results = self._commit(waiting)
        self._committed_at = time.monotonic()
        self._pause = max(_BATCH_SECONDS, self._committed_at - started)
        for result in results:
            self._on_file(result)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Tell the user of a database that cannot be written, and write no more."""
        try:
            yield
        except duckdb.Error as error:
            self._broken = True
            raise BaocaoError(
                f"The database cannot be written: {error}",
                "Check the disk and the file, then run the same command again: it goes on "
                "where this one stopped.",
            ) from error

    def _commit(self, deliveries: list[Delivery]) -> list[FileResult]:
        try:
            return store(self._connection, deliveries, self.run)
        except _FAULTS_OF_A_FILE as error:
            if len(deliveries) > 1:  # find the one at fault; the others are loaded
                return [result for d in deliveries for result in self._commit([d])]
            if isinstance(deliveries[0], Rejected):
                raise
            return store(self._connection, [_rejected(deliveries[0], error)], self.run)


def _rejected(delivery: Delivery, error: Exception) -> Rejected:
    return Rejected(
        path=delivery.path,
        sha256=delivery.sha256,
        stage="load",
        error=type(error).__name__,
        message=f"A value of the document does not fit the warehouse: {error}",
        remedy="Please report it with the file; the other files are loaded.",
    )
