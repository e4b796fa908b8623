from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.errors import DamagedSource, OversizedSource
from baocao_etl.reading import identify, page_count, read_page
from baocao_etl.reading.text_files import decode, split_pages, split_words

if TYPE_CHECKING:
    from pathlib import Path

    from baocao_etl.settings import Settings

SENTENCE = "Ủy ban nhân dân huyện đã tiếp nhận và giải quyết hồ sơ của người dân"
TEXTS = st.text(st.sampled_from("ab ầ1\n\f\t\u00a0-"), max_size=200)


@given(TEXTS)
def test_words_stand_where_they_say(text: str) -> None:
    words = split_words(text, 7)
    assert [word.raw for word in words] == text.split()
    for word in words:
        assert text[word.offset : word.end] == word.raw == word.text
        assert word.line == 7 + text.count("\n", 0, word.offset)
    assert all(a.end <= b.offset for a, b in pairwise(words))


@given(TEXTS)
def test_pages_joined_give_the_text_back(text: str) -> None:
    pages = split_pages(text)
    assert "".join(raw for _, raw in pages).rstrip() == text.replace("\f", "").rstrip()
    assert len(pages) in {text.count("\f"), text.count("\f") + 1}


@given(st.lists(st.integers(20, 60), min_size=2, max_size=6))
def test_a_line_of_one_space_begins_a_page(lengths: list[int]) -> None:
    text = "".join(f"{' ' if i else ''}đầu trang\n" + "dòng\n" * n for i, n in enumerate(lengths))
    pages = split_pages(text)
    assert [raw.count("dòng") for _, raw in pages] == lengths
    assert [line for line, _ in pages] == [
        1 + sum(n + 1 for n in lengths[:i]) for i in range(len(lengths))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "một\n hai\n ba\n bốn\n" * 20,  # every second line: an indented text
        ("dòng\n" * 30 + " thụt một\n  thụt hai\n") * 4,  # deeper indentation stands beside it
        ("dòng\n" * 30 + " mục\n" + " tiếp\n") * 4,  # two in a row
    ],
)
def test_an_indented_text_is_one_page(text: str) -> None:
    assert len(split_pages(text)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_are_recognised(encoding: str) -> None:
    assert decode(f"{SENTENCE}\n".encode(encoding)) == f"{SENTENCE}\n"


def test_windows_1258_is_told_from_western() -> None:
    assert decode(_cp1258(SENTENCE)) == SENTENCE


def _cp1258(text: str) -> bytes:
    """Encode as Windows did: precomposed letters where it has them, tones as combining marks."""
    out = bytearray()
    for char in unicodedata.normalize("NFC", text):
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tones = [p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323"]
            rest = unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones))
            out += (rest + "".join(tones)).encode("cp1258")
    return bytes(out)


def test_tcvn3_is_left_as_its_decoder_expects_it() -> None:
    text = "ChÝnh phñ n\xad\xadíc céng hßa x· héi chñ nghÜa"
    assert decode(text.encode("cp1252")) == text


def test_a_dump_is_read_page_by_page(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "dump.txt"
    file.write_bytes("BÁO CÁO\r\nCó 12 hồ sơ\f\fTrang\tba\r\n\f".encode())
    source = identify(file)
    assert page_count(source, settings) == 3
    first, blank, third = (read_page(source, n, settings) for n in (1, 2, 3))
    assert first.raw_text == "BÁO CÁO\nCó 12 hồ sơ"
    assert [word.line for word in first.words] == [1, 1, 2, 2, 2, 2]
    assert (blank.words, blank.error) == ((), None)
    assert third.raw_text == "Trang\tba\n"
    assert {word.line for word in third.words} == {2}
    assert {page.text_origin for page in (first, blank, third)} == {"text"}
    assert third.words[0].box is None


def test_a_dump_of_white_space_is_damaged(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "dump.txt"
    file.write_text(" \n\f\n")
    with pytest.raises(DamagedSource, match="no text"):
        page_count(identify(file), settings)


def test_an_endless_text_is_refused_before_it_is_read(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "dump.txt"
    file.write_text("x")
    source = identify(file).model_copy(update={"size": 10**10})
    with pytest.raises(OversizedSource):
        page_count(source, settings)
