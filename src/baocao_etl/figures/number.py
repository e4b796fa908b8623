"""One number in its paragraph, and the figure that it may be."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from baocao_etl.figures.numerals import NUMBER, parse_number
from baocao_etl.figures.paragraphs import Paragraph
from baocao_etl.figures.vocabulary import Unit, Vocabulary
from baocao_etl.models import FigureKind, Qualifier

_PER = re.compile(r"\s?/\s?(?:\d[\d.]*\s)?[^\W\d_]+(?:\s[^\W\d_]+)?")
_BRACKET = re.compile(r"\s?\(\s?([a-z]+(?:\s[a-z]+)*)\s?\)", re.IGNORECASE)
_TO = re.compile(rf"\s?(?:[-–]|(?:den|toi)\b)\s?({NUMBER.pattern})(?![\d/]|[.,]\d)")
_WIDEST = 20  # "5 - 8 hồ sơ" is a range, "1 - 25 hồ sơ" a label and a count
_NOT_INSIDE = r"(?![\d.,/]*\d|\s\d)"
_SPLIT = re.compile(rf"(?<!\d )[1-9]\d?\s(?!0[1-9])\d{{1,2}}(?:[.,]\d{{1,2}})?{_NOT_INSIDE}")
# A blank inside a group of thousands (6.8 12), before its digits (11. 824), or inside the first (16 8.420)
_SPLIT_GROUP = re.compile(
    r"(?<!\d )(?:[1-9]\d?\s\d{1,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:\.\d{3})*\.(?:\d\s\d\d|\d\d\s\d|\s\d{3})"
    rf"(?:\.\d{{3}})*)(?:,\d+)?{_NOT_INSIDE}"
)
_OPENING, _CLOSING = re.compile(r"([a-z]+) \(\s?$", re.IGNORECASE), re.compile(r"\s?\)")
_SURELY_READ = 0.97
# Of a ratio: 1 7/32 nhiệm vụ.
_SPLIT_PART = re.compile(r"(?<![\d/] )[1-9]\s\d(?=/\d{2,3}\s[^\W\d_])")
_COLONS = re.compile(r"[1-9]\d{0,2}(?:[.:]\d{3})*:\d{3}(?:[.:]\d{3})*(?![\d:])")  # 286.500:000
# A letter or a short word that was read as digits before a number that is whole: ở 31,9; là 17.450
_WORD_BEFORE = re.compile(r"(?:(?:6|0|1\d?)\s\d{2}|[60]\s\d{1,3})[.,]\d")
_LONGEST_CUE = 48  # characters
_SPACED = re.compile(r"[1-9]\d{0,2}(?:\s\d{3})+(?![\d.,/])")


class Candidate(NamedTuple):
    """A figure as far as its own words go. `start:end` is the number, `unit_end` where its unit ends."""

    start: int
    end: int
    unit_end: int
    kind: FigureKind
    value: Decimal
    unit: str | None
    confidence: float
    denominator: Decimal | None = None
    value_high: Decimal | None = None
    qualifier: Qualifier = "exact"


class Number(NamedTuple):
    """A number in its paragraph, with what the rules need to look at it.

    `high` is the upper end of a range (`5 - 8`, `5 đến 8`), which is one number here.
    """

    start: int
    end: int
    value: Decimal
    high: Decimal | None
    paragraph: Paragraph
    words: Vocabulary
    previous: Candidate | None

    @property
    def plain(self) -> str:
        """The paragraph without diacritics."""
        return self.paragraph.plain

    @property
    def text(self) -> str:
        """The paragraph as it is written."""
        return self.paragraph.text

    @property
    def digits(self) -> str:
        """The number as it is written."""
        return self.plain[self.start : self.end]

    @property
    def is_whole(self) -> bool:
        """Whether the number has no decimals."""
        return self.value == int(self.value)

    @property
    def is_surely_read(self) -> bool:
        """Whether these are digits for sure: on a badly read page a short number may be a word."""
        if not self.paragraph.digits_doubtful or self.digits[0] == "0":
            return True
        words = self.paragraph.place(self.start, self.end).words
        return len(self.digits) > 1 and min(word.confidence for word in words) >= _SURELY_READ

    @property
    def behind(self) -> int:
        """Where the unit may begin: behind the number, or behind itself in words or their bracket."""
        numerals = self.words.roles["numeral"]
        opened = self.right_behind(_OPENING)
        closed = _CLOSING.match(self.plain, self.end)
        if opened and closed and opened[1].lower() in numerals:
            return closed.end()  # mười lăm (15) buổi
        m = _BRACKET.match(self.plain, self.end)
        spelt = m and set(m[1].lower().split()) <= set(numerals)
        return m.end() if m and spelt else self.end

    def right_behind(self, cue: re.Pattern[str]) -> re.Match[str] | None:
        """Return where `cue`, which ends in `$`, stands right before the number in the plain text."""
        return cue.search(self.plain, max(0, self.start - _LONGEST_CUE), self.start)

    def unit(self, at: int | None = None) -> Unit | None:
        """Return the known unit behind the number (or behind `at`)."""
        return self.words.unit_at(self.text, self.behind if at is None else at)

    def figure(
        self,
        kind: FigureKind,
        unit: str | None,
        unit_end: int,
        confidence: float,
        *,
        scale: Decimal = Decimal(1),
    ) -> Candidate:
        """Return the candidate that this number makes with `unit`, its value times `scale`."""
        high = None if self.high is None else self.high * scale
        return Candidate(
            self.start, self.end, unit_end, kind, self.value * scale, unit, confidence, None, high
        )


def per_what(n: Number, end: int) -> tuple[str, int] | None:
    """Return what a measure is taken per, and where that ends: `/ngày`, `/người/ngày đêm`."""
    names: list[str] = []
    while m := _PER.match(n.text, end):
        begin = end + m[0].index("/") + 1
        known = n.words.unit_at(n.text, begin)
        if known and known.kind == "multiplier":  # bác sĩ/vạn dân
            known = n.words.unit_at(n.text, known.end) or known
        names.append(n.text[begin : known.end if known else m.end()].strip())
        end = known.end if known else m.end()
    return ("/".join(names), end) if names else None


def numbers_at(
    m: re.Match[str], paragraph: Paragraph, words: Vocabulary, previous: Candidate | None
) -> list[Number]:
    """Return what the number at `m` may be, the longest first: `12 500`, a range, or itself.

    On a page that was badly read, `48 7,3` may be 487,3 and `16 8.420` 168.420.
    """
    found: list[Number] = []
    for pattern in _split_forms(m, paragraph):
        if spaced := pattern.match(paragraph.plain, m.start()):
            joined = re.sub(r"\s", "", spaced[0]).replace(":", ".")
            if NUMBER.fullmatch(joined):
                value = parse_number(joined)
                found.append(Number(*spaced.span(), value, None, paragraph, words, previous))
    low = parse_number(m[0])
    if to := _TO.match(paragraph.plain, m.end()):
        high = parse_number(to[1])
        if low < high <= _WIDEST * low:
            found.append(Number(m.start(), to.end(), low, high, paragraph, words, previous))
    found.append(Number(*m.span(), low, None, paragraph, words, previous))
    return found


def _split_forms(m: re.Match[str], paragraph: Paragraph) -> tuple[re.Pattern[str], ...]:
    """Return the forms that a number with a blank inside may have on the page of `paragraph`.

    An English reader makes digits of "ở" and "là", so a short number before a whole one may be a word.
    """
    if not paragraph.digits_doubtful:
        return (_SPACED,)
    if _COLONS.match(paragraph.plain, m.start()):
        return (_COLONS,)
    if not paragraph.is_stripped:
        return (_SPACED, _SPLIT_GROUP, _SPLIT, _SPLIT_PART)
    first = paragraph.place(m.start(), m.end()).words[0]
    is_word = m[0] == "6" and first.confidence < _SURELY_READ
    if is_word or _WORD_BEFORE.match(paragraph.plain, m.start()):
        return ()
    return (_SPACED, _SPLIT_GROUP, _SPLIT)
