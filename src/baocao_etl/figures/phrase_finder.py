"""Finds the names of a list in running text, word by word, with OCR errors allowed for.

Words are compared in lower case without diacritics; what stands between them (spaces, hyphens, slashes,
ampersands) does not matter, so `TD-Office` is `TD Office`. A name of several words is found fuzzily where
most of its words are met exactly in their places.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from baocao_etl.figures.vocabulary import key
from baocao_etl.repair.orthography import is_wellformed_syllable

_WORD = re.compile(r"\w+")
_SHORT = 4  # letters; an acronym no longer than this must be written in capitals
_BENT_FROM = 6  # letters; a single word this long may have one slip
_SAME_WORDS = 0.6  # share of a name's words that must be met exactly
_LIKE = 0.87  # likeness of the whole, from which a bent name counts


class Found(NamedTuple):
    """A name in a text: the characters `start:end`, the standard name, and how alike they are."""

    start: int
    end: int
    name: str
    likeness: float


class PhraseFinder:
    """A list of names (alias -> standard name), ready for finding."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._phrases: dict[tuple[str, ...], str] = {}
        for alias, name in names:
            words = tuple(_WORD.findall(key(alias)))
            if words:
                self._phrases[words] = name  # a later table replaces an earlier one
        self._by_word: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        self._long: dict[int, list[str]] = defaultdict(list)
        for words in self._phrases:
            if len(words) == 1 and len(words[0]) >= _BENT_FROM:
                self._long[len(words[0])].append(words[0])
            for i, word in enumerate(words):
                if len(words) > 2 or i == 0:
                    self._by_word[word].append((words, i))

    def find(self, text: str, plain: str) -> Iterator[Found]:
        """Yield the names in `text`, the longest of overlapping ones; `plain` has no diacritics."""
        tokens = list(_WORD.finditer(plain.lower()))
        words = [m[0] for m in tokens]
        found: list[Found] = []
        tried: set[tuple[int, tuple[str, ...]]] = set()
        for i, word in enumerate(words):
            for phrase, place in self._by_word.get(word, ()):
                at = i - place
                if at < 0 or at + len(phrase) > len(words) or (at, phrase) in tried:
                    continue
                tried.add((at, phrase))
                start, end = tokens[at].start(), tokens[at + len(phrase) - 1].end()
                likeness = _likeness(phrase, words[at : at + len(phrase)])
                if likeness < 1.0 and _are_other_words(phrase, tokens[at:], text):
                    continue
                if likeness and _is_written_so(phrase, text[start:end]):
                    found.append(Found(start, end, self._phrases[phrase], likeness))
            found += self._bent(word, tokens[i])
        yield from _longest(found)

    def _bent(self, word: str, token: re.Match[str]) -> Iterator[Found]:
        """A single long word with one slip: `tabmls`."""
        if len(word) < _BENT_FROM or (word,) in self._phrases:
            return
        for length in (len(word) - 1, len(word), len(word) + 1):
            for known in self._long.get(length, ()):
                if Levenshtein.distance(known, word, score_cutoff=1) == 1:
                    likeness = 1 - 1 / len(known)
                    yield Found(token.start(), token.end(), self._phrases[known,], likeness)


def _likeness(phrase: Sequence[str], window: Sequence[str]) -> float:
    """Return 1 for the same words, the likeness of nearly the same ones, else 0."""
    same = sum(a == b for a, b in zip(phrase, window, strict=True))
    if same == len(phrase):
        return 1.0
    if len(phrase) < 3 or same < _SAME_WORDS * len(phrase):
        return 0.0
    likeness = Levenshtein.normalized_similarity(" ".join(phrase), " ".join(window))
    return likeness if likeness >= _LIKE else 0.0


def _are_other_words(phrase: Sequence[str], tokens: Sequence[re.Match[str]], text: str) -> bool:
    """Say whether a word that differs is good Vietnamese: then it is another word, not a bent one."""
    return any(
        word != token[0] and is_wellformed_syllable(text[token.start() : token.end()])
        for word, token in zip(phrase, tokens, strict=False)
    )


def _is_written_so(phrase: Sequence[str], written: str) -> bool:
    """A short acronym must stand in capitals: IOC, not ioc; SOC, not sóc."""
    return len(phrase) > 1 or len(phrase[0]) > _SHORT or (written.isupper() and written.isascii())


def _longest(found: list[Found]) -> Iterator[Found]:
    taken: list[Found] = []
    for hit in sorted(found, key=lambda f: (f.start - f.end, -f.likeness)):
        if all(hit.end <= other.start or other.end <= hit.start for other in taken):
            taken.append(hit)
    yield from sorted(taken)
