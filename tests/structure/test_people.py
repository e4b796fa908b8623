from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Word
from baocao_etl.structure.people import person

TABLES = Dictionaries()
GIVEN = [r["syllable"] for r in TABLES.rows("person_names") if r["role"] == "given"]
SURNAMES = [r["syllable"] for r in TABLES.rows("person_names") if r["role"] == "surname"]


def words(read: str, repaired: str | None = None, sure: float = 0.6) -> list[Word]:
    """Return words as they were read, each with what repair made of it."""
    pairs = zip(read.split(), (repaired or read).split(), strict=True)
    return [Word(text, raw, 0, 1, None, sure) for raw, text in pairs]


@pytest.mark.parametrize(
    ("read", "repaired", "name"),
    [
        ("Phm Vän Minh", "phạm vẫn Minh", "Phạm Văn Minh"),  # vowels dropped, marks bent
        ("Tran Thi Hoa", "trận thì Hoa", "Trần Thị Hoa"),  # marks stripped
        ("d\\ng Lê Thu Hà", "đúng lễ Thu Hà", "Lê Thu Hà"),  # strokes of a seal before it
        ("Th\\ong tá Bùi Thanh Sơn", "Thượng tá Bùi Thanh Sơn", "Bùi Thanh Sơn"),
        ("hiếu tá Võ Quang Long", "hiếu tá Võ Quang Long", "Võ Quang Long"),  # Thiếu tá
        ("Sùng Minh Pháo", "Sùng Ninh Pháp", "Sùng Minh Pháo"),  # read well, repaired badly
    ],
)
def test_names_are_spelled_as_people_are_called(read: str, repaired: str, name: str) -> None:
    found = person(words(read, repaired), TABLES)
    assert found is not None
    assert found.text == name


@pytest.mark.parametrize(
    "read", ["các phòng ban", "Thị Hoa", "n Thị Lan", "g Văn Sáu", "P £ §", "12 7 2020", "Lưu VT"]
)
def test_what_is_no_whole_name_is_none(read: str) -> None:
    assert person(words(read), TABLES) is None


@given(st.sampled_from(SURNAMES), st.lists(st.sampled_from(GIVEN), min_size=1, max_size=3))
def test_a_name_that_was_read_well_stays(surname: str, others: list[str]) -> None:
    name = " ".join([surname, *others])
    found = person(words(name, sure=1.0), TABLES)
    if found is not None:
        assert (found.text, found.mended) == (name, False)
