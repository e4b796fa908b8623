"""A document's own numbering scheme: which family stands under which, and how its titles are set.

It is learned from a first reading of all labels and used in the second: where `A.` holds `I.` three
times, the fourth does too; where every `I.` has its title in capitals, "1. KẾT LUẬN" is one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log
from typing import NamedTuple, TypeVar

_Choice = TypeVar("_Choice", str, bool)
_NESTED, _SET = 0.9, 0.8  # how much a surprise in nesting or in setting costs, per nat
_MOST, _UNSEEN = 2.0, 0.4


class Seen(NamedTuple):
    """One heading as the scheme sees it: its family, that above it ("" for none), and its setting."""

    family: str
    above: str
    opens: bool
    capitals: bool


class Scheme:
    """What the headings of one document have in common."""

    def __init__(self, seen: Iterable[Seen] = ()) -> None:
        """Count the headings of a first reading; without any, nothing surprises."""
        self._opened: dict[str, Counter[str]] = {}
        self._set: dict[str, Counter[bool]] = {}
        for heading in seen:
            self._set.setdefault(heading.family, Counter())[heading.capitals] += 1
            if heading.opens:
                self._opened.setdefault(heading.above, Counter())[heading.family] += 1

    def opening_cost(self, above: str, family: str) -> float:
        """Return how surprising it is that `family` opens a level under `above`."""
        return _NESTED * _surprise(self._opened.get(above), family)

    def setting_cost(self, family: str, capitals: bool) -> float:
        """Return how surprising it is that a title of `family` is set (or not set) in capitals."""
        return _SET * _surprise(self._set.get(family), capitals)

    def is_set_in_capitals(self, family: str) -> bool:
        """Say whether nearly all titles of `family` are in capitals, at least two."""
        settings = self._set.get(family, Counter[bool]())
        return settings[True] >= 2 and settings[True] >= 4 * settings[False]


def _surprise(counts: Counter[_Choice] | None, choice: _Choice) -> float:
    """Return how much rarer `choice` is than the usual one, in nats; 0 while there is no usual one."""
    if counts is None or counts.total() < 2:
        return 0.0
    usual = max(counts.values())
    return min(_MOST, log((usual + _UNSEEN) / (counts[choice] + _UNSEEN)))
