"""Many rows into a table with one statement.

DuckDB binds Python values one by one: 50,000 rows of 5 columns took 15 s as lists of values, 0.5 s
as one JSON text, and 0.15 s as an Arrow stream, so that is how rows travel. DuckDB casts text to the
type of its column and fails the statement where it does not fit; decimals travel as such, since that
cast would take five times as long as all the rest.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from baocao_etl.warehouse.arrow import Columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert `rows` (column name -> value; the same columns in each) into `table`.

    Dates and times are given as ISO text.

    Raises:
        duckdb.Error, ValueError: a value does not fit its column, or a constraint fails.
    """
    if not rows:
        return
    columns = Columns({name: [row[name] for row in rows] for name in rows[0]})
    names = ", ".join(f'"{name}"' for name in rows[0])
    values = ", ".join(f'"{n}"::JSON' if n in columns.nested else f'"{n}"' for n in rows[0])
    with _registered(connection, "incoming_rows", columns):
        connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM incoming_rows"  # noqa: S608
        )


@contextmanager
def keys(connection: duckdb.DuckDBPyConnection, values: Sequence[str]) -> Iterator[None]:
    """Offer `values` to SQL as the table `wanted_keys` with one column, `key`."""
    with _registered(connection, "wanted_keys", Columns({"key": values})):
        yield


@contextmanager
def _registered(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Columns
) -> Iterator[None]:
    connection.register(name, columns)
    try:
        yield
    finally:
        connection.unregister(name)
