"""From the picture of a page to lines of words: prepare, read, try again where it went badly.

The work has two stages. `observe` runs the engines and knows nothing of any dictionary, so that its
result can be cached by content and settings alone. `interpret` weighs what the engines said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.errors import UsageError
from baocao_etl.models import Box
from baocao_etl.reading.cells import cells_again
from baocao_etl.reading.engines import (
    OcrEngine,
    OcrError,
    OcrLine,
    OcrWord,
    confidence,
    fuller,
)  # fmt: skip
from baocao_etl.reading.fusion import merge
from baocao_etl.reading.gaps import gaps_again
from baocao_etl.reading.labels import labels_again
from baocao_etl.reading.missed import missed_again
from baocao_etl.reading.pen import pen_again
from baocao_etl.reading.preparation import READING_DPI, Prepared, looks_sideways, prepare
from baocao_etl.reading.rows import arrange_tables
from baocao_etl.reading.rulings import find_cells, may_hold_table
from baocao_etl.reading.separators import numbers_joined, separators_again
from baocao_etl.reading.strips import Strip, read_strips
from baocao_etl.reading.tesseract import Tesseract
from baocao_etl.reading.tokens import Part, Token
from baocao_etl.reading.trueocr import TrueOcr

if TYPE_CHECKING:
    from PIL import Image

    from baocao_etl.reading.language import Language
    from baocao_etl.reading.ruled import Cells
    from baocao_etl.settings import Settings

# A page that is read this badly may stand on its side or on its head.
_POOR = 0.65
# Print whose lines are lower than this many pixels is read again from a finer picture.
_SMALL_PRINT = 13.0
_FINE_DPI = 300.0
_DOUBTFUL_NUMBER = 0.9
# A page of which more than this share of the words is less sure than that gets a second look.
_DOUBTFUL_WORD, _POOR_PAGE = 0.8, 0.05
_SECOND_DPI = 200.0
# A rival reading no less likely than this (natural log) makes a word doubtful, however sure.
_NEAR_RIVAL = -3.0
# Lower words than this share of the usual height may be accents, if a word is so near (pixels) below.
_SCRAP, _CLOSE = 0.4, 3
_NUMBER = re.compile(r"[(\[]?[\dOolISB§$.,/%+-]*[\d§][\dOolISB§$.,/%+-]*[)\];:]?")
_BARE = re.compile(r"\d[\d.,/%+-]*")

# Gives the picture of a page at about the wanted resolution, and its actual resolution in dpi.
Picture = Callable[[float], tuple["Image.Image", float]]


class Observation(NamedTuple):
    """What the engines read: a list of lines for each, boxes in pixels of one level picture.

    The picture has `dpi` dots per inch; `turns` and `skew` (see `Prepared`) lead back to the page
    of `size` points. `tables` are the cells of its ruled tables.
    """

    readings: tuple[tuple[OcrLine, ...], ...]
    dpi: float
    size: tuple[float, float]
    turns: int
    skew: float
    steps: tuple[str, ...]
    tables: tuple[Cells, ...] = ()


def engines_of(settings: Settings) -> tuple[OcrEngine, ...]:
    """Return the engines that `settings.ocr_engines` names, the leading one first.

    Raises:
        UsageError: there is no such engine.
    """
    known: dict[str, Callable[[], OcrEngine]] = {
        "tesseract": lambda: Tesseract.of(settings.ocr_language),
        "trueocr": TrueOcr,
    }
    names = [name.strip() for name in settings.ocr_engines.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise UsageError(
            f"There is no OCR engine {', '.join(unknown) or 'named'}.",
            f"ocr_engines is a list of: {', '.join(known)}.",
        )
    return tuple(known[name]() for name in names)


def observe(picture: Picture, engines: Sequence[OcrEngine], timeout: float) -> Observation:
    """Read a page with every engine.

    Args:
        picture: see `Picture`.
        engines: the leading one first; it decides how the page stands and at which resolution.
        timeout: seconds that one attempt of one engine may take.

    Raises:
        OcrError: the leading engine failed twice.
    """
    image, dpi = picture(READING_DPI)
    prepared = prepare(image, dpi)
    del image
    prepared, lines = _best(prepared, picture, engines[0], timeout)
    lines = numbers_joined(_without_scraps(lines))
    tables = _tables(prepared)
    if tables:  # their cells lie on the level picture
        lines = [_on_level(prepared, line) for line in lines]
        prepared = prepared.levelled()
    lines = _numbers_again(prepared, lines, engines[0], timeout)
    lines = labels_again(prepared.image, lines, engines[0], timeout)
    lines = gaps_again(prepared.image, lines, engines[0], timeout)
    lines = cells_again(prepared.image, prepared.dpi, lines, tables, engines[0], timeout)
    lines = missed_again(prepared.image, prepared.dpi, lines, engines[0], timeout)
    lines = separators_again(prepared.image, lines)
    lines = pen_again(prepared.image, lines)
    level = prepared.levelled(drawn=len(engines) > 1)
    readings = [tuple(_on_level(prepared, line) for line in lines)]
    steps = prepared.steps
    if _share_in_doubt(lines) > _POOR_PAGE:
        again = _second_look(prepared, level, picture, engines[0], timeout)
        readings.append(_outside(tables, again))  # there the cells have had theirs
        steps = (*steps, "read at two scales")
    readings += [_doubtful_lines(readings[0], level, engine, timeout) for engine in engines[1:]]
    return Observation(
        tuple(readings), level.dpi, level.size, level.turns, level.skew, steps, tables
    )


def interpret(seen: Observation, language: Language | None, layer: Sequence[OcrWord] = ()) -> Part:
    """Return the page's blocks in reading order, made from all readings of it.

    Args:
        seen: what the engines read.
        language: decides between readings; may be None where there is only one.
        layer: the words of a text layer that is to be heard too, their boxes in points of the page
            as it is seen.
    """
    frame = Prepared(None, seen.dpi, seen.size, seen.turns, seen.skew)
    lines = seen.readings[0]
    others = [*seen.readings[1:]]
    if layer:
        words = (word._replace(box=frame.find(word.box)) for word in layer)
        others.append((OcrLine(tuple(words)),))
    for other in others:
        if language is not None and other:
            lines = tuple(merge(lines, other, language)) if lines else other
    scale = 72.0 / seen.dpi

    def place(box: Box) -> Box:
        return frame.place(_scaled(box, 1 / scale))

    tokens = [[_token(word, scale) for word in line.words] for line in lines]
    tables = [tuple(_scaled(cell, scale) for cell in cells) for cells in seen.tables]
    return Part(arrange_tables(tokens, tables), place, seen.turns)


def _token(word: OcrWord, scale: float) -> Token:
    box = _scaled(word.box, scale)
    return Token(word.text, box, word.confidence, rivals=word.rivals, raw=word.raw)


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(side * scale for side in box))


def _tables(prepared: Prepared) -> tuple[Cells, ...]:
    """Return the cells of each ruled table, in pixels of `prepared.levelled()`."""
    if not may_hold_table(prepared.image, prepared.dpi):
        return ()
    level = prepared.levelled()
    return find_cells(level.image, level.dpi)


def _best(
    prepared: Prepared, picture: Picture, engine: OcrEngine, timeout: float
) -> tuple[Prepared, list[OcrLine]]:
    """Read `prepared`; where that goes badly, turned; where the print is small, finer."""
    if looks_sideways(prepared.image, prepared.dpi):
        prepared, lines = _best_turned(prepared, (1, 3), engine, timeout)
    else:
        prepared, lines = _best_turned(prepared, (0,), engine, timeout)
    if lines and confidence(lines) < _POOR:
        # It may stand on its head.
        over = _best_turned(prepared, (2,), engine, timeout)
        prepared, lines = max((prepared, lines), over, key=_read_well)
    if lines and _line_height(lines) < _SMALL_PRINT:
        image, dpi = picture(_FINE_DPI)
        if dpi > 1.3 * prepared.dpi:
            fine = prepare(image, dpi, reading_dpi=min(dpi, _FINE_DPI)).turned(prepared.turns)
            again = _attempt(fine, engine, timeout)
            if confidence(again) * _letters(again) > confidence(lines) * _letters(lines):
                return fine, again
    return prepared, lines


def _best_turned(
    prepared: Prepared, quarters: Sequence[int], engine: OcrEngine, timeout: float
) -> tuple[Prepared, list[OcrLine]]:
    turned = [prepared.turned(quarter) for quarter in quarters]
    return max(((t, _attempt(t, engine, timeout)) for t in turned), key=_read_well)


def _read_well(candidate: tuple[Prepared, list[OcrLine]]) -> float:
    """Score a reading: a few sure words are no better than a page of fairly sure ones."""
    lines = candidate[1]
    return confidence(lines) * math.sqrt(_letters(lines))


def _attempt(prepared: Prepared, engine: OcrEngine, timeout: float) -> list[OcrLine]:
    """Read once; after a failure once more, as a single block of text.

    Raises:
        OcrError: it failed twice.
    """
    try:
        return engine.read(prepared.image, prepared.dpi, timeout=timeout)
    except OcrError:
        return engine.read(prepared.image, prepared.dpi, timeout=timeout, plain=True)


def _letters(lines: Sequence[OcrLine]) -> int:
    return sum(len(word.text) for line in lines for word in line.words)


def _line_height(lines: Sequence[OcrLine]) -> float:
    """Return the median height of the lines' tallest words, in pixels."""
    return median(max(word.box.height for word in line.words) for line in lines)


def _share_in_doubt(lines: Sequence[OcrLine]) -> float:
    """Return the share of the words that the engine was not sure of."""
    words = [word for line in lines for word in line.words if any(map(str.isalpha, word.text))]
    return sum(word.confidence < _DOUBTFUL_WORD for word in words) / max(1, len(words))


def _second_look(
    prepared: Prepared, level: Prepared, picture: Picture, engine: OcrEngine, timeout: float
) -> tuple[OcrLine, ...]:
    """Read a poor page once more from a finer picture; boxes are in pixels of `level`.

    Errors at another scale are other errors, so two looks see more than one. Single lines cut out
    of the page do not do: what leans or is faint is found in the page only.
    """
    image, dpi = picture(_SECOND_DPI)
    finer = prepare(image, dpi, reading_dpi=_SECOND_DPI).turned(prepared.turns)
    try:
        read = engine.read(finer.image, finer.dpi, timeout=timeout)
    except OcrError:
        return ()  # the first reading stands by itself
    back = finer.levelled(drawn=False)
    return tuple(
        OcrLine(
            tuple(w._replace(box=level.find(back.place(finer.level(w.box)))) for w in line.words),
            line.block,
        )
        for line in read
    )


def _outside(tables: Sequence[Cells], lines: Sequence[OcrLine]) -> tuple[OcrLine, ...]:
    """Return the words of `lines` that stand in none of the `tables`."""
    grids = [Box.around(cells) for cells in tables]

    def stands_outside(word: OcrWord) -> bool:
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
        return not any(g.x0 <= x < g.x1 and g.y0 <= y < g.y1 for g in grids)

    kept = (line._replace(words=tuple(filter(stands_outside, line.words))) for line in lines)
    return tuple(line for line in kept if line.words)


def _doubtful_lines(
    lines: Sequence[OcrLine], level: Prepared, engine: OcrEngine, timeout: float
) -> tuple[OcrLine, ...]:
    """Have another engine read those of `lines` (on the picture `level`) that may be wrong."""
    doubtful = [line for line in lines if any(map(_may_be_wrong, line.words))]
    boxes = [Box.around(word.box for word in line.words) for line in doubtful]
    try:
        read = engine.read_lines(level.image, boxes, timeout=timeout)
    except OcrError:
        return ()  # the leading engine's reading stands by itself
    return tuple(
        OcrLine(words, line.block) for line, words in zip(doubtful, read, strict=True) if words
    )


def _may_be_wrong(word: OcrWord) -> bool:
    return word.confidence < _DOUBTFUL_WORD or any(r.logp > _NEAR_RIVAL for r in word.rivals)


def _numbers_again(
    prepared: Prepared, lines: list[OcrLine], engine: OcrEngine, timeout: float
) -> list[OcrLine]:
    """Read doubtful numbers once more, alone, larger and as digits only; keep the surer reading.

    An empty answer says nothing: it never becomes a zero, nor takes a number away.
    """
    spots = [
        (i, j)
        for i, line in enumerate(lines)
        for j, word in enumerate(line.words)
        if word.confidence < _DOUBTFUL_NUMBER and _NUMBER.fullmatch(word.text)
    ]
    strips = [Strip.of(prepared.image, lines[i].words[j].box) for i, j in spots]
    read = read_strips(strips, engine, timeout, digits=True)
    rows = [list(line.words) for line in lines]
    for (i, j), words in zip(spots, read, strict=True):
        rows[i][j] = _surer(rows[i][j], words)
    return [OcrLine(tuple(row), line.block) for row, line in zip(rows, lines, strict=True)]


def _surer(word: OcrWord, again: Sequence[OcrWord]) -> OcrWord:
    text = "".join(other.text for other in again)
    if not again or not _BARE.fullmatch(text):
        return word
    sure = min(other.confidence for other in again)
    head = word.text[: len(word.text) - len(word.text.lstrip("([]"))]
    tail = word.text[len(word.text.rstrip(")];:")) :]
    if head + text + tail == word.text:
        return word._replace(confidence=max(word.confidence, sure))
    if text in word.text:
        return word  # digits by hand or blotted are passed over, hardly ever seen where none are
    other = word._replace(text=head + text + tail, confidence=sure, rivals=())
    return fuller(word, other) or max(word, other, key=attrgetter("confidence"))


def _without_scraps(lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Return `lines` without the accents that were read a second time, as words of their own."""
    words = [word for line in lines for word in line.words]
    if not words:
        return []
    low = _SCRAP * median(word.box.height for word in words)
    scraps = {
        id(word)
        for word in words
        if word.box.height < low and any(_is_over(word.box, other.box) for other in words)
    }
    kept = (tuple(word for word in line.words if id(word) not in scraps) for line in lines)
    return [OcrLine(row, line.block) for row, line in zip(kept, lines, strict=True) if row]


def _is_over(scrap: Box, word: Box) -> bool:
    """Return whether `scrap` stands within the width of a much higher word, in it or close above."""
    middle = (scrap.x0 + scrap.x1) / 2
    return (
        word.height > 2 * scrap.height
        and word.x0 <= middle <= word.x1
        and word.y0 - _CLOSE <= scrap.y1 <= (word.y0 + word.y1) / 2
    )


def _on_level(prepared: Prepared, line: OcrLine) -> OcrLine:
    words = tuple(word._replace(box=prepared.level(word.box)) for word in line.words)
    return OcrLine(words, line.block)
