"""A user's own words: what is written, what is refused, what is said of a word."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.errors import MissingError, UsageError
from baocao_etl.repair.lexicon import Lexicon
from baocao_etl.repair.userwords import NEAREST, add_words, standings


def words_in(folder: Path) -> list[str]:
    return [row["word"] for row in Dictionaries((folder,)).rows("words")]


def test_a_new_table_says_what_it_is(tmp_path: Path) -> None:
    done = add_words(tmp_path / "new" / "folder", ["Krông Búk", "Êđê", "êđê"])
    assert done.added == ("Krông Búk", "Êđê")
    assert done.path.read_text(encoding="utf-8").startswith("# ")
    assert words_in(tmp_path / "new" / "folder") == ["Krông Búk", "Êđê"]


def test_words_are_written_composed_and_once(tmp_path: Path) -> None:
    add_words(tmp_path, [unicodedata.normalize("NFD", "Êđê")])
    done = add_words(tmp_path, ["ÊĐÊ", "Mnông"])
    assert (done.added, done.present) == (("Mnông",), ("ÊĐÊ",))
    assert words_in(tmp_path) == ["Êđê", "Mnông"]


def test_a_table_of_the_users_stays_as_it_is(tmp_path: Path) -> None:
    before = "# mine\nnote\tword\nvillage\tBúk"  # another column first, no end of line
    (tmp_path / "words.tsv").write_text(before, encoding="utf-8")
    assert add_words(tmp_path, ["búk"]).added == ()
    add_words(tmp_path, ["Krông"])
    assert (tmp_path / "words.tsv").read_text(encoding="utf-8").startswith(before)
    assert words_in(tmp_path) == ["Búk", "Krông"]


def test_a_table_of_comments_gets_its_column(tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text("# nothing yet\n", encoding="utf-8")
    add_words(tmp_path, ["Krông"])
    assert words_in(tmp_path) == ["Krông"]


@pytest.mark.parametrize(
    "word", ["", " ", "12", "a\tb", "a\nb", "#a", "Ê-đê", "(a)", "a.vn", "a\x1b", "-", "\u0301a"]
)
def test_what_is_no_word_is_refused_whole(tmp_path: Path, word: str) -> None:
    with pytest.raises(UsageError):
        add_words(tmp_path, [word] if not word.strip() else ["Krông", word])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"name\nA\n", b"word\n\xff\n"])
def test_a_file_that_is_no_table_of_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "words.tsv").write_bytes(content)
    with pytest.raises(UsageError, match=r"words\.tsv"):
        add_words(tmp_path, ["Krông"])
    assert (tmp_path / "words.tsv").read_bytes() == content


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MissingError, match="cannot be written"):
        add_words(tmp_path / "file" / "folder", ["Krông"])


def test_what_is_said_of_words(tmp_path: Path) -> None:
    add_words(tmp_path, ["Krôngbúk", "thôn"])
    lexicon = Lexicon(Dictionaries.with_overlay(tmp_path))
    told = standings(lexicon, ["hồ sơ", "KRÔNGBÚK", "thôn", "UBND", "computer", "qzxwqzxw"])
    kinds = {standing.word: standing.kind for standing in told}
    assert kinds == {
        "hồ": "syllable", "sơ": "syllable", "KRÔNGBÚK": "own", "thôn": "own",
        "UBND": "abbreviation", "computer": "other", "qzxwqzxw": "unknown",
    }  # fmt: skip
    assert all(standing.nearest == () for standing in told)


@pytest.mark.parametrize(
    ("word", "meant"), [("nghiêmm", "nghiêm"), ("trươờng", "trường"), ("Krongbuk", "Krôngbúk")]
)
def test_the_nearest_words_come_first(tmp_path: Path, word: str, meant: str) -> None:
    add_words(tmp_path, ["Krôngbúk"])
    (told,) = standings(Lexicon(Dictionaries.with_overlay(tmp_path)), [word])
    assert told.kind == "unknown"
    assert told.nearest[0] == meant
    assert len(told.nearest) <= NEAREST
