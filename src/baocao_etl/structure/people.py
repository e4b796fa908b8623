"""Names of people in signature blocks, read in spite of OCR errors.

A name is no running text: the words before it tell nothing, and repair knows no names. What tells is
how people are called: a surname of some two hundred, then middle names, then a given name. Each word is
spelled as the likeliest syllable of its place in the name, by a noisy channel (Shannon 1948; Kernighan,
Church and Gale 1990) over `person_names.tsv`. Words that were read without a doubt are never changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from math import log
from typing import NamedTuple

from rapidfuzz import fuzz
from unidecode import unidecode

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Word
from baocao_etl.repair.orthography import is_wellformed_syllable
from baocao_etl.structure.lines import is_person_name
from baocao_etl.structure.phrases import phrases, squeezed

_SURE = 0.9  # words as sure as this stay as they were read
_LONGEST = 5  # words
_ALIKE = 90  # letters in a hundred, of a rank
# Natural logs: a mark lost, bent, or seen where there is none; a letter with marks dropped; a letter
# dropped, added or bent; and what repair made of the word, which knows more of the channel than this.
_LOST, _MARK, _SEEN, _DROPPED_MARKED = 1.0, 1.6, 4.0, 2.2
_DROPPED, _ADDED, _BENT, _REPAIRED = 5.0, 5.0, 5.0, 0.8
_UNKNOWN = 2.0  # a syllable that the table does not have, beside one that it has once
_WORST = 4.2  # the most that the letters of a word may cost, for each of its letters below
_LETTERS = 4
# Letters whose capital has the same shape: engines take one for the other.
_SAME_SHAPE = frozenset("covxsz")
_NO_SURNAMES = ("thi", "van")  # the commonest middle names: what stands before them was not read
_PUNCTUATION = " .,;:_*|()[]{}'\"“”‘’`~^=<>/"


class Name(NamedTuple):
    """A person's name; `mended` if words of it were spelled otherwise than they were read."""

    text: str
    mended: bool


def person(words: Sequence[Word], tables: Dictionaries) -> Name | None:
    """Return the name that `words` end with, without rank, degree or strokes of a seal; None if none."""
    tokens = [word for word in words if any(map(str.isalpha, word.raw))]
    start = _behind_rank(tokens, tables)
    for first in range(start, max(start, len(tokens) - 1)):
        if len(tokens) - first <= _LONGEST and (name := _name(tokens[first:], tables)):
            return name
    return None


def _behind_rank(tokens: Sequence[Word], tables: Dictionaries) -> int:
    letters = [squeezed(word.text) for word in tokens]
    ends = [
        i + count
        for i in range(len(tokens))
        for rank, count in phrases(tables, "rank")
        if fuzz.ratio("".join(letters[i : i + count]), rank) >= _ALIKE
    ]
    return max(ends, default=0)


def _name(tokens: Sequence[Word], tables: Dictionaries) -> Name | None:
    """Return the name that all of `tokens` make, if the first may be a surname."""
    spelled: list[str] = []
    for i, word in enumerate(tokens):
        role = "surname" if i == 0 else "given" if i == len(tokens) - 1 else "middle"
        found = _spelled(word, role, tables)
        if found is None:
            return None
        spelled.append(found)
    name = " ".join(spelled)
    if not is_person_name(name):
        return None
    return Name(name, any(s != _read(w).capitalize() for s, w in zip(spelled, tokens, strict=True)))


def _read(word: Word) -> str:
    return word.raw.strip(_PUNCTUATION)


def _spelled(word: Word, role: str, tables: Dictionaries) -> str | None:
    """Return the likeliest syllable for `word` in its place of a name; None if it can be none."""
    read, known = _read(word), _syllables(role, tables)
    if role == "surname" and (squeezed(read) in _NO_SURNAMES or not read.isalpha()):
        return None
    if read[:1] in _SAME_SHAPE:
        read = read[0].upper() + read[1:]
    if not read[:1].isupper():
        return None
    proper = len(read) > 1 and is_wellformed_syllable(read.lower()) and read.istitle()
    marked = word.confidence >= _SURE or not read.isascii()
    if word.raw == word.text and marked and (proper or read in known):
        return read if role != "surname" or read in known else None
    letters, repaired = read.lower(), word.text.strip(_PUNCTUATION).lower()
    costs: dict[str, float] = {}
    for syllable, rarity in known.items():
        cost = _cost(syllable.lower(), letters)
        most = _WORST * min(1.0, len(syllable) / _LETTERS)
        if (
            not proper
            and syllable.lower() == repaired
            and squeezed(repaired)[:1] == squeezed(read)[:1]
        ):
            cost = min(cost, _REPAIRED)
        if cost <= most:
            costs[syllable] = cost + rarity
    if role != "surname" and proper:
        costs.setdefault(read, max(known.values()) + _UNKNOWN)
    return min(costs, key=lambda syllable: costs[syllable]) if costs else None


@cache
def _syllables(role: str, tables: Dictionaries) -> dict[str, float]:
    """Return how rare each syllable is in its place of a name: the natural log of total / count."""
    counts = {
        r["syllable"]: int(r["count"]) for r in tables.rows("person_names") if r["role"] == role
    }
    if role == "surname":
        surnames = [r["phrase"] for r in tables.rows("phrases") if r["role"] == "surname"]
        counts = {name: counts.get(name, 0) + 1 for name in surnames}
    total = sum(counts.values())
    return {syllable: log(total / count) for syllable, count in counts.items()}


@lru_cache(maxsize=65_536)
def _cost(meant: str, read: str) -> float:
    """Return how unlikely it is that `meant` was read as `read`: minus a natural log, 0 for the same."""
    row = [0.0]
    for letter in read:
        row.append(row[-1] + _added(letter))
    for letter in meant:
        dropped = _DROPPED if letter.isascii() else _DROPPED_MARKED
        below = [row[0] + dropped]
        for j, other in enumerate(read):
            below.append(
                min(row[j + 1] + dropped, below[j] + _added(other), row[j] + _swap(letter, other))
            )
        row = below
    return row[-1]


def _added(letter: str) -> float:
    return _ADDED if letter.isalpha() else _MARK


def _swap(letter: str, other: str) -> float:
    if letter == other:
        return 0.0
    if not other.isalnum():
        return _DROPPED_MARKED
    if unidecode(letter)[:1] != unidecode(other)[:1]:
        return _BENT
    return _LOST if other.isascii() else _SEEN if letter.isascii() else _MARK
