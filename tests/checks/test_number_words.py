from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.checks.number_words import (
    number_readings,
    parse_number_words,
    write_number_words,
)
from baocao_etl.repair.orthography import strip_diacritics

NUMBERS = st.one_of(
    st.integers(0, 10_000),
    st.integers(0, 10**18 - 1),
    st.builds(lambda a, power: a * 10**power, st.integers(1, 999), st.integers(0, 12)),
)


@given(NUMBERS)
def test_words_and_numbers_go_round(value: int) -> None:
    assert parse_number_words(write_number_words(value)) == value


@given(NUMBERS)
def test_marks_and_case_do_not_matter(value: int) -> None:
    assert parse_number_words(strip_diacritics(write_number_words(value)).upper()) == value


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert all(value >= 0 for value in number_readings(text))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("không", 0),
        ("mười", 10),
        ("mười lăm", 15),
        ("hai mươi mốt", 21),
        ("hai mươi tư", 24),
        ("hai mốt", 21),
        ("ba chục", 30),
        ("một trăm linh năm", 105),
        ("một trăm lẻ năm", 105),
        ("trăm rưỡi", 150),
        ("hai trăm rưỡi", 250),
        ("sáu trăm năm hai", 652),
        ("một nghìn không trăm linh năm", 1005),
        ("hai ngàn rưỡi", 2500),
        ("một triệu hai", 1_200_000),
        ("Bốn tỷ sáu trăm năm mươi hai triệu đồng", 4_652_000_000),
        ("Bốn tỷ sáu trăm năm hai triệu đồng", 4_652_000_000),
        ("Bốn tỉ sáu trăm năm hai triêu đông", 4_652_000_000),
        ("Bằng chữ: Ba tỷ năm trăm sáu mươi lăm triệu đồng chẵn./.", 3_565_000_000),
        ("một nghìn hai trăm tỷ", 1_200_000_000_000),
        ("năm vạn", 50_000),
    ],
)
def test_spoken_and_written_forms(words: str, value: int) -> None:
    assert parse_number_words(words) == value


def test_a_spoken_short_form_leaves_a_choice() -> None:
    assert number_readings("sáu trăm năm") == (650, 605)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hai phòng",
        "năm học",
        "đồng",
        "một cửa",
        "ba mươi triệu cây",
        "tỷ lệ",
        "lăm",
        "hai ba bốn năm",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert number_readings(text) == ()


@pytest.mark.parametrize("value", [-1, 10**18])
def test_numbers_out_of_range_are_refused(value: int) -> None:
    with pytest.raises(ValueError, match="not between"):
        write_number_words(value)
