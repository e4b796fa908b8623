"""The words that the repair room knows, and what else the dictionaries say about them."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.errors import MissingError
from baocao_etl.repair.ngrams import NgramModel
from baocao_etl.repair.orthography import fold, strip_diacritics
from baocao_etl.repair.tokens import SPECIAL
from baocao_etl.settings import Settings

BOUNDARY_ID, NUMBER_ID, UNKNOWN_ID, COMMA_ID = range(4)
USER_WORDS = "words"
_VOWEL = frozenset("aeiouy")


class Entry(NamedTuple):
    """One word of the vocabulary."""

    word: str
    kind: str
    frequency: int


class Siblings(NamedTuple):
    """The siblings of word i are `ids[starts[i] : starts[i] + counts[i]]`."""

    ids: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]


class Lexicon:
    """The vocabulary of the language model, the acronyms, and the user's own words.

    A user's word that the model never counted takes the model's place for unknown words, but is a
    candidate like any other: so it is effective at once, without new counts.
    """

    def __init__(self, dictionaries: Dictionaries) -> None:
        self.dictionaries = dictionaries
        folder = dictionaries.roots[0]
        table = dictionaries.files("syllables.tsv")
        if not table or not (folder / "ngrams" / "1.npy").is_file():
            raise MissingError(
                "The syllable table or the n-gram model is missing from the dictionaries.",
                "Run `make dictionaries` in a checkout, or reinstall the package.",
            )
        self.entries = _bundled_entries(table[0])
        self.ids: dict[str, int] = {token: i for i, token in enumerate(SPECIAL)}
        self.ids |= {entry.word: i for i, entry in enumerate(self.entries, start=len(SPECIAL))}
        self._syllables = {entry.word for entry in self.entries if entry.kind == "syllable"}
        self._user = self._user_words()

    def _user_words(self) -> dict[str, str]:
        """Return the words of the user's entries: normal form -> as the user writes it."""
        words = {fold(word): word for entry in self.own_entries for word in entry.split()}
        return {word: written for word, written in words.items() if word not in self.ids}

    @cached_property
    def own_entries(self) -> tuple[str, ...]:
        """What the user added: words, and names of several words."""
        rows = [
            row for name in (USER_WORDS, "syllables") for row in self.dictionaries.own_rows(name)
        ]
        return tuple(dict.fromkeys(" ".join(row["word"].split()) for row in rows))

    @cached_property
    def own_words(self) -> tuple[str, ...]:
        """The words of the user's entries that are no common syllables, as the user writes them."""
        words = [word for entry in self.own_entries for word in entry.split()]
        return tuple(dict.fromkeys(w for w in words if fold(w) not in self._syllables))

    @property
    def user_words(self) -> dict[str, str]:
        """The user's own words that the model does not know: normal form -> as written."""
        return self._user

    @cached_property
    def acronyms(self) -> dict[str, str]:
        """The abbreviations: lower case -> as written."""
        if not self.dictionaries.files("abbreviations.tsv"):
            return {}
        return {written.lower(): written for written in self.expansions}

    @cached_property
    def expansions(self) -> dict[str, str]:
        """The abbreviations as written -> what they stand for, in lower case."""
        rows = self.dictionaries.rows("abbreviations")
        return {row["abbreviation"]: row.get("expansion", "") for row in rows}

    @cached_property
    def capital_words(self) -> tuple[str, ...]:
        """Abbreviations as written: those of the table, and words of consonants that were counted."""
        counted = {
            e.word.upper() for e in self.entries if e.kind == "other" and _is_letters(e.word)
        }
        return tuple(sorted(counted.union(self.expansions) if self.acronyms else counted))

    @cached_property
    def foreign_words(self) -> dict[str, int]:
        """Words that were counted, have Vietnamese letters and are no syllables (Lênin): their ids."""
        return {
            e.word: self.ids[e.word]
            for e in self.entries
            if e.kind == "other" and not e.word.isascii() and not _is_letters(e.word)
        }

    @cached_property
    def bare_syllables(self) -> frozenset[str]:
        """The syllables in use without their diacritics."""
        return frozenset(map(strip_diacritics, self._syllables))

    @cached_property
    def siblings(self) -> Siblings:
        """For each word of the model the syllables that differ from it in diacritics alone."""
        families: dict[str, list[int]] = {}
        for word in self._syllables:
            families.setdefault(strip_diacritics(word), []).append(self.ids[word])
        others: list[list[int]] = [[] for _ in self.ngrams.single]
        for family in families.values():
            for i in family:
                others[i] = sorted(set(family) - {i})
        counts = np.array(list(map(len, others)), np.int64)
        return Siblings(
            np.array(list(chain.from_iterable(others)), np.uint64),
            np.cumsum(counts) - counts,
            counts,
        )

    @cached_property
    def ngrams(self) -> NgramModel:
        """The n-gram model, memory-mapped."""
        return NgramModel.load(self.dictionaries.roots[0] / "ngrams")

    def word_id(self, word: str) -> int:
        """Return the model's id of `word` (any case), that of `<unk>` if it was never counted."""
        return self.ids.get(fold(word), UNKNOWN_ID)

    def is_syllable(self, word: str) -> bool:
        """Say whether `word` (any case) is a Vietnamese syllable in use, or a user's own word."""
        wanted = fold(word)
        return wanted in self._syllables or wanted in self._user

    def is_word(self, word: str) -> bool:
        """Say whether `word` (any case) is known at all: syllable, acronym, foreign or the user's."""
        wanted = fold(word)
        return wanted in self.ids or wanted in self._user or wanted in self.acronyms


def _is_letters(word: str) -> bool:
    """Say whether a word cannot be spoken, only spelled: ubnd, ctđt."""
    return len(word) > 1 and word.isalpha() and _VOWEL.isdisjoint(strip_diacritics(word))


def _bundled_entries(path: Path) -> tuple[Entry, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple(
        Entry(row[0], row[1] if len(row) > 1 else "syllable", int(row[2]) if len(row) > 2 else 0)
        for row in rows[1:]
    )


@lru_cache(maxsize=8)
def lexicon_of(dictionaries: Dictionaries) -> Lexicon:
    """Return the lexicon of these dictionaries, loaded once in a process."""
    return Lexicon(dictionaries)


def lexicon(settings: Settings) -> Lexicon:
    """Return the lexicon that these settings point at.

    Raises:
        MissingError: the tables have not been built.
    """
    return lexicon_of(settings.tables)
