"""The schema: `schemas/warehouse.sql` for a new file, ordered migrations for an older one.

A migration never drops what a person decided: it adds columns and tables, fills them, and is one
transaction together with its row in `schema_migrations`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.dictionaries import SCHEMAS
from baocao_etl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb


class Migration(NamedTuple):
    """One step from version `version - 1` to `version`; `apply` runs inside a transaction."""

    version: int
    name: str
    apply: Callable[[duckdb.DuckDBPyConnection], object]


# Version 1 is warehouse.sql as it was first published. A change of that file adds a line here that
# takes a file of the version before to the same tables; a test compares the two.
MIGRATIONS: tuple[Migration, ...] = ()
SCHEMA_VERSION = MIGRATIONS[-1].version if MIGRATIONS else 1


def ddl() -> str:
    """Return the statements that make an empty warehouse: tables, then views and macros."""
    return _read("warehouse.sql") + "\n" + _read("views.sql")


def _read(name: str) -> str:
    return (SCHEMAS / name).read_text(encoding="utf-8")


def version(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the schema version of the file; 0 for a file without tables.

    Raises:
        UsageError: the file is somebody else's database.
    """
    tables = {str(name) for (name,) in connection.execute("SHOW TABLES").fetchall()}
    if not tables:
        return 0
    if "schema_migrations" not in tables:
        raise UsageError(
            "The DuckDB file holds tables, but not those of a warehouse.",
            "Name another file with --db.",
        )
    row = connection.execute("SELECT max(version) FROM schema_migrations").fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def is_outdated(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the file needs `upgrade`.

    Raises:
        UsageError: the file was made by a newer version of this program, or is no warehouse.
    """
    found = version(connection)
    if found > SCHEMA_VERSION:
        raise UsageError(
            f"The warehouse has schema version {found}; this program knows up to {SCHEMA_VERSION}.",
            "Upgrade baocao-etl.",
        )
    return found < SCHEMA_VERSION


def upgrade(
    connection: duckdb.DuckDBPyConnection, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Create the tables in an empty file, or apply the migrations that an older one lacks."""
    found = version(connection)
    if found == 0:
        _step(connection, Migration(SCHEMA_VERSION, "create", _create))
        return
    for migration in migrations:
        if found < migration.version:
            _step(connection, migration)


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_read("warehouse.sql"))
    make_views(connection)


def make_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the views and macros anew; a migration that changes tables or views calls this.

    A view's column that has no comment of its own takes that of the table column of its name.
    """
    connection.execute(_read("views.sql"))
    silent = connection.execute(
        "SELECT c.table_name, c.column_name, first(t.comment ORDER BY t.table_name = 'figures' DESC) "
        "FROM duckdb_columns() c JOIN duckdb_views() v ON v.view_name = c.table_name AND NOT v.internal "
        "JOIN (SELECT * FROM duckdb_columns() WHERE comment IS NOT NULL AND NOT internal) t "
        "USING (column_name) WHERE c.comment IS NULL GROUP BY ALL"
    ).fetchall()
    for view, column, comment in silent:
        text = str(comment).replace("'", "''")
        connection.execute(f"COMMENT ON COLUMN {view}.\"{column}\" IS '{text}'")


def _step(connection: duckdb.DuckDBPyConnection, migration: Migration) -> None:
    connection.begin()
    try:
        migration.apply(connection)
        connection.execute(
            "INSERT INTO schema_migrations VALUES (?, ?, ?)",
            [migration.version, migration.name, datetime.now(UTC).replace(tzinfo=None)],
        )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
