"""One reading per discourse: the same token tends to mean the same word all over a page.

After Gale, Church and Yarowsky (1992), "One sense per discourse". What a token was read as elsewhere on
the page, where its company told, speaks for the same reading here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from baocao_etl.repair.lattice import Place, Ranked
from baocao_etl.repair.ngrams import NgramModel

# Exponent of the evidence of the other places, and how many places what is usual counts as. Chosen on
# simulated pages and held-out lines: errors fall by 4 to 10 %.
TRUST, USUAL = 0.9, 1.5
SURE = 0.99  # posterior from which the page has nothing to add


def agreed(model: NgramModel, places: Sequence[Place], found: Sequence[Ranked]) -> list[Ranked]:
    """Return the posteriors of the places, each with the evidence of its like weighed in."""
    alike: dict[bytes, list[int]] = defaultdict(list)
    for i, place in enumerate(places):
        if len(place.words) > 1:
            alike[place.words.tobytes()].append(i)
    new = list(found)
    for group in alike.values():
        if len(group) < 2:
            continue
        doubtful = [i for i in group if max(found[i].p) <= SURE]
        if not doubtful:
            continue
        total: dict[int, float] = defaultdict(float)
        for i in group:
            for candidate, p in zip(*found[i], strict=True):
                total[candidate] += p
        for i in doubtful:
            new[i] = _weighed(model, places[i], found[i], total, len(group) - 1)
    return new


def _weighed(
    model: NgramModel, place: Place, here: Ranked, total: dict[int, float], others: int
) -> Ranked:
    """Return the posteriors of a place, given those of all its like (itself among them)."""
    logp = [float(model.single[place.words[c]] + place.logp[c]) for c in here.candidates]
    top = max(logp)
    usual = [math.exp(value - top) for value in logp]
    weights = [
        p * ((max(0.0, total[c] - p) * sum(usual) / often + USUAL) / (others + USUAL)) ** TRUST
        for c, p, often in zip(here.candidates, here.p, usual, strict=True)
    ]
    whole = sum(weights)
    return Ranked(here.candidates, [weight / whole for weight in weights]) if whole else here
