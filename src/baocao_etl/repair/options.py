"""What a piece of a word may have been: candidates of the channel, and what stands as it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair import damage
from baocao_etl.repair.channel import Channel, Parts, channel
from baocao_etl.repair.kept import Kept
from baocao_etl.repair.lattice import Floats, Place
from baocao_etl.repair.lexicon import NUMBER_ID, UNKNOWN_ID, Lexicon, lexicon_of
from baocao_etl.repair.orthography import fold
from baocao_etl.repair.tokens import Piece, plan

TRUST = 0.7  # exponent of the channel: drawn pages make it surer of itself than real ones deserve
KEEP = 60  # candidates of a piece that enter the lattice
SPAN = 7.0  # natural log (channel and unigram) below the best at which a candidate stays out
TAIL_NOISE = math.log(0.02)  # that a full stop or comma behind a word is a part of its last letter
# log P of given digits, that a number was meant: one of ten each, and some are longer.
NUMBER, DIGIT = -0.7, -2.3
ABBREVIATION, LETTER = -2.0, 1.0  # log P of one that is in no table, and of each of its letters
COMMON = 3000  # weighted count from which the model knows an abbreviation well enough itself
LEAST_ACRONYM = 1e-9
SYMBOL, CAPITAL = -2.0, -2.2  # log P of an abbreviation that is not in the table, and its letters
ROMANS = ("II", "III", "IV", "VI", "VII", "VIII", "IX", "XI", "XII", "XIII", "XIV", "XV", "XVI")
SPOKEN = {"VI", "XI"}  # which may be syllables in capitals
ROMAN_LIKE = frozenset("IVXil1L|!")  # what Roman numerals are read as
ROMAN = -2.0  # log P that one is read with other strokes
# P of a capital inside a sentence: of a word not counted, and what that counts beside the counts; how
# often a letter is read in the wrong case; and the exponent of this evidence.
OFTEN_CAPITAL, DOUBT, MISREAD_CASE, CASE_TRUST = 0.2, 5, 0.02, 0.5
NOTHING_KNOWN = Place(np.array([UNKNOWN_ID], np.uint16), np.zeros(1, np.float32))
MOST_SEEN = 200_000  # pieces remembered in a process
FOREIGN = 0.9  # P(seen as it is | a word that is not a Vietnamese syllable)


class Options(NamedTuple):
    """The candidates of one piece, for the lattice and for the text that replaces the piece.

    `context` are words that the model reads before the place: the first ones of what an
    abbreviation stands for, while the place itself holds the last.
    """

    place: Place
    context: tuple[int, ...]
    texts: tuple[str, ...]  # what would stand for raw[start:end], punctuation included
    same: int  # index of the candidate that changes nothing, -1 if there is none


Offer = Callable[[int, str, float], None]  # word, text, log P


class OptionSource:
    """Makes the options of pieces under one channel; cached by the piece's text."""

    def __init__(self, name: str, dictionaries: Dictionaries) -> None:
        self.lexicon: Lexicon = lexicon_of(dictionaries)
        self.channel: Channel = channel(name, dictionaries)
        # Where letters are read as signs, a comma says little.
        self.commas = name != damage.DROPPED
        # Frequent words, and rare ones that their company makes likely, both get into the lattice.
        self._prior = 0.5 * (self.lexicon.ngrams.single + self.lexicon.ngrams.typical)
        self._acronyms = Parts.of(sorted(self.lexicon.acronyms.values()))
        self._own_words = Parts.of(list(self.lexicon.own_words))
        self._own_capitals = Parts.of([word.upper() for word in self.lexicon.own_words])
        self._capital_words = Parts.of(list(self.lexicon.capital_words))
        self._expansions = self._expanded()
        self._capitals = _capitals(dictionaries, self.lexicon)
        self._made = Kept(self._make, MOST_SEEN)
        self._inside = Kept(self._make_inside, MOST_SEEN)
        self._fixed = Kept(self._as_it_is, MOST_SEEN)
        self._evidence = Kept(self._told_by, MOST_SEEN)

    def options(self, piece: Piece) -> Options:
        """Return the options of `piece`."""
        return self._made[_anywhere(piece)]

    def options_inside(self, piece: Piece) -> Options:
        """Return the options of `piece` inside a sentence, where a capital speaks for a name."""
        return self._inside[_anywhere(piece)]

    def _make_inside(self, piece: Piece) -> Options:
        found, core = self.options(piece), piece.core
        if len(found.texts) < 2 or not core[0].isalpha() or (core.isupper() and len(core) > 1):
            return found
        words, logp = found.place
        told = self._capitals[int(core[0].isupper())].take(words)
        return found._replace(place=Place(words, logp + told))

    def evidence(self, text: str) -> float:
        """Return log P of a token, summed over all that it may mean, its neighbours unknown."""
        return self._evidence[text]

    def _told_by(self, text: str) -> float:
        pieces = plan(text).pieces
        place = self.options(pieces[0]).place if len(pieces) == 1 else NOTHING_KNOWN
        terms = place.logp + self.lexicon.ngrams.single[place.words]
        return float(np.logaddexp.reduce(terms))

    def fixed(self, piece: Piece) -> Options:
        """Return the piece as it is, as its only option."""
        return self._fixed[_anywhere(piece)]

    def prior(self, word: int) -> float:
        """Return log P of a word whose company is not known."""
        return float(self._prior[word])

    def _as_it_is(self, piece: Piece) -> Options:
        return _options(
            {self._identity(piece): (piece.lead + piece.core + piece.trail, 0.0)}, piece
        )

    def _expanded(self) -> dict[str, tuple[int, ...]]:
        """Return what the model reads in the place of an abbreviation that it has rarely counted."""
        common = {entry.word for entry in self.lexicon.entries if entry.frequency >= COMMON}
        return {
            written: tuple(self.lexicon.word_id(word) for word in expansion.split())
            for written, expansion in self.lexicon.expansions.items()
            if expansion and len(written) > 2 and written.lower() not in common
        }

    def _identity(self, piece: Piece) -> int:
        if piece.kind == "number":
            return NUMBER_ID
        return self.lexicon.word_id(piece.core)

    def _make(self, piece: Piece) -> Options:
        if piece.kind == "fixed" or (piece.kind == "number" and not _doubtful_number(piece)):
            return self.fixed(piece)
        if self._stays(piece.core):
            return self.fixed(piece)
        expansion = self._expansions.get(piece.core)
        if expansion is not None:
            text = piece.lead + piece.core + piece.trail
            return _options({expansion[-1]: (text, 0.0)}, piece)._replace(context=expansion[:-1])
        found: dict[int, tuple[str, float]] = {}

        same = self.lexicon.word_id(piece.core)  # hoà is hòa: the printed placement stays
        as_is = piece.lead + piece.core + piece.trail

        def offer(word: int, text: str, logp: float) -> None:
            if word not in found or found[word][1] < logp:
                found[word] = (as_is if word == same and word != UNKNOWN_ID else text, logp)

        if piece.kind == "symbol":
            return self._symbol(piece)
        for word, text, logp in self._meant(piece.core):
            if piece.kind == "number" and text in {"đ", "Đ"}:
                continue  # a letter of lists and money is no reason to doubt a number
            offer(word, piece.lead + text + piece.trail, logp)
        if piece.trail[:1] in {".", ",", ":", ";"} and piece.kind == "word":
            for word, text, logp in self._meant(piece.core + piece.trail[0]):
                offer(word, piece.lead + text + piece.trail[1:], TAIL_NOISE + logp)
        if piece.kind == "number":
            offer(NUMBER_ID, as_is, TRUST * (NUMBER + DIGIT * len(piece.core)))
        else:
            self._offer_own_words(piece, offer)
            self._offer_acronyms(piece, offer)
            self._offer_as_is(piece, offer)
        return _options(self._pruned(found, 2 * SPAN if piece.kind == "number" else SPAN), piece)

    def _stays(self, core: str) -> bool:
        """Say whether `core` can only be a numeral, or an abbreviation: KH, but not DA, which may be ĐÃ."""
        if core in ROMANS:
            return core not in SPOKEN
        known = self.channel.knows_vietnamese and core in self.lexicon.expansions
        return known and not self.lexicon.is_syllable(core)

    def _meant(self, seen: str) -> Iterator[tuple[int, str, float]]:
        """Yield the words that the channel offers, with their weighted log P."""
        found = self.channel.candidates(seen)
        return zip(found.words.tolist(), found.texts, (TRUST * found.logp).tolist(), strict=True)

    def _symbol(self, piece: Piece) -> Options:
        """Return the abbreviation that a part of a symbol was; its company says nothing about it."""
        best, logp = piece.core, SYMBOL + CAPITAL * len(piece.core)
        for text, p in self._like(self._acronyms, piece.core):
            if p > logp:
                best, logp = text, p
        word = self.lexicon.word_id(best)
        return _options({word: (piece.lead + best + piece.trail, 0.0)}, piece)

    def _offer_as_is(self, piece: Piece, offer: Offer) -> None:
        """Offer the piece as it stands: a foreign word, a user's word, or something unknown."""
        as_is = piece.lead + piece.core + piece.trail
        wanted = fold(piece.core)
        if wanted in self.lexicon.user_words:
            offer(UNKNOWN_ID, as_is, 0.0)
        elif wanted in self.lexicon.ids and not self.lexicon.is_syllable(wanted):
            offer(self.lexicon.ids[wanted], as_is, TRUST * math.log(FOREIGN))
        else:
            offer(
                UNKNOWN_ID,
                as_is,
                _unknown_logp(piece.core, knows_vietnamese=self.channel.knows_vietnamese),
            )

    def _offer_own_words(self, piece: Piece, offer: Offer) -> None:
        """Offer the user's words that may have been read so, in the user's case or in capitals."""
        core = piece.core
        if not self._own_words.names or len(core) < 2:
            return
        capitals = core.isupper() and len(core) > 2
        known = self._own_capitals if capitals else self._own_words
        for text, logp in self._like(known, core):
            offer(self.lexicon.word_id(text), piece.lead + text + piece.trail, TRUST * logp)

    def _offer_acronyms(self, piece: Piece, offer: Offer) -> None:
        core = piece.core
        if 2 <= len(core) <= 5 and ROMAN_LIKE.issuperset(core):
            for text in ROMANS:
                if _strokes(text) == _strokes(core):
                    offer(self.lexicon.word_id(text), piece.lead + text + piece.trail, ROMAN)
        capitals = sum(c.isupper() for c in core)
        if 2 <= len(core) <= 8 and capitals >= max(2, 0.6 * len(core)):
            for text, logp in self._like(self._capital_words, core):
                word = self.lexicon.ids.get(text.lower(), UNKNOWN_ID)
                offer(word, piece.lead + text + piece.trail, logp)

    def _like(self, known: Parts, core: str) -> list[tuple[str, float]]:
        """Return those of `known` that may have been read as `core`, with log P(core | each)."""
        p = self.channel.letters.probabilities(known, core)
        return [(known.names[i], math.log(float(p[i]))) for i in np.flatnonzero(p > LEAST_ACRONYM)]

    def _pruned(
        self, found: dict[int, tuple[str, float]], span: float
    ) -> dict[int, tuple[str, float]]:
        """Keep the candidates that rank best by channel and prior."""
        ranked = sorted(
            found.items(), key=lambda item: (-(item[1][1] + float(self._prior[item[0]])), item[0])
        )
        if not ranked:
            return found
        top = ranked[0][1][1] + float(self._prior[ranked[0][0]])
        return {
            word: (text, logp)
            for word, (text, logp) in ranked[:KEEP]
            if logp + float(self._prior[word]) > top - span
        }


def _capitals(dictionaries: Dictionaries, lexicon: Lexicon) -> Floats:
    """Return log P(small letter | word) and log P(capital | word) of all words inside a sentence."""
    p = np.full(len(lexicon.ids), OFTEN_CAPITAL)
    p[NUMBER_ID] = p[UNKNOWN_ID] = 0.5
    for row in dictionaries.rows("capitals") if dictionaries.files("capitals.tsv") else ():
        at = lexicon.ids.get(row["word"])
        if at is not None:
            capital, inside = int(row["capital"]), int(row["inside"])
            p[at] = (capital + DOUBT * OFTEN_CAPITAL) / (inside + DOUBT)
    p = np.clip(p, MISREAD_CASE, 1 - MISREAD_CASE)
    return np.asarray(CASE_TRUST * np.log(np.stack((1 - p, p))), np.float32)


def _strokes(core: str) -> str:
    """Return what may be a Roman numeral with all upright strokes as I."""
    return "".join(c if c in "VX" else "I" for c in core)


def _unknown_logp(core: str, *, knows_vietnamese: bool) -> float:
    """Return log P of a word that nobody knows: spelled letter by letter, foreign words in ASCII."""
    if len(core) > 1 and core.isupper() and core.isalpha():
        # Probably an abbreviation; an OCR program that knows the language reads capitals well.
        return -3.0 if knows_vietnamese else ABBREVIATION - LETTER * len(core)
    if any(c.isdigit() for c in core) and all(c.isupper() or c.isdigit() for c in core):
        return -7.0  # A4, QH14, 3G
    strange = sum(not (c.isascii() and c.isalpha()) for c in core)
    return -5.0 - 2.0 * min(len(core), 8) - 1.5 * min(strange, 4)


def _doubtful_number(piece: Piece) -> bool:
    """Say whether a number is short and plain enough to be a misread word (độ as 40), and no label."""
    plain = len(piece.core) <= 3 and piece.core.isdigit() and not piece.lead
    return plain and piece.trail[:1] in {"", ",", ";"}


def _anywhere(piece: Piece) -> Piece:
    """Return a piece without where it stands, on which its options do not depend."""
    return Piece(piece.kind, 0, 0, piece.core, piece.lead, piece.trail)


def _options(found: dict[int, tuple[str, float]], piece: Piece) -> Options:
    words = np.array(list(found), dtype=np.uint16)
    logp = np.array([logp for _, logp in found.values()], dtype=np.float32)
    texts = tuple(text for text, _ in found.values())
    as_is = piece.lead + piece.core + piece.trail
    return Options(Place(words, logp), (), texts, texts.index(as_is) if as_is in texts else -1)


@lru_cache(maxsize=32)
def option_source(name: str, dictionaries: Dictionaries) -> OptionSource:
    """Return the option source for one kind of damage, made once in a process."""
    return OptionSource(name, dictionaries)
