from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from baocao_etl.models import Box
from baocao_etl.reading.preparation import (
    Prepared,
    even_background,
    find_skew,
    lift_colour,
    looks_sideways,
    prepare,
)

from .drawing import LINES, page_image


@pytest.mark.parametrize("degrees", [-4.0, -1.5, 0.0, 0.7, 3.0])
def test_skew_is_found_and_undone(degrees: float) -> None:
    crooked = page_image(LINES * 4, dpi=160).rotate(
        degrees, Image.Resampling.BICUBIC, fillcolor=255
    )
    prepared = prepare(crooked, 160).levelled()
    assert prepared.skew == pytest.approx(-degrees, abs=0.15)
    assert find_skew(prepared.image, 160) == pytest.approx(0, abs=0.2)


@given(
    st.tuples(st.floats(50, 400), st.floats(50, 600), st.floats(1, 80), st.floats(1, 30)),
    st.integers(0, 3),
    st.floats(-5, 5),
)
def test_a_box_finds_its_way_to_the_page_and_back(
    corner: tuple[float, float, float, float], turns: int, skew: float
) -> None:
    x, y, width, height = corner
    box = Box(x, y, x + width, y + height)
    frame = Prepared(None, 144.0, (595.0, 842.0), turns, skew)
    back = frame.find(frame.place(box))
    # Boxes grow a little each way; their middles stay.
    assert ((back.x0 + back.x1) / 2, (back.y0 + back.y1) / 2) == pytest.approx(
        ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2), abs=1e-6
    )
    assert back.width >= 0.99 * box.width
    if skew == 0:
        assert back == pytest.approx(box)


def test_a_red_seal_gives_way_to_the_print_under_it() -> None:
    page = page_image(LINES, dpi=160, mode="RGB")
    sealed = page.copy()
    # Ink over print: what is printed stays dark in all channels.
    seal = Image.new("RGB", page.size, "white")
    ImageDraw.Draw(seal).ellipse((200, 150, 420, 370), outline=(220, 30, 40), width=12)
    ImageDraw.Draw(seal).ellipse((260, 210, 360, 310), fill=(230, 60, 60))
    sealed = Image.fromarray(np.minimum(np.asarray(page), np.asarray(seal)))
    lifted, found = lift_colour(sealed, 160)
    assert found
    clean = np.asarray(page.convert("L"), dtype=float)
    assert np.abs(np.asarray(lifted, dtype=float) - clean).mean() < 0.3
    assert np.abs(np.asarray(sealed.convert("L"), dtype=float) - clean).mean() > 0.8


def test_a_number_written_in_blue_stays() -> None:
    page = page_image(LINES, dpi=160, mode="RGB")
    ImageDraw.Draw(page).line((300, 60, 320, 90, 310, 60), fill=(30, 40, 200), width=4)
    lifted, found = lift_colour(page, 160)
    assert not found
    assert np.asarray(lifted)[60:90, 300:320].min() < 100


def test_grey_paper_is_evened_and_white_paper_left_alone() -> None:
    page = page_image(LINES, dpi=160)
    same, changed = even_background(page)
    assert not changed
    assert same is page
    shade = np.linspace(0.5, 1.0, page.width)
    grey = Image.fromarray((np.asarray(page) * shade).astype(np.uint8))
    even, changed = even_background(grey)
    assert changed
    assert np.percentile(np.asarray(even), 20) > 240
    assert np.asarray(even).min() < 60


def test_lines_that_run_down_the_page_are_seen() -> None:
    page = page_image(LINES * 5, dpi=160)
    assert not looks_sideways(page, 160)
    assert looks_sideways(page.transpose(Image.Transpose.ROTATE_90), 160)


def test_resolution_is_brought_to_what_the_engine_reads_best() -> None:
    for dpi in (100, 150, 200, 300, 600):
        prepared = prepare(page_image(LINES[:1], dpi=dpi), dpi)
        assert prepared.dpi == pytest.approx(160, rel=0.16)
        assert prepared.size == pytest.approx((595, 842), abs=1)
