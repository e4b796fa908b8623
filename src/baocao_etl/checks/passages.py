"""Passages: the paragraphs that state figures, with each figure at its place in the text.

Checks look at the words between figures (`trong đó`, `chiếm`, `so với`), so they need the text that
runs from one figure to the next. Patterns are matched on `plain`, lower case without diacritics and as
long as the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from baocao_etl.models import Cell, Document, Figure, Section, Span, Table, Word
from baocao_etl.repair.orthography import bare

_NOT_BODY = {"letterhead", "recipients", "signature", "table"}


class Stated(NamedTuple):
    """A figure in its passage; `start:end` are the characters of the number with its unit."""

    figure: Figure
    start: int
    end: int

    @property
    def value(self) -> Decimal:
        """The figure's value."""
        return self.figure.value

    @property
    def kind(self) -> str:
        """The figure's kind."""
        return self.figure.kind


class Passage:
    """One paragraph of the body and the figures in it, in reading order."""

    def __init__(self, section: Section, text: str, stated: Sequence[Stated]) -> None:
        self.section = section
        self.text = text
        self.plain = bare(text)
        self.stated = tuple(stated)

    def between(self, one: Stated, other: Stated) -> str:
        """Return the plain text from the end of `one` to the start of `other`."""
        return self.plain[one.end : other.start]

    def before(self, stated: Stated, length: int) -> str:
        """Return up to `length` plain characters before `stated`."""
        return self.plain[max(0, stated.start - length) : stated.start]

    def behind(self, stated: Stated, length: int) -> str:
        """Return up to `length` plain characters behind `stated`."""
        return self.plain[stated.end : stated.end + length]


class Report:
    """A document laid out for checking; what several checks need is computed once."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The paragraphs of the body that hold text, in reading order."""
        return tuple(self._passages())

    @cached_property
    def cells(self) -> dict[str, dict[tuple[int, int], Figure]]:
        """The figures of each table by row and column."""
        by_span = {
            (figure.table_id, figure.span): figure
            for figure in self.document.figures
            if figure.table_id
        }
        found: dict[str, dict[tuple[int, int], Figure]] = {}
        for table in self.document.tables:
            places = ((cell, _first(cell)) for cell in table.cells)
            found[table.table_id] = {
                (cell.row, cell.column): by_span[table.table_id, span]
                for cell, span in places
                if span and (table.table_id, span) in by_span
            }
        return found

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables that state figures."""
        return tuple(t for t in self.document.tables if self.cells[t.table_id])

    def _passages(self) -> Iterator[Passage]:
        words = {page.number: page.words for page in self.document.pages}
        by_start: dict[tuple[int, int], list[Figure]] = defaultdict(list)
        for figure in self.document.figures:
            if figure.table_id is None:
                by_start[figure.page, figure.span.start].append(figure)
        for section in self.document.sections:
            if section.kind not in _NOT_BODY:
                for spans in section.paragraphs:
                    yield _passage(section, spans, words, by_start)


def _passage(
    section: Section,
    spans: Sequence[Span],
    words: Mapping[int, Sequence[Word]],
    by_start: Mapping[tuple[int, int], Sequence[Figure]],
) -> Passage:
    parts: list[str] = []
    starts: list[tuple[Figure, int]] = []
    at = 0
    for page, i in ((span.page, i) for span in spans for i in range(span.start, span.end)):
        starts += [(figure, at) for figure in by_start.get((page, i), ())]
        parts.append(words[page][i].text)
        at += len(parts[-1]) + 1
    text = " ".join(parts)
    return Passage(section, text, [_stated(figure, start, text) for figure, start in starts])


def _stated(figure: Figure, start: int, text: str) -> Stated:
    found = text.find(figure.text, start, start + len(figure.text) + 8)
    if found < 0:
        return Stated(figure, start, start + len(figure.raw_text))
    return Stated(figure, found, found + len(figure.text))


def _first(cell: Cell) -> Span | None:
    return next((span for span in cell.spans if span.end > span.start), None)


def plain_number(value: Decimal) -> str:
    """Write a value for a message, without an exponent or trailing zeros."""
    return f"{value.normalize():f}"
