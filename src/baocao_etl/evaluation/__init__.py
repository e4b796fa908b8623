"""Score what comes out against gold tables: figures, sections and letterheads."""

from baocao_etl.evaluation.figures import (
    Evaluation,
    Item,
    evaluate,
    placed,
    read_gold,
    read_not_figures,
)
from baocao_etl.evaluation.gold import GoldKind, kind_of
from baocao_etl.evaluation.letterheads import (
    Expected,
    Outcome,
    compare,
    read_letterheads,
    score_fields,
)
from baocao_etl.evaluation.scores import Score, fold
from baocao_etl.evaluation.sections import (
    SectionEvaluation,
    SectionItem,
    evaluate_sections,
    numbered,
    read_sections,
)

__all__ = [
    "Evaluation",
    "Expected",
    "GoldKind",
    "Item",
    "Outcome",
    "Score",
    "SectionEvaluation",
    "SectionItem",
    "compare",
    "evaluate",
    "evaluate_sections",
    "fold",
    "kind_of",
    "numbered",
    "placed",
    "read_gold",
    "read_letterheads",
    "read_not_figures",
    "read_sections",
    "score_fields",
]
