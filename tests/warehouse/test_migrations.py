"""A warehouse that an earlier version made opens, is brought up to date, and keeps its decisions.

`old/` holds the tables as version 1 made them, and the rows of a report that it loaded.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from baocao_etl.settings import Settings
from baocao_etl.warehouse import SCHEMA_VERSION, Loader, open_warehouse, schema
from tests.warehouse.files import Digitised
from tests.warehouse.test_schema import described

OLD = Path(__file__).parent / "old"


@pytest.fixture
def old(settings: Settings) -> Path:
    """A file of version 1 with a report, one of whose figures somebody confirmed."""
    with duckdb.connect(str(settings.db)) as connection:
        for part in ("version1.sql", "version1_views.sql", "version1_rows.sql"):
            connection.execute((OLD / part).read_text(encoding="utf-8"))
    return settings.db


def comments(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal "
        "AND table_name IN ('reviews', 'places', 'indicators', 'panel', 'v_figures') ORDER BY ALL"
    ).fetchall()


def test_every_version_ends_with_the_same_schema(old: Path, tmp_path: Path) -> None:
    with open_warehouse(old) as upgraded, open_warehouse(tmp_path / "new.duckdb") as new:
        assert described(upgraded) == described(new)
        assert comments(upgraded) == comments(new)


@pytest.mark.parametrize("version", [m.version for m in schema.MIGRATIONS[:-1]])
def test_a_file_of_any_version_between_is_upgraded_too(
    old: Path, tmp_path: Path, version: int
) -> None:
    with duckdb.connect(str(old)) as connection:
        for migration in schema.MIGRATIONS:
            if migration.version <= version:
                migration.apply(connection)
                connection.execute(
                    "INSERT INTO schema_migrations VALUES (?, ?, now()::TIMESTAMP)", migration[:2]
                )
    with open_warehouse(old) as upgraded, open_warehouse(tmp_path / "new.duckdb") as new:
        assert described(upgraded) == described(new)
        assert comments(upgraded) == comments(new)
        found = upgraded.execute(
            "SELECT review FROM reviews JOIN figures USING (figure_id, review)"
        )
        assert found.fetchall() == [("confirmed",)]


def test_the_steps_are_recorded_in_order_and_done_once(old: Path) -> None:
    for _ in range(2):
        with open_warehouse(old) as connection:
            found = connection.execute(
                "SELECT version, name FROM schema_migrations ORDER BY version"
            ).fetchall()
            assert found == [(1, "create"), *((m.version, m.name) for m in schema.MIGRATIONS)]
            assert schema.version(connection) == SCHEMA_VERSION


def test_a_reader_upgrades_too(old: Path) -> None:
    with open_warehouse(old, read_only=True) as connection:
        assert schema.version(connection) == SCHEMA_VERSION
        assert connection.execute("SELECT count(*) FROM v_figures").fetchone() == (7,)


def test_a_decision_survives_the_upgrade_and_reading_anew(
    old: Path, settings: Settings, report: Digitised
) -> None:
    with open_warehouse(old) as connection:
        found = connection.execute("SELECT figure_id, value, review FROM reviews").fetchall()
        assert [(int(value), review) for _, value, review in found] == [(4210, "confirmed")]
        source = report.source.model_copy(update={"path": "/reports/report.txt"})
        with Loader(connection, settings) as loader:
            loader.add(report._replace(source=source).packed())
        assert connection.execute(
            "SELECT value::INTEGER FROM figures WHERE review = 'confirmed'"
        ).fetchall() == [(4210,)]
