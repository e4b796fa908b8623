"""Confidence as a probability: how often figures of a raw score were right.

The raw score is the pattern's times that of the worst word. The curve is a monotone, piecewise linear one
through the shares of right figures by score, as isotonic calibration does (Zadrozny & Elkan 2002,
"Transforming classifier scores into accurate multiclass probability estimates"), measured on the gold
tables, the samples and the unseen reports as damaged text (2,743 figures, value and kind), and held a
little lower at the top, since reports that nobody has looked at are read a little worse. `python -m
benchmarks.figures` prints the reliability table that it is judged by.
"""

from __future__ import annotations

from itertools import pairwise

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
