"""Where ink lies, its runs, and what hangs together of it."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from baocao_etl.models import Box
from baocao_etl.reading.ink import Ink, bounds, patches, runs

pictures = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=12))
Pixels = frozenset[tuple[int, int]]


def flooded(ink: Ink) -> set[Pixels]:
    """Return the pixels of each patch, found by walking from neighbour to neighbour."""
    rest = {(int(y), int(x)) for y, x in np.argwhere(ink)}
    found = set()
    while rest:
        patch = [rest.pop()]
        for y, x in patch:
            near = {(y + down, x + across) for down, across in product((-1, 0, 1), repeat=2)} & rest
            rest -= near
            patch += near
        found.add(frozenset(patch))
    return found


@given(pictures)
def test_patches_are_what_a_walk_over_neighbours_finds(ink: Ink) -> None:
    found = patches(ink)
    pixels = [frozenset((y, x) for y, a, b in patch.runs for x in range(a, b)) for patch in found]
    assert set(pixels) == flooded(ink)
    assert len(pixels) == len(set(pixels))
    for patch, own in zip(found, pixels, strict=True):
        ys, xs = zip(*own, strict=True)
        assert patch.box == Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)
        assert patch.pixels == len(own)


@given(pictures)
def test_bounds_hold_all_ink_and_touch_it_on_every_side(ink: Ink) -> None:
    found = bounds(ink)
    assert (found is None) == (not ink.any())
    if found:
        x0, y0, x1, y1 = map(int, found)
        close = ink[y0:y1, x0:x1]
        assert close.sum() == ink.sum()
        assert all(side.any() for side in (close[0], close[-1], close[:, 0], close[:, -1]))


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_runs_are_the_stretches_of_marks(marked: list[bool]) -> None:
    found = runs(marked)
    assert [i for run in found for i in run] == [i for i, mark in enumerate(marked) if mark]
    assert all(a.stop < b.start for a, b in pairwise(found))


def test_strewn_ink_takes_time_in_proportion_to_it() -> None:
    checkered = np.zeros((300, 1200), dtype=bool)
    checkered[::2, ::2] = True
    assert len(patches(checkered)) == 150 * 600
