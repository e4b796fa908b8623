from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.structure.numbering import BULLET, FAMILIES, LETTERS, readings


def values(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for label in readings(text, text):
        found.setdefault(label.family.name, []).append(label.family.written(label.value))
    return found


@pytest.mark.parametrize(
    ("line", "family", "written"),
    [
        ("I. KẾT QUẢ", "I.", "I"),
        ("IV. Kiến nghị", "I.", "IV"),
        ("111. ĐỀ XUẤT", "I.", "III"),
        ("I1. Tình hình", "I.", "II"),
        ("lV. Giải pháp", "I.", "IV"),
        ("Im. PHÒNG DỊCH", "I.", "III"),
        ("Vv. KẾT LUẬN", "I.", "V"),
        ("A. Quyết định", "A.", "A"),
        ("Đ. Phần năm", "A.", "Đ"),
        ("4. Ứng dụng", "1.", "4"),
        ("6 Hạ tầng kỹ thuật", "1.", "6"),
        ("l. Mở đầu", "1.", "1"),
        ("4.1 Ứng dụng", "1.1", "4.1"),
        ("9.2. Kế hoạch", "1.1", "9.2"),
        ("1.2.3. Chi tiết", "1.1", "1.2.3"),
        ("3.1. 04 tổ chưa họp", "1.1", "3.1"),
        ("3.1. 14 tổ chưa họp", "1.1", "3.1"),
        ("3.2- Trên địa bàn", "1.1", "3.2"),
        ("3.2/ Trên địa bàn", "1.1", "3.2"),
        ("IIIHẠ TẦNG KỸ THUẬT", "I.", "III"),
        ("2í Phấn đấu", "1.", "2"),  # a slash
        ("a) Công tác", "a)", "a"),
        ("b. Triển khai", "a)", "b"),
        ("C. Một trăm", "a)", "c"),
        ("đ) Thực hiện", "a)", "đ"),
        ("(2) Ý thứ hai", "(1)", "2"),
        ("Điều 5. Hiệu lực", "Điều", "Đ5"),
        ("v. CHỈ TIÊU", "I.", "V"),
        ("piéu 1. Phân bổ kinh phí", "Điều", "Đ1"),
    ],
)
def test_a_label_is_read(line: str, family: str, written: str) -> None:
    assert written in values(line).get(family, [])


@pytest.mark.parametrize(
    "line",
    [
        "2020. Năm nay",
        "1.995 dịch vụ công",
        "4.652.000.000 đồng",
        "0.01 điểm",
        "60 máy tính",
        "theo Điều 28 của Luật",
        "Điều này cho thấy",
        "điều 5. của Luật này",
        "100% cán bộ",
        "Trong năm 2020",
    ],
)
def test_a_figure_or_a_sentence_is_no_label(line: str) -> None:
    assert values(line) == {}


def test_a_d_that_lost_its_bar_may_be_both() -> None:
    assert values("d) Công tác")["a)"] == ["d", "đ"]


@given(st.sampled_from(FAMILIES), st.integers(1, 12))
def test_predecessor_undoes_successor(family: object, n: int) -> None:
    assert family.predecessor(family.successor((n,))) == (n,)  # type: ignore[attr-defined]
    assert family.skipped((n,), family.successor((n,))) == 0  # type: ignore[attr-defined]
    assert family.skipped((n,), (n,)) is None  # type: ignore[attr-defined]


@given(st.integers(1, len(LETTERS)))
def test_letters_come_back(n: int) -> None:
    letter = LETTERS[n - 1]
    assert letter in values(f"{letter}) Nội dung")["a)"]


@given(st.text(max_size=40))
def test_no_text_makes_a_family_raise(text: str) -> None:
    for label in readings(text, text):
        assert 0 < label.length <= len(text)
        assert label.family.written(label.value)


@pytest.mark.parametrize("line", ["- Một", "+100% các", "* Nguyên nhân:", "• Hai"])
def test_bullets(line: str) -> None:
    assert BULLET.match(line)


@pytest.mark.parametrize("line", ["-5 độ", "Một - hai"])
def test_no_bullets(line: str) -> None:
    assert BULLET.match("-") is None
    assert line[0] == "-" or BULLET.match(line) is None


@pytest.mark.parametrize(
    ("line", "family", "written"),
    [
        ("Chương II", "Chương", "2"),
        ("Phần thứ nhất", "Phần", "1"),
        ("PHẦN THỨ BA: NHIỆM VỤ", "Phần", "3"),
        ("Mục 3", "Mục", "3"),
        ("CHƯƠNG I. QUY ĐỊNH CHUNG", "Chương", "1"),
        ("Tiểu mục 2. Thu ngân sách", "Tiểu mục", "2"),
    ],
)
def test_divisions(line: str, family: str, written: str) -> None:
    assert values(line)[family] == [written]
    assert family not in values(re.split(r"[.:]", line)[0] + " của Luật này quy định")


@pytest.mark.parametrize(
    ("line", "family", "written"),
    [
        ("Một là, nâng cao nhận thức", "Một là", "1"),
        ("Ba là: hoàn thiện thể chế", "Một là", "3"),
        ("Thứ tư, bố trí đủ kinh phí", "Thứ nhất", "4"),
    ],
)
def test_points_counted_in_words(line: str, family: str, written: str) -> None:
    assert values(line)[family] == [written]


@pytest.mark.parametrize(
    ("line", "family", "written"),
    [
        ("IL. Kết quả", "I.", "II"),
        ("H. KẾT QUẢ", "I.", "II"),
        ("M. ĐÁNH GIÁ", "I.", "III"),
        ("VIL. Kiến nghị", "I.", "VII"),
        ("1. KẾT LUẬN", "I.", "III"),
        ("I- KẾT QUẢ", "I.", "I"),
        ("2- Nội dung", "1.", "2"),
        ("3/ Nội dung", "1.", "3"),
        ("ó. Nội dung", "1.", "6"),
        ("Tt. Nội dung", "1.", "1"),
        ("7. Nội dung", "1.", "1"),
        ("1.l. Nội dung", "1.1", "1.1"),
        ("2,1. Nội dung", "1.1", "2.1"),
        ("- 2.2. Bảo trì đường", "1.1", "2.2"),
        (". 4.2. 12 dự án chậm", "1.1", "4.2"),
        ("-6.2. Hoàn thành", "1.1", "6.2"),
        ("a/ Nội dung", "a)", "a"),
        ("ð) Nội dung", "a)", "đ"),
        ("Ð. NỘI DUNG", "A.", "Đ"),
    ],
)
def test_a_bent_label_is_read(line: str, family: str, written: str) -> None:
    assert written in values(line).get(family, [])


@pytest.mark.parametrize("line", ["- 2.2 km đường", "- 2.200 hộ dân", "- 3,5. Diện tích"])
def test_a_bullet_before_a_number_is_no_speck_before_a_label(line: str) -> None:
    assert "1.1" not in values(line)


@pytest.mark.parametrize("line", ["12/NQ-HĐND ngày 3", "V/v tăng cường", "1-2 người", "I/2020"])
def test_a_slash_or_dash_inside_a_word_ends_no_label(line: str) -> None:
    assert values(line) == {}


def test_the_label_ends_with_its_sign() -> None:
    (label,) = [
        x for x in readings("2.1- Công tác chỉ đạo", "2.1- Công tác chỉ đạo") if x.cost == 0
    ]
    assert label.printed == "2.1-"


@pytest.mark.parametrize("line", ["o Thu ngân sách", "➢ Cấp xã", "\uf0b7 Cấp huyện", "◦ máy"])
def test_signs_of_word_processors_are_bullets(line: str) -> None:
    assert BULLET.match(line)


@pytest.mark.parametrize("line", ["oan uổng", "o", "ông Nam"])
def test_words_are_no_bullets(line: str) -> None:
    assert not BULLET.match(line)
