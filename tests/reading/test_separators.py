"""Marks between digits: found where they are printed, and nowhere else."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrLine, OcrWord
from baocao_etl.reading.pages import _page
from baocao_etl.reading.separators import numbers_joined, separators_again
from baocao_etl.reading.tokens import Part, Token, compose

from .drawing import font

Speck = tuple[float, float]  # from the right end of the first digit and above the baseline, pixels


def printed(text: str, *, size: int = 29, speck: Speck | None = None) -> Image.Image:
    """Draw a number as a scan shows it at 160 dpi, of 13 points where nothing else is said."""
    large = 2 * size
    image = Image.new("L", (80 + large * len(text), 3 * large), 255)
    pen = ImageDraw.Draw(image)
    pen.text((40, 2 * large), text, 20, font(large), anchor="ls")
    if speck:
        x = 40 + pen.textlength(text[0], font(large)) + 2 * speck[0]
        y = 2 * (large - speck[1])
        pen.rectangle((x - 2, y - 2, x + 2, y + 2), 20)
    image = image.filter(ImageFilter.GaussianBlur(1)).reduce(2)
    noise = np.random.default_rng(1).normal(0, 6, (image.height, image.width))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def read(image: Image.Image, text: str) -> OcrWord:
    """Return what becomes of `text`, read where `image` has ink."""
    rows, columns = np.nonzero(np.asarray(image) < 128)
    box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    line = OcrLine((OcrWord(text, box, 0.97),), 3)
    (found,) = separators_again(image, [line])
    assert found.block == 3
    (word,) = found.words
    assert word.box == box
    return word


@pytest.mark.parametrize("size", [24, 29, 33])
@pytest.mark.parametrize(
    ("print_", "text"),
    [
        ("94,8", "948"), ("7,5", "75"), ("238,5", "2385"), ("0,25", "025"),
        ("(62,4%)", "(624%)"), ("1.385.072", "1385.072"), ("12.450,75", "12.45075"),
        ("617,6", "617/6"), ("32,9", "32:9"), ("2.4.", "24."),
    ],
)  # fmt: skip
def test_a_mark_that_is_printed_is_put_in(size: int, print_: str, text: str) -> None:
    word = read(printed(print_, size=size), text)
    assert (word.text, word.raw) == (print_, text)
    assert word.confidence < 0.97


def test_three_digits_behind_a_stop_are_a_thousand() -> None:
    assert read(printed("98.638"), "98638").text == "98.638"
    assert read(printed("0,125"), "0125").text == "0,125"


@pytest.mark.parametrize("text", ["948", "2020", "111", "20/27", "05/11/2020", "93%", "(1385)"])
def test_where_none_is_printed_none_is_put_in(text: str) -> None:
    assert read(printed(text), text) == OcrWord(text, read(printed(text), text).box, 0.97)


@pytest.mark.parametrize("speck", [(0, 1), (1, -4), (0, 3), (2, 0)])
def test_a_speck_between_digits_is_no_mark(speck: Speck) -> None:
    """Digits with a mark between them stand apart."""
    word = read(printed("473", speck=speck), "473")
    assert (word.text, word.raw) == ("473", "")


def test_digits_that_do_not_fit_the_print_are_left_alone() -> None:
    assert read(printed("94,8"), "9481").raw == ""
    assert read(printed("94,8"), "98").raw == ""
    assert read(printed("94,8"), "hồ").raw == ""
    blank = OcrWord("948", Box(5, 5, 60, 30), 0.97)
    image = Image.new("L", (80, 40), 255)
    assert separators_again(image, [OcrLine((blank,))]) == [OcrLine((blank,))]


@given(st.from_regex(r"[0-9]{1,6}([.,:/][0-9]{1,3}){0,2}%?", fullmatch=True), st.data())
def test_no_digit_is_ever_touched(print_: str, data: st.DataObject) -> None:
    kept = re.sub(r"[.,]", lambda m: data.draw(st.sampled_from(["", m[0]])), print_)
    word = read(printed(print_), kept)
    assert re.sub(r"\D", "", word.text) == re.sub(r"\D", "", kept)
    assert word.raw in {"", kept}


def test_the_reading_of_the_engine_is_kept_and_the_change_is_recorded() -> None:
    words = [Token("đạt", Box(0, 0, 20, 10)), Token("94,8", Box(24, 0, 40, 10), 0.9, raw="948")]
    page = _page(2, (595, 842), "ocr", compose([Part([[words]])]), "an image")
    assert page.raw_text == "đạt 948"
    assert page.text == "đạt 94,8"
    (made,) = page.corrections
    assert (made.page, made.offset, made.raw, made.text) == (2, 4, "948", "94,8")
    assert made.reason == "separators"


@pytest.mark.parametrize(
    ("texts", "gap", "joined"),
    [
        (("chi", "412.", "030", "triệu"), 1, ["chi", "412.030", "triệu"]),
        (("đạt", "3.", "275", "hộ"), 1, ["đạt", "3.275", "hộ"]),
        (("(1.200.", "500"), 1, ["(1.200.500"]),
        (("tải", "3.", "275", "hộ"), 7, ["tải", "3.", "275", "hộ"]),
        (("mục", "2.", "Kết"), 1, ["mục", "2.", "Kết"]),
    ],
)
def test_a_number_cut_behind_its_mark_is_whole_again(
    texts: tuple[str, ...], gap: int, joined: list[str]
) -> None:
    x, words = 0, []
    for text in texts:
        words.append(OcrWord(text, Box(x, 10, x + 10 * len(text), 30), 0.9))
        x += 10 * len(text) + gap
    (line,) = numbers_joined([OcrLine(tuple(words), 2)])
    assert [word.text for word in line.words] == joined
    assert line.words[-1].box.x1 == x - gap
