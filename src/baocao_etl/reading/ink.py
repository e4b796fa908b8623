"""The ink of a picture, as true and false: where it lies, its runs, and what hangs together of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from baocao_etl.models import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

Ink = npt.NDArray[np.bool_]


class Patch(NamedTuple):
    """Ink that hangs together: the box around it, and its runs as row, first column, end."""

    box: Box
    runs: list[tuple[int, int, int]]

    @property
    def pixels(self) -> int:
        """How many pixels it has."""
        return sum(end - start for _, start, end in self.runs)


def bounds(ink: Ink) -> Box | None:
    """Return the box around what is set, in whole pixels; None where nothing is."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return None
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def runs(marked: npt.ArrayLike) -> list[range]:
    """Return where marks of one row follow each other without a gap."""
    return next(_runs_of_rows(np.atleast_2d(np.asarray(marked))))


def _runs_of_rows(ink: Ink) -> Iterator[list[range]]:
    padded = np.zeros((ink.shape[0], ink.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = ink
    for row in np.diff(padded, axis=1):
        ends = np.flatnonzero(row).tolist()
        yield [range(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True)]


def patches(ink: Ink) -> list[Patch]:
    """Return what hangs together in `ink`, corners counting.

    Runs of a row are joined to those that they touch in the row above (Rosenfeld & Pfaltz, 1966), so the
    work grows with the ink, however it is strewn.
    """
    found: list[tuple[int, int, int]] = []
    parent: list[int] = []

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    above: list[tuple[int, int, int]] = []
    for y, row in enumerate(_runs_of_rows(ink)):
        here: list[tuple[int, int, int]] = []
        first = 0
        for run in row:
            own = len(found)
            found.append((y, run.start, run.stop))
            parent.append(own)
            while first < len(above) and above[first][1] < run.start:
                first += 1
            for left, _, other in above[first:]:
                if left > run.stop:
                    break
                parent[root(other)] = root(own)
            here.append((run.start, run.stop, own))
        above = here
    whole: dict[int, list[tuple[int, int, int]]] = {}
    for i, one in enumerate(found):
        whole.setdefault(root(i), []).append(one)
    return [Patch(_box(held), held) for held in whole.values()]


def _box(held: list[tuple[int, int, int]]) -> Box:
    """Return the box around runs that are in order of their rows."""
    left, right = min(start for _, start, _ in held), max(end for _, _, end in held)
    return Box(left, held[0][0], right, held[-1][0] + 1)
