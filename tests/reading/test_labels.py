from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrLine, OcrWord, Rival
from baocao_etl.reading.labels import labels_again
from baocao_etl.reading.tesseract import Tesseract

from .drawing import font

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.ocr
SIZE = 29  # pixels: 13 points at 160 dpi
TOP = 60


def line_of(start: str, words: Sequence[str]) -> tuple[Image.Image, list[Box]]:
    """Draw a line as Tesseract gets to see it; return it and where its words lie."""
    image = Image.new("L", (900, 160), 255)
    draw = ImageDraw.Draw(image)
    face = font(SIZE).font_variant()
    face.set_variation_by_axes([700, 100])
    x, boxes = 120.0, []
    for word in (start, *words):
        draw.text((x, TOP), word, 0, face)
        boxes.append(Box(*draw.textbbox((x, TOP), word, face)))
        x += draw.textlength(word + " ", face)
    return image, boxes


def read_as(
    text: str,
    drawn: str,
    *,
    confidence: float = 0.6,
    rival: str | None = None,
    image: Image.Image | None = None,
) -> str:
    """Return what becomes of the number `drawn` that was read as `text`, perhaps with a near rival."""
    words = ("Kết", "quả", "giải", "ngân", "vốn")
    picture, boxes = line_of(drawn, words)
    sure = (confidence, *(0.95 for _ in words))
    read = [OcrWord(*word) for word in zip((text, *words), boxes, sure, strict=True)]
    if rival:
        read[0] = read[0]._replace(rivals=(Rival(rival, -1.0),))
    engine = Tesseract.of("vie")
    (line,) = labels_again(image or picture, [OcrLine(tuple(read), 1)], engine, 20)
    assert [word.text for word in line.words[1:]] == list(words)
    assert line.words[0].box == boxes[0]
    return line.words[0].text


@pytest.mark.parametrize(
    ("text", "drawn"),
    [("1.", "I."), ("I.", "II."), ("II.", "III."), ("III.", "II."), ("1V.", "IV."), ("+", "2-"),
     ("-_2,2,", "2.2."), ("Tt", "1."), ("©)", "c)")],
)  # fmt: skip
def test_a_doubtful_number_is_read_again(text: str, drawn: str) -> None:
    assert read_as(text, drawn) == drawn


@pytest.mark.parametrize("text", ["I.", "III.", "I)", "11.", "2.1.", "-", "+"])
def test_a_number_that_was_read_right_stays(text: str) -> None:
    assert read_as(text, text) == text


@pytest.mark.parametrize("drawn", ["1.", "I.", "II.", "III."])
def test_serifs_and_strokes_tell_roman_numbers_from_a_1_that_nothing_else_reads_better(
    drawn: str,
) -> None:
    assert read_as("1.", drawn, confidence=0.99, rival="I.") == drawn


def test_specks_and_the_lines_around_a_number_are_no_part_of_it() -> None:
    picture, boxes = line_of("III.", ("Kết", "quả", "giải", "ngân", "vốn"))
    level = Box.around(boxes)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((130, level.y0 - 8, 131, level.y0 - 7), 0)
    draw.rectangle((boxes[0].x0, level.y1 + 6, boxes[0].x1, level.y1 + 7), 0)
    assert read_as("II.", "III.", confidence=0.99, rival="I.", image=picture) == "III."


def test_a_sure_number_is_not_read_again() -> None:
    assert read_as("II.", "III.", confidence=0.95) == "II."


def test_where_nothing_is_to_be_read_the_first_reading_stands() -> None:
    assert read_as("I.", "II.", image=Image.new("L", (900, 160), 255)) == "I."
