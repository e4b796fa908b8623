from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFilter

from baocao_etl.reading import cache, identify, read_page
from baocao_etl.reading.rivals import rivals_of
from baocao_etl.reading.tesseract import Tesseract
from baocao_etl.settings import Settings

from .drawing import LINES, page_image

if TYPE_CHECKING:
    from pathlib import Path

QUYEN = (
    [(" ", 1.8)], [("q", 1.9)], [("u", 2.2)], [("y", 2.0), ("Y", 35.3)],
    [("ễ", 3.6), ("ề", 4.0), ("ê", 4.7), ("ể", 8.0)], [("n", 1.5), ("h", 15.3)],
)  # fmt: skip


def test_the_letters_that_lost_make_rival_words_the_likeliest_first() -> None:
    rivals = rivals_of("quyền", QUYEN)
    assert [rival.text for rival in rivals[:3]] == ["quyễn", "quyên", "quyển"]
    assert rivals[0].logp > 0 > rivals[1].logp > rivals[2].logp  # Tesseract's dictionary chose
    assert not any("Y" in rival.text for rival in rivals)  # too unlikely


def test_letters_that_do_not_fit_the_word_make_no_rivals() -> None:
    assert rivals_of("quyề", QUYEN) == ()
    assert rivals_of("", ()) == rivals_of("a", ()) == rivals_of("a", [[]]) == ()


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("aáàbc "), st.floats(0, 60)), max_size=4), max_size=9
    )
)
def test_any_choices_make_few_and_sorted_rivals(choices: list[list[tuple[str, float]]]) -> None:
    text = "".join(slot[0][0] for slot in choices if slot).strip()
    rivals = rivals_of(text, choices)
    assert len(rivals) <= 12
    assert list(rivals) == sorted(rivals, key=lambda rival: -rival.logp)
    assert all(rival.text not in {text, ""} for rival in rivals)


@pytest.mark.ocr
def test_a_blurred_page_comes_with_rivals_and_the_cache_keeps_them(tmp_path: Path) -> None:
    if not Tesseract.of("vie").in_process:
        pytest.skip("tesserocr is not installed")
    path = tmp_path / "a.png"
    page_image(LINES, dpi=100).filter(ImageFilter.GaussianBlur(1.2)).save(path, dpi=(100, 100))
    settings = Settings(cache_dir=tmp_path / "cache")
    page = read_page(identify(path), 1, settings)
    assert len(page.rivals) == len(page.words)
    assert sum(map(bool, page.rivals)) >= 3
    assert cache.state(tmp_path / "cache").pages == 1
    assert read_page(identify(path), 1, settings) == page
