"""Rival readings of a word, made from the letters that the recogniser weighed at each of its places.

Tesseract's line recogniser follows several readings of a line at once and prunes all but one (a
beam search over CTC outputs: Graves & Jaitly, 2014). The letters that lost are what repair needs:
where the print says either "quyền" or "quyển", the sentence decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baocao_etl.reading.engines import Rival

if TYPE_CHECKING:
    from collections.abc import Sequence

    # For each place of a word the letters that were weighed, with the cost of each.
    Choices = Sequence[Sequence[tuple[str, float]]]

# Tesseract's costs are sums over the time steps of a letter, those of letters outside its
# dictionary weighted by 2.25 (kDictRatio in its lstmrecognizer.cpp), so they are no nats.
_NATS = 1 / 2.25
# Rivals less likely than this beside the word as read (natural log) are none.
_LEAST = -10.0
_MOST = 12


def rivals_of(text: str, choices: Choices) -> tuple[Rival, ...]:
    """Return the likeliest other readings of the word read as `text`, a dozen at most.

    Args:
        text: the word without white space.
        choices: may begin with the space before the word; empty lists stand for nothing.
    """
    slots = [slot for slot in choices if slot]
    if slots and _best(slots[0]) == " ":
        slots = slots[1:]
    if len(slots) != len(text):
        return ()
    readings = {"": 0.0}
    for letter, slot in zip(text, slots, strict=True):
        costs = dict(slot)
        own = costs.get(letter, min(costs.values()))
        near = {letter: 0.0}
        for other, cost in costs.items():
            logp = (own - cost) * _NATS
            if logp >= _LEAST and other != letter:
                near[other.strip()] = logp
        grown = {
            head + tail: logp + more
            for head, logp in readings.items()
            for tail, more in near.items()
            if logp + more >= _LEAST
        }
        if len(grown) > 4 * _MOST:
            grown = dict(sorted(grown.items(), key=lambda item: -item[1])[: 4 * _MOST])
        readings = grown
    readings.pop(text, None)
    readings.pop("", None)
    ranked = sorted(readings.items(), key=lambda item: -item[1])[:_MOST]
    return tuple(Rival(other, round(logp, 2)) for other, logp in ranked)


def _best(slot: Sequence[tuple[str, float]]) -> str:
    return min(slot, key=lambda choice: choice[1])[0]
