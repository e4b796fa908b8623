"""Letters that an engine passed over within a line, read once more.

Engines that read lines drop letters that repeat: of "GP-STTTT" (Sở Thông tin và Truyền thông) there
is left "GP-S" and a gap as wide as a gutter, at which the line would be cut. Where a wide gap
holds ink, the words around it are read again, larger.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from baocao_etl.models import Box
from baocao_etl.reading.strips import Strip, read_strips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

    from baocao_etl.reading.engines import OcrEngine, OcrLine, OcrWord

_WIDE = 1.2  # heights of print: wider than a space
_INK = 0.25  # squares of the height: two letters
_DARK = 128
_RULED = 0.95  # of a gap's rows or columns: rulings
_NEAR = 2  # pixels beside a word that are still its own
_SURE = 0.8


class _Gap(NamedTuple):
    """Words `left` and `left + 1` of line number `line` have unread ink between them."""

    line: int
    left: int


def gaps_again(
    image: Image.Image, lines: Sequence[OcrLine], engine: OcrEngine, timeout: float
) -> list[OcrLine]:
    """Return `lines` with the letters that were passed over within them.

    Args:
        image: the picture that `lines` were read from, "L"; their boxes are in its pixels.
        lines: words from left to right.
        engine: reads the words around the gaps.
        timeout: seconds that it may take.
    """
    result = list(lines)
    gaps = list(_gaps(image, lines))
    strips = [Strip.of(image, Box.around(w.box for w in _around(lines, gap))) for gap in gaps]
    read = read_strips(strips, engine, timeout)
    # From right to left: what is put in moves only what stands behind it.
    for gap, again in reversed([*zip(gaps, read, strict=True)]):
        before, behind = _around(lines, gap)
        if _says_more(again, before, behind):
            words = result[gap.line].words
            words = (*words[: gap.left], *again[:-1], behind, *words[gap.left + 2 :])
            result[gap.line] = result[gap.line]._replace(words=words)
    return result


def _says_more(again: Sequence[OcrWord], before: OcrWord, behind: OcrWord) -> bool:
    """Return whether `again` has the words around a gap as they were read, and more between."""
    return (
        len(again) >= 2
        and again[0].text.startswith(before.text)
        and again[-1].text == behind.text
        and (len(again) > 2 or again[0].text != before.text)
        and min(word.confidence for word in again) >= _SURE
    )


def _around(lines: Sequence[OcrLine], gap: _Gap) -> tuple[OcrWord, OcrWord]:
    before, behind = lines[gap.line].words[gap.left : gap.left + 2]
    return before, behind


def _gaps(image: Image.Image, lines: Sequence[OcrLine]) -> Iterator[_Gap]:
    """Yield the wide gaps between words of a line that hold ink."""
    if not lines:
        return
    height = median(word.box.height for line in lines for word in line.words)
    for i, line in enumerate(lines):
        for j, (left, right) in enumerate(pairwise(line.words)):
            if right.box.x0 - left.box.x1 < _WIDE * height:
                continue
            top, bottom = min(left.box.y0, right.box.y0), max(left.box.y1, right.box.y1)
            x0, x1 = round(left.box.x1) + _NEAR, round(right.box.x0) - _NEAR
            ink = np.asarray(image.crop((x0, round(top), x1, round(bottom)))) < _DARK
            ink = ink[:, ink.mean(axis=0) < _RULED]
            if ink.size and ink[ink.mean(axis=1) < _RULED].sum() >= _INK * height**2:
                yield _Gap(i, j)
