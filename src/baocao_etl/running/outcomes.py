"""What a run reports: an outcome per file, and events on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from baocao_etl.models import Source

Stage = Literal["identify", "open", "read", "assemble"]
EventKind = Literal["skipped", "started", "page", "done", "failed"]


class Loaded(NamedTuple):
    """A file that became documents; `seconds` runs from its first page to its last document.

    `documents` is a tuple of them, or what `finish` made of it where the work was done.
    """

    source: Source
    documents: Any
    seconds: float


class Failure(NamedTuple):
    """A file that could not be read: at which stage, which error, and what the user can do."""

    path: str
    sha256: str | None
    stage: Stage
    error: str
    message: str
    remedy: str


Outcome = Loaded | Failure


class Event(NamedTuple):
    """Something happened to the file at `path`.

    `started` carries the number of its pages in `pages`; `page` carries which page is done and its
    `origin`: `layer`, `ocr`, `both`, `text`, or `failed`.
    """

    kind: EventKind
    path: str
    page: int = 0
    pages: int = 0
    origin: str = ""
