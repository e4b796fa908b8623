from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw, ImageFilter

from baocao_etl.errors import UsageError
from baocao_etl.models import Box
from baocao_etl.reading import cache, identify, read_page
from baocao_etl.reading.engines import OcrLine, OcrWord
from baocao_etl.reading.recognition import _surer, _without_scraps, engines_of, observe
from baocao_etl.reading.tesseract import Tesseract
from baocao_etl.settings import Settings

from .drawing import LINES, Pdf, font, page_image
from .test_ocr import assert_boxes_on, share_read

if TYPE_CHECKING:
    from pathlib import Path

    from baocao_etl.models import Page

pytestmark = pytest.mark.ocr
TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180,
         270: Image.Transpose.ROTATE_270}  # fmt: skip


def read_image(image: Image.Image, path: Path, settings: Settings) -> Page:
    image.save(path, dpi=(150, 150))
    return read_page(identify(path), 1, settings)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_scanned_the_wrong_way_is_read(
    tmp_path: Path, settings: Settings, degrees: int
) -> None:
    image = page_image(LINES * 2, dpi=150).transpose(TURNS[degrees])
    page = read_image(image, tmp_path / "a.png", settings)
    assert share_read(page, LINES * 2) > 0.85
    assert page.width == pytest.approx(image.width * 72 / 150, abs=1)
    assert "turned" in (page.judgement or "")
    if degrees == 180:
        assert_boxes_on(page, image)


def test_a_crooked_page_is_read_with_boxes_on_its_words(tmp_path: Path, settings: Settings) -> None:
    image = page_image(LINES * 2, dpi=150).rotate(3, Image.Resampling.BICUBIC, fillcolor=255)
    page = read_image(image, tmp_path / "a.png", settings)
    assert share_read(page, LINES * 2) > 0.85
    assert "deskewed" in (page.judgement or "")
    assert_boxes_on(page, image)


def test_a_wrong_layer_is_weighed_against_what_ocr_reads(
    tmp_path: Path, settings: Settings
) -> None:
    drawn = Pdf(tmp_path / "a.pdf").image(page_image())
    drawn.canvas.setFillAlpha(0)
    for i, line in enumerate(LINES):
        # What an English OCR makes of the letters that it does not know.
        wrong = "".join(c if c < "\x80" else "Xq&j"[ord(c) % 4] for c in line)
        drawn.text(70, 92 + 24 * i, wrong)
    page = read_page(identify(drawn.save()), 1, settings)
    assert page.text_origin == "both"
    assert "does not read like Vietnamese" in (page.judgement or "")
    assert share_read(page) > 0.85


def test_what_ocr_read_is_kept_and_used_again(tmp_path: Path) -> None:
    kept = Settings(dpi=200, cache_dir=tmp_path / "cache")
    path = tmp_path / "a.png"
    page_image(LINES[:2]).save(path)
    source = identify(path)
    first = read_page(source, 1, kept)
    assert cache.state(tmp_path / "cache").pages == 1
    # With so little time nothing but the cache can answer.
    second = read_page(source, 1, kept.model_copy(update={"page_timeout": 0.001}))
    assert second.raw_text == first.raw_text
    for a, b in zip(first.words, second.words, strict=True):
        assert b.box == pytest.approx(a.box, abs=0.01)
    assert cache.clear(tmp_path / "cache").pages == 1
    assert cache.state(tmp_path / "cache").pages == 0


def test_a_damaged_cache_is_no_cache(tmp_path: Path) -> None:
    kept = Settings(dpi=200, cache_dir=tmp_path / "cache")
    path = tmp_path / "a.png"
    page_image(LINES[:1]).save(path)
    first = read_page(identify(path), 1, kept)
    (file,) = (tmp_path / "cache").glob("*/*")
    file.write_bytes(b"nothing")
    assert read_page(identify(path), 1, kept).raw_text == first.raw_text


def test_engines_are_chosen_by_name() -> None:
    engines = engines_of(Settings(ocr_engines="tesseract,trueocr"))
    assert [engine.name for engine in engines] == ["tesseract", "trueocr"]
    with pytest.raises(UsageError, match="magic"):
        engines_of(Settings().model_copy(update={"ocr_engines": "magic"}))


def test_numbers_are_read_from_their_crops() -> None:
    image = Image.new("L", (400, 120), 255)
    ImageDraw.Draw(image).text((20, 20), "1.995", 0, font(28))
    ImageDraw.Draw(image).text((220, 70), "93,5", 0, font(28))
    boxes = [Box(15, 22, 110, 55), Box(215, 72, 300, 105), Box(300, 5, 390, 30)]
    read = Tesseract.of("vie").read_lines(image, boxes, timeout=20, digits=True)
    assert ["".join(word.text for word in words) for words in read][:2] == ["1.995", "93,5"]
    assert read[2] == ()
    assert read[0][0].box.x0 == pytest.approx(20, abs=6)


def test_an_empty_answer_changes_no_number() -> None:
    word = OcrWord("(12)", Box(0, 0, 20, 10), 0.5)
    assert _surer(word, ()) == word
    assert _surer(word, [OcrWord("..", word.box, 0.99)]) == word
    assert _surer(word, [OcrWord("17", word.box, 0.4)]) == word
    assert _surer(word, [OcrWord("17", word.box, 0.9)]) == word._replace(
        text="(17)", confidence=0.9
    )
    assert _surer(word, [OcrWord("12", word.box, 0.9)]).confidence == 0.9


def test_accents_that_were_read_as_words_are_dropped() -> None:
    """A row of cells that stand at other heights was cut too low, and its upper half read again."""
    row = (OcrWord("Trung", Box(10, 40, 70, 60), 0.9), OcrWord("thế", Box(80, 40, 110, 60), 0.9))
    dash = OcrWord("-", Box(2, 49, 8, 52), 0.9)
    upper = (OcrWord("Huyện", Box(200, 28, 260, 50), 0.9), OcrWord("s", Box(95, 37, 105, 42), 0.5))
    lines = [OcrLine((dash, *row, *row), 1), OcrLine(upper, 1), OcrLine(upper[1:], 2)]
    assert _without_scraps(lines) == [lines[0], OcrLine(upper[:1], 1)]
    assert _without_scraps([]) == []


def test_a_doubtful_number_never_loses_its_mark() -> None:
    word = OcrWord("94,8", Box(0, 0, 20, 10), 0.5)
    assert _surer(word, [OcrWord("948", word.box, 0.99)]) == word
    assert _surer(word, [OcrWord("94,9", word.box, 0.99)]).text == "94,9"
    lost = word._replace(text="948")
    assert _surer(lost, [OcrWord("94,8", word.box, 0.4)]).text == "94,8"


@pytest.mark.skipif(importlib.util.find_spec("trueocr") is None, reason="needs the extra [trueocr]")
@pytest.mark.parametrize("engines", ["trueocr", "tesseract,trueocr"])
def test_a_second_engine_reads_and_weighs(tmp_path: Path, engines: str) -> None:
    image = page_image(LINES, dpi=150)
    page = read_image(image, tmp_path / "a.png", Settings(ocr_engines=engines))
    assert share_read(page) > 0.75
    assert_boxes_on(page, image)


@pytest.mark.shared
def test_stamps_and_watermarks_do_not_hide_a_scan(shared: Path, settings: Settings) -> None:
    path = next((shared / "scans").glob("10209631.pdf"))
    page = read_page(identify(path), 3, settings)
    assert page.text_origin == "ocr"
    assert "stamp or watermark" in (page.judgement or "")
    text = page.raw_text
    assert text.index("nhận:") < text.index("Lưu: VT") < text.index("THỨ TRƯỞNG")


def test_a_poor_page_is_read_at_two_scales_and_a_good_one_once(
    tmp_path: Path, settings: Settings
) -> None:
    clean = page_image(LINES * 2, dpi=150)
    leaning = clean.rotate(1, Image.Resampling.BICUBIC, fillcolor=255)
    small = leaning.resize((leaning.width * 2 // 3, leaning.height * 2 // 3))
    small.filter(ImageFilter.GaussianBlur(1.6)).save(tmp_path / "b.png", dpi=(100, 100))
    once = read_image(clean, tmp_path / "a.png", settings)
    twice = read_page(identify(tmp_path / "b.png"), 1, settings)
    assert "two scales" not in (once.judgement or "")
    assert "two scales" in (twice.judgement or "")
    assert share_read(twice, LINES * 2) > 0.6
    scale = small.width / (twice.width or 1)
    for word in twice.words:
        assert word.box is not None
        crop = small.convert("L").crop(tuple(round(side * scale) for side in word.box))
        assert crop.getextrema()[0] < 128, word
    assert len(twice.lines()) == len(once.lines())


@pytest.mark.skipif(importlib.util.find_spec("trueocr") is None, reason="needs the extra [trueocr]")
def test_only_doubtful_lines_go_to_the_second_engine(tmp_path: Path) -> None:
    image = page_image(LINES * 2, dpi=150)
    seen = observe(
        lambda _: (image, 150.0), engines_of(Settings(ocr_engines="tesseract,trueocr")), 60
    )
    first, second = seen.readings
    assert len(second) < len(first)
    levels = [min(word.box.y0 for word in line.words) for line in first]
    assert all(min(abs(line.words[0].box.y0 - y) for y in levels) < 15 for line in second)
