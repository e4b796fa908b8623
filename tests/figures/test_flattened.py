"""Figures out of flattened tables: the unit from the heading, the label's end, or the caption."""

from __future__ import annotations

from pathlib import Path

import pytest

from baocao_etl.figures import extract
from baocao_etl.models import Figure
from baocao_etl.settings import Settings
from tests.pages import documents_of

HEAD = "BÁO CÁO\nKết quả năm 2021\n\nI. KẾT QUẢ\n\n1. Kết quả chung\n\n"
TAIL = "\n\n2. Tồn tại\n\nCòn 34 hồ sơ chưa giải quyết xong.\n"


def figures_in(table: str, folder: Path) -> list[Figure]:
    (document,) = documents_of(HEAD + table + TAIL, folder, Settings(repair=False))
    return [f for f in extract(document, Settings(repair=False)).figures if f.table_id]


def brief(figures: list[Figure]) -> list[tuple[str, str, str | None, str | None]]:
    return [(f.kind, f"{f.value.normalize():f}", f.unit, f.subject) for f in figures]


def test_units_that_stand_at_the_end_of_the_label(tmp_path: Path) -> None:
    found = figures_in(
        "TT Chỉ tiêu Đơn vị tính Kế hoạch năm 2021 Thực hiện\n"
        "1 | Tổng số bác sĩ bác sĩ 3.420 3.312\n"
        "2 | Số cơ sở được kiểm tra cơ sở 18.000 14.236\n"
        "3 | Tỷ lệ bao phủ BHYT % 95,15 93,6\n"
        "4 | Thu viện phí tỷ đồng 4.150 3.078,5\n",
        tmp_path,
    )
    assert brief(found) == [
        ("count", "3420", "bác sĩ", "Tổng số bác sĩ"),
        ("count", "3312", "bác sĩ", "Tổng số bác sĩ"),
        ("count", "18000", "cơ sở", "Số cơ sở được kiểm tra"),
        ("count", "14236", "cơ sở", "Số cơ sở được kiểm tra"),
        ("percent", "95.15", "%", "Tỷ lệ bao phủ BHYT"),
        ("percent", "93.6", "%", "Tỷ lệ bao phủ BHYT"),
        ("money", "4150000000000", "VND", "Thu viện phí"),
        ("money", "3078500000000", "VND", "Thu viện phí"),
    ]
    assert {f.section_path for f in found} == {"I.1"}


def test_a_rule_kept_beside_the_last_column_parts_no_numbers(tmp_path: Path) -> None:
    found = figures_in(
        "STT Nội dung ĐVT Quý I/2021 Quý I/2020 Đối chiếu\n"
        "1 | Đăng ký kết hôn trường hợp 214 198 | Tăng 8,1%\n"
        "2 | Chứng thực chữ ký hồ sơ 1.306 1.455 | Giảm 10,2%\n"
        "3 | Cải chính hộ tịch trường hợp 41 41 | Như trước\n",
        tmp_path,
    )
    assert brief(found) == [
        ("count", "214", "trường hợp", "Đăng ký kết hôn"),
        ("count", "198", "trường hợp", "Đăng ký kết hôn"),
        ("percent", "8.1", "%", "Đăng ký kết hôn"),
        ("count", "1306", "hồ sơ", "Chứng thực chữ ký"),
        ("count", "1455", "hồ sơ", "Chứng thực chữ ký"),
        ("percent", "10.2", "%", "Chứng thực chữ ký"),
        ("count", "41", "trường hợp", "Cải chính hộ tịch"),
        ("count", "41", "trường hợp", "Cải chính hộ tịch"),
    ]


def test_units_that_repair_bent_are_those_that_the_row_needs(tmp_path: Path) -> None:
    found = figures_in(
        "TT Chỉ tiêu Đơn vị tính Kế hoạch Thực hiện\n"
        "1 Diện tích ngô trồng mới hà 1.240 1.318,5\n"
        "2 Sản lượng ngô : nghin tân 6,1 6,4\n"
        "3 Đàn bò con 8.120 8.245\n",
        tmp_path,
    )
    assert brief(found)[::2] == [
        ("quantity", "1240", "ha", "Diện tích ngô trồng mới"),
        ("quantity", "6100", "tấn", "Sản lượng ngô"),
        ("count", "8120", "con", "Đàn bò"),
    ]


def test_a_column_that_stays_even_through_rows_of_several_units_is_of_percents(
    tmp_path: Path,
) -> None:
    """Its heading, "So với cùng kỳ (%)", was lost; the other columns have the units of their rows."""
    found = figures_in(
        "TT Sản phẩm ĐVT Tháng 5 Lũy kế Xzw\n"
        "1 Cá hộp tấn 3.120 15.240 104,1\n2 Gạch nung nghìn viên 88,4 402 97,3\n"
        "3 Nước mắm nghìn lít 640 3.105 108\n4 Điện triệu kWh 5,2 24,9 101,6\n",
        tmp_path,
    )
    kinds = [(f.kind, f"{f.value.normalize():f}", f.unit) for f in found]
    assert kinds[2::3] == [("percent", number, "%") for number in ("104.1", "97.3", "108", "101.6")]
    assert {kind for kind, _, _ in kinds[:2]} == {"quantity"}


def test_a_column_of_growth_under_a_caption_of_money_is_of_percents(tmp_path: Path) -> None:
    found = figures_in(
        "Đơn vị tính: Tỷ đồng\nTT Lĩnh vực 31/12/2019 30/9/2020 Xzw\n"
        "1 Nông nghiệp 2.400 2.525 5,2\n2 Xây dựng 800 856 7\n3 Dịch vụ 1.250 1.307 4,6\n",
        tmp_path,
    )
    assert brief(found)[2::3] == [
        ("percent", "5.2", "%", "Nông nghiệp"),
        ("percent", "7", "%", "Xây dựng"),
        ("percent", "4.6", "%", "Dịch vụ"),
    ]


def test_what_a_percent_was_taken_of_is_none(tmp_path: Path) -> None:
    """The plan is the outcome's share in the column of percents, too."""
    found = figures_in(
        "TT Chỉ tiêu Kế hoạch Thực hiện Tỷ lệ (%)\n1 Số lượt khám 250 235 94\n"
        "2 Số ca mổ 80 94 117,5\n3 Ngày nằm bình quân 6,4 5,6 87,5\n",
        tmp_path,
    )
    assert [f.kind for f in found] == ["count", "count", "percent"] * 3


def test_a_few_dong_prove_that_the_multiplier_of_the_caption_was_lost(tmp_path: Path) -> None:
    found = figures_in(
        "Đơn vị tính: đồng\nTT Nguồn Kế hoạch Giải ngân\nA Vốn tỉnh 26.840 18.316\n"
        "B Vốn huyện 143 96\nC Vốn xã 1.250 870\n",
        tmp_path,
    )
    assert found == []


def test_units_of_headings_and_captions(tmp_path: Path) -> None:
    found = figures_in(
        "Đơn vị tính: triệu đồng\nTT Nội dung Dự toán 2021 Số hộ (hộ) So sánh (°/o)\n"
        "A Thu nội địa 7.215 1.204 108,7\nI Thu khác 640 96 102\nII Chi khác 75 7 88\n",
        tmp_path,
    )
    assert brief(found)[:3] == [
        ("money", "7215000000", "VND", "Thu nội địa"),
        ("count", "1204", "hộ", "Thu nội địa"),
        ("percent", "108.7", "%", "Thu nội địa"),
    ]
    assert len(found) == 9


def test_columns_without_a_name_still_give_figures_of_the_row(tmp_path: Path) -> None:
    found = figures_in("Tố cáo 34 29 30\nKhiếu nại 120 98 87\nKiến nghị 456 502 488\n", tmp_path)
    assert [f"{f.value:f}" for f in found if f.subject == "Khiếu nại"] == ["120", "98", "87"]
    assert len(found) == 9


def test_a_unit_in_brackets_behind_the_title_is_that_of_the_table(tmp_path: Path) -> None:
    found = figures_in(
        "Số học viên qua các năm (người):\nĐơn vị 2019 2020 2021\n"
        "Sở Nội vụ 12 15 17\nSở Y tế 9 1.305 11\nSở Tài chính 4 5 6\n",
        tmp_path,
    )
    assert {f.unit for f in found} == {"người"}
    assert len(found) == 9


def test_amounts_that_lost_their_multiplier_are_no_figures(tmp_path: Path) -> None:
    table = (
        "ĐVT: đồng\nTT Nguồn vốn Kế hoạch Giải ngân\n"
        "1 Vốn trong nước 612,4 539\n2 Vốn ODA 683 312\n3 Vốn khác 36 29\n"
    )
    assert figures_in(table, tmp_path) == []
    found = figures_in(table.replace("ĐVT:", "ĐVT: tỷ"), tmp_path)
    assert [int(f.value) for f in found[:2]] == [612_400_000_000, 539_000_000_000]


def test_what_is_counted_is_told_by_the_heading_if_the_unit_is_bent(tmp_path: Path) -> None:
    found = figures_in(
        "TT Tên xã Số hộ di dời (h) Nhà sập (nhà)\n1 Tân Minh 164 15\n2 Yên Hòa 97 6\n3 Hòa An 92 7\n",
        tmp_path,
    )
    assert [f.unit for f in found] == ["hộ", "nhà"] * 3


def test_labels_that_end_in_a_percent_sign_have_taken_in_the_column_of_units(
    tmp_path: Path,
) -> None:
    found = figures_in(
        "TT Chỉ số đến Năm 2020 Năm 2021\n1 Tỷ lệ hộ dùng nước sạch % 88,4 91,2\n"
        "2 Số giếng khoan giếng 1.204 1.310\n3 Thu phí nước triệu đồng 2.150 2.480\n",
        tmp_path,
    )
    assert brief(found)[::2] == [
        ("percent", "88.4", "%", "Tỷ lệ hộ dùng nước sạch"),
        ("count", "1204", "giếng", "Số giếng khoan"),
        ("money", "2150000000", "VND", "Thu phí nước"),
    ]


def test_a_unit_in_brackets_is_known_though_its_marks_are_bent(tmp_path: Path) -> None:
    found = figures_in(
        "TT Xã Số vốn (triệu đóng) Nhà xây (nhá)\n1 Tân Minh 1.640 15\n2 Yên Hòa 970 6\n3 Hòa An 920 7\n",
        tmp_path,
    )
    assert brief(found)[:2] == [
        ("money", "1640000000", "VND", "Tân Minh"),
        ("count", "15", "nhà", "Tân Minh"),
    ]


def test_what_a_row_is_taken_per_belongs_to_its_unit(tmp_path: Path) -> None:
    found = figures_in(
        "TT Chỉ tiêu Đơn vị tính Kế hoạch Thực hiện\n1 Số dược sĩ dược sĩ/vạn dân 2,5 2,7\n"
        "2 Số nơi có phòng đọc xã/phường 124 131\n3 Số máy có mạng LAN/Internet 642 698\n"
        "4 Số giường giường/vẫn dân 31,5 32\n",
        tmp_path,
    )
    assert [f.kind for f in found[2::2]] == ["count", "count", "quantity"]
    assert brief(found)[4] == ("count", "642", None, "Số máy có mạng LAN/Internet")
    assert brief(found)[:2] == [
        ("quantity", "2.5", "dược sĩ/vạn dân", "Số dược sĩ"),
        ("quantity", "2.7", "dược sĩ/vạn dân", "Số dược sĩ"),
    ]


def test_an_even_column_whose_name_is_lost_is_no_money(tmp_path: Path) -> None:
    found = figures_in(
        "ĐVT: tỷ đồng\nKhu vực Tháng 7 Tháng 8\nTổng số 5.902,1 6.215,8 111,2\n"
        "Nhà nước 486,3 502,7 104,6\nTập thể 42,9 40,1 97,5\nTư nhân 2.310,4 2.388 108,9\n",
        tmp_path,
    )
    even = {"111.2", "104.6", "97.5", "108.9"}
    assert {f.kind for f in found if f"{f.value.normalize():f}" in even} == {"percent"}


@pytest.mark.parametrize(
    ("heading", "mark", "expected"),
    [("Xzw Qgh", ".000", "14500000"), ("Xzw Qgh nghìn", "", "14500000"), ("Xzw Qgh", "", None)],
)
def test_prices_are_told_by_their_products(
    tmp_path: Path, heading: str, mark: str, expected: str | None
) -> None:
    """OCR bent "Đơn giá" and "Thành tiền" beyond reading; small amounts need a multiplier."""
    found = figures_in(
        f"TT Tên thiết bị Số lượng {heading}\n1 Máy tính 4 14.500{mark} 58.000{mark}\n"
        f"2 Máy in 3 6.200{mark} 18.600{mark}\n3 Tủ đựng 1 3.100{mark} 3.100{mark}\n",
        tmp_path,
    )
    money = [f"{f.value.normalize():f}" for f in found if f.kind == "money"]
    assert money[:1] == ([expected] if expected else [])
    assert len(money) in (0, 6)
