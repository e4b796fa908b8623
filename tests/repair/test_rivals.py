from __future__ import annotations

from baocao_etl.models import Page
from baocao_etl.repair import repair_page, words_of
from baocao_etl.settings import Settings

SETTINGS = Settings()
LINE = "Ủy ban nhân dân huyện thực hiện {} sử dụng đất theo quy định của pháp luật"


def page_with(word: str, rivals: tuple[tuple[str, float], ...]) -> Page:
    text = LINE.format(word)
    words = words_of(text)
    return Page(
        number=1, text_origin="ocr", raw_text=text, words=words,
        rivals=tuple(rivals if w.raw == word else () for w in words),
    )  # fmt: skip


def test_the_sentence_decides_between_rivals() -> None:
    page = page_with("quyên", (("quyền", -0.7), ("quyển", -1.1)))
    done = repair_page(page, SETTINGS)
    assert "thực hiện quyền sử dụng đất" in done.text
    assert [(c.raw, c.text) for c in done.corrections] == [("quyên", "quyền")]
    assert done.rivals == ()


def test_a_rival_that_the_engine_hardly_believes_does_not_win() -> None:
    page = page_with("quyền", (("quyển", -8.0),))
    done = repair_page(page, SETTINGS)
    assert done.text == page.raw_text
    assert done.corrections == ()


def test_rivals_of_a_word_between_punctuation_keep_it() -> None:
    page = page_with('"quyên",', (('"quyền",', -0.5), ('"quyên".', -0.2)))
    assert 'thực hiện "quyền", sử dụng' in repair_page(page, SETTINGS).text


def test_a_number_stays_whatever_its_rivals() -> None:
    page = page_with("3110", (("3170", 0.5), ("3710", 0.4)))
    assert "3110" in repair_page(page, SETTINGS).text
