"""The n-gram tables are built from small corpora by the code that builds the real ones."""

from __future__ import annotations

import lzma
import math
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.errors import MissingError
from baocao_etl.repair.build import corpus, counting, kneser_ney, ngrams, packing
from baocao_etl.repair.build.counting import Counts
from baocao_etl.repair.build.kneser_ney import Model
from baocao_etl.repair.lexicon import BOUNDARY_ID, COMMA_ID, NUMBER_ID, UNKNOWN_ID, lexicon_of
from baocao_etl.repair.ngrams import NgramModel, Pairs

SIZE = 12  # ids in the made vocabularies
streams = st.lists(st.integers(0, SIZE - 1), min_size=30, max_size=200).filter(any)


def made(seed: int, length: int = 4000) -> np.ndarray:
    """A stream in which some words follow each other more than others."""
    rng = random.Random(seed)
    tokens = [0]
    for _ in range(length):
        before = tokens[-1]
        tokens.append((before * 3 + rng.choice([0, 0, 1, 1, 2, 5])) % SIZE if rng.random() < 0.8
                      else rng.randrange(SIZE))  # fmt: skip
    return np.array([*tokens, 0], np.uint16)


def counts(tokens: np.ndarray) -> list[Counts]:
    new = [np.ones(len(tokens), bool)]
    return [counting.count([tokens], new, [1], n) for n in range(1, 5)]


def pruned(plain: list[Counts], budget: float) -> Model:
    model = kneser_ney.estimate(plain, SIZE)
    return kneser_ney.pruned(
        model, kneser_ney.within(kneser_ney.worth(model, plain), [6, 3, 3], budget)
    )


def total(model: Model, history: int, length: int) -> float:
    """Sum of P(word | history) over the vocabulary; the history has `length` words."""
    keys = (np.uint64(history) << np.uint64(16)) | np.arange(SIZE, dtype=np.uint64)
    return float(np.exp(model.logp(keys, length + 1).astype(np.float64)).sum())


@given(streams)
@settings(max_examples=30)
def test_the_probabilities_of_every_history_sum_to_one(tokens: list[int]) -> None:
    plain = counts(np.array([0, *tokens, 0], np.uint16))
    model = kneser_ney.estimate(plain, SIZE)
    for n, table in enumerate(model.tables[:3], start=1):
        for history in table.keys.tolist():
            if history & 0xFFFF != BOUNDARY_ID or n == 1:
                assert total(model, history, n) == pytest.approx(1, abs=1e-4)
    assert np.exp(model.tables[0].logp).sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("budget", [0, 200, 900, 3000, 10_000])
def test_pruning_keeps_the_sums_and_the_budget(budget: int) -> None:
    plain = counts(made(1))
    model = pruned(plain, budget)
    sizes = [len(table.keys) for table in model.tables]
    assert 6 * sizes[1] + 3 * sizes[2] + 3 * sizes[3] <= budget
    for n in (1, 2, 3):
        for history in model.tables[n - 1].keys.tolist()[:300]:
            assert total(model, history, n) == pytest.approx(1, abs=1e-4)
    for below, table in zip(model.tables[1:], model.tables[2:], strict=False):
        assert np.isin(table.keys >> np.uint64(16), below.keys).all()


def test_a_pruned_model_predicts_worse_but_not_much() -> None:
    plain, fresh = counts(made(1)), made(2)
    keys = counting.keys_of(fresh, 4)[counting.inside(fresh, 4)]
    scores = [float(pruned(plain, b).logp(keys, 4).mean()) for b in (0, 2000, 1_000_000)]
    assert scores[0] < scores[1] - 0.1
    assert abs(scores[1] - scores[2]) < 0.15
    assert scores[2] > math.log(1 / SIZE) + 0.4


def test_a_word_that_follows_one_word_only_is_unlikely_elsewhere() -> None:
    # 5 always stands behind 4 (Francisco behind San); 6 stands less often, behind all others.
    rng = random.Random(3)
    stream = [0]
    for _ in range(600):
        stream += [4, 5] if rng.random() < 0.7 else [rng.choice([7, 8, 9, 10]), 6]
    model = kneser_ney.estimate(counts(np.array([*stream, 0], np.uint16)), SIZE)
    single = model.tables[0].logp
    assert stream.count(5) > 2 * stream.count(6)
    assert single[6] > single[5]
    seen = np.array([(4 << 16) | 5, (11 << 16) | 5, (11 << 16) | 6], np.uint64)
    behind_4, five, six = model.logp(seen, 2)
    assert behind_4 > math.log(0.9)
    assert six > five


def test_what_was_not_counted_backs_off() -> None:
    model = kneser_ney.estimate(counts(made(4, 600)), SIZE)
    table = model.tables[1]
    every = {(a << 16) | b for a in range(1, SIZE) for b in range(1, SIZE)}
    missing = sorted(every - set(table.keys.tolist()))
    assert missing
    keys = np.array(missing, np.uint64)
    expected = (
        model.tables[0].logp[keys & np.uint64(0xFFFF)]
        + model.tables[0].backoff[keys >> np.uint64(16)]
    )
    assert np.allclose(model.logp(keys, 2), expected)


def test_discounts_grow_with_the_count_and_stay_below_it() -> None:
    raw = np.repeat([1, 2, 3, 4, 5, 9], [500, 200, 90, 50, 30, 20]).astype(np.int32)
    one, two, three = kneser_ney.discounts(raw)[1:]
    assert 0 < one < two < three
    assert one < 1
    assert two < 2
    assert three < 3
    assert one == pytest.approx(1 - 2 * (500 / 900) * 200 / 500)


def test_copied_passages_count_once() -> None:
    passage = [4, 5, 6, 7, 8, 9, 10, 11, 4, 6, 8, 10]
    once = np.array([0, *passage, 0], np.uint16)
    twice = np.array([0, *passage, 0, *passage, 0], np.uint16)
    new = counting.originals([once, twice])
    assert new[0].all()
    assert not new[1][counting.CONTEXT :][: len(passage) - counting.CONTEXT].any()
    both = counting.count([once, twice], new, [1, 1], 4)
    last = both.raw[both.keys == counting.keys_of(once, 4)[9]]
    assert last.tolist() == [1]


def test_weights_count_but_do_not_tell_rare_from_frequent() -> None:
    tokens = np.array([0, 4, 5, 6, 0], np.uint16)
    every = [np.ones(len(tokens), bool)]
    found = counting.count([tokens], every, [4], 2)
    assert found.raw.tolist() == [1] * 4
    assert found.weighted.tolist() == [4.0] * 4


def test_n_grams_do_not_run_over_the_end_of_a_sentence() -> None:
    tokens = np.array([0, 4, 5, 0, 0, 6, 7, 0], np.uint16)
    keys = set(counting.count([tokens], [np.ones(8, bool)], [1], 3).keys.tolist())
    assert keys == {(0 << 32) | (4 << 16) | 5, (4 << 32) | (5 << 16) | 0,
                    (0 << 32) | (6 << 16) | 7, (6 << 32) | (7 << 16) | 0}  # fmt: skip


@given(st.sets(st.integers(1, 2**63), min_size=1, max_size=500))
@settings(max_examples=20)
def test_every_n_gram_gets_a_slot_of_its_own_in_one_of_its_buckets(keys: set[int]) -> None:
    wanted = np.array(sorted(keys), np.uint64)
    slots, buckets = packing.roomy_places(wanted)
    at = packing.homes(wanted, buckets)
    assert len(set(slots.tolist())) == len(wanted)
    assert ((slots // packing.SLOTS == at.first) | (slots // packing.SLOTS == at.second)).all()
    assert (at.tags > 0).all()


def test_a_table_that_is_too_full_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        packing.places(np.arange(1, 10, dtype=np.uint64), 2)


def test_what_is_packed_reads_as_the_model_says(tmp_path: Path) -> None:
    plain = counts(made(5))
    model = pruned(plain, 8000)
    packing.write(model, ngrams.typical(model, plain[2]), tmp_path)
    read = NgramModel.load(tmp_path)
    assert np.allclose(read.single, model.tables[0].logp)
    words = np.arange(SIZE, dtype=np.uint64)
    left, right = np.repeat(words, SIZE), np.tile(words, SIZE)
    pairs = (left << np.uint64(16)) | right
    logp, weight = read.bigram(left, right)
    assert np.abs(logp - model.logp(pairs, 2)).max() < 0.1
    assert np.abs(weight - model.backoff(pairs, 2)).max() < 0.1
    for few in ("left", "right"):
        assert np.abs(read.coarse(left, right, few=few) - logp).max() < 0.1
    for n, keys in ((3, counting.keys_of(made(6), 3)), (4, counting.keys_of(made(6), 4))):
        missing = np.full(len(keys), 7.0, np.float32)
        got = read.trigram(keys, missing)[0] if n == 3 else read.fourgram(keys, missing)
        there = np.isin(keys, model.tables[n - 1].keys)
        assert there.any()
        assert (got[~there] == 7).mean() > 0.99
        assert np.abs(got[there] - model.logp(keys, n)[there]).mean() < 0.05


def test_a_history_that_nothing_longer_begins_with_weighs_exactly_nothing(tmp_path: Path) -> None:
    model = pruned(counts(made(7)), 3000)
    packing.write(model, model.tables[0].logp, tmp_path)
    read = NgramModel.load(tmp_path)
    for n in (2, 3):
        keys = model.tables[n - 1].keys
        begins = np.isin(keys, model.tables[n].keys >> np.uint64(16))
        weight = (read.bigram(keys >> np.uint64(16), keys & np.uint64(0xFFFF))[1] if n == 2
                  else read.trigram(keys, np.zeros(len(keys), np.float32))[1])  # fmt: skip
        assert begins.any()
        assert not begins.all()
        assert (weight[~begins] == 0).all()
        assert (weight[begins] != 0).all()


@given(
    st.integers(1, 200).flatmap(
        lambda size: st.tuples(
            st.just(size), st.sets(st.tuples(*[st.integers(0, size - 1)] * 2), max_size=300)
        )
    )
)
def test_pairs_are_found_by_their_rank(sized: tuple[int, set[tuple[int, int]]]) -> None:
    size, counted = sized
    rising = sorted(counted)
    keys = np.array([a << 16 | b for a, b in rising], np.uint32)
    pairs = Pairs.of(keys, np.zeros((2, len(keys)), np.uint8), size)
    words = np.arange(size)
    found, at = pairs.find(np.repeat(words, size), np.tile(words, size))
    assert [divmod(i, size) for i in np.flatnonzero(found).tolist()] == rising
    assert at[found].tolist() == list(range(len(rising)))


TEXTS = [
    "Ủy ban nhân dân tỉnh Quảng Ngãi báo cáo tình hình số {n}, tháng {m}.",
    "Hội đồng nhân dân huyện hoà bình; thủ tục hành chính được giải quyết {n} hồ sơ.",
    "Năm {n} tỉnh có {m} dịch vụ công trực tuyến, xã Ea Kao và xã Kon Tum {n} hồ sơ.",
]


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    folder = tmp_path / "corpora"
    folder.mkdir()
    for i, name in enumerate(corpus.WEIGHTS):
        rng = random.Random(i)
        lines = [rng.choice(TEXTS).format(n=rng.randrange(999), m=rng.randrange(12))
                 for _ in range(200)]  # fmt: skip
        with lzma.open(folder / f"{name}.txt.xz", "wt", encoding="utf-8") as stream:
            stream.write("\n".join(lines) + "\n")
    return folder


def target(folder: Path) -> Path:
    folder.mkdir()
    (folder / "report_phrases.tsv").write_text(
        "phrase\nhồ sơ giải quyết đúng hạn\n", encoding="utf-8"
    )
    (folder / "places.tsv").write_text(
        "code\tname\ttype\tlevel\tparent\tvalid_from\tvalid_to\n"
        "66\tĐắk Lắk\ttỉnh\tprovince\t\t\t2025-06-30\n"
        "643\tBuôn Đôn\thuyện\tdistrict\t66\t\t2025-06-30\n"
        "24133\tEa Kao\txã\tcommune\t643\t\t2025-06-30\n",
        encoding="utf-8",
    )
    return folder


def test_the_tables_are_the_same_bytes_every_time_and_can_be_used(
    corpora: Path, tmp_path: Path
) -> None:
    one, other = target(tmp_path / "one"), target(tmp_path / "other")
    ngrams.build(corpora, one, budget=50_000)
    ngrams.build(corpora, other, budget=50_000)
    files = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file())
    assert len(files) > 8
    for name in files:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    lexicon = lexicon_of(Dictionaries((one,)))
    assert lexicon.is_syllable("HOÀ")
    assert lexicon.is_syllable("kao"), "what a place is called is a syllable"
    assert lexicon.is_syllable("hạn"), "it stands in the phrases alone"
    model = lexicon.ngrams
    before, after = (np.array([lexicon.word_id(w)], np.uint64) for w in ("hành", "chính"))
    assert model.bigram(before, after)[0][0] > model.bigram(after, before)[0][0] + 2


def test_what_is_held_out_is_not_counted(corpora: Path) -> None:
    path = corpus.path_of(corpora, "baomoi")
    held, rest = (list(corpus.paragraphs(path, held_out=out)) for out in (True, False))
    assert len(held) + len(rest) == 200
    assert not set(held) & set(rest)
    assert 0 < len(held) < 30
    ids = {"<s>": BOUNDARY_ID, "<num>": NUMBER_ID, "<unk>": UNKNOWN_ID, "<,>": COMMA_ID, "xã": 4}
    tokens = corpus.token_ids(path, ids)
    assert (tokens == 4).sum() == sum(text.count("xã") for text in rest)


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="mixed_admin"):
        ngrams.build(tmp_path, target(tmp_path / "tables"))
