from __future__ import annotations

import pytest

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrLine, OcrWord
from baocao_etl.reading.fusion import merge, weigh
from baocao_etl.reading.language import Language
from baocao_etl.settings import Settings


@pytest.fixture(scope="module")
def language() -> Language:
    return Language.of(Settings())


def words(text: str, confidence: float = 0.8, y: float = 0, shift: float = 0) -> list[OcrWord]:
    found, x = [], shift
    for word in text.split():
        found.append(OcrWord(word, Box(x, y, x + 8 * len(word), y + 14), confidence))
        x += 8 * len(word) + 6
    return found


def reading(found: tuple[OcrWord, ...]) -> str:
    return " ".join(word.text for word in found)


@pytest.mark.parametrize(
    ("ours", "theirs", "wanted"),
    [
        ("ủy ban nhăn dân huyện", "ủy ban nhân dân huyện", "ủy ban nhân dân huyện"),
        ("thủ tục hành chỉnh", "thú tục hành chính", "thủ tục hành chính"),
        ("công nghệ thông tin", "công nghệthông tin", "công nghệ thông tin"),
        ("năm 2020 có 15 xã", "năm 2020 có xã", "năm 2020 có 15 xã"),
    ],
)
def test_the_more_probable_word_wins(
    language: Language, ours: str, theirs: str, wanted: str
) -> None:
    assert reading(weigh(words(ours), words(theirs), language)) == wanted
    assert reading(weigh(words(theirs), words(ours), language)) == wanted


def test_agreement_is_evidence_and_disagreement_doubt(language: Language) -> None:
    found = weigh(words("hồ sơ 12"), words("hồ sơ 17"), language)
    assert found[0].confidence > 0.9
    assert found[2].confidence <= 0.8
    assert found[2].text in {"12", "17"}


def test_a_surer_number_wins(language: Language) -> None:
    assert reading(weigh(words("có 12", 0.6), words("có 17", 0.98), language)) == "có 17"


def test_words_find_their_lines_by_their_boxes(language: Language) -> None:
    ours = [OcrLine(tuple(words("ủy ban nhăn dân", 0.7))), OcrLine(tuple(words("báo cáo", y=30)))]
    theirs = [OcrLine(tuple(words("báo cáo", y=31) + words("ủy ban nhân dân", 0.9, y=1)))]
    merged = merge(ours, theirs, language)
    assert [reading(line.words) for line in merged] == ["ủy ban nhân dân", "báo cáo"]
    assert [word.box for word in merged[0].words] == [word.box for word in ours[0].words]


def test_a_line_that_only_one_engine_saw_is_kept(language: Language) -> None:
    ours = [OcrLine(tuple(words("báo cáo")))]
    alone = OcrLine(tuple(words("kính gửi", 0.95, y=60)))
    assert merge(ours, [alone], language) == [*ours, alone]


def test_of_a_number_the_reading_with_its_marks_wins(language: Language) -> None:
    for ours, theirs in (("đạt 948 %", "đạt 94,8 %"), ("đạt 94,8 %", "đạt 948 %")):
        found = weigh(words(ours, 0.9), words(theirs, 0.9), language)
        assert reading(found) == "đạt 94,8 %"
    assert reading(weigh(words("có 12", 0.9), words("có 1.3", 0.3), language)) == "có 12"
