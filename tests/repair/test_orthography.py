"""Spelling of the syllable: parts, tone placement, well-formedness, stripping."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair.orthography import (
    MARKED_LETTERS,
    Syllable,
    Tone,
    decompose,
    is_wellformed_syllable,
    normalise_tone,
    same_spelling,
    split_tone,
    strip_diacritics,
)

ROWS = Dictionaries().rows("orthography")
ONSETS = [""] + [row["spelling"] for row in ROWS if row["kind"] == "onset"]
RIMES = [row["spelling"] for row in ROWS if row["kind"] == "rime"]
syllables = st.builds(
    Syllable, st.sampled_from(ONSETS), st.sampled_from(RIMES), st.sampled_from(list(Tone))
)
vietnamese = st.text(st.sampled_from(MARKED_LETTERS + "abcdeghiklmnopqrstuvxyABCDE -.,1"))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("hoà", "hòa"), ("hòa", "hòa"), ("thuỷ", "thủy"), ("THUỶ", "THỦY"), ("Khoẻ", "Khỏe"),
        ("qúy", "quý"), ("quý", "quý"), ("qùa", "quà"), ("gìa", "già"), ("gì", "gì"),
        ("giếng", "giếng"), ("huỳnh", "huỳnh"), ("hoàn", "hoàn"), ("ngoài", "ngoài"),
        ("khuỷu", "khuỷu"), ("của", "của"), ("mía", "mía"), ("được", "được"), ("thuở", "thuở"),
        ("UỶ", "ỦY"), ("(Hoá-Tuỳ)", "(Hóa-Tùy)"), ("café", "café"), ("Đắk", "Đắk"), ("", ""),
        ("hoa\u0300", "hòa"),
    ],
)  # fmt: skip
def test_the_tone_mark_goes_to_its_canonical_place(written: str, canonical: str) -> None:
    assert normalise_tone(written) == canonical
    assert same_spelling(written, canonical)


def test_other_tones_are_other_spellings() -> None:
    assert not same_spelling("hòa", "hóa")
    assert not same_spelling("lý", "lí")
    assert same_spelling("HOÀ", "hòa")


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("gì", ("gi", "i", Tone.HUYEN)), ("giết", ("gi", "iêt", Tone.SAC)),
        ("già", ("gi", "a", Tone.HUYEN)), ("quốc", ("qu", "ôc", Tone.SAC)),
        ("nghiêng", ("ngh", "iêng", Tone.NGANG)), ("Nguyễn", ("ng", "uyên", Tone.NGA)),
        ("UỶ", ("", "uy", Tone.HOI)), ("hoà", ("h", "oa", Tone.HUYEN)),
        ("Đường", ("đ", "ương", Tone.HUYEN)),
    ],
)  # fmt: skip
def test_a_syllable_comes_apart(word: str, parts: tuple[str, str, Tone]) -> None:
    assert decompose(word) == parts


@pytest.mark.parametrize("word", ["", "b", "NĐ", "hoà,", "ngườì", "3", "strength", "aeiou"])
def test_what_is_no_syllable_does_not_come_apart(word: str) -> None:
    assert decompose(word) is None
    assert not is_wellformed_syllable(word)


REAL = "nghiệp nguyễn quốc quyết quỳnh yên yết yêu ý kỹ gì giếng khuya thuở buýt boong uỷ ủy oan"
BROKEN = "nghành cế ká gế nghy đắk các̀ hát̉ bôch quô tèc yâm ngê boa muê"


@pytest.mark.parametrize("word", REAL.split())
def test_real_syllables_are_wellformed(word: str) -> None:
    assert is_wellformed_syllable(word)


@pytest.mark.parametrize("word", BROKEN.split())
def test_what_breaks_a_rule_is_not(word: str) -> None:
    assert not is_wellformed_syllable(word)


@given(syllables)
def test_spelling_and_decomposing_are_inverse(syllable: Syllable) -> None:
    word = syllable.spelling()
    if is_wellformed_syllable(word):
        apart = decompose(word)
        assert apart is not None
        assert apart.spelling() == word
        assert normalise_tone(word) == word
        assert normalise_tone(word.upper()) == word.upper()


@given(st.text())
def test_normalising_is_total_and_idempotent(text: str) -> None:
    once = normalise_tone(text)
    assert normalise_tone(once) == once
    assert len(once) == len(unicodedata.normalize("NFC", text))


@given(st.text() | vietnamese)
def test_nothing_raises(text: str) -> None:
    decompose(text)
    is_wellformed_syllable(text)
    split_tone(text)
    assert same_spelling(text, text)


@given(vietnamese)
def test_stripping_leaves_ascii_and_the_length(text: str) -> None:
    stripped = strip_diacritics(text)
    assert stripped.isascii()
    assert len(stripped) == len(text)
    assert [c.isupper() for c in stripped] == [c.isupper() for c in text]
    assert strip_diacritics(unicodedata.normalize("NFD", text)) == stripped


def test_there_are_134_marked_letters() -> None:
    assert len(set(MARKED_LETTERS)) == 134
    assert strip_diacritics("Đường Ðỏ, ưỡn ỰA ç") == "Duong Do, uon UA ç"
