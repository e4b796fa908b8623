"""Decode a lattice of candidates with the n-gram model, coarse to fine, in whole arrays.

All segments of a page are decoded side by side. A first pass of forward-backward with bigrams prunes
the candidates; a second one with 4-grams gives each candidate its posterior probability. Choosing the
candidate of highest posterior at each place minimises the expected syllable error rate (Bahl et al.
1974; Goel and Byrne 2000), where Viterbi would minimise the sentence error rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baocao_etl.repair.ngrams import NgramModel

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.uint64]

NONE = np.float32(-1e4)
FINE = 4  # candidates at a place in the second pass (a power of two)
PRUNE = 1e-3  # posterior of the first pass below which a candidate is given up
BATCH = 48  # windows decoded side by side
CORE, OVERLAP = 32, 4  # a long sentence is decoded in windows that overlap
SHORT, LEADERS, MARGIN = 12, 4, 9.0  # candidates after the first look, neighbours looked at, log
_16 = np.uint64(16)


class Place(NamedTuple):
    """The candidates at one place of a segment: word ids and log channel probabilities."""

    words: npt.NDArray[np.uint16]
    logp: Floats


class Ranked(NamedTuple):
    """What is left of the candidates of a place: their numbers and their posterior probabilities."""

    candidates: Sequence[int]
    p: Sequence[float]


CERTAIN = Ranked((0,), (1.0,))


class Shortlist(NamedTuple):
    """The candidates of a place that were kept, and their numbers at the place."""

    place: Place
    numbers: list[int]


class Window(NamedTuple):
    """A stretch of places decoded together; only those of `core` keep their posteriors."""

    start: int
    end: int
    core: range


def windows(count: int, ends: Sequence[int]) -> list[Window]:
    """Cut `count` places at the sentence ends (indices just behind one); long ones overlap."""
    found: list[Window] = []
    begin = 0
    for end in [*ends, count]:
        for at in range(begin, end, CORE):
            stop = min(at + CORE, end)
            left, right = max(begin, at - OVERLAP), min(end, stop + OVERLAP)
            found.append(Window(left, right, range(at, stop)))
        begin = end
    return found


def posteriors(model: NgramModel, places: Sequence[Place], ends: Sequence[int]) -> list[Ranked]:
    """Return for each place its likeliest candidates (at most FINE) and their posteriors.

    `ends` are the indices (rising) at which a new sentence begins. The candidates of a place stand
    likeliest first (channel and frequency together).
    """
    short = shortlists(model, places, ends)
    found: list[Ranked] = [CERTAIN] * len(places)
    places = [p if few is None else few.place for p, few in zip(places, short, strict=True)]
    cut = [w for w in windows(len(places), ends) if any(len(places[i].words) > 1 for i in w.core)]
    cut.sort(key=lambda w: w.end - w.start)
    for i in range(0, len(cut), BATCH):
        batch = cut[i : i + BATCH]
        decoded = _decode(model, [places[w.start : w.end] for w in batch])
        for window, (candidates, p) in zip(batch, decoded, strict=True):
            for at in window.core:
                row = at - window.start + 1
                few, some = short[at], candidates[row]
                found[at] = Ranked(some if few is None else [few.numbers[c] for c in some], p[row])
    return found


def evidence(model: NgramModel, segments: list[Sequence[Place]]) -> list[float]:
    """Return log P of what was seen in each segment, summed over its readings (bigrams only)."""
    first = {id(p): Place(p.words[:SHORT], p.logp[:SHORT]) if len(p.words) > SHORT else p
             for p in {id(p): p for segment in segments for p in segment}.values()}  # fmt: skip
    short = [[first[id(p)] for p in segment] for segment in segments]
    ids, logp = _padded(short)
    step, weight = _bigram_steps(model, ids, logp), _weights(logp)
    forward = np.zeros((len(ids), ids.shape[2]), np.float32)
    forward[:, 0] = 1.0
    total = logp.max(axis=2).sum(axis=1)
    for t in range(1, ids.shape[1]):
        forward = np.matmul(forward[:, None, :], step[:, t - 1])[:, 0] * weight[:, t]
        norm = np.maximum(forward.sum(axis=1, keepdims=True), 1e-30)
        forward /= norm
        # Behind a segment's end there is only padding: what it costs is no evidence.
        inside = np.array([t <= len(segment) + 1 for segment in segments])
        total = total + np.where(inside, np.log(norm[:, 0]), 0.0)
    return [float(value) for value in total]


def shortlists(
    model: NgramModel, places: Sequence[Place], ends: Sequence[int]
) -> list[Shortlist | None]:
    """Return for each place those of its candidates to keep, None for all.

    A candidate is judged by the channel and by its bigrams with the likeliest few of its neighbours:
    in a broken word the right one is often rare, and only its company speaks for it.
    """
    result: list[Shortlist | None] = [None] * len(places)
    long = [i for i, place in enumerate(places) if len(place.words) > SHORT]
    if not long:
        return result
    number: dict[int, int] = {}  # of the different places; the same ones come again and again
    numbers = np.array([number.setdefault(id(place), len(number)) for place in places])
    different = [places[i] for i in np.unique(numbers, return_index=True)[1]]
    leaders = _leaders(model, different)
    first = set(ends) | {0}
    last = {end - 1 for end in ends} | {len(places) - 1}
    sizes = np.array([len(places[i].words) for i in long])
    starts = np.cumsum(sizes) - sizes
    owner = np.repeat(np.arange(len(long)), sizes)
    own = logp = np.concatenate([places[i].logp for i in long])
    for side, edges in ((-1, first), (1, last)):
        near = np.array([len(different) if i in edges else numbers[i + side] for i in long])
        pairs, group = np.unique(near * len(different) + numbers[long], return_inverse=True)
        near, here = np.divmod(pairs, len(different))
        best, begin = _company(model, [different[i] for i in here], near, leaders, side)
        logp = logp + best[np.repeat(begin[group] - starts, sizes) + np.arange(len(owner))]
    kept = _best(logp, owner, starts)
    words, own = np.concatenate([places[i].words for i in long])[kept], own[kept]
    candidates = (kept - starts[owner[kept]]).tolist()
    behind = np.cumsum(np.bincount(owner[kept], minlength=len(long))).tolist()
    for i, (start, end) in zip(long, pairwise([0, *behind]), strict=True):
        place = Place(words[start:end], own[start:end])
        result[i] = Shortlist(place, candidates[start:end])
    return result


def _best(
    logp: Floats, owner: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return the indices (rising) of the best candidates of each place: at most SHORT, within MARGIN.

    `owner` is the place of each candidate, `starts` where the candidates of each place begin.
    """
    behind = np.maximum.reduceat(logp, starts)[owner] - logp
    near = np.flatnonzero(behind < MARGIN)
    mine = owner[near]
    order = np.argsort(mine * (2.0 * MARGIN) + behind[near], kind="stable")
    counts = np.bincount(mine, minlength=len(starts))
    rank = np.arange(len(near)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.sort(near[order[rank < SHORT]])


def _company(
    model: NgramModel,
    places: Sequence[Place],
    near: npt.NDArray[np.intp],
    leaders: tuple[Ids, Floats],
    side: int,
) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return what the best leader beside it says of each candidate, and where each place begins.

    `near` are the neighbours' rows in `leaders`, which stand left of the places (`side` -1) or right.
    """
    words, weights = leaders
    sizes = np.array([len(place.words) for place in places])
    owner = np.repeat(near, sizes)
    candidates = np.concatenate([place.words for place in places]).astype(np.uint64)
    best = np.full(len(owner), NONE, np.float32)
    for rank in range(LEADERS):
        leader = words[:, rank].take(owner)
        if side < 0:
            step = model.coarse(leader, candidates, few="left")
        else:
            step = model.coarse(candidates, leader, few="right")
        step += weights[:, rank].take(owner)
        np.maximum(best, step, out=best)
    return best, np.cumsum(sizes) - sizes


def _leaders(model: NgramModel, places: Sequence[Place]) -> tuple[Ids, Floats]:
    """Return the first few candidates of each place and their log weights; a last row for edges."""
    words = np.zeros((len(places) + 1, LEADERS), np.uint64)
    weights = np.full(words.shape, NONE, np.float32)
    weights[-1, 0] = 0.0
    for i, place in enumerate(places):
        few = place.words[:LEADERS]
        words[i, : len(few)] = few
        weights[i, : len(few)] = place.logp[: len(few)]
    scores = weights + model.single[words.astype(np.int64)]
    return words, (weights - scores.max(axis=1, keepdims=True)).astype(np.float32)


def _decode(
    model: NgramModel, segments: list[Sequence[Place]]
) -> Iterator[tuple[list[list[int]], list[list[float]]]]:
    """Yield candidates and posteriors of each segment, a boundary assumed (and returned) around it.

    Numbers of candidates that are not there are clipped to the last one; their posterior is 0.
    """
    ids, logp = _padded(segments)
    coarse = _bigram_posteriors(model, ids, logp)
    keep = np.argsort(-coarse, axis=2, kind="stable")[:, :, :FINE]
    few_ids = np.take_along_axis(ids, keep, 2)
    few_logp = np.take_along_axis(logp, keep, 2)
    best = np.take_along_axis(coarse, keep, 2)
    few_logp[(best < PRUNE) & (np.arange(keep.shape[2]) > 0)] = NONE
    fine = _fourgram_posteriors(model, few_ids, few_logp)
    last = np.maximum((logp > NONE / 2).sum(axis=2, keepdims=True) - 1, 0)
    return zip(np.minimum(keep, last).tolist(), fine.tolist(), strict=True)


def _padded(segments: Sequence[Sequence[Place]]) -> tuple[Ids, Floats]:
    longest = max(len(segment) for segment in segments) + 2
    most = max(FINE, *(len(place.words) for segment in segments for place in segment))
    ids = np.zeros((len(segments), longest, most), np.uint64)
    logp = np.full(ids.shape, NONE, np.float32)
    logp[:, :, 0] = 0.0
    places = list(chain.from_iterable(segments))
    rows = [s * longest + t for s, each in enumerate(segments) for t in range(1, len(each) + 1)]
    counts = np.array([len(place.words) for place in places])
    begin = np.array(rows) * most - (np.cumsum(counts) - counts)
    at = np.repeat(begin, counts) + np.arange(counts.sum())
    ids.ravel()[at] = np.concatenate([place.words for place in places])
    logp.ravel()[at] = np.concatenate([place.logp for place in places])
    return ids, logp


def _weights(logp: Floats) -> Floats:
    """Return exp(logp), scaled so that the best candidate of each place has weight 1."""
    return np.asarray(np.exp(logp - logp.max(axis=-1, keepdims=True)))


def _bigram_steps(model: NgramModel, ids: Ids, logp: Floats) -> Floats:
    """Return P of each candidate after each candidate of the place before, 0 for padding."""
    alive = logp > NONE / 2
    pairs = alive[:, :-1, :, None] & alive[:, 1:, None, :]
    left = np.broadcast_to(ids[:, :-1, :, None], pairs.shape)[pairs]
    right = np.broadcast_to(ids[:, 1:, None, :], pairs.shape)[pairs]
    step = np.zeros(pairs.shape, np.float32)
    step[pairs] = np.exp(model.coarse(left, right))
    return step


def _bigram_posteriors(model: NgramModel, ids: Ids, logp: Floats) -> Floats:
    segments, length, most = ids.shape
    step = _bigram_steps(model, ids, logp)
    weight = _weights(logp)
    forward = np.zeros((segments, length, most), np.float32)
    backward = np.ones_like(forward)
    forward[:, 0, 0] = 1.0
    for t in range(1, length):
        new = np.matmul(forward[:, t - 1, None, :], step[:, t - 1])[:, 0] * weight[:, t]
        forward[:, t] = new / np.maximum(new.sum(axis=1, keepdims=True), 1e-30)
    for t in range(length - 2, -1, -1):
        new = np.matmul(step[:, t], (backward[:, t + 1] * weight[:, t + 1])[:, :, None])[:, :, 0]
        backward[:, t] = new / np.maximum(new.max(axis=1, keepdims=True), 1e-30)
    gamma = forward * backward
    return np.asarray(gamma / np.maximum(gamma.sum(axis=2, keepdims=True), 1e-30))


def _fourgram_posteriors(model: NgramModel, ids: Ids, logp: Floats) -> Floats:
    """Return posteriors under the 4-gram model; a state is three neighbouring candidates."""
    segments, length, most = ids.shape
    ids = np.concatenate((np.zeros((segments, 2, most), np.uint64), ids), axis=1)
    start = np.full((segments, 2, most), NONE, np.float32)
    start[:, :, 0] = 0.0
    logp = np.concatenate((start, logp), axis=1)
    step = _fourgram_steps(model, ids, logp > NONE / 2)
    weight = _weights(logp)
    forward = np.zeros((segments, length, most, most, most), np.float32)
    forward[:, 0, 0, 0, 0] = 1.0
    for t in range(1, length):
        new = np.einsum("sabc,sabcd->sbcd", forward[:, t - 1], step[:, t + 2])
        new *= weight[:, t + 2, None, None, :]
        forward[:, t] = new / np.maximum(new.sum(axis=(1, 2, 3), keepdims=True), 1e-30)
    gamma = np.zeros((segments, length, most), np.float32)
    back = np.ones((segments, most, most, most), np.float32)
    for t in range(length - 1, -1, -1):
        gamma[:, t] = np.einsum("sabc,sabc->sc", forward[:, t], back)
        if t:
            back = back * weight[:, t + 2, None, None, :]
            back = np.einsum("sabcd,sbcd->sabc", step[:, t + 2], back)
            back /= np.maximum(back.max(axis=(1, 2, 3), keepdims=True), 1e-30)
    return np.asarray(gamma / np.maximum(gamma.sum(axis=2, keepdims=True), 1e-30))


def _fourgram_steps(model: NgramModel, ids: Ids, alive: npt.NDArray[np.bool_]) -> Floats:
    """Return P of each candidate after each three before it: [segment, place, a, b, c, d].

    Only n-grams of candidates that are all `alive` are looked up. They are known by their flat
    numbers in arrays of [segment, place, FINE, ...], so that the number of the n-gram without its
    first or its last word is found by shifting: FINE is a power of two.
    """
    words = ids.ravel()
    shape = (*alive.shape, FINE)

    def longer(shorter: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        last = alive.reshape(*alive.shape[:2], *(1,) * (shorter.ndim - 2), FINE)
        found = np.zeros((*shorter.shape, FINE), bool)
        np.logical_and(shorter[:, :-1, ..., None], last[:, 1:], out=found[:, 1:])
        return found

    two = longer(alive)
    logp2, back2 = np.zeros(shape, np.float32).ravel(), np.zeros(shape, np.float32).ravel()
    key2 = np.zeros(shape, np.uint64).ravel()
    at = np.flatnonzero(two)
    left, right = words.take((at >> 2) - 4), words.take(at >> 4 << 2 | at & 3)
    key2[at] = left << _16 | right
    logp2[at], back2[at] = model.bigram(left, right)

    three = longer(two)
    logp3, back3 = np.zeros(three.size, np.float32), np.zeros(three.size, np.float32)
    key3 = np.zeros(three.size, np.uint64)
    at = np.flatnonzero(three)
    before, here = (at >> 2) - 16, at >> 6 << 4 | at & 15
    back, history = back2.take(before), key2.take(before)
    key3[at] = key = history << _16 | words.take(at >> 6 << 2 | at & 3)
    logp3[at] = back + logp2.take(here)
    # What was never counted as a history has a back-off weight of exactly 0.
    counted = np.flatnonzero(back)
    at = at.take(counted)
    logp3[at], back3[at] = model.trigram(key.take(counted), logp3.take(at))

    four = longer(three)
    step = np.zeros(four.size, np.float32)
    at = np.flatnonzero(four)
    before, here = (at >> 2) - 64, at >> 8 << 6 | at & 63
    back, history = back3.take(before), key3.take(before)
    logp4 = back + logp3.take(here)
    # Where a 4-gram was counted, its first three words were, unless they are boundaries; what was
    # counted never has a back-off weight of 0.
    counted = np.flatnonzero((back != 0) | (history == 0))
    key = history.take(counted) << _16 | words.take(
        at.take(counted) >> 8 << 2 | at.take(counted) & 3
    )
    logp4[counted] = model.fourgram(key, logp4.take(counted))
    step[at] = np.exp(logp4)
    return step.reshape(four.shape)
