from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.errors import DamagedSource
from baocao_etl.models import Box, Page
from baocao_etl.reading import identify, page_count, read_page
from baocao_etl.reading.geometry import turn, turn_back

from .drawing import LINES, Pdf

if TYPE_CHECKING:
    from pathlib import Path

    from baocao_etl.settings import Settings


def words_on_ink(path: Path, page: Page) -> float:
    """Return the share of words whose box holds ink, on the page as PDFium shows it."""
    image = pdfium.PdfDocument(path)[page.number - 1].render(scale=2, grayscale=True).to_numpy()
    assert image.shape[1] == pytest.approx(2 * (page.width or 0), abs=2)
    inked = 0
    dark = np.asarray(image).reshape(image.shape[:2]) < 128
    for word in page.words:
        x0, y0, x1, y1 = (round(2 * side) for side in word.box or ())
        around = dark[max(0, y0 - 3) : y1 + 3, max(0, x0 - 3) : x1 + 3]
        inside = dark[y0 : y1 + 1, x0 : x1 + 1]
        # All the ink near the word is inside its box, give or take its neighbours' edges.
        inked += bool(inside.sum() > 0.8 * around.sum() > 0)
    return inked / len(page.words)


def test_a_layer_comes_out_line_by_line(tmp_path: Path, settings: Settings) -> None:
    path = Pdf(tmp_path / "a.pdf").lines().save()
    page = read_page(identify(path), 1, settings)
    assert (page.text_origin, page.error) == ("layer", None)
    assert page.raw_text == "\n".join(LINES)
    assert (page.width, page.height) == pytest.approx((595, 842))
    assert len(page.fonts) == len(page.words)
    assert words_on_ink(path, page) == 1.0


def _turned(path: Path, rotation: int) -> Pdf:
    drawn = Pdf(path)
    # reportlab swaps the sides of the media box of a page that is shown on its side; what is drawn
    # 595 points up from the bottom is inside it either way.
    drawn.size = (595, 595)
    drawn.lines().canvas.setPageRotation(rotation)
    return drawn


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_boxes_lie_on_a_page_that_is_shown_turned(
    tmp_path: Path, settings: Settings, rotation: int
) -> None:
    drawn = _turned(tmp_path / "a.pdf", rotation)
    path = drawn.save()
    page = read_page(identify(path), 1, settings)
    assert page.raw_text == "\n".join(LINES)
    assert words_on_ink(path, page) == 1.0


@pytest.mark.parametrize("rotation", [0, 90])
def test_boxes_lie_on_a_cropped_page(tmp_path: Path, settings: Settings, rotation: int) -> None:
    drawn = _turned(tmp_path / "a.pdf", rotation)
    drawn.canvas.setCropBox((30, 200, 580, 590))
    path = drawn.save()
    page = read_page(identify(path), 1, settings)
    assert page.width == pytest.approx(550 if rotation == 0 else 390)
    assert words_on_ink(path, page) == 1.0


def test_text_drawn_sideways_is_read_in_its_own_order(tmp_path: Path, settings: Settings) -> None:
    drawn = Pdf(tmp_path / "a.pdf")
    drawn.canvas.translate(0, 842)
    drawn.canvas.rotate(-90)
    drawn.size = (842, 0)
    for i, line in enumerate(LINES):
        drawn.text(70, -(500 - 24 * i), line)
    path = drawn.save()
    page = read_page(identify(path), 1, settings)
    assert page.raw_text == "\n".join(LINES)
    assert words_on_ink(path, page) == 1.0
    box = page.words[0].box
    assert box is not None
    assert box.height > box.width  # on the page as it is seen the word stands upright


@given(
    st.tuples(*[st.floats(0, 100)] * 4).map(lambda b: Box(b[0], b[1], b[0] + b[2], b[1] + b[3])),
    st.integers(0, 3),
)
def test_turning_back_undoes_turning(box: Box, quarter: int) -> None:
    size = (200.0, 300.0)
    assert turn_back(turn(box, quarter, size), quarter=quarter, size=size) == pytest.approx(box)


def test_a_cut_file_is_damaged(tmp_path: Path, settings: Settings) -> None:
    path = Pdf(tmp_path / "a.pdf").lines().save()
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DamagedSource):
        page_count(identify(path), settings)


def test_a_page_that_is_not_there_is_an_error(tmp_path: Path, settings: Settings) -> None:
    path = Pdf(tmp_path / "a.pdf").lines().save()
    with pytest.raises(DamagedSource, match="1 pages, not 2"):
        read_page(identify(path), 2, settings)
