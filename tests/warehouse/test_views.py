"""Views, macros and search: what analysts use instead of writing joins."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from baocao_etl.models import Finding
from baocao_etl.settings import Settings
from baocao_etl.warehouse import Loader
from tests.warehouse.files import Digitised

Connection = duckdb.DuckDBPyConnection


@pytest.fixture
def loaded(connection: Connection, settings: Settings, report: Digitised) -> Connection:
    """A warehouse of one report that has two findings and an indicator."""
    assert report.documents
    document = report.documents[0]
    named = {Decimal(4210): "received", Decimal(1305): "received-online"}
    figures = tuple(
        f.model_copy(update={"indicator": named.get(f.value), "confidence": 0.9})
        for f in document.figures
    )
    ids = [f.figure_id for f in figures]
    findings = (
        Finding(rule="sum", figure_ids=(ids[0], ids[1]), verdict="fails", message="no sum"),
        Finding(rule="part", figure_ids=(ids[1],), verdict="holds", message="31 %"),
    )
    changed = document.model_copy(update={"figures": figures, "findings": findings})
    with Loader(connection, settings) as loader:
        loader.add(Digitised(report.source, (changed,)).packed())
    return connection


def rows(connection: Connection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql).fetchall()


def test_v_figures_is_one_row_a_figure_with_its_document(loaded: Connection) -> None:
    assert rows(loaded, "SELECT count(*) FROM v_figures") == rows(
        loaded, "SELECT count(*) FROM figures"
    )
    found = rows(
        loaded,
        "SELECT file, document, unit, section_path, section_titles FROM v_figures WHERE value = 4210",
    )
    assert [row[:4] for row in found] == [("report.txt", "118/BC-UBND", "hồ sơ", "I.1")]
    assert str(found[0][4]).startswith("KẾT QUẢ THỰC HIỆN > Tiếp nhận và giải quyết hồ sơ")


def test_v_doubtful_begins_with_failed_checks(loaded: Connection) -> None:
    loaded.execute("UPDATE figures SET confidence = 0.1 WHERE value = 17")
    found = rows(loaded, "SELECT failed_checks, value FROM v_doubtful")
    assert [row[0] for row in found] == ["no sum", "no sum", None]
    assert found[2][1] == 17
    loaded.execute("UPDATE figures SET review = 'confirmed' WHERE value = 17")
    assert len(rows(loaded, "FROM v_doubtful")) == 2


def test_v_findings_and_v_corrections(loaded: Connection) -> None:
    found = rows(
        loaded, "SELECT rule, verdict, length(figures), file FROM v_findings ORDER BY rule"
    )
    assert found == [("part", "holds", 1, "report.txt"), ("sum", "fails", 2, "report.txt")]
    total = rows(loaded, "SELECT count(*) FROM corrections")
    assert (
        rows(loaded, "SELECT count(*) FROM v_corrections WHERE raw_context LIKE '%' || raw || '%'")
        == total
    )


def test_panel_keeps_the_surest_figure_of_an_indicator(loaded: Connection) -> None:
    loaded.execute("UPDATE figures SET indicator = 'received' WHERE value = 17")
    loaded.execute(
        "UPDATE figures SET confidence = 0.99, kind = 'count', period_from = p.period_from, "
        "period_to = p.period_to, level = p.level, place_code = p.place_code "
        "FROM (FROM figures WHERE value = 4210) p WHERE figures.value = 17"
    )
    found = rows(loaded, "SELECT indicator, value FROM panel ORDER BY indicator")
    assert found == [("received", Decimal(17)), ("received-online", Decimal(1305))]


def test_v_coverage_tells_who_did_not_report(loaded: Connection) -> None:
    loaded.execute(
        "INSERT INTO documents SELECT * REPLACE ('other' AS doc_id, 'UBND xã khác' AS issuer) "
        "FROM documents"
    )
    loaded.execute(
        "INSERT INTO figures SELECT * REPLACE ('other-f' AS figure_id, 'other' AS doc_id) "
        "FROM figures WHERE indicator = 'received'"
    )
    loaded.execute("UPDATE documents SET issuer = 'UBND huyện' WHERE doc_id <> 'other'")
    found = rows(loaded, "SELECT issuer, indicator, reported FROM v_coverage ORDER BY ALL")
    assert found == [
        ("UBND huyện", "received", True),
        ("UBND huyện", "received-online", True),
        ("UBND xã khác", "received", True),
        ("UBND xã khác", "received-online", False),
    ]


def test_bo_dau(connection: Connection) -> None:
    assert rows(connection, "SELECT bo_dau('Đường ướt ở Ủy ban xã Nghĩa Đô'), bo_dau(NULL)") == [
        ("Duong uot o Uy ban xa Nghia Do", None)
    ]


def test_names_sort_as_in_vietnamese(connection: Connection) -> None:
    names = ["Ăn", "Ân", "An", "Đông", "Dung", "Em", "Ông", "Xa"]
    found = connection.execute("SELECT unnest(?) AS name ORDER BY name COLLATE vi", [names])
    assert [row[0] for row in found.fetchall()] == [
        *("An", "Ăn", "Ân", "Dung", "Đông", "Em", "Ông", "Xa")
    ]


def test_search_without_marks_ranks_what_fits(
    loaded: Connection, settings: Settings, report: Digitised
) -> None:
    for words in ("ho so truc tuyen", "Hồ sơ trực tuyến", "HO SO TRUC TUYEN"):
        found = loaded.execute("SELECT path, file FROM search(?)", [words]).fetchall()
        # Both sections speak of online dossiers and stand before all that hold only some of the words.
        assert set(found[:2]) == {("I.1", "report.txt"), ("II", "report.txt")}
    assert rows(loaded, "FROM search('xyz qqq')") == []
    # The index follows the data.
    with Loader(loaded, settings) as loader:
        loader.add(Digitised(report.source, ()).packed())
    assert rows(loaded, "FROM search('ho so truc tuyen')") == []
    assert rows(loaded, "SELECT DISTINCT searchable FROM runs") == [(True,)]
