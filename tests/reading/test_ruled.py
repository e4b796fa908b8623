from __future__ import annotations

import tempfile
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from baocao_etl.models import Box, Page
from baocao_etl.reading import identify, read_page, ruled
from baocao_etl.reading.ruled import Grid
from baocao_etl.settings import Settings

from .drawing import LINES, Pdf
from .test_pdf_layers import words_on_ink

if TYPE_CHECKING:
    from collections.abc import Sequence

Sides = tuple[int, int, int, int]  # first row, first column, last row, last column
ROWS = [
    ["TT", "Lĩnh vực", "Số hồ sơ", ""],
    ["", "", "Năm 2019", "Năm 2020"],
    ["1", "Tài nguyên và\nmôi trường", "1.234", ""],
    ["", "Tư pháp", "", "5,6"],
    ["", "Cộng", "1.240", ""],
]
MERGED = [(0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1)]
EXPECTED = [
    "TT\tLĩnh vực\tSố hồ sơ\t",
    "\t\tNăm 2019\tNăm 2020",
    "1\tTài nguyên và môi trường\t1.234\t",
    "\tTư pháp\t\t5,6",
    "\tCộng\t1.240\t",
]


def draw_table(
    pdf: Pdf,
    rows: Sequence[Sequence[str]],
    *,
    at: tuple[float, float] = (60, 130),
    widths: Sequence[float] = (40, 140, 90, 90),
    merged: Sequence[Sides] = (),
) -> Pdf:
    """Draw `rows` with a ruling around each cell, 11 points, the lines of a cell 14 apart."""
    xs = list(accumulate(widths, initial=at[0]))
    heights = [8 + 14 * max(cell.count("\n") + 1 for cell in row) for row in rows]
    ys = list(accumulate(heights, initial=at[1]))
    covered = {(r, c) for a, b, y, z in merged for r in range(a, y + 1) for c in range(b, z + 1)}
    plain = [
        (r, c, r, c) for r in range(len(rows)) for c in range(len(rows[0])) if (r, c) not in covered
    ]
    for top, left, bottom, right in [*plain, *merged]:
        x0, y0, x1, y1 = xs[left], ys[top], xs[right + 1], ys[bottom + 1]
        pdf.canvas.rect(x0, pdf.size[1] - y1, x1 - x0, y1 - y0)
        for i, line in enumerate(rows[top][left].split("\n")):
            pdf.text(x0 + 4, y0 + 15 + 14 * i, line, 11)
    return pdf


def table_page(path: Path) -> Pdf:
    pdf = Pdf(path).text(70, 100, LINES[0]).text(70, 320, LINES[1])
    return draw_table(pdf, ROWS, merged=MERGED)


def assert_whole(page: Page) -> None:
    """Every word is where it says, offsets and lines rise, and lines are those of the raw text."""
    assert all(page.raw_text[w.offset : w.end] == w.raw for w in page.words)
    assert all(a.end <= b.offset and a.line <= b.line for a, b in pairwise(page.words))
    of_words = [page.words[span.start].line for span in page.lines()]
    assert of_words == list(range(1, len(of_words) + 1))
    assert len(of_words) == sum(bool(line.strip()) for line in page.raw_text.split("\n"))
    joined = "".join(word.raw for word in page.words)
    assert joined == "".join(page.raw_text.split())


def test_a_row_is_a_line_and_a_cell_a_tab(tmp_path: Path, settings: Settings) -> None:
    path = table_page(tmp_path / "a.pdf").save()
    page = read_page(identify(path), 1, settings)
    assert page.raw_text == "\n\n".join([LINES[0], "\n".join(EXPECTED), LINES[1]])
    assert page.text_origin == "layer"
    assert_whole(page)
    assert words_on_ink(path, page) > 0.9  # rulings are ink near words too
    by_raw = {word.raw: word.box for word in page.words}
    upper, lower = by_raw["nguyên"], by_raw["trường"]
    assert upper and lower and lower.y0 > upper.y1  # two lines on the page, though one here


def test_the_end_of_a_page_keeps_its_empty_cells(tmp_path: Path, settings: Settings) -> None:
    path = draw_table(Pdf(tmp_path / "a.pdf"), ROWS, merged=MERGED).save()
    page = read_page(identify(path), 1, settings)
    assert page.raw_text == "\n".join(EXPECTED)
    assert_whole(page)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (40, 300, 560, 760)])
def test_cells_lie_right_on_pages_turned_and_cropped(
    tmp_path: Path, settings: Settings, rotation: int, crop: Sides | None
) -> None:
    drawn = table_page(tmp_path / "a.pdf")
    drawn.canvas._pagesize = drawn.size if rotation % 180 == 0 else drawn.size[::-1]
    drawn.canvas.setPageRotation(rotation)
    if crop:
        drawn.canvas.setCropBox(crop)
    page = read_page(identify(drawn.save()), 1, settings)
    assert page.raw_text == "\n\n".join([LINES[0], "\n".join(EXPECTED), LINES[1]])


def test_a_table_drawn_sideways_has_rows_too(tmp_path: Path, settings: Settings) -> None:
    drawn = Pdf(tmp_path / "a.pdf")
    drawn.canvas.translate(0, 842)
    drawn.canvas.rotate(-90)
    drawn.size = (842, 0)
    drawn.text(70, 50, LINES[0])
    draw_table(drawn, ROWS, merged=MERGED, at=(60, 130))
    page = read_page(identify(drawn.save()), 1, settings)
    assert page.raw_text == "\n\n".join([LINES[0], "\n".join(EXPECTED)])
    assert_whole(page)


def test_numbers_close_to_a_ruling_stay_apart(tmp_path: Path, settings: Settings) -> None:
    drawn = draw_table(Pdf(tmp_path / "a.pdf"), [["", ""], ["", ""]], widths=(50, 50))
    for y in (145, 167):
        drawn.canvas.setFont("Serif", 11)
        drawn.canvas.drawRightString(109, 842 - y, "1.234")
        drawn.canvas.drawString(111, 842 - y, "567")
    page = read_page(identify(drawn.save()), 1, settings)
    assert page.raw_text == "1.234\t567\n1.234\t567"


def test_a_word_that_runs_over_its_cell_stays_whole(tmp_path: Path, settings: Settings) -> None:
    rows = [["Nghiêng", ""], ["Ngành", "7"], ["Tổng", "9"]]
    drawn = draw_table(Pdf(tmp_path / "a.pdf"), rows, widths=(40, 90))
    page = read_page(identify(drawn.save()), 1, settings)
    assert page.raw_text == "Nghiêng\t\nNgành\t7\nTổng\t9"
    assert page.words[0].box is not None
    assert page.words[0].box.x1 > 102  # the ruling stands at 100


def test_a_heading_set_upright_in_its_cell_stands_in_the_row(
    tmp_path: Path, settings: Settings
) -> None:
    rows = [["\n\n\n", "Lĩnh vực", "Tổng"], ["12", "Tư pháp", "34"], ["56", "Hộ tịch", "78"]]
    drawn = draw_table(Pdf(tmp_path / "a.pdf"), rows, widths=(50, 90, 90))
    for i, line in enumerate(("Số lượng", "hồ sơ")):
        drawn.canvas.saveState()
        drawn.canvas.translate(80 + 14 * i, 842 - 190)
        drawn.canvas.rotate(90)
        drawn.canvas.drawString(0, 0, line)
        drawn.canvas.restoreState()
    path = drawn.text(70, 300, LINES[0]).save()
    page = read_page(identify(path), 1, settings)
    assert page.raw_text.split("\n") == [
        "Số lượng hồ sơ\tLĩnh vực\tTổng", "12\tTư pháp\t34", "56\tHộ tịch\t78", "", LINES[0],
    ]  # fmt: skip
    assert_whole(page)
    assert words_on_ink(path, page) > 0.9


def test_frames_are_no_tables(tmp_path: Path, settings: Settings) -> None:
    plain = Pdf(tmp_path / "plain.pdf").lines().save()
    drawn = Pdf(tmp_path / "a.pdf").lines()
    for inset in (0, 5, 10):
        drawn.canvas.rect(50 + inset, 600 + inset, 500 - 2 * inset, 200 - 2 * inset)
    framed = drawn.save()
    texts = {read_page(identify(path), 1, settings).raw_text for path in (plain, framed)}
    assert texts == {"\n".join(LINES)}


def _fill(pdf: Pdf, x: float, y: float, width: float, height: float) -> None:
    pdf.canvas.rect(x, pdf.size[1] - y - height, width, height, stroke=0, fill=1)


def test_shades_behind_words_are_no_rulings(tmp_path: Path, settings: Settings) -> None:
    drawn = Pdf(tmp_path / "a.pdf")
    drawn.canvas.setFillGray(0.98)
    for i in range(len(LINES)):
        for x in (60, 160, 260):
            _fill(drawn, x, 86 + 24 * i, 300 if x == 260 else 100, 24)
    drawn.canvas.setFillGray(0)
    page = read_page(identify(drawn.lines().save()), 1, settings)
    assert page.raw_text == "\n".join(LINES)


def test_rulings_may_be_thin_filled_areas(tmp_path: Path, settings: Settings) -> None:
    drawn = Pdf(tmp_path / "a.pdf").text(70, 145, "Tư pháp", 11).text(164, 167, "12", 11)
    for y in (130, 152, 174):
        _fill(drawn, 60, y, 200, 0.5)
    for x in (60, 160, 259.5):
        _fill(drawn, x, 130, 0.5, 44)
    page = read_page(identify(drawn.save()), 1, settings)
    assert page.raw_text == "Tư pháp\t\n\t12"


def test_graph_paper_is_not_searched_for_tables(tmp_path: Path, settings: Settings) -> None:
    drawn = Pdf(tmp_path / "a.pdf").lines()
    drawn.canvas.grid([40 + 3 * i for i in range(160)], [40 + 3 * i for i in range(160)])
    path = drawn.save()
    assert not ruled.has_rulings(pdfium.PdfDocument(path)[0])
    assert read_page(identify(path), 1, settings).raw_text == "\n".join(LINES)


def test_a_grid_with_text_beside_it_is_left_to_the_layout(
    tmp_path: Path, settings: Settings
) -> None:
    rows = [["10", "11"], ["20", "21"], ["30", "31"]]
    drawn = draw_table(Pdf(tmp_path / "a.pdf"), rows, at=(200, 130), widths=(90, 90))
    for i, name in enumerate(("Tư pháp", "Địa chính", "Hộ tịch")):
        drawn.text(70, 145 + 22 * i, name, 11)
    page = read_page(identify(drawn.save()), 1, settings)
    assert page.raw_text == "Tư pháp\t10\t11\nĐịa chính\t20\t21\nHộ tịch\t30\t31"


def test_pages_without_rulings_cost_no_second_parser(tmp_path: Path, settings: Settings) -> None:
    drawn = table_page(tmp_path / "a.pdf").end_page().lines()
    drawn.canvas.line(200, 780, 400, 780)  # below a letterhead
    path = drawn.save()
    document = pdfium.PdfDocument(path)
    assert [ruled.has_rulings(document[i]) for i in range(2)] == [True, False]
    ruled.forget()
    read_page(identify(path), 2, settings)
    assert ruled._kept._document is None
    read_page(identify(path), 1, settings)
    assert ruled._kept._document is not None
    ruled.forget()
    assert ruled._kept._document is None


def test_what_only_pdfium_can_read_keeps_its_layer(tmp_path: Path, settings: Settings) -> None:
    path = table_page(tmp_path / "a.pdf").save()
    whole = path.read_bytes()
    # A rotation that is no number: PDFium takes it for none, pdfplumber gives up.
    broken = whole.replace(b"/Rotate 0", b"/Rotate()")
    assert broken != whole
    path.write_bytes(broken)
    page = read_page(identify(path), 1, settings)
    assert page.error is None
    assert "môi trường" in page.raw_text
    assert_whole(page)


def test_a_file_that_vanished_has_no_tables(tmp_path: Path) -> None:
    path = table_page(tmp_path / "a.pdf").save()
    source = identify(path)
    page = pdfium.PdfDocument(path.read_bytes())[0]
    path.write_bytes(b"%PDF-1.4 nothing")
    assert ruled.find(source, 1, page) == ()
    assert ruled.find(source, 1, page) == ()  # and it is remembered
    path.unlink()
    ruled.forget()
    assert ruled.find(source, 1, page) == ()


words = st.lists(st.sampled_from(["12", "5,6", "Cộng", "hồ sơ", "x\ny"]), min_size=1, max_size=2)
cells = st.one_of(st.just(""), words.map(" ".join))
grids = st.integers(2, 6).flatmap(
    lambda columns: st.lists(
        st.lists(cells, min_size=columns, max_size=columns), min_size=2, max_size=8
    )
)


@limits(max_examples=40)
@given(grids)
def test_any_grid_comes_back(rows: list[list[str]]) -> None:
    filled = {(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell}
    with tempfile.TemporaryDirectory() as folder:
        drawn = draw_table(Pdf(Path(folder) / "a.pdf"), rows, widths=[75] * len(rows[0]))
        page = read_page(identify(drawn.save()), 1, Settings(dpi=200, ocr="off"))
    assert sorted(page.raw_text.split()) == sorted(" ".join(map(" ".join, rows)).split())
    assert_whole(page)
    if len({r for r, _ in filled}) >= 2 and len({c for _, c in filled}) >= 2:
        lines = ["\t".join(cell.replace("\n", " ") for cell in row) for row in rows if any(row)]
        assert page.raw_text == "\n".join(lines)


def test_a_merged_cell_is_its_first_field() -> None:
    grid = Grid.of([Box(0, 0, 20, 10), Box(0, 10, 10, 20), Box(10, 10, 20, 20)])
    assert (grid.rows, grid.columns) == (2, 2)
    assert [grid.cell_at(x, 5) for x in (5, 15, 25)] == [(0, 0), (0, 0), None]
    assert grid.cell_at(15, 15) == (1, 1)
