"""Percent columns of tables: the share of one column in another or in both, or the growth between them.

Which columns a percent column compares is found from the numbers themselves: the two for which most rows
come out right. That most rows do is also what licenses a failure in the others. A row of 0 or 100 %
comes out right by too many ways to count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations, product
from typing import Literal, NamedTuple, get_args

from baocao_etl.checks.arithmetic import decimals, failure, finding, is_share, proposals, share
from baocao_etl.checks.base import Check
from baocao_etl.checks.passages import Report, plain_number
from baocao_etl.checks.table_rows import Row, rows_of
from baocao_etl.models import Figure, Finding, Table

LEAST = 2  # rows that must come out right
ENOUGH = 3  # from which on a row that does not is told even if no one misread digit explains it


Relation = Literal["share", "share of both", "growth"]


class Compared(NamedTuple):
    """A row whose percent compares `part` with `other`: its share of it, or of both, or the growth to it."""

    part: Figure
    other: Figure
    percent: Figure
    relation: Relation

    def agrees(self, values: Sequence[Decimal]) -> bool:
        """Say whether part, other and percent of these values agree."""
        part, other, percent = values
        return is_share(abs(percent), *self._terms(part, other))

    def _terms(self, part: Decimal, other: Decimal) -> tuple[Decimal, Decimal]:
        """Return the part and the whole that make the percent."""
        if self.relation == "share of both":
            return part, part + other
        return (abs(part - other) if self.relation == "growth" else part), other

    @property
    def holds(self) -> bool:
        """Whether the percent is right, rounded or cut at its decimals."""
        return self.agrees([figure.value for figure in self.figures])

    @property
    def figures(self) -> tuple[Figure, Figure, Figure]:
        """Part, other and percent."""
        return self.part, self.other, self.percent

    def told(self) -> str:
        """Write out what is compared: `7350 / 10000` or `from 7350 to 10000`."""
        part, other = plain_number(self.part.value), plain_number(self.other.value)
        if self.relation == "share of both":
            return f"{part} / ({part} + {other})"
        return f"From {other} to {part}" if self.relation == "growth" else f"{part} / {other}"

    def meant(self) -> str:
        """Write the percent that the two columns make, with one decimal more than is given."""
        terms = self._terms(self.part.value, self.other.value)
        return plain_number(share(*terms, decimals(self.percent.value) + 1))


def compared_rows(report: Report) -> Iterator[list[Compared]]:
    """Yield for each percent column that compares two other columns its rows."""
    for table in report.tables:
        rows = [row for row in rows_of(report, table) if row.figures]
        for column in _percent_columns(table, rows):
            best = max(_comparisons(rows, column), key=_right, default=[])
            if _right(best) >= LEAST and 2 * _right(best) > sum(map(_tells, best)):
                yield best


class RowShare(Check):
    """A percent column of a table is one column's share of another or of both, or the growth between them."""

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
    for (part, other), relation in product(permutations(others, 2), get_args(Relation)):
        full = [row.figures for row in rows if {part, other, percent} <= row.figures.keys()]
        made = [Compared(f[part], f[other], f[percent], relation) for f in full]
        yield [row for row in made if row.other.value or relation == "share of both"]


def _tells(row: Compared) -> bool:
    return row.percent.value not in (0, 100)


def _right(rows: Sequence[Compared]) -> int:
    return sum(row.holds and _tells(row) for row in rows)
