from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from baocao_etl.errors import DamagedSource, MissingError
from baocao_etl.reading import identify, page_count, read_page
from baocao_etl.settings import Settings

from .drawing import A4, LINES, Pdf, page_image

if TYPE_CHECKING:
    from pathlib import Path

    from baocao_etl.models import Page

pytestmark = pytest.mark.ocr


def share_read(page: Page, lines: tuple[str, ...] = LINES) -> float:
    """Return the share of the words of `lines` that the page has, in their order."""
    import difflib

    printed = " ".join(lines).split()
    matcher = difflib.SequenceMatcher(None, printed, [word.raw for word in page.words], False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(printed)


def assert_boxes_on(page: Page, image: Image.Image) -> None:
    """Check that each long word's box, and not the next one's place, holds dark pixels."""
    scale = image.width / (page.width or 1)
    for word in page.words:
        assert word.box is not None
        crop = image.convert("L").crop(tuple(round(side * scale) for side in word.box))
        assert crop.getextrema()[0] < 128, word
        assert 3 < word.box.height < 25, word


def test_a_scan_is_read_with_boxes_and_confidences(tmp_path: Path, settings: Settings) -> None:
    image = page_image(dpi=200)
    path = Pdf(tmp_path / "scan.pdf").image(image).save()
    page = read_page(identify(path), 1, settings)
    assert (page.text_origin, page.error) == ("ocr", None)
    assert share_read(page) > 0.9
    assert [word.raw for word in page.words if word.raw == "1995"]
    assert all(0 <= word.confidence <= 1 for word in page.words)
    assert (page.width, page.height) == pytest.approx(A4)
    assert_boxes_on(page, image)


def test_a_good_layer_is_kept_and_force_means_force(tmp_path: Path) -> None:
    source = identify(Pdf(tmp_path / "a.pdf").lines().save())
    kept = read_page(source, 1, Settings(ocr="auto"))
    forced = read_page(source, 1, Settings(ocr="force", dpi=200))
    assert (kept.text_origin, forced.text_origin) == ("layer", "ocr")
    assert share_read(forced) > 0.9


def test_a_stamp_over_a_scan_does_not_hide_it(tmp_path: Path, settings: Settings) -> None:
    drawn = Pdf(tmp_path / "a.pdf").image(page_image())
    path = drawn.text(300, 800, "Ký bởi: Ủy ban nhân dân tỉnh, 12/11/2024 08:30:21 +07:00").save()
    page = read_page(identify(path), 1, settings)
    assert page.text_origin == "ocr"
    assert share_read(page) > 0.9


def test_with_ocr_off_a_scan_says_so(tmp_path: Path) -> None:
    image = tmp_path / "a.png"
    page_image().save(image)
    pdf = Pdf(tmp_path / "a.pdf").image(page_image()).save()
    for path in (image, pdf):
        page = read_page(identify(path), 1, Settings(ocr="off"))
        assert page.error is not None
        assert "OCR is off" in page.error
        assert not page.words


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P"])
def test_images_of_every_mode_are_read(tmp_path: Path, settings: Settings, mode: str) -> None:
    path = tmp_path / "a.png"
    page_image(LINES[:2], mode=mode).save(path)
    page = read_page(identify(path), 1, settings)
    assert share_read(page, LINES[:2]) > 0.85
    assert page.width == pytest.approx(595, abs=1)  # no dpi in the file: taken as A4


def test_every_page_of_a_tiff_is_read(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "a.tif"
    pages = [page_image((line,), dpi=150) for line in LINES[:2]]
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(150, 150))
    source = identify(path)
    assert page_count(source, settings) == 2
    for number, line in enumerate(LINES[:2], 1):
        page = read_page(source, number, settings)
        assert share_read(page, (line,)) > 0.8
        assert page.width == pytest.approx(595, abs=1)


def test_an_image_turned_by_its_exif_tag_is_read_upright(
    tmp_path: Path, settings: Settings
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # show it turned by 90 degrees clockwise
    path = tmp_path / "a.jpg"
    page_image(LINES[:2]).transpose(Image.Transpose.ROTATE_90).save(path, exif=exif, quality=90)
    page = read_page(identify(path), 1, settings)
    assert share_read(page, LINES[:2]) > 0.85


def test_an_empty_page_is_no_error(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "a.png"
    Image.new("L", (800, 1100), 255).save(path)
    page = read_page(identify(path), 1, settings)
    assert (page.words, page.raw_text, page.error) == ((), "", None)


def test_a_page_past_the_limit_of_pixels_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("1", (3000, 3000), 1).save(path)
    page = read_page(identify(path), 1, Settings(max_pixels=1_000_000))
    assert page.error is not None
    assert "max_pixels" in page.error


def test_a_page_that_takes_too_long_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    page_image(LINES * 6, dpi=200).save(path)
    page = read_page(identify(path), 1, Settings(page_timeout=0.01))
    assert page.error is not None
    assert "more than" in page.error


def test_a_language_without_data_is_missing_on_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    page_image(LINES[:1]).save(path)
    with pytest.raises(MissingError) as caught:
        read_page(identify(path), 1, Settings(ocr_language="xyz"))
    assert "xyz" in caught.value.message
    assert "apt install" in caught.value.remedy


def test_a_cut_image_fails(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "a.png"
    image = page_image()
    ImageDraw.Draw(image).rectangle((0, 0, 50, 50), "black")
    image.save(path)
    path.write_bytes(path.read_bytes()[:3000])
    page = read_page(identify(path), 1, settings)
    assert page.error is not None
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)
    with pytest.raises(DamagedSource):
        page_count(identify(path), settings)
