"""Headings of flattened tables: one or more lines in which the columns' names run together.

Where a name ends is told by the rules that OCR kept, by brackets with a unit, by years, and by the
capitals with which names begin; since the number of columns is known from the rows, the best cuts of a
line into so many names are found by dynamic programming.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from baocao_etl.structure.flat_rows import RULES, is_flat, ordinal_of
from baocao_etl.structure.lines import Line, is_capitals, skeleton
from baocao_etl.structure.numbering import BULLET

_MOST_LINES = 5
_MOST_WORDS = 80  # of one heading line
_LONGEST_UPPER = 70  # characters of a line above the one that is surely a heading
_ORDINAL_HEADING = re.compile(r"^(?:s?tt|sit|so tt|so thu tu)\b")
_NOTE_HEADING = re.compile(r"\bg[ih]+i ch\w{1,2}$")
_UNIT_HEADING = re.compile(r"\b(?:dvt|don vi tinh)\b")
_CAPTION = re.compile(r"^(?:bieu|bang|phu luc|kem theo|ban hanh|dvt|don vi tinh|don vi)\b")
_LABEL = re.compile(r"(?:\d+(?:\.\d+)*[.)]|\d+(?:\.\d+)+|[a-zđ]\)|[IVX]+[.)])\s")
_BRACKET = re.compile(r"\([^()]{1,24}\)")
_YEAR = re.compile(r"(?:19|20)\d\d\W?|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/(?:19|20)\d\d")
_COLUMN_NUMBER = re.compile(r"[({]?(?:\d{1,2}|[A-E])[)}](?:=.*)?")
_PLAIN_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ALONE = re.compile(r"\([^()]*\)|(?:19|20)\d\d")  # the lower line of a name: (%), 2020
_PERIOD = frozenset({"thang", "quy", "nam", "ngay"})

SURE, LIKELY, HINT, UNLIKELY, WRONG = 6.0, 4.0, 1.0, -3.0, -6.0


class Part(NamedTuple):
    """A piece of a heading: the words `start:end` of its line, over the columns `first` to `last`."""

    start: int
    end: int
    first: int
    last: int


class _Token(NamedTuple):
    text: str
    at: int
    ruled: bool  # a rule stands before it


def numbers_rows(line: Line) -> bool:
    """Say whether `line` begins with the heading of row numbers: TT, STT, Số TT."""
    return any(_ORDINAL_HEADING.match(text) for text in (line.skeleton, skeleton(line.raw)))


class HeadingLine:
    """One heading line, cut into the names of columns."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._tokens: list[_Token] = []
        ruled = False
        for i, word in enumerate(line.words):
            if word.raw in RULES or word.text in {*RULES, "/", "|.", "."}:
                ruled = ruled or word.text != "."
                continue
            self._tokens.append(_Token(word.text, i, ruled or word.text[0] in RULES))
            ruled = False

    @cached_property
    def counts_columns(self) -> bool:
        """Whether the line only numbers the columns: (1) (2) (3)."""
        hits = sum(bool(_COLUMN_NUMBER.fullmatch(token.text)) for token in self._tokens)
        return len(self._tokens) >= 2 and 2 * hits > len(self._tokens)

    def is_sure(self, columns: int) -> bool:
        """Say whether the line is a heading of a table with `columns` columns of numbers."""
        text = self.line.text
        if numbers_rows(self.line) or self.counts_columns:
            return True
        if ordinal_of(self.line):
            return False
        rules = sum(token.ruled for token in self._tokens[1:])
        if rules >= 1 or len(_BRACKET.findall(text)) >= 2:
            return True
        capitals = sum(token.text[:1].isupper() for token in self._tokens)
        named = capitals > columns and 3 * capitals >= len(self._tokens)
        return columns >= 2 and (named or len(self._year_columns()) == columns)

    def _year_columns(self) -> range:
        """Return the tokens at the line's end that are years, each the name of a column."""
        start = len(self._tokens)
        while start > 1 and _YEAR.fullmatch(self._tokens[start - 1].text):
            start -= 1
        return range(start, len(self._tokens)) if start < len(self._tokens) - 1 else range(0)

    def parts(self, columns: int, lead: int) -> list[Part]:
        """Cut the line into names; `lead` columns (number, label) stand before the `columns` of numbers."""
        if self.counts_columns or not 0 < len(self._tokens) <= _MOST_WORDS:
            return []
        if len(self._tokens) == columns and all(_ALONE.fullmatch(t.text) for t in self._tokens):
            return [Part(t.at, t.at + 1, lead + i, lead + i) for i, t in enumerate(self._tokens)]
        numbered = numbers_rows(self.line)
        noted = bool(_NOTE_HEADING.search(skeleton(self.line.text)))
        united = bool(_UNIT_HEADING.search(self.line.skeleton))
        shares = [d for d in range(columns, 1 if columns > 1 else 0, -1) if columns % d == 0]
        first = self._number_words() if numbered else 0
        rest = self._tokens[first:]
        best: tuple[float, int, bool, list[int]] | None = None
        for share in shares:
            for labelled in (True,) if numbered else (True, False):
                found = self._cuts(rest, share + labelled + united + noted)
                if found is not None and (best is None or found[0] > best[0] + 0.01):
                    best = (found[0], share, labelled, found[1])
        number = [Part(0, rest[0].at, 0, 0)] if first and rest else []
        if best is None or (best[0] <= 0 and not numbered):
            return number
        names = self._names(rest, best[3])
        units = [name for name in names if _UNIT_HEADING.fullmatch(self._text(name))][:1]
        names = [name for name in names if name not in units]
        whole = len(names) == best[1] + best[2] + noted
        if not whole and (not best[2] or len(names) < 2 + noted):
            return number
        over_labels = [Part(unit.start, unit.stop, lead - 1, lead - 1) for unit in units]
        return [*number, *_placed(names, best[2], noted, columns, lead), *over_labels]

    def _text(self, name: range) -> str:
        return skeleton(" ".join(self.line.words[i].text for i in name))

    def _number_words(self) -> int:
        return next((n for n in (2, 1) if _ORDINAL_HEADING.fullmatch(self._head(n))), 1)

    def _head(self, n: int) -> str:
        return skeleton(" ".join(token.text for token in self._tokens[:n]))

    def _names(self, tokens: Sequence[_Token], cuts: Sequence[int]) -> list[range]:
        """Return the words of each name; what was only cut to reach their number stays one name."""
        scores = self._scores(tokens)
        kept = [at for at in cuts if scores[at] > 0]
        return [
            range(tokens[a].at, tokens[b - 1].at + 1) for a, b in pairwise([0, *kept, len(tokens)])
        ]

    def _scores(self, tokens: Sequence[_Token]) -> list[float]:
        """Return how likely a name begins with each token."""
        scores = [0.0, *(_score(a, b) for a, b in pairwise(tokens))]
        sure = self._unit_ends(tokens)
        years = [self._tokens[i].at for i in self._year_columns()]
        for i, token in enumerate(tokens):
            if i and (i in sure or token.at in years):
                scores[i] = SURE
        return scores

    def _cuts(self, tokens: Sequence[_Token], names: int) -> tuple[float, list[int]] | None:
        """Return the best places to cut `tokens` into `names` names, and what they score together."""
        if not 1 <= names <= len(tokens):
            return None
        scores = self._scores(tokens)
        best: list[dict[int, tuple[float, list[int]]]] = [{0: (0.0, [])}]
        for n in range(1, names):
            row: dict[int, tuple[float, list[int]]] = {}
            for at in range(n, len(tokens)):
                before = [(s, c) for p, (s, c) in best[n - 1].items() if p < at]
                if before:
                    score, cuts = max(before, key=lambda found: found[0])
                    row[at] = (score + scores[at], [*cuts, at])
            best.append(row)
        return max(best[-1].values(), key=lambda found: found[0], default=None)

    @staticmethod
    def _unit_ends(tokens: Sequence[_Token]) -> list[int]:
        """Return where a column of units is named: it shares the label's cell, and a name begins behind."""
        ends = []
        for n in range(1, len(tokens)):
            head = skeleton(" ".join(token.text for token in tokens[max(0, n - 3) : n]))
            m = _UNIT_HEADING.search(head)
            if m and m.end() == len(head):
                ends.append(n)
        return ends


def _placed(
    names: Sequence[range], labelled: bool, noted: bool, columns: int, lead: int
) -> list[Part]:
    """Put the names over their columns: the label's, those of the numbers, the notes'.

    All head as many columns, unless there are too few: then the longest name has lost a neighbour to
    OCR, and stands over the columns that are left.
    """
    parts: list[Part] = []
    inner = list(names)
    if labelled:
        label = inner.pop(0)
        parts.append(Part(label.start, label.stop, lead - 1, lead - 1))
    if noted:
        note = inner.pop()
        parts.append(Part(note.start, note.stop, lead + columns, lead + columns))
    longest = max(inner, key=len)
    width, rest = divmod(columns, len(inner))
    at = lead
    for name in inner:
        over = width if not rest else 1 + (columns - len(inner)) * (name is longest)
        parts.append(Part(name.start, name.stop, at, at + over - 1))
        at += over
    return parts


def _score(left: _Token, right: _Token) -> float:
    """Say how likely a name of a column ends with `left` and the next begins with `right`."""
    before, behind = left.text.rstrip(".,"), right.text
    if behind.startswith("("):
        return SURE if before.endswith(")") else WRONG
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
    while start > max(free, first - _MOST_LINES) and _may_head(lines[start - 1]):
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
        or text.rstrip(' "”').endswith((";", ":", "!", "./."))
    ):
        return False
    if text.rstrip().endswith(".") and not text.rstrip().endswith((" .", "(.)")) and len(text) > 40:
        return False
    if _CAPTION.match(skeleton(text)) and (":" in text[:16] or len(skeleton(text).split()) <= 5):
        return _is_first_column(text)
    if _LABEL.match(text) or BULLET.match(text) or (text.startswith("(") and _is_remark(text)):
        return False
    return not _states_number(line)


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
        if behind not in _PERIOD and before not in _PERIOD and len(words) > 3 and i:
            return True
    return False


def _is_upper(lines: Sequence[Line], i: int) -> bool:
    """Say whether line `i` is the upper line of headings: short, and no end of a paragraph above."""
    line = lines[i]
    if len(line.text) > _LONGEST_UPPER or is_capitals(line.text):
        return False
    above = lines[i - 1] if i else None
    ended = above is None or above.text.rstrip().endswith((".", ":", ";", ")"))
    return ended or line.gap_above or (above is not None and len(above.text) <= _LONGEST_UPPER)
