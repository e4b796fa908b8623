"""A user's tables: laid over the bundled ones if they are made like them, refused with their line if not."""

from __future__ import annotations

from pathlib import Path

import pytest

from baocao_etl.dictionaries import BUNDLED, Dictionaries
from baocao_etl.doctor import examine
from baocao_etl.errors import UsageError
from baocao_etl.figures.places import Gazetteer
from baocao_etl.figures.vocabulary import Vocabulary
from baocao_etl.repair.lexicon import Lexicon
from baocao_etl.settings import Settings


def overlay(folder: Path, table: str, content: str | bytes) -> Dictionaries:
    path = folder / f"{table}.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Dictionaries((BUNDLED, folder))


def test_rows_of_the_user_come_last_and_may_leave_columns_out(tmp_path: Path) -> None:
    tables = overlay(tmp_path, "units", "# mine\nphrase\tkind\nnhà rông\tcount\n")
    assert tables.rows("units")[:-1] == Dictionaries().rows("units")
    mine = {"phrase": "nhà rông", "kind": "count", "canonical": "", "group": ""}
    assert tables.rows("units")[-1] == mine
    assert tables.own_rows("units") == (mine,)
    assert tables.own_rows("contexts") == ()
    unit = Vocabulary(tables).unit_at("12 nhà rông", 2)
    assert unit
    assert unit.name == "nhà rông"


@pytest.mark.parametrize(
    ("table", "content", "parts"),
    [
        ("units", "phrase\nnhà\n", ["units.tsv", "no column kind"]),
        ("units", "phrase\tkind\nnhà\tcuont\n", ["line 2", "kind", "cuont", "did you mean count"]),
        ("units", "phrase\tkind\n\n# x\n\tcount\n", ["line 4", "phrase is empty"]),
        ("units", "phrase\tkind\nnhà\tcount\t\t\tx\n", ["line 2", "5 cells under 2 columns"]),
        ("places", "code\tname\ttype\tlevel\nx\tA\txã\tcommune\n", ["code is no number", "'x'"]),
        ("words", "wrod\nKrông\n", ["words.tsv", "no column word"]),
        ("syllables", b"word\tkind\tcount\n\xff\tsyllable\t1\n", ["syllables.tsv", "UTF-8"]),
    ],
)
def test_a_table_that_is_made_otherwise_is_refused(
    tmp_path: Path, table: str, content: str | bytes, parts: list[str]
) -> None:
    tables = overlay(tmp_path, table, content)
    with pytest.raises(UsageError) as caught:
        tables.rows(table)
    assert [part for part in parts if part not in str(caught.value)] == []


def test_a_multiplier_needs_its_power(tmp_path: Path) -> None:
    tables = overlay(tmp_path, "units", "phrase\tkind\tcanonical\nchục tỷ\tmultiplier\t9999999\n")
    with pytest.raises(UsageError, match="chục tỷ"):
        Vocabulary(tables)


def test_words_of_the_user_may_be_any_text(tmp_path: Path) -> None:
    lexicon = Lexicon(overlay(tmp_path, "words", "word\nKrôngbúk\n"))
    assert lexicon.user_words == {"krôngbúk": "Krôngbúk"}


def test_places_that_lie_in_each_other_have_no_province(tmp_path: Path) -> None:
    rows = (
        "code\tname\ttype\tlevel\tparent\n9998\tA\txã\tcommune\t9999\n9999\tB\txã\tcommune\t9998\n"
    )
    assert Gazetteer(overlay(tmp_path, "places", rows)).province("9998")  # and it comes to an end


def test_doctor_reads_the_tables_of_the_user(tmp_path: Path) -> None:
    overlay(tmp_path, "units", "phrase\tkind\nnhà rông\tcount\n")
    overlay(tmp_path, "words", "wrod\nKrông\n")
    overlay(tmp_path, "systms", "name\tkind\taliases\n")
    checks = {check.name: check for check in examine(Settings(dictionaries=tmp_path))}
    assert checks["Dictionary of your own: units.tsv"].ok
    misnamed = checks["Dictionary of your own: systms.tsv"]
    assert (misnamed.ok, misnamed.remedy) == (False, "There is systems.")
    wrong = checks["Dictionary of your own: words.tsv"]
    assert not wrong.ok
    assert "no column word" in wrong.found
