"""SQL of the user's own: it sees the warehouse, and nothing beside it unless told."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from baocao_etl.errors import UsageError
from baocao_etl.settings import Settings
from baocao_etl.warehouse import Loader, open_warehouse
from baocao_etl.warehouse.query import query, query_to_parquet
from tests.warehouse.files import Digitised


@pytest.fixture
def reader(settings: Settings, report: Digitised) -> duckdb.DuckDBPyConnection:
    with open_warehouse(settings.db) as connection, Loader(connection, settings) as loader:
        loader.add(report.packed())
    return open_warehouse(settings.db, read_only=True)


def test_other_files_are_out_of_reach(reader: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    for sql in (
        f"FROM '{secret}'",
        f"FROM read_text('{secret}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'made.csv'}'",
        f"ATTACH '{tmp_path / 'other.duckdb'}'",
    ):
        with pytest.raises(UsageError) as told:
            query(reader, sql)
        assert "--write" in told.value.remedy, sql
    with pytest.raises(UsageError):
        query(reader, "SET enable_external_access = true")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv", "w.duckdb"]
    # Search needs its extension, which was loaded before the doors closed.
    found = query(reader, "SELECT path FROM search('ho so truc tuyen') LIMIT 2").rows
    assert set(found) == {("I.1",), ("II",)}
    assert len(query(reader, "FROM figures").rows) == 7


def test_other_files_when_told(reader: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a\n1\n", encoding="utf-8")
    assert query(reader, f"FROM '{tmp_path / 'own.csv'}'", other_files=True).rows == [(1,)]


def test_the_file_asked_for_is_written(reader: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    target = tmp_path / "o'ut.parquet"
    query_to_parquet(reader, "SELECT value FROM figures;", target)
    with duckdb.connect() as connection:
        assert connection.execute(
            "SELECT count(*) FROM read_parquet(?)", [str(target)]
        ).fetchone() == (7,)
    with pytest.raises(UsageError):
        query_to_parquet(reader, "SELECT 1", tmp_path / "another.parquet")
