"""The schema is what other people's SQL depends on: pinned, commented, and upgraded with care."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from baocao_etl.errors import BaocaoError, UsageError
from baocao_etl.warehouse import SCHEMA_VERSION, open_warehouse, schema

SNAPSHOT = Path(__file__).parent / "schema.txt"


def described(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        "SELECT table_name, column_name, data_type, CASE WHEN is_nullable THEN '' ELSE 'NOT NULL' END "
        "FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index"
    ).fetchall()
    keys = connection.execute(
        "SELECT table_name, 'PRIMARY KEY', array_to_string(constraint_column_names, ', '), '' "
        "FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' ORDER BY table_name"
    ).fetchall()
    return "".join(" ".join(map(str, row)).rstrip() + "\n" for row in [*rows, *keys])


def test_tables_columns_types_and_keys_are_pinned(connection: duckdb.DuckDBPyConnection) -> None:
    # A difference here changes other people's SQL: add a migration, then update the snapshot.
    assert described(connection) == SNAPSHOT.read_text(encoding="utf-8")


def test_every_table_and_column_says_what_it_means(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    silent = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL UNION ALL "
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL UNION ALL "
        "SELECT table_name || '.' || column_name FROM duckdb_columns() "
        "WHERE NOT internal AND comment IS NULL"
    ).fetchall()
    assert silent == []


def test_a_column_of_a_view_means_what_the_view_is_about(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = connection.execute(
        "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal"
    )
    comments = {str(name): str(comment) for name, comment in found.fetchall()}
    assert comments["v_sections.kind"] == comments["sections.kind"]
    assert comments["v_places.level"] == comments["places.level"]
    assert comments["v_figures.kind"] == comments["figures.kind"]
    for view in ("v_figures", "panel", "v_coverage", "v_findings", "v_duplicates"):
        assert comments[f"{view}.issuer"] == comments["documents.issuer"]  # not of what they cite


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    for _ in range(2):
        with open_warehouse(path) as connection:
            rows = connection.execute("SELECT version FROM schema_migrations").fetchall()
            assert rows == [(SCHEMA_VERSION,)]


def test_a_migration_runs_once_and_keeps_the_rows(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "INSERT INTO sources VALUES ('a', 'b', 1, 'text/plain', 'f', 'r', now()::TIMESTAMP)"
    )
    migrations = [
        schema.Migration(
            SCHEMA_VERSION + 1,
            "add a column",
            lambda c: c.execute("ALTER TABLE sources ADD COLUMN remark VARCHAR"),
        )
    ]
    for _ in range(2):
        schema.upgrade(connection, migrations)
    assert connection.execute("SELECT source_path, remark FROM sources").fetchall() == [("a", None)]
    assert schema.version(connection) == SCHEMA_VERSION + 1


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    def half(c: duckdb.DuckDBPyConnection) -> None:
        c.execute("ALTER TABLE sources ADD COLUMN remark VARCHAR")
        c.execute("SELECT * FROM no_such_table")

    before = described(connection)
    with pytest.raises(duckdb.Error):
        schema.upgrade(connection, [schema.Migration(SCHEMA_VERSION + 1, "half", half)])
    assert described(connection) == before
    assert schema.version(connection) == SCHEMA_VERSION


def test_a_newer_warehouse_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (999, 'future', now()::TIMESTAMP)")
    for read_only in (False, True):
        with pytest.raises(UsageError, match="999"):
            open_warehouse(path, read_only=read_only)


@pytest.mark.parametrize("read_only", [False, True])
def test_somebody_elses_database_is_left_alone(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "theirs.duckdb"
    with duckdb.connect(str(path)) as theirs:
        theirs.execute("CREATE TABLE t AS SELECT 1 AS a")
    with pytest.raises(UsageError, match="not those of a warehouse"):
        open_warehouse(path, read_only=read_only)
    with duckdb.connect(str(path)) as theirs:
        assert theirs.execute("SHOW TABLES").fetchall() == [("t",)]


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Kính gửi", encoding="utf-8")
    for target in (path, tmp_path, tmp_path / "no" / "folder.duckdb"):
        with pytest.raises(BaocaoError, match=str(target)):
            open_warehouse(target)
    assert path.read_text(encoding="utf-8") == "Kính gửi"
    with pytest.raises(UsageError, match="no warehouse"):
        open_warehouse(tmp_path / "missing.duckdb", read_only=True)
