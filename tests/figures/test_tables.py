"""Figures of tables."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.figures.support import brief, figures_in


def test_table_figures(tmp_path: Path) -> None:
    table = "TT\tNội dung\tKinh phí (triệu đồng)\tTỷ lệ (%)\n1\tĐào tạo\t1.500\t75\n2\t9\t9\t9\n"
    figures = figures_in(table, tmp_path)
    assert [brief(f) for f in figures] == [("money", "1500000000", "VND"), ("percent", "75", "%")]
    assert [f.subject for f in figures] == ["Đào tạo", "Đào tạo"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "TT\tXã\tSố thôn có loa\tTổng điểm\tXếp hạng\n1\tĐạ M\t41/53\t76,5\t9\n2\tĐạ K\t9/9\t91\t2\n",
            [
                ("ratio", "41/53", "thôn"),
                ("score", "76.5", "điểm"),
                ("rank", "9", None),
                ("ratio", "9/9", "thôn"),
                ("score", "91", "điểm"),
                ("rank", "2", None),
            ],
        ),
        (
            "TT\tLĩnh vực\tTăng trưởng (%)\tTăng, giảm\n1\tThủy sản\t-1,8\t-4\n2\tXây dựng\t6,3\t+2\n",
            [
                ("percent", "-1.8", "%"),
                ("change", "-4", None),
                ("percent", "6.3", "%"),
                ("change", "2", None),
            ],
        ),
        (
            "TT\tViệc\tNgày\tĐã làm\n1\tKý\t2/11\t85 chứng thư số\n2\tHọc\t5/12\tMở 04 lớp, 130 học viên\n",
            [
                ("count", "85", "chứng thư số"),
                ("count", "4", "lớp"),
                ("count", "130", "học viên"),
            ],
        ),
        (
            (
                "TT\tViệc\tĐVT\tTháng 3\tSo sánh\n1\tHòa giải\tca\t52\tTăng 8,3%\n"
                "2\tĐối thoại\tbuổi\t7\tGiảm 2\n3\tXét xử\tvụ\t4\tLoại 2\n"
            ),
            [
                ("count", "52", "ca"),
                ("percent", "8.3", "%"),
                ("count", "7", "buổi"),
                ("count", "2", "buổi"),
                ("count", "4", "vụ"),
            ],
        ),
        (
            "TT\tViệc\tTháng 3\tSo tháng trước\n1\tHòa giải\t52\tGiảm 4\n2\tĐối thoại\t7\tĐạt 9\n",
            [
                ("count", "52", None),
                ("change", "4", None),
                ("count", "7", None),
                ("count", "9", None),
            ],
        ),
    ],
)
def test_what_a_cell_tells(table: str, expected: list[object], tmp_path: Path) -> None:
    figures = figures_in(f"I. KẾT QUẢ\n\nKết quả cụ thể:\n\n{table}", tmp_path)
    assert [brief(f) for f in figures] == expected
    assert all(f.table_id for f in figures)


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("Đơn vị tính: 1.000 đồng", "2.350", ("money", "2350000", "VND")),
        ("ĐVT: 1000đ", "2.350", ("money", "2350000", "VND")),
        ("Đơn vị tính: 1. 000 đồng", "2.350", ("money", "2350000", "VND")),
        ("ĐVT: triệu", "12,5", ("money", "12500000", "VND")),
        ("ĐVT: nghìn tỷ đồng", "12,5", ("money", "12500000000000", "VND")),
        ("Đơn vị tính: nghìn tỷ", "12,5", ("money", "12500000000000", "VND")),
        ("(1.000 đ)", "2.350", ("money", "2350000", "VND")),
        ("Đơn vị tính: ngàn đồng", "2.350", ("money", "2350000", "VND")),
        ("Đơn vị tính: 1.000.000 đồng", "12,5", ("money", "12500000", "VND")),
        ("ĐVT: Tr.đ", "12,5", ("money", "12500000", "VND")),
        ("ĐVT: trđ", "12,5", ("money", "12500000", "VND")),
        ("Đơn vị tính: triệu đ", "12,5", ("money", "12500000", "VND")),
        ("Don vi tinh: 1.000 dong", "2.350", ("money", "2350000", "VND")),
        ("Đơn vị: 1.000 tấn", "4,2", ("quantity", "4200", "tấn")),
        ("Đơn vị: 1.000 ha", "4,2", ("quantity", "4200", "ha")),
        ("Đơn vị: 1.000 người", "4,2", ("count", "4200", "người")),
        ("Đơn vị: 1.000 USD", "4,2", ("money", "4200", "USD")),
    ],
)
def test_thousands_of_a_unit_multiply_the_cells(
    unit: str, value: str, expected: object, tmp_path: Path
) -> None:
    above = (
        f"I. KẾT QUẢ\n\nSố liệu như sau:\n\n{unit}\nTT\tKhoản mục\tNăm trước\n1\tBán vé\t{value}\n"
    )
    assert [brief(f) for f in figures_in(above, tmp_path)] == [expected]
    bare = unit.partition(": ")[2] or unit.strip("()")
    for heading in (f"Năm trước ({bare})", f"Năm trước (ĐVT: {bare})"):
        table = f"TT\tKhoản mục\t{heading}\n1\tBán vé\t{value}\n"
        assert [brief(f) for f in figures_in(table, tmp_path)] == [expected], heading
    table = f"TT\tKhoản mục\tĐVT\tNăm trước\n1\tBán vé\t{bare}\t{value}\n"
    assert [brief(f) for f in figures_in(table, tmp_path)] == [expected]


@pytest.mark.parametrize(
    ("headings", "caption", "units"),
    [
        ("Số ca (ca) Số người mắc (người)\tSố người mắc (người) (4)", "", ["người", "người"]),
        ("Số hộ vay\tDư nợ", "Đơn vị tính: triệu đồng", ["hộ", "VND"]),
        ("Năm 2019 Năm 2020 Hội viên\tNăm 2020 Tổ viên", "", ["hội viên", "tổ viên"]),
        ("Doanh thu\tTỷ lệ", "Đơn vị tính: triệu đồng", ["VND", "%"]),
        ("TH/KH\tTỷ trọng", "Đơn vị tính: 1.000đ", ["%", "%"]),
        ("Xây lắp\tThiết bị (máy)", "Đơn vị tính: %", ["%", "máy"]),
        ("Hội viên\tKế hoạch", "", ["hội viên", None]),
        ("Trường\tNhu cầu", "Đơn vị tính: triệu đồng", ["VND", "VND"]),
        ("Vốn (triệu Tỷ lệ đông)\tNhu cầu", "", ["VND", None]),
    ],
)
def test_a_cell_takes_its_unit_from_its_own_column(
    headings: str, caption: str, units: list[str | None], tmp_path: Path
) -> None:
    table = f"{caption}\nTT\tTên\t{headings}\n1\tMột nơi\t14\t25\n2\tNơi khác\t3\t6\n"
    figures = figures_in(f"I. KẾT QUẢ\n\nSố liệu như sau:\n\n{table}", tmp_path)
    assert [f.unit for f in figures] == [*units, *units]


WORDS = [
    *(
        "Số",
        "Tỷ",
        "lệ",
        "(%)",
        "(triệu",
        "triệu",
        "nghìn",
        "tỷ",
        "đồng)",
        "đồng",
        "(hộ)",
        "hộ",
        "/",
    ),
    *("lượt", "khách", "Tổng", "điểm", "Xếp", "hạng", "2019", "So", "với", "(ĐVT:", "1.000", "ha"),
]
CELLS = [
    "1.250",
    "12,5",
    "-3",
    "14/20",
    "Tăng 5,4%",
    "05 lớp",
    "",
    "-",
    "3 nghìn tỷ",
    "85 triệu tỷ lệ",
]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_headings_and_units_come_together(data: st.DataObject) -> None:
    """Names of columns that a dump or OCR ran together make no figure of an unknown kind, and no error."""
    names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
    rows = [["TT", "Tên", *data.draw(st.lists(names, min_size=2, max_size=3))]]
    cells = st.lists(st.sampled_from(CELLS), min_size=len(rows[0]) - 2, max_size=len(rows[0]) - 2)
    rows += [[str(n), data.draw(names), *data.draw(cells)] for n in (1, 2)]
    table = "\n".join("\t".join(row) for row in rows)
    with TemporaryDirectory() as folder:
        figures = figures_in(
            f"I. KẾT QUẢ\n\nSố liệu như sau:\n\n{data.draw(names)}\n{table}\n", Path(folder)
        )
    assert all(figure.sentence for figure in figures)


def test_where_rows_have_units_no_heading_is_one(tmp_path: Path) -> None:
    table = "TT\tTên\tĐVT\tTrường\tHộ\n1\tMáy in\tcái\t4\t5\n2\tGiấy\t\t6\t7\n"
    figures = figures_in(f"I. KẾT QUẢ\n\nSố liệu như sau:\n\n{table}", tmp_path)
    assert [f.unit for f in figures] == ["cái", "cái", None, None]


def test_a_heading_below_one_that_is_shared_is_what_is_counted(tmp_path: Path) -> None:
    shared = "\t\tQuý I\t\tQuý II\nTT\tTên\n\t\t{0}\t{1}\t{0}\t{1}\n1\tMột nơi\t8\t17\t11\t23\n"
    above = "I. KẾT QUẢ\n\nSố liệu như sau:\n\n"
    figures = figures_in(above + shared.format("Chi đoàn", "Đoàn viên"), tmp_path)
    assert [f.unit for f in figures] == ["chi đoàn", "đoàn viên"] * 2
    figures = figures_in(above + shared.format("Thành phố", "Thị xã"), tmp_path)
    assert [f.unit for f in figures] == [None] * 4  # levels


def test_a_row_without_numbers_names_the_rows_below(tmp_path: Path) -> None:
    table = (
        "TT\tThiết bị\tNăm 2019\tNăm 2020\nI\tCấp huyện\t\t\n1\tMáy in\t40\t44\n"
        "II\tCấp xã\t\t\n1\tMáy in\t17\t19\n"
    )
    figures = figures_in(table, tmp_path)
    assert [(f.subject, f.level, int(f.value)) for f in figures] == [
        ("Máy in (Cấp huyện)", "huyện", 40),
        ("Máy in (Cấp huyện)", "huyện", 44),
        ("Máy in (Cấp xã)", "xã", 17),
        ("Máy in (Cấp xã)", "xã", 19),
    ]
    assert [f.period_from and f.period_from.year for f in figures] == [2019, 2020, 2019, 2020]


def test_rows_of_a_table_of_years_are_called_after_them(tmp_path: Path) -> None:
    table = "Năm\tSố dự án\tLao động (người)\n2018\t45\t2.345\n2019\t52\t2.890\n"
    figures = figures_in(table, tmp_path)
    assert [brief(f) for f in figures] == [
        ("count", "45", "dự án"), ("count", "2345", "người"),
        ("count", "52", "dự án"), ("count", "2890", "người"),
    ]  # fmt: skip
    assert [f.subject for f in figures] == ["2018", "2018", "2019", "2019"]


def test_columns_of_years_and_levels_hold_no_figures(tmp_path: Path) -> None:
    table = (
        "TT\tCông trình\tNăm xây dựng\tMức độ\tNam\tNữ\n"
        "1\tTrạm bơm\t2015\t3\t12\t15\n2\tNhà máy\t2018\t4\t9\t8\n"
    )
    assert [f.value for f in figures_in(table, tmp_path)] == [12, 15, 9, 8]


def test_a_total_at_the_end_is_of_all_groups(tmp_path: Path) -> None:
    text = (
        "TT\tĐơn vị\tMáy in (chiếc)\nI\tKhối huyện\n1\tVăn phòng\t14\n2\tPhòng Nội vụ\t6\n"
        "II\tKhối xã\n1\tXã Vân Thủy\t9\n2\tXã Bằng Mạc\t5\n\tTổng cộng\t34\n"
    )
    subjects = [figure.subject for figure in figures_in(text, tmp_path)]
    assert subjects[-2:] == ["Xã Bằng Mạc (Khối xã)", "Tổng cộng"]


def test_a_column_that_is_the_share_of_two_others_holds_percents(tmp_path: Path) -> None:
    table = (
        "TT\tĐơn vị\tChỉ tiêu\tKết quả\tGhi nhận\n1\tEa Lai\t7.500\t8.214\t109,5\n"
        "2\tEa Sô\t1.800\t1.236\t68,7\n3\tCư Prao\t900\t948\t105,3\n"
    )
    kinds = [f.kind for f in figures_in(table, tmp_path)]
    assert kinds == ["count", "count", "percent"] * 3


def test_large_numbers_under_a_caption_of_dong_are_amounts(tmp_path: Path) -> None:
    table = (
        "Đơn vị tính: đồng\nTT\tNội dung\tSố kiến nghị\tSố đơn vị\n1\tThu thuế\t9.317.204.000\t12\n"
        "2\tGiảm chi\t3.842.560.000\t7\n"
    )
    units = [f.unit for f in figures_in(f"I. KẾT QUẢ\n\n1. Số liệu\n\n{table}", tmp_path)]
    assert units == ["VND", "đơn vị"] * 2
