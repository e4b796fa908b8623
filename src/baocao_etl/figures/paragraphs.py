"""Paragraphs as strings in which every character knows its word.

Patterns are matched on `plain`, the text without diacritics: it has the same length, and OCR loses
marks first. `text` keeps them, for what is stored.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from baocao_etl.models import Document, Page, Section, Span, Word
from baocao_etl.repair.orthography import MARKED_LETTERS, strip_diacritics

UPPER = "A-Z" + "".join(letter for letter in MARKED_LETTERS if letter.isupper())
LOWER = "a-z" + "".join(letter for letter in MARKED_LETTERS if letter.islower())
# A full stop ends a sentence before a capital, unless it stands behind a lone capital or a number's label.
_SENTENCE = re.compile(
    rf"(?<=[^\W\d_]{{2}}[.!?;])\s+(?=[\"“(+\-–]?\s?[{UPPER}\d])|(?<=[%)\"”\d][.;])\s+(?=[{UPPER}])"
)
_NUMBERS_IN_A_ROW = re.compile(r"(?<!\S)(?:\d[\d.,]*\s){2}\d[\d.,]*(?!\S)")
# Names that are each followed by their number alone: "Đăk Hà (12), thị trấn Plei Kần (08)"
_IN_BRACKETS = r"(?:[^\W\d_]+\.?\s){1,6}\((?:\d{1,3}(?:\.\d{3})*|\d+)\)"
_LIST_IN_BRACKETS = re.compile(
    rf"{_IN_BRACKETS}(?:(?:\s?[,;]\s?(?:và\s)?|\s(?:và\s)){_IN_BRACKETS})+"
)
_WORD = re.compile(r"[^\W\d_]{2}")
_PADDED, _PADS = re.compile(r"0[1-9]"), 3
_CLAUSE = re.compile(r"[;,:().](?=\s|$)|\s[-–]\s")
_TIGHT_MARKS = ";,:()."


class Place(NamedTuple):
    """Where a stretch of a paragraph stands: its page, its words there, and their indices."""

    page: int
    start: int
    end: int
    words: tuple[Word, ...]


_MISREAD = frozenset({"stripped", "dropped"})


def is_misread(page: Page) -> bool:
    """Say whether a page was read in the wrong language: letters came out as digits ("là" as 12)."""
    return not _MISREAD.isdisjoint(_damages(page))


def _damages(page: Page) -> list[str]:
    return (page.damage or "").split("+")


class Paragraph:
    """The words of one paragraph, joined by single spaces (a cell boundary is one, too).

    `digits_doubtful`: its page was read in the wrong language, so a short number may be a word;
    `is_stripped`: by a reader of English.
    """

    def __init__(self, section: Section, spans: Sequence[Span], pages: dict[int, Page]) -> None:
        self.section = section
        page = pages[spans[0].page]
        self.digits_doubtful = is_misread(page)
        self.is_stripped = "stripped" in _damages(page)
        self._page = page
        self._words: list[tuple[int, int, Word]] = []
        self._starts: list[int] = []
        parts: list[str] = []
        at = 0
        for span in spans:
            for i in range(span.start, span.end):
                word = pages[span.page].words[i]
                self._words.append((span.page, i, word))
                self._starts.append(at)
                parts.append(word.text)
                at += len(word.text) + 1
        self.text = " ".join(parts)
        plain = strip_diacritics(self.text)
        self.plain = plain if len(plain) == len(self.text) else self.text

    @cached_property
    def pads_numbers(self) -> bool:
        """Whether the page writes its small numbers with a nought before them, as offices do: 06."""
        return sum(_PADDED.fullmatch(word.raw) is not None for word in self._page.words) >= _PADS

    @cached_property
    def is_flat_table(self) -> bool:
        """Whether rows of a table seem to have been read as running text: three bare numbers in a row."""
        return _NUMBERS_IN_A_ROW.search(self.text) is not None

    @cached_property
    def _lists(self) -> list[tuple[int, int]]:
        return [m.span() for m in _LIST_IN_BRACKETS.finditer(self.text)]

    def lists_in_brackets(self, offset: int) -> bool:
        """Say whether `offset` lies in a list of names, each with its number in brackets behind it."""
        return any(start <= offset < end for start, end in self._lists)

    def place(self, start: int, end: int) -> Place:
        """Return the words that the characters `start:end` touch, on the page of the first."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = max(first + 1, bisect_right(self._starts, max(start, end - 1)))
        page = self._words[first][0]
        held = [entry for entry in self._words[first:last] if entry[0] == page]
        return Place(page, held[0][1], held[-1][1] + 1, tuple(word for _, _, word in held))

    @cached_property
    def _sentences(self) -> list[int]:
        return [0, *(m.end() for m in _SENTENCE.finditer(self.text)), len(self.text)]

    def sentence(self, offset: int) -> tuple[int, int]:
        """Return where the sentence around `offset` begins and ends."""
        i = min(bisect_right(self._sentences, offset), len(self._sentences) - 1)
        return self._sentences[max(0, i - 1)], self._sentences[i]

    def clause(self, offset: int, end: int) -> tuple[int, int]:
        """Return the stretch between the marks (comma, colon, bracket, ...) around `offset:end`."""
        right = _CLAUSE.search(self.text, end)
        return self._clause_start(offset), (right.start() if right else len(self.text))

    def _clause_start(self, offset: int) -> int:
        if offset and self.text[offset - 1] in _TIGHT_MARKS:  # `(12`: no space behind it
            return offset
        i = bisect_right(self._clause_marks, offset)
        return self._clause_marks[i - 1] if i else 0

    @cached_property
    def _clause_marks(self) -> list[int]:
        return [m.end() for m in _CLAUSE.finditer(self.text)]


def paragraphs(document: Document) -> Iterator[Paragraph]:
    """Yield the paragraphs of the body: not the letterhead, the tail, or tables."""
    pages = {page.number: page for page in document.pages}
    for section in document.sections:
        if section.kind not in ("letterhead", "recipients", "signature", "table"):
            for spans in section.paragraphs:
                yield Paragraph(section, spans, pages)


def cells(document: Document) -> Iterator[Paragraph]:
    """Yield the cells of tables that hold words, each a paragraph; not the names of columns."""
    pages = {page.number: page for page in document.pages}
    sections = {section.section_id: section for section in document.sections}
    for table in document.tables:
        if table.section_id:
            for cell in table.cells:
                if cell.spans and not cell.is_header and _WORD.search(cell.text):
                    yield Paragraph(sections[table.section_id], cell.spans, pages)


def letterheads(document: Document) -> Iterator[Paragraph]:
    """Yield the letterheads, that of each appendix included, the lines of each joined to one."""
    pages = {page.number: page for page in document.pages}
    for section in document.sections:
        if section.kind == "letterhead" and section.paragraphs:
            lines = [span for spans in section.paragraphs for span in spans]
            yield Paragraph(section, lines, pages)
