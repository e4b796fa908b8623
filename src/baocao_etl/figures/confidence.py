"""Confidence as a probability: how often figures of a raw score were right.

The raw score is the pattern's times that of the worst word. The curve is a monotone, piecewise linear one
through the shares of right figures by score, as isotonic calibration does (Zadrozny & Elkan 2002,
"Transforming classifier scores into accurate multiclass probability estimates"), measured on the gold
tables, the samples and the unseen reports as damaged text (2,743 figures, value and kind), and held a
little lower at the top, since reports that nobody has looked at are read a little worse. `python -m
benchmarks.figures` prints the reliability table that it is judged by.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from baocao_etl.models import FigureKind

# (raw score, share of figures that were right)
_KNOTS = (
    (0.0, 0.0), (0.1, 0.5), (0.5, 0.68), (0.6, 0.79), (0.7, 0.89), (0.8, 0.92), (0.86, 0.95), (0.92, 0.978),
    (0.957, 0.989), (1.0, 0.995),
)  # fmt: skip


def calibrated(score: float) -> float:
    """Return the probability that a figure of raw `score` (0 to 1) is right, to four decimals."""
    score = min(max(score, 0.0), 1.0)
    for (low, p), (high, q) in pairwise(_KNOTS):
        if score <= high:
            return round(p + (q - p) * (score - low) / (high - low), 4)
    return _KNOTS[-1][1]


# Of cells: the shares that were right in 1,700 of the unseen reports, cleanly read and not.
_CELL, _PART_OF_A_THING, _NAMELESS, _BENT_HEADING = 0.94, 0.1, 0.6, 0.7


def score_of_cell(
    kind: FigureKind, value: Decimal, unit: str | None, heading: str, *, damaged: bool
) -> float:
    """Return the raw score of a table's figure, whose kind and unit its `heading` decides.

    A count of 46.8 without a unit is a measure whose unit was lost. Where a page is `damaged`, so are the
    headings of its tables: without a unit, or with one that all numbers would fit, it may be another's.
    """
    if kind == "count" and value % 1:
        return _PART_OF_A_THING
    if not any(map(str.isalpha, heading)) or (damaged and unit is None):
        return _NAMELESS
    return _BENT_HEADING if damaged and kind in ("money", "quantity") else _CELL
