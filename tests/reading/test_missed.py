from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrLine, OcrWord
from baocao_etl.reading.missed import missed_again
from baocao_etl.reading.tesseract import Tesseract

from .drawing import font, page_image

pytestmark = pytest.mark.ocr
DPI = 160
SIGNATURE = ((820, 900, "KT. GIÁM ĐỐC"), (820, 935, "PHÓ GIÁM ĐỐC"), (830, 1120, "Trần Đình Hiệp"))


def signed_page(*, sealed: bool) -> Image.Image:
    """Draw a page with a signature to the right, and a seal and strokes of a pen over it."""
    image = page_image((), dpi=DPI)
    draw = ImageDraw.Draw(image)
    for x, y, text in SIGNATURE:
        draw.text((x, y), text, 0, font(29))
    if sealed:
        draw.ellipse((700, 940, 900, 1140), outline=110, width=6)
        draw.ellipse((730, 970, 870, 1110), outline=110, width=4)
        draw.line([(850 + 20 * i, 1000 + 90 * (i % 2)) for i in range(14)], 40, 4)
    return image


def texts(lines: list[OcrLine]) -> list[str]:
    return [" ".join(word.text for word in line.words) for line in lines]


def left_half() -> list[OcrLine]:
    return [OcrLine((OcrWord("Nơi", Box(155, 900, 200, 930), 0.9),), 1)]


def test_what_the_engine_took_for_a_picture_is_read() -> None:
    again = missed_again(signed_page(sealed=True), DPI, left_half(), Tesseract.of("vie"), 20)
    assert again[0] == left_half()[0]
    assert "KT. GIÁM ĐỐC" in texts(again)
    (title,) = (line for line in again if line.words[0].text == "KT.")
    assert 800 < title.words[0].box.x0 < 840
    assert 890 < title.words[0].box.y0 < 920


def test_a_page_that_was_read_stays_as_it_is() -> None:
    engine = Tesseract.of("vie")
    page = signed_page(sealed=False)
    lines = engine.read(page, DPI, timeout=20)
    assert {"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Đình Hiệp"} <= set(texts(lines))
    assert missed_again(page, DPI, lines, engine, 20) == lines


def test_words_whose_beginning_lay_under_a_seal_give_way_to_the_whole_line() -> None:
    page = signed_page(sealed=False)
    ImageDraw.Draw(page).line([(760, 980), (780, 1060), (1100, 1090)], 40, 4)
    engine = Tesseract.of("vie")
    (line,) = (x for x in engine.read(page, DPI, timeout=20) if x.words[0].text == "PHÓ")
    beheaded = [OcrLine(line.words[1:], 1)]
    again = texts(missed_again(page, DPI, beheaded, engine, 20))
    assert "PHÓ GIÁM ĐỐC" in again
    assert "GIÁM ĐỐC" not in again


def test_a_photograph_gives_no_words() -> None:
    page = page_image((), dpi=DPI)
    ImageDraw.Draw(page).rectangle((700, 700, 1100, 1000), fill=60)
    assert missed_again(page, DPI, left_half(), Tesseract.of("vie"), 20) == left_half()


def test_a_white_page_has_nothing_to_read() -> None:
    assert missed_again(Image.new("L", (400, 500), 255), 72, [], Tesseract.of("vie"), 20) == []


def test_a_short_line_that_nobody_read_is_read() -> None:
    page = page_image((), dpi=DPI)
    draw = ImageDraw.Draw(page)
    draw.text((640, 400), "Kính gửi:", 0, font(29))
    draw.line((560, 380, 800, 380), 0, 3)
    engine = Tesseract.of("vie")
    (found,) = missed_again(page, DPI, [], engine, 20)
    assert texts([found]) == ["Kính gửi:"]
    assert 630 < found.words[0].box.x0 < 650
    assert missed_again(page, DPI, [found], engine, 20) == [found]


def test_scribbles_and_rulings_are_no_lines() -> None:
    page = page_image((), dpi=DPI)
    draw = ImageDraw.Draw(page)
    draw.line([(300 + 9 * i, 500 + 25 * (i % 3)) for i in range(12)], 40, 4)
    draw.rectangle((300, 700, 900, 730), outline=0, width=3)
    draw.line((300, 900, 900, 904), 0, 14)
    assert missed_again(page, DPI, left_half(), Tesseract.of("vie"), 20) == left_half()
