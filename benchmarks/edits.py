"""The distance of a text from the part of another that is most like it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def infix_distance(wanted: Sequence[int], line: npt.NDArray[np.integer]) -> int:
    """Return the fewest edits that turn `wanted` into any part of `line`, symbols being numbers.

    Sellers 1980, "The theory and computation of evolutionary distances".
    """
    at = np.arange(len(line) + 1)
    row = np.zeros(len(line) + 1, dtype=np.int64)
    for symbol in wanted:
        below = row + 1
        below[1:] = np.minimum(below[1:], row[:-1] + (line != symbol))
        row = at + np.minimum.accumulate(below - at)
    return int(row.min())
