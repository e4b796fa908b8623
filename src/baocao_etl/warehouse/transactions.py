"""Statements that stand or fall together, and a database that takes none."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import duckdb

from baocao_etl.errors import BaocaoError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what is done inside, all of it, or nothing when an error leaves it."""
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        with suppress(duckdb.TransactionException):  # a commit that fails has ended it already
            connection.rollback()
        raise


@contextmanager
def writing() -> Iterator[None]:
    """Tell the user of a database that cannot be written.

    Raises:
        BaocaoError: instead of an error of DuckDB.
    """
    try:
        yield
    except duckdb.Error as error:
        raise BaocaoError(
            f"The database cannot be written: {error}",
            "Check the disk, the file and its folder, then run the same command again: it goes on "
            "where this one stopped.",
        ) from error
