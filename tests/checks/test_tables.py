"""Arithmetic of tables: totals, parts of rows, shares and growth told in a column."""

from __future__ import annotations

from pathlib import Path

from baocao_etl.checks import check
from tests.checks.support import extracted, told

TABLE = (
    "TT\tThiết bị\tCấp huyện\tCấp xã\tTổng số\n"
    "1\tMáy tính để bàn\t{desktop}\t274\t370\n"
    "2\tMáy tính xách tay\t31\t45\t76\n"
    "3\tMáy quét\t14\t18\t32\n"
    "\tTổng cộng\t141\t337\t478\n"
)


def test_totals_of_a_table(tmp_path: Path) -> None:
    held = told(TABLE.format(desktop=96), tmp_path, "holds")
    assert ("table_total", "96 + 31 + 14 = 141.") in held
    assert ("table_total", "370 + 76 + 32 = 478.") in held
    assert ("row_total", "31 + 45 = 76.") in held
    assert told(TABLE.format(desktop=96), tmp_path, "fails") == []


def test_a_misread_cell_fails_its_column_and_its_row(tmp_path: Path) -> None:
    failing = told(TABLE.format(desktop=98), tmp_path, "fails")
    assert {rule for rule, _ in failing} == {"table_total", "row_total"}
    assert all("98 may be a misread 96 (8 for 6)" in message for _, message in failing)


def test_a_cell_that_was_not_read_is_what_the_total_leaves(tmp_path: Path) -> None:
    text = TABLE.format(desktop="-")
    ((rule, message),) = told(text, tmp_path, "note")
    assert rule == "table_total"
    assert message.startswith("31 + 14 + 96 = 141: the cell of row 'Máy tính để bàn' was not read")
    assert told(text, tmp_path, "fails") == []


def test_a_remark_tells_the_step_between_two_columns(tmp_path: Path) -> None:
    text = (
        "TT\tCơ sở\tNăm 2019 (giường)\tNăm 2020 (giường)\tGhi chú\n"
        "1\tTrung tâm A\t190\t220\tTăng 30 giường\n"
        "2\tTrung tâm B\t150\t135\tGiảm 15 giường\n"
        "3\tTrung tâm C\t80\t84\tTăng 14 giường\n"
    )
    assert [m for r, m in told(text, tmp_path, "holds") if r == "row_change"] == [
        "190 + 30 = 220, as the row remarks.",
        "150 - 15 = 135, as the row remarks.",
    ]


PLAN = """TT\tChỉ tiêu\tKế hoạch (lượt)\tThực hiện (lượt)\tTỷ lệ (%)
1\tKhám ngoại trú\t20.000\t23.400\t117
2\tĐiều trị nội trú\t4.000\t3.880\t97
3\tSàng lọc sơ sinh\t1.200\t1.260\t105
4\tTiêm chủng mở rộng\t8.000\t7.320\t{last}"""


def test_a_percent_column_compares_two_others(tmp_path: Path) -> None:
    held = told(PLAN.format(last="91,5"), tmp_path, "holds")
    assert ("row_share", "23400 / 20000 is 117 %.") in held
    assert ("row_share", "7320 / 8000 is 91.5 %.") in held
    assert not told(PLAN.format(last="91,5"), tmp_path, "fails")  # 117 % of a plan is no slip


def test_a_percent_that_differs_from_its_columns_is_told(tmp_path: Path) -> None:
    ((rule, message),) = told(PLAN.format(last="915"), tmp_path, "fails")
    assert rule == "row_share"
    assert message.startswith("7320 / 8000 is 91.5 %, not 915; ")
    assert "915 may be a misread 91.5 (lost separator)" in message


def test_a_percent_column_may_be_a_growth(tmp_path: Path) -> None:
    text = """TT\tLoại\tNăm 2018 (hồ sơ)\tNăm 2019 (hồ sơ)\tTăng, giảm (%)
1\tHộ tịch\t1.600\t1.840\t15
2\tĐất đai\t2.500\t2.300\t8
3\tXây dựng\t400\t470\t17,5"""
    held = told(text, tmp_path, "holds")
    assert ("row_share", "From 1600 to 1840 is 15 %.") in held
    assert ("row_share", "From 400 to 470 is 17.5 %.") in held


SETTLED = """TT\tLĩnh vực\tTiếp nhận (hồ sơ)\tĐúng hạn (hồ sơ)\tQuá hạn (hồ sơ)\tTỷ lệ đúng hạn (%)
1\tHộ tịch\t1.240\t1.000\t150\t{first}
2\tĐất đai\t905\t700\t100\t87,5
3\tXây dựng\t310\t296\t0\t100
4\tKinh doanh\t420\t400\t0\t100"""


def test_a_percent_column_may_be_a_share_of_both(tmp_path: Path) -> None:
    held = told(SETTLED.format(first="87"), tmp_path, "holds")
    assert ("row_share", "700 / (700 + 100) is 87.5 %.") in held
    assert not told(SETTLED.format(first="87"), tmp_path, "fails")


def test_rows_of_100_percent_prove_no_formula(tmp_path: Path) -> None:
    # (received - overdue) / received is 100 % in two rows, and 87.9 in the first
    assert not told(SETTLED.format(first="87,9"), tmp_path, "fails")


def test_sub_rows_prove_each_other_where_their_row_lost_its_label(tmp_path: Path) -> None:
    text = (
        "TT\tDanh mục\tSố lượng\tHoạt động\n"
        "1\tMáy chủ\t2\t2\n2\t68\t68\t68\n2.1\tMáy tính để bàn\t42\t42\n"
        "2.2\tMáy tính xách tay\t26\t26\n"
    )
    assert ("sub_rows", "42 + 26 = 68 in row 2, which has lost its label.") in told(
        text, tmp_path, "holds"
    )


def test_findings_name_figures_of_the_document(tmp_path: Path) -> None:
    checked = check(extracted(TABLE.format(desktop=98), tmp_path))
    known = {figure.figure_id for figure in checked.figures}
    assert checked.findings
    assert all(set(found.figure_ids) <= known for found in checked.findings)
