"""One reading per discourse: a page says the same again.

The same token tends to mean the same word all over a page: after Gale, Church and Yarowsky (1992), "One
sense per discourse". What a token was read as elsewhere on the page, where its company told, speaks for the
same reading here. And what a page that reads well says, it tends to say again: pairs of words that stand
elsewhere on it speak for themselves (after Kuhn and De Mori, 1990, "A cache-based natural language model").
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from baocao_etl.repair.lattice import Place, Ranked
from baocao_etl.repair.ngrams import NgramModel

# Exponent of the evidence of the other places, and how many places what is usual counts as. Chosen on
# simulated pages and held-out lines: errors fall by 4 to 10 %.
TRUST, USUAL = 0.9, 1.5
BACKING = 2.0  # how many times likelier each time makes it that a page says something elsewhere
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


class Phrases:
    """The pairs of neighbouring words of a page that reads well, and how often it says each."""

    def __init__(self, words: Sequence[int]) -> None:
        self._words = list(words)
        self._pairs = Counter(pairwise(self._words))

    def weighed(
        self, places: Sequence[Place], found: Sequence[Ranked], spoken: Mapping[int, int]
    ) -> list[Ranked]:
        """Return the posteriors of the places, weighed by what the page says elsewhere.

        Args:
            places: the candidates.
            found: their posteriors.
            spoken: which places are to be weighed, and which word of the page each is.
        """
        new = list(found)
        for at, i in spoken.items():
            if len(new[at].candidates) > 1:
                new[at] = self._backed(places[at], new[at], i)
        return new

    def _backed(self, place: Place, here: Ranked, i: int) -> Ranked:
        before, behind = self._words[max(0, i - 1) : i], self._words[i + 1 : i + 2]
        weights = []
        for candidate, p in zip(here.candidates, here.p, strict=True):
            word = int(place.words[candidate])
            pairs = [(other, word) for other in before] + [(word, other) for other in behind]
            itself = len(pairs) if word == self._words[i] else 0
            said = sum(map(self._pairs.__getitem__, pairs)) - itself
            weights.append(p * (1 + BACKING * said))
        whole = sum(weights)
        return Ranked(here.candidates, [weight / whole for weight in weights])
