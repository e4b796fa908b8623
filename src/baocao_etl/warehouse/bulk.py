"""Many rows into a table with one statement.

DuckDB binds Python values one by one: 50,000 rows of 5 columns took 15 s as lists of values, 0.5 s
as one JSON text, and 0.15 s as an Arrow stream, so that is how rows travel. DuckDB casts text to the
type of its column and fails the statement where it does not fit; numbers, dates and decimals travel as
such, since casting text to them takes longer than all the rest.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from baocao_etl.warehouse.packing import Layout, join, pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb

    from baocao_etl.warehouse.arrow import Columns

_KEYS = Layout("wanted_keys", texts=("key",))


def insert(
    connection: duckdb.DuckDBPyConnection, layout: Layout, columns: Columns, **constants: str
) -> None:
    """Insert `columns`, as `join` makes them, into the table of `layout`.

    `constants` are columns that have the same value in all rows. Times are given as ISO text.

    Raises:
        duckdb.Error: a value does not fit its column, or a constraint fails.
    """
    names = ", ".join(f'"{name}"' for name in (*layout.columns, *constants))
    values = ", ".join(
        [
            *(f'"{n}"::JSON' if n in layout.nested else f'"{n}"' for n in layout.columns),
            *("?" for _ in constants),
        ]
    )
    with _registered(connection, "incoming_rows", columns):
        connection.execute(
            f"INSERT INTO {layout.table} ({names}) SELECT {values} FROM incoming_rows",  # noqa: S608
            list(constants.values()),
        )


def insert_rows(
    connection: duckdb.DuckDBPyConnection, layout: Layout, rows: Iterable[tuple[Any, ...]]
) -> None:
    """Insert rows, whose values are in the order of `layout`; as `insert` does columns."""
    for _, columns in join((layout,), [pack([(layout, list(zip(*rows, strict=True)))])]):
        insert(connection, layout, columns)


@contextmanager
def keys(connection: duckdb.DuckDBPyConnection, values: Sequence[str]) -> Iterator[None]:
    """Offer `values` (at least one) to SQL as the table `wanted_keys` with one column, `key`."""
    [(_, columns)] = join((_KEYS,), [pack([(_KEYS, [values])])])
    with _registered(connection, _KEYS.table, columns):
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
