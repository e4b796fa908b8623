"""Runs of `ingest`: who loaded what, when, with which settings."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.warehouse import names

if TYPE_CHECKING:
    import duckdb

    from baocao_etl.dictionaries import Dictionaries
    from baocao_etl.settings import Settings

# These say where and how fast, not what comes out.
_NO_EFFECT = frozenset(
    {
        *("db", "jobs", "dictionaries", "cache_dir", "follow_links"),
        # What they keep out is in quarantine, where `retry` finds it; what is in stays as it is.
        *("file_timeout", "worker_memory", "password_file"),
    }
)


class Run(NamedTuple):
    """One run of `ingest`; its row is written with its first change, so idle runs leave none."""

    run_id: str
    started_at: datetime
    version: str
    settings: str
    fingerprint: str
    tables: Dictionaries

    @classmethod
    def start(cls, settings: Settings) -> Run:
        """Return a new run, beginning now."""
        now = utc_now()
        return cls(
            run_id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
            started_at=now,
            version=version("baocao-etl"),
            settings=settings.model_dump_json(),
            fingerprint=fingerprint(settings),
            tables=settings.tables,
        )


def utc_now() -> datetime:
    """Return the time (UTC) as the warehouse stores it: naive, to the microsecond."""
    return datetime.now(UTC).replace(tzinfo=None)


def fingerprint(settings: Settings) -> str:
    """Return a hash of all that decides what a file becomes: version, settings, dictionaries.

    The same on every machine: paths and modification times do not enter.
    """
    digest = hashlib.sha256(version("baocao-etl").encode())
    values = settings.model_dump(mode="json", exclude=set(_NO_EFFECT))
    digest.update(json.dumps(values, sort_keys=True).encode())
    for root in settings.tables.roots:
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            with path.open("rb") as stream:
                content = hashlib.file_digest(stream, "sha256").hexdigest()
            digest.update(f"{path.relative_to(root).as_posix()}={content}\n".encode())
    return digest.hexdigest()[:16]


def begin(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Record `run` as running (once), and runs that were killed as interrupted.

    Names of places and indicators follow the run's dictionaries.
    """
    if connection.execute("SELECT 1 FROM runs WHERE run_id = ?", [run.run_id]).fetchone():
        return
    connection.execute("UPDATE runs SET status = 'interrupted' WHERE status = 'running'")
    last = connection.execute(
        "SELECT fingerprint FROM runs WHERE EXISTS (FROM places) ORDER BY started_at DESC LIMIT 1"
    ).fetchone()
    if last != (run.fingerprint,):
        names.refresh(connection, run.tables)
    connection.execute(
        "INSERT INTO runs (run_id, started_at, status, version, settings, fingerprint, searchable) "
        "VALUES (?, ?, 'running', ?, ?, ?, false)",
        [run.run_id, run.started_at, run.version, run.settings, run.fingerprint],
    )


def finish(connection: duckdb.DuckDBPyConnection, run: Run, *, interrupted: bool = False) -> None:
    """Record that `run` ended; nothing is recorded of a run that changed nothing."""
    connection.execute(
        "UPDATE runs SET status = ?, finished_at = ? WHERE run_id = ?",
        ["interrupted" if interrupted else "finished", utc_now(), run.run_id],
    )
