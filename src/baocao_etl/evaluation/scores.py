"""What all scorers share: the score, and texts made alike before they are compared."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_TONES = "\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}\N{COMBINING TILDE}"
_TONES += "\N{COMBINING HOOK ABOVE}\N{COMBINING DOT BELOW}"


class Score(NamedTuple):
    """Counts of things: in the gold, extracted, and in both."""

    expected: int
    extracted: int
    matched: int

    @property
    def recall(self) -> float:
        """Share of the gold that was extracted; 1 for an empty gold."""
        return self.matched / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        """Share of the extracted that is in the gold; 1 if nothing was extracted."""
        return self.matched / self.extracted if self.extracted else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision."""
        both = self.expected + self.extracted
        return 2 * self.matched / both if both else 1.0


def fold(text: str) -> str:
    """Return `text` so that case, spacing and the placement of tone marks do not matter."""
    return " ".join(_tone_last(word) for word in text.casefold().split())


def _tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(sorted(c for c in letters if c in _TONES))
    return unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES)) + tones
