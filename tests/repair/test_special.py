"""Labels, numerals, signs, abbreviations and names: what is no ordinary word keeps its own treatment."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from baocao_etl.repair import repair_page, repair_text
from baocao_etl.repair.build import capitals
from baocao_etl.repair.build.corpus import WEIGHTS
from baocao_etl.repair.tokens import plan
from baocao_etl.settings import Settings
from tests.repair.test_repair import page_of

SETTINGS = Settings()
DAMAGED = (
    "Thuc hién Cong van cua UBND tinh vé viéc bao cio két qua thuc hién cac co ché, chinh sach"
)


def repaired(line: str) -> str:
    """Repair a line of a page that was read in the wrong language."""
    return repair_text(f"{DAMAGED}\n{line}", SETTINGS)[0].split("\n")[1]


@pytest.mark.parametrize("label", ["a)", "b)", "đ)", "A.", "I.", "IV."])
def test_labels_of_sections_stay(label: str) -> None:
    assert repaired(f"{label} Tinh hinh thuc hién").split()[0] == label


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("Phu luc ill ban hanh kém theo Quyét dinh", "Phụ lục III ban hành kèm theo Quyết định"),
        ("Chuong Il. Nhiém vu va giai phap", "Chương II. Nhiệm vụ và giải pháp"),
        ("phat trién kinh té - x@ hdi", "phát triển kinh tế - xã hội"),
        ("chu nghia Mac - Lénin", "chủ nghĩa Mác - Lênin"),
        ("thuong xuyén & cac xa ving sau", "thường xuyên ở các xã vùng sâu"),
        ("duong day néng 24/24h", "đường dây nóng 24/24h"),
        ("khéi lvong dat dao 126.000 m3", "khối lượng đất đào 126.000 m3"),
        ("So KH&CN chu tri", "Sở KH&CN chủ trì"),
        ("tai thanh phé Da Nang", "tại thành phố Đà Nẵng"),
    ],
)
def test_what_is_no_ordinary_word(seen: str, meant: str) -> None:
    assert repaired(seen) == meant


def test_an_address_is_more_than_a_sign() -> None:
    assert [piece.kind for piece in plan("vpubnd@tinh.gov.vn").pieces] == ["fixed"]
    assert [piece.kind for piece in plan("x@").pieces] == ["word"]


@pytest.mark.parametrize("measure", ["(ha)", "(mm)", "km", "kWh,", "(tr.d)", "ng.đ"])
def test_a_measure_that_no_syllable_is_stays(measure: str) -> None:
    assert [piece.kind for piece in plan(measure).pieces] == ["fixed"]
    assert repaired(f"Chiéu dai {measure} va khéi lvong").split()[2] == measure


def test_a_measure_that_may_be_a_syllable_is_repaired_outside_brackets() -> None:
    assert [piece.kind for piece in plan("mm").pieces] == ["word"]


def test_capitals_are_counted_inside_sentences(tmp_path: Path) -> None:
    for name in WEIGHTS:
        with lzma.open(tmp_path / f"{name}.txt.xz", "wt", encoding="utf-8") as stream:
            stream.write("Từ thành phố Đà Nẵng, đi ĐÀ LẠT. Nẵng\n")
    capital, inside = capitals.counted(tmp_path)
    assert inside["nẵng"] == capital["nẵng"] == len(WEIGHTS)
    assert inside["đà"] == capital["đà"] == len(WEIGHTS)
    assert (inside["phố"], capital["phố"]) == (len(WEIGHTS), 0)
    assert "từ" not in inside and "lạt" not in inside


def test_a_users_words_are_offered_in_their_case(tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text("word\nKrôngbúk\nSổ tay điện tử iĐảng\n", encoding="utf-8")
    own = Settings(dictionaries=tmp_path)
    text, _ = repair_text(f"{DAMAGED} tai xa Krongbuk va KRONGBUK", own)
    assert text.endswith("tại xã Krôngbúk và KRÔNGBÚK")
    assert "Krôngbúk" not in repair_text(f"{DAMAGED} tai xa Krongbuk", SETTINGS)[0]


def test_a_users_name_of_several_words_is_taken_in_one_piece(tmp_path: Path) -> None:
    seen = f"{DAMAGED} cua thén Lang Mo"
    assert repair_text(seen, SETTINGS)[0].split()[-2:] != ["Lãng", "Mỡ"]
    (tmp_path / "words.tsv").write_text("word\nLãng Mỡ\n", encoding="utf-8")
    assert repair_text(seen, Settings(dictionaries=tmp_path))[0].split()[-2:] == ["Lãng", "Mỡ"]


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("sir dung DVC mtc 40 3, 4", "sử dụng DVC mức độ 3, 4"),
        ("phan mém Quán 12 van ban va diéu hanh", "phần mềm Quản lý văn bản và điều hành"),
        ("giai quyét thu t11c hanh chinh", "giải quyết thủ tục hành chính"),
        ("da tiép nhan 12 van ban cua tinh", "đã tiếp nhận 12 văn bản của tỉnh"),
        ("toan xa c6 40 hé nghéo", "toàn xã có 40 hộ nghèo"),
    ],
)
def test_a_number_or_a_word_by_its_context(seen: str, meant: str) -> None:
    assert repaired(seen) == meant


@pytest.mark.parametrize(
    ("row", "unit"),
    [("1 Lua bi ngap trang ha 812 640 95", "ha"), ("2 May bom m 1.420 610 240", "m")],
)
def test_the_numbers_of_a_row_do_not_go_on_with_its_label(row: str, unit: str) -> None:
    """Before numbers `ha` reads like "là" in a sentence; behind a row's label it is the unit."""
    assert repaired(row).split()[-4] == unit


def test_a_number_in_doubt_stays_and_says_so() -> None:
    page = page_of(f"{DAMAGED}\ngiam nguy co 19, 16t thong tin, xac dinh day\n12 dong luc gép phan")
    done = repair_page(page, SETTINGS)
    doubts = [c for c in done.corrections if "doubt" in c.reason]
    assert doubts
    for doubt in doubts:
        assert doubt.text == doubt.raw
        assert doubt.alternatives[0][1] >= 0.1
        (word,) = [word for word in done.words if word.offset == doubt.offset]
        assert word.text == doubt.raw
        assert word.confidence <= 0.9


def test_abbreviations_that_were_read_stay_where_an_ocr_knows_the_language() -> None:
    head = "TT Tên xã KH TH KH TH (triệu đồng)"
    text = (
        "Biểu tổng hợp kết quả thực hiện chỉ tiêu kế hoạch năm 2020 của huyện\n"
        f"STT\tChỉ tiêu\tĐVT\tKH\tTH\tTỷ lệ\n{head}\n1\tDiện tích lúa\tha\t120\t115\t95,8"
    )
    assert repair_page(page_of(text), SETTINGS).damage == "slips"
    assert repair_text(text, SETTINGS)[0].split("\n")[2] == head


def test_degrees_are_no_word() -> None:
    assert repaired("nhiét d6 ngoai troi 38 °C trong ngay").split()[4:6] == ["38", "°C"]
