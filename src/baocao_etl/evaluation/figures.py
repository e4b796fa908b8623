"""Score figures against a gold table: recall, precision and F1, overall, by kind and by section.

Figures are matched one to one. Since a match is an equality of keys, the largest matching is the
intersection of two multisets, at each of three levels: value alone; value, kind and section path
(the score); and these with the unit (strict).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.errors import UsageError
from baocao_etl.evaluation.gold import REQUIRED, read_rows
from baocao_etl.evaluation.scores import Score, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence
    from pathlib import Path

    from baocao_etl.models import Figure


class Item(NamedTuple):
    """A figure to be matched: a row of the gold table, or one that was extracted.

    `section` is None where the gold does not say (it goes by article), and then not compared.
    `source` keeps the documents of a gold table with a `source` column apart. `context` is the
    words around it; it only decides which of several equal figures is shown as missed. `high` is the
    upper end of a range.
    """

    source: str
    section: str | None
    value: Decimal
    denominator: Decimal | None
    kind: str
    unit: str
    context: str
    high: Decimal | None = None

    @classmethod
    def of(cls, figure: Figure, source: str = "") -> Item:
        """Return `figure` as an item."""
        return cls(
            source,
            figure.section_path,
            figure.value,
            figure.denominator,
            figure.kind,
            figure.unit or "",
            figure.sentence,
            figure.value_high,
        )

    @property
    def number(self) -> str:
        """The value as gold tables write it."""
        value = f"{self.value.normalize():f}"
        return value if self.denominator is None else f"{value}/{self.denominator.normalize():f}"


class Evaluation(NamedTuple):
    """Scores by level (`score`, `strict`, `value`), and those of `score` by kind and section."""

    levels: dict[str, Score]
    kinds: dict[str, Score]
    sections: dict[str, Score]
    misses: list[Item]
    false_alarms: list[Item]
    forbidden: list[Item]


def evaluate(
    gold: Sequence[Item], extracted: Sequence[Item], not_figures: Iterable[Decimal] = ()
) -> Evaluation:
    """Compare `extracted` with `gold`.

    `not_figures` are values that must not come out: `forbidden` lists the figures that have one and
    are not in the gold by value (the same number may be a figure elsewhere). A range is one figure; where
    the gold has a row for its upper end, too, it counts as a second one.
    """
    extracted = _with_upper_ends(gold, extracted)
    if any(item.section is None for item in gold):
        gold = [item._replace(section=None) for item in gold]
        extracted = [item._replace(section=None) for item in extracted]
    misses, false_alarms = _unmatched(gold, extracted, _place_key)
    banned = set(not_figures)
    _, strangers = _unmatched(gold, extracted, _value_key)
    return Evaluation(
        levels={
            "score": _score(gold, extracted, _place_key),
            "strict": _score(gold, extracted, _strict_key),
            "value": _score(gold, extracted, _value_key),
        },
        kinds=_by(gold, extracted, lambda item: item.kind),
        sections=_by(gold, extracted, lambda item: item.section or ""),
        misses=misses,
        false_alarms=false_alarms,
        forbidden=[item for item in strangers if item.value in banned],
    )


def _with_upper_ends(gold: Sequence[Item], extracted: Sequence[Item]) -> list[Item]:
    """Return `extracted` with an item for the upper end of each range that the gold lists by itself."""
    wanted = Counter((item.source, item.value, item.kind) for item in gold)
    wanted -= Counter((item.source, item.value, item.kind) for item in extracted)
    found = list(extracted)
    for item in extracted:
        if item.high is not None and wanted[item.source, item.high, item.kind] > 0:
            wanted[item.source, item.high, item.kind] -= 1
            found.append(item._replace(value=item.high, high=None))
    return found


def placed(gold: Sequence[Item], extracted: Sequence[Item]) -> Score:
    """Score the section paths alone: of the gold figures that were found, how many stand right.

    `expected` and `extracted` count the figures that are in both by value and kind.
    """
    extracted = _with_upper_ends(gold, extracted)
    here = _score(gold, extracted, lambda item: (_value_key(item), item.kind)).matched
    return Score(here, here, _score(gold, extracted, _place_key).matched)


def read_gold(path: Path) -> list[Item]:
    """Read a gold table: TSV with columns section or article, value, kind, unit, context, source.

    Only `value` and `kind` are required. A ratio is written a/b.

    Raises:
        UsageError: a column is missing or a value is no number; the message names the line.
    """
    items: list[Item] = []
    for line, row in read_rows(path, REQUIRED["figures"]):
        value, denominator = _number(row["value"], path, line)
        items.append(
            Item(
                source=row.get("source", ""),
                section=row.get("section"),
                value=value,
                denominator=denominator,
                kind=row["kind"],
                unit=row.get("unit", ""),
                context=row.get("context", ""),
            )
        )
    return items


def read_not_figures(path: Path) -> list[Decimal]:
    """Read the column `value` of a TSV of numbers that must not come out as figures.

    Raises:
        UsageError: the column is missing or a value is no number.
    """
    return [_number(row["value"], path, line)[0] for line, row in read_rows(path, ("value",))]


def _number(text: str, path: Path, line: int) -> tuple[Decimal, Decimal | None]:
    value, _, denominator = text.partition("/")
    try:
        return Decimal(value), Decimal(denominator) if denominator else None
    except InvalidOperation as error:
        raise UsageError(
            f"{path}, line {line}: {text!r} is no number.",
            "Write 93, 2.4 or, for a ratio, 14/14.",
        ) from error


def _value_key(item: Item) -> Hashable:
    return item.source, item.value, item.denominator


def _place_key(item: Item) -> Hashable:
    return _value_key(item), item.kind, item.section


def _strict_key(item: Item) -> Hashable:
    return _place_key(item), fold(item.unit)


def _score(
    gold: Sequence[Item], extracted: Sequence[Item], key: Callable[[Item], Hashable]
) -> Score:
    both = Counter(map(key, gold)) & Counter(map(key, extracted))
    return Score(len(gold), len(extracted), both.total())


def _by(
    gold: Sequence[Item], extracted: Sequence[Item], group: Callable[[Item], str]
) -> dict[str, Score]:
    return {
        name: _score(
            [item for item in gold if group(item) == name],
            [item for item in extracted if group(item) == name],
            _place_key,
        )
        for name in dict.fromkeys(map(group, [*gold, *extracted]))
    }


def _unmatched(
    gold: Sequence[Item], extracted: Sequence[Item], key: Callable[[Item], Hashable]
) -> tuple[list[Item], list[Item]]:
    """Return what is left of both when equal keys are paired, the likest contexts first."""
    golds: defaultdict[Hashable, list[int]] = defaultdict(list)
    others: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i, item in enumerate(gold):
        golds[key(item)].append(i)
    for i, item in enumerate(extracted):
        others[key(item)].append(i)
    paired: set[int] = set()
    taken: set[int] = set()
    for at, mine in golds.items():
        likeness = [
            (_likeness(gold[i].context, extracted[j].context), -i, -j)
            for i in mine
            for j in others[at]
        ]
        for _, i, j in sorted(likeness, reverse=True):
            if -i not in paired and -j not in taken:
                paired.add(-i)
                taken.add(-j)
    return (
        [item for i, item in enumerate(gold) if i not in paired],
        [item for j, item in enumerate(extracted) if j not in taken],
    )


def _likeness(one: str, other: str) -> float:
    """Share of the words of the shorter text that the other has too."""
    a, b = (set(re.findall(r"\w+", fold(text))) for text in (one, other))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
