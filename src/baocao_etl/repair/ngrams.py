"""The n-gram model as the decoder reads it: memory-mapped hash tables, looked up in whole arrays.

Each order above the first is two files: `cells` (one uint32 an n-gram, grouped by bucket) and
`offsets` (where each bucket begins). A cell holds some bits of the n-gram's hash, its log
probability and, below the longest order, its back-off weight, both quantised. Pages of the files are
shared by all processes that map them. Probabilities are natural logarithms outside this module.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]

BUCKET = 3  # mean n-grams in a bucket
WINDOW = 12  # a bucket never holds more (the builder sees to it)
LOGP_STEP, BACKOFF_STEP, BACKOFF_TOP = 8.5 / 255, 4.0 / 127, 1.0  # log10
DENSE = 3072
_LN10 = float(np.log(10))
_LOGP_OF: Floats = (-np.arange(256) * LOGP_STEP * _LN10).astype(np.float32)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX2 = np.uint64(0xD6E8FEB86659FD93)


def hashed(keys: Ids) -> Ids:
    """Return 64 well-mixed bits for each key (two rounds of multiply and shift)."""
    h = keys * _MIX
    h ^= h >> np.uint64(29)
    h *= _MIX2
    h ^= h >> np.uint64(32)
    return h


class HashTable:
    """The n-grams of one length. `wide` tables hold a back-off weight beside each probability."""

    def __init__(
        self, cells: npt.NDArray[np.uint32], offsets: npt.NDArray[np.uint32], *, wide: bool
    ) -> None:
        self.cells, self.offsets, self.wide = cells, offsets, wide
        self.buckets = np.uint64(len(offsets) - 1)
        self.tag_shift = np.uint32(15 if wide else 8)
        self.backoff_of = ((BACKOFF_TOP - np.arange(128) * BACKOFF_STEP) * _LN10).astype(np.float32)

    def find(self, keys: Ids) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.uint32]]:
        """Return for each key (a flat array) whether it is there, and its cell."""
        h = hashed(keys)
        bucket = (((h >> np.uint64(32)) * self.buckets) >> np.uint64(32)).astype(np.intp)
        tag = (h & np.uint64(0xFFFFFFFF)).astype(np.uint32) >> self.tag_shift
        start = self.offsets.take(bucket)
        bucket += 1
        left = self.offsets.take(bucket) - start
        found = np.zeros(len(keys), bool)
        cells = np.zeros(len(keys), np.uint32)
        todo = np.flatnonzero(left)
        at, tag, left = start.take(todo).astype(np.intp), tag.take(todo), left.take(todo)
        for step in range(WINDOW):
            if not len(todo):
                break
            here = self.cells.take(at)
            hit = (here >> self.tag_shift) == tag
            where = todo[hit]
            found[where] = True
            cells[where] = here[hit]
            on = np.flatnonzero(~hit & (left > step + 1))
            todo, at, tag, left = todo.take(on), at.take(on) + 1, tag.take(on), left.take(on)
        return found, cells

    def logp(self, cells: npt.NDArray[np.uint32]) -> Floats:
        """Return the log probability that each cell holds."""
        return np.asarray(_LOGP_OF[cells & np.uint32(0xFF)])

    def backoff(self, found: npt.NDArray[np.bool_], cells: npt.NDArray[np.uint32]) -> Floats:
        """Return the back-off weight of each cell, 0 where nothing was found."""
        code = (cells >> np.uint32(8)) & np.uint32(0x7F)
        return np.where(found, self.backoff_of[code], np.float32(0))


class NgramModel(NamedTuple):
    """Log probabilities of words after histories of up to three words."""

    single: Floats
    single_backoff: Floats
    dense: npt.NDArray[np.uint8]  # log P of bigrams of the DENSE commonest words, as codes
    typical: Floats  # mean log P of a word after the two before it, where it does stand
    tables: tuple[HashTable, ...]  # lengths 2, 3 and 4

    @classmethod
    def load(cls, folder: Path) -> NgramModel:
        """Map the files of `folder`; nothing is read before it is needed.

        Raises:
            OSError: a file is missing.
            ValueError: a file is not what its name says.
        """
        single = np.load(folder / "1.npy")
        dense = np.load(folder / "2.dense.npy", mmap_mode="r").view(np.ndarray).reshape(-1)
        tables = tuple(
            HashTable(
                np.load(folder / f"{n}.cells.npy", mmap_mode="r").view(np.ndarray),
                np.load(folder / f"{n}.offsets.npy", mmap_mode="r").view(np.ndarray),
                wide=n < 4,
            )
            for n in (2, 3, 4)
        )
        return cls(single[0], single[1], dense, single[2], tables)

    def coarse(self, a: Ids, b: Ids, *, few: Literal["left", "right"] = "left") -> Floats:
        """Return log P(b | a), fast: most pairs are read from the square of common words.

        Say which side has `few` different words: the square is stored both ways, and neighbours in
        memory are quicker to read.
        """
        row, column, half = (a, b, 0) if few == "left" else (b, a, DENSE * DENSE)
        at = (row * np.uint64(DENSE) + column).astype(np.intp)
        at += half
        result = _LOGP_OF.take(self.dense.take(at, mode="clip"))
        rare = np.flatnonzero((a >= DENSE) | (b >= DENSE))
        if len(rare):
            left, right = a[rare], b[rare]
            found, cells = self.tables[0].find((left << np.uint64(16)) | right)
            result[rare] = np.where(found, self.tables[0].logp(cells), self._backed(left, right))
        return np.asarray(result)

    def bigram(self, a: Ids, b: Ids) -> tuple[Floats, Floats]:
        """Return log P(b | a), and the weight that a trigram missing after (a, b) backs off with."""
        table = self.tables[0]
        found, cells = table.find((a << np.uint64(16)) | b)
        logp = np.where(found, table.logp(cells), self._backed(a, b))
        return logp, table.backoff(found, cells)

    def _backed(self, a: Ids, b: Ids) -> Floats:
        """Return log P(b | a) of bigrams that were not counted."""
        left, right = a.view(np.int64), b.view(np.int64)  # numpy is quicker at signed indices
        return np.asarray(self.single_backoff.take(left) + self.single.take(right))

    def trigram(self, keys: Ids, backed: Floats) -> tuple[Floats, Floats]:
        """Return log P(c | a, b) for keys abc (48 bits), `backed` where it was not counted; and weights."""
        table = self.tables[1]
        found, cells = table.find(keys)
        return np.where(found, table.logp(cells), backed), table.backoff(found, cells)

    def fourgram(self, keys: Ids, backed: Floats) -> Floats:
        """Return log P(d | a, b, c) for keys abcd (64 bits), `backed` where it was not counted."""
        table = self.tables[2]
        found, cells = table.find(keys)
        return np.where(found, table.logp(cells), backed)
