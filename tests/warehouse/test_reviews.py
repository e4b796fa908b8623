"""What people decided stays with its figure, whatever id the figure has after it is read anew."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from baocao_etl.models import Figure
from baocao_etl.settings import Settings
from baocao_etl.warehouse import Loader
from baocao_etl.warehouse.query import one_document
from baocao_etl.warehouse.upkeep import forget
from tests.warehouse.files import Digitised

Connection = duckdb.DuckDBPyConnection


@pytest.fixture
def reviewed(connection: Connection, settings: Settings, report: Digitised) -> Connection:
    """A warehouse with a report; somebody confirmed 4210 and rejected 17."""
    load(connection, settings, report)
    connection.execute("UPDATE figures SET review = 'confirmed' WHERE value = 4210")
    connection.execute("UPDATE figures SET review = 'rejected' WHERE value = 17")
    return connection


def load(connection: Connection, settings: Settings, file: Digitised) -> None:
    with Loader(connection, settings) as loader:
        loader.add(file.packed())


def decided(connection: Connection) -> list[tuple[int, str]]:
    return connection.execute(
        "SELECT value::INTEGER, review FROM figures WHERE review IS NOT NULL ORDER BY value DESC"
    ).fetchall()


def waiting(connection: Connection) -> list[tuple[int, str]]:
    return connection.execute(
        "SELECT value::INTEGER, review FROM reviews WHERE figure_id IS NULL ORDER BY value DESC"
    ).fetchall()


def changed(
    report: Digitised, sha256: str | None = None, **updates: dict[str, object]
) -> Digitised:
    """The report read anew: other figure ids, `updates` (by `v` and the value) for some figures."""
    assert report.documents
    (document,) = report.documents
    figures: list[Figure] = []
    for number, figure in enumerate(document.figures[::-1]):
        update = updates.get(f"v{figure.value.normalize():f}", {})
        figures.append(
            figure.model_copy(update={"figure_id": f"{document.doc_id}-g{number}"} | update)
        )
    name = {"doc_id": sha256} if sha256 else {}
    source = report.source.model_copy(update={"sha256": sha256} if sha256 else {})
    update = {"figures": tuple(figures), "findings": (), "source": source, **name}
    if sha256:  # ids of sections are keys, too
        update |= {"sections": (), "tables": ()}
    return Digitised(source, (document.model_copy(update=update),))


def test_other_ids(reviewed: Connection, settings: Settings, report: Digitised) -> None:
    load(reviewed, settings, changed(report))
    assert decided(reviewed) == [(4210, "confirmed"), (17, "rejected")]
    assert waiting(reviewed) == []
    ids = reviewed.execute("SELECT figure_id FROM reviews").fetchall()
    assert all("-g" in name for (name,) in ids)


def test_another_place_and_a_word_repaired(
    reviewed: Connection, settings: Settings, report: Digitised
) -> None:
    moved = changed(
        report,
        v17={"sentence": "Đã lấp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng."},
    )
    reviewed.execute("UPDATE figures SET raw_from = raw_from + 7")  # as if it had stood there
    load(reviewed, settings, moved)
    assert decided(reviewed) == [(4210, "confirmed"), (17, "rejected")]


def test_a_decision_never_passes_to_another_value(
    reviewed: Connection, settings: Settings, report: Digitised
) -> None:
    load(reviewed, settings, changed(report, v4210={"value": Decimal("4.21")}))
    assert decided(reviewed) == [(17, "rejected")]
    assert waiting(reviewed) == [(4210, "confirmed")]
    # Read as before, it is found again.
    load(reviewed, settings, report)
    assert decided(reviewed) == [(4210, "confirmed"), (17, "rejected")]


def test_a_new_version_of_the_file(
    reviewed: Connection, settings: Settings, report: Digitised
) -> None:
    load(reviewed, settings, changed(report, "f00dbeef"))
    assert decided(reviewed) == [(4210, "confirmed"), (17, "rejected")]
    assert reviewed.execute("SELECT DISTINCT doc_id FROM reviews").fetchall() == [("f00dbeef",)]


def test_another_file_with_the_same_sentence_gets_nothing(
    reviewed: Connection, settings: Settings, report: Digitised
) -> None:
    other = changed(report, "f00dbeef")
    source = other.source.model_copy(update={"path": "/reports/other.txt"})
    assert other.documents
    document = other.documents[0].model_copy(update={"source": source})
    load(reviewed, settings, Digitised(source, (document,)))
    assert decided(reviewed) == [(4210, "confirmed"), (17, "rejected")]


def test_forgotten_and_loaded_again(
    reviewed: Connection, settings: Settings, report: Digitised
) -> None:
    assert report.documents
    forget(reviewed, one_document(reviewed, report.documents[0].doc_id), settings)
    assert decided(reviewed) == []
    assert waiting(reviewed) == [(4210, "confirmed"), (17, "rejected")]
    load(reviewed, settings, report)
    assert decided(reviewed) == [(4210, "confirmed"), (17, "rejected")]


def test_decisions_can_be_changed_and_withdrawn(
    reviewed: Connection, settings: Settings, report: Digitised
) -> None:
    load(reviewed, settings, report)
    reviewed.execute("UPDATE figures SET review = 'rejected' WHERE value = 4210")
    reviewed.execute("UPDATE figures SET review = NULL WHERE value = 17")
    load(reviewed, settings, changed(report))
    assert decided(reviewed) == [(4210, "rejected")]
    assert reviewed.execute("SELECT value::INTEGER, review FROM reviews").fetchall() == [
        (4210, "rejected")
    ]
