"""What stands around a figure: when, for which level, an aim or a result, whose it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from baocao_etl.models import Figure
from tests.figures.support import figures_in


def test_context_of_a_figure(tmp_path: Path) -> None:
    text = "I. KẾT QUẢ\n\n1. Hồ sơ\n\nNăm 2018, các cơ quan cấp tỉnh tiếp nhận hơn 610 hồ sơ.\n"
    (figure,) = figures_in(text, tmp_path)
    assert figure.section_path == "I.1"
    assert (figure.qualifier, figure.level) == ("more_than", "tỉnh")
    assert figure.period_from
    assert (figure.period_from.year, figure.period_from.month) == (2018, 1)
    assert figure.sentence == "Năm 2018, các cơ quan cấp tỉnh tiếp nhận hơn 610 hồ sơ."
    assert figure.line == 5
    assert not figure.is_target


def test_an_aim_is_told_from_a_result(tmp_path: Path) -> None:
    (figure,) = figures_in("Phấn đấu đạt 70% hồ sơ trực tuyến.", tmp_path)
    assert figure.is_target


def test_targeted_transfers_are_no_aims(tmp_path: Path) -> None:
    text = "Bổ sung có mục tiêu cho ngân sách huyện 12 tỷ đồng từ chương trình mục tiêu quốc gia."
    (figure,) = figures_in(text, tmp_path)
    assert not figure.is_target


def test_tasks_of_the_next_quarter_are_aims(tmp_path: Path) -> None:
    text = "II. NHIỆM VỤ QUÝ IV\n1. Đưa tỷ lệ hồ sơ trực tuyến lên 90%."
    assert in_report(text, tmp_path)["90"].is_target


HEAD = (
    "UBND HUYỆN ĐÔNG SƠN\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    "Số: 123/BC-UBND\nĐông Sơn, ngày 15 tháng 11 năm 2020\nBÁO CÁO\n"
    "Kết quả cải cách hành chính 10 tháng đầu năm 2020\n\n"
)


def in_report(body: str, folder: Path) -> dict[str, Figure]:
    """The figures of a report of 2020 with this body, by their value."""
    found = figures_in(f"{HEAD}I. KẾT QUẢ\n1. Tình hình chung\n{body}\n", folder)
    return {f"{f.value.normalize():f}": f for f in found}


@pytest.mark.parametrize(
    ("sentence", "value", "begin", "end"),
    [
        ("Tiếp nhận 300 hồ sơ.", "300", "2020-01-01", "2020-10-31"),
        ("Từ 01/1/2020 đến 28/9/2020 tiếp nhận 300 hồ sơ.", "300", "2020-01-01", "2020-09-28"),
        ("Tính đến ngày 15/11/2020 có 300 hồ sơ.", "300", "2020-01-01", "2020-11-15"),
        ("Quý II/2020 có 300 hồ sơ.", "300", "2020-04-01", "2020-06-30"),
        ("6 tháng đầu năm có 300 hồ sơ.", "300", "2020-01-01", "2020-06-30"),
        ("Tháng 5/2020 có 300 hồ sơ.", "300", "2020-05-01", "2020-05-31"),
        ("Giai đoạn 2016-2020 có 300 hồ sơ.", "300", "2016-01-01", "2020-12-31"),
        ("Năm học 2019-2020 có 300 học sinh.", "300", "2019-09-01", "2020-08-31"),
        ("Năm 2019 có 200 hồ sơ, năm 2020 có 300 hồ sơ.", "200", "2019-01-01", "2019-12-31"),
        ("Có 300 hồ sơ, tăng 15% so với năm 2019 (261 hồ sơ).", "15", "2020-01-01", "2020-10-31"),
        ("Có 300 hồ sơ, tăng 15% so với năm 2019 (261 hồ sơ).", "261", "2019-01-01", "2019-12-31"),
        ("Đạt 46,5% (năm 2018: 61,4%).", "46.5", "2020-01-01", "2020-10-31"),
        ("Đạt 46,5% (năm 2018: 61,4%).", "61.4", "2018-01-01", "2018-12-31"),
        (
            "Theo Luật Công nghệ thông tin năm 2006 có 300 đơn vị.",
            "300",
            "2020-01-01",
            "2020-10-31",
        ),
        ("Năm 2019 tăng từ 33 điểm của năm 2018 lên 41 điểm.", "33", "2018-01-01", "2018-12-31"),
        ("Năm 2019 tăng từ 33 điểm của năm 2018 lên 41 điểm.", "41", "2019-01-01", "2019-12-31"),
        ("Năm 2019, bộ đạt 46% (năm 2016: 61%), tỉnh đạt 11%.", "11", "2019-01-01", "2019-12-31"),
        ("Tuyên truyền pháp luật năm 2019 cho 300 người.", "300", "2019-01-01", "2019-12-31"),
        ("Quý III có 300 hồ sơ.", "300", "2020-07-01", "2020-09-30"),
        ("Có 300 máy, trong đó 40 máy mua trước năm 2013.", "300", "2020-01-01", "2020-10-31"),
        ("II. NHIỆM VỤ NĂM 2021\n1. Số hóa 300 hồ sơ.", "300", "2021-01-01", "2021-12-31"),
    ],
)
def test_when(sentence: str, value: str, begin: str, end: str, tmp_path: Path) -> None:
    figure = in_report(sentence, tmp_path)[value]
    assert (str(figure.period_from), str(figure.period_to)) == (begin, end)


@pytest.mark.parametrize(
    ("sentence", "value", "level"),
    [
        ("Đạt 98% ở cấp huyện, 91% ở cấp xã.", "98", "huyện"),
        ("Cấp huyện là 98% và cấp xã 91%.", "91", "xã"),
        ("Tại 20/27 UBND cấp huyện và 31/63 UBND cấp xã.", "20", "huyện"),
        ("100% cơ quan cấp tỉnh, cấp huyện và cấp xã có mạng.", "100", None),
        ("Cả nước có 63 tỉnh, thành phố.", "63", "quốc gia"),
        ("Có 100% cán bộ, công chức cấp huyện và 92% cán bộ, công chức cấp xã.", "92", "xã"),
        ("Cấp tỉnh có 610 DVC mức độ 3; 7 DVC mức độ 4.", "7", "tỉnh"),
        ("Cấp xã đạt 64%; 19 tổ dân phố có mạng.", "19", None),
    ],
)
def test_for_which_level(sentence: str, value: str, level: str | None, tmp_path: Path) -> None:
    assert in_report(sentence, tmp_path)[value].level == level


@pytest.mark.parametrize(
    ("sentence", "value", "aim"),
    [
        ("Mục tiêu đến năm 2025 có 80% hồ sơ trực tuyến.", "80", True),
        ("Dự kiến tiếp nhận 500 hồ sơ.", "500", True),
        ("Kế hoạch giao 500 hồ sơ, đã thực hiện 450 hồ sơ.", "500", True),
        ("Kế hoạch giao 500 hồ sơ, đã thực hiện 450 hồ sơ.", "450", False),
        ("Đạt 57,5%, thấp hơn chỉ tiêu 70%.", "57.5", False),
        ("Đạt 57,5%, thấp hơn chỉ tiêu 70%.", "70", True),
        ("Vượt chỉ tiêu 5 đơn vị.", "5", False),
        ("Đến năm 2019 đã có 12 xã.", "12", False),
        ("II. PHƯƠNG HƯỚNG NĂM 2021\n1. Số hóa 90% hồ sơ.", "90", True),
        ("II. PHƯƠNG HƯỚNG NĂM 2021\n1. Hiện có 12 lớp.", "12", False),
        ("II. KẾT QUẢ THỰC HIỆN MỤC TIÊU\n1. Số hóa 90% hồ sơ.", "90", False),
    ],
)
def test_aim_or_result(sentence: str, value: str, aim: bool, tmp_path: Path) -> None:
    assert in_report(sentence, tmp_path)[value].is_target is aim


@pytest.mark.parametrize(
    ("sentence", "value", "whom"),
    [
        ("Theo thống kê của Bộ Y tế năm 2019, toàn vùng có 320 ca.", "320", "Bộ Y tế"),
        ("Theo Sở Thông tin và Truyền thông, 20 xã có mạng.", "20", "Sở Thông tin và Truyền thông"),
        ("VCCI công bố chỉ số của tỉnh đạt 65,4 điểm.", "65.4", "VCCI"),
        ("Tỷ lệ nghèo 5,2%, bình quân cả nước là 3,1%.", "3.1", "cả nước"),
        ("Tỷ lệ nghèo 5,2%, bình quân cả nước là 3,1%.", "5.2", None),
        ("Chỉ số xếp thứ 12 cả nước, đạt 42 điểm.", "42", None),
        ("Theo báo cáo của UBND huyện Đông Sơn, có 12 xã.", "12", None),
        ("Theo Quyết định số 7/QĐ-UBND, có 12 xã.", "12", None),
        ("Theo đánh giá của người dân, 95% hài lòng.", "95", None),
        ("Bộ phận một cửa thông báo 300 hồ sơ.", "300", None),
    ],
)
def test_whose_figure_it_is(sentence: str, value: str, whom: str | None, tmp_path: Path) -> None:
    assert in_report(sentence, tmp_path)[value].quoted_from == whom


def test_a_bare_former_value_takes_its_subject_from_the_clause_before(tmp_path: Path) -> None:
    figure = in_report("Các tỉnh, thành phố: 11,54% (năm 2018: 75,98%).", tmp_path)["75.98"]
    assert figure.subject
    assert "thành phố" in figure.subject
