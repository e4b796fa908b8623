"""Score what the pipeline makes of one reading against the report's gold, with the project's own scorer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import numpy as np

from baocao_etl.evaluation import (
    Evaluation,
    Expected,
    Item,
    Outcome,
    SectionEvaluation,
    SectionItem,
    compare,
    evaluate,
    evaluate_sections,
    fold,
    numbered,
    placed,
)
from baocao_etl.evaluation.letterheads import FIELDS, MORE_FIELDS, NOTHING
from baocao_etl.models import Document
from baocao_etl.pipeline import digitise
from baocao_etl.reading import identify
from baocao_etl.settings import Settings
from benchmarks.edits import infix_distance
from benchmarks.figures import correctness
from benchmarks.repair import words
from benchmarks.unseen.marks import MarkError, number
from benchmarks.unseen.source import Gold


class Scores(NamedTuple):
    """The shares by which a reading is judged, each from 0 to 1.

    `prose_r` and `prose_p` are recall and precision without the figures of tables (the gold of seed 002
    leaves its table out); `strict` is the F1 with units; `paths` the share of the figures found whose
    path is right; `tree` the F1 of the paths of all sections; `letterhead` the share of its six fields
    (type, number, symbol, issuer, date, subject), `signing` that of place, signer and signer's title;
    `ser` syllable errors in the body.
    """

    recall: float
    precision: float
    prose_r: float
    prose_p: float
    strict: float
    paths: float
    tree: float
    letterhead: float
    signing: float
    ser: float


class Result(NamedTuple):
    """The scores of one reading and all that is wrong in it."""

    scores: Scores
    figures: Evaluation
    units: list[tuple[Item, str]]
    sections: SectionEvaluation
    letterhead: list[Outcome]
    outcomes: list[tuple[float, bool]]  # of each figure: its confidence, and whether it is right


def score(path: Path, gold: Gold, settings: Settings) -> Result:
    """Digitise the file `path` and compare what comes out with `gold`."""
    documents = digitise(identify(path), settings)
    wanted = [_item(*row) for row in gold.figures]
    extracted = [figure for document in documents for figure in document.figures]
    found = [Item.of(figure) for figure in extracted]
    figures = evaluate(wanted, found, _values(text for text, _ in gold.not_figures))
    prose = evaluate(
        [_item(*row) for row in gold.figures if not row.in_table],
        [Item.of(figure) for figure in extracted if figure.table_id is None],
        (),
    ).levels["score"]
    sections = evaluate_sections(
        [SectionItem("", *section) for section in gold.sections],
        [item for document in documents for item in numbered(document.sections)],
    )
    fields = {field: text or NOTHING for field, text in gold.letterhead.items()}
    head = compare(Expected("", 1, dict(fields)), documents[0].letterhead if documents else None)
    scores = Scores(
        recall=figures.levels["score"].recall,
        precision=figures.levels["score"].precision,
        prose_r=prose.recall,
        prose_p=prose.precision,
        strict=figures.levels["strict"].f1,
        paths=placed(wanted, found).recall,
        tree=sections.levels["path"].f1,
        letterhead=_share(head, FIELDS),
        signing=_share(head, MORE_FIELDS),
        ser=error_rate(gold.typed, documents),
    )
    outcomes = list(correctness(extracted, figures, sections=True))
    return Result(scores, figures, _other_units(wanted, found), sections, head, outcomes)


def _share(outcomes: Sequence[Outcome], fields: Sequence[str]) -> float:
    mine = [outcome.right for outcome in outcomes if outcome.field in fields]
    return sum(mine) / len(mine)


def _other_units(wanted: Sequence[Item], found: Sequence[Item]) -> list[tuple[Item, str]]:
    """Return the figures that are right but for their unit, with the unit that they got."""
    left = [item for item in found if _key(item) not in set(map(_key, wanted))]
    other = []
    for item in wanted:
        if _key(item) in set(map(_key, found)):
            continue
        for i, candidate in enumerate(left):
            if _key(candidate)[:-1] == _key(item)[:-1]:
                other.append((item, left.pop(i).unit))
                break
    return other


def _key(item: Item) -> tuple[object, ...]:
    return item.section, item.value, item.denominator, item.kind, fold(item.unit)


def error_rate(typed: Iterable[str], documents: Iterable[Document]) -> float:
    """Return the syllable errors in the paragraphs of the body, as a share of their syllables.

    Each paragraph is compared with the part of the repaired text that is most like it, so the order of
    blocks does not matter.
    """
    text = words("\n".join(page.text for document in documents for page in document.pages))
    ids = {word: i for i, word in enumerate(dict.fromkeys(text))}
    line = np.array([ids[word] for word in text], dtype=np.int64)
    errors = total = 0
    for paragraph in typed:
        meant = words(paragraph)
        errors += infix_distance([ids.get(word, -1) for word in meant], line)
        total += len(meant)
    return errors / total if total else 0.0


def _item(section: str, value: str, kind: str, unit: str, context: str) -> Item:
    over, _, under = value.partition("/")
    return Item("", section, Decimal(over), Decimal(under) if under else None, kind, unit, context)


def _values(texts: Iterable[str]) -> Iterable[Decimal]:
    for text in texts:
        try:
            yield number(text)
        except MarkError:  # a telephone number
            continue
