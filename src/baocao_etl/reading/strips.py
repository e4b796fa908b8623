"""Strips of a page, cut out, enlarged and read once more as single lines, all in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baocao_etl.reading.engines import OcrEngine, OcrWord

_LARGER = 1.5
_MARGIN = 0.25  # of a strip's height, white or not, around what is read


class Strip(NamedTuple):
    """A part of a page, enlarged; `box` is what is to be read of it, in its own pixels.

    `left` and `top` are where it was cut out, in pixels of the page.
    """

    image: Image.Image
    box: Box
    left: int
    top: int

    @classmethod
    def of(cls, image: Image.Image, place: Box) -> Strip:
        """Cut `place` out of `image`."""
        grow = _MARGIN * place.height
        left, top = max(0, round(place.x0 - grow)), max(0, round(place.y0 - grow))
        right = min(image.width, round(place.x1 + grow))
        bottom = min(image.height, round(place.y1 + grow))
        crop = image.crop((left, top, right, bottom))
        size = max(1, round(_LARGER * crop.width)), max(1, round(_LARGER * crop.height))
        x0, y0, x1, y1 = place
        box = Box(*(_LARGER * side for side in (x0 - left, y0 - top, x1 - left, y1 - top)))
        return cls(crop.resize(size, Image.Resampling.BICUBIC), box, left, top)

    def across(self, x: float) -> float:
        """Take an x from pixels of the page to pixels of the strip."""
        return _LARGER * (x - self.left)

    def on_page(self, box: Box) -> Box:
        """Take a box from pixels of the strip to pixels of the page."""
        x0, y0, x1, y1 = (side / _LARGER for side in box)
        return Box(x0 + self.left, y0 + self.top, x1 + self.left, y1 + self.top)


def read_strips(
    strips: Sequence[Strip], engine: OcrEngine, timeout: float, *, digits: bool = False
) -> list[tuple[OcrWord, ...]]:
    """Return the words of each of `strips`, their boxes in pixels of the page.

    This is a second look: where the engine fails, or takes more than `timeout` seconds for all of them,
    there are no words, and what was read before stands.

    `digits`: expect numbers only.
    """
    if not strips:
        return []
    # On one sheet, one below the other: engines read many lines of one picture.
    width = max(strip.image.width for strip in strips)
    sheet = Image.new("L", (width, sum(strip.image.height for strip in strips)), 255)
    tops, boxes, y = [], [], 0
    for strip in strips:
        sheet.paste(strip.image, (0, y))
        tops.append(y)
        boxes.append(_lower(strip.box, y))
        y += strip.image.height
    try:
        read = engine.read_lines(sheet, boxes, timeout=timeout, digits=digits)
    except OcrError:
        return [()] * len(strips)
    return [
        tuple(word._replace(box=strip.on_page(_lower(word.box, -top))) for word in words)
        for words, strip, top in zip(read, strips, tops, strict=True)
    ]


def _lower(box: Box, by: float) -> Box:
    return box._replace(y0=box.y0 + by, y1=box.y1 + by)
