from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from baocao_etl.models import Box
from baocao_etl.reading.cells import cells_again
from baocao_etl.reading.engines import OcrLine, OcrWord
from baocao_etl.reading.rulings import find_cells
from baocao_etl.reading.tesseract import Tesseract

from .drawing import font

pytestmark = pytest.mark.ocr
LEFT, TOP, WIDTH, HEIGHT, DPI = 100, 80, 200, 84, 160
HEADS = (("TT",), ("Thực hiện", "năm 2019"), ("Kế hoạch", "năm 2021"))


def head(*, ruled: bool = True) -> Image.Image:
    """Draw the head of a table."""
    image = Image.new("L", (900, 300), 255)
    draw = ImageDraw.Draw(image)
    for i, lines in enumerate(HEADS):
        x, y = LEFT + i * WIDTH, TOP + (HEIGHT - 36 * len(lines)) / 2
        if ruled:
            draw.rectangle((x, TOP, x + WIDTH, TOP + HEIGHT), outline=0, width=2)
        for k, line in enumerate(lines):
            middle = x + (WIDTH - draw.textlength(line, font(24))) / 2
            draw.text((middle, y + 36 * k), line, 0, font(24))
    return image


def read(sure: float) -> list[OcrLine]:
    """Return the head as automatic segmentation reads it, and a line of body."""
    boxes = [
        Box(LEFT + i * WIDTH + 30, TOP + 8, LEFT + (i + 1) * WIDTH - 30, TOP + 74) for i in (1, 2)
    ]
    nonsense = [OcrWord(text, box, sure) for text, box in zip(("hgớn", "SeE8"), boxes, strict=True)]
    first = OcrWord("TT", Box(180, 110, 216, 134), 0.97)
    body = [OcrLine((OcrWord("Dân", Box(300, y, 360, y + 24), 0.97),), 2) for y in (200, 240)]
    return [OcrLine((first, *nonsense), 1), *body]


def read_again(image: Image.Image, lines: list[OcrLine]) -> list[OcrLine]:
    tables = find_cells(image, DPI)
    return cells_again(image, DPI, lines, tables, Tesseract.of("vie"), 20)


def texts(lines: list[OcrLine]) -> list[str]:
    return [" ".join(word.text for word in line.words) for line in lines]


def test_cells_of_two_lines_are_read_one_by_one() -> None:
    again = read_again(head(), read(0.2))
    assert sorted(texts(again)) == sorted(
        ["TT", "Dân", "Dân", "| Thực hiện", "| năm 2019", "| Kế hoạch", "| năm 2021"]
    )
    for line in (line for line in again if line.words[0].text == "|"):
        cell = 1 if "2019" in texts([line])[0] or "hiện" in texts([line])[0] else 2
        for word in line.words:
            assert LEFT + cell * WIDTH - 5 <= word.box.x0 < word.box.x1 <= LEFT + (cell + 1) * WIDTH
            assert TOP <= word.box.y0 < word.box.y1 <= TOP + HEIGHT


def test_a_heading_over_two_others_is_a_cell_of_its_own() -> None:
    """The row was read across the ruling between them."""
    image = Image.new("L", (900, 300), 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT), outline=0, width=2)
    draw.rectangle((LEFT + WIDTH, TOP, LEFT + 3 * WIDTH, TOP + HEIGHT // 2), outline=0, width=2)
    for i, text in enumerate(("Tổng số", "Trực tuyến")):
        left = LEFT + (i + 1) * WIDTH
        draw.rectangle((left, TOP + HEIGHT // 2, left + WIDTH, TOP + HEIGHT), outline=0, width=2)
        draw.text((left + 30, TOP + HEIGHT // 2 + 6), text, 0, font(24))
    draw.text((LEFT + WIDTH + 80, TOP + 5), "Tiếp nhận (hồ sơ)", 0, font(24))
    draw.text((LEFT + 60, TOP + 25), "Lĩnh vực", 0, font(24))
    row = (
        OcrWord("Lĩnh", Box(160, 110, 206, 134), 0.9),
        OcrWord("-IẾP", Box(380, 84, 430, 132), 0.0),
        OcrWord("sơ)", Box(540, 86, 580, 134), 0.3),
    )
    again = read_again(image, [OcrLine(row, 1), *read(0.9)[1:]])
    assert "| Tiếp nhận (hồ sơ)" in texts(again)
    assert not any("-IẾP" in text for text in texts(again))


@pytest.mark.parametrize(("ruled", "sure"), [(False, 0.2), (True, 0.9)])
def test_what_is_no_table_or_read_well_stays(ruled: bool, sure: float) -> None:
    lines = read(sure)
    assert read_again(head(ruled=ruled), lines) == lines


def test_no_lines_are_no_lines() -> None:
    assert read_again(head(), []) == []
