"""How what the checks found changes the confidence of figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from baocao_etl.models import Figure, Finding

_AFTER_FAILURE = 0.5
_HIGHEST = 0.999


def weigh(
    figures: Sequence[Figure], findings: Sequence[Finding], strengths: Mapping[str, float]
) -> tuple[Figure, ...]:
    """Return `figures` with their confidences weighed by `findings`.

    Each finding that holds takes its rule's share (`strengths`) of the doubt away; findings are
    taken as independent of each other. A figure that fails is halved, unless another check holds for it,
    which points at the other figures of the failing one. A note changes nothing.
    """
    doubts: dict[str, float] = defaultdict(lambda: 1.0)
    failing: set[str] = set()
    for found in findings:
        if found.verdict == "fails":
            failing.update(found.figure_ids)
        elif found.verdict == "holds":
            for figure_id in found.figure_ids:
                doubts[figure_id] *= 1 - strengths[found.rule]
    return tuple(_weighed(figure, doubts, failing) for figure in figures)


def _weighed(figure: Figure, doubts: Mapping[str, float], failing: set[str]) -> Figure:
    doubt = doubts.get(figure.figure_id, 1.0)
    confidence = 1 - (1 - figure.confidence) * doubt
    if figure.figure_id in failing:
        confidence = figure.confidence * (_AFTER_FAILURE if doubt == 1.0 else 1.0)
    confidence = round(min(max(confidence, figure.confidence * _AFTER_FAILURE), _HIGHEST), 4)
    return figure.model_copy(update={"confidence": confidence})
