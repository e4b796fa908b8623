"""Outlines drawn at random, their labels bent or eaten as OCR does, are parsed back."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baocao_etl.models import Page, Word
from baocao_etl.structure.lines import Line, page_lines
from baocao_etl.structure.numbering import LETTERS, ROMAN
from baocao_etl.structure.outline import find_headings, path_of

SENTENCE = "Đã chỉ đạo các cơ quan, đơn vị thực hiện đầy đủ các nhiệm vụ được giao trong năm."


class Style(NamedTuple):
    """A family as its author prints it: label, path, whether titles are in capitals, and its bends."""

    printed: Callable[[Sequence[int]], str]
    cited: Callable[[Sequence[int]], str]
    capitals: bool
    bends: dict[str, str]
    most: int


def _last(form: str) -> Callable[[Sequence[int]], str]:
    return lambda at: form.format(at[-1])


PART = Style(lambda at: f"{'ABCD'[at[-1] - 1]}.", lambda at: "ABCD"[at[-1] - 1], True, {}, 4)
ROMAN_ = Style(
    lambda at: f"{ROMAN[at[-1]]}.", lambda at: ROMAN[at[-1]], True,
    {"II.": "Il.", "III.": "111.", "IV.": "lV.", "VI.": "VL.", "V.": "V,"}, 6,
)  # fmt: skip
ARABIC = Style(
    _last("{}."), _last("{}"), False, {"2.": "2", "3.": "3,", "5.": "5", "6.": "ó.", "4.": "4,"}, 6
)
DECIMAL = Style(
    lambda at: f"{at[-2]}.{at[-1]}.", lambda at: str(at[-1]), False, {"1.2.": "1.2", "2.2.": "2.2"}, 4
)  # fmt: skip
LETTER = Style(
    lambda at: f"{LETTERS[at[-1] - 1]})", lambda at: LETTERS[at[-1] - 1], False,
    {"b)": "6)", "c)": "©)", "đ)": "d)"}, 6,
)  # fmt: skip
LETTER_DOT = Style(
    lambda at: f"{LETTERS[at[-1] - 1]}.", lambda at: LETTERS[at[-1] - 1], False, {"c.": "C."}, 4
)
NUMBER = Style(_last("({})"), _last("{}"), False, {"(1)": "1)"}, 4)
ARTICLE = Style(_last("Điều {}."), _last("Đ{}"), False, {"Điều 2.": "Điêu 2."}, 5)
SCHEMES = (
    (PART, ROMAN_, ARABIC, LETTER),
    (ROMAN_, ARABIC, DECIMAL, LETTER),
    (ROMAN_, ARABIC, LETTER_DOT),
    (ARTICLE, ARABIC, LETTER),
    (PART, ARABIC, NUMBER),
    (ARABIC, DECIMAL, LETTER),
)


def lines_of(texts: Sequence[str]) -> list[Line]:
    """Return the lines of one page that holds `texts`, a blank line between any two."""
    raw, words = "\n\n".join(texts), []
    at = 0
    for number, text in enumerate(texts, start=1):
        for token in text.split():
            at = raw.index(token, at)
            words.append(Word(token, token, at, number))
            at += len(token)
    return page_lines(Page(number=1, text_origin="text", raw_text=raw, words=tuple(words)))


def paths_in(texts: Sequence[str]) -> list[str]:
    return [path_of(heading.levels) for heading in find_headings(lines_of(texts))]


def drawn(
    scheme: Sequence[Style], rng: random.Random, at: tuple[int, ...] = (), path: str = ""
) -> Iterator[tuple[str, str, Style]]:
    """Yield label, path and style of each heading of an outline; no level has a lone member."""
    style, *below = scheme
    for n in range(1, rng.randint(2, style.most) + 1):
        here = (*at, n)
        cited = ".".join(part for part in (path, style.cited(here)) if part)
        yield style.printed(here), cited, style
        if below and rng.random() < 0.6:
            yield from drawn(below, rng, here, cited)


@hypothesis_settings(max_examples=120)
@given(st.sampled_from(SCHEMES), st.integers(0, 1_000_000))
def test_a_drawn_outline_is_parsed_back(scheme: tuple[Style, ...], seed: int) -> None:
    rng = random.Random(seed)
    texts, expected = [], []
    whole = True
    for label, path, style in drawn(scheme, rng):
        # Bent labels stand apart, as two in a row would be another numbering's right ones.
        bent = style.bends.get(label) if whole and rng.random() < 0.25 else None
        whole = bent is None
        title = "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH" if style.capitals else "Công tác chỉ đạo, điều hành"
        texts += [f"{bent or label} {title}", SENTENCE]
        expected.append(path)
    assert paths_in(texts) == expected


@hypothesis_settings(max_examples=60)
@given(st.integers(3, 8), st.data())
def test_an_eaten_label_between_its_siblings_is_filled_in(count: int, data: st.DataObject) -> None:
    eaten = data.draw(st.integers(2, count - 1))
    texts = []
    for n in range(1, count + 1):
        texts += [". Công tác" if n == eaten else f"{n}. Công tác", SENTENCE]
    assert paths_in(texts) == [str(n) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("texts", "paths"),
    [
        (["I. KẾT QUẢ", "111. KIẾN NGHỊ"], ["I", "III"]),
        (["II. TÌNH HÌNH", ". Kết quả", "IV. KIẾN NGHỊ"], ["II", "III", "IV"]),
        (["5. Nhân lực", "6 Hạ tầng", "7. Kinh phí"], ["5", "6", "7"]),
        (["a. Một", "b. Hai", "C. Ba", "d. Bốn"], ["a", "b", "c", "d"]),
        (["Tt. Mở đầu", "2. Kết quả", "3. Kiến nghị"], ["1", "2", "3"]),
        (
            ["I. KẾT QUẢ", "1. Một", "2. Hai", "1. Ba", "2. Bốn", "3. Năm"],
            ["I", "I.1", "I.2", "I.1", "I.2", "I.3"],
        ),
        (["1. Một", "2020. Năm nay", "12/NQ-HĐND", "2. Hai"], ["1", "2"]),
        (
            ["Phần thứ nhất", "I. KẾT QUẢ", "II. TỒN TẠI", "Phần thứ hai", "I. MỤC TIÊU"],
            ["", "I", "II", "", "I"],
        ),
        (
            ["Chương I", "Điều 1. Phạm vi", "Điều 2. Đối tượng", "Chương II", "Điều 3. Hiệu lực"],
            ["", "Đ1", "Đ2", "", "Đ3"],
        ),
        (
            ["1. Ưu điểm", "Một là, tốt.", "Hai là, rất tốt.", "2. Hạn chế", "Một là, ít."],
            ["1", "1", "1", "2", "2"],
        ),
        (
            ["A. KẾT QUẢ", ". Công tác", "1. Một", "II. Dân số", "B. HẠN CHẾ", "I. Về", "II. Do"],
            ["A", "A.I", "A.I.1", "A.II", "B", "B.I", "B.II"],
        ),
        (
            ["Điều 1. Duyệt kế hoạch", "I. MỤC TIÊU", "1. Chung", "II. VỐN", "Điều 2. Hiệu lực"],
            ["Đ1", "Đ1.I", "Đ1.I.1", "Đ1.II", "Đ2"],
        ),
        (
            ["1. Một", "1.1. Hai", "-_1,2, Ba", "1.3. Bốn", "2. Năm"],
            ["1", "1.1", "1.2", "1.3", "2"],
        ),
        (["đ) Kế hoạch", "e) Tài chính", "8) Vật tư", "h) Khác"], ["đ", "e", "g", "h"]),
        (["Điều '1. Phạm vi", "„1, Một", "_2. Hai", ". _ 3. Ba"], ["Đ1", "Đ1.1", "Đ1.2", "Đ1.3"]),
        (
            ["Điều 4. Cơ cấu", *(f"{x}) Phòng" for x in "abcdđeghik1m")],
            ["Đ4", *(f"Đ4.{x}" for x in "abcdđeghiklm")],
        ),
        (
            ["I. KẾT QUẢ", "1. Một", "II. TỒN TẠI", "1. Hai", "1. NHIỆM VỤ", "1. Ba", "2. Bốn"],
            ["I", "I.1", "II", "II.1", "III", "III.1", "III.2"],
        ),
        (
            ["A. KẾT QUẢ", "- 1, CÔNG TÁC ĐẢNG", "1. Một", "2. Hai", "1. CÔNG TÁC ĐOÀN",
             "1. Ba", "2. Bốn", "III. CÔNG TÁC HỘI", "1. Năm", "IV. CÔNG TÁC KHÁC"],
            ["A", "A.I", "A.I.1", "A.I.2", "A.II", "A.II.1", "A.II.2", "A.III", "A.III.1", "A.IV"],
        ),
        (["A. KẾT QUẢ", "I. Một", "-B. NHIỆM VỤ TỚI", "I. Hai"], ["A", "A.I", "B", "B.I"]),
        (["1. Một", "h) Đất", "b) Rừng", "2. Hai", "a) Nước", "h) Biển"],
         ["1", "1.a", "1.b", "2", "2.a", "2.b"]),
    ],
)  # fmt: skip
def test_labels_are_read_by_their_neighbours(texts: list[str], paths: list[str]) -> None:
    body = [line for text in texts for line in (text, SENTENCE)]
    assert paths_in(body) == paths


def test_a_number_inside_a_sentence_is_no_section() -> None:
    texts = ["1. Ban hành văn bản", SENTENCE.removesuffix("."), "2. của Luật Ngân sách nhà nước."]
    raw = "\n".join(texts)
    words, at = [], 0
    for number, text in enumerate(texts, start=1):
        for token in text.split():
            at = raw.index(token, at)
            words.append(Word(token, token, at, number))
            at += len(token)
    page = Page(number=1, text_origin="text", raw_text=raw, words=tuple(words))
    assert [path_of(h.levels) for h in find_headings(page_lines(page))] == ["1"]
