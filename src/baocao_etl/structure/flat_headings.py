"""Headings of flattened tables: one or more lines in which the columns' names run together.

Where a name ends is told by the rules that OCR kept, by brackets with a unit, by years, and by the
capitals with which names begin; since the number of columns is known from the rows, the best cuts of a
line into so many names are found by dynamic programming.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from rapidfuzz import fuzz

from baocao_etl.structure.flat_rows import RULES, is_flat, ordinal_of
from baocao_etl.structure.lines import Line, is_unit_caption, skeleton
from baocao_etl.structure.numbering import BULLET

_MOST_LINES = 5
_MOST_WORDS = 80  # of one heading line
_LONGEST_OPENING = 3  # words
_LEAST_COUNTED = 3  # columns that are numbered
_MOST_UNIT_WORDS = 3  # of a unit that goes on in the next line
_LEAST_PERIODS = 4  # words of the line for each period
_SAME = 84.0
_LEAST_TITLE = 8  # letters
_LONGEST_UPPER = 70  # characters of a line above the one that is surely a heading
_ORDINAL_HEADING = re.compile(r"^(?:s?tt|sit|so tt|so thu tu)\b")
_NOTE_HEADING = re.compile(r"\bg[ih]+i ch\w{1,2}$")
_UNIT_HEADING = re.compile(r"\b(?:dvt|don vi tinh)\b")
_UNIT_NAME = "don vi tinh"
_LIKE_UNIT_NAME = 86.0
_CAPTION = re.compile(r"^(?:bieu|bang|phu luc|kem theo|ban hanh|dvt|don vi tinh|don vi)\b")
_LABEL = re.compile(r"(?:\d+(?:\.\d+)*[.)/–-]|\d+(?:\.\d+)+|[a-zđ]\)|(?:[IVX]+|[vx])[.)/–-])\s")
_BRACKET = re.compile(r"\([^()]{1,24}\)")
_ATTACHED = re.compile(r"(?:kem theo|ban hanh (?:kem )?theo)\b")
BENT_PERCENT = re.compile(r"\((?:[°º]\s?/?\w{0,3}|[o0]/[o0]|96|9%)\)")
_ENDS_IN_SPECK = re.compile(r" (?:[:;]|\S{1,2}\.)$")  # a mark of a text stands at its word
_YEAR = re.compile(r"(?:19|20)\d\d\W?|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/(?:19|20)\d\d")
_COLUMN_NUMBER = re.compile(r"[({]?(?:\d{1,2}|[A-E])[)}](?:=.*)?")
_BARE_COLUMN_NUMBER = re.compile(r"[({]?(?P<number>\d{1,2}|[A-E])[)}]?(?:=[\d+\-:/*x%().]*)?")
_PLAIN_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ALONE = re.compile(r"\([^()]*\)|(?:19|20)\d\d")  # the lower line of a name: (%), 2020
_RULE_MARKS = "|¦│‖"
_PARTING = "|¦│‖/"  # upright rules, as OCR reads them
_NOT_NUMBER = re.compile(r"[sS][ơởổợớ]")  # sở, sơ, sổ are not số
_LIKE_CAPITALS = frozenset("cosuvwxz")
_PERIOD = frozenset({"thang", "quy", "nam", "ngay"})

SURE, LIKELY, HINT, OPEN, UNLIKELY, WRONG = 6.0, 4.0, 1.0, -0.3, -3.0, -6.0


class Part(NamedTuple):
    """A piece of a heading: the words `start:end` of its line, over the columns `first` to `last`."""

    start: int
    end: int
    first: int
    last: int


class Token(NamedTuple):
    """A word of a heading line, the strokes of rules cut off; `ruled`: a rule stands before it.

    `raised`: read as a small letter that looks like its capital (số), where a name may begin.
    """

    text: str
    at: int
    ruled: bool
    raised: bool = False


def numbers_rows(line: Line) -> bool:
    """Say whether `line` begins with the heading of row numbers: TT, STT, Số TT."""
    return any(_ORDINAL_HEADING.match(text) for text in (line.skeleton, skeleton(line.raw)))


def is_unit_name(text: str) -> bool:
    """Say whether `text` names a column of units: ĐVT, Đơn vị tính, some letters bent."""
    bare = skeleton(text)
    return bool(_UNIT_HEADING.fullmatch(bare)) or fuzz.ratio(bare, _UNIT_NAME) >= _LIKE_UNIT_NAME


def is_note_name(text: str) -> bool:
    """Say whether `text` names the column of notes behind the numbers."""
    return bool(_NOTE_HEADING.fullmatch(skeleton(text)))


def is_period(words: Sequence[str]) -> bool:
    """Say whether a name that begins with a number is a year, or months: 2021, 9 tháng."""
    return bool(_YEAR.fullmatch(words[0])) or (len(words) > 1 and skeleton(words[1]) in _PERIOD)


class HeadingLine:
    """One heading line: its words without rules, and how likely it may be cut before each."""

    def __init__(self, line: Line, openings: Collection[str] = ()) -> None:
        self.line = line
        self._openings = frozenset(openings)
        self.tokens: list[Token] = []
        ruled = False
        for i, word in enumerate(line.words):
            if word.raw in RULES or not re.search(r"[\w%(]", word.text):
                ruled = ruled or any(mark in word.text for mark in _PARTING)
                continue
            text = BENT_PERCENT.sub("(%)", word.text.strip(_RULE_MARKS))
            self.tokens.append(Token(text, i, ruled or word.text[0] in RULES))
            ruled = word.text[-1] in RULES
        if any(word.raw != word.text for word in line.words):
            self._raise()

    def _raise(self) -> None:
        """Give the names that OCR wrote small, because S looks like s, their capitals back."""
        for at, token in enumerate(self.tokens):
            if token.text[0] in _LIKE_CAPITALS and at in self._opened:
                capital = token.text[0].upper() + token.text[1:]
                self.tokens[at] = token._replace(text=capital, raised=True)

    @cached_property
    def counts_columns(self) -> bool:
        """Whether the line only numbers the columns: (1) (2) (3)."""
        hits = sum(bool(_COLUMN_NUMBER.fullmatch(token.text)) for token in self.tokens)
        return (len(self.tokens) >= 2 and 2 * hits > len(self.tokens)) or self._counts_bare

    @property
    def _counts_bare(self) -> bool:
        """Whether all tokens number columns, without brackets: A B 1 2 3=1+2."""
        read = [_BARE_COLUMN_NUMBER.fullmatch(token.text) for token in self.tokens]
        numbers = [int(m["number"]) for m in read if m and m["number"].isdigit()]
        counted = (
            numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
        )
        return all(read) and len(numbers) >= _LEAST_COUNTED and counted

    @property
    def is_readable(self) -> bool:
        """Whether the line holds names at all, and few enough words to be read as such."""
        return not self.counts_columns and 0 < len(self.tokens) <= _MOST_WORDS

    def is_sure(self, columns: int) -> bool:
        """Say whether the line is a heading of a table with `columns` columns of numbers."""
        text = self.line.text
        if numbers_rows(self.line) or self.counts_columns:
            return True
        if ordinal_of(self.line):
            return False
        rules = sum(token.ruled for token in self.tokens[1:])
        if rules >= 1 or len(_BRACKET.findall(text)) >= 2:
            return True
        if columns >= 2 and (_says_twice(text) or self._names_periods):
            return True
        capitals = sum(token.text[:1].isupper() for token in self.tokens)
        named = capitals > columns and 3 * capitals >= len(self.tokens) and not _is_title(text)
        return columns >= 2 and (named or len(self._years()) == columns)

    @property
    def _names_periods(self) -> bool:
        """Whether the line holds little but periods, the names of columns: `Tháng 5/2020 Tháng 5/2019`."""
        named = [
            i for i, token in enumerate(self.tokens)
            if _YEAR.fullmatch(token.text) and i and self.tokens[i - 1].text.istitle()
            and skeleton(self.tokens[i - 1].text) in _PERIOD
        ]  # fmt: skip
        return len(named) >= 2 and len(self.tokens) <= _LEAST_PERIODS * len(named)

    def _years(self) -> set[int]:
        """Return the tokens that are years side by side, each the name of a column or its end."""
        years = [bool(_YEAR.fullmatch(token.text)) for token in self.tokens]
        beside = zip(years, [False, *years], [*years[1:], False], strict=False)
        return {i for i, (year, left, right) in enumerate(beside) if year and (left or right)}

    @cached_property
    def number_words(self) -> int:
        """How many words at the line's start name the column of row numbers: TT, Số TT."""
        if not numbers_rows(self.line):
            return 0
        heads = ((n, skeleton(" ".join(t.text for t in self.tokens[:n]))) for n in (2, 1))
        return next((n for n, head in heads if _ORDINAL_HEADING.fullmatch(head)), 1)

    @cached_property
    def cuts(self) -> list[float]:
        """How likely a name begins with each token."""
        cuts = [0.0, *(_score(a, b) for a, b in pairwise(self.tokens))]
        cuts = [
            min(HINT, cut) if token.raised else cut
            for cut, token in zip(cuts, self.tokens, strict=True)
        ]
        alone = all(_ALONE.fullmatch(token.text) for token in self.tokens)
        years = self._years()
        is_open = False
        for i, token in enumerate(self.tokens):
            if is_open or (i and _is_split_period(self.tokens[i - 1].text, token.text)):
                cuts[i] = WRONG
            elif i and (alone or i in years or self._names_units(i)):
                cuts[i] = SURE
            elif cuts[i] == WRONG and token.text[:1].isupper() and self._ends_period(i):
                cuts[i] = LIKELY
            elif cuts[i] == UNLIKELY and (self._closes_bracket(i) or i in self._opened):
                cuts[i] = OPEN
            is_open = (is_open or "(" in token.text) and ")" not in token.text
        return cuts

    def _ends_period(self, end: int) -> bool:
        """Say whether a month or quarter by its number ends before token `end`: `Tháng 5 | Lũy kế`."""
        return end > 1 and skeleton(self.tokens[end - 2].text) in _PERIOD

    def may_cut(self, at: int) -> bool:
        """Say whether a name may begin with token `at`; between low words only where no name begins."""
        cut = self.cuts[at]
        return cut > UNLIKELY or (cut == UNLIKELY and self._goes_on[at])

    @cached_property
    def _goes_on(self) -> list[bool]:
        """Whether each token is of a run without capitals, whose pieces go on with names above."""
        found = []
        goes_on = True
        for token, cut in zip(self.tokens, self.cuts, strict=True):
            if token.text[:1].isupper():
                goes_on = False
            elif cut >= LIKELY:
                goes_on = True
            found.append(goes_on)
        return found

    @cached_property
    def _opened(self) -> set[int]:
        """The tokens with which names of columns often begin: Số, Đơn giá; but not the second of Tổng số."""
        words = [skeleton(token.text) for token in self.tokens]
        words = [
            "" if _NOT_NUMBER.fullmatch(t.text) else w
            for t, w in zip(self.tokens, words, strict=True)
        ]
        found: set[int] = set()
        at = 0
        while at < len(words):
            runs = accumulate(words[at : at + _LONGEST_OPENING])
            length = max((n for n, run in enumerate(runs, 1) if run in self._openings), default=0)
            if length:
                found.add(at)
            at += max(1, length)
        return found

    def _closes_bracket(self, at: int) -> bool:
        """Say whether the words from `at` on close a bracket that the line above opened."""
        texts = [token.text for token in self.tokens[at : at + _MOST_UNIT_WORDS]]
        end = next((i for i, text in enumerate(texts) if ")" in text), None)
        return end is not None and not any("(" in text for text in texts[: end + 1])

    def _names_units(self, end: int) -> bool:
        """Say whether the name of a column of units ends before token `end`."""
        texts = [token.text for token in self.tokens[max(0, end - 3) : end]]
        return any(is_unit_name(" ".join(texts[n:])) for n in range(len(texts)))


def _score(left: Token, right: Token) -> float:
    """Say how likely a name of a column ends with `left` and the next begins with `right`."""
    before, behind = left.text.rstrip(".,"), right.text
    if behind.startswith("("):
        return SURE if before.endswith(")") or right.ruled else OPEN
    if right.ruled or before.endswith(")"):
        return SURE
    is_number = bool(_PLAIN_NUMBER.fullmatch(before)) and not _YEAR.fullmatch(before)
    if _YEAR.fullmatch(behind) or is_number or before.endswith(("-", "–", "/")):
        return WRONG
    if _YEAR.fullmatch(before) or (behind[:1].isupper() and not before[:1].isupper()):
        return LIKELY
    return HINT if behind[:1].isupper() or behind[:1].isdigit() else UNLIKELY


def heading_start(lines: Sequence[Line], first: int, free: int, columns: int) -> int:
    """Return the first heading line above the row `first`, not above `free`; `first` if there is none."""
    start = first
    page = lines[first - 1].span.page if first else 0
    while start > max(free, first - _MOST_LINES) and _may_head(lines[start - 1]):
        if lines[start - 1].span.page != page:
            break
        start -= 1
    sure = [i for i in range(start, first) if HeadingLine(lines[i]).is_sure(columns)]
    if not sure:
        return first
    top = sure[0]
    while top > start and top > sure[0] - 2 and _is_upper(lines, top - 1):
        top -= 1
    return top


def _may_head(line: Line) -> bool:
    text = line.text
    if (
        not is_flat(line)
        or len(line.words) > _MOST_WORDS
        or (
            text.rstrip(' "”').endswith((";", ":", ":.", "!", "./."))
            and not _ENDS_IN_SPECK.search(text)
        )
    ):
        return False
    is_speck = text.rstrip().endswith((" .", "(.)")) or _ENDS_IN_SPECK.search(text)
    if text.rstrip().endswith(".") and not is_speck and len(text) > 40:
        return False
    if _CAPTION.match(skeleton(text)) and (":" in text[:16] or len(skeleton(text).split()) <= 5):
        return _is_first_column(text)
    if _ATTACHED.match(line.skeleton) or is_unit_caption(text):
        return False
    if _LABEL.match(text) or BULLET.match(text) or (text.startswith("(") and _is_remark(text)):
        return False
    heads = numbers_rows(line) or HeadingLine(line).counts_columns
    return heads or not _states_number(line)


def _is_first_column(text: str) -> bool:
    """Say whether "Đơn vị" opens a heading (`Đơn vị | Số hộ`) and no caption (`Đơn vị: hộ`)."""
    return ":" not in text and skeleton(text).startswith("don vi") and len(text.split()) > 3


def _is_remark(text: str) -> bool:
    return len(_BRACKET.findall(text)) < 2 and text.rstrip().endswith(")")


def _states_number(line: Line) -> bool:
    """Say whether a number stands in the line that is no year, no period and no column's number."""
    words = [word.text for word in line.words]
    for i, text in enumerate(words):
        core = text.strip("().,%|")
        if (
            not _PLAIN_NUMBER.fullmatch(core)
            or _YEAR.fullmatch(core)
            or _COLUMN_NUMBER.fullmatch(text)
        ):
            continue
        behind = skeleton(words[i + 1]) if i + 1 < len(words) else ""
        before = skeleton(words[i - 1]) if i else ""
        is_speck = core == "0"
        if (
            behind not in _PERIOD
            and before not in _PERIOD
            and len(words) > 3
            and i
            and not is_speck
        ):
            return True
    return False


def _is_split_period(left: str, right: str) -> bool:
    """Say whether OCR cut a month: `1 1/2020`."""
    return left == "1" and bool(_YEAR.fullmatch(right)) and right[1:2] == "/" and right[0] in "012"


def _says_twice(text: str) -> bool:
    """Say whether the second half of a line repeats the first: names below two names over several columns."""
    bare = skeleton(text)
    half = len(bare) // 2
    return half >= _LEAST_TITLE and fuzz.ratio(bare[:half], bare[half:]) >= _SAME


def _is_title(text: str) -> bool:
    """Say whether a line is set in capitals, some of which OCR may have read small (KẾT quả)."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > _LEAST_TITLE and 2 * sum(map(str.isupper, letters)) > len(letters)


def _is_upper(lines: Sequence[Line], i: int) -> bool:
    """Say whether line `i` is the upper line of headings: short, and no end of a paragraph above."""
    line = lines[i]
    if len(line.text) > _LONGEST_UPPER or _is_title(line.text):
        return False
    above = lines[i - 1] if i else None
    ended = above is None or above.text.rstrip().endswith((".", ":", ";", ")"))
    return ended or line.gap_above or (above is not None and len(above.text) <= _LONGEST_UPPER)
