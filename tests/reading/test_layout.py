from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.models import Box
from baocao_etl.reading.layout import arrange
from baocao_etl.reading.tokens import Part, Token, compose


def line(x: float, y: float, text: str, size: float = 12) -> list[Token]:
    """Set words at 0.5 em a letter, a space of half an em between them; a tab is a wide gap."""
    tokens = []
    for cell in text.split("\t"):
        for word in cell.split():
            tokens.append(Token(word, Box(x, y, x + 0.5 * size * len(word), y + size)))
            x = tokens[-1].box.x1 + 0.5 * size
        x += 4 * size
    return tokens


def text(lines: list[list[Token]]) -> list[str]:
    return [part for part in compose([Part(arrange(lines))]).raw_text.split("\n") if part]


def test_a_head_of_two_columns_is_read_column_by_column() -> None:
    left = ["ỦY BAN NHÂN DÂN", "HUYỆN ĐÔNG SƠN", "Số: 12/BC-UBND"]
    right = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ngày 2 tháng 3"]
    title = ["BÁO CÁO về một việc rất quan trọng của huyện trong năm nay"]
    lines = [line(60, 50 + 18 * i, t) for i, t in enumerate(left)]
    lines += [line(300, 50 + 18 * i, t) for i, t in enumerate(right)]
    lines += [line(120, 130, title[0])]
    assert text(lines) == left + right + title


def test_a_head_whose_gap_is_narrow_follows_the_gutter_below() -> None:
    wide = line(60, 50, "UBND TỈNH QUẢNG NGÃI MỘT") + line(214, 50, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA")
    below = line(60, 68, "BAN CHỈ ĐẠO") + line(240, 68, "Độc lập - Tự do")
    assert text([wide, below]) == [
        "UBND TỈNH QUẢNG NGÃI MỘT", "BAN CHỈ ĐẠO", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "Độc lập - Tự do",
    ]  # fmt: skip


def test_recipients_come_before_the_signature_beside_them() -> None:
    left = ["Nơi nhận:", "- Như trên;", "- Thường trực huyện ủy;", "- Lưu: VT."]
    lines = [line(60, 600 + 16 * i, t) for i, t in enumerate(left)]
    lines += [line(350, 600, "TM. ỦY BAN NHÂN DÂN"), line(380, 617, "CHỦ TỊCH")]
    lines += [line(360, 700, "Nguyễn Văn An")]
    assert text(lines) == [*left, "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn An"]


def test_a_table_is_read_row_by_row() -> None:
    rows = ["TT\tChỉ tiêu\tĐơn vị\tSố lượng", "1\tHồ sơ\thồ sơ\t120", "2\tMáy tính\tchiếc\t35"]
    lines = []
    for i, row in enumerate(rows):
        for x, cell in zip((60, 100, 300, 420), row.split("\t"), strict=True):
            lines.append(line(x, 200 + 20 * i, cell))
    assert text(lines) == rows


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    columns = [[f"cột {c} dòng thứ {i} của bài báo" for i in range(12)] for c in range(3)]
    lines = [
        line(40 + 180 * c, 100 + 15 * i + 3 * c, t, size=9)
        for c, column in enumerate(columns)
        for i, t in enumerate(column)
    ]
    assert text(lines) == [t for column in columns for t in column]


def test_lines_set_close_are_not_joined() -> None:
    lines = [
        line(60, 100 + 9 * i, f"dòng chữ nhỏ thứ {i} của chú thích", size=12) for i in range(5)
    ]
    assert text(lines) == [f"dòng chữ nhỏ thứ {i} của chú thích" for i in range(5)]


@given(
    st.lists(
        st.tuples(
            st.floats(0, 500), st.floats(0, 800), st.lists(st.text("ab1-", min_size=1), max_size=4)
        ),
        max_size=12,
    )
)
def test_no_word_is_lost_or_doubled(places: list[tuple[float, float, list[str]]]) -> None:
    lines = [line(x, y, " ".join(words)) for x, y, words in places]
    found = sorted(t for block in arrange(lines) for row in block for t in row)
    assert found == sorted(t for row in lines for t in row)
