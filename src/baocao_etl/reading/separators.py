"""Marks between digits that the engine did not read, looked for in the picture.

A decimal comma is a few pixels of ink, and a recogniser of lines loses it now and then: "94,8" is
read as "948", ten times the figure, as sure as any. What is lost stays visible: a small patch of
ink on the baseline, and digits that stand farther apart around it than elsewhere, since the digits
of a typeface are all of one width. Only where both are seen, and what comes out is a number as
people write it, a mark is put in; the engine's reading is kept beside it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrLine, OcrWord, cut
from baocao_etl.reading.ink import patches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

# Digits, perhaps with marks between them; what stands around them are signs.
_NUMBER = re.compile(r"([(\[|'\"“]{0,2})(\d(?:[.,:;/]?\d)+)([%)\]|.,:;'\"”_-]{0,3})")
_WRITTEN = re.compile(
    r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}[.,]\d{3}|\d+[.,]\d{1,2}"
    r"|\d{1,2}\.\d{1,2}\.\d{2,4}"
)
_BEHIND_MARK = re.compile(r"[(\[]?\d{1,3}(?:[.,]\d{3})*[.,]")
_CUT = 0.2  # of a digit's height: less than any space
_MISREAD = {"/", ":", ";"}  # what a comma is read as
_GLYPHS = "([/"  # signs as tall as digits that stand before or between them
_MARGIN = 0.25  # of the word's height around it: a comma hangs below the line
_CONTRAST = 60  # grey levels between ink and paper, less is no print
_THOUSAND = 3  # digits
_UNSURE = 0.9  # the confidence, at most, of what was put in

# In heights of a digit. Measured on 11,000 numbers in seven typefaces, drawn and worn: marks, and
# the middles of digits with a mark between them, are within these bounds in more than 95 of 100;
# digits side by side are farther apart than `_APART` in fewer than one.
_TALL = 0.6
_WHOLE = 0.85  # of the tallest: digits of which nothing is missing
_MARK_WIDTH, _MARK_HEIGHT = 0.34, 0.55
_MARK_INK = (0.008, 0.09)  # in squares of the height
_MARK_TOP, _MARK_BOTTOM = -0.36, (-0.12, 0.4)  # below the baseline
_COMMA_BOTTOM, _COMMA_HEIGHT = 0.06, 0.24
_PART = 0.5  # of a patch's width that stands above or below a digit whose part it is
_ASIDE = 0.15  # that a mark may reach below its neighbours
_APART, _NARROW = 1.0, 0.9
_WIDER = 1.2  # times the usual distance, where the number has others


class _Mark(NamedTuple):
    """A patch of ink between two digits, on the baseline."""

    hangs: bool  # below it
    tall: bool  # for a full stop
    wide: bool  # the digits stand apart for it

    def sign(self, following: int) -> str:
        """Return what it is before so many digits; three are more often thousands than decimals."""
        is_comma = self.hangs and self.tall if following == _THOUSAND else self.hangs or self.tall
        return "," if is_comma else "."


class _Print(NamedTuple):
    """The ink of a word: what is as tall as a digit, and small patches, from left to right."""

    glyphs: list[Box]
    patches: list[tuple[Box, int]]  # and their pixels
    height: float  # of a digit


def numbers_joined(lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Return `lines` with the numbers whole that were cut behind a mark: `205.` and `050`.

    Between the end of a sentence and a number that begins the next there is a space, and a wide one.
    """
    return [line._replace(words=tuple(_whole(line.words))) for line in lines]


def _whole(words: Sequence[OcrWord]) -> Iterator[OcrWord]:
    held: OcrWord | None = None
    for word in words:
        if held and _is_cut(held, word):
            box = Box.around((held.box, word.box))
            sure = min(held.confidence, word.confidence)
            held = OcrWord(held.text + word.text, box, sure)
            continue
        if held:
            yield held
        held = word
    if held:
        yield held


def _is_cut(left: OcrWord, right: OcrWord) -> bool:
    if not (_BEHIND_MARK.fullmatch(left.text) and right.text[:1].isdigit()):
        return False
    low = min(left.box.height, right.box.height)
    return right.box.x0 - left.box.x1 < _CUT * low and bool(
        _NUMBER.fullmatch(left.text + right.text)
    )


def separators_again(image: Image.Image, lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Return `lines` with the marks between digits that the picture shows and nobody read.

    A changed word keeps the engine's reading as `raw`; its digits are never touched.

    Args:
        image: the picture that `lines` were read from, "L"; their boxes are in its pixels.
        lines: words from left to right.
    """
    return [
        line._replace(words=tuple(_marked(image, word) for word in line.words)) for line in lines
    ]


def _marked(image: Image.Image, word: OcrWord) -> OcrWord:
    match = _NUMBER.fullmatch(word.text)
    if match is None or _WRITTEN.fullmatch(match[2]):
        return word
    ink = _print_of(image, word.box)
    if ink is None:
        return word
    head, number, tail = match.groups()
    text = _with_marks(head, number, tail, ink)
    if text is None or text == number:
        return word
    sure = min(word.confidence, _UNSURE)
    return word._replace(text=head + text + tail, raw=word.text, confidence=sure, rivals=())


def _with_marks(head: str, number: str, tail: str, ink: _Print) -> str | None:
    """Return `number` with the marks that `ink` has, or None where they do not fit each other."""
    first = sum(sign in _GLYPHS for sign in head)
    # A stroke may be a stroke, as tall as a digit, or a comma that was read as one.
    for between in ("/", ""):
        places = [i for i, sign in enumerate(number) if sign.isdigit() or sign in between]
        behind = len(ink.glyphs) - first - len(places)
        if behind == 0 or (behind > 0 and "%" in tail) or behind == sum(c in ")]" for c in tail):
            glyphs = ink.glyphs[first : first + len(places)]
            heights = [glyph.height for glyph in glyphs]
            if min(heights) < _WHOLE * max(heights):
                return None  # a piece of a broken digit may look like a mark
            marks = _marks(glyphs, ink)
            text = _put_in(number, places, marks)
            return text if _WRITTEN.fullmatch(text) else None
    return None


def _put_in(number: str, places: Sequence[int], marks: Sequence[_Mark | None]) -> str:
    """Return `number` with `marks` between the signs at `places`, where it has none or others."""
    text, following = number[places[-1]], 1
    for (a, b), mark in zip(reversed([*pairwise(places)]), reversed(marks), strict=True):
        read = number[a + 1 : b]
        if mark is not None and (read in _MISREAD or (not read and mark.wide)):
            read = mark.sign(following)
        following = 1 if read else following + 1
        text = number[a] + read + text
    return text


def _marks(glyphs: Sequence[Box], ink: _Print) -> list[_Mark | None]:
    """Return for each two neighbours of `glyphs` the mark between them."""
    pairs = [*pairwise(glyphs)]
    apart = [(right.x0 + right.x1 - left.x0 - left.x1) / 2 for left, right in pairs]
    found = [_patch_between(left, right, ink) for left, right in pairs]
    plain = [distance for distance, box in zip(apart, found, strict=True) if box is None]
    usual = _WIDER * median(plain) if plain else 0.0
    marks: list[_Mark | None] = []
    for (left, right), distance, box in zip(pairs, apart, found, strict=True):
        if box is None:
            marks.append(None)
            continue
        hangs = box.y1 - (left.y1 + right.y1) / 2 >= _COMMA_BOTTOM * ink.height
        tall = box.height >= _COMMA_HEIGHT * ink.height
        # A stop may be a piece of a broken digit; a narrow typeface shows in the other digits.
        least = _NARROW if (plain and (hangs or tall)) or (hangs and tall) else _APART
        marks.append(_Mark(hangs, tall, distance >= max(usual, least * ink.height)))
    return marks


def _patch_between(left: Box, right: Box, ink: _Print) -> Box | None:
    """Return the patch that stands on the baseline between two digits, if one does."""
    base, height = (left.y1 + right.y1) / 2, ink.height
    near = [
        (box, pixels)
        for box, pixels in ink.patches
        if left.x1 - _ASIDE * height <= (box.x0 + box.x1) / 2 <= right.x0 + _ASIDE * height
    ]
    for box, pixels in near:
        if (
            box.y0 - base >= _MARK_TOP * height
            and _MARK_BOTTOM[0] <= (box.y1 - base) / height <= _MARK_BOTTOM[1]
            and _MARK_INK[0] <= pixels / height**2 <= _MARK_INK[1]
        ):
            # With more ink above it, it is the lower end of a stroke or of a colon.
            above = any(other.y1 < box.y0 and 2 * more >= pixels for other, more in near)
            return None if above else box
    return None


def _print_of(image: Image.Image, place: Box) -> _Print | None:
    """Return the ink in and around `place`; None where there is none to speak of."""
    grey = np.asarray(cut(image, place, _MARGIN)[0])
    dark, light = int(grey.min()), int(np.percentile(grey, 90))
    if light - dark < _CONTRAST:
        return None
    rows, columns = grey.shape
    found = [
        (patch.box, patch.pixels)
        for patch in patches(grey < (dark + light) // 2)
        # What runs through from one side to the other is a ruling.
        if patch.box.height < rows and patch.box.width < columns and patch.pixels > 1
    ]
    tall = [box for box, _ in found if box.height > 0.5 * place.height]
    if not tall:
        return None
    height = median(box.height for box in tall)
    letters = _joined([box for box, _ in found if _is_large(box, height)])
    marks = []
    for box, pixels in found:
        if _is_large(box, height):
            continue
        i = next((i for i, letter in enumerate(letters) if _overlap(letter, box) >= _PART), None)
        if i is None:
            marks.append((box, pixels))
        else:
            letters[i] = Box.around((letters[i], box))
    return _Print([box for box in letters if box.height >= _TALL * height], marks, height)


def _is_large(box: Box, height: float) -> bool:
    """Return whether `box` is too large for a mark between digits of `height`."""
    return box.width > _MARK_WIDTH * height or box.height > _MARK_HEIGHT * height


def _overlap(a: Box, b: Box) -> float:
    """Return how far two boxes stand above each other, as a share of the narrower one."""
    return (min(a.x1, b.x1) - max(a.x0, b.x0)) / min(a.width, b.width)


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Join the parts of broken digits."""
    letters: list[Box] = []
    for box in sorted(boxes):
        if letters and _overlap(letters[-1], box) >= _PART:
            letters[-1] = Box.around((letters[-1], box))
        else:
            letters.append(box)
    return letters
