"""Print that an engine took for a picture, or for nothing at all.

The engine cuts a page into text and pictures first, and a seal or a signature across a block of a few
short lines makes a picture of the whole: the signer and his office are lost. Where much ink without
words stands in the right half of a page, it is read once more, as a single block of text. A short
line by itself ("Kính gửi:") is lost at times as well; what looks like one is read once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrEngine, OcrLine, OcrWord, read_block
from baocao_etl.reading.ink import Ink, bounds
from baocao_etl.reading.strips import Strip, read_strips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

_TILE = 1 / 16  # inches
_DARK = 128
_BESIDE = 0.45  # of the page's width: signatures stand to the right of this
_EDGE = 0.04  # of either side of the page: shadows of the scanner
_LOWEST, _HIGHEST = 0.5, 2.8  # inches: less is a speck or a rule, more is a picture
_NARROWEST = 0.7  # inches
_GAP = 4  # tiles of white that part one block from the next
_MOST_WORDS = 6  # that were read well there; with more, it is no signature but a table
_READ = 0.5  # surer words were read
# Strokes of seals make words as well: short, mixed with signs, and rarely sure. Print has so many sure
# letters in a line, and this share of them.
_LETTERS, _SHARE = 3, 0.25
_MARGIN = 0.12  # inches around what is read
_OVERLAP = 0.3  # of a word's area
# A lost line, in inches: as high as print, and longer than the longest speck.
_LINE_HEIGHT, _LINE_LENGTH = (0.07, 0.4), 0.35
_LINE_SURE = 0.8  # each word of it
_REACH = 2  # tiles of white between its words
_MOST_TILES = 4000  # more unread ink is a photograph
_RULING = 0.85  # of the length of a line, in one row of pixels


class _Page(NamedTuple):
    """The picture of a page and the words that were read from it."""

    image: Image.Image
    dpi: float
    words: list[OcrWord]


def missed_again(
    image: Image.Image, dpi: float, lines: Sequence[OcrLine], engine: OcrEngine, timeout: float
) -> list[OcrLine]:
    """Return `lines` and, behind them, what more can be read on the page.

    Args:
        image: the picture that `lines` were read from, "L"; their boxes are in its pixels.
        dpi: dots per inch of `image`.
        lines: words from left to right.
        engine: reads the blocks.
        timeout: seconds that each block may take.
    """
    page = _Page(image, dpi, [word for line in lines for word in line.words])
    found = list(lines)
    block = max((line.block for line in lines), default=0)
    for place in _blocks(page):
        block += 1
        for words, _ in read_block(engine, image, place, dpi, timeout):
            beheaded = _beheaded(words, page.words)
            found = [_without(beheaded, known) for known in found]
            if words := _print_of(words, [w for w in page.words if w not in beheaded]):
                found.append(OcrLine(words, block))
    for words in _lost_lines(page, found, engine, timeout):
        block += 1
        found.append(OcrLine(words, block))
    return [line for line in found if line.words]


def _lost_lines(
    page: _Page, lines: Sequence[OcrLine], engine: OcrEngine, timeout: float
) -> Iterator[tuple[OcrWord, ...]]:
    """Yield the words of lines that stand by themselves and that nobody has read."""
    words = [word for line in lines for word in line.words]
    strips = [Strip.of(page.image, box) for box in _like_lines(page, words)]
    for again in read_strips(strips, engine, timeout):
        if again and min(word.confidence for word in again) >= _LINE_SURE and _print_of(again, ()):
            yield again


def _like_lines(page: _Page, words: Sequence[OcrWord]) -> Iterator[Box]:
    """Yield the places of ink outside `words` that are as high and long as a line of print."""
    dark = _unread(page, words, 0.0)
    ink, tile = _tiles(dark, page.dpi)
    rest = {(int(y), int(x)) for y, x in np.argwhere(ink)}
    if len(rest) > _MOST_TILES:
        return
    while rest:
        patch = [rest.pop()]
        for y, x in patch:
            near = {
                (y + down, x + across)
                for down in (-1, 0, 1)
                for across in range(-_REACH, _REACH + 1)
            } & rest
            rest -= near
            patch += near
        ys, xs = zip(*patch, strict=True)
        top, left = min(ys) * tile, min(xs) * tile
        part = dark[top : (max(ys) + 1) * tile, left : (max(xs) + 1) * tile]
        found = bounds(part)
        low, high = (side * page.dpi for side in _LINE_HEIGHT)
        if (
            found
            and low <= found.height <= high
            and found.width >= _LINE_LENGTH * page.dpi
            and part.sum(axis=1).max() < _RULING * found.width
        ):
            yield Box(left + found.x0, top + found.y0, left + found.x1, top + found.y1)


def _without(words: Sequence[OcrWord], line: OcrLine) -> OcrLine:
    return line._replace(words=tuple(word for word in line.words if word not in words))


def _beheaded(words: Sequence[OcrWord], known: Sequence[OcrWord]) -> list[OcrWord]:
    """Return those of the `known` words that `words`, a line of print, has with more before them.

    A seal lies over the beginning of the line: of "PHÓ CHỦ TỊCH" it leaves the chairman himself.
    """
    of_line = [w for w in known if _is_read(w) and any(_covers(v.box, w.box) for v in words)]
    new = [word for word in words if any(map(str.isalpha, word.text))]
    if not of_line or not new or not _print_of(words, ()):
        return []
    first = min(of_line, key=lambda word: word.box.x0)
    return of_line if first.box.x0 - min(w.box.x0 for w in new) > first.box.height else []


def _print_of(words: Sequence[OcrWord], known: Sequence[OcrWord]) -> tuple[OcrWord, ...]:
    """Return those of the `words` of a line that are new; none if the line is noise.

    Beside sure words the unsure ones stay: they are letters under a stroke, and another engine may
    read them.
    """
    new = tuple(
        word
        for word in words
        if any(map(str.isalpha, word.text))
        and not any(_covers(other.box, word.box) for other in known if _is_read(other))
    )
    sure = sum(len(word.text) for word in new if _is_read(word) and word.text.isalpha())
    return new if sure >= max(_LETTERS, _SHARE * sum(len(word.text) for word in new)) else ()


def _is_read(word: OcrWord) -> bool:
    return word.confidence > _READ and sum(map(str.isalnum, word.text)) > 1


def _covers(box: Box, other: Box) -> bool:
    across = min(box.x1, other.x1) - max(box.x0, other.x0)
    down = min(box.y1, other.y1) - max(box.y0, other.y0)
    return across > 0 and down > 0 and across * down > _OVERLAP * other.width * other.height


def _blocks(page: _Page) -> Iterator[Box]:
    """Yield the places in the right half of the page where much ink but hardly a word stands."""
    ink, tile = _tiles(_unread(page, [*filter(_is_read, page.words)], _BESIDE), page.dpi)
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return
    margin = _MARGIN * page.dpi
    for run in np.split(rows, np.flatnonzero(np.diff(rows) > _GAP) + 1):
        columns = np.flatnonzero(ink[run[0] : run[-1] + 1].any(axis=0))
        box = Box(
            max(0.0, columns[0] * tile - margin),
            max(0.0, run[0] * tile - margin),
            min(float(page.image.width), (columns[-1] + 1) * tile + margin),
            min(float(page.image.height), (run[-1] + 1) * tile + margin),
        )
        if not _LOWEST < (box.height - 2 * margin) / page.dpi < _HIGHEST:
            continue
        if (box.width - 2 * margin) / page.dpi < _NARROWEST:
            continue
        if columns[0] * tile < _BESIDE * page.image.width + tile:
            continue  # it begins in the left half
        inside = [w.box for w in page.words if _is_read(w) and _covers(box, w.box)]
        if len(inside) <= _MOST_WORDS:
            yield Box.around([box, *inside])


def _unread(page: _Page, words: Sequence[OcrWord], left: float) -> Ink:
    """Return the ink outside `words`, to the right of the share `left` of the page's width."""
    dark = np.asarray(page.image) < _DARK
    height, width = dark.shape
    dark[:, : round(max(left, _EDGE) * width)] = False
    dark[:, round((1 - _EDGE) * width) :] = False
    dark[: round(_EDGE * height)] = False
    dark[round((1 - _EDGE) * height) :] = False
    grow = 0.02 * page.dpi
    for word in words:
        x0, y0, x1, y1 = word.box
        dark[max(0, round(y0 - grow)) : round(y1 + grow),
             max(0, round(x0 - grow)) : round(x1 + grow)] = False  # fmt: skip
    return dark


def _tiles(dark: Ink, dpi: float) -> tuple[Ink, int]:
    """Return which tiles of `dark` hold ink, and the side of a tile, in pixels."""
    tile = max(1, round(_TILE * dpi))
    rows, columns = dark.shape[0] // tile, dark.shape[1] // tile
    counts = dark[: rows * tile, : columns * tile].reshape(rows, tile, columns, tile)
    return counts.sum(axis=(1, 3)) > tile // 2, tile
