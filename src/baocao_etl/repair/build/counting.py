"""Count n-grams in whole arrays: an n-gram of up to four words is one 64-bit key, 16 bits a word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from baocao_etl.repair.lexicon import BOUNDARY_ID

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]
Tokens = npt.NDArray[np.uint16]

LONGEST = 4
CONTEXT = 8  # a stretch of so many tokens that stood somewhere before is a copy
_16 = np.uint64(16)
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Counts(NamedTuple):
    """The n-grams of one length: rising keys, how often each occurs, and its weighted count."""

    keys: Keys
    raw: npt.NDArray[np.int32]
    weighted: Floats


def prefix(keys: Keys) -> Keys:
    """Return the keys without their last word: the histories."""
    return keys >> _16


def suffix(keys: Keys, length: int) -> Keys:
    """Return keys of `length` words without their first word."""
    return keys & np.uint64((1 << (16 * (length - 1))) - 1)


def last(keys: Keys) -> npt.NDArray[np.int64]:
    """Return the last word of each key."""
    return (keys & np.uint64(0xFFFF)).astype(np.int64)


def first(keys: Keys, length: int) -> npt.NDArray[np.int64]:
    """Return the first word of keys of `length` words."""
    return (keys >> np.uint64(16 * (length - 1))).astype(np.int64)


def keys_of(tokens: Tokens, length: int) -> Keys:
    """Return the key of the n-gram that begins at each token."""
    count = max(0, len(tokens) - length + 1)
    keys = np.zeros(count, np.uint64)
    for i in range(length):
        keys <<= _16
        keys |= tokens[i : i + count]
    return keys


def inside(tokens: Tokens, length: int) -> npt.NDArray[np.bool_]:
    """Say which n-grams lie within one sentence: a boundary may begin or end them, not both."""
    edge = tokens == BOUNDARY_ID
    count = max(0, len(tokens) - length + 1)
    bad = edge[:count] & edge[length - 1 : length - 1 + count]
    for i in range(1, length - 1):
        bad |= edge[i : i + count]
    return np.asarray(~bad)


def originals(corpora: Sequence[Tokens]) -> list[npt.NDArray[np.bool_]]:
    """Say for each token whether it is no copy: whether the CONTEXT tokens up to it are new.

    Laws quote each other at length. What stands in ten of them by copying tells no more about the
    language than what stands in one, so copies are not counted (the earlier corpus keeps its own).
    """
    hashes = []
    for tokens in corpora:
        h = np.zeros(len(tokens), np.uint64)
        for i in range(CONTEXT):
            h *= _MIX
            h[i:] += tokens[: len(tokens) - i] + np.uint64(1)
            h ^= h >> np.uint64(31)
        hashes.append(h)
    every = np.concatenate(hashes) if hashes else np.zeros(0, np.uint64)
    new = np.zeros(len(every), bool)
    new[np.unique(every, return_index=True)[1]] = True
    return np.split(new, np.cumsum([len(tokens) for tokens in corpora])[:-1])


def count(
    corpora: Sequence[Tokens],
    new: Sequence[npt.NDArray[np.bool_]],
    weights: Sequence[float],
    length: int,
) -> Counts:
    """Count the n-grams of `length` words that end at a token which is no copy."""
    found = []
    for tokens, fresh in zip(corpora, new, strict=True):
        use = inside(tokens, length) & fresh[length - 1 :]
        found.append(np.unique(keys_of(tokens, length)[use], return_counts=True))
    keys = np.concatenate([each[0] for each in found])
    raw = np.concatenate([each[1].astype(np.int32) for each in found])
    weighted = np.concatenate(
        [each[1].astype(np.float32) * np.float32(w) for each, w in zip(found, weights, strict=True)]
    )
    order = np.argsort(keys, kind="stable")
    keys, raw, weighted = keys[order], raw[order], weighted[order]
    starts = np.flatnonzero(np.diff(keys, prepend=~keys[:1])) if len(keys) else np.zeros(0, np.intp)
    return Counts(keys[starts], np.add.reduceat(raw, starts).astype(np.int32) if len(keys) else raw,
                  np.add.reduceat(weighted, starts) if len(keys) else weighted)  # fmt: skip


def sums(keys: Keys, values: npt.NDArray[Any]) -> tuple[Keys, npt.NDArray[Any]]:
    """Return the different keys of a rising array, and the sum of the values of each."""
    starts = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    return keys[starts], np.add.reduceat(values, starts)


def positions(keys: Keys, wanted: Keys) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return where each wanted key stands in the rising `keys` (any index if nowhere), and whether."""
    if not len(keys):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), bool)
    at = np.searchsorted(keys, wanted)
    at[at == len(keys)] = 0
    return at, keys[at] == wanted
