"""Write a back-off model into the files that `baocao_etl.repair.ngrams` maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from baocao_etl.repair.build.counting import Keys
from baocao_etl.repair.build.kneser_ney import Model, Table
from baocao_etl.repair.ngrams import SLOTS, STEP, coded, coded_backoff, homes

Floats = npt.NDArray[np.float32]
Slots = npt.NDArray[np.int64]

LOAD = 0.95  # of the slots of a hash table are used; above 0.97 placing takes very long
COST = {2: 6.0, 3: 3 / LOAD, 4: 3 / LOAD}
"""Bytes that an n-gram of each length takes."""

_ROUNDS = 20_000
_CODES = 256
_PLAIN = 96  # codes of n-grams that nothing longer begins with: these have one value, not two
_PASSES = 40  # of Lloyd's algorithm


def write(model: Model, typical: Floats, folder: Path) -> None:
    """Write the files of `folder`; `typical` is the mean log P of each word where it does stand."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.npy"):
        old.unlink()
    singles, pairs, *longer = model.tables
    np.save(folder / "1.npy", np.stack([singles.logp, singles.backoff, typical]))
    np.save(folder / "2.keys.npy", pairs.keys.astype("<u4"))
    np.save(folder / "2.codes.npy", np.stack([coded(pairs.logp), coded_backoff(pairs.backoff)]))
    for length, table in enumerate(longer, start=3):
        book, codes = code_book(table, longest=length == len(model.tables))
        slots, buckets = roomy_places(table.keys)
        tags = np.zeros(buckets * SLOTS, "<u2")
        tags[slots] = homes(table.keys, buckets).tags
        packed = np.zeros(buckets * SLOTS, np.uint8)
        packed[slots] = codes
        np.save(folder / f"{length}.tags.npy", tags)
        np.save(folder / f"{length}.codes.npy", packed)
        np.save(folder / f"{length}.book.npy", book)


def roomy_places(keys: Keys) -> tuple[Slots, int]:
    """Return a slot for each key, and of how many buckets.

    A small table may have no placing at all at this load: then it gets a few buckets more.
    """
    buckets = int(np.ceil(len(keys) / (SLOTS * LOAD)))
    while True:
        try:
            return places(keys, buckets), buckets
        except ValueError:
            buckets += 1 + buckets // 20


def places(keys: Keys, buckets: int) -> Slots:
    """Return a slot for each key in one of its two buckets, by turns of moving in and out.

    Raises:
        ValueError: the table is too full.
    """
    at = homes(keys, buckets)
    owner = np.full(buckets * SLOTS, -1, np.int64)
    filled = np.zeros(buckets, np.int64)
    waiting, target = np.arange(len(keys)), at.first.copy()
    for turn in range(_ROUNDS if len(keys) <= len(owner) else 0):
        if not len(waiting):
            found = np.empty(len(keys), np.int64)
            used = np.flatnonzero(owner >= 0)
            found[owner[used]] = used
            return found
        order = np.argsort(target, kind="stable")
        waiting, target = waiting[order], target[order]
        begins = np.flatnonzero(np.diff(target, prepend=-1))
        rank = np.arange(len(target)) - np.repeat(begins, np.diff(np.append(begins, len(target))))
        slot = filled[target] + rank
        fits = slot < SLOTS
        owner[target[fits] * SLOTS + slot[fits]] = waiting[fits]
        np.maximum.at(filled, target[fits], slot[fits] + 1)
        # Of those that found a bucket full, the first takes another's slot; all the others move on.
        left, there = waiting[~fits], target[~fits]
        takes = np.diff(there, prepend=-1) != 0
        taken = there[takes] * SLOTS + (turn + left[takes]) % SLOTS
        out = owner[taken]
        owner[taken] = left[takes]
        waiting = np.concatenate((out, left[~takes]))
        target = np.concatenate((there[takes], there[~takes]))
        target = at.first[waiting] + at.second[waiting] - target
    raise ValueError(f"{len(keys)} n-grams do not fit into {buckets} buckets.")


def code_book(table: Table, *, longest: bool) -> tuple[Floats, npt.NDArray[np.uint8]]:
    """Return 256 pairs of values (log P, log back-off weight) and the code of each n-gram.

    The values are set by Lloyd's algorithm ("Least squares quantization in PCM", 1982) on a fine grid.
    """
    plain = np.ones(len(table.keys), bool) if longest else table.backoff == 0
    count = _CODES if longest else _PLAIN
    book = np.zeros((2, _CODES), np.float32)
    codes = np.zeros(len(table.keys), np.uint8)
    levels, at = _levels(table.logp[plain], count)
    book[0, :count], codes[plain] = levels, at
    if not longest and not plain.all():
        values = np.stack([table.logp[~plain], table.backoff[~plain]], axis=1)
        centres, at = _centres(values, _CODES - count)
        book[:, count:], codes[~plain] = centres.T, at + count
    return book, codes


def _levels(values: Floats, count: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return the best few values to stand for all, and which stands for each."""
    if not len(values):
        return np.zeros(count, np.float32), np.zeros(0, np.int64)
    grid, weight = np.unique(np.round(values * 200).astype(np.int64), return_counts=True)
    points = grid / 200
    levels = np.quantile(values, (np.arange(count) + 0.5) / count)
    for _ in range(_PASSES):
        nearest = np.searchsorted((levels[1:] + levels[:-1]) / 2, points)
        mass = np.bincount(nearest, weight, count)
        total = np.bincount(nearest, weight * points, count)
        levels = np.sort(np.where(mass > 0, total / np.maximum(mass, 1), levels))
    return levels.astype(np.float32), np.searchsorted((levels[1:] + levels[:-1]) / 2, values)


def _centres(values: Floats, count: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return the best few pairs of values to stand for all, and which stands for each."""
    _, inverse, weight = np.unique(
        np.round(values / (STEP / 2)).astype(np.int64) @ np.array([10_000, 1]),
        return_inverse=True, return_counts=True,
    )  # fmt: skip
    mass = np.maximum(weight, 1).astype(np.float64)
    points = np.stack([np.bincount(inverse, v) for v in values.T], axis=1) / mass[:, None]
    # From strips of log P, each cut by its back-off weights.
    order = np.argsort(points[:, 0], kind="stable")
    strips = np.array_split(order, max(1, round(count / 5)))
    starts = [np.quantile(points[strip], q, axis=0) for strip in strips if len(strip)
              for q in (0.1, 0.3, 0.5, 0.7, 0.9)]  # fmt: skip
    centres = np.array([starts[i % len(starts)] for i in range(count)])
    for _ in range(_PASSES):
        nearest = _nearest(points, centres)
        total = np.stack([np.bincount(nearest, mass * v, count) for v in points.T], axis=1)
        held = np.bincount(nearest, mass, count)
        centres = np.where(held[:, None] > 0, total / np.maximum(held, 1)[:, None], centres)
    centres = centres.astype(np.float32)
    # 0 means that nothing longer was counted.
    centres[:, 1] = np.where(centres[:, 1] == 0, np.float32(1e-6), centres[:, 1])
    return centres, _nearest(points, centres)[inverse]


def _nearest(points: npt.NDArray[np.floating], centres: npt.NDArray[np.floating]) -> Slots:
    found = [
        np.argmin(((points[i : i + 4096, None, :] - centres[None]) ** 2).sum(axis=2), axis=1)
        for i in range(0, len(points), 4096)
    ]
    return np.concatenate(found)
