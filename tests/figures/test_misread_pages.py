"""Figures of pages that were read in the wrong language: words look like digits, and numbers fall apart."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from baocao_etl.figures.candidates import candidates
from baocao_etl.figures.paragraphs import Paragraph
from baocao_etl.figures.vocabulary import vocabulary
from baocao_etl.models import Page, Section, Span, Word
from baocao_etl.settings import Settings


def damaged(
    sentence: str, damage: str = "stripped", doubtful: Mapping[str, float] | None = None
) -> list[tuple[str, str | None]]:
    """What is found in a paragraph of a page that was read in the wrong language."""
    sure = doubtful or {}
    words = [Word(t, t, 0, 1, confidence=sure.get(t, 1.0)) for t in sentence.split()]
    page = Page(number=1, text_origin="text", raw_text="", words=tuple(words), damage=damage)
    span = Span(1, 0, len(words))
    section = Section(
        section_id="s", parent_id=None, ordinal=0, kind="section", label=None, path="", title="",
        text="", paragraphs=((span,),), page_from=1, page_to=1,
    )  # fmt: skip
    found = candidates(Paragraph(section, [span], {1: page}), vocabulary(Settings().tables))
    return [(f"{c.value.normalize():f}", c.unit) for c in found]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Toàn huyện có 3 86 hộ trồng na.", [("386", "hộ")]),
        ("Giá thép tăng 1 2,5% trong năm.", [("12.5", "%")]),
        ("Nợ đọng là 48 7,3 tỷ đồng.", [("487300000000", "VND")]),
        ("Cấp bù 16 8.420 triệu đồng.", [("168420000000", "VND")]),
        ("Thu hồi 2 17.450 m2 đất.", [("217450", "m2")]),
        ("Thu phí được 6.8 12 triệu đồng.", [("6812000000", "VND")]),
        ("Chuyển 11. 824 văn bản qua mạng.", [("11824", "văn bản")]),
        ("Rà soát tại 05 phòng và tồn đọng 6 05 đơn vị.", [("5", "phòng"), ("5", "đơn vị")]),
        ("Bệnh đã xảy ra 6 9.327 hộ.", [("9327", "hộ")]),
        ("Thiệt hại về nhà 6 31,9 tỷ đồng.", [("31900000000", "VND")]),
        ("Tỷ lệ đúng hạn 14 79,6% số hồ sơ.", [("79.6", "%")]),
        ("Nguồn hợp pháp khác 250.000.000 dòng.", [("250000000", "VND")]),
        ("Nhà nước ở cả 3 cặp: tỉnh, huyện, xã.", []),
        ("CPĐT 12 cung cấp khả năng truy cập.", []),
        ("Mức phạt là 47.500.000d.", [("47500000", "VND")]),
        ("Tất cả 12 đồng góp của nhân dân.", []),
        ("31 27 14 Gồm cả máy 2 Phòng Tài chính 11 10 6", []),
        ("Làm moi 12 km đường.", [("12", "km")]),
        ("Huyện góp 286.500:000 đồng, đạt 72,6 °/o.", [("286500000", "VND"), ("72.6", "%")]),
        ("Hạ tầng xếp vị trí thứ? 22, tăng bậc.", [("22", None)]),
        ("Vốn đăng ký 2.014 tỷ 3 00 triệu đồng.", [("2014300000000", "VND")]),
        ("Ốc bươu vàng từ 300 còn/m2 trở lên.", [("300", "con/m2")]),
        ("Đã phát 4.100 tỷ gặp xuống thôn.", [("4100", "tỷ gặp")]),
        (
            "Có 64 hồ sơ: đúng hạn 51, trễ hạn 13.",
            [("64", "hồ sơ"), ("51", "hồ sơ"), ("13", "hồ sơ")],
        ),
        ("Các chợ: Sơn Động (12), Lục Nam (21) trong 33 chợ.", [("33", "chợ")]),
        ("Có 33 chợ: Sơn Động (12), Lục Nam (21).", [("33", "chợ"), ("12", "chợ"), ("21", "chợ")]),
    ],
)
def test_pages_read_in_the_wrong_language(sentence: str, expected: list[object]) -> None:
    assert damaged(sentence) == expected


@pytest.mark.parametrize(
    ("confidence", "around", "is_word"),
    [
        (0.2, "", True),
        (0.5, "", False),
        (0.5, "Giao 03 xã, 04 thôn và 07 ấp.", True),
        (0.9, "", False),
    ],
)
def test_a_6_that_is_likelier_a_word_is_no_figure(
    confidence: float, around: str, is_word: bool
) -> None:
    """`ở` is read as 6; where a page writes 03 and 04, a bare 6 that repair doubts is none."""
    sentence = f"Lớp học mở 6 khu phố xa. {around}"
    found = damaged(sentence, doubtful={"6": confidence})
    assert (("6", "khu phố") not in found) == is_word


def test_a_6_that_may_be_a_word_is_no_half_of_a_number() -> None:
    seen = "Bệnh xảy ra 6 14 hộ."
    assert damaged(seen, doubtful={"6": 0.8}) == [("14", "hộ")]
    assert damaged(seen) == [("614", "hộ")]


def test_a_share_that_ocr_cut_is_joined_before_its_whole() -> None:
    assert damaged("Hoàn thành 1 4/25 chỉ tiêu.", "dropped") == [("14", "chỉ tiêu")]
    assert damaged("Thu trong chín tháng 1 14,2 tỷ đồng.", "dropped") == [("114200000000", "VND")]


def test_a_reader_that_drops_letters_makes_no_digits_of_words() -> None:
    sentence = "Thiệt hại về nhà 1 12,5 tỷ đồng."
    assert damaged(sentence, "dropped") == [("112500000000", "VND")]
    assert damaged(sentence, "stripped") == [("12500000000", "VND")]


def test_digits_are_not_joined_on_a_good_page() -> None:
    assert damaged("Toàn huyện có 3 86 hộ.", "clean") == [("86", "hộ")]
