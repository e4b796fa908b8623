"""The samples are drawn: same bytes each time, every letter there, layers and pages as intended."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pdfplumber
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from samples import draw, fonts, layout, misread, report, sheet

NAMES = report.names()


def characters(path: Path) -> list[list[dict[str, object]]]:
    with pdfplumber.open(path) as pdf:
        return [page.chars for page in pdf.pages]


def text_of(path: Path) -> list[str]:
    with pdfplumber.open(path) as pdf:
        return [page.extract_text() for page in pdf.pages]


@pytest.mark.parametrize("name", ["giao-duc", "ngan-sach", "moi-truong", "thuy-loi"])
def test_two_runs_write_the_same_bytes(name: str, tmp_path: Path) -> None:
    first = draw.draw(name, tmp_path / "first").read_bytes()
    assert draw.draw(name, tmp_path / "second").read_bytes() == first


@pytest.mark.parametrize("face", fonts.FACES)
def test_each_face_holds_its_alphabet(face: str) -> None:
    cmap = TTFont(io.BytesIO(fonts.truetype(face))).getBestCmap()
    assert {ord(c) for c in fonts.FACES[face].alphabet} <= set(cmap)


def test_a_missing_glyph_is_an_error() -> None:
    with pytest.raises(fonts.GlyphMissingError, match="Ω"):
        fonts.width("5 Ω", "serif", 12)
    with pytest.raises(fonts.GlyphMissingError, match="Ế"):
        fonts.to_tcvn3("Ế ẩm")


def test_tcvn3_bytes_stand_for_the_letters() -> None:
    assert fonts.to_tcvn3("Báo cáo") == ("B¸o c¸o", False)
    assert fonts.to_tcvn3("NĐ-CP") == ("N§-CP", False)
    assert fonts.to_tcvn3("HUYỆN") == ("huyÖn", True)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_printed_beyond_the_margins(name: str) -> None:
    for page in layout.lay_out(report.load(name)):
        assert sorted((page.width, page.height)) == sorted(sheet.A4)
        for word in page.words:
            assert word.x >= 56, word  # 20 mm
            assert word.x + word.width <= page.width - 40, word
            assert 30 < word.y < page.height - 50, word


@pytest.mark.parametrize("name", NAMES)
def test_the_sheets_say_what_the_report_says(name: str) -> None:
    what = report.load(name)
    printed = "".join(word.text for page in layout.lay_out(what) for word in page.words)
    for word in report.words_of(what).split():
        assert word in printed


@pytest.mark.parametrize("width", [60.0, 200.0, 450.0])
def test_lines_keep_to_their_width(width: float) -> None:
    words = sheet.tokens("Đẩy mạnh **cải cách** hành chính, *nâng cao* chất lượng phục vụ nhân dân")
    lines = sheet.broken(words, 12.0, width)
    assert [token for line in lines for token in line] == words
    assert all(sheet.measure(line, 12.0) <= width or len(line) == 1 for line in lines)
    assert sheet.Token("cách", "serif-bold") in words


def test_a_stamp_is_the_only_layer_of_a_signed_scan(tmp_path: Path) -> None:
    path = draw.draw("cong-nghe-thong-tin", tmp_path)
    first, second = text_of(path)
    assert first.splitlines() == list(draw.RECIPES["cong-nghe-thong-tin"].stamp)
    assert second == ""


def test_the_wrong_language_layer_stands_where_the_words_are(tmp_path: Path) -> None:
    path = draw.draw("moi-truong", tmp_path)
    (page_sheet,) = layout.lay_out(report.load("moi-truong"))
    with pdfplumber.open(path) as pdf:
        page = pdf.pages[0]
        words = page.extract_words(keep_blank_chars=False)
        assert (page.width, page.height) == pytest.approx(sheet.A4, abs=0.01)
        assert len(page.images) == 1
    read = {word["text"]: word for word in words}
    assert "95/BC-STNMT" in read
    assert "trường" not in " ".join(read)
    printed = next(word for word in page_sheet.words if word.text == "1.436.000.000")
    found = read["1.436.000.000"]
    # Half a degree of skew moves a word by a few points, no more.
    assert found["x0"] == pytest.approx(printed.x, abs=4)
    assert found["bottom"] == pytest.approx(printed.y, abs=6)
    assert found["x1"] - found["x0"] == pytest.approx(printed.width, abs=1)


def test_misreadings_are_repeatable_and_never_vietnamese() -> None:
    word = "Thưởng"
    first = [misread.misread(word, np.random.default_rng(7)) for _ in range(2)]
    assert first[0] == first[1] != word
    everything = misread.misread(fonts.ALPHABET, np.random.default_rng(1))
    assert everything.encode("cp1252")


def test_the_legacy_pdf_reads_as_tcvn3(tmp_path: Path) -> None:
    path = draw.draw("ngan-sach", tmp_path)
    names = {str(char["fontname"]) for page in characters(path) for char in page}
    assert all(name.split("+")[1].startswith(".VnTime") for name in names)
    assert any(".VnTimeH" in name for name in names)
    text = " ".join(text_of(path))
    assert "Tæng chi ng©n s¸ch huyÖn lµ 118,4 tû ®ång" in text
    assert "đồng" not in text


def test_the_clean_pdf_reads_as_printed(tmp_path: Path) -> None:
    path = draw.draw("nong-nghiep", tmp_path)
    with pdfplumber.open(path) as pdf:
        assert not any(page.images for page in pdf.pages)
    text = " ".join(" ".join(text_of(path)).split())
    assert "toàn tỉnh có 69.500 ha sản xuất nông nghiệp ứng dụng công nghệ cao" in text


def test_the_appendix_lies_across(tmp_path: Path) -> None:
    path = draw.draw("y-te", tmp_path)
    with pdfplumber.open(path) as pdf:
        sizes = [(page.width, page.height) for page in pdf.pages]
    assert sizes[0] == sizes[1] == pytest.approx(sheet.A4, abs=0.01)
    assert sizes[2] == pytest.approx(sheet.A4[::-1], abs=0.01)


def test_the_fax_is_one_bit_group_4(tmp_path: Path) -> None:
    with Image.open(draw.draw("cai-cach-hanh-chinh", tmp_path)) as image:
        assert (image.n_frames, image.mode) == (2, "1")
        assert image.info["compression"] == "group4"
        assert image.info["dpi"] == (300, 300)
        assert image.size == (2480, 3508)


def test_the_dump_has_pages_and_cells(tmp_path: Path) -> None:
    text = draw.draw("thuy-loi", tmp_path).read_text(encoding="utf-8")
    assert text.count("\f") == len(layout.lay_out(report.load("thuy-loi"))) - 1
    assert "1\tXã Nam Hòa\t96,5\t58.340\t7.820\n" in text
    assert "\tCộng\t360,6\t202.700\t27.350\n" in text


def test_an_unknown_sample_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        draw.main(["khong-co"])
    assert stopped.value.code == 2
    assert "khong-co" in capsys.readouterr().err


def test_the_command_writes_into_the_folder_it_is_told(tmp_path: Path) -> None:
    assert draw.main(["--out", str(tmp_path), "thuy-loi", "nong-nghiep"]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"thuy-loi.txt", "nong-nghiep.pdf"}
