"""Store files: each of them whole or not at all.

A file's documents replace whatever its bytes, or the earlier bytes under its name, had become. Text
from documents is only ever data, never part of a statement.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, NamedTuple

from baocao_etl.warehouse import reviews, runs
from baocao_etl.warehouse.bulk import insert, insert_rows, keys
from baocao_etl.warehouse.packing import Layout, join
from baocao_etl.warehouse.rows import DOCUMENT_LAYOUTS, DOCUMENT_TABLES, Packed, printable
from baocao_etl.warehouse.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set

    import duckdb

    from baocao_etl.models import Source
    from baocao_etl.warehouse.arrow import Columns
    from baocao_etl.warehouse.packing import Block
    from baocao_etl.warehouse.runs import Run

FileOutcome = Literal[
    "loaded",
    "replaced",
    "duplicate",
    "quarantined",
    "unchanged",
    "still_quarantined",
    "forgotten",
]


class Rejected(NamedTuple):
    """Why a file cannot be loaded; `sha256` is None where its bytes could not be identified.

    `path` is the name of the file as the warehouse stores it (`printable`).
    """

    path: str
    sha256: str | None
    stage: str
    error: str
    message: str
    remedy: str


class Loadable(NamedTuple):
    """A file and its documents; None for bytes that are loaded already, under another name."""

    source: Source
    documents: Packed | None
    seconds: float = 0.0

    @property
    def path(self) -> str:
        """Name of the file, as the warehouse stores it."""
        return printable(self.source.path)

    @property
    def sha256(self) -> str:
        """SHA-256 of the file."""
        return self.source.sha256


Delivery = Loadable | Rejected


class FileResult(NamedTuple):
    """What the warehouse did with one file.

    `quality` is the lowest of its documents. `duplicate`: its bytes are loaded under another name;
    `unchanged` and `still_quarantined`: the same bytes were loaded or tried before, with the same
    settings, so nothing was done.
    """

    path: str
    sha256: str | None
    outcome: FileOutcome
    previous_sha256: str | None = None
    documents: int = 0
    pages: int = 0
    pages_ocr: int = 0
    pages_failed: int = 0
    figures: int = 0
    corrections: int = 0
    failed_checks: int = 0
    quality: float = 1.0
    seconds: float = 0.0
    rejected: Rejected | None = None


class Joined(NamedTuple):
    """Files that are stored together, as given and as stored, and the rows of their documents.

    Of several files with the same bytes only the first is stored with its documents.
    """

    given: Sequence[Delivery]
    deliveries: Sequence[Delivery]
    tables: Sequence[tuple[Layout, Columns]]

    @classmethod
    def of(cls, deliveries: Sequence[Delivery]) -> Joined:
        """Join the documents of `deliveries`, which asks nothing of the database."""
        seen: set[str] = set()
        found: list[Delivery] = []
        blocks: list[Block] = []
        for delivery in deliveries:
            if isinstance(delivery, Loadable) and delivery.documents is not None:
                if delivery.sha256 in seen:
                    found.append(delivery._replace(documents=None))
                    continue
                seen.add(delivery.sha256)
                blocks += delivery.documents.blocks
            found.append(delivery)
        return cls(deliveries, found, list(join(DOCUMENT_LAYOUTS, blocks)))


def store(connection: duckdb.DuckDBPyConnection, joined: Joined, run: Run) -> list[FileResult]:
    """Store the files of `joined` in one transaction and return what became of each.

    Raises:
        duckdb.Error: nothing was stored.
    """
    with transaction(connection):
        runs.begin(connection, run)
        return _store(connection, joined, run)


def release(connection: duckdb.DuckDBPyConnection, roots: Set[str], still: Set[str]) -> int:
    """Take what is at or under `roots` out of quarantine, but the files of `still`; return how many."""
    names = connection.execute("SELECT source_path FROM quarantine").fetchall()
    gone = [name for (name,) in names if name not in still and _is_under(name, roots)]
    _delete(connection, "quarantine", "source_path", gone)
    return len(gone)


def _is_under(name: str, roots: Set[str]) -> bool:
    return any(str(path) in roots for path in (PurePath(name), *PurePath(name).parents))


def forget(connection: duckdb.DuckDBPyConnection, doc_id: str, run: Run) -> list[str]:
    """Delete the file that holds document `doc_id`, within a transaction; return its names.

    What people decided about its figures stays in `reviews` and waits, should it be loaded again.
    """
    rows = connection.execute(
        "SELECT s.source_path, s.sha256 FROM sources s JOIN documents d USING (sha256) "
        "WHERE d.doc_id = ? ORDER BY s.source_path",
        [doc_id],
    ).fetchall()
    paths = [str(path) for path, _ in rows]
    _drop(connection, [str(sha256) for _, sha256 in rows])
    _delete(connection, "sources", "source_path", paths)
    history = [FileResult(path, sha256, "forgotten", sha256) for path, sha256 in rows]
    _record(connection, history, run)
    return paths


def _store(connection: duckdb.DuckDBPyConnection, joined: Joined, run: Run) -> list[FileResult]:
    deliveries = joined.deliveries
    good = [d for d in deliveries if isinstance(d, Loadable)]
    bad = [d for d in deliveries if isinstance(d, Rejected)]
    before = _loaded_under(connection, [d.path for d in good])
    fresh = [d.sha256 for d in good if d.documents is not None]
    _drop(connection, [*fresh, *_orphans(connection, good, before)])
    _delete(connection, "sources", "source_path", list(before))
    _delete(connection, "quarantine", "source_path", [d.path for d in deliveries])
    now = runs.utc_now().isoformat()
    told = {"run_id": run.run_id, "ingested_at": now}
    for layout, columns in joined.tables:
        insert(connection, layout, columns, **(told if layout.table == "documents" else {}))
    reviews.restore(connection)
    insert_rows(connection, _SOURCES, (_source_row(d, run, now) for d in good))
    insert_rows(connection, _QUARANTINE, (_quarantine_row(d, run, now) for d in bad))
    results = [*(_loaded(d, before.get(d.path)) for d in good), *map(_quarantined, bad)]
    _record(connection, results, run)
    order = {d.path: i for i, d in enumerate(deliveries)}
    return sorted(results, key=lambda result: order[result.path])


def _loaded_under(connection: duckdb.DuckDBPyConnection, paths: list[str]) -> dict[str, str]:
    """Return path -> SHA-256 of the bytes that are loaded under each of `paths`."""
    if not paths:
        return {}
    with keys(connection, paths):
        rows = connection.execute(
            "SELECT source_path, sha256 FROM sources WHERE source_path IN (FROM wanted_keys)"
        ).fetchall()
    return dict(rows)


def _orphans(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Loadable], before: dict[str, str]
) -> list[str]:
    """Return the hashes of earlier versions of `files` that no other file holds."""
    old = set(before.values()) - {file.sha256 for file in files}
    if not old:
        return []
    with keys(connection, list(old)):
        rows = connection.execute(
            "SELECT sha256, source_path FROM sources WHERE sha256 IN (FROM wanted_keys)"
        ).fetchall()
    return list(old - {str(sha256) for sha256, path in rows if path not in before})


def _drop(connection: duckdb.DuckDBPyConnection, hashes: list[str]) -> None:
    """Delete the documents of the files with these hashes; what people decided is remembered."""
    if not hashes:
        return
    with keys(connection, hashes):
        rows = connection.execute(
            "SELECT doc_id FROM documents WHERE sha256 IN (FROM wanted_keys)"
        ).fetchall()
    doc_ids = [str(doc_id) for (doc_id,) in rows]
    if not doc_ids:
        return
    reviews.remember(connection)
    for table in DOCUMENT_TABLES:
        _delete(connection, table, "doc_id", doc_ids)
    reviews.release(connection)


def _delete(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, values: list[str]
) -> None:
    if not values:
        return
    with keys(connection, values):
        connection.execute(
            f"DELETE FROM {table} WHERE {column} IN (FROM wanted_keys)"  # noqa: S608 - our names
        )


_SOURCES = Layout(
    "sources",
    texts=("source_path", "sha256", "media_type", "fingerprint", "run_id", "loaded_at"),
    integers=("size",),
)


def _source_row(file: Loadable, run: Run, now: str) -> tuple[object, ...]:
    source = file.source
    names = (file.path, source.sha256, source.media_type)
    return *names, run.fingerprint, run.run_id, now, source.size


_QUARANTINE = Layout(
    "quarantine",
    texts=(
        *("source_path", "sha256", "stage", "error", "message", "remedy"),
        *("run_id", "quarantined_at", "fingerprint"),
    ),
)


def _quarantine_row(rejected: Rejected, run: Run, now: str) -> tuple[object, ...]:
    return *rejected, run.run_id, now, run.fingerprint


_RUN_FILES = Layout(
    "run_files",
    texts=("run_id", "source_path", "sha256", "outcome", "previous_sha256"),
    integers=("documents", "pages", "figures", "corrections"),
    reals=("seconds",),
)


def _record(connection: duckdb.DuckDBPyConnection, results: Iterable[FileResult], run: Run) -> None:
    """Add `results` to the history."""
    rows = (
        (
            *(run.run_id, r.path, r.sha256, r.outcome, r.previous_sha256),
            *(r.documents, r.pages, r.figures, r.corrections, r.seconds),
        )
        for r in results
    )
    insert_rows(connection, _RUN_FILES, rows)


def _loaded(file: Loadable, previous: str | None) -> FileResult:
    found = file.documents
    if found is None:
        return FileResult(file.path, file.sha256, "duplicate", previous)
    return FileResult(
        path=file.path,
        sha256=file.sha256,
        outcome="loaded" if previous is None else "replaced",
        previous_sha256=previous,
        documents=found.documents,
        pages=found.pages,
        pages_ocr=found.pages_ocr,
        pages_failed=found.pages_failed,
        figures=found.figures,
        corrections=found.corrections,
        failed_checks=found.failed_checks,
        quality=found.quality,
        seconds=round(file.seconds, 3),
    )


def _quarantined(rejected: Rejected) -> FileResult:
    return FileResult(rejected.path, rejected.sha256, "quarantined", rejected=rejected)
