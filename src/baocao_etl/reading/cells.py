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
    from collections.abc import Iterator, Sequence

    from PIL import Image

_TALL = 1.7  # median line heights: a row of cells with two lines
_NONSENSE = 0.6  # the confidence of what is read so
_INK = 170  # lighter than print: rulings are thin, and paper is evened
_RULED = 0.9  # of a row's height that an upright ruling is dark
_NEAR = 2  # pixels that a ruling may lean to either side, and that cells are cut inside of it
_LEAST_WIDTH = 1.5  # median line heights: a cell with words in it


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
    result: list[OcrLine] = []
    for line in lines:
        if not any(_is_nonsense(word, usual) for word in line.words):
            result.append(line)
            continue
        words = list(line.words)
        for cell in _cells(image, line, usual):
            inside = [word for word in words if cell.x0 <= word.box.x0 < cell.x1]
            if not any(word.confidence < _NONSENSE for word in inside):
                continue
            again = read_block(engine, image, cell, dpi, timeout)
            if confidence(again) > confidence([OcrLine(tuple(inside))]):
                words = [word for word in words if word not in inside]
                result += [_behind_ruling(cell, part.words, line.block) for part in again]
        if words:
            result.append(OcrLine(tuple(words), line.block))
    return result


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
    """Yield what lies between the upright rulings that cross a row."""
    row = Box.around(word.box for word in line.words)
    top, bottom = max(0, round(row.y0) - _NEAR), min(image.height, round(row.y1) + _NEAR)
    ink = np.asarray(image.crop((0, top, image.width, bottom))) < _INK
    # A ruling that leans a little is dark in each row, though not in one column.
    wide = np.lib.stride_tricks.sliding_window_view(ink, 2 * _NEAR + 1, axis=1).any(axis=2)
    ruled = np.flatnonzero(wide.mean(axis=0) > _RULED) + _NEAR
    for left, right in pairwise(ruled.tolist()):
        if right - left > _LEAST_WIDTH * usual:
            yield Box(left + _NEAR, top, right - _NEAR, bottom)
