"""Channels are learned from pairs that a known channel made; letters are compared by their looks."""

from __future__ import annotations

import lzma
import math
import random
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.errors import MissingError
from baocao_etl.repair.build import alignment, channels, drawing, faces, shapes

WORDS = ["mười", "một", "người", "nước", "được", "tỉnh", "huyện", "thủ", "tục", "hành", "quản", "lý",
         "mức", "độ", "ứng", "dụng"]  # fmt: skip


def misread(word: str, rng: random.Random) -> str:
    """A channel that is known: ư is lost three times in ten, m may be rn, dots below go."""
    table = {"ư": ["u"] * 7 + [""] * 3, "m": ["m"] * 8 + ["rn"] * 2, "ụ": ["u"], "ộ": ["ô"]}
    return "".join(rng.choice(table.get(letter, [letter])) for letter in word)


def made(count: int = 6000) -> Counter[tuple[str, str]]:
    rng = random.Random(8)
    return Counter((word, misread(word, rng)) for word in rng.choices(WORDS, k=count))


def test_what_each_letter_turns_into_is_learned() -> None:
    learned = alignment.learn_letters(made())
    assert learned["ư"]["u"] == pytest.approx(0.7, abs=0.03)
    assert learned["ư"][""] == pytest.approx(0.3, abs=0.03)
    assert learned["m"]["rn"] == pytest.approx(0.2, abs=0.03)
    assert learned["ụ"]["u"] > 0.97
    assert learned["n"]["n"] > 0.97
    for seens in learned.values():
        assert sum(seens.values()) == pytest.approx(1)


def test_what_onsets_and_rimes_turn_into_is_learned() -> None:
    pairs = made()
    onsets, rimes = channels.learn_parts(pairs, alignment.learn_letters(pairs))
    assert onsets["m"]["rn"] == pytest.approx(0.2, abs=0.03)
    assert onsets["th"]["th"] > 0.97
    assert rimes["ước"]["uớc"] == pytest.approx(0.7, abs=0.06)
    assert rimes["ước"]["ớc"] == pytest.approx(0.3, abs=0.06)
    assert rimes["ục"]["uc"] > 0.97
    for table in (onsets, rimes):
        assert all(sum(seens.values()) <= 1 + 1e-9 for seens in table.values())


def test_a_channel_is_written_as_its_reader_wants_it_and_the_same_twice(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs"
    pairs.mkdir()
    lines = "".join(
        f"{meant}\t{seen}\n" for (meant, seen), n in made(500).items() for _ in range(n)
    )
    for engines in channels.ENGINES.values():
        for engine in engines:
            (pairs / f"{engine}.tsv").write_text(lines, encoding="utf-8")
    for target in ("one", "other"):
        channels.build(pairs, tmp_path / target)
    for name in channels.ENGINES:
        one, other = ((tmp_path / t / "channels" / f"{name}.tsv") for t in ("one", "other"))
        assert one.read_bytes() == other.read_bytes()
        totals: dict[tuple[str, str], float] = defaultdict(float)
        for row in Dictionaries((tmp_path / "one",)).rows(f"channels/{name}"):
            totals[row["part"], row["meant"]] += math.exp(float(row["logp"]))
        assert {kind for kind, _ in totals} == {"onset", "rime", "letter"}
        assert max(totals.values()) < 1.05
    assert "learned from 2500 tokens" in (tmp_path / "one/channels/dropped.tsv").read_text("utf-8")


def test_missing_pairs_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"eng\.tsv"):
        channels.build(tmp_path, tmp_path)


def test_words_are_paired_past_what_was_lost_split_or_invented() -> None:
    meant = ["Ủy", "ban", "nhân", "dân", "tỉnh", "báo", "cáo", "tình", "hình"]
    seen = ["||", "Uy", "ban", "nhan", "tinh", "bao", "c", "ao", "tinh", "hinh"]
    assert list(alignment.word_pairs(meant, seen)) == [
        ("Ủy", "Uy"), ("ban", "ban"), ("nhân", "nhan"), ("tỉnh", "tinh"), ("báo", "bao"),
        ("cáo", "ao"), ("tình", "tinh"), ("hình", "hinh"),
    ]  # fmt: skip


@given(st.lists(st.text("abưđ", min_size=1, max_size=4), max_size=12),
       st.lists(st.text("abud1", min_size=1, max_size=4), max_size=12))  # fmt: skip
def test_pairs_come_in_order_and_each_word_once(meant: list[str], seen: list[str]) -> None:
    found = list(alignment.word_pairs(meant, seen))
    for side, words in ((0, meant), (1, seen)):
        rest = iter(words)
        assert all(any(pair[side] == word for word in rest) for pair in found)


@pytest.mark.parametrize(
    ("meant", "seen", "expected"),
    [
        ("tỉnh,", "tinh,", [("tỉnh", "tinh")]),
        ("(Sở", "(So", [("Sở", "So")]),
        ("tục.", "tuc", [("tục", "tuc")]),
        ("3.110", "3110", []),
        ("27/QĐ", "27/QD", []),
    ],
)
def test_punctuation_and_numbers_are_not_learned(
    meant: str, seen: str, expected: list[tuple[str, str]]
) -> None:
    assert list(drawing.cores(meant, seen)) == expected


@pytest.fixture(scope="module")
def fonts() -> None:
    try:
        faces.installed()
    except MissingError as error:
        pytest.skip(f"a font is missing: {error}")


@pytest.mark.usefixtures("fonts")
def test_letters_that_look_alike_are_told() -> None:
    alike = {letter: dict(rows) for letter, rows in shapes.likelihoods("aảmđ").items()}
    for letter, rows in alike.items():
        assert len(rows) == shapes.KEPT
        assert sum(map(math.exp, rows.values())) <= 1 + 1e-6, letter
    assert max(alike["a"], key=alike["a"].__getitem__) == "a"
    assert alike["ả"]["á"] > alike["ả"].get("x", -99)
    assert alike["m"]["rn"] > alike["m"].get("o", -99)
    assert alike["đ"]["d"] > alike["đ"].get("p", -99)


@pytest.mark.usefixtures("fonts")
def test_pages_hold_the_text_and_wear_the_same_every_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawing, "HEIGHT", 400)
    texts = iter(["Ủy ban nhân dân tỉnh báo cáo"] * 500)
    lines = drawing.set_page(texts, faces.FACES[0], 27)
    font = faces.at_size(faces.FACES[0], 27)
    assert all(font.getlength(" ".join(line)) < drawing.WIDTH - drawing.MARGIN for line in lines)
    page = drawing.drawn(lines[:2], faces.FACES[0], 27)
    assert np.asarray(page).min() < 50
    one, other = (drawing.worn(page, np.random.default_rng(3)).tobytes() for _ in range(2))
    assert one == other


def test_a_font_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingError, match="NoSuchFace"):
        faces.installed(["NoSuchFace"])


@pytest.mark.ocr
@pytest.mark.usefixtures("fonts")
def test_a_page_is_read_and_its_words_are_paired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in drawing.CORPORA:
        with lzma.open(tmp_path / f"{name}.txt.xz", "wt", encoding="utf-8") as stream:
            stream.write("".join(f"Ủy ban nhân dân tỉnh báo cáo việc {n}\n" for n in range(999)))
    monkeypatch.setattr(drawing, "HEIGHT", 400)
    found = Counter(drawing.pairs(tmp_path, "eng", 1))
    assert found
    read = [seen for (meant, seen), n in found.items() for _ in range(n) if meant == "ban"]
    assert read.count("ban") > len(read) / 2
