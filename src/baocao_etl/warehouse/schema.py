"""The schema: `schemas/warehouse.sql` for a new file, ordered migrations for an older one.

A migration never drops what a person decided: it adds columns and tables and fills them. Those that a
file lacks are one transaction, together with their rows in `schema_migrations`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.dictionaries import SCHEMAS
from baocao_etl.errors import UsageError
from baocao_etl.warehouse import reviews
from baocao_etl.warehouse.quoting import identifier, literal
from baocao_etl.warehouse.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb


class Migration(NamedTuple):
    """A step from the version before to `version`; `apply` runs inside a transaction."""

    version: int
    name: str
    apply: Callable[[duckdb.DuckDBPyConnection], object]


def _create_table(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create a table of warehouse.sql that older files lack.

    A later migration that adds a column to it says IF NOT EXISTS: this makes it as it is today.
    """
    about = (f"CREATE TABLE {name} ", f"COMMENT ON TABLE {name} ", f"COMMENT ON COLUMN {name}.")
    statements = (statement.strip() for statement in _read("warehouse.sql").split(";\n"))
    connection.execute(";\n".join(s for s in statements if s.startswith(about)))


def _add_column(connection: duckdb.DuckDBPyConnection, table: str, column: str, kind: str) -> None:
    """Add the column that warehouse.sql has at the end of a table, with its comment."""
    connection.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} {kind}")
    about = f"COMMENT ON COLUMN {table}.{column} "
    statements = (statement.strip() for statement in _read("warehouse.sql").split(";\n"))
    connection.execute(next(s for s in statements if s.startswith(about)))


def _add_reviews(connection: duckdb.DuckDBPyConnection) -> None:
    _create_table(connection, "reviews")
    reviews.remember(connection)


def _add_names(connection: duckdb.DuckDBPyConnection) -> None:
    _create_table(connection, "places")  # both are filled by the next run of ingest
    _create_table(connection, "indicators")


def _add_quoted(connection: duckdb.DuckDBPyConnection) -> None:
    _add_column(connection, "figures", "quoted_from", "VARCHAR")


def _add_text(connection: duckdb.DuckDBPyConnection) -> None:
    _add_column(connection, "citations", "text", "VARCHAR")


def _views_alone(connection: duckdb.DuckDBPyConnection) -> None:
    del connection  # an upgrade ends with making them anew


# Version 1 is warehouse.sql as it was first published. A change of that file adds a line here that
# takes a file of the version before to the same tables; a test compares the two.
MIGRATIONS = (
    Migration(2, "keep what people decided in reviews", _add_reviews),
    Migration(3, "names of places and indicators", _add_names),
    Migration(4, "whom a figure is quoted from", _add_quoted),
    Migration(5, "citations as repaired; totals in panel", _add_text),
    Migration(6, "period and document in panel, period in v_figures", _views_alone),
)
SCHEMA_VERSION = MIGRATIONS[-1].version


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
    """Create the tables in an empty file, or apply the migrations that an older one lacks.

    Either all of it is done or nothing.
    """
    found = version(connection)
    missing = [migration for migration in migrations if found < migration.version]
    with transaction(connection):
        if found == 0:
            connection.execute(_read("warehouse.sql"))
            _record(connection, SCHEMA_VERSION, "create")
        else:
            for migration in missing:
                migration.apply(connection)
                _record(connection, migration.version, migration.name)
        make_views(connection)


def _record(connection: duckdb.DuckDBPyConnection, number: int, name: str) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    connection.execute("INSERT INTO schema_migrations VALUES (?, ?, ?)", [number, name, now])


def make_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the views and macros anew, as an upgrade ends.

    A view's column that has no comment of its own takes that of the table column of its name: of the
    table that the view is called after (v_sections), of figures, of documents, or of another.
    """
    connection.execute(_read("views.sql"))
    silent = connection.execute(
        "SELECT c.table_name, c.column_name, first(t.comment ORDER BY "
        "c.table_name = 'v_' || t.table_name DESC, t.table_name = 'figures' DESC, "
        "t.table_name = 'documents' DESC, t.table_name) "
        "FROM duckdb_columns() c JOIN duckdb_views() v ON v.view_name = c.table_name AND NOT v.internal "
        "JOIN (SELECT * FROM duckdb_columns() WHERE comment IS NOT NULL AND NOT internal) t "
        "USING (column_name) WHERE c.comment IS NULL GROUP BY ALL"
    ).fetchall()
    for view, column, comment in silent:
        name = f"{identifier(view)}.{identifier(column)}"
        connection.execute(f"COMMENT ON COLUMN {name} IS {literal(comment)}")
