"""Page images whose words lie anywhere: no layout makes the room raise or lose a line."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baocao_etl.models import Box, Page, Source, Word
from baocao_etl.settings import Settings
from baocao_etl.structure import segment
from baocao_etl.structure.furniture import is_furniture
from baocao_etl.structure.lines import page_lines
from tests.structure.drawn_tables import DrawnTable

SOURCE = Source(path="12_BC.pdf", sha256="0" * 64, size=1, media_type="application/pdf")
PIECES = (
    "ỦY BAN NHÂN DÂN", "TỈNH PHÚ YÊN", "SỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc", "Số: 12/BC-SNV", "Số: /UBND-TH", "Phú Yên, ngày 5 tháng 7 năm 2021",
    "BÁO CÁO", "Về việc thử nghiệm", "V/v thử", "Kính gửi: Các sở", "I. KẾT QUẢ", "1. Tiếp nhận hồ sơ",
    "Thực hiện kế hoạch của tỉnh,", "TT", "Chỉ tiêu", "12,5", "1.204", "3", "|", "_", "Nơi nhận:",
    "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "PHỤ LỤC", "Ký bởi: Sở Nội vụ", "DỰ THẢO", "Trần Văn An", "./.",
)  # fmt: skip


def scatter(rng: random.Random, count: int) -> Page:
    """Write pieces at random places of a page, on lines that are more or less even."""
    drawn = DrawnTable([], [])
    for _ in range(count):
        x, y = rng.uniform(20, 500), 12.0 * rng.randint(2, 40)
        drawn.write(rng.choice(PIECES), x, x, y)
    return drawn.page(rng, rng.choice((0.0, 1.0, 6.0)))


@hypothesis_settings(max_examples=80)
@given(st.integers(0, 100_000), st.integers(1, 60), st.integers(1, 3))
def test_every_line_of_scattered_words_is_placed_once(seed: int, count: int, number: int) -> None:
    rng = random.Random(seed)
    pages = [scatter(rng, count).model_copy(update={"number": n}) for n in range(1, number + 1)]
    lines = [line for page in pages for line in page_lines(page)]
    flags = is_furniture(lines, Settings().tables)
    documents = segment(SOURCE, pages, Settings())
    placed = [
        span
        for document in documents
        for section in document.sections
        for spans in section.paragraphs
        for span in spans
    ]
    assert sorted(placed) == sorted(
        x.span for x, drop in zip(lines, flags, strict=True) if not drop
    )
    assert sum(len(document.pages) for document in documents) == number


def test_what_is_written_in_the_margin_is_no_label() -> None:
    drawn = DrawnTable([], [])
    for text, x, y in (
        ("Kính gửi: Các phòng, ban thuộc huyện;", 240, 40),
        ("1 -", 20, 54),
        ("Ủy ban nhân dân các xã, thị trấn.", 240, 54),
        (":", 5, 80),
        ("Thời gian qua, việc trực lũ tại 12 trạm bơm được giữ vững.", 130, 80),
    ):
        drawn.write(text, x, x, y)
    (document,) = segment(SOURCE, [drawn.page(random.Random(0), 0.0)], Settings())
    assert [section.path for section in document.sections if section.label] == []


def test_a_stamp_and_an_indented_paragraph_end_the_subject() -> None:
    drawn = DrawnTable([], [])
    for text, x, y in (
        ("BÁO CÁO", 290, 40),
        ("Kết quả rà soát hộ nghèo năm 2021", 240, 54),
        ("ĐẾN cả", 20, 68),
        ("Thực hiện kế hoạch rà soát hộ nghèo của tỉnh, huyện đã tổ chức", 130, 80),
        ("rà soát tại 12 xã, thị trấn và tổng hợp kết quả của các đơn vị như", 100, 94),
    ):
        drawn.write(text, x, x, y)
    page = drawn.page(random.Random(0), 0.0)
    assert page.words[-1].box
    right = max(w.box.x1 for w in page.words if w.box)
    words = tuple(
        w._replace(box=w.box._replace(x1=right)) if w.box and w.text in {"chức", "như"} else w
        for w in page.words
    )
    (document,) = segment(SOURCE, [page.model_copy(update={"words": words})], Settings())
    assert document.letterhead.subject == "Kết quả rà soát hộ nghèo năm 2021"


@pytest.mark.parametrize(
    ("first", "second", "x"),
    [
        ("Xã Vân Hà có 9 thôn, 2.110 hộ với nghề chính là mộc, chạm khắc", "gỗ.", 100),
        ("Xã Vân Hà nằm ở phía đông của huyện.", "Toàn xã có 9 thôn và 2.110 hộ.", 130),
    ],
)
def test_a_paragraph_right_under_the_subject_is_none_of_it(first: str, second: str, x: int) -> None:
    drawn = DrawnTable([], [])
    for text, left, y in (
        ("BÁO CÁO", 290, 40),
        ("Kết quả phát triển làng nghề năm 2021", 240, 54),
        (first, 130, 68),
        (second, x, 82),
        ("Trong năm, nghề mộc của xã đã có thêm 12 xưởng, thu hút", 130, 96),
        ("hơn 300 lao động của xã và các xã lân cận vào làm thường", 100, 110),
        ("xuyên với thu nhập ổn định, đời sống được nâng lên nhiều.", 100, 124),
    ):
        drawn.write(text, left, left, y)
    page = drawn.page(random.Random(0), 0.0)
    right = max(w.box.x1 for w in page.words if w.box)
    last = {"khắc", "hút", "thường", "nhiều."}
    words = tuple(
        w._replace(box=w.box._replace(x1=right)) if w.box and w.text in last else w
        for w in page.words
    )
    (document,) = segment(SOURCE, [page.model_copy(update={"words": words})], Settings())
    assert document.letterhead.subject == "Kết quả phát triển làng nghề năm 2021"


def test_a_title_of_a_bulletin_need_not_be_larger_than_its_text() -> None:
    """It is set off by white, and not indented; the numbering of the article before ends there."""
    body = "Vụ này xã đã gieo cấy hết 410 ha lúa và 35 ha ngô."
    rows = (
        ("Được mùa lúa", 80, 14), ("", 0, 0), (body, 94, 9), ("1. Chọn giống ngắn ngày.", 94, 9),
        ("2. Bón lót đủ.", 94, 9), ("", 0, 0), ("Thêm hai xã", 80, 9), ("về đích", 80, 9), ("", 0, 0),
        ("Hai xã đã về đích với 19 tiêu chí.", 94, 9),
    )  # fmt: skip
    raw, words = "", []
    for number, (text, left, height) in enumerate(rows, start=1):
        for k, word in enumerate(text.split()):
            raw += " " * (k > 0)
            x = left + 30.0 * k
            box = Box(x, 20.0 * number, x + 25, 20.0 * number + height)
            words.append(Word(word, word, len(raw), number, box))
            raw += word
        raw += "\n"
    page = Page(number=1, text_origin="ocr", raw_text=raw, words=tuple(words))
    (document,) = segment(SOURCE, [page], Settings())
    titles = [s.title for s in document.sections if s.kind == "article"]
    assert titles == ["Được mùa lúa", "Thêm hai xã về đích"]
    assert document.sections[-1].path == ""
