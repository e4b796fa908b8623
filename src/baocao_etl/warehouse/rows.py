"""A document as rows: for each table its layout, what its rows are made of, and their columns."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from itertools import chain
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from baocao_etl.warehouse.packing import NO_INTEGER, NO_REAL, Block, Layout, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from baocao_etl.models import (
        Box,
        Cell,
        Citation,
        Correction,
        Document,
        Figure,
        Finding,
        Mention,
        Page,
        Section,
        Span,
        Table,
    )

    Columns = Iterable[Sequence[Any]]

_ESCAPED = re.compile(r"\\x([89a-f][0-9a-f])")
_BOX = ("x0", "y0", "x1", "y1")
_NOWHERE = (NO_REAL,) * 4


class Packed(NamedTuple):
    """The documents of a file as packed rows of `DOCUMENT_LAYOUTS`, a block each, and counts.

    `quality` is the lowest of the documents.
    """

    blocks: tuple[Block, ...]
    documents: int
    pages: int
    pages_ocr: int
    pages_failed: int
    figures: int
    corrections: int
    failed_checks: int
    quality: float


def printable(path: str) -> str:
    r"""Return the name of a file as the warehouse stores it: bytes not in UTF-8 as `\xNN`."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def on_disk(name: str) -> Path:
    """Return the file whose name is stored as `name`: `printable`, undone where that names a file."""
    path = Path(name)
    if "\\x" not in name or os.path.lexists(path):
        return path
    return Path(_ESCAPED.sub(lambda found: os.fsdecode(bytes.fromhex(found[1])), name))


def pack_documents(documents: Sequence[Document]) -> Packed:
    """Return the documents of a file, ready for the writer. Workers call this.

    Raises:
        ValueError: a number does not fit its column.
    """
    pages = [page for document in documents for page in document.pages]
    return Packed(
        blocks=tuple(map(_packed, documents)),
        documents=len(documents),
        pages=len(pages),
        pages_ocr=sum(p.text_origin in {"ocr", "both"} and not p.error for p in pages),
        pages_failed=sum(p.error is not None for p in pages),
        figures=sum(len(document.figures) for document in documents),
        corrections=sum(len(page.corrections) for page in pages),
        failed_checks=sum(f.verdict == "fails" for d in documents for f in d.findings),
        quality=min((document.quality for document in documents), default=1.0),
    )


def _packed(document: Document) -> Block:
    """Return the rows of a document."""
    return pack(
        (
            layout,
            [[document.doc_id] * len(items), *columns_of(document, items)]
            if (items := items_of(document))
            else (),
        )
        for layout, items_of, columns_of in _TABLES
    )


def _layout(table: str, texts: Sequence[str], **others: Any) -> Layout:
    """Return the layout of a table of documents; its first column is always the document."""
    return Layout(table, texts=("doc_id", *texts), **others)


def _fields(*names: str) -> Callable[[Sequence[Any]], Columns]:
    """Return what takes the fields `names` (two or more) of models of one kind, a column each.

    Taken from the dictionaries of the models, which costs half of what asking for attributes does.
    """
    take = itemgetter(*names)
    return lambda models: zip(*map(take, map(vars, models)), strict=True)


_HEAD = (
    *("doc_type", "number", "symbol", "issuer", "issuer_place_code", "issued_place", "subject"),
    *("signer", "signer_title", "superior"),
)
_DOCUMENTS = _layout(
    "documents",
    (
        *("source_path", "sha256", "media_type", *_HEAD, "text_origin", "damage"),
        *("addressees", "recipients", "evidence"),
    ),
    integers=("part", "page_count"),
    dates=("issued_on",),
    reals=("quality",),
    nested=frozenset({"addressees", "recipients", "evidence"}),
)


def _documents(document: Document, _: Sequence[Document]) -> Columns:
    head, pages, source = document.letterhead, document.pages, document.source
    origins = {page.text_origin for page in pages}
    row = (
        printable(source.path),
        source.sha256,
        source.media_type,
        *(getattr(head, name) for name in _HEAD),
        (origins.pop() if len(origins) == 1 else "both") if origins else None,
        _damage(pages),
        _json(head.addressees),
        _json(head.recipients),
        json.dumps(head.evidence, ensure_ascii=False),
        document.part,
        len(pages),
        *_days((head.issued_on,)),
        document.quality,
    )
    return zip(row, strict=True)


def _damage(pages: tuple[Page, ...]) -> str | None:
    """Return the damage that most words suffer from."""
    words: Counter[str] = Counter()
    for page in pages:
        if page.damage is not None:
            words[page.damage] += max(1, len(page.words))
    return words.most_common(1)[0][0] if words else None


_PAGE_TEXTS = ("text_origin", "damage", "raw_text", "error", "judgement")
_PAGES = _layout(
    "pages", ("text", *_PAGE_TEXTS), integers=("page",), reals=("quality", "width", "height")
)
_page_fields = _fields(*_PAGE_TEXTS, "number", "quality")


def _pages(_: Document, pages: Sequence[Page]) -> Columns:
    yield [page.text for page in pages]
    yield from _page_fields(pages)
    yield [NO_REAL if page.width is None else page.width for page in pages]
    yield [NO_REAL if page.height is None else page.height for page in pages]


_SECTION_TEXTS = ("section_id", "parent_id", "kind", "label", "path", "title", "text")
_SECTION_INTEGERS = ("ordinal", "page_from", "page_to")
_SECTIONS = _layout("sections", _SECTION_TEXTS, integers=_SECTION_INTEGERS)
_section_fields = _fields(*_SECTION_TEXTS, *_SECTION_INTEGERS)


def _sections(_: Document, sections: Sequence[Section]) -> Columns:
    return _section_fields(sections)


_FIGURE_TEXTS = (
    *("figure_id", "section_id", "section_path", "table_id", "raw_text", "text", "sentence"),
    *("kind", "qualifier", "unit", "subject", "indicator", "place_code", "level", "review"),
    "quoted_from",
)
_FIGURE_INTEGERS = ("page", "line", "is_target")
_FIGURE_DECIMALS = ("value", "denominator", "value_high")
_FIGURES = _layout(
    "figures",
    _FIGURE_TEXTS,
    integers=(*_FIGURE_INTEGERS, "raw_from", "raw_to"),
    dates=("period_from", "period_to"),
    reals=("confidence", *_BOX),
    decimals=_FIGURE_DECIMALS,
)
_figure_fields = _fields(
    *(*_FIGURE_TEXTS, *_FIGURE_INTEGERS),
    *("span", "period_from", "period_to", "confidence", "box", *_FIGURE_DECIMALS),
)


def _figures(document: Document, figures: Sequence[Figure]) -> Columns:
    *same, spans, first, last, confidence, boxes, value, denominator, high = _figure_fields(figures)
    return (
        *(*same, *_places(document, spans), _days(first), _days(last)),
        *(confidence, *_boxes(boxes), value, denominator, high),
    )


_TABLE = ("table_id", "section_id", "title", "problem", "ordinal", "page_from", "page_to")
_GRIDS = _layout("tables", _TABLE[:4], integers=(*_TABLE[4:], "row_count", "column_count"))
_grid_fields = _fields(*_TABLE, "rows", "columns")


def _grids(_: Document, tables: Sequence[Table]) -> Columns:
    return _grid_fields(tables)


_CELLS = _layout(
    "table_cells",
    ("table_id", "text"),
    integers=("row_index", "column_index", "is_header", "page"),
    reals=_BOX,
)
_cell_fields = _fields("text", "row", "column", "is_header", "spans", "box")


def _cells(_: Document, found: Sequence[tuple[Table, Cell]]) -> Columns:
    tables, cells = zip(*found, strict=True)
    *same, spans, boxes = _cell_fields(cells)
    pages = [first[0].page if first else NO_INTEGER for first in spans]
    return ([table.table_id for table in tables], *same, pages, *_boxes(boxes))


_CITATION = ("section_id", "raw_text", "text", "number", "symbol", "issuer", "clause")
_CITATIONS = _layout(
    "citations",
    (*_CITATION, "type"),
    integers=("ordinal", "page", "raw_from", "raw_to"),
    dates=("issued_on",),
)
_citation_fields = _fields(*_CITATION, "doc_type", "span", "issued_on")


def _citations(document: Document, citations: Sequence[Citation]) -> Columns:
    *same, spans, days = _citation_fields(citations)
    return (*same, *_numbered(document, spans), _days(days))


_MENTION = ("section_id", "kind", "name", "raw_text")
_MENTIONS = _layout(
    "mentions",
    _MENTION,
    integers=("ordinal", "page", "raw_from", "raw_to"),
    reals=("confidence",),
)
_mention_fields = _fields(*_MENTION, "span", "confidence")


def _mentions(document: Document, mentions: Sequence[Mention]) -> Columns:
    *same, spans, confidence = _mention_fields(mentions)
    return (*same, *_numbered(document, spans), confidence)


_CORRECTION = ("raw", "text", "reason", "page", "offset")
_CORRECTIONS = _layout(
    "corrections",
    ("alternatives", *_CORRECTION[:3]),
    integers=(*_CORRECTION[3:], "ordinal"),
    reals=("confidence",),
    nested=frozenset({"alternatives"}),
)
_correction_fields = _fields("alternatives", *_CORRECTION, "confidence")


def _corrections(document: Document, corrections: Sequence[Correction]) -> Columns:
    alternatives, *same, confidence = _correction_fields(corrections)
    ordinals = chain.from_iterable(range(len(page.corrections)) for page in document.pages)
    return ([_readings(a) if a else "[]" for a in alternatives], *same, [*ordinals], confidence)


def _readings(alternatives: Iterable[tuple[str, float]]) -> str:
    return _json([{"text": text, "probability": p} for text, p in alternatives])


_FINDING = ("rule", "verdict", "message")
_FINDINGS = _layout(
    "findings", (*_FINDING, "figures"), integers=("ordinal",), nested=frozenset({"figures"})
)
_finding_fields = _fields(*_FINDING, "figure_ids")


def _findings(_: Document, findings: Sequence[Finding]) -> Columns:
    *same, figures = _finding_fields(findings)
    return (*same, [*map(_json, figures)], range(1, len(findings) + 1))


def _numbered(document: Document, spans: Sequence[Span]) -> Columns:
    """Return the ordinals of `spans`, their pages, and where they begin and end there."""
    pages = [span.page for span in spans]
    return (range(1, len(spans) + 1), pages, *_places(document, spans))


def _places(document: Document, spans: Sequence[Span]) -> Columns:
    """Return where spans of words begin and end in the raw text of their pages."""
    words = {page.number: page.words for page in document.pages}
    starts: list[int] = []
    ends: list[int] = []
    for span in spans:
        on_page, start, end = words[span.page], span.start, span.end
        first = on_page[start]
        last = on_page[end - 1] if end > start else first
        starts.append(first.offset)
        ends.append(last.offset + len(last.raw))
    return starts, ends


def _boxes(boxes: Iterable[Box | None]) -> Columns:
    return zip(*[box or _NOWHERE for box in boxes], strict=True)


def _days(days: Iterable[date | None]) -> list[int]:
    return [NO_INTEGER if day is None else day.toordinal() for day in days]


def _json(values: Sequence[Any]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else "[]"


# The tables that hold documents, in the order of loading: what their rows are made of, and how.
_TABLES: tuple[
    tuple[Layout, Callable[[Document], Sequence[Any]], Callable[[Document, Any], Columns]], ...
] = (
    (_DOCUMENTS, lambda document: (document,), _documents),
    (_PAGES, attrgetter("pages"), _pages),
    (_SECTIONS, attrgetter("sections"), _sections),
    (_FIGURES, attrgetter("figures"), _figures),
    (_GRIDS, attrgetter("tables"), _grids),
    (_CELLS, lambda document: [(t, cell) for t in document.tables for cell in t.cells], _cells),
    (_CITATIONS, attrgetter("citations"), _citations),
    (_MENTIONS, attrgetter("mentions"), _mentions),
    (
        _CORRECTIONS,
        lambda document: [c for page in document.pages for c in page.corrections],
        _corrections,
    ),
    (_FINDINGS, attrgetter("findings"), _findings),
)
DOCUMENT_LAYOUTS = tuple(layout for layout, _, _ in _TABLES)
DOCUMENT_TABLES = tuple(layout.table for layout in DOCUMENT_LAYOUTS)
