"""`compact`: a smaller file with all that the larger one held, or the larger one as it was."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from baocao_etl.errors import DatabaseLocked, UsageError
from baocao_etl.settings import Settings
from baocao_etl.warehouse import open_warehouse, search
from baocao_etl.warehouse.compact import compact
from baocao_etl.warehouse.load import Joined, store
from baocao_etl.warehouse.runs import Run
from baocao_etl.warehouse.upkeep import status
from tests.warehouse.files import Digitised

OWN = """
CREATE TABLE "my notes" (doc_id VARCHAR PRIMARY KEY, note VARCHAR DEFAULT 'none');
INSERT INTO "my notes" SELECT n, sha256(n::VARCHAR) FROM range(100_000) AS _(n);
DELETE FROM "my notes" WHERE doc_id <> '7';
CREATE VIEW mine AS SELECT d.number, n.note FROM documents d, "my notes" n;
"""
CONTENTS = (
    "SELECT table_name, sql, comment FROM duckdb_tables() WHERE NOT internal ORDER BY ALL",
    # Not their SQL: DuckDB writes the names of EXCLUDE in any order.
    "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY ALL",
    "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL",
    "SELECT function_name, macro_definition FROM duckdb_functions() WHERE NOT internal ORDER BY ALL",
    "SELECT table_name, constraint_text FROM duckdb_constraints() ORDER BY ALL",
)


def contents(path: Path) -> list[object]:
    """Everything in the file: how it is made, and its rows."""
    with open_warehouse(path, read_only=True) as connection:
        found: list[object] = [connection.execute(sql).fetchall() for sql in CONTENTS]
        names = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
        for schema, table in names:
            found.append(connection.execute(f'FROM "{schema}"."{table}" ORDER BY ALL').fetchall())
        search.load_extension(connection)
        found.append(connection.execute("FROM search('thanh son')").fetchall())
    return found


@pytest.fixture(scope="module")
def made(report: Digitised, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("grown") / "w.duckdb"
    with open_warehouse(path) as connection:
        run = Run.start(Settings(db=path))
        for n in range(5):
            store(connection, Joined.of([report.packed()]), run._replace(run_id=str(n)))
        search.refresh(connection)
        connection.execute(OWN)
    path.chmod(0o640)
    return path


@pytest.fixture
def grown(made: Path, tmp_path: Path) -> Path:
    """A warehouse whose document was replaced often, at a path that is no bare SQL name."""
    return Path(shutil.copy(made, tmp_path / "it's a 'file'; --.duckdb"))


def test_a_file_that_has_grown_gets_small_and_keeps_all(grown: Path) -> None:
    with open_warehouse(grown, read_only=True) as connection:
        counts = status(connection).counts
    assert counts.deleted_rows > counts.rows > 0
    before = contents(grown)
    sizes = compact(grown)
    assert sizes.after == grown.stat().st_size < 0.8 * sizes.before
    assert contents(grown) == before
    assert grown.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in grown.parent.iterdir()] == [grown.name]
    with open_warehouse(grown) as connection:
        assert status(connection).counts.deleted_rows == 0
        with pytest.raises(duckdb.ConstraintException):  # keys are still keys
            connection.execute("INSERT INTO documents FROM documents")


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.1])
def test_killed_at_any_moment_there_is_one_whole_file(grown: Path, seconds: float) -> None:
    before = contents(grown)
    code = "import sys; from baocao_etl.warehouse.compact import compact; compact(sys.argv[1])"
    copy = grown.with_name(f".{grown.name}.compacting")
    with subprocess.Popen([sys.executable, "-c", code, str(grown)]) as process:
        while process.poll() is None and not copy.exists():
            time.sleep(0.001)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
    assert contents(grown) == before
    compact(grown)  # what was left lying about is in nobody's way
    assert contents(grown) == before
    assert not copy.exists()


def test_what_cannot_be_compacted(grown: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no warehouse"):
        compact(tmp_path / "none.duckdb")
    assert not (tmp_path / "none.duckdb").exists()
    held = (
        "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", held, str(grown)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(DatabaseLocked):
            compact(grown)
        process.kill()
