"""Section numbers, read a second time: they are short and bold, and every figure hangs on them.

An engine that reads lines leans on words before and after; the number at the start of a line has
none before it, so that "I." becomes "1.", "III." loses a stroke and "2-" turns into a bullet. A
doubtful one is read again with the words that follow it, larger. Strokes of Roman numbers are
counted in the picture, since readers of lines drop repeated letters; the serifs of a single one tell
I from 1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrEngine, OcrLine, OcrWord
from baocao_etl.reading.ink import Ink, runs
from baocao_etl.reading.strips import Strip, read_strips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

# What a section number may have been read as, and what one looks like.
_PERHAPS = re.compile(r"\W*[\dIVXLTHilt|!.,:)_+–-]{1,7}\W*")
# (One parenthesis behind a stroke may be i), l) or 1): no shape tells.)
_LABEL = re.compile(r"(?!1\))(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,3})[.)/:-]{1,2}|[a-eghđ]\)")
_BULLETS = {"-", "–"}  # read well: what is doubtful about them is their kind
_DIRT = re.compile(r"[-.,:'_]*_+(?=[\dIVX])")  # specks before a number, read as a rule
_RUN_TOGETHER = re.compile(r"^(I{0,2})L$")
_STROKES = re.compile(r"(I{1,3}|1)([.:-]{0,2})")  # a parenthesis would count as a stroke
_SURE = 0.92
_GUESS = 0.6  # less sure than this, any short word may have been a number
_NEAR_RIVAL = -3.0  # natural log; see `recognition`
_WORDS = 6  # what follows a number helps to read it; more of the line does not
# Where strokes are counted: below the serifs and above a dash, in shares of the height from above.
_COUNTED = (0.25, 0.42)
_STROKE_WIDTH = 0.4  # of the height, at most
_SERIF = (0.12, 0.05)  # shares of the height: how low the serifs on top reach, and how far out


def labels_again(
    image: Image.Image, lines: Sequence[OcrLine], engine: OcrEngine, timeout: float
) -> list[OcrLine]:
    """Return `lines` with the doubtful numbers at their starts read again.

    Args:
        image: the picture that `lines` were read from, "L"; their boxes are in its pixels.
        lines: words from left to right.
        engine: reads the starts of the doubtful lines.
        timeout: seconds that it may take.
    """
    doubtful = [i for i, line in enumerate(lines) if _is_doubtful(line)]
    strips = [Strip.of(image, _start(lines[i].words)) for i in doubtful]
    result = list(lines)
    for i, strip, again in zip(doubtful, strips, read_strips(strips, engine, timeout), strict=True):
        first, *others = lines[i].words
        end = max(1, int(strip.across(others[0].box.x0)) - 2)
        printed = strip.image.crop((0, 0, end, strip.image.height))
        label = _counted(_surer(first, others[0], again), printed)
        result[i] = OcrLine((label, *others), lines[i].block)
    return result


def _is_doubtful(line: OcrLine) -> bool:
    if len(line.words) < 2:
        return False
    first, second = line.words[:2]
    if not second.text[:1].isalpha() or first.text in _BULLETS:
        return False
    if not _PERHAPS.fullmatch(first.text):
        return first.confidence < _GUESS and len(first.text) <= 3 and second.text[0].isupper()
    return first.confidence < _SURE or any(rival.logp > _NEAR_RIVAL for rival in first.rivals)


def _surer(word: OcrWord, following: OcrWord, again: Sequence[OcrWord]) -> OcrWord:
    """Return the number that `again` begins with, if it is one and read better, else `word`."""
    cleaned = [other._replace(text=_cleaned(other.text)) for other in again]
    # Specks before the number may be words of their own.
    start = next((i for i, other in enumerate(cleaned) if any(map(str.isalnum, other.text))), 0)
    if len(cleaned) < start + 2:
        return word
    label, behind = cleaned[start : start + 2]
    if not _LABEL.fullmatch(label.text) or behind.text[:2] != following.text[:2]:
        return word
    if _LABEL.fullmatch(word.text) and label.confidence < word.confidence:
        return word
    return label._replace(box=word.box)


def _cleaned(text: str) -> str:
    """Return a number without specks, its last stroke and full stop not taken for one letter."""
    return _RUN_TOGETHER.sub(r"\1I.", _DIRT.sub("", text))


def _counted(word: OcrWord, printed: Image.Image) -> OcrWord:
    """Return a Roman number of one to three strokes, or a 1, with as many of them as are printed."""
    match = _STROKES.fullmatch(word.text)
    if match is None:
        return word
    glyphs = _glyphs(printed)
    strokes = _strokes(glyphs)
    count, read = len(strokes), len(match[1])
    if match[1] == "1":
        roman = count in (2, 3) or (count == 1 and _has_serifs(glyphs, strokes[0]))
    else:
        roman = abs(count - read) == 1 and 1 <= count <= 3
    return word._replace(text="I" * count + match[2], rivals=()) if roman else word


def _glyphs(printed: Image.Image) -> Ink:
    """Return the ink of a number in the picture, from its top to its foot.

    Specks above, and what reaches in from the lines above and below, are parted from it by white.
    """
    grey = np.asarray(printed)
    ink: Ink = np.less(grey, (int(grey.min()) + int(grey.max())) // 2)
    rows = max(runs(ink.any(axis=1)), key=len, default=range(0))
    return ink[rows.start : rows.stop]


def _strokes(ink: Ink) -> list[range]:
    """Return the columns of the upright strokes; none where other shapes are among them."""
    height = len(ink)
    band = ink[int(_COUNTED[0] * height) : int(_COUNTED[1] * height)]
    strokes = runs(band.mean(axis=0) > 0.5) if len(band) else []
    widths = list(map(len, strokes))
    if not widths or max(widths) > min(_STROKE_WIDTH * height, 2 * min(widths)):
        return []
    return strokes


def _has_serifs(ink: Ink, stroke: range) -> bool:
    """Say whether the stroke is a printed I: at its top it reaches out at both sides, a 1 at one."""
    low, out = (max(1, round(share * len(ink))) for share in _SERIF)
    top = np.flatnonzero(ink[:low].any(axis=0))
    return bool(top.size and top[0] < stroke.start - out and stroke.stop + out <= top[-1])


def _start(words: Sequence[OcrWord]) -> Box:
    """Return where a number and the words that follow it stand."""
    # A speck above or below makes the number's box taller, not that of what follows.
    level = Box.around(word.box for word in words[1:_WORDS])
    return Box(min(words[0].box.x0, level.x0), level.y0, level.x1, level.y1)
