from __future__ import annotations

import gc
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baocao_etl.models import Page, Word
from baocao_etl.repair import lexicon, repair_page, repair_text, vietnamese_score, words_of
from baocao_etl.repair.orthography import strip_diacritics
from baocao_etl.settings import Settings

SETTINGS = Settings()
GOOD = (
    "Ủy ban nhân dân huyện đã tiếp nhận 3.338 hồ sơ, giải quyết đúng hạn 3110 hồ sơ, đạt tỷ lệ 93%. "
    "Các cơ quan, đơn vị tiếp tục thực hiện nghiêm túc quy chế quản lý và sử dụng hệ thống dịch vụ công."
)
STRIPPED = (
    "Thuc hién Cong van s6 276/UBND ngay 29/05/2019 vé viéc bao cio két qua thuc hién cac "
    "co ché, chinh sach, cac van ban QPPL do UBND tinh ban hanh trong giai doan 2015-2018"
)


def page_of(text: str) -> Page:
    return Page(number=1, text_origin="text", raw_text=text, words=words_of(text))


def test_text_read_by_an_english_ocr_comes_back() -> None:
    text, corrections = repair_text(STRIPPED, SETTINGS)
    assert "Thực hiện Công văn số 276/UBND ngày 29/05/2019 về việc báo cáo kết quả" in text
    assert "do UBND tỉnh ban hành trong giai đoạn 2015-2018" in text
    assert all(c.reason for c in corrections)


def test_the_search_for_cycles_is_as_it_was_after_a_page() -> None:
    try:
        for switch in (gc.disable, gc.enable):
            switch()
            before = gc.isenabled()
            repair_text(STRIPPED, SETTINGS)
            assert gc.isenabled() == before
    finally:
        gc.enable()


def test_clean_text_is_left_alone() -> None:
    assert repair_text(GOOD, SETTINGS) == (GOOD, [])
    assert repair_page(page_of(GOOD), SETTINGS).damage == "clean"


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("Đoàn kiêm tra liên ngành", "Đoàn kiểm tra liên ngành"),
        ("tiếp tục đây mạnh chuyển đổi số", "tiếp tục đẩy mạnh chuyển đổi số"),
        ("Hồ sơ được tiêp nhận tại bộ phận một cửa", "Hồ sơ được tiếp nhận tại bộ phận một cửa"),
        ("Hội nghị tông kết công tác năm", "Hội nghị tổng kết công tác năm"),
    ],
)
def test_a_slip_on_a_good_page_comes_back(read: str, printed: str) -> None:
    page = repair_page(page_of(f"{GOOD}\n{read}.\n{GOOD}"), SETTINGS)
    assert page.damage == "clean"
    assert [word.text for word in page.words] == f"{GOOD} {printed}. {GOOD}".split()


@pytest.mark.parametrize(
    "rare",
    [
        "Xóa xong 14 vùng lõm sóng, vùng trắng điện",  # a sibling that is commoner, in no way likelier
        "Ông Phùng Hưng và bà Trịnh Hùng dự họp",
        "Bản ghi của bà con về chiếc mủng đan tre",
        "Nhà máy dừng hoạt động, trạm biến áp tắc nghẽn",
        "theo khoản 4 của thông tư về doanh nghiệp3 nhà nước",  # the mark of a footnote
        "2.Công nghiệp tăng khá; b.2)Hồ sơ, tài liệu; 1.2.Thu ngân sách; II.KẾT QUẢ THỰC HIỆN",
        "b.2) Hồ sơ đăng ký kê khai theo mẫu 1k của Phụ lục, mở cửa từ 8h hằng ngày",
    ],
)
def test_rare_words_of_a_good_page_stay(rare: str) -> None:
    text = f"{GOOD}\n{rare}.\n{GOOD}"
    assert repair_text(text, SETTINGS) == (text, [])


def test_text_without_diacritics_gets_them_back() -> None:
    text, _ = repair_text(strip_diacritics(GOOD), SETTINGS)
    assert text == GOOD


@pytest.mark.parametrize(
    "number", ["3.338", "93%", "29/05/2019", "2015-2018", "4.652.000.000đ", "1995"]
)
def test_numbers_stay(number: str) -> None:
    text, _ = repair_text(f"{STRIPPED} {number} hé so", SETTINGS)
    assert number in text.split()


def test_digits_that_stand_for_letters_become_words() -> None:
    text, _ = repair_text(
        "quan 1y va sir dung h¢ thong dich vu cong truc tuyén mtrc d6 3", SETTINGS
    )
    assert text == "quản lý và sử dụng hệ thống dịch vụ công trực tuyến mức độ 3"


def test_addresses_stay() -> None:
    address = "https://bimson.thanhhoa.gov.vn"
    text, _ = repair_text(f"{STRIPPED} {address}", SETTINGS)
    assert address in text


def test_each_correction_names_what_stood_there() -> None:
    page = repair_page(page_of(STRIPPED), SETTINGS)
    assert page.damage in {"stripped", "dropped"}
    assert page.corrections
    for correction in page.corrections:
        end = correction.offset + len(correction.raw)
        assert page.raw_text[correction.offset : end] == correction.raw
        assert 0 <= correction.confidence <= 1
        assert all(0 <= p <= 1 for _, p in correction.alternatives)


def test_the_score_tells_good_vietnamese_from_damage() -> None:
    assert vietnamese_score(GOOD, SETTINGS) > 0.8
    for bad in (
        STRIPPED,
        strip_diacritics(GOOD),
        "B¸o c¸o T×nh h×nh thùc hiÖn nhiÖm vô c¶i c¸ch hµnh chÝnh n¨m",
        GOOD.encode().decode("cp1252", "replace"),
        "The quick brown fox jumps over the lazy dog and runs away from the old red house",
    ):
        assert vietnamese_score(bad, SETTINGS) < 0.3
    assert vietnamese_score("", SETTINGS) == 0.0


def test_the_lexicon_knows_syllables_and_tone_placement() -> None:
    words = lexicon(SETTINGS)
    assert words.is_syllable("hoà")
    assert words.is_syllable("hòa")
    assert words.is_syllable("NGHIỆP")
    assert not words.is_syllable("hiộn")
    assert words.is_word("UBND")


def test_a_users_words_are_effective_at_once(tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text("word\nKrôngbúk\n", encoding="utf-8")
    own = Settings(dictionaries=tmp_path)
    assert not lexicon(SETTINGS).is_word("Krôngbúk")
    assert lexicon(own).is_word("krôngbúk")
    text, _ = repair_text(f"{STRIPPED} huyén Krôngbúk", own)
    assert text.endswith("huyện Krôngbúk")


TEXTS = st.text(
    alphabet=st.sampled_from(
        "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạéèẽẹíìịóòọúùụ AIJÐĐ0123456789.,;:/-()'¢&\n\t"
    ),
    max_size=120,
)


def with_words(raw_text: str, words: Sequence[Word]) -> str:
    """Return `raw_text` with the words in the places of what was read, a space between those that touch."""
    text, end = "", 0
    for word in words:
        text += raw_text[end : word.offset] + " " * (word.offset == end > 0) + word.text
        end = word.end
    return text + raw_text[end:]


@hypothesis_settings(max_examples=60)
@given(st.one_of(TEXTS, st.text(max_size=60)))
def test_whatever_comes_in_lines_and_offsets_hold(text: str) -> None:
    page = repair_page(page_of(text), SETTINGS)
    assert 0 <= page.quality <= 1
    end = 0
    for word in page.words:
        assert page.raw_text[word.offset : word.end] == word.raw
        assert word.offset >= end
        end = word.end
        assert 0 <= word.confidence <= 1
        assert not any(c.isspace() for c in word.text)
    repaired, _ = repair_text(text, SETTINGS)
    assert repaired == page.text == with_words(text, page.words)
    assert repaired.count("\n") == text.count("\n")


@pytest.mark.shared
def test_clean_reports_come_through(shared: Path) -> None:
    for path in [next((shared / "seeds").glob("001*")), *sorted((shared / "typed").glob("*.txt"))]:
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
        _, corrections = repair_text(text, SETTINGS)
        assert len(corrections) * 2000 <= len(text.split())


SYLLABLES = GOOD.split() + STRIPPED.split() + strip_diacritics(GOOD).split()


@hypothesis_settings(max_examples=40)
@given(st.lists(st.sampled_from(SYLLABLES), min_size=3, max_size=40))
def test_repairing_twice_changes_nothing_more(tokens: list[str]) -> None:
    once, _ = repair_text(" ".join(tokens), SETTINGS)
    assert repair_text(once, SETTINGS)[0] == once


def test_another_language_is_left_alone() -> None:
    text = (
        "The Government has approved the national programme on digital transformation and each "
        "ministry shall report its results to the Prime Minister before the end of the year."
    )
    page = repair_page(page_of(text), SETTINGS)
    assert page.text == text
    assert page.damage == "unreadable"
    assert page.quality < 0.2


def test_wrongly_split_and_joined_words_are_mended() -> None:
    text = STRIPPED.replace("doan", "do an").replace("van ban", "vanban")
    page = repair_page(page_of(text), SETTINGS)
    assert "chính sách, các văn bản QPPL" in page.text
    assert "trong giai đoạn" in page.text
    joined = next(word for word in page.words if word.text == "đoạn")
    assert joined.raw == "do an"
    for word in page.words:
        assert page.raw_text[word.offset : word.end] == word.raw


def test_a_token_without_end_takes_no_longer_than_others() -> None:
    begin = time.process_time()
    text, _ = repair_text(f"{STRIPPED} {'thuchien' * 3000}", SETTINGS)
    assert text.endswith("thuchien")
    assert time.process_time() - begin < 20  # each of its letters was a place to cut it


def test_legacy_encodings_are_decoded_before_anything_else() -> None:
    page = repair_page(
        page_of("B¸o c¸o T×nh h×nh thùc hiÖn nhiÖm vô c¶i c¸ch hµnh chÝnh"), SETTINGS
    )
    assert page.text == "Báo cáo Tình hình thực hiện nhiệm vụ cải cách hành chính"
    assert page.damage == "tcvn3"


def test_document_symbols_keep_their_numbers() -> None:
    text, _ = repair_text(f"{STRIPPED} theo Quyét dinh sé 27/2018/QD-UBND", SETTINGS)
    assert text.endswith("theo Quyết định số 27/2018/QĐ-UBND")
