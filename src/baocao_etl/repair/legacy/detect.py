"""Which encoding each word of a line is in: a hidden Markov model over the words.

The states are "as it is" and the ways text can be mis-encoded. A state emits a word with the likelihood
of what the word reads as when undone that way (`profile.score`); neighbours tend to share a state; a
font's name speaks for its character set. Posteriors by the forward-backward algorithm (Rabiner 1989).
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.repair.legacy.charsets import CHARSETS, load_charset
from baocao_etl.repair.legacy.mojibake import CODEPAGES, undo
from baocao_etl.repair.legacy.profile import score
from baocao_etl.repair.legacy.tcvn3 import restore_u

if TYPE_CHECKING:
    from baocao_etl.dictionaries import Dictionaries

AS_IS = "as-is"
STATES = (AS_IS, *CHARSETS, "cp1258", *(f"utf8-{codepage}" for codepage in CODEPAGES))

Prior = Mapping[str, float]
"""State -> probability, summing to 1."""

_USUAL = {"tcvn3": 0.005, "vni": 0.004, "utf8-cp1252": 0.004}
_RARE = 2e-5  # the sets that few documents were ever written in
USUAL: Prior = {s: _USUAL.get(s, _RARE) for s in STATES if s != AS_IS} | {
    AS_IS: 1 - sum(_USUAL.get(s, _RARE) for s in STATES if s != AS_IS)
}
"""What to expect of a line about which nothing is known."""

_SWITCH = 1e-5  # probability that the next word is in another encoding
_FONT = 7.0  # log odds that a font's name gives to its character set
_STRAY = -20.0  # a letter that the character set does not have
# A dash or quote whose code is a letter in the set: its fonts cannot show one.
_FOREIGN_SIGN = -10.0
_FAR = 25.0
_IMPOSSIBLE = -200.0
_NEVER = -7.0  # log odds below which a reading is not worth computing
_PUNCTUATION = "–—‘’“”•…"
_MAX_DOUBTFUL = 5


class Reading(NamedTuple):
    """A word read as being in `state`: its text, and log P of that text."""

    text: str
    likelihood: float


class Choice(NamedTuple):
    """The state found for a word, the text in that state, and the state's posterior probability."""

    state: str
    text: str
    confidence: float


def detect(
    words: Sequence[str],
    tables: Dictionaries,
    hints: Sequence[str | None] | None = None,
    prior: Prior = USUAL,
) -> list[Choice]:
    """Choose the encoding of each of `words`, which are a line.

    Args:
        words: the words of one line, as they were read.
        tables: the dictionaries.
        hints: for each word the character set that its font's name promises, or None.
        prior: how likely each state is before the line is looked at.
    """
    hints = hints or [None] * len(words)
    # Words that read alike in every state tell nothing and are left out of the chain.
    telling = [at for at, word in enumerate(words) if not (word.isalnum() and word.isascii())]
    readings = {at: read(tables, words[at]) for at in telling}
    emissions = [
        [
            reading.likelihood + (_FONT if hints[at] == state else 0.0)
            for state, reading in zip(STATES, readings[at], strict=True)
        ]
        for at in telling
    ]
    if _surely_as_it_is(emissions, prior):
        return [Choice(AS_IS, word, 1.0) for word in words]
    found = dict(zip(telling, posteriors(emissions, prior), strict=True))
    choices: list[Choice] = []
    state = next((_best(found[at]) for at in telling), 0)
    for at, word in enumerate(words):
        if at not in found:
            choices.append(Choice(STATES[state], word, 1.0))
            continue
        state = _best(found[at])
        text = readings[at][state].text
        # States that read the word alike support each other.
        pairs = zip(readings[at], found[at], strict=True)
        agreed = sum(chance for reading, chance in pairs if reading.text == text)
        choices.append(Choice(STATES[state], text, min(1.0, agreed)))
    return choices


def _surely_as_it_is(emissions: Sequence[Sequence[float]], prior: Prior) -> bool:
    """Say whether no path through the other states can be likely; quicker than their posteriors.

    The bound: at every word the best state, at the price of one start (or switch) into it.
    """
    gain = sum([max(row) - row[0] for row in emissions])
    dearest = max(chance for state, chance in prior.items() if state != AS_IS)
    return gain + math.log(dearest / prior[AS_IS]) < _NEVER


def _best(chances: Sequence[float]) -> int:
    return max(range(len(STATES)), key=chances.__getitem__)


def posteriors(emissions: Sequence[Sequence[float]], prior: Prior) -> list[list[float]]:
    """Return for each word the probability of each state; `emissions` are logarithms."""
    active = _active(emissions)
    weights = [_weights([row[s] for s in active]) for row in emissions]
    start = _normal([prior[STATES[s]] for s in active])
    forward: list[list[float]] = []
    before = start
    for row in weights:
        before = _normal([w * b for w, b in zip(row, _step(before, start), strict=True)])
        forward.append(before)
    after = [1.0] * len(active)
    found: list[list[float]] = []
    for row, ahead in zip(reversed(weights), reversed(forward), strict=True):
        found.append(_spread(_normal([a * b for a, b in zip(ahead, after, strict=True)]), active))
        seen = [w * a for w, a in zip(row, after, strict=True)]
        elsewhere = _SWITCH * sum(s * p for s, p in zip(start, seen, strict=True))
        after = _normal([(1 - _SWITCH) * s + elsewhere for s in seen])
    return found[::-1]


def _active(emissions: Sequence[Sequence[float]]) -> list[int]:
    """Return the states that are not far behind at every word; the others only cost time."""
    near = {0}
    for row in emissions:
        bar = max(row) - _FAR
        near.update(s for s, value in enumerate(row) if value >= bar)
    return sorted(near)


def _spread(chances: Sequence[float], active: Sequence[int]) -> list[float]:
    whole = [0.0] * len(STATES)
    for state, chance in zip(active, chances, strict=True):
        whole[state] = chance
    return whole


def _step(before: Sequence[float], start: Sequence[float]) -> list[float]:
    """Move on one word: mostly the same state, now and then any, as likely as at the start."""
    return [(1 - _SWITCH) * b + _SWITCH * s for b, s in zip(before, start, strict=True)]


def _weights(row: Sequence[float]) -> list[float]:
    top = max(row)
    return [math.exp(value - top) for value in row]


def _normal(row: list[float]) -> list[float]:
    total = sum(row) or 1.0
    return [value / total for value in row]


@lru_cache(maxsize=1 << 14)
def read(tables: Dictionaries, word: str) -> tuple[Reading, ...]:
    """Return `word` read in each of `STATES`."""
    plain = Reading(word, score(tables, word, lenient=True))
    if word.isascii() and word.isprintable():
        tcvn3 = Reading(restore_u(tables, word), plain.likelihood) if "-" in word else plain
        return tuple(tcvn3 if state == "tcvn3" else plain for state in STATES)
    readings = [plain]
    readings += (_read_charset(tables, name, word) for name in CHARSETS)
    readings.append(_read_cp1258(tables, word))
    for codepage in CODEPAGES:
        undone = undo(word, codepage, partial(score, tables))
        if undone is None:
            readings.append(Reading(word, _IMPOSSIBLE))
        else:
            readings.append(Reading(undone, score(tables, undone)))
    return tuple(readings)


def _read_charset(tables: Dictionaries, name: str, word: str) -> Reading:
    """Read an 8-bit set. Its letters may look like quotes and dashes: then both are tried.

    Such a sign can only have come from outside (a tool, another font), so a letter is likelier where
    it makes a word: "—" by itself is Ở in VISCII.
    """
    charset = load_charset(tables, name)
    doubtful = [at for at, c in enumerate(word) if c in _PUNCTUATION and c in charset.singles]
    best = Reading(word, -math.inf)
    for kept in itertools.product((False, True), repeat=min(len(doubtful), _MAX_DOUBTFUL)):
        parts: list[str] = []
        strays = start = 0
        for at in [at for at, keep in zip(doubtful, kept, strict=False) if keep] + [len(word)]:
            text, alien = charset.decode(word[start:at])
            parts += (text, word[at : at + 1])
            strays += alien
            start = at + 1
        text = "".join(parts)
        if name == "tcvn3":
            text = restore_u(tables, text)
        likelihood = score(tables, text, any_case=name == "tcvn3") + _STRAY * strays
        likelihood += _FOREIGN_SIGN * sum(kept)
        if likelihood > best.likelihood:
            best = Reading(text, likelihood)
    return best


def _read_cp1258(tables: Dictionaries, word: str) -> Reading:
    """Read Windows-1258, whose tones are codes of their own, that was taken for Windows-1252."""
    try:
        text = word.encode("cp1252").decode("cp1258")
    except UnicodeError:
        return Reading(word, _IMPOSSIBLE)
    text = unicodedata.normalize("NFC", text)
    loose = sum(1 for c in text if unicodedata.combining(c))
    return Reading(text, score(tables, text) + _STRAY * loose)
