"""A document as rows: one function a table, each row a dict of column name -> value."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from baocao_etl.models import Box, Document, Page, Span

Row = dict[str, Any]


def printable(path: str) -> str:
    r"""Return the name of a file as the warehouse stores it: bytes not in UTF-8 as `\xNN`."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def rows_of(document: Document, run_id: str, ingested_at: str) -> dict[str, list[Row]]:
    """Return the rows of `document` by table. `ingested_at` is an ISO time in UTC."""
    rows = {table: list(make(document)) for table, make in _TABLES.items()}
    for row in rows["documents"]:
        row |= {"run_id": run_id, "ingested_at": ingested_at}
    return rows


def _documents(document: Document) -> Iterator[Row]:
    head, pages = document.letterhead, document.pages
    origins = {page.text_origin for page in pages}
    yield {
        "doc_id": document.doc_id,
        "source_path": printable(document.source.path),
        "sha256": document.source.sha256,
        "part": document.part,
        "media_type": document.source.media_type,
        "doc_type": head.doc_type,
        "number": head.number,
        "symbol": head.symbol,
        "issuer": head.issuer,
        "issuer_place_code": head.issuer_place_code,
        "issued_place": head.issued_place,
        "issued_on": _iso(head.issued_on),
        "subject": head.subject,
        "signer": head.signer,
        "signer_title": head.signer_title,
        "page_count": len(pages),
        "text_origin": (origins.pop() if len(origins) == 1 else "both") if origins else None,
        "damage": _damage(pages),
        "quality": document.quality,
        "superior": head.superior,
        "addressees": list(head.addressees),
        "recipients": list(head.recipients),
        "evidence": head.evidence,
    }


def _damage(pages: tuple[Page, ...]) -> str | None:
    """Return the damage that most words suffer from."""
    words: Counter[str] = Counter()
    for page in pages:
        if page.damage is not None:
            words[page.damage] += max(1, len(page.words))
    return words.most_common(1)[0][0] if words else None


def _pages(document: Document) -> Iterator[Row]:
    for page in document.pages:
        yield {
            "doc_id": document.doc_id,
            "page": page.number,
            "width": page.width,
            "height": page.height,
            "text_origin": page.text_origin,
            "damage": page.damage,
            "raw_text": page.raw_text,
            "text": page.text,
            "quality": page.quality,
            "error": page.error,
            "judgement": page.judgement,
        }


def _sections(document: Document) -> Iterator[Row]:
    for section in document.sections:
        yield {
            "section_id": section.section_id,
            "doc_id": document.doc_id,
            "parent_id": section.parent_id,
            "ordinal": section.ordinal,
            "kind": section.kind,
            "label": section.label,
            "path": section.path,
            "title": section.title,
            "text": section.text,
            "page_from": section.page_from,
            "page_to": section.page_to,
        }


def _figures(document: Document) -> Iterator[Row]:
    place = _places(document)
    for figure in document.figures:
        yield {
            "figure_id": figure.figure_id,
            "doc_id": document.doc_id,
            "section_id": figure.section_id,
            "section_path": figure.section_path,
            "table_id": figure.table_id,
            "page": figure.page,
            "line": figure.line,
            **_box(figure.box),
            "raw_text": figure.raw_text,
            "text": figure.text,
            "sentence": figure.sentence,
            "kind": figure.kind,
            "value": figure.value,
            "denominator": figure.denominator,
            "value_high": figure.value_high,
            "qualifier": figure.qualifier,
            "unit": figure.unit,
            "subject": figure.subject,
            "indicator": figure.indicator,
            "place_code": figure.place_code,
            "level": figure.level,
            "period_from": _iso(figure.period_from),
            "period_to": _iso(figure.period_to),
            "is_target": figure.is_target,
            "confidence": figure.confidence,
            "review": figure.review,
            **place(figure.span),
        }


def _tables(document: Document) -> Iterator[Row]:
    for table in document.tables:
        yield {
            "table_id": table.table_id,
            "doc_id": document.doc_id,
            "section_id": table.section_id,
            "ordinal": table.ordinal,
            "page_from": table.page_from,
            "page_to": table.page_to,
            "title": table.title,
            "row_count": table.rows,
            "column_count": table.columns,
            "problem": table.problem,
        }


def _table_cells(document: Document) -> Iterator[Row]:
    for table in document.tables:
        for cell in table.cells:
            yield {
                "table_id": table.table_id,
                "doc_id": document.doc_id,
                "row_index": cell.row,
                "column_index": cell.column,
                "text": cell.text,
                "is_header": cell.is_header,
                "page": cell.spans[0].page if cell.spans else None,
                **_box(cell.box),
            }


def _citations(document: Document) -> Iterator[Row]:
    place = _places(document)
    for ordinal, citation in enumerate(document.citations, 1):
        yield {
            "doc_id": document.doc_id,
            "ordinal": ordinal,
            "section_id": citation.section_id,
            "page": citation.span.page,
            "raw_text": citation.raw_text,
            "type": citation.doc_type,
            "number": citation.number,
            "symbol": citation.symbol,
            "issuer": citation.issuer,
            "issued_on": _iso(citation.issued_on),
            "clause": citation.clause,
            **place(citation.span),
        }


def _mentions(document: Document) -> Iterator[Row]:
    place = _places(document)
    for ordinal, mention in enumerate(document.mentions, 1):
        yield {
            "doc_id": document.doc_id,
            "ordinal": ordinal,
            "section_id": mention.section_id,
            "page": mention.span.page,
            "kind": mention.kind,
            "name": mention.name,
            "raw_text": mention.raw_text,
            "confidence": mention.confidence,
            **place(mention.span),
        }


def _corrections(document: Document) -> Iterator[Row]:
    for page in document.pages:
        for ordinal, correction in enumerate(page.corrections):
            yield {
                "doc_id": document.doc_id,
                "page": correction.page,
                "offset": correction.offset,
                "raw": correction.raw,
                "text": correction.text,
                "reason": correction.reason,
                "confidence": correction.confidence,
                "ordinal": ordinal,
                "alternatives": [
                    {"text": text, "probability": p} for text, p in correction.alternatives
                ],
            }


def _findings(document: Document) -> Iterator[Row]:
    for ordinal, finding in enumerate(document.findings, 1):
        yield {
            "doc_id": document.doc_id,
            "ordinal": ordinal,
            "rule": finding.rule,
            "figures": list(finding.figure_ids),
            "verdict": finding.verdict,
            "message": finding.message,
        }


def _places(document: Document) -> Callable[[Span], Row]:
    """Return a function from a span of words to its characters in the page's raw text."""
    words = {page.number: page.words for page in document.pages}

    def place(span: Span) -> Row:
        page = words[span.page]
        return {
            "raw_from": page[span.start].offset,
            "raw_to": page[max(span.start, span.end - 1)].end,
        }

    return place


def _box(box: Box | None) -> Row:
    return dict(zip(("x0", "y0", "x1", "y1"), box or (None,) * 4, strict=True))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# The tables that hold documents, and what makes their rows; also the order of loading.
_TABLES: dict[str, Callable[[Document], Iterator[Row]]] = {
    "documents": _documents,
    "pages": _pages,
    "sections": _sections,
    "figures": _figures,
    "tables": _tables,
    "table_cells": _table_cells,
    "citations": _citations,
    "mentions": _mentions,
    "corrections": _corrections,
    "findings": _findings,
}
DOCUMENT_TABLES = tuple(_TABLES)
