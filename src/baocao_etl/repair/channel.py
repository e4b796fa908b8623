"""The error channel: which words a seen token may have been, and P(seen | meant) for each.

A channel is a table of what onsets and rimes turn into (see `baocao_etl.repair.build.channels`). The
seen token is cut into onset and rime at every place; the parts that explain the two pieces are joined,
and what the lexicon knows is a candidate. Pieces that the table has not seen are explained letter
by letter. Both kinds of look-up are cached, so a token costs its search once in a process.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair.kept import Kept
from baocao_etl.repair.lexicon import Lexicon, lexicon_of
from baocao_etl.repair.orthography import onset_and_rime, strip_diacritics

Floats = npt.NDArray[np.float32]
_Learned = tuple[npt.NDArray[np.intp], Floats]  # numbers of parts, P(seen | part)
Shapes = dict[str, Floats]  # seen string -> P(seen | letter) by looks, for each of LETTERS

LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
)
LETTERS += LETTERS.upper()
_AT = {letter: i for i, letter in enumerate(LETTERS)}
_MARKED = np.array([not letter.isascii() for letter in LETTERS])
BARE = "bare"
_LONGEST = 3
# What any OCR may make of a letter, beyond what was learned: P of one given character, of two or three
# given strokes. Letters with marks break far more often than plain ones.
FLOOR_MARKED, FLOOR_PLAIN = 1e-3, 5e-5
FLOOR_TWO = 2e-5  # any two characters in the place of a marked letter
ONE_FOR_ONE = {"dropped"}  # channels that lose letters and do not double them
SYMBOL_MARKED = 8e-3  # a sign or a digit in the place of a marked letter
STROKES_MARKED, STROKES_PLAIN = (3e-4, 4e-5), (4e-5, 0.0)
_STROKES = frozenset("ijlrntcfIJL1!|'’`´.,;:()[]{}çñü&0o")
UNSEEN = 0.15  # weight of the letter model beside the table of parts
STRENGTH = 0.12  # weight of the flat prior in the letter model
OPENNESS = {"slips": 0.5}  # both weights, for channels of OCR programs that know the language
LEAST_FOREIGN = (
    1e-5  # P(seen | word) of words that are no syllables, below which one is not offered
)
WORST = 1e-6  # share of the best candidate's P(seen | word) below which one is given up
UNEXPLAINED = -30.0  # log P(seen) where no word explains it
LONGEST_SEEN, LONGEST_ONSET = 12, 5
MOST = 60  # candidates kept for a token
MOST_SEEN, MOST_VECTORS = 100_000, 20_000  # tokens, and pieces of them, remembered in a process


class Candidates(NamedTuple):
    """The words that a token may have been, likeliest (with their frequency) first."""

    words: npt.NDArray[np.int64]  # ids in the lexicon, each once
    texts: tuple[str, ...]  # as they would be written
    logp: Floats  # log P(seen | word)


NOTHING = Candidates(np.zeros(0, np.int64), (), np.zeros(0, np.float32))


class Level(NamedTuple):
    """The letters at one depth of a tree of strings, and which node of the depth above each follows."""

    letters: npt.NDArray[np.intp]  # numbers in LETTERS
    parents: npt.NDArray[np.intp]


class Parts(NamedTuple):
    """Strings that may stand somewhere in a token, as a tree: what they share is explained once.

    The tree is read from the first letter on, or from the last one back.
    """

    names: list[str]
    levels: tuple[Level, ...]
    nodes: npt.NDArray[np.intp]  # of each name, counted through the levels, the root first

    @classmethod
    def of(cls, names: list[str], *, backwards: bool = False) -> Parts:
        """Make the tree of `names`; those with strange letters are left out."""
        names = [name for name in names if all(c in _AT for c in name)]
        strings = [name[::-1] if backwards else name for name in names]
        above, number, levels = {"": 0}, {"": 0}, []
        for depth in range(1, max(map(len, strings), default=0) + 1):
            here = sorted({string[:depth] for string in strings if len(string) >= depth})
            letters = np.array([_AT[string[-1]] for string in here], np.intp)
            parents = np.array([above[string[:-1]] for string in here], np.intp)
            levels.append(Level(letters, parents))
            above = {string: i for i, string in enumerate(here)}
            number |= {string: i for i, string in enumerate(here, start=len(number))}
        nodes = np.array([number[string] for string in strings], np.intp)
        return cls(names, tuple(levels), nodes)

    def explained(self, steps: Floats, start: int) -> Floats:
        """Return [name, i]: P(what was seen between places `start` and i | name).

        `steps` is [letter, i, j]: P(what was seen between i and j | letter), i being the nearer
        to `start`. The ways to share out what was seen among the letters are summed over.
        """
        row = np.zeros((1, steps.shape[1]), np.float32)
        row[0, start] = 1.0
        rows = [row]
        for letters, parents in self.levels:
            row = np.einsum("ni,nij->nj", row.take(parents, 0), steps.take(letters, 0))
            rows.append(row)
        return np.asarray(np.concatenate(rows)[self.nodes])


class LetterModel:
    """P(emitted string | letter) for all letters at once, learned values over a flat prior.

    The prior says what every OCR does now and then: keep the letter, lose its marks, take its marks
    for others, drop it. It keeps a channel learned on drawn pages open to pages of other origin.
    """

    def __init__(
        self,
        learned: dict[str, dict[str, float]],
        shapes: Shapes,
        strength: float,
        *,
        doubles: bool = True,
    ) -> None:
        self.strength = strength
        self.two = FLOOR_TWO if doubles else 0.0
        self.openness = strength / STRENGTH
        self.shapes = shapes
        self._vectors = Kept(self._vector, MOST_VECTORS)
        self.learned: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for letter, seens in learned.items():
            if letter in _AT:
                for seen, p in seens.items():
                    self.learned[seen].append((_AT[letter], p))

    def steps(self, seen: str) -> Floats:
        """Return [letter, i, j]: P(seen[i:j] | letter), 0 where no letter is read as so much."""
        size = len(seen) + 1
        found = np.zeros((size, size, len(LETTERS)), np.float32)
        for i in range(size):
            for j in range(i, min(i + _LONGEST, len(seen)) + 1):
                part = seen[i:j]
                if j - i < 3 or self._knows(part):
                    found[i, j] = self.vector(part)
        return np.ascontiguousarray(found.transpose(2, 0, 1))

    def _knows(self, seen: str) -> bool:
        return seen in self.learned or seen in self.shapes or _STROKES.issuperset(seen)

    def vector(self, seen: str) -> Floats:
        """Return P(seen | letter) for each of LETTERS."""
        return self._vectors[seen]

    def _vector(self, seen: str) -> Floats:
        p = np.zeros(len(LETTERS), dtype=np.float32)
        for i, learned in self.learned.get(seen, ()):
            p[i] += (1 - self.strength) * learned
        if not seen:
            p += self.strength * 0.08
        elif len(seen) == 1:
            marked = FLOOR_MARKED if seen.isalpha() else SYMBOL_MARKED
            p += self.openness * np.where(_MARKED, marked, FLOOR_PLAIN)
            p += 0.5 * self.strength * _likeness(seen)
        elif len(seen) == 2:
            p += self.openness * np.where(_MARKED, self.two, 0.0)
        if len(seen) > 1 and _STROKES.issuperset(seen):
            at = len(seen) - 2
            strokes = np.where(_MARKED, STROKES_MARKED[at], STROKES_PLAIN[at])
            p += self.openness * strokes
        shape = self.shapes.get(seen)
        if shape is not None:
            p += 0.5 * self.strength * shape
        return p

    def probabilities(self, candidates: Parts, seen: str) -> Floats:
        """Return P(seen | part) for every part."""
        return candidates.explained(self.steps(seen), 0)[:, -1]


@lru_cache(maxsize=8)
def shapes(dictionaries: Dictionaries) -> Shapes:
    """Return the table of look-alikes."""
    found: Shapes = {}
    for row in dictionaries.rows("channels/shapes"):
        vector = found.setdefault(row["seen"], np.zeros(len(LETTERS), np.float32))
        vector[_AT[row["letter"]]] = math.exp(float(row["logp"]))
    return found


def _base(character: str) -> str:
    """Return a character without any marks, those of other languages too: ç is a c, ư an u, đ a d."""
    return strip_diacritics(unicodedata.normalize("NFD", character)[0])


@lru_cache(maxsize=1024)
def _likeness(seen: str) -> Floats:
    """Return the flat prior: how likely each letter is to be read as the character `seen`."""
    plain = _base(seen)
    p = np.zeros(len(LETTERS), dtype=np.float32)
    for i, letter in enumerate(LETTERS):
        if letter == seen:
            p[i] = 0.4
        elif strip_diacritics(letter) == plain:
            p[i] = 0.4 if seen == plain else 0.1
        elif strip_diacritics(letter).lower() == plain.lower():
            p[i] = 0.05
    return p


class Forms(NamedTuple):
    """The syllables of the lexicon in one way of writing: small, Title or CAPITALS."""

    onsets: Parts
    rimes: Parts
    cells: npt.NDArray[np.intp]  # of each syllable in the table of onsets by rimes, row by row
    words: npt.NDArray[np.int64]
    texts: list[str]

    @classmethod
    def of(cls, words: dict[str, int], write: Callable[[str], str]) -> Forms:
        """Write the words (normal form -> id) in one way and number their parts."""
        texts = [text for text in map(write, words) if all(c in _AT for c in text)]
        cut = [onset_and_rime(text) for text in texts]
        onsets = Parts.of(sorted({onset for onset, _ in cut}))
        rimes = Parts.of(sorted({rime for _, rime in cut}), backwards=True)
        row, column = ({name: i for i, name in enumerate(p.names)} for p in (onsets, rimes))
        cells = [row[onset] * len(column) + column[rime] for onset, rime in cut]
        ids = [words[text.lower()] for text in texts]
        return cls(onsets, rimes, np.array(cells, np.intp), np.array(ids, np.int64), texts)


class Channel:
    """One kind of damage over one lexicon."""

    def __init__(self, name: str, dictionaries: Dictionaries) -> None:
        self.name = name
        self.lexicon: Lexicon = lexicon_of(dictionaries)
        self._learned: dict[str, dict[str, list[tuple[str, float]]]] = {
            "onset": defaultdict(list), "rime": defaultdict(list)
        }  # fmt: skip
        letters: dict[str, dict[str, float]] = defaultdict(dict)
        for row in dictionaries.rows(f"channels/{name}"):
            kind, meant, seen, logp = row["part"], row["meant"], row["seen"], float(row["logp"])
            if kind == "letter":
                letters[meant][seen] = math.exp(logp)
            else:
                self._learned[kind][seen].append((meant, math.exp(logp)))
        self.knows_vietnamese = name in OPENNESS
        self._openness = OPENNESS.get(name, 1.0)
        self.letters = LetterModel(
            letters,
            shapes(dictionaries),
            STRENGTH * self._openness,
            doubles=name not in ONE_FOR_ONE,
        )
        words = {w: i for w, i in self.lexicon.ids.items() if self.lexicon.is_syllable(w)}
        self._forms = {
            "small": Forms.of(words, str.lower),
            "title": Forms.of(words, str.capitalize),
            "capital": Forms.of(words, str.upper),
        }
        foreign = self.lexicon.foreign_words
        known = Parts.of(list(foreign)), Parts.of([word.capitalize() for word in foreign])
        self._foreign_words = [
            (np.array([foreign[name.lower()] for name in each.names], np.int64), each)
            for each in known
        ]
        self._at = {
            (style, kind): {name: i for i, name in enumerate(getattr(forms, f"{kind}s").names)}
            for style, forms in self._forms.items()
            for kind in ("onset", "rime")
        }
        self._learned_at: dict[tuple[str, str, str], _Learned] = {}
        self._candidates = Kept(self._search, MOST_SEEN)
        self._fits = Kept(self._fit, MOST_SEEN)

    def candidates(self, seen: str) -> Candidates:
        """Return the words that `seen` may have been."""
        return self._candidates[seen] if len(seen) <= LONGEST_SEEN else NOTHING

    def fit(self, seen: str) -> float:
        """Return log P(seen | the word that explains it best)."""
        return self._fits[seen] if len(seen) <= LONGEST_SEEN else UNEXPLAINED

    def _fit(self, seen: str) -> float:
        logp = self.candidates(seen).logp
        return float(logp.max()) if len(logp) else UNEXPLAINED

    def _search(self, seen: str) -> Candidates:
        steps = self.letters.steps(seen)
        found = [self._in_style(style, seen, steps) for style in styles(seen)]
        found.append(self._foreign(seen, steps))
        words = np.concatenate([each[0] for each in found])
        texts = [text for each in found for text in each[1]]
        logp = np.concatenate([each[2] for each in found])
        order = np.argsort(-(logp + self.lexicon.ngrams.single[words]), kind="stable")
        firsts = np.sort(np.unique(words[order], return_index=True)[1])[:MOST]
        order = order[firsts]
        return Candidates(words[order], tuple(texts[i] for i in order.tolist()), logp[order])

    def _in_style(
        self, style: str, seen: str, steps: Floats
    ) -> tuple[npt.NDArray[np.int64], list[str], Floats]:
        """Return words, texts and log P(seen | word) of one way of writing; `steps` of the letters."""
        forms = self._forms[style]
        cuts = range(min(len(seen), LONGEST_ONSET) + 1)
        unseen = UNSEEN * self._openness
        onsets = unseen * forms.onsets.explained(steps, 0)[:, : len(cuts)]
        backwards = np.ascontiguousarray(steps.transpose(0, 2, 1))
        rimes = unseen * forms.rimes.explained(backwards, -1)[:, : len(cuts)]
        for cut in cuts:
            at, learned = self._learned_for(style, "onset", seen[:cut])
            onsets[at, cut] += learned
            at, learned = self._learned_for(style, "rime", seen[cut:])
            rimes[at, cut] += learned
        total = (onsets @ rimes.T).take(forms.cells)
        alive = np.flatnonzero(total > total.max() * WORST)
        logp = np.log(total[alive])
        if len(alive) > MOST:
            score = logp + self.lexicon.ngrams.single[forms.words[alive]]
            few = np.sort(np.argpartition(-score, MOST)[:MOST])
            alive, logp = alive[few], logp[few]
        return forms.words[alive], [forms.texts[i] for i in alive.tolist()], logp

    def _foreign(self, seen: str, steps: Floats) -> tuple[npt.NDArray[np.int64], list[str], Floats]:
        """Return the same of the words that are no syllables, explained letter by letter."""
        words, names = self._foreign_words[seen[0].isupper()]
        p = names.explained(steps, 0)[:, -1]
        alive = np.flatnonzero(p > LEAST_FOREIGN)
        return words[alive], [names.names[i] for i in alive.tolist()], np.log(p[alive])

    def _learned_for(self, style: str, kind: str, seen: str) -> _Learned:
        """Return which onsets or rimes were read as `seen` in training, and how often."""
        found = self._learned_at.get((style, kind, seen))
        if found is None:
            at, weight = self._at[style, kind], 1 - UNSEEN * self._openness
            rows = [(at[part], weight * p) for part, p in self._learned[kind].get(seen, ())
                    if part in at]  # fmt: skip
            found = (
                np.array([row for row, _ in rows], np.intp),
                np.array([p for _, p in rows], np.float32),
            )
            if rows:
                self._learned_at[style, kind, seen] = found
        return found


class BareChannel(Channel):
    """No OCR at all: the letters are right, only all diacritics are gone."""

    def __init__(self, dictionaries: Dictionaries) -> None:
        self.name = BARE
        self.lexicon = lexicon_of(dictionaries)
        learned = {letter: {strip_diacritics(letter): 1.0} for letter in LETTERS}
        self.letters = LetterModel(learned, {}, 1e-6)
        self.knows_vietnamese = True
        self._words: dict[str, list[str]] = defaultdict(list)
        for entry in self.lexicon.entries:
            if entry.kind == "syllable":
                self._words[strip_diacritics(entry.word)].append(entry.word)
        self._candidates = Kept(self._search, MOST_SEEN)
        self._fits = Kept(self._fit, MOST_SEEN)

    def _search(self, seen: str) -> Candidates:
        write = str.upper if seen.isupper() else str.capitalize if seen[0].isupper() else str.lower
        words = self._words.get(seen.lower(), ())
        ids = np.array([self.lexicon.ids[word] for word in words], dtype=np.int64)
        return Candidates(ids, tuple(map(write, words)), np.zeros(len(words), np.float32))


def styles(seen: str) -> tuple[str, ...]:
    """Return the ways of writing that a token may have been printed in."""
    capitals = sum(c.isupper() for c in seen)
    if not capitals:
        return ("small",)
    if capitals * 2 > len(seen):
        return ("capital", "title", "small") if len(seen) < 3 else ("capital", "title")
    if not seen[0].isupper():
        return ("small",)
    return "title", "small"


@lru_cache(maxsize=32)
def channel(name: str, dictionaries: Dictionaries) -> Channel:
    """Return the channel `name`, loaded once in a process."""
    if name == BARE:
        return BareChannel(dictionaries)
    return Channel(name, dictionaries)
