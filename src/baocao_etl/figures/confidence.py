"""Confidence as a probability: how often figures of a raw score were right.

The raw score is the pattern's times that of the worst word. The curve is a monotone, piecewise linear one
through the shares of right figures by score, as isotonic calibration does (Zadrozny & Elkan 2002,
"Transforming classifier scores into accurate multiclass probability estimates"), measured on the gold
tables and the samples; `python -m benchmarks.figures` prints the reliability table that it is judged by.
"""

from __future__ import annotations

from itertools import pairwise

# (raw score, share of figures that were right)
_KNOTS = (
    (0.0, 0.0), (0.5, 0.25), (0.62, 0.45), (0.72, 0.65), (0.86, 0.86), (0.922, 0.95), (0.957, 0.98),
    (1.0, 0.997),
)  # fmt: skip


def calibrated(score: float) -> float:
    """Return the probability that a figure of raw `score` (0 to 1) is right, to four decimals."""
    score = min(max(score, 0.0), 1.0)
    for (low, p), (high, q) in pairwise(_KNOTS):
        if score <= high:
            return round(p + (q - p) * (score - low) / (high - low), 4)
    return _KNOTS[-1][1]
