"""The figures of cells, and what the numbers of a whole column tell of each other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, permutations
from typing import NamedTuple

from baocao_etl.figures.vocabulary import key
from baocao_etl.models import Cell, FigureKind

LARGEST_SHARE = 1000
_LEAST_PROOF, _MOST_ROWS = 3, Decimal("0.75")  # rows; of all, in which a share is proved
_ROUNDED_TO_TENTHS = Decimal("0.06")
_LEAST_EVEN, _LEAST_UNITS = 4, 3  # rows, and their units
_LEAST_WHOLE = 1_000_000  # đồng that is paid for all
_POWERS = {"nghin": 3, "ngan": 3, "trieu": 6}
_EVEN, _UNEVEN = 4, 100  # times that the largest number is the smallest


class CellFigure(NamedTuple):
    """A number in a cell, with its row label, column heading, and the group its row stands in.

    `number` is what the cell says, no multiplier applied; `is_lent`: its unit is not that of its own
    cell or heading, but of its row or of the whole table.
    """

    cell: Cell
    kind: FigureKind
    value: Decimal
    unit: str | None
    row_label: str
    heading: str
    group: str = ""
    denominator: Decimal | None = None
    number: Decimal = Decimal(0)
    is_lent: bool = False


Column = dict[int, CellFigure]  # by row


def with_percents(found: Sequence[CellFigure]) -> list[CellFigure]:
    """Make percents of a column whose heading names no unit, if its numbers can be nothing else.

    Its heading was lost or never said so, and units were lent to it. The arithmetic tells: row for row
    it is the share of one column in another (8.214 of 7.500 are 109,5) or its growth; or it stays the
    same from row to row though what the rows count does not (4.310 tấn, 218 nghìn đôi, but 103,2 and 99,1),
    in rows of several units or in a column whose name is lost.
    """
    columns = _columns(found)
    shares = [
        c for c, column in columns.items()
        if all(_may_be_percent(f) for f in column.values())
        and any(f.number % 1 for f in column.values())
    ]  # fmt: skip
    proved = {c for c in shares if _is_proved(columns[c], [columns[o] for o in columns if o != c])}
    return [
        f._replace(kind="percent", unit="%", value=f.number) if f.cell.column in proved else f
        for f in found
    ]


def _is_proved(column: Column, others: Sequence[Column]) -> bool:
    counts = [other for other in others if any(f.kind != "percent" for f in other.values())]
    shares = any(_are_shares(column, *pair) for pair in permutations(counts, 2))
    return shares or any(_are_even(column, other) for other in others)


def _may_be_percent(figure: CellFigure) -> bool:
    return figure.denominator is None and figure.is_lent and figure.number <= LARGEST_SHARE


def _are_shares(shares: Column, parts: Column, wholes: Column) -> bool:
    """Say whether in three and nearly all rows a number is the part's share in the whole, or its growth."""
    rows = [r for r in shares.keys() & parts.keys() & wholes.keys() if wholes[r].number > 0]
    told = [(100 * parts[r].number / wholes[r].number, shares[r].number) for r in rows]
    for less in (0, 100):
        held = sum(abs(share - less - number) <= _ROUNDED_TO_TENTHS for share, number in told)
        if held >= _LEAST_PROOF and _MOST_ROWS * len(shares) <= held:
            return True
    return False


def _are_even(column: Column, other: Column) -> bool:
    """Say whether numbers are alike in rows of several units in which those of `other` are not."""
    rows = column.keys() & other.keys()
    numbers = [column[r].number for r in rows]
    others = [other[r].number for r in rows]
    if len(rows) < _LEAST_EVEN or min(numbers) <= 0 or min(others) <= 0:
        return False
    units = {column[r].unit for r in rows}
    is_nameless = not any(column[r].heading for r in rows)
    is_even = max(numbers) <= _EVEN * min(numbers) and max(numbers) <= LARGEST_SHARE
    is_lent = is_nameless or len(units) >= _LEAST_UNITS
    return is_even and is_lent and max(others) >= _UNEVEN * min(others)


def with_amounts(found: Sequence[CellFigure]) -> list[CellFigure]:
    """Make money of two columns of which the second is, row for row, so many times the first.

    `4 | 14.500.000 | 58.000.000` is a number, the price of one, and the price of all, whatever OCR made of
    their headings. Where the numbers are too small for đồng, a heading must still tell of thousands.
    """
    columns = _columns(found)
    powers: dict[int, int] = {}
    for count, price, whole in combinations(sorted(columns), 3):
        power = _power_of(columns[price], columns[whole])
        are_lent = all(f.is_lent for c in (price, whole) for f in columns[c].values())
        if (
            power is not None
            and are_lent
            and _are_priced(*(columns[c] for c in (count, price, whole)))
        ):
            powers |= {price: power, whole: power}
    return [
        f._replace(kind="money", unit="VND", value=f.number * 10 ** powers[f.cell.column])
        if f.cell.column in powers
        else f
        for f in found
    ]


def _are_priced(counts: Column, prices: Column, wholes: Column) -> bool:
    """Say whether in three and nearly all rows a count times its price is the price of all."""
    rows = counts.keys() & prices.keys() & wholes.keys()
    held = [r for r in rows if counts[r].number * prices[r].number == wholes[r].number]
    several = sum(counts[r].number > 1 < prices[r].number for r in held)
    return len(held) >= _LEAST_PROOF and several >= 2 and _MOST_ROWS * len(rows) <= len(held)


def _power_of(prices: Column, wholes: Column) -> int | None:
    """Return the power of ten of two columns of money; None if it cannot be told."""
    if max(f.number for f in wholes.values()) >= _LEAST_WHOLE:
        return 0
    headings = key(" ".join(f.heading for column in (prices, wholes) for f in column.values()))
    return next((power for word, power in _POWERS.items() if word in headings.split()), None)


def _columns(found: Sequence[CellFigure]) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    for figure in found:
        columns.setdefault(figure.cell.column, {})[figure.cell.row] = figure
    return columns
