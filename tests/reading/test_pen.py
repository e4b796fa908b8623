from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image, ImageDraw

from baocao_etl.models import Box
from baocao_etl.reading.digits import INNER, SIZE, framed, network
from baocao_etl.reading.engines import OcrLine, OcrWord
from baocao_etl.reading.pen import NETWORK, pen_again
from samples.fonts import at_size

from .drawing import font

PRINT, PEN = 26, 44  # pixels
TOP = 100


class Paper:
    """A sheet on which words are printed or written, and what an engine makes of each."""

    def __init__(self) -> None:
        self.image = Image.new("L", (1300, 1800), 255)
        self._draw = ImageDraw.Draw(self.image)
        self._x = 60.0
        self.words: list[OcrWord] = []

    def add(
        self, text: str, read: str | None = "", sure: float = 0.95, *, pen: bool = False
    ) -> None:
        """Put `text` behind the last; it is `read` so (None: not at all, "": rightly)."""
        face = at_size("hand", PEN) if pen else font(PRINT)
        top = TOP - (PEN - PRINT) / 2 if pen else TOP
        self._draw.text((self._x, top), text, 0, face)
        box = Box(*self._draw.textbbox((self._x, top), text, face))
        if read is not None:
            self.words.append(OcrWord(read or text, box, sure))
        self._x = box.x1 + 10

    def again(self) -> list[str]:
        """Return the words as they are read with the pen in mind."""
        (line,) = pen_again(self.image, [OcrLine(tuple(self.words))])
        return [word.text for word in line.words]


def date_line(day: str, read: str | None, sure: float = 0.4, *, pen: bool = True) -> list[str]:
    paper = Paper()
    paper.add("Phú Yên,")
    paper.add("ngày")
    paper.add(day, read, sure, pen=pen)
    for word in ("tháng", "7", "năm", "2021"):
        paper.add(word)
    return paper.again()


@pytest.mark.parametrize("day", ["05", "12", "23", "28", "30"])
def test_a_day_by_hand_is_read_between_the_print(day: str) -> None:
    wanted = ["Phú Yên,", "ngày", day, "tháng", "7", "năm", "2021"]
    assert date_line(day, "Z#") == wanted
    assert date_line(day, None) == wanted  # the engine saw nothing there


def test_a_number_by_hand_is_read_before_the_slash() -> None:
    paper = Paper()
    paper.add("Số:")
    paper.add("253", "2§3", 0.3, pen=True)
    paper.add("/BC-UBND")
    assert paper.again() == ["Số:", "253", "/BC-UBND"]


def test_print_that_was_read_well_stays() -> None:
    assert date_line("14", "14", 0.96, pen=False)[2] == "14"
    # what an engine is sure of is not asked for again, whatever stands on the paper
    assert date_line("14", "19", 0.96, pen=False)[2] == "19"


@pytest.mark.parametrize("scribble", ["/-/", "..", "---", "99"])
def test_what_is_no_day_stays_as_it_was_read(scribble: str) -> None:
    assert date_line(scribble, "?", 0.2)[2] == "?"


def test_only_the_head_of_a_page_is_read_so() -> None:
    paper = Paper()
    for word in ("từ", "ngày"):
        paper.add(word)
    paper.add("25", "Z#", 0.4, pen=True)
    paper.add("tháng")
    low = Image.new("L", (1300, 1800), 255)
    low.paste(paper.image.crop((0, 0, 1300, 300)), (0, 1200))
    moved = [w._replace(box=Box(w.box.x0, w.box.y0 + 1200, w.box.x1, w.box.y1 + 1200))
             for w in paper.words]  # fmt: skip
    (line,) = pen_again(low, [OcrLine(tuple(moved))])
    assert [word.text for word in line.words] == ["từ", "ngày", "Z#", "tháng"]


def test_the_digits_of_another_hand_are_told_apart() -> None:
    frames = []
    for digit in "0123456789":
        paper = Image.new("L", (80, 100), 0)
        ImageDraw.Draw(paper).text((20, 10), digit, 255, at_size("hand", 70))
        box = paper.getbbox()
        assert box is not None
        frames.append(framed(np.asarray(paper.crop(box)) > 128))
    likely = network(NETWORK).probabilities(np.stack(frames))
    assert (likely[:, :10].argmax(axis=1) == np.arange(10)).sum() >= 9
    assert np.allclose(likely.sum(axis=1), 1, atol=1e-3)


@given(arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=60), elements=st.booleans()))
def test_any_ink_fits_its_frame(ink: np.ndarray) -> None:
    ink = ink.copy()
    ink[0, 0] = True
    frame = framed(ink)
    assert frame.shape == (SIZE, SIZE)
    assert 0 <= float(frame.min()) <= float(frame.max()) <= 1
    assert (frame.sum(axis=0) > 0).sum() <= INNER
