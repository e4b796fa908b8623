"""The n-gram model as the decoder reads it: memory-mapped tables, looked up in whole arrays.

Pairs of words are a rising array of keys, read through a bitmap that is made of it. Longer n-grams are
cuckoo hash tables of buckets of four (Pagh and Rodler, "Cuckoo hashing", 2004; Dietzfelbinger and
Weidling, 2007): an n-gram stands in one of two buckets, as 16 bits of its hash (the tag) and one byte,
the number of its values in a code book. So it costs three bytes, and one in 10,000 that was never
counted is taken for another.
Pages of the files are shared by all processes that map them. Probabilities are natural logarithms.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]

SLOTS = 4  # n-grams in a bucket
STEP = np.float32(20 / 255)  # of the logarithms of pairs, which are stored as multiples of it
TOP = np.float32(3.0)  # the largest logarithm of a back-off weight of pairs
NO_BACKOFF = 255  # the code of a back-off weight of exactly 0: nothing longer was counted
DENSE = 3072
_LOGP_OF: Floats = -STEP * np.arange(256, dtype=np.float32)
_BACKOFF_OF: Floats = TOP - STEP * np.arange(256, dtype=np.float32)
_BACKOFF_OF[NO_BACKOFF] = 0.0
_16, _29, _32 = np.uint64(16), np.uint64(29), np.uint64(32)
_MIX, _MIX2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
# For the comparison of four tags at once: the lowest and the highest bit of each.
_LOW, _HIGH = np.uint64(0x0001000100010001), np.uint64(0x8000800080008000)
_TAG = np.uint64(0xFFFF)


class Homes(NamedTuple):
    """Where n-grams may stand: two buckets, and the tag that they are known by there."""

    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    tags: Ids


def homes(keys: Ids, buckets: int) -> Homes:
    """Return the homes of each key in a table of so many buckets; no tag is 0."""
    count = np.uint64(buckets)
    h = keys * _MIX
    h ^= h >> _29
    h *= _MIX2
    h ^= h >> _32
    other = (h * _MIX) >> _32
    return Homes(
        (((h >> _32) * count) >> _32).view(np.int64),
        ((other * count) >> _32).view(np.int64),
        np.maximum(h & _TAG, np.uint64(1)),
    )


class HashTable(NamedTuple):
    """The n-grams of one length: `tags` of whole buckets, `codes` by slot, and what these stand for."""

    tags: Ids  # of four slots each, the first in the lowest bits; 0 is an empty slot
    codes: Codes
    book: Floats  # by code: log P, and the log back-off weight (0: nothing longer was counted)

    @classmethod
    def load(cls, folder: Path, length: int) -> HashTable:
        """Map the files of the n-grams of one length."""
        return cls(
            _mapped(folder / f"{length}.tags.npy").view("<u8"),
            _mapped(folder / f"{length}.codes.npy"),
            np.load(folder / f"{length}.book.npy"),
        )

    def find(self, keys: Ids) -> tuple[Flags, Codes]:
        """Return for each key (a flat array) whether it is there, and its code."""
        at = homes(keys, len(self.tags))
        found, slots = self._look(at.first, at.tags)
        missing = np.flatnonzero(~found)
        if len(missing):
            again, there = self._look(at.second[missing], at.tags[missing])
            found[missing] = again
            slots[missing] = there
        return found, self.codes.take(slots)

    def _look(
        self, bucket: npt.NDArray[np.int64], tags: Ids
    ) -> tuple[Flags, npt.NDArray[np.int64]]:
        """Look into one bucket for each tag; return whether it is there, and in which slot."""
        differing = self.tags.take(bucket)
        differing ^= tags * _LOW
        # The highest bit of each 16 that are all zero (the lowest such is always right).
        zero = (differing - _LOW) & ~differing & _HIGH
        slot = np.bitwise_count((zero & -zero) - np.uint64(1)) >> 4
        return zero != 0, bucket * SLOTS + np.minimum(slot, SLOTS - 1)


class Pairs(NamedTuple):
    """The counted pairs of words: coded logarithms, and where those of a pair stand.

    A pair is found by rank (Jacobson, "Space-efficient static trees and graphs", 1989): the rows of
    `bits` have a bit for each word that may follow, `ranks` the number of pairs before each 64 bits.
    """

    codes: Codes  # of log P, and of the log back-off weight
    bits: Ids
    ranks: npt.NDArray[np.int32]
    width: int  # 64-bit words of a row

    @classmethod
    def of(cls, keys: npt.NDArray[np.uint32], codes: Codes, size: int) -> Pairs:
        """Number the pairs of a vocabulary of so many words: rising keys, 16 bits a word."""
        width = -(-size // 64)
        bits, ranks = np.zeros(size * width, np.uint64), np.zeros(size * width, np.int32)
        at = (keys >> np.uint32(16)).astype(np.int32)
        at *= width
        at += ((keys & np.uint32(0xFFFF)) >> np.uint32(6)).view(np.int32)
        firsts = np.flatnonzero(np.diff(at, prepend=-1))
        each = np.uint64(1) << (keys & np.uint32(63)).astype(np.uint64)
        if len(keys):
            bits[at[firsts]] = np.bitwise_or.reduceat(each, firsts)
            ranks[at[firsts]] = firsts
        return cls(codes, bits, ranks, width)

    def find(
        self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
    ) -> tuple[Flags, npt.NDArray[np.int64]]:
        """Return for each pair whether it is there, and where (any index if it is not)."""
        cell = left * self.width
        cell += right >> 6
        bits = self.bits.take(cell)
        bit = np.uint64(1) << (right & 63).view(np.uint64)
        at = np.bitwise_count(bits & (bit - np.uint64(1))).astype(np.int64)
        at += self.ranks.take(cell)
        return (bits & bit) != 0, at


class NgramModel(NamedTuple):
    """Log probabilities of words after histories of up to three words."""

    single: Floats
    single_backoff: Floats
    typical: Floats  # mean log P of a word after the two before it, where it does stand
    dense: Codes  # log P of pairs of the DENSE commonest words, by the first word and by the second
    pairs: Pairs
    tables: tuple[HashTable, ...]  # lengths 3 and 4

    @classmethod
    def load(cls, folder: Path) -> NgramModel:
        """Map the files of `folder`; of the long tables nothing is read before it is needed.

        Raises:
            OSError: a file is missing.
            ValueError: a file is not what its name says.
        """
        single, single_backoff, typical = np.load(folder / "1.npy")
        keys, codes = _mapped(folder / "2.keys.npy"), _mapped(folder / "2.codes.npy")
        pairs = Pairs.of(keys, codes, len(single))
        tables = tuple(HashTable.load(folder, length) for length in (3, 4))
        dense = _dense(single, single_backoff, keys, codes)
        return cls(single, single_backoff, typical, dense, pairs, tables)

    def coarse(self, a: Ids, b: Ids, *, few: Literal["left", "right"] = "left") -> Floats:
        """Return log P(b | a), fast: most pairs are read from the square of common words.

        Say which side has `few` different words: the square is stored both ways, and neighbours in
        memory are quicker to read.
        """
        left, right = a.view(np.int64), b.view(np.int64)  # numpy is quicker at signed indices
        row, column, half = (left, right, 0) if few == "left" else (right, left, DENSE * DENSE)
        at = row * DENSE
        at += column
        at += half
        result = _LOGP_OF.take(self.dense.take(at, mode="clip"))
        rare = np.flatnonzero(np.maximum(left, right) >= DENSE)
        if len(rare):
            result[rare] = self._pair(left.take(rare), right.take(rare))[0]
        return np.asarray(result)

    def bigram(self, a: Ids, b: Ids) -> tuple[Floats, Floats]:
        """Return log P(b | a), and the log weight that a trigram missing after (a, b) backs off with.

        The weight is 0 where no trigram begins with (a, b).
        """
        logp, found, at = self._pair(a.view(np.int64), b.view(np.int64))
        backoff = _BACKOFF_OF.take(self.pairs.codes[1].take(at, mode="clip"))
        return logp, np.where(found, backoff, np.float32(0))

    def _pair(
        self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
    ) -> tuple[Floats, Flags, npt.NDArray[np.int64]]:
        """Return log P(right | left), whether the pair was counted, and its number if it was."""
        found, at = self.pairs.find(left, right)
        counted = _LOGP_OF.take(self.pairs.codes[0].take(at, mode="clip"))
        backed = self.single_backoff.take(left) + self.single.take(right)
        return np.where(found, counted, backed), found, at

    def trigram(self, keys: Ids, backed: Floats) -> tuple[Floats, Floats]:
        """Return log P(c | a, b) for keys abc (48 bits), `backed` where it was not counted; and weights.

        The weight is that of a back-off from 4-grams, 0 where none begins with the trigram.
        """
        table = self.tables[0]
        found, codes = table.find(keys)
        logp, backoff = table.book
        return (
            np.where(found, logp.take(codes), backed),
            np.where(found, backoff.take(codes), np.float32(0)),
        )

    def fourgram(self, keys: Ids, backed: Floats) -> Floats:
        """Return log P(d | a, b, c) for keys abcd (64 bits), `backed` where it was not counted."""
        table = self.tables[1]
        found, codes = table.find(keys)
        return np.where(found, table.book[0].take(codes), backed)


def coded(logp: Floats) -> Codes:
    """Return the codes of the log P of pairs."""
    return np.clip(np.round(-logp / STEP), 0, 255).astype(np.uint8)


def coded_backoff(weights: Floats) -> Codes:
    """Return the codes of the log back-off weights of pairs."""
    codes = np.clip(np.round((TOP - weights) / STEP), 0, NO_BACKOFF - 1)
    return np.where(weights == 0, NO_BACKOFF, codes).astype(np.uint8)


def _mapped(path: Path) -> npt.NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r").view(np.ndarray))


def _dense(
    single: Floats, single_backoff: Floats, keys: npt.NDArray[np.uint32], codes: Codes
) -> Codes:
    """Return the codes of log P for all pairs of common words, by the first word and by the second."""
    size = min(DENSE, len(single))
    square = np.full((2, DENSE, DENSE), 255, np.uint8)
    for a in range(0, size, 256):  # in strips: the logarithms of all pairs would take 38 MB
        strip = single_backoff[a : min(a + 256, size), None] + single[None, :size]
        square[0, a : a + len(strip), :size] = coded(strip)
    left, right = keys >> np.uint32(16), keys & np.uint32(0xFFFF)
    common = np.flatnonzero((left < DENSE) & (right < DENSE))
    square[0, left[common], right[common]] = codes[0, common]
    square[1] = square[0].T
    return square.reshape(-1)
