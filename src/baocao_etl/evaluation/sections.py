"""Score the section tree against a gold table: paths, kinds and titles of what is numbered.

Bullets and headings without a number carry the path of the section that they stand in and are not
scored. An article of a bulletin has no path; it is known by its kind.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rapidfuzz import fuzz

from baocao_etl.evaluation.gold import REQUIRED, read_rows
from baocao_etl.evaluation.scores import Score, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

# Letters in a hundred that must be right: what OCR does to the others is not the outline's fault.
TITLES_ALIKE = 90


class Node(Protocol):
    """A node of a section tree, of a document or of the warehouse."""

    @property
    def section_id(self) -> str: ...  # noqa: D102
    @property
    def parent_id(self) -> str | None: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102


class SectionItem(NamedTuple):
    """A numbered section: a row of the gold table, or one that was found.

    `title` is empty where the number stands before running text; then titles are not compared.
    """

    source: str
    path: str
    kind: str
    title: str


class SectionEvaluation(NamedTuple):
    """Scores by level: `path`, with it `kind`, with both `title`; and what differs by path."""

    levels: dict[str, Score]
    misses: list[SectionItem]
    strangers: list[SectionItem]


def numbered(sections: Iterable[Node], source: str = "") -> list[SectionItem]:
    """Return the nodes of a tree that have a number of their own, and the articles, in order."""
    paths: dict[str | None, str] = {None: ""}
    found = []
    for section in sections:
        paths[section.section_id] = section.path
        own = section.path != paths.get(section.parent_id, "")
        if (section.path and own) or (section.kind == "article" and not section.path):
            found.append(SectionItem(source, section.path, section.kind, section.title))
    return found


def read_sections(path: Path) -> list[SectionItem]:
    """Read a gold table: TSV with columns path and kind, and with title and source where they matter.

    Raises:
        UsageError: it cannot be read, or one of the first two columns is missing.
    """
    return [
        SectionItem(row.get("source", ""), row["path"], row["kind"], row.get("title", ""))
        for _, row in read_rows(path, REQUIRED["sections"])
    ]


def evaluate_sections(
    gold: Sequence[SectionItem], found: Sequence[SectionItem]
) -> SectionEvaluation:
    """Compare `found` with `gold`; sections of one path are paired in their order."""
    golds, others = _by_key(gold), _by_key(found)
    pairs = [
        pair for key, mine in golds.items() for pair in zip(mine, others.get(key, ()), strict=False)
    ]
    same_kind = [(one, other) for one, other in pairs if one.kind == other.kind]
    same_title = [(one, other) for one, other in same_kind if _alike(one.title, other.title)]
    return SectionEvaluation(
        levels={
            level: Score(len(gold), len(found), len(matched))
            for level, matched in (("path", pairs), ("kind", same_kind), ("title", same_title))
        },
        misses=_left(golds, others),
        strangers=_left(others, golds),
    )


def _by_key(items: Sequence[SectionItem]) -> dict[tuple[str, str], list[SectionItem]]:
    groups: defaultdict[tuple[str, str], list[SectionItem]] = defaultdict(list)
    for item in items:
        groups[item.source, item.path].append(item)
    return groups


def _left(
    mine: dict[tuple[str, str], list[SectionItem]], others: dict[tuple[str, str], list[SectionItem]]
) -> list[SectionItem]:
    return [item for key, items in mine.items() for item in items[len(others.get(key, ())) :]]


def _alike(wanted: str, title: str) -> bool:
    return not wanted or fuzz.ratio(fold(wanted), fold(title)) >= TITLES_ALIKE
