from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Box, Document, Page, Span, Word
from baocao_etl.settings import Settings
from baocao_etl.structure.columns import CellPiece
from baocao_etl.structure.grid import Grid
from baocao_etl.structure.lines import Line, page_lines
from baocao_etl.structure.tables import find_tables, header_rows
from tests.pages import documents_of, pages_of, text_source
from tests.structure.drawn_tables import DrawnTable, draw


def rows_of(grid: Grid, *, headings: bool = False) -> list[list[str]]:
    texts = {(c.row, c.column): c.text for c in grid.cells}
    head = {c.row for c in grid.cells if c.is_header}
    return [
        [texts.get((row, column), "") for column in range(grid.columns)]
        for row in range(grid.rows)
        if (row in head) == headings
    ]


def headings_of(grid: Grid) -> list[str]:
    columns = zip(*rows_of(grid, headings=True), strict=True)
    return [" ".join(text for text in column if text) for column in columns]


def lines_of(page: Page) -> list[Line]:
    return page_lines(page)


def tables_in(lines: list[Line]) -> list[Grid]:
    return find_tables(lines, Dictionaries())


def tables_of(text: str, folder: Path) -> list[Grid]:
    pages = pages_of(text_source(text, folder), Settings())
    return tables_in([line for page in pages for line in page_lines(page)])


@hypothesis_settings(max_examples=80)
@given(
    st.integers(0, 10_000),
    st.integers(2, 5),
    st.integers(2, 9),
    st.booleans(),
    st.booleans(),
    st.floats(0, 1.5),
)
def test_a_drawn_table_is_rebuilt(
    seed: int, columns: int, rows: int, two_lines: bool, broken: bool, jitter: float
) -> None:
    rng = random.Random(seed)
    table = draw(rng, columns, rows, two_lines=two_lines, broken=broken)
    (grid,) = tables_in(lines_of(table.page(rng, jitter)))
    assert rows_of(grid) == table.rows
    assert headings_of(grid) == table.headings
    assert grid.problem is None


@hypothesis_settings(max_examples=60)
@given(st.integers(0, 10_000), st.floats(0, 40))
def test_no_words_on_a_page_make_it_raise(seed: int, jitter: float) -> None:
    rng = random.Random(seed)
    table = draw(rng, rng.randint(1, 5), rng.randint(1, 9), two_lines=True, broken=True)
    lines = lines_of(table.page(rng, jitter))
    for grid in tables_in(lines):
        spans = {(s.start, s.end) for c in grid.cells for s in c.spans if s.end > s.start}
        covered = [i for start, end in spans for i in range(start, end)]
        assert len(covered) == len(set(covered))
        assert 0 <= grid.first < grid.last <= len(lines)


def test_cells_keep_their_boxes() -> None:
    rng = random.Random(1)
    table = draw(rng, 2, 3, two_lines=False, broken=False)
    (grid,) = tables_in(lines_of(table.page(rng, 0)))
    cell = next(c for c in grid.cells if c.row == 1 and c.column == 1)
    assert cell.box is not None
    assert cell.box.x0 == pytest.approx(80)


def test_a_name_may_stand_above_and_below_its_values() -> None:
    table = DrawnTable([], [])
    for x, heading in ((40, "TT"), (80, "Chỉ tiêu"), (270, "Năm 2019"), (380, "Năm 2020")):
        table.write(heading, x, x + 60, 100)
    table.write("Tỷ lệ trẻ em tiêm chủng", 80, 240, 126)
    for x, value in ((40, "1"), (290, "93,7"), (400, "94,8")):
        table.write(value, x, x + 60, 132)
    table.write("đầy đủ các loại", 80, 240, 138)
    for x, value in ((40, "2"), (80, "Giường bệnh"), (290, "180"), (400, "190")):
        table.write(value, x, x + 60, 160)
    (grid,) = tables_in(lines_of(table.page(random.Random(0), 0)))
    assert rows_of(grid) == [
        ["1", "Tỷ lệ trẻ em tiêm chủng đầy đủ các loại", "93,7", "94,8"],
        ["2", "Giường bệnh", "180", "190"],
    ]


def test_the_cells_of_ruled_rows_stand_where_the_rulings_say() -> None:
    """Numbers at the right of their columns, a heading over two of them, a group, an empty cell."""
    rows = (
        (("TT", 40), ("Xã", 80), ("Trồng mới (ha)", 185), None, ("Hộ", 390)),
        (None, None, ("Keo", 180), ("Bạch đàn", 262), None),
        (("^", 44), ("Miền núi", 80), None, None, None),
        (("1", 44), ("Sơn Long", 80), ("12,5", 222), None, ("640", 432)),
        (("2", 44), ("Sơn Kim", 80), ("8", 237), ("30", 337), ("71", 437)),
    )
    raw, words = "", []
    for number, row in enumerate(rows, start=1):
        for i, cell in enumerate(row):
            raw += "\t" * (i > 0)
            for k, text in enumerate(cell[0].split() if cell else ()):
                raw += " " * (k > 0)
                x = cell[1] + 22.0 * k
                box = Box(x, 20.0 * number, x + 5 * len(text), 20.0 * number + 9)
                words.append(Word(text, text, len(raw), number, box))
                raw += text
        raw += "\n"
    page = Page(number=1, text_origin="ocr", raw_text=raw, words=tuple(words))
    (grid,) = tables_in(lines_of(page))
    heads = [
        [c.text for c in grid.cells if c.is_header and c.column == k and c.text] for k in range(5)
    ]
    assert heads == [
        ["TT"], ["Xã"], ["Trồng mới (ha)", "Keo"], ["Trồng mới (ha)", "Bạch đàn"], ["Hộ"]
    ]  # fmt: skip
    assert rows_of(grid) == [
        ["^", "Miền núi", "", "", ""],
        ["1", "Sơn Long", "12,5", "", "640"],
        ["2", "Sơn Kim", "8", "30", "71"],
    ]


def test_a_heading_over_two_columns_heads_both() -> None:
    table = DrawnTable([], [])
    table.write("TT", 40, 60, 112)
    table.write("Tên xã", 80, 240, 112, "centre")
    table.write("Số máy tính", 260, 460, 100, "centre")
    table.write("Ghi chú", 480, 560, 112, "centre")
    table.write("Năm 2019", 260, 350, 124, "centre")
    table.write("Năm 2020", 370, 460, 124, "centre")
    for r, (a, b) in enumerate((("12", "15"), ("7", "8"), ("21", "20"))):
        y = 150 + 22 * r
        table.write(str(r + 1), 40, 60, y, "centre")
        table.write("Đông Hòa", 80, 240, y)
        table.write(a, 260, 350, y, "right")
        table.write(b, 370, 460, y, "right")
    table.write("tốt", 490, 560, 150)
    (grid,) = tables_in(lines_of(table.page(random.Random(0), 0)))
    assert headings_of(grid) == [
        "TT", "Tên xã", "Số máy tính Năm 2019", "Số máy tính Năm 2020", "Ghi chú"
    ]  # fmt: skip
    assert rows_of(grid)[0] == ["1", "Đông Hòa", "12", "15", "tốt"]


def test_badly_read_column_numbers_make_no_columns() -> None:
    columns = ((40, 60), (80, 240), (260, 350), (370, 460))
    table = DrawnTable([], [])
    rows = [
        ("TT", "Tên xã", "Nhà sập", "Số hộ"), ("", "", "(nhà)", "(hộ)"), ("q)", "@2)", "3)", "4)"),
        ("1", "Đông Hòa Thượng Nguyên", "15", "164"), ("2", "Tân Minh", "9", "121"),
    ]  # fmt: skip
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text:
                align = "centre" if r < 3 else "left" if c < 2 else "right"
                table.write(text, *columns[c], 100 + 16 * r, align)
    (grid,) = tables_in(lines_of(table.page(random.Random(0), 0)))
    assert [text.split()[:2] for text in headings_of(grid)[2:]] == [["Nhà", "sập"], ["Số", "hộ"]]
    assert "(nhà)" in headings_of(grid)[2]
    assert rows_of(grid) == [
        ["1", "Đông Hòa Thượng Nguyên", "15", "164"],
        ["2", "Tân Minh", "9", "121"],
    ]


def test_values_that_ocr_ran_together_are_told_apart() -> None:
    rng = random.Random(5)
    table = draw(rng, 3, 5, two_lines=False, broken=False)
    page = table.page(rng, 0)
    glued = page.model_copy(update={"raw_text": page.raw_text.replace("\t", " ", 12)})
    lines = lines_of(page)[:1] + lines_of(glued)[1:]
    (grid,) = tables_in(lines)
    assert rows_of(grid)[-1] == table.rows[-1]


def test_the_upper_of_two_tabbed_heading_rows_spans_what_it_heads(tmp_path: Path) -> None:
    text = (
        "TT\tTên xã\tSố máy tính\t\tGhi chú\n\t\tNăm 2019\tNăm 2020\t\n"
        "1\tĐông Hòa\t12\t15\t\n2\tĐông Anh\t7\t8\t\n"
    )
    (grid,) = tables_of(text, tmp_path)
    assert headings_of(grid) == [
        "TT", "Tên xã", "Số máy tính Năm 2019", "Số máy tính Năm 2020", "Ghi chú"
    ]  # fmt: skip
    assert rows_of(grid)[0] == ["1", "Đông Hòa", "12", "15", ""]


def test_years_and_column_numbers_are_headings(tmp_path: Path) -> None:
    text = "TT\tChỉ tiêu\t2019\t2020\n(1)\t(2)\t(3)\t(4)\n1\tDân số\t110\t111\n2\tHộ\t30\t31\n"
    (grid,) = tables_of(text, tmp_path)
    assert len(rows_of(grid, headings=True)) == 2
    assert rows_of(grid)[0] == ["1", "Dân số", "110", "111"]


def test_groups_stay_rows_of_their_own(tmp_path: Path) -> None:
    text = "TT\tThiết bị\tSố lượng\nI\tCấp huyện\t\n1\tMáy chủ\t2\nII\tCấp xã\t\n1\tMáy in\t9\n"
    (grid,) = tables_of(text, tmp_path)
    assert rows_of(grid) == [
        ["I", "Cấp huyện", ""],
        ["1", "Máy chủ", "2"],
        ["II", "Cấp xã", ""],
        ["1", "Máy in", "9"],
    ]


def test_a_cell_broken_over_lines_of_a_dump_is_joined(tmp_path: Path) -> None:
    text = "TT\tThiết bị\tSố lượng\n1\tMáy chủ của Trung tâm\t2\ntích hợp dữ liệu\n2\tMáy in\t9\n"
    (grid,) = tables_of(text, tmp_path)
    assert rows_of(grid)[0] == ["1", "Máy chủ của Trung tâm tích hợp dữ liệu", "2"]


def test_two_columns_of_names_and_numbers_are_a_table(tmp_path: Path) -> None:
    text = "Đơn vị\tSố hồ sơ\nXã Đông Hòa\t12\nXã Đông Anh\t7\nXã Đông Khê\t9\n"
    (grid,) = tables_of(text, tmp_path)
    assert rows_of(grid) == [["Xã Đông Hòa", "12"], ["Xã Đông Anh", "7"], ["Xã Đông Khê", "9"]]


def test_a_table_in_shreds_is_kept_as_text_and_reported(tmp_path: Path) -> None:
    shreds = "\n".join(f"mảnh {i}\nbảng kê" for i in range(15))
    (grid,) = tables_of(
        f"Báo cáo có đủ nội dung như quy định tại phụ lục sau đây:\n{shreds}", tmp_path
    )
    assert (grid.columns, grid.rows) == (1, 30)
    assert grid.problem is not None
    assert "kept as text" in grid.problem


def test_the_equipment_table_comes_back_row_for_row(shared: Path) -> None:
    path = next((shared / "seeds").glob("001_*.txt"))
    text = path.read_text(encoding="utf-8")
    printed = [line.split("\t") for line in text.splitlines() if line.count("\t") == 4]
    (grid,) = _tables_of_file(path)
    assert rows_of(grid, headings=True) == printed[:1]
    assert rows_of(grid) == [[cell.strip() for cell in row] for row in printed[1:]]
    groups = [row[:2] for row in rows_of(grid) if not any(row[2:])]
    assert groups == [["I", "Cấp huyện"], ["II", "Cấp xã"]]
    assert grid.problem == "row 4: the label is missing"


def _tables_of_file(path: Path) -> list[Grid]:
    from baocao_etl.reading import identify

    pages = pages_of(identify(path), Settings())
    return tables_in([line for page in pages for line in page_lines(page)])


def test_tables_of_a_document_name_their_section(tmp_path: Path) -> None:
    text = (
        "BÁO CÁO\nKết quả\n\nI. KẾT QUẢ\n\n1. Thiết bị\n\n"
        "TT\tThiết bị\tSố lượng\n1\tMáy chủ\t2\n2\tMáy in\t9\n\nII. KIẾN NGHỊ\n\nKhông.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    (table,) = document.tables
    section = next(s for s in document.sections if s.section_id == table.section_id)
    assert (section.kind, section.path) == ("table", "I.1")


def test_a_table_goes_on_over_the_page_with_its_headings_again(tmp_path: Path) -> None:
    text = (
        "BÁO CÁO\nKết quả\n\nI. KẾT QUẢ\n\nTT\tTên xã\tSố hộ\n1\tXã Đông Hòa\t12\n2\tXã Đông Anh\t7\n"
        "\f2\nTT\tTên xã\tSố hộ\n3\tXã Đông Khê\t9\n\tCộng\t28\n\nII. KIẾN NGHỊ\n\nKhông.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    (table,) = document.tables
    assert (table.page_from, table.page_to) == (1, 2)
    heads = {cell.row for cell in table.cells if cell.is_header}
    assert heads == {0, 3}
    assert [c.text for c in table.cells if c.column == 1 and c.row not in heads] == [
        "Xã Đông Hòa", "Xã Đông Anh", "Xã Đông Khê", "Cộng"
    ]  # fmt: skip


def test_two_lines_of_headings_that_ocr_took_for_one_are_read_in_order() -> None:
    rng = random.Random(3)
    table = draw(rng, 3, 3, two_lines=True, broken=False)
    page = table.page(rng, 0)
    first = [word._replace(line=1) for word in page.words if word.line < 3]
    first.sort(key=lambda word: word.box.x0 if word.box else 0.0)
    raw, words = "", []
    for word in first:
        raw += "\t" if words and word.box.x0 - words[-1].box.x1 > 14 else " "  # type: ignore[union-attr]
        words.append(word._replace(offset=len(raw)))
        raw += word.raw
    body = [w._replace(offset=w.offset + len(raw) + 1) for w in page.words if w.line > 2]
    whole = page.model_copy(
        update={"words": (*words, *body), "raw_text": f"{raw}\n{page.raw_text}"}
    )
    (grid,) = tables_in(lines_of(whole))
    assert headings_of(grid) == table.headings
    assert rows_of(grid) == table.rows


FLAT = """\
Đơn vị tính: Triệu đồng
STT Nội dung Dự toán 2021 | Dự toán 2022 | So sánh (%)
I | Thu ngân sách 2.640 2.715 102,8
1 Thu nội địa 1.320 1.400 106
2 Thu khác của các đơn vị
sự nghiệp 1.320 1.315 99,6
II | Chi ngân sách 2.500 2.600 104
Nhìn chung, ngân sách huyện năm 2021 cân đối được thu, chi và có kết dư.
"""


def _flat(text: str, folder: Path) -> Document:
    head = "BÁO CÁO\nKết quả thu, chi ngân sách\n\nI. KẾT QUẢ\n\n1. Thu, chi\n\n"
    (document,) = documents_of(head + text, folder, Settings(repair=False))
    return document


def test_rows_printed_as_lines_are_a_table(tmp_path: Path) -> None:
    document = _flat(FLAT, tmp_path)
    (table,) = document.tables
    texts = {(cell.row, cell.column): cell.text for cell in table.cells}
    assert (texts[1, 0], texts[1, 1]) == ("I", "Thu ngân sách")
    assert [texts[1, c] for c in (2, 3, 4)] == ["2.640", "2.715", "102,8"]
    assert [texts[0, c] for c in (3, 4)] == ["Dự toán 2022", "So sánh (%)"]
    assert "Đơn vị tính" in (table.title or "")
    assert "Nhìn chung" not in " ".join(texts.values())
    assert [s.path for s in document.sections if s.path] == ["I", "I.1", "I.1"]


def test_names_that_run_together_are_cut_where_the_next_begins(tmp_path: Path) -> None:
    flat = FLAT.replace("STT Nội dung Dự toán 2021 | Dự toán 2022 | So sánh (%)",
                        "STT Nội dung So sánh (%) Dự toán 2021 Dự toán 2022")  # fmt: skip
    (table,) = _flat(flat, tmp_path).tables
    headings = [cell.text for cell in table.cells if cell.is_header]
    assert headings == ["STT", "Nội dung", "So sánh (%)", "Dự toán 2021", "Dự toán 2022"]


def test_sentences_that_end_in_numbers_are_no_table(tmp_path: Path) -> None:
    text = "Năm 2021 có 12 xã; năm 2020 có 11 xã.\nSo với các năm 2019 2020\nđã tăng nhiều.\n"
    assert _flat(text, tmp_path).tables == ()


def test_a_heading_over_three_tabbed_lines_keeps_its_units(tmp_path: Path) -> None:
    text = (
        "Danh mục thiết bị như sau:\n"
        "\t\tSố lượng\tThành tiền (nghìn\n"
        "TT\tTên thiết bị\n"
        "\t\t(bộ)\tđồng)\n"
        "1\tMáy chủ\t2\t184.000\n"
        "2\tMáy quét\t5\t61.500\n"
    )
    (grid,) = tables_of(text, tmp_path)
    names = [
        " ".join(
            cell.text for cell in grid.cells if cell.is_header and cell.column == c and cell.text
        )
        for c in range(4)
    ]
    assert names == ["TT", "Tên thiết bị", "Số lượng (bộ)", "Thành tiền (nghìn đồng)"]


def test_the_pieces_of_a_heading_may_stand_above_and_below_its_first_name(tmp_path: Path) -> None:
    text = (
        "I. SỐ LIỆU\n\n\t\tNhập kho (bao)\nSTT\tMặt hàng\t\t\tTồn (tấn)\n\t\tTừ vụ\n\t\t\tMới nhập\n"
        "\t\ttrước\n1\tThóc\t12\t30\t8\n2\tNgô\t5\t9\t2\n"
    )
    (grid,) = tables_of(text, tmp_path)
    expected = [
        "STT",
        "Mặt hàng",
        "Nhập kho (bao) Từ vụ trước",
        "Nhập kho (bao) Mới nhập",
        "Tồn (tấn)",
    ]
    assert headings_of(grid) == expected


def test_a_speck_beside_the_names_of_a_heading_is_no_value() -> None:
    def row(*texts: str) -> list[CellPiece]:
        return [CellPiece(t, Span(1, 0, 0), None, c, c) for c, t in enumerate(texts)]

    heading = row("", "", "5", "Nhập kho", "Xuất kho", "Còn lại")
    names = row("STT", "Mặt hàng", "", "(bao)", "(bao)", "(bao)")
    assert header_rows([heading, names, row("1", "Thóc", "", "12", "4", "8")]) == 2
    assert header_rows([names, row("", "", "12", "4", "8", "x"), heading]) == 1  # a lost label


def test_days_head_columns_and_a_lone_sign_belongs_to_its_heading(tmp_path: Path) -> None:
    text = (
        "I. SỐ LIỆU\n\n\t\t\t\tTăng\nSTT\tLĩnh vực\t30/6/2022\t30/6/2023\n\t\t\t\t(%)\n"
        "1\tThủy sản\t120\t126\t5,0\n2\tLâm nghiệp\t80\t82\t2,5\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    (table,) = document.tables
    grid = Grid(0, 0, table.rows, table.columns, table.cells, table.problem)
    assert headings_of(grid) == ["STT", "Lĩnh vực", "30/6/2022", "30/6/2023", "Tăng (%)"]


def test_rows_of_a_dump_whose_cells_are_broken_are_whole_again(tmp_path: Path) -> None:
    text = (
        "TT\tNội dung\tCơ quan\tKinh phí\n"
        "\t\tPhòng Văn hóa và\t\n1\tMua loa\t\t40\n\t\tThông tin\t\n"
        "2\tSửa đường\tPhòng Công thương\t75\n"
        "\tDựng nhà văn hóa của\tBan Quản lý\t\n3\t\t\t310\n\tbốn thôn\tdự án\t\n"
        "Ngoài ra không có gì.\n"
    )
    (grid,) = tables_of(text, tmp_path)
    assert headings_of(grid) == ["TT", "Nội dung", "Cơ quan", "Kinh phí"]
    assert rows_of(grid) == [
        ["1", "Mua loa", "Phòng Văn hóa và Thông tin", "40"],
        ["2", "Sửa đường", "Phòng Công thương", "75"],
        ["3", "Dựng nhà văn hóa của bốn thôn", "Ban Quản lý dự án", "310"],
    ]


def test_cells_set_at_the_top_of_their_row_are_joined_and_groups_stay(tmp_path: Path) -> None:
    text = (
        "TT\tNội dung\tCơ quan\tKinh phí\n"
        "\tCấp huyện\t\t\n1\tMua loa\tPhòng Văn hóa\t40\n\t\tThông tin\t\n"
        "\tCấp xã\t\t\n2\tSửa đường liên\tPhòng Công thương\t75\n\tthôn\t\t\n3\tTrồng cây\tĐoàn xã\t5\n"
    )
    (grid,) = tables_of(text, tmp_path)
    assert rows_of(grid) == [
        ["", "Cấp huyện", "", ""],
        ["1", "Mua loa", "Phòng Văn hóa Thông tin", "40"],
        ["", "Cấp xã", "", ""],
        ["2", "Sửa đường liên thôn", "Phòng Công thương", "75"],
        ["3", "Trồng cây", "Đoàn xã", "5"],
    ]


def test_a_heading_spans_no_column_that_has_one_of_its_own(tmp_path: Path) -> None:
    text = (
        "\t\tTăng giảm so\tSố xã đạt trên\nTT\tHuyện\tvới năm\t\n\t\ttrước\ttổng số\n"
        "1\tMai Sơn\t3\t7\n2\tYên Châu\t4\t9\n"
    )
    (grid,) = tables_of(text, tmp_path)
    assert headings_of(grid)[2:] == ["Tăng giảm so với năm trước", "Số xã đạt trên tổng số"]


def test_groups_whose_empty_cells_a_dump_cut_off_stay_in_the_table(tmp_path: Path) -> None:
    text = (
        "TT\tThiết bị\tĐơn vị\tSố lượng\nI\tCấp huyện\n1\tMáy chủ\tcái\t2\n"
        "II\tCấp xã\n1\tMáy in\tcái\t9\nIII.\tNhận xét\nTT\tTên việc\tNơi làm\tGhi chú\n"
        "1\tSửa máy\tPhòng A\t5\n"
    )
    first, _ = tables_of(text, tmp_path)
    assert [row[:2] for row in rows_of(first)] == [
        *(["I", "Cấp huyện"], ["1", "Máy chủ"], ["II", "Cấp xã"], ["1", "Máy in"]),
    ]


def test_a_line_that_names_the_first_columns_hides_no_upper_names(tmp_path: Path) -> None:
    text = (
        "\t\tTỷ lệ hộ (%)\n\t\t\t\tĐộ che phủ\nTên xã\tSố hộ dân\n\t\t\t\trừng (%)\n"
        "\t\tNghèo\tCận nghèo\nXã Mường Lựm\t1.204\t18,3\t9,6\t52,1\n"
        "Xã Chiềng Pằn\t2.310\t7,5\t6,2\t38,4\n"
    )
    (grid,) = tables_of(text, tmp_path)
    assert headings_of(grid) == [
        *("Tên xã", "Số hộ dân", "Tỷ lệ hộ (%) Nghèo", "Tỷ lệ hộ (%) Cận nghèo"),
        "Độ che phủ rừng (%)",
    ]
