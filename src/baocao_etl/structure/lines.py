"""Lines and paragraphs: the words of a page as a person's eye takes them in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property, lru_cache

from pydantic import BaseModel, ConfigDict
from unidecode import unidecode

from baocao_etl.models import Box, Page, Span, Word

_ACADEMIC = re.compile(r"^(?:(?:PGS|GS|TSKH|TS|ThS|Ths|KS|BS|CN|LS)\s?\.\s?)+")
_UNIT_CAPTION = re.compile(r"(?:dvt|don vi tinh|don vi)(?: \S+){1,3}")
_AMOUNTS = re.compile(r"(?:(?:nghin|ngan|trieu|ty) ){1,2}dong")
_LONGEST_LABEL = 3  # words
_RULES = frozenset("|¦│‖")
SENTENCE_END = (".", ":", ";", "!", "?", "./.")


@lru_cache(maxsize=1 << 15)  # lines, cells and names are compared again and again
def skeleton(text: str) -> str:
    """Return `text` without diacritics, case and punctuation, for comparing what OCR bent."""
    return " ".join(re.findall(r"[a-z0-9]+", unidecode(text).lower()))


def is_unit_caption(text: str) -> bool:
    """Say whether `text` tells the unit of a table: "Đơn vị tính: hộ", or an amount's, its label bent."""
    if _UNIT_CAPTION.fullmatch(skeleton(text)):
        return True
    label, colon, unit = text.partition(":")
    is_short = len(label.split()) <= _LONGEST_LABEL
    return bool(colon) and is_short and bool(_AMOUNTS.fullmatch(skeleton(unit)))


def is_capitals(text: str) -> bool:
    """Say whether the letters of `text` are (nearly) all capitals, at least three of them."""
    letters = [c for c in text if c.isalpha()]
    upper = sum(c.isupper() for c in letters)
    return len(letters) >= 3 and upper >= 0.85 * len(letters)


def starts_low(text: str) -> bool:
    """Say whether the first letter of `text` is in lower case."""
    first = next((c for c in text if c.isalpha()), "A")
    return unicodedata.category(first) == "Ll"


def is_person_name(text: str) -> bool:
    """Say whether `text` is written like a person's name: two to five capitalised words."""
    words = _ACADEMIC.sub("", text.strip()).split()
    return 2 <= len(words) <= 5 and all(
        w.replace("'", "").isalpha() and w[:1].isupper() and (w[1:].islower() or len(w) == 1)
        for w in words
    )


class Line(BaseModel):
    """One line of one page: its words, its cells (parted by tabs or wide gaps) and the gap above it."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    span: Span
    words: tuple[Word, ...]
    cells: tuple[str, ...]
    cell_spans: tuple[Span, ...]
    gap_above: bool

    @cached_property
    def text(self) -> str:
        """The repaired words, parted by single spaces."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def raw(self) -> str:
        """The words as they were read, parted by single spaces."""
        return " ".join(word.raw for word in self.words)

    @cached_property
    def skeleton(self) -> str:
        """The text without diacritics, case and punctuation."""
        return skeleton(self.text)

    @property
    def number(self) -> int:
        """The line's number: on the page, or in the text file."""
        return self.words[0].line

    @cached_property
    def box(self) -> Box | None:
        """The box around the words, where they have boxes."""
        boxes = [word.box for word in self.words if word.box is not None]
        return Box.around(boxes) if boxes else None


def page_lines(page: Page) -> list[Line]:
    """Return the lines of `page` that hold words, in reading order."""
    found: list[Line] = []
    before = 0
    for span in page.lines():
        words = page.words[span.start : span.end]
        gap = page.raw_text.count("\n", before, words[0].offset) > 1
        before = words[-1].end
        cells, cell_spans = _cells(page, span)
        found.append(
            Line(span=span, words=words, cells=cells, cell_spans=cell_spans, gap_above=gap)
        )  # fmt: skip
    return found


def _cells(page: Page, span: Span) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    """Cut a line at its tabs, and at the upright rules that OCR reads as `|`.

    Two tabs in a row part an empty cell, which stays, as an empty span; a rule beside a tab adds none.
    """
    spans: list[Span] = []
    start = span.start
    tabs = page.raw_text.count("\t", _line_start(page, span), page.words[span.start].offset)
    spans += [Span(span.page, start, start)] * tabs
    for i in range(span.start, span.end):
        word = page.words[i]
        behind = page.words[i + 1].offset if i + 1 < span.end else _line_end(page, word.end)
        tabs = page.raw_text.count("\t", word.end, behind)
        ruled = word.raw in _RULES
        if ruled or tabs or i + 1 == span.end:
            end = i if ruled else i + 1
            if end > start:
                spans.append(Span(span.page, start, end))
            spans += [Span(span.page, i + 1, i + 1)] * (tabs if i + 1 == span.end else tabs - 1)
            start = i + 1
    if not spans:
        spans.append(span)
    texts = (" ".join(word.text for word in page.words[s.start : s.end]) for s in spans)
    return tuple(texts), tuple(spans)


def _line_start(page: Page, span: Span) -> int:
    return page.raw_text.rfind("\n", 0, page.words[span.start].offset) + 1


def _line_end(page: Page, offset: int) -> int:
    end = page.raw_text.find("\n", offset)
    return len(page.raw_text) if end < 0 else end


def typical_width(lines: Sequence[Line]) -> float:
    """Return the width in characters that a full line has: the upper quartile of the longer lines."""
    widths = sorted(len(line.text) for line in lines if len(line.text) > 20)
    return float(widths[(3 * len(widths)) // 4]) if widths else 80.0


def joins(previous: Line, line: Line, width: float, *, is_heading: bool = False) -> bool:
    """Say whether `line` goes on with the paragraph of `previous` (neither begins with a label).

    Blank lines prove little: dumps of scans have them between lines of one sentence. What ends a
    paragraph is an end mark before a gap, or a short line before one that begins with a capital; behind
    a heading that did not fill its line, the text begins.
    """
    ended = previous.text.rstrip("\"')”’ ").endswith(SENTENCE_END)
    if starts_low(line.text) and not ended:
        return True
    is_short = len(previous.text) < 0.72 * width
    changed_page = previous.span.page != line.span.page
    gap = line.gap_above or changed_page or is_heading
    if ended:
        return not (is_short or gap)
    return not (is_short and gap) and not (is_capitals(previous.text) and is_short)
