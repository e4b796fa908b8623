"""Ruled tables drawn as pictures give their cells back; and what only looks like one gives none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from baocao_etl.models import Box
from baocao_etl.reading.ruled import Grid
from baocao_etl.reading.rulings import find_cells, may_hold_table

from .drawing import page_image

DPI = 160
SIZE = (1300, 1800)


def drawn(cells: list[Box], width: int = 2, shade: int = 0) -> Image.Image:
    image = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(image)
    for cell in cells:
        draw.rectangle(tuple(cell), outline=shade, width=width)
    return image


def table(rows: int, columns: int) -> list[Box]:
    xs = [100 + 1000 * i / columns for i in range(columns + 1)]
    ys = [200 + 45 * i for i in range(rows + 1)]
    return [
        Box(xs[c], ys[r], xs[c + 1], ys[r + 1]) for r in range(rows) for c in range(columns)
    ]  # fmt: skip


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.integers(1, 12), st.integers(2, 9), st.integers(1, 3), st.booleans())
def test_the_cells_of_a_drawn_table_are_found(
    rows: int, columns: int, width: int, worn: bool
) -> None:
    image = drawn(table(rows, columns), width)
    if worn:
        noise = np.random.default_rng(rows).normal(0, 8, (SIZE[1], SIZE[0]))
        levels = np.asarray(image.filter(ImageFilter.GaussianBlur(0.6)), dtype=float) + noise
        image = Image.fromarray(levels.clip(0, 255).astype(np.uint8))
    (cells,) = find_cells(image, DPI)
    assert may_hold_table(image, DPI)
    for found, meant in zip(sorted(cells), sorted(table(rows, columns)), strict=True):
        assert max(abs(a - b) for a, b in zip(found, meant, strict=True)) <= 5


def test_a_heading_over_two_columns_and_one_over_two_rows_are_one_cell_each() -> None:
    cells = table(4, 3)
    head = [
        Box(cells[0].x0, cells[0].y0, cells[0].x1, cells[3].y1),
        Box(cells[1].x0, cells[1].y0, cells[2].x1, cells[2].y1),
    ]
    (found,) = find_cells(drawn([*head, *cells[4:6], *cells[6:]]), DPI)
    grid = Grid.of(found)
    assert (grid.rows, grid.columns, len(found)) == (4, 3, 10)
    assert grid.owners[1, 0] == (0, 0)
    assert grid.owners[0, 2] == (0, 1)


def test_a_break_in_a_ruling_joins_no_cells() -> None:
    image = drawn(table(5, 4))
    ImageDraw.Draw(image).rectangle((355, 260, 361, 272), fill=255)
    (cells,) = find_cells(image, DPI)
    assert len(cells) == 20


@pytest.mark.parametrize(
    "image",
    [
        Image.new("L", SIZE, 255),
        page_image(dpi=DPI),
        drawn([Box(100, 100, 400, 300)]),  # the frame of a stamp
    ],
)
def test_text_and_a_frame_are_no_table(image: Image.Image) -> None:
    assert find_cells(image, DPI) == ()
