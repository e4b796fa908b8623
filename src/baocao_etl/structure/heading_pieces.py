"""Pieces of names in one line of a heading: where they may end, and how unlike a name they are."""

from __future__ import annotations

from collections.abc import Sequence

from baocao_etl.structure.flat_headings import HeadingLine, is_period

_LONGEST_PIECE = 10  # words
_DEAREST_PIECE = 7.0  # cost of the cuts that a piece passes over
_LONGEST_NAME = 7  # words of a name that costs nothing
_UNCLOSED, _UNOPENED, _SECOND_UNIT, _BEHIND_UNIT = 4.0, 5.0, 4.0, 3.0
_ONLY_UNIT, _ONLY_UNIT_BELOW = 5.0, 3.0
_LOW_START, _CAPITAL_BELOW, _COUNTING_NAME = 1.5, 3.0, 2.0


def pieces_of(line: HeadingLine) -> list[dict[int, float]]:
    """Return, for each token, where a piece that begins with it may end, and what its cuts cost."""
    length = len(line.tokens)
    places = [i for i in range(1, length) if line.may_cut(i)]
    pieces: list[dict[int, float]] = []
    for at in range(length + 1):
        ends = {at: 0.0}
        passed = 0.0
        for end in [i for i in [*places, length] if i > at]:
            if end > at + _LONGEST_PIECE or passed > _DEAREST_PIECE:
                break
            cut = line.cuts[end] if end < length else 0.0
            ends[end] = passed + max(0.0, -cut)
            passed += max(0.0, cut)
        pieces.append(ends)
    return pieces


def least_of(pieces: Sequence[dict[int, float]], most: int) -> list[list[float]]:
    """Return what a line costs at least from each token on, in at most so many pieces."""
    length = len(pieces) - 1
    least = [[0.0 if at == length else float("inf")] * (most + 1) for at in range(length + 1)]
    for n in range(1, most + 1):
        for at in range(length):
            ends = ((cost + least[end][n - 1]) for end, cost in pieces[at].items() if end > at)
            least[at][n] = min(ends, default=float("inf"))
    return least


def unlikeness(pieces: Sequence[Sequence[str]], *, lower: bool = False) -> float:
    """Say how unlike a column's name `pieces` are, each from a line: brackets, capitals, length."""
    cost = 0.0
    is_open = is_closed = False
    for n, piece in enumerate(pieces):
        first = piece[0]
        if first.startswith("("):
            cost += 0.0 if n else _ONLY_UNIT_BELOW if lower else _ONLY_UNIT
        elif n and first[:1].isupper():
            cost += _CAPITAL_BELOW
        elif not n and first[:1].islower():
            cost += _LOW_START
        elif not n and first.isdigit() and not is_period(piece):
            cost += _COUNTING_NAME
        for word in piece:
            if "(" in word:
                cost += _SECOND_UNIT * (is_open or is_closed)
                is_open = True
            elif is_closed and not is_open:
                cost += _BEHIND_UNIT
            if ")" in word:
                cost += 0.0 if is_open else _UNOPENED
                is_open, is_closed = False, True
    length = sum(map(len, pieces))
    return cost + _UNCLOSED * is_open + 0.3 * max(0, length - _LONGEST_NAME)
