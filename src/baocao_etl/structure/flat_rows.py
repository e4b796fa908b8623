"""Rows of tables that a dump flattened: a row number, a label, then the numbers of the columns.

OCR leaves single spaces between the cells, and some of the upright rules as `|`. What is left of a row
is its shape, so a row is read from the run of numbers in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from math import log10
from typing import NamedTuple

from baocao_etl.models import Word
from baocao_etl.structure.lines import Line

RULES = frozenset("|¦│‖")
_EDGES = "|¦│‖~`'’‘·_;:,.()[]{}°"
_VALUE = re.compile(r"-?\d+(?:[.,]\d+)*(?:%|/(?!(?:19|20)\d\d$)\d+(?:[.,]\d+)*)?")  # 12/15: a share
# Of a rule or a leader, not the sign of a number.
_STROKE = re.compile(r"^(?:[-–—~]*[–—~])-?(?=\d)")
_EMPTY = re.compile(r"[-–—]")
_DAMAGED = re.compile(r"(?=(?:\D*\d){2})[\dZSOoIl|B]{1,3}(?:[.,:]?[\dZSOoIlB]{1,3})*%?")
_COLON = re.compile(r"(?<=\d):(?=\d{1,2}%?$)")  # a decimal comma, as OCR reads it
_SENTENCE_END = (".", ";", ":", ",", "!")
_LONGEST_NOISE = 3  # letters of a word that may be a number misread
_ROUNDED = 0.001  # of a total that is its column's sum, nearly
_MOST_WAYS = 16  # to read a row of too many numbers
_LONGEST_ROW = 60  # words; a longer line is a paragraph
_LONGEST_NOTE = 10  # words
_YEAR = re.compile(r"(?:19|20)\d\d")
_ORDINAL = re.compile(r"(?:[IVXLl]{1,5}|\d{1,2}(?:\.\d{1,2}){0,3}|[A-Za-zĐđ])[_.)|]*|[-–+*•]")
_LOST_ORDINAL = re.compile(r"(?:[IVXLl]{1,5}|\d{1,2}(?:\.\d{1,2}){0,3}|[A-EĐ])[_.)|]*")
_WORD = re.compile(r"[^\W\d_]{2}")
_GROUP = re.compile(r"\d{1,3}(?:\.\d{3})*\.?")
_HALF, _OTHER_HALF = re.compile(r"[1-9]\d?"), re.compile(r"\d{2,3}(?:,\d+)?%?")
_OF_NONE = 0.5  # powers of ten that an empty cell is apart from any number
_OF_HALVES = 0.7  # powers of ten by which short halves must fit better as one number
_LOST_COMMA = re.compile(r"(\d{1,3}(?:\.\d{3})*\.\d{3})(\d{1,2})")
_COMMA_GROUP = re.compile(r"[1-9]\d{0,2},\d{3}")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")


class Value(NamedTuple):
    """A cell behind the label: its text (empty for a dash) and its words `start:end` in the line."""

    text: str
    start: int
    end: int


class Row(NamedTuple):
    """A line read as a row; `ordinal`, `label` and `note` are ranges of its words."""

    line: Line
    ordinal: range
    label: range
    values: tuple[Value, ...]
    note: range

    def text(self, part: range) -> str:
        """Return the words of `part`, the strokes of rules left out."""
        words = (self.line.words[i].text.strip("|¦│‖_") for i in part)
        return " ".join(word for word in words if word)


def is_flat(line: Line) -> bool:
    """Say whether `line` is one of a dump without cells: no boxes, and none of its cells cut by a tab."""
    rules = sum(word.raw in RULES for word in line.words)
    return line.box is None and len(line.cells) <= 1 + rules


def bare_number(text: str) -> str | None:
    """Return the number that a token is, the marks at its edges cut off; "" for a dash, else None."""
    if _EMPTY.fullmatch(text):
        return ""
    core = _STROKE.sub("", text).strip(_EDGES)
    if text.endswith(":") or not (_VALUE.fullmatch(core) or _DAMAGED.fullmatch(core)):
        return None
    return _COLON.sub(",", core)


def read_row(line: Line) -> Row | None:
    """Read `line` as a row of a flattened table: the longest run of numbers behind its label is its cells.

    None where there are no such numbers, where they are years (a heading), or where commas string them
    together (a sentence).
    """
    if len(line.words) > _LONGEST_ROW or not is_flat(line):
        return None
    label = label_start(line)
    kept = [i for i in range(label, len(line.words)) if line.words[i].text.strip("|¦│‖~_.:'`")]
    grouped = groupby(kept, key=lambda i: _is_value(line, i))
    runs = [list(group) for is_value, group in grouped if is_value]
    if runs and runs[0][0] == kept[0] and _YEAR.fullmatch(line.words[kept[0]].text):
        runs = [runs[0][1:]]  # a row that is called after its year
    else:
        runs = [run for run in runs if _WORD.search(_text(line, label, run[0]))]
    if not any(runs):
        return None
    # A list of numbers in the notes is no row's if another run may be: 30 27,25 mục 3.2, 3.5
    run = max(runs, key=lambda r: (len(r) < 2 or _strung(line, r) < len(r) - 1, len(r), r[0]))
    values = tuple(_values(line, run))
    numbers = [value.text for value in values if value.text]
    listed = any(line.words[i].text.endswith(";") for i in run)
    if (
        not numbers
        or all(map(_YEAR.fullmatch, numbers))
        or listed
        or 2 * _strung(line, run) > len(values)
    ):
        return None
    note = range(values[-1].end, len(line.words))
    if len(note) > _LONGEST_NOTE or (len(note) > 1 and line.text.endswith(_SENTENCE_END)):
        return None
    return Row(line, range(label), range(label, run[0]), values, note)


def _strung(line: Line, run: Sequence[int]) -> int:
    """Return how many numbers of a run a comma strings to the next, as in a sentence: `mục 2.1, 2.4`."""
    return sum(line.words[i].text.endswith((",", ";")) for i in run)


def label_start(line: Line) -> int:
    """Return where the label begins, behind a row number or a dash and the rule behind that."""
    words = line.words
    start = 0
    while start < len(words) and words[start].text in RULES:
        start += 1
    if start + 1 < len(words) and _is_ordinal(words[start]):
        start += 1
        while start < len(words) and words[start].text in RULES:
            start += 1
        return start
    return 0


def _is_ordinal(word: Word) -> bool:
    """Say whether `word` is a row number; repair may have made a word of a lone `I` or `A`."""
    return bool(_ORDINAL.fullmatch(word.text) or _LOST_ORDINAL.fullmatch(word.raw))


def ordinal_of(line: Line) -> str:
    """Return the row number that `line` begins with, or an empty text."""
    return row_number(line.words[: label_start(line)])


def row_number(words: Sequence[Word]) -> str:
    """Return the text of a row number, as it was read where repair made a word of it."""
    texts = (w.text if _ORDINAL.fullmatch(w.text) else w.raw for w in words)
    return "".join(texts).strip(_EDGES + " ")


def _is_value(line: Line, i: int) -> bool:
    text = line.words[i].text
    if text == "%":
        return i > 0 and _VALUE.fullmatch(line.words[i - 1].text.strip(_EDGES)) is not None
    return bare_number(text) is not None


def _values(line: Line, run: Sequence[int]) -> list[Value]:
    values: list[Value] = []
    for i in run:
        if line.words[i].text == "%" and values:
            last = values[-1]
            values[-1] = Value(f"{last.text.rstrip('%')}%", last.start, i + 1)
        else:
            values.append(Value(bare_number(line.words[i].text) or "", i, i + 1))
    return values


def _text(line: Line, start: int, end: int) -> str:
    return " ".join(word.text for word in line.words[start:end])


def mended(text: str, beside: Sequence[str]) -> str:
    """Return a number with the marks that OCR changed set right, where its own groups or its row tell.

    A group of thousands has three digits, so 3.0785 has lost its comma; 9,840 beside 9.655 has none.
    """
    if m := _LOST_COMMA.fullmatch(text):
        return f"{m[1]},{m[2]}"
    if _COMMA_GROUP.fullmatch(text) and any(map(_GROUPED.fullmatch, beside)):
        return text.replace(",", ".")
    return text


def fitted(row: Row, columns: int, sizes: Sequence[float] = (), sums: Sequence[float] = ()) -> Row:
    """Return `row` with as many as `columns` values, where it can be told which they are.

    Of too many, some are halves of a split number, or belong to the label ("LBP 3300"): those ways are
    tried, and the one whose numbers are most like the columns' usual `sizes` (powers of ten) is taken;
    of a row of totals the one that meets most of the columns' `sums`.
    Where there are too few, the words around may be numbers that OCR took for letters: they are cells
    that cannot be read.
    """
    if len(row.values) < columns:
        return _widened(row, columns)
    ways = _ways(row, columns)
    best = (
        min(ways, key=lambda values: (-held_sums(values, sums), _unlike(values, sizes)))
        if sizes
        else ways[0]
    )
    dropped = [v for v in row.values if v.end <= best[0].start]
    end = dropped[-1].end if any(v.text for v in dropped) else row.label.stop
    return row._replace(label=range(row.label.start, end), values=best)


def held_sums(values: Sequence[Value], sums: Sequence[float]) -> int:
    """Return how many of the numbers are the `sums` of the columns they would stand in."""
    pairs = ((value_of(value.text), whole) for value, whole in zip(values, sums, strict=False))
    return sum(v is not None and abs(v - whole) < _ROUNDED * whole for v, whole in pairs)


def _ways(row: Row, columns: int) -> list[tuple[Value, ...]]:
    """Return the ways to make `columns` values of a row, those first that join the most numbers."""
    found = [row.values]
    ways: list[tuple[Value, ...]] = []
    while found:
        values = found.pop()
        surplus = len(values) - columns
        ways.append(values[surplus:])
        if surplus and not values[-1].text:  # a speck behind the numbers that looks like a dash
            found.append(values[:-1])
        for i in range(len(values) - 1) if surplus and len(ways) < _MOST_WAYS else ():
            joined = _joined(row.line, values[i], values[i + 1])
            if joined is not None:
                found.append((*values[:i], joined, *values[i + 2 :]))
    return ways[::-1]


def _unlike(values: Sequence[Value], sizes: Sequence[float]) -> float:
    """Say how far the numbers are from the usual sizes of their columns."""
    powers = [(power_of(value.text), size) for value, size in zip(values, sizes, strict=True)]
    halves = sum(value.end - value.start > 1 and value.text.isdigit() for value in values)
    apart = sum(_OF_NONE if p is None else abs(p - size) for p, size in powers)
    return apart + _OF_HALVES * halves


def value_of(text: str) -> float | None:
    """Return the number that a cell holds (of a share its part), or None."""
    number = text.partition("/")[0].rstrip("%")
    digits = re.sub(r"[.](?=\d{3})", "", number).replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return None


def power_of(text: str) -> float | None:
    """Return the size of the number that a cell holds, as a power of ten."""
    value = value_of(text)
    return None if value is None else log10(max(value, 0.1))


def _widened(row: Row, columns: int) -> Row:
    """Take the last words of a row for its cells, if numbers stand among them and the rest is noise."""
    words = row.line.words
    kept = [i for i in range(row.label.start, len(words)) if words[i].text.strip("|¦│‖~_.'`—–")]
    cells = kept[-columns:]
    numbers = [i for i in cells if bare_number(words[i].text)]
    noise = [i for i in cells if i not in numbers and len(words[i].text) > _LONGEST_NOISE]
    before = [i for i in row.label if i < cells[0]]
    known = sum(bool(value.text) for value in row.values)
    if noise or len(numbers) <= known or cells[0] not in numbers or not before:
        return row
    values = tuple(Value(bare_number(words[i].text) or words[i].text, i, i + 1) for i in cells)
    return row._replace(label=range(row.label.start, cells[0]), values=values, note=range(0))


def _joined(line: Line, left: Value, right: Value) -> Value | None:
    """Join a number that OCR split inside or before a group of thousands: `1 8.000`, `5.12 7.300`.

    Fewer digits are joined, too (`8 3`, `1 00`): the sizes of the columns say whether they were one.
    """
    together = left.text + right.text
    if _HALF.fullmatch(left.text) and _OTHER_HALF.fullmatch(together):
        return Value(together, left.start, right.end)
    begins = line.words[left.start].text.strip("|")
    whole = _GROUPED.fullmatch(left.text) and not begins.endswith(".")
    if whole or not left.text or not _GROUPED.fullmatch(together):
        return None
    is_broken = _GROUP.fullmatch(left.text) is None or "." not in left.text
    return Value(together, left.start, right.end) if is_broken else None
