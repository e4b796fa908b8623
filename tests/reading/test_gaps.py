"""Letters that were passed over within a line."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrLine, OcrWord
from baocao_etl.reading.gaps import gaps_again
from baocao_etl.reading.tesseract import Tesseract

from .drawing import font

pytestmark = pytest.mark.ocr
LINE = ("Công", "văn", "số", "41/CV-STTTT", "ngày", "06/02/2017")
SIZE, TOP = 29, 60


def drawn(words: tuple[str, ...]) -> tuple[Image.Image, list[Box]]:
    image = Image.new("L", (900, 160), 255)
    pen = ImageDraw.Draw(image)
    x, boxes = 60.0, []
    for word in words:
        pen.text((x, TOP), word, 0, font(SIZE))
        boxes.append(Box(*pen.textbbox((x, TOP), word, font(SIZE))))
        x += pen.textlength(word + " ", font(SIZE))
    return image, boxes


def read_again(image: Image.Image, boxes: list[Box], words: tuple[str, ...]) -> list[str]:
    found = [OcrWord(text, box, 0.93) for text, box in zip(words, boxes, strict=True)]
    (line,) = gaps_again(image, [OcrLine(tuple(found), 2)], Tesseract.of("vie"), 20)
    assert line.block == 2
    assert all(a.box.x0 < b.box.x0 for a, b in zip(line.words, line.words[1:], strict=False))
    return [word.text for word in line.words]


def test_letters_that_were_passed_over_are_read() -> None:
    image, boxes = drawn(LINE)
    left = ImageDraw.Draw(image).textlength("41/CV-S", font(SIZE))
    boxes[3] = boxes[3]._replace(x1=boxes[3].x0 + left)
    words = (*LINE[:3], "41/CV-S", *LINE[4:])
    assert read_again(image, boxes, words) == list(LINE)


def test_a_word_that_was_passed_over_is_read() -> None:
    image, boxes = drawn(LINE)
    assert read_again(image, boxes[:1] + boxes[2:], LINE[:1] + LINE[2:]) == list(LINE)


def test_a_gap_without_print_stays() -> None:
    image, boxes = drawn(LINE)
    ImageDraw.Draw(image).rectangle((boxes[1].x0 - 3, 0, boxes[1].x1 + 3, 160), 255)
    ruling = round(boxes[1].x0 + 8)
    ImageDraw.Draw(image).line((ruling, 0, ruling, 160), 0, 5)
    words = (LINE[0], *LINE[2:])
    assert read_again(image, boxes[:1] + boxes[2:], words) == list(words)


def test_what_reads_otherwise_the_second_time_stays() -> None:
    image, boxes = drawn(LINE)
    words = ("Cộng", *LINE[2:])
    assert read_again(image, boxes[:1] + boxes[2:], words) == list(words)
