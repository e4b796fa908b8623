"""Character sets, fonts, case, and UTF-8 misread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Page
from baocao_etl.repair import decoded_score, repair_page, vietnamese_score, words_of
from baocao_etl.repair.encodings import mend_encoding
from baocao_etl.repair.legacy import (
    AS_IS,
    CHARSETS,
    STATES,
    case_back,
    detect,
    font_hint,
    load_charset,
)
from baocao_etl.repair.legacy.detect import USUAL, posteriors
from baocao_etl.repair.legacy.mojibake import CODEPAGES, rejoin, undo
from baocao_etl.repair.legacy.tcvn3 import restore_u
from baocao_etl.repair.orthography import MARKED_LETTERS
from baocao_etl.settings import Settings

TABLES = Dictionaries()
SMALL = "".join(c for c in MARKED_LETTERS if c.islower())


def letters_of(name: str) -> str:
    return "".join(load_charset(TABLES, name).codes)


@pytest.mark.parametrize("name", CHARSETS)
def test_every_set_has_its_letters(name: str) -> None:
    expected = SMALL + "ĂÂÊÔƠƯĐ" if name == "tcvn3" else MARKED_LETTERS
    assert sorted(letters_of(name)) == sorted(expected)


@pytest.mark.parametrize("name", CHARSETS)
@given(data=st.data())
def test_decoding_undoes_encoding(name: str, data: st.DataObject) -> None:
    # VNI writes a vowel and its marks: plain vowels before bare marks cannot come from it.
    text = data.draw(st.text(st.sampled_from(letters_of(name) + "bcdghklmnprstvxBCD .,-")))
    charset = load_charset(TABLES, name)
    surface = charset.encode(text)
    assert surface is not None
    assert charset.decode(surface) == (text, 0)


@pytest.mark.parametrize("name", CHARSETS)
@given(st.text())
def test_decoding_is_total(name: str, text: str) -> None:
    decoded, strays = load_charset(TABLES, name).decode(text)
    assert len(decoded) <= len(text)
    assert 0 <= strays <= len(text)


@pytest.mark.parametrize(
    ("name", "surface", "text"),
    [
        ("tcvn3", "B¸o c¸o T×nh h×nh thùc hiÖn", "Báo cáo Tình hình thực hiện"),
        ("tcvn3", "n−íc x∙ Q§-TTg 5−10", "nước xã QĐ-TTg 5−10"),
        ("vni", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("vni", "ÑOÄC LAÄP - TÖÏ DO - HAÏNH PHUÙC", "ĐỘC LẬP - TỰ DO - HẠNH PHÚC"),
        ("viscii", "Vi®t Nam ÐÕc lập"[:8], "Việt Nam"),
        ("vps", "ViŒt Nam", "Việt Nam"),
    ],
)
def test_known_texts(name: str, surface: str, text: str) -> None:
    assert load_charset(TABLES, name).decode(surface)[0] == text


@pytest.mark.parametrize(
    ("name", "charset", "capitals"),
    [
        (".VnTime", "tcvn3", False), (".VnTimeH", "tcvn3", True), ("FBHPEM+VnTime", "tcvn3", False),
        ("FBHPFO+VnTimeHBold", "tcvn3", True), ("ABCDEF+.VnTimeH,Bold", "tcvn3", True),
        (".Vn3DH", "tcvn3", True), (".VnArial NarrowH", "tcvn3", True), (".VnHelvetIns", "tcvn3", False),
        ("VNI-Times", "vni", False), ("VNI-Helve-Bold", "vni", False), ("VPS Times", "vps", False),
        ("VI Times New Roman", "viscii", False),
    ],
)  # fmt: skip
def test_font_names_tell_the_set(name: str, charset: str, capitals: bool) -> None:
    assert font_hint(TABLES, name) == (charset, capitals)


@pytest.mark.parametrize("name", ["TimesNewRomanPSMT", "ABCDEF+Arial,Bold", "Helvetica", "", "Vnu"])
def test_other_fonts_tell_nothing(name: str) -> None:
    assert font_hint(TABLES, name) is None


@pytest.mark.parametrize(
    ("decoded", "meant"),
    [
        ("SắC LệNH", "SẮC LỆNH"), ("NGHị ĐịNH CủA CHíNH PHủ", "NGHỊ ĐỊNH CỦA CHÍNH PHỦ"),
        ("Số 12 của Chính phủ", "Số 12 của Chính phủ"), ("UBND xã Hà An", "UBND xã Hà An"),
        ("ủY BAN NHÂN DÂN", "ỦY BAN NHÂN DÂN"), ("NHữNG QUY địNH cHUNG", "NHỮNG QUY địNH cHUNG"),
        ("Để thực hiện", "Để thực hiện"), ("", ""),
    ],
)  # fmt: skip
def test_capitals_come_back(decoded: str, meant: str) -> None:
    assert " ".join(case_back(decoded.split(" "))) == meant


@given(st.lists(st.text()))
def test_case_back_changes_nothing_but_case(words: list[str]) -> None:
    raised = case_back(words)
    assert [w.upper() for w in raised] == [w.upper() for w in words]
    assert case_back(raised) == raised


@pytest.mark.parametrize(
    ("lost", "meant"),
    [
        ("n-ớc", "nước"), ("nớc", "nước"), ("đợc", "được"), ("tr-ờng,", "trường,"), ("t-", "tư"),
        ("TR-ờNG", "TRườNG"), ("kinh-tế", "kinh-tế"), ("QĐ-TTg", "QĐ-TTg"), ("-", "-"),
        ("99C-061", "99C-061"), ("5-10", "5-10"), ("mơ", "mơ"), ("e-mail", "e-mail"),
    ],
)  # fmt: skip
def test_the_lost_u_comes_back(lost: str, meant: str) -> None:
    assert restore_u(TABLES, lost) == meant


@pytest.mark.parametrize("codepage", CODEPAGES)
@given(text=st.text(st.sampled_from(MARKED_LETTERS), min_size=1, max_size=6))
def test_misread_utf8_is_undone_where_no_byte_was_lost(codepage: str, text: str) -> None:
    surface = text.encode().decode(codepage, errors="replace")
    if "\ufffd" not in surface:
        assert undo(surface, codepage, lambda found: float(found == text)) == text


@pytest.mark.parametrize("codepage", CODEPAGES)
@given(text=st.text())
def test_undoing_is_total(codepage: str, text: str) -> None:
    undo(text, codepage, lambda found: -float(len(found)))
    assert len(rejoin(text, str.isalpha)) == len(text)


@given(st.lists(st.text(), max_size=8))
def test_detection_is_total(words: list[str]) -> None:
    choices = detect(words, TABLES)
    assert len(choices) == len(words)
    assert all(c.state in STATES and 0 <= c.confidence <= 1 for c in choices)


def test_posteriors_follow_the_evidence() -> None:
    flat = [0.0] * len(STATES)
    telling = [10.0 if state == "vni" else -20.0 for state in STATES]
    found = posteriors([flat, telling, flat], USUAL)
    vni = STATES.index("vni")
    assert all(abs(sum(row) - 1) < 1e-9 for row in found)
    assert found[1][vni] > 0.99
    assert found[0][vni] > 0.9  # the neighbour carries over
    alone = posteriors([flat], USUAL)[0]
    assert alone[STATES.index(AS_IS)] == pytest.approx(USUAL[AS_IS])


def legacy_page(text: str, font: str) -> Page:
    """A page whose layer is `text` in the codes of TCVN3, set in `font`."""
    raw = load_charset(TABLES, "tcvn3").encode(text)
    assert raw is not None
    words = words_of(raw)
    return Page(
        number=1, text_origin="layer", raw_text=raw, words=words, fonts=(font,) * len(words)
    )


def test_a_font_for_capitals_gets_its_case_back() -> None:
    page = legacy_page("cộng hòa xã hội chủ nghĩa việt nam", "ABCDEF+.VnTimeH")
    done = repair_page(page, Settings())
    assert " ".join(w.text for w in done.words) == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert " ".join(w.raw for w in done.words) == page.raw_text
    assert all(c.reason for c in done.corrections)
    small = repair_page(legacy_page("cộng hòa xã hội chủ nghĩa", ".VnTime"), Settings())
    assert " ".join(w.text for w in small.words) == "cộng hòa xã hội chủ nghĩa"


@pytest.mark.parametrize("charset", ["tcvn3", "vni", "vps", "viscii"])
def test_text_in_a_legacy_set_is_known_to_be_decodable(charset: str) -> None:
    text = "Báo cáo tình hình thực hiện nhiệm vụ và giải quyết thủ tục hành chính của huyện " * 4
    raw = load_charset(TABLES, charset).encode(text)
    assert raw is not None
    assert vietnamese_score(raw, Settings()) < 0.5 <= decoded_score(raw, Settings())
    assert decoded_score(text, Settings()) == 0
    assert decoded_score("The quick brown fox jumps over the lazy dog", Settings()) == 0


def test_a_dash_by_itself_is_a_letter_where_the_set_has_one_there() -> None:
    raw = load_charset(TABLES, "viscii").encode("Ở mức độ này các hồ sơ đều được giải quyết")
    assert raw is not None
    assert raw.startswith("—")
    assert mend_encoding(raw, TABLES).text == "Ở mức độ này các hồ sơ đều được giải quyết"
    assert mend_encoding("— mức độ này", TABLES).text == "— mức độ này"
