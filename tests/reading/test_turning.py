"""Pages that lie on their side or stand on their head: tables found, boxes on the page as it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from baocao_etl.models import Box, Document, Letterhead, Page, Source, Word
from baocao_etl.pipeline import digitise
from baocao_etl.reading import as_seen, identify, upright
from baocao_etl.settings import Settings

from .drawing import Pdf, font

if TYPE_CHECKING:
    from pathlib import Path

DPI = 150
COLUMNS = (60, 110, 420, 560, 700, 790)  # points
ROWS = (
    ("TT", "Chỉ tiêu về công nghệ thông tin", "Đơn vị", "Năm 2019", "Năm 2020"),
    ("1", "Số máy tính của cấp huyện", "máy", "184", "210"),
    ("2", "Số máy tính của cấp xã", "máy", "1.362", "1.475"),
    ("3", "Số văn bản gửi qua mạng", "văn bản", "48.210", "61.905"),
    ("4", "Tỷ lệ hồ sơ nộp qua mạng", "%", "31,5", "46,8"),
)
TOP, STEP = 130, 26
TITLE = "DANH MỤC CHỈ TIÊU ỨNG DỤNG CÔNG NGHỆ THÔNG TIN CỦA HUYỆN"
VALUES = {"184", "210", "1362", "1475", "48210", "61905", "31.5", "46.8"}


def appendix() -> Image.Image:
    """Draw a wide table on a page that lies across."""
    scale = DPI / 72
    image = Image.new("L", (round(842 * scale), round(595 * scale)), 255)
    pen = ImageDraw.Draw(image)
    pen.text((150 * scale, 90 * scale), TITLE, 0, font(round(13 * scale)), anchor="ls")
    for i, row in enumerate(ROWS):
        for x, text in zip(COLUMNS, row, strict=False):
            place = ((x + 5) * scale, (TOP + STEP * i) * scale)
            pen.text(place, text, 0, font(round(12 * scale)), anchor="ls")
    edges = [TOP - 17 + STEP * i for i in range(len(ROWS) + 1)]
    for y in edges:
        pen.line([COLUMNS[0] * scale, y * scale, COLUMNS[-1] * scale, y * scale], 0, 2)
    for x in COLUMNS:
        pen.line([x * scale, edges[0] * scale, x * scale, edges[-1] * scale], 0, 2)
    return image


@pytest.mark.ocr
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_the_table_of_a_turned_scan_is_read(tmp_path: Path, degrees: int) -> None:
    image = appendix().rotate(degrees, expand=True)
    image.save(tmp_path / "a.png", dpi=(DPI, DPI))
    (document,) = digitise(identify(tmp_path / "a.png"), Settings(jobs=0))
    (page,) = document.pages
    assert page.turns == degrees // 90
    assert page.width == pytest.approx(image.width * 72 / DPI, abs=1)
    (table,) = document.tables
    texts = {(cell.row, cell.column): cell.text for cell in table.cells}
    assert [texts[row, 1] for row in range(1, 5)] == [row[1] for row in ROWS[1:]]
    assert {f"{figure.value.normalize():f}" for figure in document.figures} == VALUES
    ink = np.asarray(image) < 128
    boxes = [figure.box for figure in document.figures] + [cell.box for cell in table.cells]
    for box in filter(None, boxes):
        x0, y0, x1, y1 = (round(side * DPI / 72) for side in box)
        assert ink[y0:y1, x0:x1].mean() > 0.05


def test_the_table_of_a_layer_set_sideways_is_read(tmp_path: Path) -> None:
    drawn = Pdf(tmp_path / "a.pdf")
    canvas = drawn.canvas
    canvas.translate(595, 0)
    canvas.rotate(90)  # the page is higher than wide, and its text runs upwards
    drawn.size = (842, 595)
    drawn.text(150, 90, TITLE)
    for i, row in enumerate(ROWS):
        for x, text in zip(COLUMNS, row, strict=False):
            drawn.text(x + 5, TOP + STEP * i, text, 12)
    (document,) = digitise(identify(drawn.save()), Settings(jobs=0))
    (page,) = document.pages
    assert (page.text_origin, page.width, page.height) == ("layer", 595, 842)
    assert page.turns in {1, 3}
    assert {f"{figure.value.normalize():f}" for figure in document.figures} == VALUES
    for figure in document.figures:
        assert figure.box is not None
        assert figure.box.height > figure.box.width / 2


def document_of(page: Page) -> Document:
    source = Source(path="a.png", sha256="0" * 64, size=1, media_type="image/png")
    return Document(
        doc_id="0", source=source, part=1, pages=(page,), letterhead=Letterhead(), sections=()
    )


SIDES = st.tuples(*[st.floats(0, 500)] * 4)


@given(st.lists(SIDES, max_size=4), st.integers(0, 3))
def test_a_page_set_upright_and_back_is_the_page(
    places: list[tuple[float, ...]], turns: int
) -> None:
    words = tuple(Word("a", "a", 2 * i, 1, Box(*sides), 1.0) for i, sides in enumerate(places))
    text = " ".join("a" * len(words))
    page = Page(
        number=1, width=595, height=842, text_origin="ocr", raw_text=text, words=words, turns=turns
    )
    standing = upright(page)
    assert (standing.width == 842) == (turns % 2 == 1)
    (back,) = as_seen(document_of(standing)).pages
    assert (back.width, back.height) == (595, 842)
    for before, after in zip(page.words, back.words, strict=True):
        assert before.box is not None
        assert after.box == pytest.approx(before.box)
