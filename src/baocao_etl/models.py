"""The nouns of the project, shared by every room.

A word is the unit that travels. It knows where it stands: `offset` into its page's raw text, `box` on
the page image, `line` on the page (or in the text file). Sections, figures, citations and mentions are
spans of words, so where a value came from is carried along, never searched for afterwards.

Units: boxes and page sizes are points (1/72 inch), origin at the top left of the page as it is seen;
confidences and qualities are probabilities between 0 and 1; text is NFC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

TextOrigin = Literal["layer", "ocr", "both", "text"]
SectionKind = Literal[
    "letterhead", "article", "part", "section", "clause", "point",
    "appendix", "recipients", "signature", "table",
]  # fmt: skip
FigureKind = Literal["count", "percent", "ratio", "money", "quantity", "score", "rank", "change"]
Qualifier = Literal[
    "exact", "about", "at_least", "at_most", "more_than", "less_than", "nearly"
]  # fmt: skip
MentionKind = Literal["system", "place", "organisation"]
Verdict = Literal["holds", "fails", "note"]


class Box(NamedTuple):
    """A rectangle in points, origin at the top left of the page as it is seen."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in points."""
        return self.y1 - self.y0

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        """Return the smallest box that holds all of `boxes` (at least one)."""
        x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
        return cls(min(x0s), min(y0s), max(x1s), max(y1s))


class Word(NamedTuple):
    """One token between white space, as it was read (`raw`) and as it was meant (`text`).

    `offset` is where `raw` begins in the page's `raw_text`; `line` counts from 1, on the page where
    there are boxes and in the file where there are none. `confidence` is P(text is what was printed).
    """

    text: str
    raw: str
    offset: int
    line: int
    box: Box | None = None
    confidence: float = 1.0

    @property
    def end(self) -> int:
        """The offset just behind the word in the page's raw text."""
        return self.offset + len(self.raw)


class Span(NamedTuple):
    """The words `start:end` of page number `page`."""

    page: int
    start: int
    end: int


class Model(BaseModel):
    """Base of the records: immutable, and strict about their field names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Model):
    """One file, identified by its bytes."""

    path: str
    sha256: str
    size: int
    media_type: str


class Correction(Model):
    """One repair: nothing is changed without a row like this.

    `offset` is into the page's raw text. `reason` names the step that made it (`separators`, `ftfy`,
    `nfc`, `tcvn3`, `lexicon`, `decoder`, ...). `alternatives` are other readings with their probabilities.
    """

    page: int
    offset: int
    raw: str
    text: str
    reason: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


class Page(Model):
    """One page: its words in reading order and the raw text they stand in.

    For every word, `raw_text[word.offset:word.end] == word.raw`, and offsets rise within the page.
    Each word whose text is not as it was read has its correction, and each that was cut from another.
    `damage` names what is wrong with the text (`clean`, `stripped`, ...); None where nobody looked.
    `error` says why a page could not be read; its words are then empty and its document goes on.
    `judgement` says how the page was read and why so (its layer kept, OCRed, both weighed).
    `fonts` runs parallel to the words of a text layer; it is empty where there are no fonts.
    `rivals` runs parallel to the words that OCR read: other readings that the engine weighed, each
    with the natural log of how likely it is beside the word as read; empty where none are known.
    Repair makes use of them and drops them.
    `turns` are the quarter turns clockwise that set the text upright: 1 or 3 where an appendix that
    lies across was scanned with the rest, 2 where a sheet stood on its head. Boxes know nothing of it.
    """

    number: int
    width: float | None = None
    height: float | None = None
    text_origin: TextOrigin
    damage: str | None = None
    quality: float = 1.0
    raw_text: str
    words: tuple[Word, ...] = ()
    corrections: tuple[Correction, ...] = ()
    error: str | None = None
    fonts: tuple[str | None, ...] = ()
    rivals: tuple[tuple[tuple[str, float], ...], ...] = ()
    judgement: str | None = None
    turns: int = 0

    @property
    def text(self) -> str:
        """The raw text after its corrections; white space is kept.

        Words that touch were one token wrongly joined by OCR: a space is put between them.
        """
        latest = {made.offset: made for made in self.corrections}  # a step may mend an earlier one
        parts: list[str] = []
        end = 0  # behind the correction before
        for offset, made in sorted(latest.items()):
            if offset < end:
                continue  # the word before has been joined with this one
            parts += (self.raw_text[end:offset], " " if offset == end > 0 else "", made.text)
            end = offset + len(made.raw)
        parts.append(self.raw_text[end:])
        return "".join(parts)

    def lines(self) -> list[Span]:
        """Return the page's lines in reading order, as spans of words."""
        spans: list[Span] = []
        start = 0
        for i in range(1, len(self.words) + 1):
            if i == len(self.words) or self.words[i].line != self.words[start].line:
                spans.append(Span(self.number, start, i))
                start = i
        return spans


class Letterhead(Model):
    """The administrative boxes of Nghị định 30/2020/NĐ-CP, Phụ lục I, as far as they could be read.

    `evidence` maps a field to where it was taken from when it was not the letterhead itself.
    `signer_title` has all that stands above the name: "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH".
    """

    superior: str | None = None
    issuer: str | None = None
    number: str | None = None
    symbol: str | None = None
    issued_place: str | None = None
    issued_on: date | None = None
    doc_type: str | None = None
    subject: str | None = None
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    signer: str | None = None
    signer_title: str | None = None
    issuer_place_code: str | None = None
    evidence: dict[str, str] = {}


class Section(Model):
    """One node of the section tree; `path` is the numbering as a person would cite it.

    Each paragraph is a tuple of spans, one a line, in reading order; the label is part of the first.
    Bullets (`-`, `+`) are nodes too, and carry the path of the numbered section they stand in.
    """

    section_id: str
    parent_id: str | None
    ordinal: int
    kind: SectionKind
    label: str | None
    path: str
    title: str
    text: str
    paragraphs: tuple[tuple[Span, ...], ...]
    page_from: int
    page_to: int


class Cell(Model):
    """One cell of a table; `row` and `column` count from 0, header rows included."""

    row: int
    column: int
    text: str
    spans: tuple[Span, ...] = ()
    box: Box | None = None
    is_header: bool = False


class Table(Model):
    """A table, its cells kept with their words. `problem` says what could not be rebuilt."""

    table_id: str
    section_id: str | None
    ordinal: int
    page_from: int
    page_to: int
    title: str | None
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    problem: str | None = None


class Figure(Model):
    """One number that the report states, with what it counts and where it stands.

    `value` has its multiplier applied ("4 triệu" is 4000000); percent stays in percent; a ratio a/b
    has `value` a and `denominator` b; a range has its upper end in `value_high`. `quoted_from` names
    another body whose figure the report quotes; it is None for the report's own results and targets.
    """

    figure_id: str
    section_id: str | None
    section_path: str
    table_id: str | None = None
    page: int
    line: int
    box: Box | None
    span: Span
    raw_text: str
    text: str
    sentence: str
    kind: FigureKind
    value: Decimal
    denominator: Decimal | None = None
    value_high: Decimal | None = None
    qualifier: Qualifier = "exact"
    unit: str | None = None
    subject: str | None = None
    indicator: str | None = None
    place_code: str | None = None
    level: str | None = None
    period_from: date | None = None
    period_to: date | None = None
    is_target: bool = False
    confidence: float
    review: str | None = None
    quoted_from: str | None = None


class Citation(Model):
    """A reference to another document: type, number, symbol, issuer, date; `text` is it as repaired."""

    section_id: str | None
    span: Span
    raw_text: str
    text: str = ""
    doc_type: str | None = None
    number: str | None = None
    symbol: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    clause: str | None = None


class Mention(Model):
    """A named system, place or organisation."""

    section_id: str | None
    span: Span
    kind: MentionKind
    name: str
    raw_text: str
    confidence: float


class Finding(Model):
    """What a check found: the rule, the figures it concerns, and its verdict."""

    rule: str
    figure_ids: tuple[str, ...]
    verdict: Verdict
    message: str


class Document(Model):
    """One report, whole: what a source (or a part of it) became."""

    doc_id: str
    source: Source
    part: int
    pages: tuple[Page, ...]
    letterhead: Letterhead
    sections: tuple[Section, ...]
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    citations: tuple[Citation, ...] = ()
    mentions: tuple[Mention, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def quality(self) -> float:
        """Mean quality of the pages, weighted by their words."""
        weights = [max(1, len(page.words)) for page in self.pages]
        total = sum(page.quality * w for page, w in zip(self.pages, weights, strict=True))
        return total / sum(weights) if weights else 0.0

    def words(self, span: Span) -> Sequence[Word]:
        """Return the words of `span`."""
        return next(p for p in self.pages if p.number == span.page).words[span.start : span.end]
