"""What the reader asks of the repair room's lexicon: is this a word, and may it follow that one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baocao_etl.repair import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baocao_etl.repair import Lexicon
    from baocao_etl.settings import Settings

EDGES = "\"'“”‘’()[]{}<>.,;:!?-–—…"
_BOUNDARY, _NUMBER, _UNKNOWN = "<s>", "<num>", "<unk>"
# The n-gram model's own price of an unknown word is that of all of them together.
_UNKNOWN_LOGP = -14.0


class Language:
    """Log probabilities of Vietnamese words after one another, in nats."""

    def __init__(self, words: Lexicon) -> None:
        self._words = words
        self._unknown = words.word_id(_UNKNOWN)
        self._number = words.ids.get(_NUMBER, self._unknown)
        self.boundary = words.ids.get(_BOUNDARY, self._unknown)

    @classmethod
    def of(cls, settings: Settings) -> Language:
        """Return the language of the dictionaries in force.

        Raises:
            MissingError: the dictionaries have not been built.
        """
        return cls(lexicon(settings))

    def identity(self, text: str) -> int | None:
        """Return the model's id of a word as it stands on the page; None for mere punctuation."""
        core = text.strip(EDGES)
        if not core:
            return None
        if any(c.isdigit() for c in core):
            # What mixes letters and digits is a symbol ("05/BC-UBND") or an accident.
            return self._number if not any(c.isalpha() for c in core) else self._unknown
        return self._words.word_id(core) if self._words.is_word(core) else self._unknown

    def follows(self, pairs: Sequence[tuple[int, int]]) -> list[float]:
        """Return log P(second | first) for each pair of ids."""
        if not pairs:
            return []
        table = np.array(pairs, dtype=np.uint64)
        logp = self._words.ngrams.bigram(table[:, 0], table[:, 1])[0]
        logp = np.where(table[:, 1] == self._unknown, _UNKNOWN_LOGP, logp)
        return [float(value) for value in logp]
