"""Flattened tables: in dumps without cells, runs of lines that share the shape of a row.

A run is a table if its rows agree on how many numbers they end in. The numbers are placed from the
right, where rows that lack one are matched by the size of the numbers in each column; the headings are
cut by `flat_headings`. Columns: the row number, the label, the numbers, and what stands behind them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from math import log10
from statistics import median
from typing import NamedTuple

from baocao_etl.models import Cell, Span
from baocao_etl.structure.flat_headings import HeadingLine, heading_start, numbers_rows
from baocao_etl.structure.flat_rows import (
    Row,
    fitted,
    is_flat,
    mended,
    ordinal_of,
    read_row,
    row_number,
)
from baocao_etl.structure.grid import Grid
from baocao_etl.structure.lines import Line, skeleton, starts_low

LEAD = 2  # the columns of the row number and the label
_MOST_BETWEEN = 3  # lines of groups and broken cells between two rows
_LONGEST_BETWEEN = 70  # characters
_MOST_COLUMNS = 24
_SECTION = re.compile(r"(?:\d+(?:\.\d+)*[.)]|\d+(?:\.\d+)+|[a-zđ]\)|[-+•]|[IVX]+\.)\s")
_TOTAL = re.compile(r"^(?:[a-z0-9] )?(?:tong|cong|toan)\b")
_BENT_PERCENT = re.compile(r"\((?:[°º]\s?/?\w{0,3}|[o0]/[o0]|96|9%)\)")
_CAPTION = re.compile(r"^(?:bieu|bang|dvt|don vi tinh|don vi)\b")


class _Run(NamedTuple):
    """Rows by their line, and the number of columns that they agree on."""

    rows: dict[int, Row]
    columns: int

    @property
    def first(self) -> int:
        return min(self.rows)

    @property
    def last(self) -> int:
        return max(self.rows) + 1


def find_flattened(lines: Sequence[Line]) -> list[Grid]:
    """Return the flattened tables among `lines`, their headings taken in."""
    grids: list[Grid] = []
    i = free = 0
    while i < len(lines):
        run = _run(lines, i)
        if run is None:
            i += 1
            continue
        grid = _grid(lines, run, free)
        if grid is not None:
            grids.append(grid)
            free = grid.last
        i = run.last
    return grids


def _run(lines: Sequence[Line], start: int) -> _Run | None:
    """Return the rows from line `start` on, if they make a table."""
    row = read_row(lines[start])
    if (
        row is None
        or numbers_rows(lines[start])
        or (len(row.values) < 2 and not _may_stand_alone(row))
    ):
        return None
    rows = {start: row}
    at = start
    while (found := _next_row(lines, at, rows)) is not None:
        at, rows[found[0]] = found[0], found[1]
    return _agreed(lines, rows)


def _may_stand_alone(row: Row) -> bool:
    """Say whether a row of one number is one at all: the number ends the line, and no mark the label."""
    label = row.text(row.label)
    return not row.note and len(label) <= _LONGEST_BETWEEN and label[-1:].isalnum() and (
        bool(row.ordinal) or not starts_low(label)
    )  # fmt: skip


def _next_row(lines: Sequence[Line], at: int, rows: dict[int, Row]) -> tuple[int, Row] | None:
    """Return the next row of the table below line `at`: groups and broken cells may stand between."""
    usual = Counter(len(row.values) for row in rows.values()).most_common(1)[0][0]
    for i in range(at + 1, min(len(lines), at + _MOST_BETWEEN + 2)):
        row = read_row(lines[i])
        if row is not None and _is_like(row, usual) and not numbers_rows(lines[i]):
            return i, row
        if usual == 1 or not _may_stand_between(lines, i, usual):
            return None
    return None


def _is_like(row: Row, usual: int) -> bool:
    """Say whether a row may lack some of the `usual` number of values, or have one split in two."""
    found = len(row.values)
    if usual == 1 or found == 1:
        total = bool(_TOTAL.match(skeleton(row.text(row.label))))
        return (
            found == 1
            and usual <= 3
            and _may_stand_alone(row)
            and (usual == 1 or total or bool(row.ordinal))
        )
    return usual // 2 <= found <= usual + 2


def _may_stand_between(lines: Sequence[Line], i: int, columns: int) -> bool:
    """Say whether line `i` is a group of rows or a piece of a broken cell, not text or a heading."""
    line = lines[i]
    text = line.text.rstrip()
    if not is_flat(line) or len(text) > _LONGEST_BETWEEN or text.endswith((";", ":", "./.")):
        return False
    if _SECTION.match(text) or _CAPTION.match(line.skeleton):
        return False
    return not HeadingLine(line).is_sure(columns) or bool(ordinal_of(line))


def _agreed(lines: Sequence[Line], rows: dict[int, Row]) -> _Run | None:
    """Settle the number of columns, and drop the rows at the ends that do not fit."""
    counts = Counter(len(row.values) for row in rows.values())
    columns = max(counts, key=lambda n: (counts[n], n))
    fits = {i: fitted(row, columns) for i, row in rows.items()}
    order = sorted(fits)
    while order and len(fits[order[-1]].values) < columns and fits[order[-1]].note:
        order.pop()
    alike = sum(len(fits[i].values) == columns for i in order)
    if columns > _MOST_COLUMNS or alike < 2 or 2 * alike < len(order) or _has_cells(fits, order):
        return None
    headed = heading_start(lines, order[0], 0, columns) < order[0]
    captioned = _is_captioned(lines, order[0])
    if columns == 1:
        return (
            _Run({i: fits[i] for i in order}, 1) if alike >= 3 and (headed or captioned) else None
        )
    proven = alike >= 3 or columns >= 3 or headed
    prose = sum(len(fits[i].note) > 6 for i in order)
    return _Run({i: fits[i] for i in order}, columns) if proven and 2 * prose < len(order) else None


def _is_captioned(lines: Sequence[Line], first: int) -> bool:
    return first > 0 and bool(_CAPTION.match(lines[first - 1].skeleton))


def _has_cells(rows: dict[int, Row], order: Sequence[int]) -> bool:
    """Say whether the dump kept the rules between all numbers, so that its cells are known."""
    kept = sum(
        len(rows[i].line.cells) > max(2, len(rows[i].values)) and len(rows[i].values) > 1
        for i in order
    )
    return 2 * kept > len(order)


def _grid(lines: Sequence[Line], run: _Run, free: int) -> Grid | None:
    """Build the table: headings, rows, groups, and the pieces of broken cells put where they belong."""
    start = heading_start(lines, run.first, free, run.columns)
    builder = _Builder(run)
    body = run.first
    while (
        body > start and ordinal_of(lines[body - 1]) and not HeadingLine(lines[body - 1]).is_sure(1)
    ):
        body -= 1
    for line in lines[start:body]:
        builder.heading(line)
    for i in range(body, run.last):
        row = run.rows.get(i)
        if row is not None:
            builder.row(row)
        else:
            below = run.rows.get(i + 1)
            builder.between(lines[i], below)
    return builder.grid(start, run.last)


def _is_upper_label(line: Line, row: Row) -> bool:
    """Say whether `line` is the upper line of the row's broken label."""
    low = not row.ordinal and starts_low(row.text(row.label))
    return low and bool(ordinal_of(line)) and not HeadingLine(line).is_sure(1)


class _Builder:
    """Lays the lines of a table out in rows and columns."""

    def __init__(self, run: _Run) -> None:
        self._columns = run.columns
        self._sizes = _sizes(run)
        self._cells: dict[tuple[int, int], Cell] = {}
        self._rows = 0
        self._waiting: list[Line] = []
        self._doubtful: list[int] = []

    def heading(self, line: Line) -> None:
        """Add a row of headings; names that cannot be told apart head no column."""
        parts = HeadingLine(line).parts(self._columns, LEAD)
        for part in parts:
            for column in range(part.first, part.last + 1):
                self._add(line, range(part.start, part.end), column, is_header=True)
        self._rows += bool(parts)

    def row(self, row: Row) -> None:
        """Add a row; what waits goes before its label."""
        for line in self._waiting:
            start = len(line.words) - _behind_ordinal(line)
            self._add(line, range(len(line.words) - start), 0)
            self._add(line, range(len(line.words) - start, len(line.words)), 1)
        self._waiting = []
        self._add(row.line, row.ordinal, 0)
        self._add(row.line, row.label, 1)
        columns, certain = self._places(row)
        if not certain:
            self._doubtful.append(self._rows + 1)
        for value, column in zip(row.values, columns, strict=True):
            text = mended(value.text, [v.text for v in row.values])
            self._add(row.line, range(value.start, value.end), column, text)
        self._add(row.line, row.note, LEAD + self._columns)
        self._rows += 1

    def between(self, line: Line, below: Row | None) -> None:
        """Place a line without numbers: a group, or a piece of the label above or below."""
        if not any(word.text.strip("|.,~'`").isalpha() for word in line.words):
            return
        is_upper = below is not None and _is_upper_label(line, below)
        if is_upper or (self._waiting and not ordinal_of(line)):
            self._waiting.append(line)
        elif starts_low(line.text) and not ordinal_of(line) and self._rows:
            self._rows -= 1
            noted = (self._rows, LEAD + self._columns) in self._cells
            self._add(line, range(len(line.words)), LEAD + self._columns if noted else 1)
            self._rows += 1
        else:
            start = _behind_ordinal(line)
            self._add(line, range(start), 0)
            self._add(line, range(start, len(line.words)), 1)
            self._rows += 1

    def _places(self, row: Row) -> tuple[tuple[int, ...], bool]:
        """Return the columns of the row's values: those whose numbers are of like size, where some lack."""
        free = range(LEAD, LEAD + self._columns)
        if len(row.values) == self._columns:
            return tuple(free), True
        ranked = sorted(
            (
                sum(
                    _apart(v.text, self._sizes[c - LEAD])
                    for v, c in zip(row.values, chosen, strict=True)
                ),
                chosen,
            )
            for chosen in combinations(free, len(row.values))
        )
        certain = len(ranked) < 2 or ranked[1][0] - ranked[0][0] > 0.5
        return ranked[0][1], certain

    def _add(
        self,
        line: Line,
        words: range,
        column: int,
        text: str | None = None,
        *,
        is_header: bool = False,
    ) -> None:
        """Put words of `line` into a cell of the present row, behind what is there."""
        if not words:
            return
        if text is None:
            texts = (line.words[i].text.strip("|¦│‖~_") for i in words)
            text = " ".join(t for t in texts if t)
            text = _BENT_PERCENT.sub("(%)", text) if is_header else text
            if column == 0 and not is_header:
                text = row_number([line.words[i] for i in words])
        span = Span(line.span.page, line.span.start + words.start, line.span.start + words.stop)
        known = self._cells.get((self._rows, column))
        if known is not None:
            text = f"{known.text} {text}".strip()
        spans = (*(known.spans if known else ()), span)
        self._cells[self._rows, column] = Cell(
            row=self._rows, column=column, text=text, spans=spans, is_header=is_header
        )  # fmt: skip

    def grid(self, first: int, last: int) -> Grid:
        """Return the table; `problem` names the rows whose values may stand in other columns."""
        columns = max(column for _, column in self._cells) + 1
        rows = ", ".join(map(str, self._doubtful))
        problem = f"row {rows}: which columns the numbers stand in is uncertain" if rows else None
        return Grid(first, last, self._rows, columns, tuple(self._cells.values()), problem)


def _behind_ordinal(line: Line) -> int:
    """Return how many words of `line` are its row number and the rules around it."""
    ordinal = ordinal_of(line)
    if not ordinal:
        return 0
    return next(
        i for i, word in enumerate(line.words) if sum(c.isalpha() for c in word.text) > 1
        and word.text.strip(".|_)") != ordinal
    )  # fmt: skip


def _sizes(run: _Run) -> list[float]:
    """Return the usual size of the numbers in each column, as a power of ten."""
    full = [row for row in run.rows.values() if len(row.values) == run.columns]
    sizes = []
    for column in range(run.columns):
        powers = [_power(row.values[column].text) for row in full if row.values[column].text]
        sizes.append(
            median(p for p in powers if p is not None)
            if any(p is not None for p in powers)
            else 0.0
        )
    return sizes


def _power(text: str) -> float | None:
    digits = re.sub(r"[.](?=\d{3})", "", text.rstrip("%")).replace(",", ".")
    try:
        return log10(max(float(digits), 0.1))
    except ValueError:
        return None


def _apart(text: str, size: float) -> float:
    power = _power(text) if text else None
    return abs(power - size) if power is not None else 0.3
