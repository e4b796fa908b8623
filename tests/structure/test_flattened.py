"""Flattened tables: drawn at random and flattened as OCR does it, they come back; sentences do not."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Page, Word
from baocao_etl.structure.flat_headings import HeadingLine
from baocao_etl.structure.flat_rows import fitted, mended, read_row
from baocao_etl.structure.flattened import find_flattened
from baocao_etl.structure.grid import Grid
from baocao_etl.structure.heading_layout import Numbers, read_headings
from baocao_etl.structure.lines import Line, page_lines

NAMES = ("Kế hoạch", "Thực hiện", "Số hộ", "Kinh phí", "Ước cả năm", "Diện tích", "Dự toán")
LABELS = ("Thu nội địa", "Xã Tân Lập", "Chi thường xuyên", "Đường liên thôn", "Trường mầm non")
UNITS = ("(hộ)", "(%)", "(triệu đồng)")


def lines_of(text: str) -> list[Line]:
    words = []
    at = 0
    for number, line in enumerate(text.split("\n"), start=1):
        for token in line.split():
            offset = text.index(token, at)
            words.append(Word(token, token, offset, number))
            at = offset + len(token)
    page = Page(number=1, text_origin="text", raw_text=text, words=tuple(words))
    return page_lines(page)


def tables_of(text: str) -> list[Grid]:
    return find_flattened(lines_of(text), Dictionaries())


def texts_of(grid: Grid, row: int) -> list[str]:
    cells = {cell.column: cell.text for cell in grid.cells if cell.row == row}
    return [cells.get(column, "") for column in range(grid.columns)]


def body_of(grid: Grid) -> list[list[str]]:
    head = {cell.row for cell in grid.cells if cell.is_header}
    return [texts_of(grid, row) for row in range(grid.rows) if row not in head]


class Drawn(NamedTuple):
    """A table as it was printed: a heading, and rows of row number, label and numbers."""

    heading: list[str]
    rows: list[list[str]]

    def flattened(self, rng: random.Random) -> str:
        """The table as a dump prints it: single spaces, some rules left, some blank lines."""
        lines = [_run_together(self.heading, rng, ruled=0.3)]
        for row in self.rows:
            lines.append(_run_together([t or "-" if i > 1 else t for i, t in enumerate(row)], rng))
            lines += [""] * rng.choice((0, 0, 1))
        return "\n".join(lines)


def _run_together(cells: list[str], rng: random.Random, ruled: float = 0.0) -> str:
    text = cells[0]
    for i, cell in enumerate(cells[1:]):
        bar = " | " if rng.random() < (0.5 if i == 0 and not ruled else ruled) else " "
        text += bar + cell
    return text.strip(" |")


def _number(rng: random.Random, name: str) -> str:
    if name.endswith("(%)"):
        return f"{rng.randint(0, 180)}" + rng.choice(("", f",{rng.randint(1, 99)}"))
    value = rng.choice((rng.randint(0, 99), rng.randint(100, 999), rng.randint(1000, 9_999_999)))
    return f"{value:,}".replace(",", ".") + rng.choice(("", "", f",{rng.randint(1, 99)}"))


def drawn(rng: random.Random, columns: int, rows: int) -> Drawn:
    names = [f"{rng.choice(NAMES)} {rng.choice((*UNITS, '2021', '2022'))}" for _ in range(columns)]
    body = [
        [str(i), rng.choice(LABELS), *(_number(rng, name) for name in names)]
        for i in range(1, rows + 1)
    ]
    for row in body[3:]:
        if columns > 1 and rng.random() < 0.2:
            row[rng.randrange(2, columns + 2)] = ""
    return Drawn(["TT", "Nội dung", *names], body)


@hypothesis_settings(max_examples=120)
@given(st.integers(0, 100_000), st.integers(1, 7), st.integers(3, 14))
def test_a_flattened_table_comes_back(seed: int, columns: int, rows: int) -> None:
    rng = random.Random(seed)
    table = drawn(rng, columns, rows)
    above = "Kết quả được nêu trong bảng sau:\n\n"
    below = "\nNhìn chung, các chỉ tiêu đều đạt và vượt kế hoạch đề ra.\n"
    (grid,) = tables_of(above + table.flattened(rng) + below)
    assert texts_of(grid, 0) == table.heading
    assert body_of(grid) == table.rows


@hypothesis_settings(max_examples=80)
@given(st.text(alphabet="aB 12.,%-|()\n:;TĐ", max_size=400))
def test_any_text_gives_tables_that_do_not_overlap(text: str) -> None:
    lines = lines_of(text)
    grids = find_flattened(lines, Dictionaries())
    for before, grid in pairwise(grids):
        assert before.last <= grid.first
    for grid in grids:
        assert 0 <= grid.first < grid.last <= len(lines)
        assert all(cell.row < grid.rows and cell.column < grid.columns for cell in grid.cells)
        spans = [span for cell in grid.cells if not cell.is_header for span in cell.spans]
        assert len(spans) == len(set(spans))


@pytest.mark.parametrize(
    "text",
    [
        "Năm 2020 có 12 xã; năm 2021 có 14 xã.\nSo với các năm 2019 2020\nđã tăng nhiều.\n",
        "1. Thu đạt 1.200 triệu đồng, tăng 12%\n2. Chi 900 triệu đồng\n3. Kết dư 300 triệu đồng\n",
        "Căn cứ Luật số 12\nCăn cứ Nghị định số 30\nCăn cứ Thông tư số 01\n",
        "huyện A 12, 13, 14\nhuyện B 15, 16, 17\nhuyện C 18, 19, 20\n",
        "- Số hồ sơ tiếp nhận: 120\n- Số hồ sơ đã giải quyết: 118\n- Số hồ sơ quá hạn: 2\n",
        "Phần I. Đặc điểm tình hình 2\nPhần II. Kết quả 5\nPhần III. Kiến nghị 11\n",
    ],
)
def test_sentences_lists_and_contents_are_no_table(text: str) -> None:
    assert tables_of(text) == []


def test_groups_broken_labels_totals_and_dashes() -> None:
    (grid,) = tables_of(
        "TT Danh mục Kế hoạch Giải ngân Tỷ lệ (%)\n"
        "I | Lĩnh vực giao thông\n"
        "1 |Đường liên xã Hòa Bình 14.500 12.300 84,8\n"
        "Tân Lập\n"
        "II_ |Lĩnh vực giáo dục\n"
        "2 | Trường mầm non 6.400 - -\n"
        "3 |Trường THCS 9.750 4.875 50\n"
        "Tổng cộng 30.650 17.175 56\n"
    )
    assert body_of(grid) == [
        ["I", "Lĩnh vực giao thông", "", "", ""],
        ["1", "Đường liên xã Hòa Bình Tân Lập", "14.500", "12.300", "84,8"],
        ["II", "Lĩnh vực giáo dục", "", "", ""],
        ["2", "Trường mầm non", "6.400", "", ""],
        ["3", "Trường THCS", "9.750", "4.875", "50"],
        ["", "Tổng cộng", "30.650", "17.175", "56"],
    ]
    assert grid.problem is None


def test_names_over_several_columns_and_units_below_them() -> None:
    (grid,) = tables_of(
        "Năm 2022 Năm 2023 9 tháng năm 2024\n"
        "Cấp thực hiện | Tiếp nhận | Đúng hạn / Tiếp nhận | Đúng hạn | Tiếp nhận | Đúng hạn\n"
        "(hồ sơ) (%) (hồ sơ) (%) (hồ sơ) (%)\n"
        "Cấp tỉnh 48.210 97,6 52.904 98,8 41.377 99:1\n"
        "Cấp huyện 61.835 95,2 70.116 97,4 55.042 98,3\n"
        "Cấp xã 204.557 98,9 231.480 99:2, 187.695 99,5\n"
    )
    assert texts_of(grid, 0)[2:] == [
        *("Năm 2022", "Năm 2022", "Năm 2023", "Năm 2023", "9 tháng năm 2024", "9 tháng năm 2024"),
    ]
    assert texts_of(grid, 1)[1:4] == ["Cấp thực hiện", "Tiếp nhận", "Đúng hạn"]
    assert texts_of(grid, 2)[2:] == ["(hồ sơ)", "(%)"] * 3
    assert texts_of(grid, 3) == [
        "",
        "Cấp tỉnh",
        "48.210",
        "97,6",
        "52.904",
        "98,8",
        "41.377",
        "99,1",
    ]


def test_the_lower_line_of_a_heading_that_is_only_years_and_units() -> None:
    (grid,) = tables_of(
        "Stt Chỉ tiêu Dự toán Thực hiện Tỷ lệ Ghi chú\n2020 2020 (%)\n1 Thu nội địa 1.250 1.380,5 110,4\n"
        "1.1 Thuế thu nhập cá nhân 145 152,3 105 Vượt\n1.2 Lệ phí trước bạ 98,6 87,2 88,4 Chưa đạt\n"
    )
    assert texts_of(grid, 1) == ["", "", "2020", "2020", "(%)", ""]
    assert texts_of(grid, 0)[-1] == "Ghi chú"
    assert [row[-1] for row in body_of(grid)] == ["", "Vượt", "Chưa đạt"]


def test_a_row_that_lacks_a_number_is_placed_by_the_size_of_those_it_has() -> None:
    (grid,) = tables_of(
        "STT Nội dung Dự toán Thực hiện Tỷ lệ\n1 Thu nội địa 7.215.400 7.842.300 108,7\n"
        "2 Thu khác 2.640.000 2.715.000 102,8\n3 Chi khác 46.500.000 101,2\n4 Chi 165.000 167.000 99\n"
    )
    assert texts_of(grid, 3)[4] == "101,2"
    assert grid.problem is not None
    assert grid.problem.startswith("row 4")


def test_a_number_of_the_label_is_told_from_a_split_one_by_the_sizes_of_the_columns() -> None:
    (grid,) = tables_of(
        "TT Hạng mục Số lượng (cái) Đơn giá (nghìn đồng) Thành tiền (nghìn đồng)\n"
        "1 Máy tính HP 22 11.500 253.000\n2 Máy in LBP 3300 10 5.200 52.000\n"
        "3 Máy quét 6 14.800 88.800\n4 Tủ mạng 4 1 8.600 74.400\n5 Bàn ghế 12 2.300 27.600\n"
    )
    assert body_of(grid)[1] == ["2", "Máy in LBP 3300", "10", "5.200", "52.000"]
    assert body_of(grid)[3] == ["4", "Tủ mạng", "4", "18.600", "74.400"]


def test_a_row_of_totals_is_placed_by_the_sums_of_the_columns() -> None:
    (grid,) = tables_of(
        "TT Xã Đường dây (km) Trạm (trạm) Hộ có điện (%)\n1 Ea Tu 52,3 64 95,8\n"
        "2 Ea Kao 47,9 58 97,4\n3 Hòa Phú 61,7 79 96,1\nCộng 161,9 201\n"
    )
    assert texts_of(grid, grid.rows - 1) == ["", "Cộng", "161,9", "201", ""]
    assert grid.problem is None


def test_noise_beside_the_name_of_row_numbers_leaves_the_heading_one() -> None:
    assert headings_of(
        ": Tiếp nhận (đơn) Đã trả (đơn)\nTT Địa bàn 7 ; =\nTổng số Qua mạng Đúng hạn Trễ hạn\n"
        "1 Ea Tu 3.050 2.921 3.039 2\n2 Ea Kao 2.124 2.038 2.124 0\n3 Hòa Phú 926 883 915 2\n"
    )[2:] == [
        *("Tiếp nhận (đơn) Tổng số", "Tiếp nhận (đơn) Qua mạng"),
        *("Đã trả (đơn) Đúng hạn", "Đã trả (đơn) Trễ hạn"),
    ]


def test_numbers_that_ocr_split_or_bent() -> None:
    (line,) = lines_of("6 Số cơ sở được kiểm tra 1 8.000 14.236 18.350")
    row = read_row(line)
    assert row is not None
    assert [value.text for value in fitted(row, 3).values] == ["18.000", "14.236", "18.350"]
    (line,) = lines_of("3 Sở Y tế 9 1.305 u 1.422")
    row = read_row(line)
    assert row is not None
    assert [value.text for value in fitted(row, 4).values] == ["9", "1.305", "u", "1.422"]
    assert mended("3.0785", []) == "3.078,5"
    assert mended("9,840", ["9.655"]) == "9.840"
    assert mended("9,840", ["7,5"]) == "9,840"


def test_a_name_that_ocr_lost_leaves_its_column_to_the_longest() -> None:
    (line,) = lines_of("TT Nguồn vốn Kế hoạch vốn a pen ee Tỷ lệ (%)")
    (parts,) = read_headings(
        [HeadingLine(line)], [Numbers(3, 0), Numbers(3, 0), Numbers(2, 1, 1)], 2
    )
    assert sorted((part.first, part.last) for part in parts) == [(0, 0), (1, 1), (2, 3), (4, 4)]


def test_a_table_whose_rules_the_dump_kept_is_left_to_its_cells() -> None:
    text = "TT | Xã | Số hộ | Hộ nghèo\n1 | Tân Lập | 120 | 12\n2 | Hòa An | 98 | 7\n3 | Ea Kao | 77 | 5\n"
    assert tables_of(text) == []


def headings_of(text: str) -> list[str]:
    """The names of the columns, each put together from all heading lines."""
    (grid,) = tables_of(text)
    names: dict[int, str] = {}
    for cell in grid.cells:
        if cell.is_header:
            names[cell.column] = f"{names.get(cell.column, '')} {cell.text}".strip()
    return [names.get(column, "") for column in range(grid.columns)]


def test_names_over_two_columns_beside_a_unit_broken_over_the_lines() -> None:
    assert headings_of(
        "Trồng mới (ha) Chăm sóc (ha) Vốn\nSTT Đơn vị, địa bàn (triệu\nGiao Đạt Giao Đạt đồng)\n"
        "1 | Ea Kar 12 10,5 40 38,6 14.210\n2 | Krông Năng 18 17,2 35 29,3 12.054\n"
        "3 |Cư M'gar 9 9,4 21 20,9 8.082\nCộng 39 37,1 96 88,8 34.346\n"
    ) == [
        *("STT", "Đơn vị, địa bàn", "Trồng mới (ha) Giao", "Trồng mới (ha) Đạt"),
        *("Chăm sóc (ha) Giao", "Chăm sóc (ha) Đạt", "Vốn (triệu đồng)"),
    ]


def test_names_of_several_lines_around_that_of_the_row_numbers() -> None:
    assert headings_of(
        "Số hộ | Số khẩu | Nhà phải\nTT Tên thôn | di dời\ncận nghèo | được cấp nước | (nhà)\n"
        "1 Tân Hiệp 45 160 12\n2 Phú An 38 141 9\n3 Hòa Lợi 52 187 20\n"
    ) == ["TT", "Tên thôn", "Số hộ cận nghèo", "Số khẩu được cấp nước", "Nhà phải di dời (nhà)"]


def test_upper_names_head_the_columns_whose_numbers_are_alike() -> None:
    assert headings_of(
        "TT Xã Hộ nghèo (hộ) Thu nhập (triệu đồng)\nĐầu năm Cuối năm\n"
        "1 Ia Mơ 145 121 38.450\n2 Ia Lâu 98 87 41.200\n3 Ia Piơr 167 150 35.900\n"
    ) == ["TT", "Xã", "Hộ nghèo (hộ) Đầu năm", "Hộ nghèo (hộ) Cuối năm", "Thu nhập (triệu đồng)"]


def test_names_that_lost_their_capitals_are_cut_before_words_that_open_names() -> None:
    assert headings_of(
        "TT Hạng mục số lượng (bộ) đơn giá (nghìn đồng) Thành tiền (nghìn đồng)\n"
        "1 Bàn làm việc 12 1.500 18.000\n2 Tủ hồ sơ 5 3.200 16.000\n3 Quạt trần 8 900 7.200\n"
    )[1:4] == ["Hạng mục", "số lượng (bộ)", "đơn giá (nghìn đồng)"]


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(alphabet="aĐố (%)|.,23:/-", max_size=90), min_size=1, max_size=5),
    st.integers(1, 12),
)
def test_any_heading_lines_give_names_over_their_columns(texts: list[str], columns: int) -> None:
    lines = [HeadingLine(line) for line in lines_of("\n".join(texts))]
    found = read_headings(lines, [Numbers(2, 0)] * columns, 2)
    assert len(found) == len(lines)
    for line, parts in zip(lines, found, strict=True):
        for part in parts:
            assert 0 <= part.start < part.end <= len(line.line.words)
            assert 0 <= part.first <= part.last <= columns + 2
        assert all(a.end <= b.start for a, b in pairwise(parts))


def test_the_numbers_of_columns_tell_which_of_them_a_name_heads() -> None:
    assert headings_of(
        "TT Thôn, bản Rừng trồng Rừng tự nhiên Tổng tiền\nDiện tích (ha) Kinh phí Diện tích (ha) Kinh phí\n"
        "A B 1 2 3 4 5=2+4\n1 Ea Lai 318 159.000 762,4 246.000 405.000\n"
        "2 Ea Sô 541 270.500 1.108 358.600 629.100\n3 Cư Prao 486 243.000 694,2 224.700 467.700\n"
    )[2:] == [
        *("Rừng trồng Diện tích (ha)", "Rừng trồng Kinh phí"),
        *("Rừng tự nhiên Diện tích (ha)", "Rừng tự nhiên Kinh phí", "Tổng tiền"),
    ]


def test_rows_that_are_called_after_their_year_and_shares_of_a_whole() -> None:
    (grid,) = tables_of(
        "Năm Số dự án Xã đạt chuẩn Vốn (tỷ đồng)\n2018 45 12/15 1.234\n2019 52 13/15 1.567,8\n"
        "2020 38 15/15 987,5\n"
    )
    assert body_of(grid)[1][1:] == ["2019", "52", "13/15", "1.567,8"]


def test_short_numbers_that_were_split_are_one_where_a_row_has_one_too_many() -> None:
    (grid,) = tables_of(
        "TT Loại Tổng số Trong kỳ Còn lại\n1 Nhà tạm 412 186 83\n2 Nhà cũ 398 175 8 1\n"
        "3 Nhà sàn 455 201 90\n"
    )
    assert body_of(grid)[1] == ["2", "Nhà cũ", "398", "175", "81"]


def test_rows_that_lack_the_same_numbers_lack_them_in_the_same_places() -> None:
    (grid,) = tables_of(
        "TT Đơn vị Diện tích Kinh phí Chi phí Tổng tiền\n1 Xã Ia Mơ 318 159.000 246.000 405.000\n"
        "2 Xã Ia Ga 541 270.500 358.600 629.100\n3 Xã Ia Tôr 486 243.000 224.700 467.700\n"
        "4 Trạm bơm 420.000 420.000\n5 Phòng Nông nghiệp 180.000 180.000\n"
    )
    assert [row[2:] for row in body_of(grid)[3:]] == [
        ["", "", "420.000", "420.000"],
        ["", "", "180.000", "180.000"],
    ]


def test_a_line_of_specks_is_still_a_heading() -> None:
    names = headings_of(
        "Máy in :\nTT Thôn Máy tính | Tỷ lệ :\nTổng số (cái) 0\n"
        "1 Ea Lai 31 12 86\n2 Ea Sô 54 27 91\n3 Cư Prao 48 24 78\n"
    )
    assert names[:2] == ["TT", "Thôn"]
    assert all(names)


def test_a_total_heads_no_smaller_number_than_its_part() -> None:
    assert headings_of(
        "TT Đơn vị Máy tính (bộ) Máy in (cái) Tỷ lệ nối mạng (°/o)\nTổng số Trong đó: mua mới\n"
        "1 Phòng Y tế 186 24 71 100\n2 Phòng Nội vụ 31 6 12 100\n3 Xã Ea Lai 118 14 45 86,5\n"
    )[2:] == [
        *("Máy tính (bộ) Tổng số", "Máy tính (bộ) Trong đó: mua mới"),
        *("Máy in (cái)", "Tỷ lệ nối mạng (%)"),
    ]


def test_the_sign_of_percent_stands_over_numbers_that_look_like_percents() -> None:
    names = headings_of(
        "Tỷ lệ\nTT Lĩnh vực Tiếp nhận Đã trả Trễ hạn\nđúng hạn (%)\n"
        "1 Đất đai 984 836 18 97,9\n2 Xây dựng 1.265 1.241 2 99,2\n3 Hộ tịch 769 728 0 100\n"
    )
    assert [n for n, name in enumerate(names) if "%" in name] == [5]


def test_a_title_and_a_remark_above_the_names_are_no_heading() -> None:
    names = headings_of(
        "KẾT quả GIẢI QUYẾT HỒ SƠ quÝ III\n(Kèm theo Báo cáo số 27/BC-UBND của UBND xã\n"
        "TT Lĩnh vực Tiếp nhận Đã trả Trễ hạn\n1 Đất đai 984 836 18\n2 Xây dựng 265 241 2\n"
        "3 Hộ tịch 769 728 0\n"
    )
    assert names == ["TT", "Lĩnh vực", "Tiếp nhận", "Đã trả", "Trễ hạn"]


def test_the_name_of_row_numbers_may_be_bent_beyond_reading() -> None:
    names = headings_of(
        "Sơ\nqr | Xã, đơn vị | Diện tích | Kinh phí | Tổng tiền\n1 Ea Lai 318 159.000 405.000\n"
        "2 Ea Sô 541 270.500 629.100\n3 Cư Prao 486 243.000 467.700\n"
    )
    assert names[1:] == ["Xã, đơn vị", "Diện tích", "Kinh phí", "Tổng tiền"]


def test_a_speck_behind_the_numbers_is_no_cell() -> None:
    (grid,) = tables_of(
        "TT Đơn vị Tổng số Mua mới Còn tốt\n1 Phòng Y tế 186 24 71\n2 Phòng Nội vụ 98 16 52 | -\n"
        "3 Xã Ea Lai 118 14 45°\n"
    )
    assert [row[1:5] for row in body_of(grid)[1:]] == [
        ["Phòng Nội vụ", "98", "16", "52"],
        ["Xã Ea Lai", "118", "14", "45"],
    ]


def test_money_is_not_told_in_another_unit() -> None:
    names = headings_of(
        "Rừng trồng | Rừng tự nhiên\n"
        "TT | Xã, đơn vị | Diện tích Kinh phí Diện tích Kinh phí | Tổng vốn\n(ha) (ha)\n"
        "1 Ea Lai 318 159.000 762,4 246.000 405.000\n2 Ea Sô 541 270.500 1.108 358.600 629.100\n"
        "3 Cư Prao 486 243.000 694,2 224.700 467.700\n"
    )
    assert [n for n, name in enumerate(names) if "(ha)" in name] == [2, 4]


@pytest.mark.parametrize("title", ["2.3- Phát triển Đoàn viên Các xã", "v. Các Chỉ tiêu Chủ yếu"])
def test_the_title_of_a_section_is_no_heading(title: str) -> None:
    names = headings_of(
        f"{title}\nTT Đơn vị Chỉ tiêu Kết quả\n1 Ea Lai 15 18\n2 Ea Sô 6 5\n3 Cư Prao 9 8\n"
    )
    assert names == ["TT", "Đơn vị", "Chỉ tiêu", "Kết quả"]


def test_a_caption_whose_label_ocr_bent_is_no_heading() -> None:
    names = headings_of(
        "Da v|: Nghìn đồng\nTT Nội dung Dự toán Giải ngân\n1 Sửa trường 4.250 3.918\n"
        "2 Mua sách 640 702\n3 Làm sân 1.180 955\n"
    )
    assert names == ["TT", "Nội dung", "Dự toán", "Giải ngân"]


def test_a_lone_colon_is_a_speck_of_a_rule() -> None:
    (grid,) = tables_of(
        "TT Đơn vị Tổng số Mua mới\n1 Phòng Y tế 186 24\n2 Phòng Nội vụ : 98 : 16\n3 Xã Ea Lai 118 14\n"
    )
    assert [row[2:] for row in body_of(grid)] == [["186", "24"], ["98", "16"], ["118", "14"]]


def test_numbers_that_the_notes_list_are_no_cells() -> None:
    (grid,) = tables_of(
        "TT Nội dung Tối đa Tự chấm Ghi chú\n1 Chỉ đạo điều hành 14 12,5\n"
        "2 Cải cách thể chế 20 17,25 | Mục 2.1, 2.4\n3 Tài chính công 9 9\n"
    )
    assert [row[2:4] for row in body_of(grid)] == [["14", "12,5"], ["20", "17,25"], ["9", "9"]]


def test_a_name_of_shares_stands_over_no_numbers_of_things() -> None:
    names = headings_of(
        "TT Cơ quan, đơn vị Đã tiếp nhận Đã giải quyết Tỷ lệ trước hạn\n"
        "Tổng số Trực tuyến Đúng hạn Quá hạn (%)\n"
        "1 Phòng Y tế 4.212 1.960 4.088 52 98,4\n2 Phòng Nội vụ 1.135 802 1.131 4 99,6\n"
        "3 Phòng Tư pháp 2.060 537 1.992 7 99,1\n"
    )
    assert names[4:] == [
        "Đã giải quyết Đúng hạn",
        "Đã giải quyết Quá hạn",
        "Tỷ lệ trước hạn (%)",
    ]


def test_a_unit_below_the_names_is_told_of_all_or_of_none() -> None:
    names = headings_of(
        "TT Xã Diện tích (ha) Số hộ trồng cây\nCao su Hồ tiêu (hộ)\n"
        "1 Ea Lai 642 815 731\n2 Ea Sô 590 608 544\n3 Cư Prao 248 962 595\n"
    )
    assert names[2:] == ["Diện tích (ha) Cao su", "Diện tích (ha) Hồ tiêu", "Số hộ trồng cây (hộ)"]


def test_lines_that_name_periods_or_say_the_same_twice_are_headings() -> None:
    """OCR lost the capitals by which headings are known, and cut a month."""
    names = headings_of(
        "Xã Quý 1/2020 Quý 1/2019\nsố vụ mất trộm số vụ mất trộm\n"
        "Ea Lai 5 3 6 4\nEa Sô 3 1 4 2\nCư Prao 4 2 5 3\n"
    )
    assert names[1:3] != ["", ""]


def test_a_row_of_totals_joins_the_halves_that_meet_the_sums() -> None:
    (grid,) = tables_of(
        "Xã Số vụ Chết Bị thương\nEa Lai 5 3 4\nEa Sô 7 1 6\nCư Prao 4 2 2\nToàn huyện 16 6 1 2\n"
    )
    assert body_of(grid)[-1][1:] == ["Toàn huyện", "16", "6", "12"]


def test_specks_among_five_lines_of_names_do_not_hide_the_units() -> None:
    text = (
        "Kết quả trồng rừng\n\n"
        "Năm 2021 Năm 2022 oe\noe a Tiền công\nTT Tên bản Diện tích Diện tích chăm sóc (triệu\n"
        "rừng Tỷ lệ (%) rừng Tỷ lệ (%) đồng)\n(ha) (ha)\n"
        "1 Bản Lướt 812 31,4 790 30,2 1.310,5\n2 Bản Nong 241 22,8 236 21,9 655\n"
        "3 Bản Phiêng 96 35,1 91 33,0 402,5\n"
    )
    (grid,) = tables_of(text)
    names = {
        column: " ".join(c.text for c in grid.cells if c.is_header and c.column == column)
        for column in range(grid.columns)
    }
    units = {2: "(ha)", 3: "(%)", 4: "(ha)", 5: "(%)", 6: "(triệu đồng)"}
    assert all(names[column].endswith(unit) for column, unit in units.items()), names
