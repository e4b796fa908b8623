"""The index of `search`: a few documents are exchanged in it, and it is as if it were built anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from baocao_etl.pipeline import digitise
from baocao_etl.settings import Settings
from baocao_etl.warehouse import Loader, search
from tests.pages import text_source
from tests.reports import REPORT
from tests.warehouse.files import Digitised

if TYPE_CHECKING:
    import duckdb

QUERIES = ("ho so truc tuyen", "máy tính", "kinh phí 640", "hồ sơ", "xyz", "đê điều", "trồng mới")
INDEX = {
    "terms": "SELECT name, fieldid, term, count(*) FROM fts_main_search_input.terms "
    "JOIN fts_main_search_input.docs USING (docid) JOIN fts_main_search_input.dict USING (termid) "
    "GROUP BY ALL ORDER BY ALL",
    "dict": "SELECT term, df FROM fts_main_search_input.dict ORDER BY ALL",
    "docs": "SELECT name, len FROM fts_main_search_input.docs WHERE len > 0 ORDER BY ALL",
    "stats": "SELECT num_docs, round(avgdl, 9) FROM fts_main_search_input.stats",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Digitised]:
    """Ten reports under names of their own, and a version of the first with other words in it."""
    folder = tmp_path_factory.mktemp("reports")
    texts = [REPORT.replace("118/BC", f"{n + 200}/BC") for n in range(10)]
    texts.append(texts[0].replace("hồ sơ trực tuyến", "km đê điều").replace("máy tính", "ao cá"))
    made = []
    for n, text in enumerate(texts):
        (folder / str(n)).mkdir()
        source = text_source(text, folder / str(n))
        made.append(Digitised(source, digitise(source, Settings(jobs=0))))
    return made


def load(connection: duckdb.DuckDBPyConnection, settings: Settings, *files: Digitised) -> None:
    with Loader(connection, settings) as loader:
        for file in files:
            loader.add(file.packed())


def found(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    """What the index holds, and what queries find."""
    rows = {name: connection.execute(sql).fetchall() for name, sql in INDEX.items()}
    for words in QUERIES:
        rows[words] = connection.execute("FROM search(?)", [words]).fetchall()
    return rows


def built_anew(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    connection.execute("DROP SCHEMA fts_main_search_input CASCADE")
    connection.execute("UPDATE runs SET searchable = false")
    search.refresh(connection)
    return found(connection)


def test_exchanged_documents_are_found_as_in_an_index_that_is_built_anew(
    connection: duckdb.DuckDBPyConnection, settings: Settings, files: list[Digitised]
) -> None:
    *ten, other = files
    other = other._replace(source=other.source.model_copy(update={"path": ten[0].path}))
    load(connection, settings, *ten[:8])
    before = found(connection)
    assert before == built_anew(connection)
    assert before["đê điều"] == []
    numbers = "SELECT count(*), max(docid) + 1 FROM fts_main_search_input.docs"
    for step in ([other], [ten[8], ten[3]]):  # a changed one; a new one, and one once more
        load(connection, settings, *step)
        exchanged, last = connection.execute(numbers).fetchall()[0]
        assert exchanged < last  # an index that was built anew has no gaps
        assert found(connection) == built_anew(connection)
    load(connection, settings, ten[9])
    assert found(connection) == built_anew(connection)
    assert len(found(connection)["đê điều"]) == 1


def test_many_new_documents_build_the_index_anew(
    connection: duckdb.DuckDBPyConnection, settings: Settings, files: list[Digitised]
) -> None:
    load(connection, settings, files[0])
    load(connection, settings, *files[1:10])
    assert found(connection) == built_anew(connection)
    assert connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE temporary"
    ).fetchone() == (0,)
