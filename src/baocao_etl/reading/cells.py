"""Rows of tables that were read as one line though some of their cells hold two, read again.

The head of a table is a row of cells with one, two or three lines each, centred. Where no text
line runs through all of them, automatic segmentation takes the row for one line of tall letters
and reads nonsense. Its cells lie between upright rulings; each is read by itself as a block.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrEngine, OcrLine, OcrWord, confidence, read_block

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    import numpy.typing as npt
    from PIL import Image

_TALL = 1.7  # median line heights: a row of cells with two lines
_NONSENSE = 0.6  # the confidence of what is read so
_INK = 170  # lighter than print: rulings are thin, and paper is evened
# Of a row's height that an upright ruling is dark (a row may begin above a table that leans), and of
# a cell's width that a level one is.
_UPRIGHT, _LEVEL = 0.8, 0.9
_NEAR = 2  # pixels that a ruling may lean to either side, and that cells are cut inside of it
_LEAST_WIDTH, _LEAST_HEIGHT = 1.5, 0.8  # median line heights: a cell with words in it
_BEYOND = 4.0  # median line heights above and below a row in which its cells end
_WITHIN = 0.3  # of the height of a cell or the row, whichever is less, that they share


def cells_again(
    image: Image.Image, dpi: float, lines: Sequence[OcrLine], engine: OcrEngine, timeout: float
) -> list[OcrLine]:
    """Return `lines` with rows that were read as one line of tall letters read cell by cell.

    Args:
        image: the picture that `lines` were read from, "L"; their boxes are in its pixels.
        dpi: dots per inch of `image`.
        lines: words from left to right.
        engine: reads the cells.
        timeout: seconds that it may take for one cell.
    """
    if not lines:
        return []
    usual = median(median(word.box.height for word in line.words) for line in lines)
    result = list(lines)
    for line in lines:
        if not any(_is_nonsense(word, usual) for word in line.words):
            continue
        for cell in _cells(image, line, usual):
            inside = {id(w): w for other in result for w in other.words if _holds(cell, w.box)}
            if not any(word.confidence < _NONSENSE for word in inside.values()):
                continue
            again = read_block(engine, image, cell, dpi, timeout)
            if confidence(again) > confidence([OcrLine(tuple(inside.values()))]):
                result = [_without(other, inside) for other in result]
                result += [_behind_ruling(cell, part.words, line.block) for part in again]
    return [line for line in result if line.words]


def _without(line: OcrLine, words: Container[int]) -> OcrLine:
    return line._replace(words=tuple(word for word in line.words if id(word) not in words))


def _holds(cell: Box, box: Box) -> bool:
    middle = (box.y0 + box.y1) / 2
    return cell.x0 <= box.x0 < cell.x1 and cell.y0 <= middle < cell.y1


def _behind_ruling(cell: Box, words: tuple[OcrWord, ...], block: int) -> OcrLine:
    """Return a line of a cell with the ruling on its left as engines write it.

    Full cells stand nearer to each other than words do.
    """
    first = words[0].box
    ruling = Box(cell.x0 - _NEAR, first.y0, cell.x0, first.y1)
    return OcrLine((OcrWord("|", ruling, 1.0), *words), block)


def _is_nonsense(word: OcrWord, usual: float) -> bool:
    return word.confidence < _NONSENSE and word.box.height > _TALL * usual


def _cells(image: Image.Image, line: OcrLine, usual: float) -> Iterator[Box]:
    """Yield what lies between the rulings that cross a row, upright, and bound it, level.

    A row that was read as one may be two in some of its columns.
    """
    row = Box.around(word.box for word in line.words)
    top, bottom = max(0, round(row.y0) - _NEAR), min(image.height, round(row.y1) + _NEAR)
    ink = np.asarray(image.crop((0, top, image.width, bottom))) < _INK
    above = max(0, round(top - _BEYOND * usual))
    below = min(image.height, round(bottom + _BEYOND * usual))
    for left, right in pairwise(_rulings(ink, _UPRIGHT)):
        if right - left < _LEAST_WIDTH * usual:
            continue
        part = np.asarray(image.crop((left + _NEAR, above, right - _NEAR, below))) < _INK
        levels = [above + y for y in _rulings(part.T, _LEVEL)]
        # Where no level ruling is seen the row itself is all that is known.
        bounds = [*levels, top] if not any(y <= row.y0 for y in levels) else levels
        bounds = [*bounds, bottom] if not any(y >= row.y1 for y in levels) else bounds
        for upper, lower in pairwise(sorted(bounds)):
            shared = min(lower, bottom) - max(upper, top)
            height = lower - upper
            if height < _LEAST_HEIGHT * usual or shared < _WITHIN * min(height, bottom - top):
                continue
            yield Box(left + _NEAR, upper + _NEAR, right - _NEAR, lower - _NEAR)


def _rulings(ink: npt.NDArray[np.bool_], share: float) -> list[int]:
    """Return the columns of `ink` of which more than `share` is dark."""
    if ink.shape[1] <= 2 * _NEAR:
        return []
    # A ruling that leans a little is dark in each row, though not in one column.
    wide = np.lib.stride_tricks.sliding_window_view(ink, 2 * _NEAR + 1, axis=1).any(axis=2)
    return [int(x) + _NEAR for x in np.flatnonzero(wide.mean(axis=0) > share)]
