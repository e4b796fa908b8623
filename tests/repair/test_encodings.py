"""Encodings mended: what is damaged comes back, what is clean stays."""

from __future__ import annotations

import time
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair.encodings import is_suspicious, mend_encoding, mend_words, survey
from baocao_etl.repair.legacy import CHARSETS, load_charset
from baocao_etl.repair.orthography import MARKED_LETTERS, strip_diacritics

if TYPE_CHECKING:
    from pathlib import Path

TABLES = Dictionaries()
LINE = "Ủy ban nhân dân huyện báo cáo tình hình thực hiện cải cách hành chính quý III năm 2019"
CLEAN = [
    LINE,
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "hoà bình, toà án, khoẻ mạnh, thuỷ lợi",
    "mét",
    "Hà Nam; Sóc Trăng – “Hòa Bình”…",
    "café, François, Müller, Ångström, naïve",
    "L'État français a été élu à Genève, où il était né; ça va?",
    "El niño comió jalapeños en São Paulo",
    "Straße, Größe und Übermut für Köln",
    "1.234,5 m² – 37 °C ± 0,5 © 2019 Windows® 10 §5",
    "Москва и Τρίτη",
    "Report 05/BC-UBND, e-mail: a-b@c.vn",
    "",
]

vietnamese = st.text(
    st.sampled_from(
        MARKED_LETTERS + "abcdeghiklmnopqrstuvxyABCDEGHIKLMNOPQRSTUVXY 0123456789.,;-/\n"
    )
)
known = [row["word"] for row in TABLES.rows("encodings/profile")][:2000]
sentences = st.lists(st.sampled_from(known), min_size=1, max_size=20).map(" ".join)
damaged = st.text(
    st.characters(max_codepoint=0x2FF)
    | st.sampled_from("−∙“”‘’–—…•€‚ƒ„†‡ˆ‰Š‹ŒŽ™š›œžŸ\u0300\u0323ƣаеΑ")
)


@pytest.mark.parametrize("line", CLEAN)
def test_clean_text_stays(line: str) -> None:
    assert mend_encoding(line, TABLES) == (line, None, 1.0)
    words = line.split()
    assert [m.text for m in mend_words(words, TABLES)] == words


@given(sentences)
def test_clean_sentences_stay(line: str) -> None:
    assert mend_encoding(line, TABLES).text == line
    assert mend_encoding(line.upper(), TABLES).text == line.upper()


@given(vietnamese)
def test_clean_letters_stay(text: str) -> None:
    assert mend_encoding(text, TABLES).text == text


@pytest.mark.parametrize(
    ("damaged", "meant", "reason"),
    [
        ("B¸o c¸o T×nh h×nh thùc hiÖn", "Báo cáo Tình hình thực hiện", "tcvn3"),
        ("NGHÞ §ÞNH CñA CHÝNH PHñ", "NGHỊ ĐỊNH CỦA CHÍNH PHỦ", "tcvn3+capitals"),
        ("Bé tr\xadëng Bé KÕ ho¹ch vµ §Çu t\xad", "Bộ trưởng Bộ Kế hoạch và Đầu tư", "tcvn3"),
        ("n-íc ®-îc tr-êng th«ng t- ph-¬ng", "nước được trường thông tư phương", "tcvn3"),
        ("Coäng hoøa xaõ hoäi chuû nghóa", "Cộng hòa xã hội chủ nghĩa", "vni"),
        ("Viá»‡t Nam Ä‘á»“ng", "Việt Nam đồng", "utf8-cp1252"),
        ("lÃ  má»™t, lÃ m viá»‡c", "là một, làm việc", "utf8-cp1252"),
        ("Ðộc lập QÐ-UBND", "Độc lập QĐ-UBND", "lookalike"),
        ("thƣơng mại", "thương mại", "lookalike"),
        ("Н\u1ed9i, сán bộ", "Hội, cán bộ", "lookalike"),
        ("tie\u0302\u0301ng Vie\u0323\u0302t", "tiếng Việt", "nfc"),
        ("tiê \u0301ng Việt", "tiếng Việt", "nfc"),
        ("a\u00adn\u200b ninh\u00a0mạng", "an ninh mạng", "invisible"),
        ("ﬁle báo cáo", "file báo cáo", "lookalike"),
    ],
)
def test_damage_is_mended(damaged: str, meant: str, reason: str) -> None:
    mended = mend_encoding(damaged, TABLES)
    assert mended.text == meant
    assert mended.reason == reason
    assert mended.confidence > 0.9


@pytest.mark.parametrize("name", CHARSETS)
def test_lines_in_a_legacy_set_come_back(name: str) -> None:
    surface = load_charset(TABLES, name).encode(LINE)
    assert surface is not None
    mended = mend_encoding(surface, TABLES)
    assert mended.text.lower() == LINE.lower()
    assert mended.reason is not None
    assert mended.reason.startswith(name)


@pytest.mark.parametrize(
    ("codepage", "errors"), [("cp1252", "replace"), ("cp1258", "replace"), ("cp1258", "ignore")]
)
def test_misread_utf8_comes_back(codepage: str, errors: str) -> None:
    assert mend_encoding(LINE.encode().decode(codepage, errors=errors), TABLES).text == LINE


@pytest.mark.parametrize("name", CHARSETS)
@settings(max_examples=50)
@given(st.lists(st.sampled_from(known), min_size=9, max_size=15, unique=True).map(" ".join))
def test_nine_words_are_enough_to_know_the_set(name: str, line: str) -> None:
    surface = load_charset(TABLES, name).encode(line)
    assert surface is not None
    # Some letters have the same code in several sets: words of those alone tell nothing.
    assume(sum(a != b for a, b in zip(surface.split(" "), line.split(" "), strict=True)) > 5)
    assert mend_encoding(surface, TABLES).text == line


def test_the_font_decides_a_doubtful_word() -> None:
    assert mend_words(["Sè:"], TABLES)[0].text == "Sè:"
    assert mend_words(["Sè:"], TABLES, [".VnTime"])[0].text == "Số:"
    assert mend_encoding("Sè:", TABLES, font="ABCDEF+.VnTime").text == "Số:"


def test_a_capitals_font_gives_the_case_back() -> None:
    words = ["céng", "hoµ", "nam"]
    mended = mend_words(words, TABLES, [".VnTimeH"] * 3)
    assert [m.text for m in mended] == ["CỘNG", "HOÀ", "NAM"]
    assert mended[2].reason == "capitals"


def test_a_font_that_lies_does_not_spoil_unicode() -> None:
    words = LINE.split()
    assert [m.text for m in mend_words(words, TABLES, [".VnTime"] * len(words))] == words


def test_the_page_decides_a_doubtful_line() -> None:
    page = survey([["B¸o", "c¸o", "t×nh", "h×nh", "thùc", "hiÖn", "nhiÖm", "vô"]] * 3, TABLES)
    assert mend_words(["Sè:"], TABLES, page=page)[0].text == "Số:"
    text = "B¸o c¸o t×nh h×nh thùc hiÖn nhiÖm vô n¨m häc\n" * 3
    assert mend_encoding(text + "Sè:", TABLES).text.endswith("học\nSố:")


def test_one_line_may_mix_encodings() -> None:
    mixed = "Ủy ban nhân dân huyện báo cáo: t×nh h×nh thùc hiÖn nhiÖm vô"
    meant = "Ủy ban nhân dân huyện báo cáo: tình hình thực hiện nhiệm vụ"
    assert mend_encoding(mixed, TABLES).text == meant


@given(st.text() | vietnamese | damaged)
def test_mending_is_total_idempotent_and_keeps_lines(text: str) -> None:
    once = mend_encoding(text, TABLES)
    assert mend_encoding(once.text, TABLES).text == once.text
    assert once.text.count("\n") == text.count("\n")
    assert 0 <= once.confidence <= 1
    assert (once.reason is None) == (once.text == text)


@given(st.lists(st.text() | damaged, max_size=8), st.data())
def test_words_stay_one_to_one(words: list[str], data: st.DataObject) -> None:
    fonts = data.draw(
        st.lists(
            st.sampled_from([None, ".VnTime", ".VnTimeH", "VNI-Times", "Arial"]),
            min_size=len(words),
            max_size=len(words),
        )
    )
    assert len(mend_words(words, TABLES)) == len(words)
    assert len(mend_words(words, TABLES, fonts)) == len(words)


@given(vietnamese)
def test_decomposed_text_is_composed(text: str) -> None:
    composed = mend_encoding(unicodedata.normalize("NFD", text), TABLES).text
    assert composed == unicodedata.normalize("NFC", text)


def test_clean_text_passes_at_a_million_syllables_a_second() -> None:
    text = f"{LINE}\n" * 20_000
    assert not is_suspicious(text)
    started = time.process_time()
    assert mend_encoding(text, TABLES).text is text
    assert len(text.split()) / (time.process_time() - started) > 1_000_000


@pytest.mark.shared
def test_text_that_ocr_spoiled_is_not_taken_for_a_legacy_set(shared: Path) -> None:
    for seed in sorted((shared / "seeds").glob("*.txt")):
        raw = seed.read_text(encoding="utf-8")
        mended = mend_encoding(raw, TABLES)
        before, after = raw.split(), mended.text.split()
        assert len(before) == len(after)
        stripped = [
            (strip_diacritics(b), strip_diacritics(a)) for b, a in zip(before, after, strict=True)
        ]
        assert sum(b != a for b, a in stripped) <= len(before) / 1000
