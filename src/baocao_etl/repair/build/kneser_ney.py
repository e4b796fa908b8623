"""Modified Kneser-Ney smoothing over counted n-grams, and the pruning of what it gives.

Chen and Goodman, "An empirical study of smoothing techniques for language modeling", 1998:
interpolated, three discounts an order, counts of lower orders by how many words they follow.
Weighted counts lose the share of themselves that the unweighted ones would lose. Pruning goes by the
weighted difference of Seymore and Rosenfeld, "Scalable backoff language models", 1996.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baocao_etl.repair.build.counting import (
    Counts,
    Keys,
    first,
    last,
    positions,
    prefix,
    suffix,
    sums,
)
from baocao_etl.repair.lexicon import BOUNDARY_ID

Logs = npt.NDArray[np.float32]
_NEVER = np.float32(-99.0)


class Table(NamedTuple):
    """The n-grams of one length: rising keys, natural log P of the last word after the others.

    `backoff` is the log weight of an n-gram as a history; 0 where nothing longer begins with it.
    """

    keys: Keys
    logp: Logs
    backoff: Logs


class Model(NamedTuple):
    """A back-off model: tables by length, the single words (all of the vocabulary) first."""

    tables: tuple[Table, ...]

    def logp(self, keys: Keys, length: int) -> Logs:
        """Return log P of the last word of each key after its others, backed off where need be."""
        table = self.tables[length - 1]
        if length == 1:
            return table.logp[last(keys)]
        at, found = positions(table.keys, keys)
        result = table.logp[at] if len(table.keys) else np.zeros(len(keys), np.float32)
        missing = np.flatnonzero(~found)
        if len(missing):
            rest = keys[missing]
            backed = self.logp(suffix(rest, length), length - 1)
            result[missing] = backed + self.backoff(prefix(rest), length - 1)
        return result

    def backoff(self, histories: Keys, length: int) -> Logs:
        """Return the log back-off weight of histories, 0 of those that were never seen."""
        table = self.tables[length - 1]
        at, found = positions(table.keys, histories)
        if not len(table.keys):
            return np.zeros(len(histories), np.float32)
        return np.where(found, table.backoff[at], np.float32(0))


def continuation(longer: Counts, plain: Counts, length: int) -> Counts:
    """Return for n-grams of `length` words how many different words they follow.

    Nothing stands before the boundary that begins a sentence: what begins with it keeps its `plain`
    counts. A word that is followed counts as much as its occurrences weigh on average.
    """
    ends = suffix(longer.keys, length + 1)
    order = np.argsort(ends, kind="stable")
    share = (longer.weighted / longer.raw)[order]
    keys, weighted = sums(ends[order], share)
    _, raw = sums(ends[order], np.ones(len(order), np.int32))
    begins = first(plain.keys, length) == BOUNDARY_ID
    after = first(keys, length) != BOUNDARY_ID
    if length == 1:
        begins = np.zeros(len(plain.keys), bool)
        after = np.ones(len(keys), bool)
    every = np.concatenate((plain.keys[begins], keys[after]))
    order = np.argsort(every, kind="stable")
    return Counts(
        every[order],
        np.concatenate((plain.raw[begins], raw[after]))[order].astype(np.int32),
        np.concatenate((plain.weighted[begins], weighted[after]))[order].astype(np.float32),
    )


def discounts(raw: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Return the discounts of n-grams that occur once, twice and more often (index 1, 2, 3).

    Where the counts of counts are too few to tell (tiny corpora), each is at most its count.
    """
    n1, n2, n3, n4 = np.maximum(np.bincount(np.minimum(raw, 5), minlength=6)[1:5], 1)
    y = n1 / (n1 + 2 * n2)
    found = np.array([0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
    return np.asarray(np.clip(found, [0, 0.1, 0.2, 0.3], [0, 0.95, 1.9, 2.9]))


def estimate(plain: Sequence[Counts], vocabulary: int) -> Model:
    """Return the smoothed model of the `plain` counts of n-grams of 1, 2, ... words.

    Every n-gram has all its histories in the counts. Ids are below `vocabulary`.
    """
    longest = len(plain)
    counts = [
        plain[n - 1] if n == longest else continuation(plain[n], plain[n - 1], n)
        for n in range(1, longest + 1)
    ]
    tables: list[Table] = [_singles(counts[0], vocabulary)]
    for n in range(2, longest + 1):
        keys, raw, weighted = counts[n - 1]
        lost = weighted * (discounts(raw)[np.minimum(raw, 3)] / raw).astype(np.float32)
        histories, total = sums(prefix(keys), weighted.astype(np.float64))
        _, freed = sums(prefix(keys), lost.astype(np.float64))
        weight = (freed / total).astype(np.float32)
        row = np.repeat(
            np.arange(len(histories)), np.diff(np.append(_starts(prefix(keys)), len(keys)))
        )
        lower = np.exp(Model(tuple(tables)).logp(suffix(keys, n), n - 1))
        p = (weighted - lost) / total[row] + weight[row] * lower
        below = tables[-1]
        at, found = positions(below.keys, histories)
        backoff = np.zeros(len(below.keys), np.float32)
        backoff[at[found]] = np.log(weight[found])
        tables[-1] = below._replace(backoff=backoff)
        tables.append(Table(keys, np.log(p).astype(np.float32), np.zeros(len(keys), np.float32)))
    return Model(tuple(tables))


def _starts(rising: Keys) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.diff(rising, prepend=~rising[:1]))


def _singles(counts: Counts, vocabulary: int) -> Table:
    """Return the table of single words, the discount shared out over the whole vocabulary."""
    lost = counts.weighted * discounts(counts.raw)[np.minimum(counts.raw, 3)] / counts.raw
    total = counts.weighted.sum(dtype=np.float64)
    p = np.full(vocabulary, lost.sum(dtype=np.float64) / total / vocabulary)
    p[counts.keys.astype(np.int64)] += (counts.weighted - lost) / total
    zeros = np.zeros(vocabulary, np.float32)
    return Table(np.arange(vocabulary, dtype=np.uint64), np.log(p).astype(np.float32), zeros)


def worth(model: Model, plain: Sequence[Counts]) -> list[npt.NDArray[np.float32]]:
    """Return for each length above 1 what each n-gram is worth: count x gain in log P over backing off.

    A history is worth at least as much as the best n-gram that needs it.
    """
    found = []
    for n in range(2, len(model.tables) + 1):
        table = model.tables[n - 1]
        backed = model.logp(suffix(table.keys, n), n - 1) + model.backoff(prefix(table.keys), n - 1)
        at, _ = positions(plain[n - 1].keys, table.keys)
        found.append((plain[n - 1].weighted[at] * (table.logp - backed)).astype(np.float32))
    for n in range(len(model.tables), 2, -1):
        histories = prefix(model.tables[n - 1].keys)
        starts = _starts(histories)
        at, _ = positions(model.tables[n - 2].keys, histories[starts])
        best = np.maximum.reduceat(found[n - 2], starts)
        found[n - 3][at] = np.maximum(found[n - 3][at], best)
    return found


def within(
    worths: Sequence[npt.NDArray[np.float32]], cost: Sequence[float], budget: float
) -> list[npt.NDArray[np.bool_]]:
    """Say which n-grams of each length to keep so that the costs stay within the budget."""
    every = np.concatenate(worths)
    costs = np.repeat(np.asarray(cost, np.float32), [len(each) for each in worths])
    order = np.argsort(-every, kind="stable")
    fitting = int(np.searchsorted(np.cumsum(costs[order], dtype=np.float64), budget, side="right"))
    # What is worth as much as the first that does not fit goes too, so that histories stay.
    least = every[order[fitting]] if fitting < len(every) else -np.inf
    return [each > least for each in worths]


def pruned(model: Model, keep: Sequence[npt.NDArray[np.bool_]]) -> Model:
    """Return the model of the n-grams to keep, the back-off weights set so that all sums to 1."""
    tables: list[Table] = [model.tables[0]._replace(backoff=np.zeros_like(model.tables[0].logp))]
    for n, (table, chosen) in enumerate(zip(model.tables[1:], keep, strict=True), start=2):
        keys, logp = table.keys[chosen], table.logp[chosen]
        histories, given = sums(prefix(keys), np.exp(logp.astype(np.float64)))
        lower = Model(tuple(tables)).logp(suffix(keys, n), n - 1)
        _, taken = sums(prefix(keys), np.exp(lower.astype(np.float64)))
        weight = np.maximum(1 - given, 1e-9) / np.maximum(1 - taken, 1e-9)
        below = tables[-1]
        at, _ = positions(below.keys, histories)
        below.backoff[at] = np.log(weight)
        tables.append(Table(keys, logp, np.zeros(len(keys), np.float32)))
    return Model(tuple(tables))
