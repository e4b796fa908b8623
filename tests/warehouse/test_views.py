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


@pytest.mark.parametrize("misread", [4210, 1305])
def test_v_doubtful_begins_with_the_figure_that_a_slip_would_explain(
    loaded: Connection, misread: int
) -> None:
    loaded.execute(
        "UPDATE findings SET message = ? WHERE verdict = 'fails'",
        [f"4210 + 5 = 4215, not 1305; {misread} may be a misread 9 (8 for 9)."],
    )
    assert rows(loaded, "SELECT value FROM v_doubtful LIMIT 1") == [(Decimal(misread),)]


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


def same_as_received(connection: Connection, kind: str, confidence: float) -> None:
    """Make the figure 17 state what 4210 states, as `kind`, with `confidence`."""
    connection.execute("UPDATE figures SET indicator = 'received' WHERE value = 17")
    connection.execute(
        f"UPDATE figures SET confidence = {confidence}, kind = '{kind}', period_from = p.period_from, "  # noqa: S608
        "period_to = p.period_to, level = p.level, place_code = p.place_code "
        "FROM (FROM figures WHERE value = 4210) p WHERE figures.value = 17"
    )
    connection.execute(f"UPDATE figures SET kind = '{kind}' WHERE value = 4210")  # noqa: S608


def test_panel_shows_a_total_not_its_parts(loaded: Connection) -> None:
    same_as_received(loaded, "count", 0.99)
    query = "SELECT value FROM panel WHERE indicator = 'received'"
    assert rows(loaded, query) == [(Decimal(4210),)]
    loaded.execute("UPDATE figures SET confidence = 0.4 WHERE value = 4210")
    assert rows(loaded, query) == [(Decimal(17),)]  # unless it is very doubtful


def test_panel_keeps_the_surest_of_other_figures(loaded: Connection) -> None:
    same_as_received(loaded, "quantity", 0.99)
    query = "SELECT value FROM panel WHERE indicator = 'received'"
    assert rows(loaded, query) == [(Decimal(17),)]


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2019-01-01", "2019-12-31", "2019"),
        ("2015-01-01", "2018-12-31", "2015/2018"),
        ("2019-01-01", "2019-06-30", "2019-H1"),
        ("2019-07-01", "2019-12-31", "2019-H2"),
        ("2019-07-01", "2019-09-30", "2019-Q3"),
        ("2019-10-01", "2019-12-31", "2019-Q4"),
        ("2020-02-01", "2020-02-29", "2020-02"),
        ("2019-12-01", "2019-12-31", "2019-12"),
        ("2019-02-01", "2019-04-30", "2019-02/2019-04"),
        ("2019-01-01", "2019-09-30", "2019-01/2019-09"),
        ("2019-10-01", "2020-03-31", "2019-10/2020-03"),
        ("2021-09-01", "2022-08-31", "2021-09/2022-08"),
        ("2020-01-01", "2020-10-28", "2020-01-01/2020-10-28"),
        ("2019-12-15", "2019-12-31", "2019-12-15/2019-12-31"),
        ("2019-12-31", "2019-12-31", "2019-12-31"),
        ("2019-12-01", "2019-12-01", "2019-12-01"),
        (None, "2019-12-31", "../2019-12-31"),
        ("2019-01-01", None, "2019-01-01/.."),
        (None, None, None),
    ],
)
def test_a_period_has_a_short_name(
    connection: Connection, first: str | None, last: str | None, name: str | None
) -> None:
    found = connection.execute("SELECT period_name(?::DATE, ?::DATE)", [first, last]).fetchall()
    assert found == [(name,)]


def test_panel_names_the_period_and_the_document(loaded: Connection) -> None:
    loaded.execute("UPDATE figures SET period_from = '2021-07-01', period_to = '2021-09-30'")
    query = "SELECT period, document FROM panel WHERE value = 4210"
    assert rows(loaded, query) == [("2021-Q3", "118/BC-UBND")]
    assert rows(loaded, "SELECT DISTINCT period FROM v_figures") == [("2021-Q3",)]
    loaded.execute("UPDATE documents SET number = NULL")  # its symbol alone names many documents
    assert rows(loaded, query) == [("2021-Q3", "report.txt")]


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


def test_views_name_places_and_indicators(loaded: Connection) -> None:
    loaded.execute(
        "INSERT INTO indicators (indicator, name) VALUES ('received', 'Hồ sơ tiếp nhận')"
    )
    code = "(SELECT code FROM places WHERE name = 'Đông Sơn' AND type = 'huyện')"
    loaded.execute(f"UPDATE figures SET place_code = {code} WHERE value = 4210")  # noqa: S608
    named = [("huyện Đông Sơn", "Hồ sơ tiếp nhận")]
    for view in ("panel", "v_figures"):
        assert rows(loaded, f"SELECT place, indicator_name FROM {view} WHERE value = 4210") == named  # noqa: S608
    found = rows(loaded, "SELECT DISTINCT indicator_name FROM v_coverage ORDER BY ALL")
    assert found == [("Hồ sơ tiếp nhận",), (None,)]
    # One row a figure, whatever the codes were used for.
    for view in ("panel", "v_figures"):
        (count,) = rows(loaded, f"SELECT count(*) - count(DISTINCT figure_id) FROM {view}")  # noqa: S608
        assert count == (0,), view


def test_a_code_names_the_place_of_its_day(loaded: Connection) -> None:
    loaded.execute(
        "INSERT INTO places VALUES ('x1', 'Cũ', 'xã', 'commune', NULL, NULL, '2025-06-30'), "
        "('x1', 'Mới', 'xã', 'commune', NULL, '2025-07-01', NULL)"
    )
    names = {
        day: rows(loaded, f"SELECT name FROM v_places WHERE code = 'x1' AND DATE '{day}' "  # noqa: S608
                  "BETWEEN first_day AND last_day")
        for day in ("1990-01-01", "2025-06-30", "2025-07-01", "2031-01-01")
    }  # fmt: skip
    assert [name for ((name,),) in names.values()] == ["Cũ", "Cũ", "Mới", "Mới"]
    overlapping = rows(
        loaded,
        "SELECT a.code FROM v_places a JOIN v_places b ON a.code = b.code AND a.name < b.name "
        "AND a.first_day <= b.last_day AND b.first_day <= a.last_day",
    )
    assert overlapping == []


def test_v_duplicates_are_other_bytes_with_the_same_number(loaded: Connection) -> None:
    assert rows(loaded, "FROM v_duplicates") == []
    copy = "INSERT INTO documents SELECT * REPLACE ({}) FROM documents WHERE sha256 <> 'f00d'"
    # The next year's report, and a second document of the same file, are none.
    loaded.execute(
        copy.format("'next' AS doc_id, 'beef' AS sha256, DATE '2022-11-12' AS issued_on")
    )
    loaded.execute("UPDATE documents SET sha256 = 'f00d' WHERE doc_id = 'next'")
    assert rows(loaded, "FROM v_duplicates") == []
    loaded.execute(
        copy.format("'scan' AS doc_id, 'cafe' AS sha256, '/reports/scan.pdf' AS source_path, "
                    "upper(issuer) AS issuer")
    )  # fmt: skip
    found = rows(
        loaded, "SELECT document, year, copies, list_contains(doc_ids, 'scan') FROM v_duplicates"
    )
    assert found == [("118/BC-UBND", 2021, 2, True)]


def test_tones_sort_in_their_order(connection: Connection) -> None:
    # ngang, huyền, hỏi, ngã, sắc, nặng (the order of Vietnamese dictionaries); Đ after all of D
    names = ["Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Dạ", "Dương", "Đa", "Đương"]
    found = connection.execute("SELECT unnest(?) AS name ORDER BY name COLLATE vi", [names[::-1]])
    assert [row[0] for row in found.fetchall()] == names


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
