"""Align what was printed with what was read: words first, then the letters inside them.

The letters are aligned by expectation maximisation (Dempster, Laird and Rubin 1977): each letter
emits nothing up to three characters, and how often it emits what is learned from all pairs together,
as in the noisy-channel speller of Brill and Moore, "An improved error model for noisy channel
spelling correction", 2000.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from baocao_etl.repair.orthography import strip_diacritics

LONGEST = 3  # characters that one letter may emit
APART = 0.8  # share of letters that differ from which two words are no pair
GAP = 0.75  # cost of a word without a partner
PASSES = 6

Pairs = Mapping[tuple[str, str], float]  # (meant, seen) -> how often
Emissions = dict[str, dict[str, float]]  # letter -> what it emits -> P


def word_pairs(meant: Sequence[str], seen: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of a page that stand for each other, in order.

    Words that were split, joined or lost have no partner and are left out: white space is not the
    channel's business.
    """
    if not meant or not seen:
        return
    plain = [strip_diacritics(word).lower() for word in meant]
    read = [strip_diacritics(word).lower() for word in seen]
    apart = process.cdist(plain, read, scorer=Levenshtein.normalized_distance, dtype=np.float32)
    cost = np.zeros((len(meant) + 1, len(seen) + 1), np.float32)
    cost[:, 0] = GAP * np.arange(len(meant) + 1)
    cost[0] = GAP * np.arange(len(seen) + 1)
    steps = GAP * np.arange(len(seen) + 1, dtype=np.float32)
    for i in range(1, len(meant) + 1):
        best = np.minimum(cost[i - 1, 1:] + GAP, cost[i - 1, :-1] + apart[i - 1])
        row = np.concatenate(([cost[i, 0]], best))
        # Gaps in the row itself: the least of what stands left, each step costing GAP.
        cost[i] = np.minimum.accumulate(row - steps) + steps
    i, j = len(meant), len(seen)
    found: list[tuple[str, str]] = []
    while i and j:
        here = cost[i, j]
        if np.isclose(here, cost[i - 1, j - 1] + apart[i - 1, j - 1], atol=1e-4):
            i, j = i - 1, j - 1
            if apart[i, j] <= APART:
                found.append((meant[i], seen[j]))
        elif np.isclose(here, cost[i - 1, j] + GAP, atol=1e-4):
            i -= 1
        else:
            j -= 1
    yield from reversed(found)


def learn_letters(pairs: Pairs) -> Emissions:
    """Return P(emitted | letter), learned from the pairs."""
    emissions: Emissions = {}
    for _ in range(PASSES):
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for (meant, seen), often in pairs.items():
            for letter, emitted, share in _shares(meant, seen, emissions):
                counts[letter][emitted] += often * share
        emissions = {
            letter: {emitted: count / total for emitted, count in seens.items()}
            for letter, seens in counts.items()
            if (total := sum(seens.values())) > 0
        }
    return emissions


def likelihood(meant: str, seen: str, emissions: Emissions) -> float:
    """Return P(seen | meant), summed over the ways to share out the characters."""
    return _forward(meant, seen, emissions)[-1][-1]


def _shares(meant: str, seen: str, emissions: Emissions) -> Iterator[tuple[str, str, float]]:
    """Yield (letter, what it emitted, how likely that is) over all ways to share out `seen`."""
    forward = _forward(meant, seen, emissions)
    total = forward[-1][-1]
    if total <= 0:
        return
    backward = [[0.0] * (len(seen) + 1) for _ in range(len(meant) + 1)]
    backward[-1][-1] = 1.0
    for i in range(len(meant) - 1, -1, -1):
        for j, k, p in _spans(meant[i], seen, emissions):
            backward[i][j] += p * backward[i + 1][k]
    for i, letter in enumerate(meant):
        for j, k, p in _spans(letter, seen, emissions):
            share = forward[i][j] * p * backward[i + 1][k] / total
            if share > 1e-6:
                yield letter, seen[j:k], share


def _forward(meant: str, seen: str, emissions: Emissions) -> list[list[float]]:
    rows = [[1.0] + [0.0] * len(seen)]
    for letter in meant:
        row = [0.0] * (len(seen) + 1)
        before = rows[-1]
        for j, k, p in _spans(letter, seen, emissions):
            row[k] += before[j] * p
        rows.append(row)
    return rows


def _spans(letter: str, seen: str, emissions: Emissions) -> Iterable[tuple[int, int, float]]:
    """Return (start, end, P) of all that a letter may have emitted of `seen`."""
    known = emissions.get(letter)
    found = []
    for j in range(len(seen) + 1):
        for k in range(j, min(j + LONGEST, len(seen)) + 1):
            p = known.get(seen[j:k], 0.0) if known else _guess(letter, seen[j:k])
            if p > 0:
                found.append((j, k, p))
    return found


def _guess(letter: str, emitted: str) -> float:
    """Return where to begin: letters mostly stay, lose their marks, or get lost."""
    if not emitted:
        return 0.02
    if emitted == letter:
        return 0.6
    if len(emitted) == 1:
        same = _base(emitted) == _base(letter)
        return 0.3 if same else 0.01
    return 0.003 if len(emitted) == 2 else 0.0005


def _base(letter: str) -> str:
    return strip_diacritics(unicodedata.normalize("NFD", letter)[0]).lower()
