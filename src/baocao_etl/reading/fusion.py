"""Two readings of one page made one: the more probable reading of each word wins.

Words find their lines by their boxes; within a line the readings are aligned word by word (as
ROVER does for speech recognisers: Fiscus, 1997). Where they agree, that is evidence; where they
differ, the engines' confidences and the lexicon decide.
"""

from __future__ import annotations

import math
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from baocao_etl.reading.engines import OcrLine, fuller

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from baocao_etl.models import Box
    from baocao_etl.reading.engines import OcrWord
    from baocao_etl.reading.language import Language

# Heights of a word within which another reading's word stands on the same line.
_SAME_LINE = 0.6
# A line that only the other reading has is believed from this confidence on.
_NEW_LINE = 0.8
# How far the engines' confidences (geometric means over letters, too sure of themselves) and the
# language model are to be trusted against each other, and the price of leaving a word out.
_ENGINES = 4.0
_LANGUAGE = 1.0
_NOTHING = -4.0
# What a usual word costs in the language model: without it, the shorter option would always win.
_A_WORD = 4.0
_NO_NUMBER = -40.0


def merge(ours: Sequence[OcrLine], theirs: Sequence[OcrLine], language: Language) -> list[OcrLine]:
    """Return our lines with the more probable reading of each word, and lines that only they have.

    Args:
        ours: lines whose boxes are in the same frame as those of `theirs`.
        theirs: another reading of the same page.
        language: decides where the engines do not.
    """
    beside: list[list[OcrWord]] = [[] for _ in ours]
    alone: list[OcrLine] = []
    ends = np.array([word.box for line in ours for word in line.words])
    owners = [i for i, line in enumerate(ours) for _ in line.words]
    for line in theirs:
        unplaced = []
        for word in line.words:
            i = _nearest(word.box, ends)
            if i is None:
                unplaced.append(word)
            else:
                beside[owners[i]].append(word)
        if len(unplaced) == len(line.words) and min(w.confidence for w in unplaced) >= _NEW_LINE:
            alone.append(line)
    merged = [
        OcrLine(weigh(line.words, sorted(words, key=lambda w: w.box.x0), language), line.block)
        for line, words in zip(ours, beside, strict=True)
    ]
    return merged + alone


def _nearest(box: Box, table: npt.NDArray[np.float64]) -> int | None:
    """Return which row (a box) of `table` stands on the line of `box` and nearest to it."""
    if not len(table):
        return None
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    heights = np.maximum(table[:, 3] - table[:, 1], 0.5 * box.height)
    down = np.abs((table[:, 1] + table[:, 3]) / 2 - y) / heights
    across = np.maximum(0, np.maximum(table[:, 0] - x, x - table[:, 2])) / heights
    cost = np.where(down < _SAME_LINE, across + down, np.inf)
    best = int(cost.argmin())
    return best if np.isfinite(cost[best]) and across[best] < 8 else None


class _Slot(NamedTuple):
    """A place in a line: two readings of it, or one where there is no choice."""

    options: tuple[tuple[OcrWord, ...], ...]


def weigh(
    ours: Sequence[OcrWord], theirs: Sequence[OcrWord], language: Language
) -> tuple[OcrWord, ...]:
    """Return one reading of a line from two; boxes are ours wherever we have the word."""
    if not theirs or not ours:
        return tuple(ours or theirs)
    slots = _slots(ours, theirs)
    if all(len(slot.options) == 1 for slot in slots):
        return tuple(word for slot in slots for word in slot.options[0])
    scores = _Scores(slots, language)
    best = scores.best()
    words: list[OcrWord] = []
    for i, slot in enumerate(slots):
        chosen = slot.options[best[i]]
        if len(slot.options) > 1:
            sure = scores.certainty(best, i)
            chosen = tuple(w._replace(confidence=min(w.confidence, sure)) for w in chosen)
        words += chosen
    return tuple(words)


def _slots(ours: Sequence[OcrWord], theirs: Sequence[OcrWord]) -> list[_Slot]:
    """Align two readings of a line."""
    mine, other = [w.text for w in ours], [w.text for w in theirs]
    slots: list[_Slot] = []
    for tag, a, b, c, d in SequenceMatcher(None, mine, other, autojunk=False).get_opcodes():
        pairs = zip(ours[a:b], theirs[c:d], strict=False)
        if tag == "equal":
            slots += (_Slot(((_agreed(x, y),),)) for x, y in pairs)
        elif b - a == d - c:
            slots += (_Slot(_choice(x, y._replace(box=x.box))) for x, y in pairs)
        else:
            slots.append(_Slot((tuple(ours[a:b]), tuple(theirs[c:d]))))
    return slots


def _choice(ours: OcrWord, theirs: OcrWord) -> tuple[tuple[OcrWord, ...], ...]:
    """Return two readings of a word; of a number the fuller one, if only its marks differ."""
    if same := fuller(ours, theirs):
        return ((same,),)
    return (ours,), (theirs,)


def _agreed(ours: OcrWord, theirs: OcrWord) -> OcrWord:
    """Two engines that read alike are wrong only together; their errors are not independent."""
    both = 1 - (1 - ours.confidence) * (1 - theirs.confidence)
    return ours._replace(confidence=max(ours.confidence, theirs.confidence, 0.99 * both))


class _Scores:
    """Log probabilities of the options of a line's slots, by the engines and the language."""

    def __init__(self, slots: Sequence[_Slot], language: Language) -> None:
        self._slots = slots
        self._start = language.boundary
        self._ids = [
            [[i for w in o if (i := language.identity(w.text)) is not None] for o in slot.options]
            for slot in slots
        ]
        pairs = {pair for i in range(len(slots)) for pair in self._pairs(i)}
        order = sorted(pairs)
        self._logp = dict(zip(order, language.follows(order), strict=True))

    def _pairs(self, i: int) -> Iterator[tuple[int, int]]:
        """Yield every pair of ids that can stand side by side within slot i or before it."""
        for ids in self._ids[i]:
            yield from pairwise(ids)
            for before in self._ids[i - 1] if i else [[self._start]]:
                if before and ids:
                    yield before[-1], ids[0]

    def _engines(self, i: int, option: int) -> float:
        words = self._slots[i].options[option]
        if not words:
            others = (word for other in self._slots[i].options for word in other)
            # What looks like a number is never dropped for nothing.
            return _NO_NUMBER if any(c.isdigit() for w in others for c in w.text) else _NOTHING
        logs = sum(math.log(max(word.confidence, 0.01)) for word in words)
        ids = self._ids[i][option]
        inside = sum(self._logp[pair] for pair in pairwise(ids)) + _A_WORD * len(ids)
        return _ENGINES * logs + _LANGUAGE * inside

    def _step(self, i: int, before: int, option: int) -> float:
        left = self._ids[i - 1][before] if i else [self._start]
        right = self._ids[i][option]
        return _LANGUAGE * self._logp[left[-1], right[0]] if left and right else 0.0

    def best(self) -> list[int]:
        """Return the option of each slot that makes the likeliest line (Viterbi, 1967)."""
        paths: list[tuple[float, list[int]]] = [(0.0, [])]
        for i, slot in enumerate(self._slots):
            paths = [
                max(
                    (
                        (score + self._step(i, path[-1] if path else 0, o), [*path, o])
                        for score, path in paths
                    ),
                    key=lambda item: item[0],
                )
                for o in range(len(slot.options))
            ]
            paths = [(s + self._engines(i, path[-1]), path) for s, path in paths]
        return max(paths, key=lambda item: item[0])[1]

    def certainty(self, best: Sequence[int], i: int) -> float:
        """Return P(the chosen option of slot i), its neighbours being as chosen."""

        def score(option: int) -> float:
            total = self._engines(i, option) + self._step(i, best[i - 1] if i else 0, option)
            if i + 1 < len(best):
                left, right = self._ids[i][option], self._ids[i + 1][best[i + 1]]
                total += _LANGUAGE * self._logp[left[-1], right[0]] if left and right else 0.0
            return total

        other = score(1 - best[i]) - score(best[i])
        return 1 / (1 + math.exp(min(50.0, other)))
