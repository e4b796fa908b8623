"""Give back the room of what was replaced or forgotten.

DuckDB keeps the room of deleted rows in tables with keys, so a file grows with every version that it
has held. Copying the live rows into a new file is what its manual advises. The new file takes the
place of the old one in one step and while the old one is still locked, so whatever happens on the way
there is one whole warehouse.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from baocao_etl.errors import BaocaoError
from baocao_etl.warehouse.connection import open_warehouse
from baocao_etl.warehouse.quoting import identifier, literal

if TYPE_CHECKING:
    from collections.abc import Iterator


class Sizes(NamedTuple):
    """Bytes of the file, before and after."""

    before: int
    after: int


def compact(path: Path | str, *, lock_timeout: float = 0.0) -> Sizes:
    """Write the warehouse at `path` anew, without what was deleted; return its sizes.

    Everything in the file is kept, tables and views of the user among it. There must be room for the
    copy beside it.

    Raises:
        UsageError: there is no such warehouse.
        DatabaseLocked: another process holds it.
        BaocaoError: the copy cannot be written; the file is as it was.
    """
    open_warehouse(path, read_only=True, lock_timeout=lock_timeout).close()  # must exist
    path = Path(path).resolve()
    with (
        open_warehouse(path, lock_timeout=lock_timeout) as connection,
        _beside(path) as copy,
    ):
        try:
            connection.execute("CHECKPOINT")  # a log that is left would be taken for the new file's
            before = path.stat().st_size
            _copy(connection, copy)
            shutil.copymode(path, copy)
            _to_disk(copy)
            copy.replace(path)
            _to_disk(path.parent)
        except (duckdb.Error, OSError) as error:
            raise BaocaoError(
                f"{path} cannot be written anew: {' '.join(str(error).split())}",
                "There must be room for a copy beside it. The file holds what it held.",
            ) from error
    return Sizes(before, path.stat().st_size)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Offer the name of a file that is not there, and leave none, not even of a run that was killed."""
    copy = path.with_name(f".{path.name}.compacting")
    both = (copy, copy.with_name(f"{copy.name}.wal"))

    def remove() -> None:
        for file in both:
            file.unlink(missing_ok=True)

    remove()
    try:
        yield copy
    finally:
        remove()


def _copy(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    (here,) = connection.execute("SELECT current_database()").fetchone() or ("",)
    there = identifier(f"{here} copy")
    connection.execute(f"ATTACH {literal(target)} AS {there}")
    try:
        connection.execute(f"COPY FROM DATABASE {identifier(here)} TO {there}")
    finally:
        connection.execute(f"DETACH {there}")


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
