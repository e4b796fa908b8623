"""A document as rows: for each table its layout, what its rows are made of, and their columns."""

from __future__ import annotations

import json
import os
from collections import Counter
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from baocao_etl.warehouse.packing import NONE, Block, Layout, pack

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

_BOX = ("x0", "y0", "x1", "y1")
_NOWHERE = (NONE,) * 4


class Packed(NamedTuple):
    """The documents of a file as packed rows by table, and counts.

    `quality` is the lowest of the documents.
    """

    blocks: dict[str, list[Block]]
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


def pack_documents(documents: Sequence[Document]) -> Packed:
    """Return the documents of a file, ready for the writer. Workers call this.

    Raises:
        ValueError: a number does not fit its column.
    """
    pages = [page for document in documents for page in document.pages]
    blocks: dict[str, list[Block]] = {layout.table: [] for layout in DOCUMENT_LAYOUTS}
    for document in documents:
        for layout, items_of, columns_of in _TABLES:
            if items := items_of(document):
                columns = [[document.doc_id] * len(items), *columns_of(document, items)]
                blocks[layout.table].append(pack(layout, columns))
    return Packed(
        blocks=blocks,
        documents=len(documents),
        pages=len(pages),
        pages_ocr=sum(p.text_origin in {"ocr", "both"} and not p.error for p in pages),
        pages_failed=sum(p.error is not None for p in pages),
        figures=sum(len(document.figures) for document in documents),
        corrections=sum(len(page.corrections) for page in pages),
        failed_checks=sum(f.verdict == "fails" for d in documents for f in d.findings),
        quality=min((document.quality for document in documents), default=1.0),
    )


def _layout(table: str, texts: Sequence[str], **others: Any) -> Layout:
    """Return the layout of a table of documents; its first column is always the document."""
    return Layout(table, texts=("doc_id", *texts), **others)


def _fields(names: Sequence[str], items: Sequence[Any]) -> Columns:
    """Return the fields `names` (two or more) of `items`, models of one kind, a column each.

    Taken from the dictionaries of the models, which costs half of what asking for attributes does.
    """
    return zip(*map(itemgetter(*names), map(vars, items)), strict=True)


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
    numbers=("part", "page_count", "quality"),
    dates=("issued_on",),
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
        document.quality,
        _day(head.issued_on),
    )
    return [(value,) for value in row]


def _damage(pages: tuple[Page, ...]) -> str | None:
    """Return the damage that most words suffer from."""
    words: Counter[str] = Counter()
    for page in pages:
        if page.damage is not None:
            words[page.damage] += max(1, len(page.words))
    return words.most_common(1)[0][0] if words else None


_PAGE_TEXTS = ("text_origin", "damage", "raw_text", "error", "judgement")
_PAGES = _layout("pages", ("text", *_PAGE_TEXTS), numbers=("page", "quality", "width", "height"))


def _pages(_: Document, pages: Sequence[Page]) -> Columns:
    yield [page.text for page in pages]
    yield from _fields((*_PAGE_TEXTS, "number", "quality"), pages)
    yield [_number(page.width) for page in pages]
    yield [_number(page.height) for page in pages]


_SECTION_TEXTS = ("section_id", "parent_id", "kind", "label", "path", "title", "text")
_SECTION_NUMBERS = ("ordinal", "page_from", "page_to")
_SECTIONS = _layout("sections", _SECTION_TEXTS, numbers=_SECTION_NUMBERS)


def _sections(_: Document, sections: Sequence[Section]) -> Columns:
    return _fields((*_SECTION_TEXTS, *_SECTION_NUMBERS), sections)


_FIGURE_TEXTS = (
    *("figure_id", "section_id", "section_path", "table_id", "raw_text", "text", "sentence"),
    *("kind", "qualifier", "unit", "subject", "indicator", "place_code", "level", "review"),
    "quoted_from",
)
_FIGURE_NUMBERS = ("page", "line", "is_target", "confidence")
_FIGURE_DECIMALS = ("value", "denominator", "value_high")
_FIGURES = _layout(
    "figures",
    _FIGURE_TEXTS,
    numbers=(*_FIGURE_NUMBERS, *_BOX, "raw_from", "raw_to"),
    dates=("period_from", "period_to"),
    decimals=_FIGURE_DECIMALS,
)


def _figures(document: Document, figures: Sequence[Figure]) -> Columns:
    yield from _fields((*_FIGURE_TEXTS, *_FIGURE_NUMBERS), figures)
    boxes, spans, first, last = _fields(("box", "span", "period_from", "period_to"), figures)
    yield from _boxes(boxes)
    yield from _places(document, spans)
    yield [_day(day) for day in first]
    yield [_day(day) for day in last]
    yield from _fields(_FIGURE_DECIMALS, figures)


_TABLE = ("table_id", "section_id", "title", "problem", "ordinal", "page_from", "page_to")
_GRIDS = _layout("tables", _TABLE[:4], numbers=(*_TABLE[4:], "row_count", "column_count"))


def _grids(_: Document, tables: Sequence[Table]) -> Columns:
    return _fields((*_TABLE, "rows", "columns"), tables)


_CELLS = _layout(
    "table_cells",
    ("table_id", "text"),
    numbers=("row_index", "column_index", "is_header", "page", *_BOX),
)


def _cells(_: Document, found: Sequence[tuple[Table, Cell]]) -> Columns:
    cells = [cell for _, cell in found]
    yield [table.table_id for table, _ in found]
    yield from _fields(("text", "row", "column", "is_header"), cells)
    yield [cell.spans[0].page if cell.spans else NONE for cell in cells]
    yield from _boxes([cell.box for cell in cells])


_CITATION = ("section_id", "raw_text", "number", "symbol", "issuer", "clause")
_CITATIONS = _layout(
    "citations",
    (*_CITATION, "type"),
    numbers=("ordinal", "page", "raw_from", "raw_to"),
    dates=("issued_on",),
)


def _citations(document: Document, citations: Sequence[Citation]) -> Columns:
    yield from _fields((*_CITATION, "doc_type"), citations)
    yield range(1, len(citations) + 1)
    yield [citation.span.page for citation in citations]
    yield from _places(document, [citation.span for citation in citations])
    yield [_day(citation.issued_on) for citation in citations]


_MENTION = ("section_id", "kind", "name", "raw_text", "confidence")
_MENTIONS = _layout(
    "mentions", _MENTION[:4], numbers=(*_MENTION[4:], "ordinal", "page", "raw_from", "raw_to")
)


def _mentions(document: Document, mentions: Sequence[Mention]) -> Columns:
    yield from _fields(_MENTION, mentions)
    yield range(1, len(mentions) + 1)
    yield [mention.span.page for mention in mentions]
    yield from _places(document, [mention.span for mention in mentions])


_CORRECTION = ("raw", "text", "reason", "page", "offset", "confidence")
_CORRECTIONS = _layout(
    "corrections",
    ("alternatives", *_CORRECTION[:3]),
    numbers=(*_CORRECTION[3:], "ordinal"),
    nested=frozenset({"alternatives"}),
)


def _corrections(_: Document, found: Sequence[tuple[int, Correction]]) -> Columns:
    corrections = [correction for _, correction in found]
    yield [
        _json([{"text": text, "probability": p} for text, p in correction.alternatives])
        if correction.alternatives
        else "[]"
        for correction in corrections
    ]
    yield from _fields(_CORRECTION, corrections)
    yield [ordinal for ordinal, _ in found]


_FINDING = ("rule", "verdict", "message")
_FINDINGS = _layout(
    "findings", (*_FINDING, "figures"), numbers=("ordinal",), nested=frozenset({"figures"})
)


def _findings(_: Document, findings: Sequence[Finding]) -> Columns:
    yield from _fields(_FINDING, findings)
    yield [_json(finding.figure_ids) for finding in findings]
    yield range(1, len(findings) + 1)


def _places(document: Document, spans: Sequence[Span]) -> Columns:
    """Return where spans of words begin and end in the raw text of their pages."""
    words = {page.number: page.words for page in document.pages}
    starts: list[int] = []
    ends: list[int] = []
    for page, start, end in spans:
        on_page = words[page]
        first = on_page[start]
        last = on_page[end - 1] if end > start else first
        starts.append(first.offset)
        ends.append(last.offset + len(last.raw))
    return starts, ends


def _boxes(boxes: Sequence[Box | None]) -> Columns:
    return zip(*(box or _NOWHERE for box in boxes), strict=True)


def _number(value: float | None) -> float:
    return NONE if value is None else value


def _day(day: date | None) -> float:
    return NONE if day is None else day.toordinal()


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
        lambda document: [pair for page in document.pages for pair in enumerate(page.corrections)],
        _corrections,
    ),
    (_FINDINGS, attrgetter("findings"), _findings),
)
DOCUMENT_LAYOUTS = tuple(layout for layout, _, _ in _TABLES)
DOCUMENT_TABLES = tuple(layout.table for layout in DOCUMENT_LAYOUTS)
