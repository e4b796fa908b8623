"""Flattened tables: in dumps without cells, runs of lines that share the shape of a row.

A run is a table if its rows agree on how many numbers they end in. The numbers are placed from the
right, where rows that lack one are matched by the size of the numbers in each column; the headings are
cut by `flat_headings`. Columns: the row number, the label, the numbers, and what stands behind them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import combinations, pairwise
from statistics import median
from typing import NamedTuple

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Cell, Span
from baocao_etl.structure.flat_headings import (
    BENT_PERCENT,
    HeadingLine,
    heading_start,
    numbers_rows,
)
from baocao_etl.structure.flat_rows import (
    RULES,
    Row,
    fitted,
    held_sums,
    is_flat,
    label_start,
    mended,
    ordinal_of,
    power_of,
    read_row,
    row_number,
    value_of,
)
from baocao_etl.structure.grid import Grid
from baocao_etl.structure.heading_layout import Numbers, read_headings
from baocao_etl.structure.lines import Line, skeleton, starts_low
from baocao_etl.structure.phrases import phrases

LEAD = 2  # the columns of the row number and the label
_MOST_BETWEEN = 3  # lines of groups and broken cells between two rows
_LONGEST_BETWEEN = 70  # characters
_LABEL_ENDS = ("%", ")")
_MOST_COLUMNS = 24
_MOST_LACKING = 3  # values of a row
_MOST_NOTED = 6  # words behind the numbers; of rows with more, the most are sentences
_WHOLE = 100  # per cent
_UNKNOWN = 0.3  # what a dash or a number that cannot be read is apart from any other
_CERTAIN = 0.5  # powers of ten by which one way to place numbers fits better than the next
_HOLE, _SAME_PLACES = 0.2, 0.5  # the values of a row stand side by side, and as in the row above
_PROOF = 2.0  # of a total that is its column's sum
_SECTION = re.compile(
    r"(?:\d+(?:\.\d+)*[.)]|\d+(?:\.\d+)+[/–-]?|[a-zđ]\)|[-+•]|(?:[IVX]+|[vx])\.)\s"
)
_TOTAL = re.compile(r"^(?:[a-z0-9] )?(?:tong|cong|toan)\b")
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


def find_flattened(lines: Sequence[Line], dictionaries: Dictionaries) -> list[Grid]:
    """Return the flattened tables among `lines`, their headings taken in."""
    openings = frozenset(name for name, _ in phrases(dictionaries, "column"))
    read = [None if numbers_rows(line) else read_row(line) for line in lines]
    grids: list[Grid] = []
    i = free = 0
    while i < len(lines):
        rows = _like_rows(lines, read, i)
        run = _agreed(lines, rows)
        if run is not None:
            grids.append(_grid(lines, run, free, openings))
            free = grids[-1].last
        i = run.last if run else max([i, *rows]) + 1
    return grids


def _like_rows(lines: Sequence[Line], read: Sequence[Row | None], start: int) -> dict[int, Row]:
    """Return the rows from line `start` on that may be those of one table, by their lines."""
    row = read[start]
    if row is None or (len(row.values) < 2 and not _may_stand_alone(row)):
        return {}
    rows = {start: row}
    counts = Counter([len(row.values)])
    at = start
    while (found := _next_row(lines, read, at, counts.most_common(1)[0][0])) is not None:
        at, row = found
        rows[at] = row
        counts[len(row.values)] += 1
    return rows


def _may_stand_alone(row: Row) -> bool:
    """Say whether a row of one number is one at all: the number ends the line, and no mark the label."""
    label = row.text(row.label)
    if (
        row.note
        or len(label) > _LONGEST_BETWEEN
        or not (label[-1:].isalnum() or label[-1:] in _LABEL_ENDS)
    ):
        return False
    return bool(row.ordinal) or not starts_low(label)


def _next_row(
    lines: Sequence[Line], read: Sequence[Row | None], at: int, usual: int
) -> tuple[int, Row] | None:
    """Return the next row of the table below line `at`: groups and broken cells may stand between."""
    for i in range(at + 1, min(len(lines), at + _MOST_BETWEEN + 2)):
        row = read[i]
        if row is not None and _is_like(row, usual):
            return i, row
        if usual == 1 or not _may_stand_between(lines[i], usual):
            return None
    return None


def _is_like(row: Row, usual: int) -> bool:
    """Say whether a row may lack some of the `usual` number of values, or have one split in two."""
    found = len(row.values)
    if usual > 1 and found > 1:
        return max(usual // 2, usual - _MOST_LACKING) <= found <= usual + 2
    is_row = usual == 1 or _is_total(row) or bool(row.ordinal)
    return found == 1 and usual <= 3 and is_row and _may_stand_alone(row)


def _may_stand_between(line: Line, columns: int) -> bool:
    """Say whether a line may be a group of rows or a piece of a broken cell, not text or a heading."""
    text = line.text.rstrip()
    if not is_flat(line) or len(text) > _LONGEST_BETWEEN or text.endswith((";", ":", "./.")):
        return False
    if _SECTION.match(text) or _CAPTION.match(line.skeleton):
        return False
    return not HeadingLine(line).is_sure(columns) or bool(ordinal_of(line))


def _agreed(lines: Sequence[Line], rows: dict[int, Row]) -> _Run | None:
    """Settle the number of columns; None where the rows do not agree, or prove too little.

    Three rows that end in as many numbers are a table, or two with three numbers; two numbers in two
    rows need a heading, and single numbers a heading or a caption.
    """
    counts = Counter(len(row.values) for row in rows.values())
    columns = max(counts, key=lambda n: (counts[n], n), default=0)
    sizes = [column.size for column in _numbers(_Run(rows, columns))]
    sums = _sums(_Run(rows, columns))
    fits = {
        i: fitted(row, columns, sizes, sums if _is_total(row) else ()) for i, row in rows.items()
    }
    while fits and _trails(fits[max(fits)], columns):
        del fits[max(fits)]
    alike = sum(len(row.values) == columns for row in fits.values())
    prose = sum(len(row.note) > _MOST_NOTED for row in fits.values())
    if columns > _MOST_COLUMNS or alike < 2 or 2 * max(len(fits) - alike, prose) > len(fits):
        return None
    first = min(fits)
    headed = heading_start(lines, first, 0, columns) < first
    if columns == 1:
        proven = alike >= 3 and (headed or _is_captioned(lines, first))
    else:
        proven = alike >= 3 or columns >= 3 or headed
    return _Run(fits, columns) if proven and not _has_cells(fits.values()) else None


def _trails(row: Row, columns: int) -> bool:
    """Say whether the last row is text behind the table: it lacks numbers, and goes on behind them."""
    return len(row.values) < columns and bool(row.note)


def _is_captioned(lines: Sequence[Line], first: int) -> bool:
    return first > 0 and bool(_CAPTION.match(lines[first - 1].skeleton))


def _has_cells(rows: Collection[Row]) -> bool:
    """Say whether the dump kept the rules between all numbers, so that its cells are known."""
    kept = sum(_parts_numbers(row) for row in rows if len(row.values) > 1)
    return 2 * kept > len(rows)


def _parts_numbers(row: Row) -> bool:
    """Say whether a rule stands between each two numbers of the row."""
    texts = [word.text for word in row.line.words]
    gaps = [texts[a.end - 1 : b.start + 1] for a, b in pairwise(row.values)]
    return all(any(RULES & set(text) for text in gap) for gap in gaps)


def _grid(lines: Sequence[Line], run: _Run, free: int, openings: Collection[str]) -> Grid:
    """Build the table: headings, rows, groups, and the pieces of broken cells put where they belong."""
    start = heading_start(lines, run.first, free, run.columns)
    builder = _Builder(run)
    body = run.first
    while body > start and _is_numbered(lines[body - 1]):
        body -= 1
    builder.headings([HeadingLine(line, openings) for line in lines[start:body]])
    for i in range(body, run.last):
        if i in run.rows:
            builder.row(run.rows[i])
        else:
            builder.between(lines[i], run.rows.get(i + 1))
    return builder.grid(start, run.last)


def _is_numbered(line: Line) -> bool:
    """Say whether `line` begins with a row number, as groups and broken labels do."""
    return bool(ordinal_of(line)) and not HeadingLine(line).is_sure(1)


def _is_upper_label(line: Line, row: Row) -> bool:
    """Say whether `line` is the upper line of the row's broken label."""
    low = not row.ordinal and starts_low(row.text(row.label))
    return low and _is_numbered(line)


class _Builder:
    """Lays the lines of a table out in rows and columns."""

    def __init__(self, run: _Run) -> None:
        self._columns = run.columns
        self._numbers = _numbers(run)
        self._sums = _sums(run)
        self._numbered = 2 * sum(bool(r.ordinal) for r in run.rows.values()) > len(run.rows)
        self._cells: dict[tuple[int, int], Cell] = {}
        self._rows = 0
        self._waiting: list[Line] = []
        self._doubtful: list[int] = []
        # Where the values stand of the last row that lacks some.
        self._lacking: tuple[int, ...] = ()

    def headings(self, lines: Sequence[HeadingLine]) -> None:
        """Add the rows of headings; names that cannot be told apart head no column."""
        named = read_headings(lines, self._numbers, LEAD, numbered=self._numbered)
        for line, parts in zip(lines, named, strict=True):
            for part in parts:
                for column in range(part.first, part.last + 1):
                    self._add(line.line, range(part.start, part.end), column, is_header=True)
            self._rows += bool(parts)

    def row(self, row: Row) -> None:
        """Add a row; what waits goes before its label."""
        for line in self._waiting:
            self._label(line)
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
        """Place a line without numbers: a group, or a piece of the label above or below.

        Where rows are numbered, so are groups; else a group begins with a capital.
        """
        if not any(word.text.strip("|.,~'`").isalpha() for word in line.words):
            return
        is_upper = below is not None and _is_upper_label(line, below)
        if is_upper or (self._waiting and not ordinal_of(line)):
            self._waiting.append(line)
        elif not ordinal_of(line) and self._rows and (self._numbered or starts_low(line.text)):
            self._rows -= 1
            noted = (self._rows, LEAD + self._columns) in self._cells
            self._add(line, range(len(line.words)), LEAD + self._columns if noted else 1)
            self._rows += 1
        else:
            self._label(line)
            self._rows += 1

    def _label(self, line: Line) -> None:
        """Put a line without numbers into the present row: its row number, and the label."""
        start = label_start(line)
        self._add(line, range(start), 0)
        self._add(line, range(start, len(line.words)), 1)

    def _places(self, row: Row) -> tuple[tuple[int, ...], bool]:
        """Return the columns of the row's values: those whose numbers are of like size, where some lack."""
        free = range(LEAD, LEAD + self._columns)
        lacking = self._columns - len(row.values)
        if not 0 < lacking <= _MOST_LACKING:
            return tuple(free)[: len(row.values)], not lacking
        (cost, best), *others = sorted(
            (self._misfit(row, chosen) - _PROOF * self._totals(row, chosen), chosen)
            for chosen in combinations(free, len(row.values))
        )
        self._lacking = best
        return best, not others or others[0][0] - cost > _CERTAIN

    def _totals(self, row: Row, columns: Sequence[int]) -> int:
        """Return how many values of the row of totals are the sums of the columns they would stand in."""
        sums = [self._sums[column - LEAD] for column in columns]
        return held_sums(row.values, sums) if _is_total(row) else 0

    def _misfit(self, row: Row, columns: Sequence[int]) -> float:
        sizes = (self._numbers[column - LEAD].size for column in columns)
        pairs = zip(row.values, sizes, strict=True)
        holes = columns[-1] - columns[0] + 1 - len(columns)
        usual = _HOLE * holes - _SAME_PLACES * (columns == self._lacking)
        return usual + sum(_apart(value.text, size) for value, size in pairs)

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
            text = " ".join(t for t in texts if t and t != "°")
            text = BENT_PERCENT.sub("(%)", text) if is_header else text
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


def _numbers(run: _Run) -> list[Numbers]:
    """Return what the numbers of each column are like."""
    full = [row for row in run.rows.values() if len(row.values) == run.columns]
    columns = [
        [value.text for value in column]
        for column in zip(*(row.values for row in full), strict=True)
    ]
    return [_numbers_in(texts) for texts in columns]


def _numbers_in(texts: Sequence[str]) -> Numbers:
    powers = [power for text in texts if (power := power_of(text)) is not None]
    fractions = sum("," in text for text in texts) / len(texts)
    values = [value_of(text) for text in texts]
    percents = sum(
        v is not None and (v == _WHOLE or (v < 2 * _WHOLE and ("," in text or text.endswith("%"))))
        for v, text in zip(values, texts, strict=True)
    )
    return Numbers(median(powers) if powers else 0.0, fractions, percents / len(texts))


def _sums(run: _Run) -> list[float]:
    """Return the sum of each column over the rows that lack nothing and are no totals."""
    full = [
        row for row in run.rows.values() if len(row.values) == run.columns and not _is_total(row)
    ]
    columns = zip(*(row.values for row in full), strict=True)
    sums = [sum(value_of(value.text) or 0.0 for value in column) for column in columns]
    return sums or [0.0] * run.columns


def _is_total(row: Row) -> bool:
    return bool(_TOTAL.match(skeleton(row.text(row.label))))


def _apart(text: str, size: float) -> float:
    power = power_of(text)
    return _UNKNOWN if power is None else abs(power - size)
