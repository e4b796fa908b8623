"""Cells of ruled tables that were not read well, read again one by one.

The head of a table is a row of cells with one, two or three lines each, centred. Where no text
line runs through all of them, automatic segmentation takes the row for one line of tall letters
and reads nonsense. In the body a ruling beside a number is read into it, and a number alone in its
cell is passed over. Between its rulings a cell is easy to read.
"""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import ImageDraw

from baocao_etl.models import Box
from baocao_etl.reading.engines import (
    OcrEngine,
    OcrLine,
    OcrWord,
    confidence,
    read_block,
)  # fmt: skip
from baocao_etl.reading.ink import bounds
from baocao_etl.reading.strips import Strip, read_strips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from baocao_etl.reading.ruled import Cells

_DOUBTFUL = 0.8  # the confidence of a word
_DARK = 128
_INSIDE = 0.02  # inches from the sides of a cell: rulings lean, and their edges are blurred
_NUMBER = re.compile(r"[-–(]?\d[\d.,/%]*\)?")
_LEAST_INK = 40 / 160**2  # square inches: a thin digit
_SEVERAL_LINES = 1.7  # median line heights
_WHITE = 0.4  # of its height, around the print of a cell
_BEYOND = 0.5  # heights of a word that it may run out of its cell
_MOST_CELLS = 400  # of a page that are read again


def cells_again(
    image: Image.Image,
    dpi: float,
    lines: Sequence[OcrLine],
    tables: Sequence[Cells],
    engine: OcrEngine,
    timeout: float,
) -> list[OcrLine]:
    """Return `lines` with the cells of `tables` that were read badly or not at all read again.

    Args:
        image: the picture that `lines` were read from, "L"; all boxes are in its pixels.
        dpi: dots per inch of `image`.
        lines: words from left to right.
        tables: the cells of each ruled table.
        engine: reads the cells.
        timeout: seconds that it may take for one cell, or for all that hold a single line.
    """
    if not lines or not tables:
        return list(lines)
    words = [word for line in lines for word in line.words]
    usual = median(word.box.height for word in words)
    image = _without_rulings(image, dpi, tables)
    doubtful: list[_Doubtful] = []
    for cell in (cell for cells in tables for cell in cells):
        inside = [word for word in words if _holds(cell, word.box)]
        if any(_is_doubtful(word, cell) for word in inside or (None,)) and (
            ink := _ink(image, cell, dpi)
        ):
            doubtful.append(_Doubtful(cell, ink, OcrLine(tuple(inside))))
    del doubtful[_MOST_CELLS:]
    single = [d for d in doubtful if d.ink.height < _SEVERAL_LINES * usual]
    read = _read_lines(image, single, engine, timeout)
    read += (
        (d, read_block(engine, image, d.cell, dpi, timeout)) for d in doubtful if d not in single
    )
    gone: set[int] = set()
    found: list[OcrLine] = []
    block = max(line.block for line in lines)
    for (cell, _, known), again in read:
        if _is_better(again, known):
            gone |= {id(word) for word in known.words}
            found += [_behind_ruling(cell, line.words, block) for line in again if line.words]
    kept = (
        line._replace(words=tuple(w for w in line.words if id(w) not in gone)) for line in lines
    )
    return [line for line in (*kept, *found) if line.words]


class _Doubtful(NamedTuple):
    """A cell that is to be read again, the box around its print, and what was read of it."""

    cell: Box
    ink: Box
    known: OcrLine

    @property
    def place(self) -> Box:
        """The print with white around it, without which a line of few letters is not found."""
        x0, y0, x1, y1 = self.ink
        grow = _WHITE * (y1 - y0)
        cell = self.cell
        return Box(
            max(cell.x0, x0 - grow), max(cell.y0, y0 - grow),
            min(cell.x1, x1 + grow), min(cell.y1, y1 + grow),
        )  # fmt: skip


def _read_lines(
    image: Image.Image, cells: Sequence[_Doubtful], engine: OcrEngine, timeout: float
) -> list[tuple[_Doubtful, list[OcrLine]]]:
    """Read cells of one line each, all in one go; what may be numbers once more as such."""
    strips = [Strip.of(image, cell.place) for cell in cells]
    read = read_strips(strips, engine, timeout)
    numbers = [
        i for i, (d, words) in enumerate(zip(cells, read, strict=True))
        if _has_digit(d.known.words) and not (_is_number(words) and words[0].confidence >= _DOUBTFUL)
    ]  # fmt: skip
    digits = read_strips([strips[i] for i in numbers], engine, timeout, digits=True)
    for i, words in zip(numbers, digits, strict=True):
        if _is_number(words) and words[0].confidence >= _DOUBTFUL:
            read[i] = words
    return [(d, [OcrLine(words)] if words else []) for d, words in zip(cells, read, strict=True)]


def _is_better(again: Sequence[OcrLine], known: OcrLine) -> bool:
    """Say whether `again` is surer; where there are digits, a number is better than none."""
    if _has_digit(known.words) and len(again) == 1:
        mine, other = _is_number(again[0].words), _is_number(known.words)
        if mine != other:
            return mine
    return confidence(again) > confidence([known])


def _is_number(words: Sequence[OcrWord]) -> bool:
    return len(words) == 1 and bool(_NUMBER.fullmatch(words[0].text))


def _has_digit(words: Sequence[OcrWord]) -> bool:
    return any(char.isdigit() for word in words for char in word.text)


def _without_rulings(image: Image.Image, dpi: float, tables: Sequence[Cells]) -> Image.Image:
    """Return the picture with the sides of all cells painted over."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    width = 2 * round(_INSIDE * dpi) + 1
    for cell in (cell for cells in tables for cell in cells):
        x0, y0, x1, y1 = cell
        draw.line(((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)), 255, width)
    return image


def _ink(image: Image.Image, cell: Box, dpi: float) -> Box | None:
    """Return the box around the print of a cell, rulings painted over; None if it is empty."""
    left, top, right, bottom = map(round, cell)
    dark = np.asarray(image.crop((left, top, right, bottom))) < _DARK
    found = bounds(dark)
    if found is None or dark.sum() < _LEAST_INK * dpi**2:
        return None
    return Box(left + found.x0, top + found.y0, left + found.x1, top + found.y1)


def _is_doubtful(word: OcrWord | None, cell: Box) -> bool:
    if word is None or word.confidence < _DOUBTFUL:
        return True
    most = _BEYOND * word.box.height
    return word.box.x0 < cell.x0 - most or word.box.x1 > cell.x1 + most


def _holds(cell: Box, box: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return cell.x0 <= x < cell.x1 and cell.y0 <= y < cell.y1


def _behind_ruling(cell: Box, words: tuple[OcrWord, ...], block: int) -> OcrLine:
    """Return a line of a cell with the ruling on its left as engines write it.

    Full cells stand nearer to each other than words do.
    """
    first = words[0].box
    ruling = Box(cell.x0 - 1, first.y0, cell.x0, first.y1)
    return OcrLine((OcrWord("|", ruling, 1.0), *words), block)
