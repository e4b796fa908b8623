"""The scorer of section trees."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.errors import UsageError
from baocao_etl.evaluation import SectionItem, evaluate_sections, kind_of, numbered, read_sections

items = st.builds(
    SectionItem,
    source=st.just(""),
    path=st.sampled_from(["I", "I.1", "I.1.a", "II"]),
    kind=st.sampled_from(["part", "section"]),
    title=st.sampled_from(["", "Kết quả", "Tồn tại"]),
)


class Node(NamedTuple):
    section_id: str
    parent_id: str | None
    kind: str
    path: str
    title: str = ""


@given(st.lists(items))
def test_a_perfect_tree_scores_one(gold: list[SectionItem]) -> None:
    found = evaluate_sections(gold, gold)
    assert all(score.recall == score.precision == 1 for score in found.levels.values())
    assert found.misses == found.strangers == []


@given(st.lists(items), st.lists(items))
def test_what_must_hold_of_any_two(gold: list[SectionItem], found: list[SectionItem]) -> None:
    result = evaluate_sections(gold, found)
    path, kind, title = (result.levels[name].matched for name in ("path", "kind", "title"))
    assert title <= kind <= path
    assert len(gold) - path == len(result.misses)
    assert len(found) - path == len(result.strangers)


def test_levels() -> None:
    gold = [
        SectionItem("", "I", "part", "KẾT QUẢ THỰC HIỆN"),
        SectionItem("", "I.1", "section", ""),
        SectionItem("", "I.2", "section", "Hạ tầng"),
        SectionItem("", "II", "part", "KIẾN NGHỊ"),
    ]
    found = [
        SectionItem("", "I", "part", "Kết qua thực hiện"),
        SectionItem("", "I.1", "point", "Tiếp nhận"),
        SectionItem("", "I.2", "section", "Nhân lực"),
    ]
    result = evaluate_sections(gold, found)
    assert {name: score.matched for name, score in result.levels.items()} == {
        "path": 3,
        "kind": 2,
        "title": 1,
    }
    assert result.misses == gold[3:]


def test_bullets_and_headings_without_a_number_are_not_scored() -> None:
    tree = [
        Node("a", None, "section", ""),
        Node("b", "a", "part", "I"),
        Node("c", "b", "point", "I"),
        Node("d", "b", "point", "I.a"),
        Node("e", "d", "point", "I.a"),
    ]
    assert [item.path for item in numbered(tree)] == ["I", "I.a"]


def test_articles_of_a_bulletin_are_counted() -> None:
    tree = [Node("a", None, "article", "", "Một"), Node("b", "a", "section", "1")]
    tree += [Node("c", None, "article", "", "Hai"), Node("d", "c", "section", "1")]
    gold = [SectionItem("", "", "article", "Hai"), *numbered(tree)]
    assert [item.path for item in gold] == ["", "", "1", "", "1"]
    assert evaluate_sections(gold, numbered(tree)).levels["path"].matched == 4


def test_reading_gold(tmp_path: Path) -> None:
    path = tmp_path / "gold.tsv"
    path.write_text("path\tkind\ttitle\nI\tpart\tKết quả\nI.1\tsection\t\n", encoding="utf-8")
    assert kind_of(path) == "sections"
    assert read_sections(path)[1] == SectionItem("", "I.1", "section", "")


def test_bad_gold_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.tsv"
    path.write_text("path\ttitle\n")
    with pytest.raises(UsageError, match="no column kind"):
        read_sections(path)
    with pytest.raises(UsageError, match="no gold table"):
        kind_of(path)
