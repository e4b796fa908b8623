"""The cells of ruled tables in the picture of a page.

Rulings are runs of ink far longer than any stroke of a letter (the run-length method; cf. Zanibbi,
Blostein and Cordy 2004, "A survey of table recognition"). Those that touch make a table; where two
fields of its grid have no ruling between them, they are one cell.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from baocao_etl.models import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PIL import Image

    from baocao_etl.reading.ink import Ink
    from baocao_etl.reading.ruled import Cells

_INK = 190  # lighter than print: rulings are thin, and paper is evened
# Inches: no letter is so high, and no letters touch along so much of a line.
_UPRIGHT, _LEVEL = 0.19, 0.38
_BREAK = 0.1  # inches of a ruling that the scanner lost
_ALIKE = 0.045  # inches: rulings nearer than this are one, or touch
_WALL = 0.5  # of a field's side that a ruling covers
_LEAST_UPRIGHT = 3  # the sides of two columns
_MOST_RULINGS = 400  # more are a map or a photograph


class Ruling(NamedTuple):
    """A stroke from `start` to `end`, `at` pixels from the left if it is upright, else from the top."""

    at: float
    start: float
    end: float


def may_hold_table(image: Image.Image, dpi: float) -> bool:
    """Say whether there are upright rulings enough for a table on a page, which may lean a little."""
    columns = _runs(np.asarray(image) < _INK, round(_UPRIGHT * dpi)).any(axis=0)
    return len(_places(np.flatnonzero(columns), _ALIKE * dpi)) >= _LEAST_UPRIGHT


def find_cells(image: Image.Image, dpi: float) -> tuple[Cells, ...]:
    """Return the cells of each ruled table on a page, in pixels; of at least two columns.

    Args:
        image: "L", its lines level.
        dpi: dots per inch of `image`.
    """
    ink = np.asarray(image) < _INK
    upright = _rulings(ink, dpi, _UPRIGHT)
    level = _rulings(ink.T, dpi, _LEVEL)
    if max(len(upright), len(level)) > _MOST_RULINGS:
        return ()
    near = _ALIKE * dpi
    grids = (_cells(*group, near) for group in _touching(upright, level, near))
    return tuple(cells for cells in grids if cells)


def _runs(ink: Ink, length: int) -> Ink:
    """Return where `length` pixels of ink begin, one below the other; they may lean by a pixel."""
    wide = ink.copy()
    wide[:, 1:] |= ink[:, :-1]
    wide[:, :-1] |= ink[:, 1:]
    sums = np.zeros((len(wide) + 1, wide.shape[1]), dtype=np.int32)
    np.cumsum(wide, axis=0, out=sums[1:])
    found: Ink = sums[length:] - sums[: max(0, len(sums) - length)] == length
    return found


def _rulings(ink: Ink, dpi: float, least: float) -> list[Ruling]:
    """Return the upright rulings of `ink`, from left to right."""
    length = max(2, round(least * dpi))
    near, gap = _ALIKE * dpi, _BREAK * dpi
    found: list[Ruling] = []
    for piece in _pieces(_runs(ink, length), length):
        for i in range(len(found) - 1, -1, -1):
            known = found[i]
            if piece.at - known.at > near:
                continue
            if piece.start - known.end <= gap and known.start - piece.end <= gap:
                found[i] = _joined(known, piece)
                break
        else:
            found.append(piece)
    return found


def _joined(one: Ruling, other: Ruling) -> Ruling:
    """Return both as one ruling, which stands where the longer of them does."""
    longer = max(one, other, key=lambda ruling: ruling.end - ruling.start)
    return Ruling(longer.at, min(one.start, other.start), max(one.end, other.end))


def _pieces(runs: Ink, length: int) -> Iterator[Ruling]:
    """Yield the stretches of each column in which runs begin, from left to right."""
    for x in np.flatnonzero(runs.any(axis=0)):
        ys = np.flatnonzero(runs[:, x])
        for part in np.split(ys, np.flatnonzero(np.diff(ys) > 1) + 1):
            yield Ruling(float(x), float(part[0]), float(part[-1] + length))


def _touching(
    upright: Sequence[Ruling], level: Sequence[Ruling], near: float
) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Return the rulings in groups that hang together, upright ones and level ones."""
    groups: list[tuple[list[Ruling], list[Ruling]]] = []
    left = list(level)
    for first in upright:
        touched = [g for g in groups if any(_meet(first, other, near) for other in g[1])]
        fresh = [other for other in left if _meet(first, other, near)]
        left = [other for other in left if other not in fresh]
        merged = (
            [first, *(ruling for g in touched for ruling in g[0])],
            [*fresh, *(ruling for g in touched for ruling in g[1])],
        )
        groups = [*(g for g in groups if g not in touched), merged]
    return groups


def _meet(upright: Ruling, level: Ruling, near: float) -> bool:
    return (
        level.start - near <= upright.at <= level.end + near
        and upright.start - near <= level.at <= upright.end + near
    )


def _cells(upright: Sequence[Ruling], level: Sequence[Ruling], near: float) -> Cells:
    """Return the cells between rulings; none if they are fewer than two columns and one row."""
    xs, ys = (_places([r.at for r in rulings], near) for rulings in (upright, level))
    if len(xs) < _LEAST_UPRIGHT or len(ys) < 2:
        return ()
    fields = list(product(range(len(ys) - 1), range(len(xs) - 1)))
    owner = {field: field for field in fields}
    for row, column in fields:
        beside, below = (row, column + 1), (row + 1, column)
        wall = xs[column + 1], ys[row], ys[row + 1]
        if beside in owner and not _is_wall(upright, *wall, near):
            _merge(owner, (row, column), beside)
        wall = ys[row + 1], xs[column], xs[column + 1]
        if below in owner and not _is_wall(level, *wall, near):
            _merge(owner, (row, column), below)
    cells: list[Box] = []
    for first in sorted(set(owner.values())):
        mine = [field for field in fields if owner[field] == first]
        rows, columns = ({field[axis] for field in mine} for axis in (0, 1))
        # What is no rectangle lost a ruling; its fields stand by themselves.
        whole = [mine] if len(mine) == len(rows) * len(columns) else [[field] for field in mine]
        cells += (
            Box(
                xs[min(c for _, c in part)], ys[min(r for r, _ in part)],
                xs[max(c for _, c in part) + 1], ys[max(r for r, _ in part) + 1],
            )
            for part in whole
        )  # fmt: skip
    return tuple(cells)


def _places(marks: Iterable[float], near: float) -> list[float]:
    """Return the places at which `marks` stand: one for those that are near each other."""
    groups: list[list[float]] = []
    for at in sorted(marks):
        if groups and at - groups[-1][-1] <= near:
            groups[-1].append(at)
        else:
            groups.append([at])
    return [sum(group) / len(group) for group in groups]


def _is_wall(
    rulings: Iterable[Ruling], at: float, start: float, end: float, near: float
) -> bool:  # fmt: skip
    """Say whether rulings near `at` cover enough of the stretch from `start` to `end`."""
    covered = sum(
        max(0.0, min(end, ruling.end) - max(start, ruling.start))
        for ruling in rulings
        if abs(ruling.at - at) <= 2 * near
    )
    return covered >= _WALL * (end - start)


def _merge(
    owner: dict[tuple[int, int], tuple[int, int]], one: tuple[int, int], other: tuple[int, int]
) -> None:
    first, second = sorted((owner[one], owner[other]))
    for field, known in owner.items():
        if known == second:
            owner[field] = first
