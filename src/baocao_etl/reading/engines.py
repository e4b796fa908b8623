"""What every OCR engine is to the rest of the room, and which ones there are."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from baocao_etl.models import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image


_MARKS = re.compile(r"(?<=\d)[.,](?=\d)")


class OcrError(Exception):
    """The engine failed on one image; the message says how."""


class Rival(NamedTuple):
    """Another reading of a word, and the natural log of how likely it is beside the word as read."""

    text: str
    logp: float


class OcrWord(NamedTuple):
    """A word as an engine read it; its box is in pixels of the image, its confidence 0..1.

    `rivals` are the other readings that the engine weighed, the likeliest first; an engine that
    does not tell has none. `raw` is what the engine read where the picture shows more; empty where
    that is the text.
    """

    text: str
    box: Box
    confidence: float
    rivals: tuple[Rival, ...] = ()
    raw: str = ""


class OcrLine(NamedTuple):
    """A line of words from left to right, and the number of the block that it belongs to."""

    words: tuple[OcrWord, ...]
    block: int = 0


class OcrEngine(Protocol):
    """An OCR engine: an image of upright print in, lines of words out."""

    @property
    def name(self) -> str:
        """Its name in settings."""
        ...

    def version(self) -> str:
        """Name the program, its version and its model: what a cached reading depends on.

        Raises:
            MissingError: the engine or its language data is not installed.
        """
        ...

    def read(
        self, image: Image.Image, dpi: float, *, timeout: float, plain: bool = False
    ) -> list[OcrLine]:
        """Read a page.

        Args:
            image: "L".
            dpi: dots per inch of `image`.
            timeout: seconds that it may take.
            plain: take the page for one block of text, for a second attempt.

        Raises:
            OcrError: it failed, or took too long.
            MissingError: the engine or its language data is not installed.
        """
        ...

    def read_lines(
        self, image: Image.Image, boxes: Sequence[Box], *, timeout: float, digits: bool = False
    ) -> list[tuple[OcrWord, ...]]:
        """Read the single lines that lie in `boxes` of `image` ("L"), one result for each.

        Args:
            image: "L".
            boxes: in pixels of `image`.
            timeout: seconds that all of them together may take.
            digits: expect numbers only.

        Raises:
            OcrError: it failed, or took too long.
        """
        ...


def confidence(lines: Sequence[OcrLine]) -> float:
    """Return the mean confidence of the words of `lines`, weighted by their letters; 0 for none."""
    words = [word for line in lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def fuller(word: OcrWord, other: OcrWord) -> OcrWord | None:
    """Return which of two readings of a number has more marks, if they differ by these only.

    Engines lose marks between digits, and hardly ever see one that is not there. With as many in
    both it is `word`; of what is no number, or other digits, None.
    """
    if _MARKS.sub("", word.text) != _MARKS.sub("", other.text):
        return None
    return max(word, other, key=lambda reading: len(reading.text))


def read_block(
    engine: OcrEngine, image: Image.Image, place: Box, dpi: float, timeout: float
) -> list[OcrLine]:
    """Read what lies in `place` as one block of text; nothing where the engine fails.

    Args:
        engine: reads it.
        image: a page; `place` and the boxes of the words that come back are in its pixels.
        place: is rounded to whole pixels.
        dpi: dots per inch of `image`.
        timeout: seconds that it may take.
    """
    left, top, right, bottom = map(round, place)
    try:
        read = engine.read(image.crop((left, top, right, bottom)), dpi, timeout=timeout, plain=True)
    except OcrError:
        return []
    return [
        line._replace(words=tuple(moved(word, left, top) for word in line.words)) for line in read
    ]


def moved(word: OcrWord, left: float, top: float) -> OcrWord:
    """Return a word of a part of a picture that was cut out at `left` and `top`, its box in the whole."""
    x0, y0, x1, y1 = word.box
    return word._replace(box=Box(x0 + left, y0 + top, x1 + left, y1 + top))


def cut(image: Image.Image, box: Box, margin: float) -> tuple[Image.Image, float, float]:
    """Return the part of `image` in `box`, `margin` line heights wider, and its left and top."""
    grow = margin * box.height
    left, top = max(0, math.floor(box.x0 - grow)), max(0, math.floor(box.y0 - grow))
    right = max(left + 1, min(image.width, math.ceil(box.x1 + grow)))
    bottom = max(top + 1, min(image.height, math.ceil(box.y1 + grow)))
    return image.crop((left, top, right, bottom)), left, top
