"""The events that `--json` prints, one a line; `schemas/events.schema.json` is made from them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from baocao_etl.warehouse.load import FileOutcome, FileResult

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from baocao_etl.errors import BaocaoError
    from baocao_etl.ingest import Summary, Verdict
    from baocao_etl.repair.explain import Change
    from baocao_etl.warehouse.upkeep import Status


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StartEvent(_Event):
    """The files are counted."""

    event: Literal["start"] = "start"
    files: int


class FileEvent(_Event):
    """A file is done and, if it was loaded, committed; `seconds` is what digitising it took.

    `stage`, `error`, `message` and `remedy` say why a file is in quarantine.
    """

    event: Literal["file"] = "file"
    path: str
    sha256: str | None
    outcome: FileOutcome
    previous_sha256: str | None
    documents: int
    pages: int
    pages_ocr: int
    pages_failed: int
    figures: int
    corrections: int
    failed_checks: int
    quality: float
    seconds: float
    stage: str | None = None
    error: str | None = None
    message: str | None = None
    remedy: str | None = None

    @classmethod
    def of(cls, result: FileResult) -> FileEvent:
        """Return the event of `result`."""
        values = result._asdict()
        rejected = values.pop("rejected")
        if rejected:
            values |= {
                name: getattr(rejected, name) for name in ("stage", "error", "message", "remedy")
            }
        return cls(**values)


class SummaryEvent(_Event):
    """The run ended; `outcomes` counts files, `quality` is the lowest of what was loaded.

    `released` files left quarantine: they were mended, moved or removed. `reason` says why `exit_code` is
    not 0.
    """

    event: Literal["summary"] = "summary"
    db: str
    files: int
    released: int
    outcomes: dict[FileOutcome, int]
    documents: int
    pages: int
    pages_kept: int
    pages_ocr: int
    pages_failed: int
    figures: int
    corrections: int
    failed_checks: int
    quality: float
    nothing_new: bool
    seconds: float
    exit_code: int
    reason: str | None

    @classmethod
    def of(cls, summary: Summary, db: Path, verdict: Verdict) -> SummaryEvent:
        """Return the event of `summary`."""
        given = {name for name in cls.model_fields if hasattr(summary, name)}
        values = {name: getattr(summary, name) for name in given}
        values["seconds"] = round(summary.seconds, 3)
        return cls(**values, db=str(db), exit_code=int(verdict.code), reason=verdict.reason)


class RunState(BaseModel):
    """A run of `status`: files that it loaded (or replaced) and quarantined; times are UTC."""

    model_config = _Event.model_config

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    status: Literal["running", "finished", "interrupted"]
    version: str
    loaded: int
    quarantined: int


class QuarantinedFile(BaseModel):
    """A file of `status` that is in quarantine: why, since when (UTC), and what to do."""

    model_config = _Event.model_config

    source_path: str
    stage: str
    error: str
    message: str
    remedy: str
    quarantined_at: datetime


class StatusEvent(_Event):
    """The warehouse at a glance: what `status` tells; `runs` are the latest, newest first.

    `duplicates` are documents loaded from several files, `lost_reviews` decisions whose figures are gone,
    `deleted_rows` those whose room the file keeps (`compact`), `next` what to do.
    """

    event: Literal["status"] = "status"
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
    runs: tuple[RunState, ...]
    quarantine: tuple[QuarantinedFile, ...]
    next: tuple[str, ...]

    @classmethod
    def of(cls, status: Status, steps: Sequence[str]) -> StatusEvent:
        """Return the event of `status`, with the `steps` to take next."""
        return cls(
            **status.counts._asdict(),
            runs=tuple(RunState(**run._asdict()) for run in status.runs),
            quarantine=tuple(QuarantinedFile(**file._asdict()) for file in status.quarantine),
            next=tuple(steps),
        )


class ErrorEvent(_Event):
    """The run could not begin or go on: what `baocao` says on stderr, and its exit code."""

    event: Literal["error"] = "error"
    error: str
    message: str
    remedy: str
    exit_code: int

    @classmethod
    def of(cls, error: BaocaoError) -> ErrorEvent:
        """Return the event of `error`."""
        return cls(
            error=type(error).__name__,
            message=error.message,
            remedy=error.remedy,
            exit_code=int(error.exit_code),
        )


class CorrectionEvent(_Event):
    """A change of `repair --explain`; `offset` is into the text, in characters.

    `alternatives` are the other readings and their probabilities.
    """

    event: Literal["correction"] = "correction"
    line: int
    offset: int
    raw: str
    text: str
    probability: float
    reason: str
    alternatives: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, change: Change) -> CorrectionEvent:
        """Return the event of `change`."""
        found = change.correction
        return cls(
            line=change.line,
            offset=found.offset,
            raw=found.raw,
            text=found.text,
            probability=found.confidence,
            reason=found.reason,
            alternatives=found.alternatives,
        )


Event = Annotated[
    StartEvent | FileEvent | SummaryEvent | StatusEvent | ErrorEvent | CorrectionEvent,
    Field(discriminator="event"),
]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line."""
    return TypeAdapter(Event).json_schema()
