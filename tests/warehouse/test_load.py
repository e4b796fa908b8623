"""Loading: whole or not at all, twice the same as once, and every value as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from baocao_etl.models import Document, Figure, Source
from baocao_etl.settings import Settings
from baocao_etl.warehouse import Loader, Rejected, misfit, open_warehouse, pack_documents
from baocao_etl.warehouse.transactions import transaction
from tests.reports import content
from tests.warehouse.files import Digitised
from tests.warehouse.strategies import documents

Connection = duckdb.DuckDBPyConnection


def load(connection: Connection, settings: Settings, *files: Digitised | Rejected) -> list[str]:
    outcomes: list[str] = []
    with Loader(connection, settings, lambda result: outcomes.append(result.outcome)) as loader:
        for file in files:
            loader.add(file.packed() if isinstance(file, Digitised) else file)
    return outcomes


def named(file: Digitised, path: str, sha256: str | None = None) -> Digitised:
    """The same file under another name, or with other bytes (and other ids) too."""
    source = file.source.model_copy(update={"path": path, "sha256": sha256 or file.sha256})
    if sha256 is None:
        return file._replace(source=source)
    text = "\n".join(d.model_dump_json() for d in file.documents or ())
    old = {d.doc_id for d in file.documents or ()}
    for doc_id in old:
        text = text.replace(doc_id, f"{sha256}-{doc_id}")
    parsed = [Document.model_validate_json(line) for line in text.splitlines()]
    return Digitised(source, tuple(d.model_copy(update={"source": source}) for d in parsed))


def one(connection: Connection, sql: str) -> object:
    row = connection.execute(sql).fetchone()
    return row[0] if row else None


def test_a_report_fills_the_tables(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    assert load(connection, settings, report) == ["loaded"]
    rows = content(connection)
    document = report.documents[0] if report.documents else None
    assert document is not None
    assert len(rows["figures"]) == len(document.figures) > 5
    assert len(rows["sections"]) == len(document.sections)
    assert [row[:4] for row in rows["documents"]] == [
        (document.doc_id, report.path, report.sha256, 1)
    ]


def test_every_figure_leads_back_to_the_raw_text(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    load(connection, settings, report)
    found = connection.execute(
        "SELECT raw_text, (SELECT p.raw_text[f.raw_from + 1 : f.raw_to] FROM pages p "
        "WHERE p.doc_id = f.doc_id AND p.page = f.page) FROM figures f"
    ).fetchall()
    assert found
    assert all(raw.split() == there.split() for raw, there in found)


def test_loading_twice_changes_nothing(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    load(connection, settings, report)
    before = content(connection)
    assert load(connection, settings, report) == ["replaced"]
    assert content(connection) == before


def test_a_changed_file_replaces_its_old_version(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    load(connection, settings, report)
    changed = named(report, report.path, "f00d")
    assert load(connection, settings, changed) == ["replaced"]
    assert one(connection, "SELECT list(sha256) FROM documents") == ["f00d"]
    assert (
        one(connection, "SELECT count(*) FROM figures WHERE NOT starts_with(doc_id, 'f00d')") == 0
    )
    history = connection.execute(
        "SELECT outcome, sha256, previous_sha256 FROM run_files ORDER BY run_id, outcome"
    ).fetchall()
    assert sorted(history) == sorted(
        [("loaded", report.sha256, None), ("replaced", "f00d", report.sha256)]
    )


def test_the_same_bytes_under_two_names_are_one_document(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    twin = named(report, "/elsewhere/copy.txt")._replace(documents=None)
    assert load(connection, settings, report, twin) == ["loaded", "duplicate"]
    assert one(connection, "SELECT count(*) FROM documents") == 1
    assert one(connection, "SELECT count(*) FROM sources") == 2
    # One of the names gets other bytes: the other still holds the old ones.
    load(connection, settings, named(report, report.path, "f00d"))
    assert one(connection, "SELECT count(*) FROM documents") == 2
    load(connection, settings, named(report, twin.path, "f00d"))
    assert one(connection, "SELECT list(sha256) FROM documents") == ["f00d"]


def test_copies_that_arrive_together_are_one_document(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    """The first copy is stored, also where its rows were joined with those of a file that does not fit."""
    assert report.documents
    document = report.documents[0]
    wrong = document.model_copy(update={"figures": (*document.figures, document.figures[0])})
    bad = named(Digitised(report.source, (wrong,)), "/a.txt", "bad")
    files = (bad, named(bad, "/b.txt", "bad"), report, named(report, "/c.txt", report.sha256))
    outcomes = load(connection, settings, *files)
    assert outcomes == ["quarantined", "quarantined", "loaded", "duplicate"]
    assert one(connection, "SELECT count(*) FROM documents") == 1


def test_quarantine_and_its_cure(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    rejected = Rejected(
        report.path, report.sha256, "read", "DamagedSource", "cut off", "scan again"
    )
    assert load(connection, settings, rejected) == ["quarantined"]
    assert load(connection, settings, rejected) == ["quarantined"]
    row = connection.execute(
        "SELECT source_path, sha256, stage, error, message, remedy FROM quarantine"
    ).fetchall()
    assert row == [tuple(rejected)]
    assert load(connection, settings, report) == ["loaded"]
    assert one(connection, "SELECT count(*) FROM quarantine") == 0


def test_a_document_that_does_not_fit_is_quarantined_alone(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    assert report.documents
    document = report.documents[0]
    wrong = document.model_copy(update={"figures": (*document.figures, document.figures[0])})
    bad = named(Digitised(report.source, (wrong,)), "/b.txt", "bad")
    outcomes = load(connection, settings, named(report, "/a.txt", "a1"), bad, report)
    assert outcomes == ["loaded", "quarantined", "loaded"]
    assert one(connection, "SELECT list(source_path) FROM quarantine") == ["/b.txt"]
    assert one(connection, "SELECT stage FROM quarantine") == "load"
    assert one(connection, "SELECT count(*) FROM pages WHERE starts_with(doc_id, 'bad')") == 0


def test_a_number_that_does_not_fit_is_told_before_the_warehouse_sees_it(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    assert report.documents
    document = report.documents[0]
    figure = document.figures[0].model_copy(update={"value": Decimal("1e40")})
    with pytest.raises(ValueError, match="does not fit") as told:
        pack_documents((document.model_copy(update={"figures": (figure,)}),))
    assert load(connection, settings, misfit(report.source, told.value)) == ["quarantined"]
    assert "1E+40" in str(one(connection, "SELECT message FROM quarantine"))


def test_reviews_survive_a_reload(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    load(connection, settings, report)
    connection.execute("UPDATE figures SET review = 'confirmed' WHERE value = 4210")
    load(connection, settings, report)
    assert connection.execute(
        "SELECT value FROM figures WHERE review = 'confirmed'"
    ).fetchall() == [(Decimal(4210),)]


HOSTILE = 'x\'); DROP TABLE documents; --\x00\x1b[2J\ud800 "$1" ? {} %s'


def test_text_is_never_a_statement(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    assert report.documents
    head = report.documents[0].letterhead.model_copy(update={"subject": HOSTILE, "issuer": HOSTILE})
    hostile = report.documents[0].model_copy(update={"letterhead": head})
    name = "/reports/a'; DROP TABLE figures; --\n😀\udcff.txt"
    source = Source(path=name, sha256="ab", size=1, media_type="text/plain")
    hostile = hostile.model_copy(update={"source": source})
    assert load(connection, settings, Digitised(source, (hostile,))) == ["loaded"]
    assert one(connection, "SELECT subject FROM documents") == HOSTILE.replace("\ud800", "?")
    assert one(connection, "SELECT source_path FROM sources") == name.replace("\udcff", "\\xff")
    rejected = Rejected("'; --", None, HOSTILE, HOSTILE, HOSTILE, "")
    assert load(connection, settings, rejected) == ["quarantined"]


KILLED = """
import os, signal, sys
from pathlib import Path
from baocao_etl.settings import Settings
from baocao_etl.warehouse import Loadable, Loader, bulk, load, open_warehouse, pack_documents
from baocao_etl.models import Document

document = Document.model_validate_json(Path(sys.argv[2]).read_text())
insert = bulk.insert
def killing(connection, layout, *others, **constants):
    insert(connection, layout, *others, **constants)
    if layout.table == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
bulk.insert = load.insert = killing
settings = Settings(db=Path(sys.argv[1]), jobs=0)
with open_warehouse(settings.db) as connection, Loader(connection, settings) as loader:
    loader.add(Loadable(document.source, pack_documents((document,))))
"""


@pytest.mark.parametrize("table", ["documents", "sections", "figures", "sources", "run_files"])
def test_a_crash_in_the_middle_leaves_the_old_version_whole(
    tmp_path: Path, settings: Settings, report: Digitised, table: str
) -> None:
    with open_warehouse(settings.db) as connection:
        load(connection, settings, report)
        before = content(connection)
    assert report.documents
    changed = named(report, report.path, "f00d").documents
    assert changed
    path = tmp_path / "changed.json"
    path.write_text(changed[0].model_dump_json(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(settings.db), str(path), table],
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.returncode == -signal.SIGKILL
    with open_warehouse(settings.db) as connection:
        assert content(connection) == before
        assert load(connection, settings, Digitised(changed[0].source, changed)) == ["replaced"]
        assert one(connection, "SELECT list(sha256) FROM documents") == ["f00d"]


def test_a_commit_that_fails_tells_why(connection: Connection) -> None:
    other = connection.cursor()
    connection.execute("CREATE TABLE keyed (key INTEGER PRIMARY KEY)")

    def in_conflict() -> None:
        with transaction(connection):
            connection.execute("INSERT INTO keyed VALUES (1)")
            other.execute("INSERT INTO keyed VALUES (1)")

    with pytest.raises(duckdb.TransactionException, match="constraint"):
        in_conflict()
    with transaction(connection):  # the connection serves on
        connection.execute("INSERT INTO keyed VALUES (2)")
    assert one(connection, "SELECT list(key ORDER BY key) FROM keyed") == [1, 2]


def test_a_killed_run_is_told_from_a_finished_one(
    connection: Connection, settings: Settings, report: Digitised
) -> None:
    killed = Loader(connection, settings)
    killed.add(report.packed())
    killed.flush()
    assert one(connection, "SELECT list(status) FROM runs") == ["running"]
    load(connection, settings, named(report, "/b", "b"))
    statuses = connection.execute("SELECT status FROM runs ORDER BY started_at").fetchall()
    assert statuses == [("interrupted",), ("finished",)]


def test_a_run_without_work_leaves_no_trace(connection: Connection, settings: Settings) -> None:
    assert load(connection, settings) == []
    assert one(connection, "SELECT count(*) FROM runs") == 0


@profile(max_examples=12, suppress_health_check=list(HealthCheck))
@given(documents=st.tuples(documents("aa"), documents("bb")))
def test_documents_come_back_as_they_were(documents: tuple[Document, ...]) -> None:
    settings = Settings(db=Path(":memory:"), jobs=0)
    with open_warehouse(":memory:") as connection:
        files = [Digitised(document.source, (document,)) for document in documents]
        assert load(connection, settings, *files) == ["loaded", "loaded"]
        for document in documents:
            assert_same(connection, document)


def assert_same(connection: Connection, document: Document) -> None:
    def rows(sql: str) -> list[tuple[object, ...]]:
        return connection.execute(sql, [document.doc_id]).fetchall()

    assert rows(
        "SELECT page, width, height, text_origin, damage, raw_text, text, quality, error "
        "FROM pages WHERE doc_id = ? ORDER BY page"
    ) == [
        (
            p.number,
            p.width,
            p.height,
            p.text_origin,
            p.damage,
            p.raw_text,
            p.text,
            p.quality,
            p.error,
        )
        for p in document.pages
    ]
    placed = {"span", "box"}  # these are columns of their own
    names = [name for name in Figure.model_fields if name not in placed]
    assert rows(
        f"SELECT {', '.join(names)}, [x0, y0, x1, y1] FROM figures "  # noqa: S608
        "WHERE doc_id = ? ORDER BY figure_id"
    ) == [
        (*(getattr(f, name) for name in names), list(f.box or [None] * 4)) for f in document.figures
    ]
    assert rows(
        'SELECT page, "offset", raw, text, confidence, '
        "[(a.text, a.probability) for a in alternatives] "
        "FROM corrections WHERE doc_id = ? ORDER BY page, ordinal"
    ) == [
        (c.page, c.offset, c.raw, c.text, c.confidence, list(c.alternatives))
        for p in document.pages
        for c in p.corrections
    ]
    assert rows(
        "SELECT section_id, parent_id, ordinal, kind, label, path, title, text "
        "FROM sections WHERE doc_id = ? ORDER BY section_id"
    ) == [
        (s.section_id, s.parent_id, s.ordinal, s.kind, s.label, s.path, s.title, s.text)
        for s in document.sections
    ]
    assert rows(
        "SELECT table_id, row_index, column_index, text, is_header FROM table_cells "
        "WHERE doc_id = ? ORDER BY ALL"
    ) == [
        (t.table_id, c.row, c.column, c.text, c.is_header) for t in document.tables for c in t.cells
    ]
    head = document.letterhead
    names = ["issuer", "number", "symbol", "issued_on", "subject", "signer", "superior"]
    assert rows(
        f"SELECT {', '.join(names)}, addressees, recipients "  # noqa: S608
        "FROM documents WHERE doc_id = ?"
    ) == [(*(getattr(head, name) for name in names), list(head.addressees), list(head.recipients))]
    assert rows("SELECT rule, figures, verdict, message FROM findings WHERE doc_id = ?") == [
        (f.rule, list(f.figure_ids), f.verdict, f.message) for f in document.findings
    ]
    assert rows("SELECT type, number, issued_on, clause FROM citations WHERE doc_id = ?") == [
        (c.doc_type, c.number, c.issued_on, c.clause) for c in document.citations
    ]
    assert rows("SELECT kind, name, confidence FROM mentions WHERE doc_id = ?") == [
        (m.kind, m.name, m.confidence) for m in document.mentions
    ]
