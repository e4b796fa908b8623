"""What is wrong with a text: judged from the text itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from baocao_etl.repair.channel import Channel
from baocao_etl.repair.cutting import COMMA, MARKED, WORD, WORTH_A_LOOK, Text
from baocao_etl.repair.lexicon import BOUNDARY_ID, COMMA_ID, UNKNOWN_ID, Lexicon
from baocao_etl.repair.ngrams import Ids
from baocao_etl.repair.tokens import Piece

# clean: nothing much; slips: an OCR that knows Vietnamese slipped; stripped: one that does not (marks bent
# or lost); dropped: one that left letters out; bare: all diacritics gone, nothing else; unreadable:
# no Vietnamese to be found, left as it was.
CLEAN, SLIPS, STRIPPED, DROPPED, BARE = "clean", "slips", "stripped", "dropped", "bare"
UNREADABLE = "unreadable"
SAMPLE = 80  # words that the kind of damage is judged by
LONELY = -7.5  # log P of a word that does not go with the one before it
# A word that one of its siblings (the same letters, other diacritics) outdoes: log P of it and of what is
# behind it are both below LOOSE; with the sibling they are e^OUTDONE times likelier together, and
# e^DRAWN times likelier than if the sibling had nothing to do with its neighbours.
LOOSE, OUTDONE, DRAWN = -3.0, 3.0, 2.5
STRANGE = 0.04  # share of words in a text without diacritics that no syllable explains
UNEXPLAINED = -20.0
UNKNOWN_LOGP = -14.0  # what a word that nobody knows costs


class Reading(NamedTuple):
    """How a text reads as it stands; `odd` are the words that do not go with their neighbours."""

    words: int
    unknown: float  # share of the words that are no word
    score: float  # mean log P of a word after the one before it
    marked: float  # share of the words that carry a diacritic
    odd: tuple[int, ...]  # indices of the pieces


def read_as_is(lexicon: Lexicon, text: Text) -> Reading:
    """Read the words of a text as they stand."""
    is_word = text.looks & WORD > 0
    count = int(np.count_nonzero(is_word))
    if not count:
        return Reading(0, 0.0, 0.0, 0.0, ())
    after = text.ids.astype(np.uint64)
    before, _ = _neighbours(after, text)
    unknown = after == UNKNOWN_ID
    every = np.where(unknown, UNKNOWN_LOGP, lexicon.ngrams.coarse(before, after))
    low = every < LONELY
    lonely = low & np.append(low[1:], True) & (text.looks & WORTH_A_LOOK > 0)
    return Reading(
        count,
        int(np.count_nonzero(unknown & is_word)) / count,
        float(np.maximum(every[is_word], UNKNOWN_LOGP).mean()),
        int(np.count_nonzero(is_word & (text.looks & MARKED > 0))) / count,
        tuple(np.flatnonzero(lonely).tolist()),
    )


def misspelt(text: Text) -> list[int]:
    """Return the small words with diacritics that nobody knows; capitals may be a name."""
    looks = WORTH_A_LOOK | MARKED
    unknown = (text.ids == UNKNOWN_ID) & (text.looks & looks == looks)
    cores = [(i, text.pieces[i].core) for i in np.flatnonzero(unknown).tolist()]
    return [i for i, core in cores if core.isalpha() and core.islower()]


def outdone(lexicon: Lexicon, text: Text) -> list[int]:
    """Return the pieces with whose neighbours a sibling goes far better than what stands there."""
    model, siblings = lexicon.ngrams, lexicon.siblings
    words = text.ids.astype(np.uint64)
    rows = np.flatnonzero((text.looks & WORTH_A_LOOK > 0) & (siblings.counts[text.ids] > 0))
    before, behind = _neighbours(words, text)
    as_is = np.zeros(len(rows), np.float32)
    for left, right in ((before, words), (words, behind)):
        logp = model.coarse(left[rows], right[rows])
        loose = logp < LOOSE
        rows, as_is = rows[loose], as_is[loose] + logp[loose]
    if not len(rows):
        return []
    counts = siblings.counts[text.ids[rows]]
    firsts = np.cumsum(counts) - counts
    each = np.repeat(rows, counts)  # one row for each sibling of each word
    number = np.arange(len(each)) - np.repeat(firsts, counts)
    others = siblings.ids[siblings.starts[text.ids[each]] + number]
    both = model.coarse(before[each], others) + model.coarse(others, behind[each])
    drawn = both - model.single[others] - model.single[behind[each]] > DRAWN
    better = drawn & (both - np.repeat(as_is, counts) > OUTDONE)
    found = rows[np.logical_or.reduceat(better, firsts)].tolist()
    return [i for i in found if not _is_in_a_name(text.pieces, i)]


def _is_in_a_name(pieces: Sequence[Piece], i: int) -> bool:
    return i > 0 and pieces[i].core.istitle() and pieces[i - 1].core.istitle()


def _neighbours(words: Ids, text: Text) -> tuple[Ids, Ids]:
    """Return for each of the words what the model sees before it, and what behind it."""
    comma = text.looks & COMMA > 0
    before, behind = np.full_like(words, BOUNDARY_ID), np.full_like(words, BOUNDARY_ID)
    before[1:] = np.where(comma[:-1], COMMA_ID, words[:-1])
    behind[:-1] = words[1:]
    behind[comma] = COMMA_ID
    return before, behind


def kind_of(reading: Reading) -> str:
    """Return the kind of damage: clean, slips, stripped, dropped or bare."""
    if reading.words == 0 or (reading.score > -5.6 and reading.unknown < 0.03):
        return CLEAN
    if reading.score > -7.2:
        return SLIPS
    if reading.marked < 0.01:
        return BARE
    return STRIPPED


def likelier_channel(channels: Sequence[Channel], pieces: Sequence[Piece]) -> str:
    """Return the name of the channel that explains the damaged words of a text best."""
    words = [p.core for p in pieces if p.kind == "word" and 2 <= len(p.core) <= 9]
    sample = words[:: max(1, len(words) // SAMPLE)][:SAMPLE]
    scores = [sum(_explained(channel, word) for word in sample) for channel in channels]
    return channels[int(np.argmax(scores))].name


def is_bare(channel: Channel, pieces: Sequence[Piece]) -> bool:
    """Say whether a text has lost its diacritics and nothing else."""
    words = [p.core for p in pieces if p.kind == "word" and not p.core.isupper()]
    strange = sum(
        not channel.candidates(word).texts and not channel.lexicon.is_word(word) for word in words
    )
    return strange <= STRANGE * len(words)


def _explained(channel: Channel, seen: str) -> float:
    """Return log P(seen), summed over the candidates, words drawn as often as they are used."""
    found = channel.candidates(seen)
    if not found.texts:
        return UNEXPLAINED
    p = np.exp(channel.lexicon.ngrams.single[found.words] + found.logp).sum()
    return max(UNEXPLAINED, float(np.log(p)))


def quality_of(reading: Reading) -> float:
    """Return how much a text reads like good Vietnamese, 0..1 (a logistic of its mean log P)."""
    if reading.words == 0:
        return 1.0
    return float(1 / (1 + np.exp(-2.0 * (reading.score + 7.0))))
