from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baocao_etl.models import Box, Page, Word
from baocao_etl.settings import Settings
from baocao_etl.structure import segment
from baocao_etl.structure.furniture import is_furniture
from baocao_etl.structure.lines import page_lines
from tests.pages import pages_of, text_source


def dropped(text: str, folder: Path) -> list[str]:
    pages = pages_of(text_source(text, folder), Settings())
    lines = [line for page in pages for line in page_lines(page)]
    flags = is_furniture(lines, Settings().tables)
    return [line.text for line, drop in zip(lines, flags, strict=True) if drop]


def test_running_heads_and_page_numbers_are_furniture(tmp_path: Path) -> None:
    heads = ("THÔNG TIN VÀ TRUYỀN THÔNG 9/2018", "THÔNG TlN VÀ TRUYÊN THÔNG 9/2018")
    pages = [
        f"{heads[n % 2]} {n}\nĐoạn văn số {'abcdef'[n] * 9} của trang.\nDòng {'uvwxyz'[n] * 9}.\n{n}\n"
        for n in range(1, 6)
    ]
    found = dropped("\f".join(pages), tmp_path)
    assert sum("9/2018" in text for text in found) == 5
    assert [text for text in found if text.isdigit()] == ["2", "3", "4", "5"]
    assert len(found) == 9


def test_what_a_few_pages_end_with_is_no_running_head(tmp_path: Path) -> None:
    letters = "abcdefghijk"
    pages = [
        f"Nhiệm vụ {c * 12}.\nNội dung {c * 11}.\nCông việc {c * 10}.\nĐơn vị {c * 13}.\n"
        + ("Thời gian thực hiện: 2010 - 2015.\n" if c in "beg" else f"Kết quả {c * 9}.\n")
        for c in letters
    ]
    assert dropped("\f".join(pages), tmp_path) == []


def test_signature_stamps_are_furniture(tmp_path: Path) -> None:
    text = (
        "Ký bởi: Ủy ban nhân dân huyện Phú Lâm\nCơ quan: Tỉnh Tuyên Quang\n"
        "Thời gian ký: 27.11.2020 15:04:22 +07:00\nBÁO CÁO\nKết quả năm 2020\n"
    )
    assert len(dropped(text, tmp_path)) == 3


def test_specks_at_the_edge_of_a_page_image_are_furniture() -> None:
    words = (
        Word("Nội", "Nội", 0, 1, Box(50, 50, 80, 60)),
        Word("dung.", "dung.", 4, 1, Box(84, 50, 110, 60)),
        Word("ạ%", "ạ%", 10, 2, Box(500, 800, 510, 806), 0.1),
    )
    page = Page(number=1, text_origin="ocr", raw_text="Nội dung.\nạ%", words=words)
    assert is_furniture(page_lines(page), Settings().tables) == [False, True]


@hypothesis_settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ("BÁO CÁO", "Số: 12/BC-SNV", "I. KẾT QUẢ", "1. Tiếp nhận", "- Có 12 hồ sơ;", "TT\tTên\tSố",
             "1\tXã A\t5", "2\tXã B\t7", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "\f", "", "PHỤ LỤC", "7",
             "Ký bởi: Sở Nội vụ", "Kính gửi: Các sở", "V/v thử", "Điều 1. Phạm vi", "./.", "—", "a)",
             "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "mảnh", "Thực hiện kế hoạch, kết quả như sau:")
        ),
        min_size=1,
        max_size=40,
    )
)  # fmt: skip
def test_every_line_is_in_one_section_or_is_furniture(lines: list[str]) -> None:
    with TemporaryDirectory() as folder:
        source = text_source("\n".join([*lines, "x"]), Path(folder))
        pages = pages_of(source, Settings())
    every = [line for page in pages for line in page_lines(page)]
    flags = is_furniture(every, Settings().tables)
    body = [line.span for line, drop in zip(every, flags, strict=True) if not drop]
    placed = [
        span
        for document in segment(source, pages, Settings())
        for section in document.sections
        for spans in section.paragraphs
        for span in spans
    ]
    assert sorted(placed) == sorted(body)
