"""How what the checks found changes the confidence of figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from baocao_etl.models import Figure, Finding

_LEAST_LEFT = 0.5  # of the confidence of a figure that fails
_HIGHEST = 0.999


def weigh(
    figures: Sequence[Figure], findings: Sequence[Finding], strengths: Mapping[str, float]
) -> tuple[Figure, ...]:
    """Return `figures` with their confidences weighed by `findings`.

    Each finding that holds takes its rule's share (`strengths`) of the doubt away; findings are
    taken as independent of each other. Of the figures of a finding that fails one is wrong as a rule: each
    loses its share, one of two half, one of eight an eighth; not where another check holds for it, which
    points at the others. A note changes nothing.
    """
    doubts: dict[str, float] = defaultdict(lambda: 1.0)
    left: dict[str, float] = {}
    for found in findings:
        if found.verdict == "fails":
            share = max(_LEAST_LEFT, 1 - 1 / max(1, len(found.figure_ids)))
            left |= {one: min(share, left.get(one, 1.0)) for one in found.figure_ids}
        elif found.verdict == "holds":
            for figure_id in found.figure_ids:
                doubts[figure_id] *= 1 - strengths[found.rule]
    return tuple(_weighed(figure, doubts, left) for figure in figures)


def _weighed(figure: Figure, doubts: Mapping[str, float], left: Mapping[str, float]) -> Figure:
    doubt = doubts.get(figure.figure_id, 1.0)
    confidence = 1 - (1 - figure.confidence) * doubt
    if figure.figure_id in left:
        confidence = figure.confidence * (left[figure.figure_id] if doubt == 1.0 else 1.0)
    return figure.model_copy(update={"confidence": round(min(confidence, _HIGHEST), 4)})
