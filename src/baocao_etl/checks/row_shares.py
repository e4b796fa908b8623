"""Percent columns of tables: the share of one column in another, or the growth from one to another.

Which columns a percent column compares is found from the numbers themselves: the two for which most rows
come out right. That most rows do is also what licenses a failure in the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

from baocao_etl.checks.arithmetic import decimals, failure, finding, is_share, proposals, share
from baocao_etl.checks.base import Check
from baocao_etl.checks.passages import Report, plain_number
from baocao_etl.checks.table_rows import Row, rows_of
from baocao_etl.models import Figure, Finding, Table

LEAST = 2  # rows that must come out right
ENOUGH = 3  # from which on a row that does not is told even if no one misread digit explains it


class Compared(NamedTuple):
    """A row whose percent compares `part` with `whole`; with `growth` it is what `part` is more or less."""

    part: Figure
    whole: Figure
    percent: Figure
    growth: bool

    def agrees(self, values: Sequence[Decimal]) -> bool:
        """Say whether part, whole and percent of these values agree."""
        part, whole, percent = values
        return is_share(abs(percent), abs(part - whole) if self.growth else part, whole)

    @property
    def holds(self) -> bool:
        """Whether the percent is right, rounded or cut at its decimals."""
        return self.agrees([figure.value for figure in self.figures])

    @property
    def figures(self) -> tuple[Figure, Figure, Figure]:
        """Part, whole and percent."""
        return self.part, self.whole, self.percent

    def told(self) -> str:
        """Write out what is compared: `7350 / 10000` or `from 7350 to 10000`."""
        part, whole = plain_number(self.part.value), plain_number(self.whole.value)
        return f"From {whole} to {part}" if self.growth else f"{part} / {whole}"

    def meant(self) -> str:
        """Write the percent that the two columns make, with one decimal more than is given."""
        part = abs(self.part.value - self.whole.value) if self.growth else self.part.value
        return plain_number(share(part, self.whole.value, decimals(self.percent.value) + 1))


def compared_rows(report: Report) -> Iterator[list[Compared]]:
    """Yield for each percent column that compares two other columns its rows."""
    for table in report.tables:
        rows = [row for row in rows_of(report, table) if row.figures]
        for column in _percent_columns(table, rows):
            best = max(_comparisons(rows, column), key=_right, default=[])
            if _right(best) >= LEAST and 2 * _right(best) > len(best):
                yield best


class RowShare(Check):
    """A percent column of a table is one column's share of another, or the growth from one to another."""

    rule = "row_share"
    strength = 0.8
    example = "kế hoạch 8.000 | thực hiện 7.350 | 91,9 %"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each row of each such column."""
        for rows in compared_rows(report):
            right = _right(rows)
            for row in rows:
                given = plain_number(row.percent.value)
                if row.holds:
                    yield finding(self.rule, row.figures, "holds", f"{row.told()} is {given} %.")
                    continue
                explained = proposals(row.figures, row.agrees)
                if explained or right >= ENOUGH:
                    message = f"{row.told()} is {row.meant()} %, not {given}"
                    yield failure(self.rule, row.figures, message, explained)


def _percent_columns(table: Table, rows: Sequence[Row]) -> list[int]:
    """Return the columns in which all figures are percents."""
    columns = sorted({cell.column for cell in table.cells})
    kinds = {c: {row.figures[c].kind for row in rows if c in row.figures} for c in columns}
    return [c for c in columns if kinds[c] == {"percent"}]


def _comparisons(rows: Sequence[Row], percent: int) -> Iterator[list[Compared]]:
    """Yield the rows as they would be if `percent` compared two of the other columns."""
    others = sorted({c for row in rows for c in row.figures} - {percent})
    for part, whole in permutations(others, 2):
        full = [row.figures for row in rows if {part, whole, percent} <= row.figures.keys()]
        for growth in (False, True):
            yield [Compared(f[part], f[whole], f[percent], growth) for f in full if f[whole].value]


def _right(rows: Sequence[Compared]) -> int:
    return sum(row.holds for row in rows)
