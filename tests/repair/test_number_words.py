from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.repair.number_words import number_readings
from baocao_etl.repair.orthography import strip_diacritics

NUMBERS = st.one_of(
    st.integers(0, 10_000),
    st.integers(0, 10**18 - 1),
    st.builds(lambda a, power: a * 10**power, st.integers(1, 999), st.integers(0, 12)),
)


WRITTEN = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def spelt(value: int) -> str:
    """Spell a number below 10^18 as official documents do: `một nghìn không trăm linh năm`."""
    return _spell(value) if value else WRITTEN[0]


def _spell(value: int, *, inner: bool = False) -> str:
    """Spell a positive number; `inner` groups name their hundreds even where there are none."""
    for scale, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn")):
        if value >= scale:
            head, tail = divmod(value, scale)
            spelt = f"{_spell(head, inner=inner)} {name}"
            return f"{spelt} {_spell(tail, inner=True)}" if tail else spelt
    return _spell_group(value, inner)


def _spell_group(value: int, inner: bool) -> str:
    hundreds, rest = divmod(value, 100)
    words = [WRITTEN[hundreds], "trăm"] if hundreds or inner else []
    tens, units = divmod(rest, 10)
    if rest and words and not tens:
        return " ".join([*words, "linh", WRITTEN[units]])
    if tens:
        words += ["mười"] if tens == 1 else [WRITTEN[tens], "mươi"]
    if units:
        words.append(_unit(tens, units))
    return " ".join(words)


def _unit(tens: int, units: int) -> str:
    if units == 5 and tens:
        return "lăm"
    if tens > 1 and units in (1, 4):
        return "mốt" if units == 1 else "tư"
    return WRITTEN[units]


@given(NUMBERS)
def test_words_and_numbers_go_round(value: int) -> None:
    assert value in number_readings(spelt(value))


@given(NUMBERS)
def test_marks_and_case_do_not_matter(value: int) -> None:
    assert value in number_readings(strip_diacritics(spelt(value)).upper())


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
    assert number_readings(words)[0] == value


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
