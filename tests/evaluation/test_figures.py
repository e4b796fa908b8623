"""The scorer of figures: what it counts, and what must hold whatever it is given."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.errors import UsageError
from baocao_etl.evaluation import (
    Item,
    Score,
    evaluate,
    fold,
    placed,
    read_gold,
    read_not_figures,
)

items = st.builds(
    Item,
    source=st.just(""),
    section=st.sampled_from(["I.1", "I.2", ""]),
    value=st.integers(0, 5).map(Decimal),
    denominator=st.none() | st.just(Decimal(14)),
    kind=st.sampled_from(["count", "percent"]),
    unit=st.sampled_from(["hồ sơ", "", "%"]),
    context=st.sampled_from(["tiếp nhận hồ sơ", "giải quyết", ""]),
    high=st.none(),
)


def item(value: str, section: str | None = "I.1", unit: str = "hồ sơ", **more: str) -> Item:
    number, _, below = value.partition("/")
    denominator = Decimal(below) if below else None
    kind, context = more.get("kind", "count"), more.get("context", "")
    return Item("", section, Decimal(number), denominator, kind, unit, context)


@given(st.lists(items))
def test_a_perfect_extraction_scores_one(gold: list[Item]) -> None:
    found = evaluate(gold, gold[::-1])
    assert all(s.recall == s.precision == s.f1 == 1 for s in found.levels.values())
    assert not found.misses
    assert not found.false_alarms


@given(st.lists(items), st.lists(items))
def test_what_must_hold_of_any_two(gold: list[Item], extracted: list[Item]) -> None:
    found = evaluate(gold, extracted)
    score = found.levels["score"]
    assert found.levels["strict"].matched <= score.matched <= found.levels["value"].matched
    assert score.expected - score.matched == len(found.misses)
    assert score.extracted - score.matched == len(found.false_alarms)
    for parts in (found.kinds, found.sections):
        sums = tuple(map(sum, zip(*parts.values(), strict=True))) if parts else (0, 0, 0)
        assert sums == score
    back = evaluate(extracted, gold).levels["score"]
    assert (back.recall, back.precision) == (score.precision, score.recall)


def test_levels() -> None:
    gold = [item("93"), item("3/5"), item("7")]
    extracted = [item("93.000000", unit="HỒ SƠ"), item("3/5", unit="xã"), item("7", section="I.2")]
    assert {name: score.matched for name, score in evaluate(gold, extracted).levels.items()} == {
        "value": 3,
        "score": 2,
        "strict": 1,
    }


def test_paths_are_scored_among_the_figures_that_were_found() -> None:
    gold = [item("93"), item("7"), item("8"), item("9", kind="percent")]
    extracted = [item("93"), item("7", section="I.2"), item("9"), item("10")]
    assert placed(gold, extracted) == Score(expected=2, extracted=2, matched=1)


def test_one_gold_row_matches_one_figure() -> None:
    found = evaluate([item("100")], [item("100"), item("100")])
    assert found.levels["score"] == Score(expected=1, extracted=2, matched=1)


def test_context_tells_equal_figures_apart() -> None:
    wanted = item("100", context="bộ phận một cửa")
    missed = item("100", context="văn bản điện tử")
    found = evaluate([missed, wanted], [item("100", context="tại Bộ phận Một cửa cấp xã")])
    assert found.misses == [missed]


def test_gold_by_article_does_not_ask_for_sections() -> None:
    found = evaluate([item("93", section=None)], [item("93", section="I.2")])
    assert found.levels["score"].matched == 1


def test_forbidden_values_are_reported_unless_they_are_gold() -> None:
    found = evaluate([item("12")], [item("12"), item("2019")], [Decimal(12), Decimal(2019)])
    assert found.forbidden == [item("2019")]


@pytest.mark.parametrize(("one", "other"), [("hòa", "hoà"), ("Ủy ban", "uỷ  ban"), ("XÃ", "xã")])
def test_tone_placement_and_case_do_not_matter(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_tones_do_matter() -> None:
    assert fold("xã") != fold("xa")


def test_reading_gold(tmp_path: Path) -> None:
    path = tmp_path / "gold.tsv"
    path.write_text("# made by hand\nsection\tvalue\tkind\nI.1\t2.4\tpercent\n\t14/23\tratio\n")
    assert [(i.section, i.number, i.kind) for i in read_gold(path)] == [
        ("I.1", "2.4", "percent"),
        ("", "14/23", "ratio"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("section\tkind\nI\tcount\n", "value"),
        ("value\tkind\n# note\n4,5\tpercent\n", "line 3: '4,5'"),
        ("value\tkind\n1/0x\tratio\n", "line 2"),
        ("", "kind, value"),
    ],
)
def test_bad_gold_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "gold.tsv"
    path.write_text(content)
    with pytest.raises(UsageError, match=message):
        read_gold(path)


def test_missing_and_undecodable_gold(tmp_path: Path) -> None:
    path = tmp_path / "gold.tsv"
    with pytest.raises(UsageError, match="cannot be read"):
        read_gold(path)
    path.write_bytes(b"value\n\xff\xfe\n")
    with pytest.raises(UsageError, match="cannot be read"):
        read_not_figures(path)


def test_the_upper_end_of_a_range_is_found_where_the_gold_lists_it() -> None:
    told = item("5")._replace(high=Decimal(8))
    both = evaluate([item("5"), item("8")], [told])
    assert (both.levels["strict"], both.misses) == (Score(2, 2, 2), [])
    assert evaluate([item("5")], [told]).levels["strict"] == Score(1, 1, 1)
