"""The state of the warehouse: what was done, what waits, and how to take a document out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.warehouse import load, search
from baocao_etl.warehouse.rows import DOCUMENT_TABLES
from baocao_etl.warehouse.runs import Run, begin, finish
from baocao_etl.warehouse.transactions import transaction, writing

if TYPE_CHECKING:
    import duckdb

    from baocao_etl.settings import Settings
    from baocao_etl.warehouse.query import Heading


class Quarantined(NamedTuple):
    """A file in quarantine."""

    source_path: str
    stage: str
    error: str
    message: str
    remedy: str
    quarantined_at: datetime


class RunRow(NamedTuple):
    """A run, with the files that it loaded (or replaced) and quarantined."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    version: str
    loaded: int
    quarantined: int


class Counts(NamedTuple):
    """What the warehouse holds.

    `duplicates`: documents loaded from several files; `lost_reviews`: decisions whose figures are gone;
    `rows` and `deleted_rows`: those of the tables of documents, and those whose room the file keeps
    although they were replaced or forgotten.
    """

    files: int
    documents: int
    pages: int
    pages_failed: int
    figures: int
    doubtful: int
    failed_checks: int
    duplicates: int
    lost_reviews: int
    rows: int
    deleted_rows: int


class Status(NamedTuple):
    """The warehouse at a glance; `runs` are the latest, newest first."""

    counts: Counts
    runs: list[RunRow]
    quarantine: list[Quarantined]


def quarantined(connection: duckdb.DuckDBPyConnection) -> list[Quarantined]:
    """Return the files in quarantine, by name."""
    rows = connection.execute(
        "SELECT source_path, stage, error, message, remedy, quarantined_at "
        "FROM quarantine ORDER BY source_path"
    ).fetchall()
    return [Quarantined(*row) for row in rows]


def status(connection: duckdb.DuckDBPyConnection) -> Status:
    """Return the counts, the ten latest runs and the quarantine."""
    counts = connection.execute(
        "SELECT (SELECT count(*) FROM sources), (SELECT count(*) FROM documents), "
        "(SELECT count(*) FROM pages), (SELECT count(error) FROM pages), "
        "(SELECT count(*) FROM figures), (SELECT count(*) FROM v_doubtful), "
        "(SELECT count(*) FROM findings WHERE verdict = 'fails'), "
        "(SELECT count(*) FROM v_duplicates), "
        "(SELECT count(*) FROM reviews WHERE figure_id IS NULL)"
    ).fetchall()
    rows = connection.execute(
        "SELECT r.run_id, started_at, finished_at, status, version, "
        "count(*) FILTER (outcome IN ('loaded', 'replaced', 'duplicate')), "
        "count(*) FILTER (outcome = 'quarantined') "
        "FROM runs r LEFT JOIN run_files USING (run_id) GROUP BY ALL "
        "ORDER BY started_at DESC LIMIT 10"
    ).fetchall()
    latest = [RunRow(*row) for row in rows]
    kept = [*counts[0], *_rows(connection)]
    return Status(Counts(*kept), latest, quarantined(connection))


def _rows(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Return the rows of documents, and how many deleted ones have room in the file."""
    live = 0
    for table in DOCUMENT_TABLES:
        live += connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]  # noqa: S608
    room = connection.execute(
        "SELECT sum(estimated_size)::BIGINT FROM duckdb_tables() "
        "WHERE schema_name = 'main' AND list_contains(?, table_name)",
        [list(DOCUMENT_TABLES)],
    ).fetchall()[0][0]
    return live, room - live


def forget(
    connection: duckdb.DuckDBPyConnection, document: Heading, settings: Settings
) -> list[str]:
    """Take the file of `document` out, with all its documents and names; return its names.

    Raises:
        BaocaoError: the database cannot be written.
    """
    run = Run.start(settings)
    with writing():
        with transaction(connection):
            begin(connection, run)
            paths = load.forget(connection, document.doc_id, run)
            finish(connection, run)
        search.refresh(connection)
    return paths
