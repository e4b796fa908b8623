"""Tables of a page read by OCR: a line for each row, a tab between its cells."""

from __future__ import annotations

from baocao_etl.models import Box
from baocao_etl.reading.rows import arrange_tables
from baocao_etl.reading.tokens import Part, Token, compose

WIDTH, HEIGHT = 100.0, 20.0
CELLS = tuple(
    Box(50 + WIDTH * c, 100 + HEIGHT * r, 50 + WIDTH * (c + 1), 100 + HEIGHT * (r + 1))
    for r in range(3)
    for c in range(3)
)


def word(text: str, x: float, y: float, sure: float = 0.95) -> Token:
    return Token(text, Box(x, y, x + 6.0 * len(text), y + 8), sure)


def raw_text(lines: list[list[Token]]) -> str:
    return compose([Part(arrange_tables(lines, [CELLS]))]).raw_text


TABLE = [
    [word("Xã", 60, 106), word("Số", 160, 103), word("Tỷ", 260, 106), word("lệ", 276, 106)],
    [word("hộ", 160, 112)],
    [word("Cam", 60, 126), word("Lộc", 84, 126), word("12", 220, 126)],
    [word("Hòa", 60, 146), word("An", 84, 146), word("7", 226, 146), word("3,5", 330, 146)],
]


def test_each_row_is_a_line_with_all_its_cells() -> None:
    above, below = [word("Kết", 60, 60), word("quả:", 84, 60)], [word("Hết.", 60, 200)]
    assert raw_text([above, *TABLE, below]) == (
        "Kết quả:\n\nXã\tSố hộ\tTỷ lệ\nCam Lộc\t12\t\nHòa An\t7\t3,5\n\nHết."
    )


def test_rulings_and_specks_are_no_words() -> None:
    lines = [list(line) for line in TABLE]
    lines[2] += [word("|", 148, 126, 0.9), word(".", 160, 130, 0.3)]
    lines[3][2] = word("|7", 220, 146)
    lines[3][3] = word(".3,5", 324, 146)
    assert raw_text(lines) == "Xã\tSố hộ\tTỷ lệ\nCam Lộc\t12\t\nHòa An\t7\t3,5"


def test_a_grid_without_words_in_it_is_no_table() -> None:
    """A seal over the signer's name has strokes that cross."""
    lines = [[word("Nguyễn", 60, 106), word("Văn", 110, 106)]]
    assert raw_text(lines) == "Nguyễn Văn"


def test_rows_whose_rulings_were_not_seen_stay_lines() -> None:
    lines = [[word("Xã", 60, 106), word("Số", 160, 106), word("Số", 260, 106)]]
    for i, y in enumerate((122.0, 130.0)):
        lines.append([word("Hòa", 60, y), word(f"{i}1", 160, y), word(f"{i}2", 260, y)])
    lines.append([word("Cộng", 60, 146), word("42", 160, 146), word("44", 260, 146)])
    assert "01 11" not in raw_text(lines)
    assert "Hòa\t01\t02" in raw_text(lines)
