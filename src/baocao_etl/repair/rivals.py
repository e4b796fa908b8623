"""What the OCR engine nearly read instead: its own rival readings as candidates of a piece.

The learned channels say what print is usually misread as; the engine's rivals say what this very
print may be. Where both speak, the likelier one counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from baocao_etl.models import Page, Word
from baocao_etl.repair.cutting import Text
from baocao_etl.repair.lattice import Place
from baocao_etl.repair.lexicon import UNKNOWN_ID, Lexicon
from baocao_etl.repair.options import KEEP, Options, OptionSource
from baocao_etl.repair.tokens import Piece

Rivals = Sequence[tuple[str, float]]  # another reading of a word, log P beside the word as read
Heard = Mapping[int, Rivals]  # by the word's index

# Exponent of the engine's probabilities: it is surer of itself than it deserves.
ENGINE_TRUST = 0.6
# Log P of what only the channel offers, where the engine weighed other letters and not these.
UNHEARD = 0.0
# A word of a clean page is looked at when a rival is at most this much less likely (natural log).
NEAR = -9.0


def heard_on(page: Page, words: Sequence[Word]) -> Heard:
    """Return the rivals of those of `words` that still stand as they were read."""
    if not page.rivals:
        return {}
    rivals = {w.offset: r for w, r in zip(page.words, page.rivals, strict=True) if r}
    return {
        i: rivals[word.offset]
        for i, word in enumerate(words)
        if word.offset in rivals and word.text == word.raw
    }


def in_doubt(text: Text, heard: Heard) -> set[int]:
    """Return the pieces of the words that have a rival worth a look."""
    near = {i for i, rivals in heard.items() if any(logp >= NEAR for _, logp in rivals)}
    return {
        i for i, word in enumerate(text.words) if word in near and text.pieces[i].kind == "word"
    }


def with_rivals(source: OptionSource, piece: Piece, word: str, rivals: Rivals) -> Options:
    """Return the options of `piece` of `word`, the word's `rivals` among them."""
    options = source.options(piece)
    if piece.kind != "word" or options.context:
        return options
    found: dict[int, tuple[str, float]] = {}
    listed = zip(
        options.place.words.tolist(), options.texts, options.place.logp.tolist(), strict=True
    )
    for number, (identity, text, logp) in enumerate(listed):
        found[identity] = (text, logp if number == options.same else logp + UNHEARD)
    for core, logp in _cores(piece, word, rivals):
        identity = _identity(source.lexicon, core)
        weight = ENGINE_TRUST * logp
        if identity is not None and (identity not in found or found[identity][1] < weight):
            found[identity] = (piece.lead + core + piece.trail, weight)
    ranked = sorted(found.items(), key=lambda item: -(item[1][1] + source.prior(item[0])))[:KEEP]
    texts = tuple(text for _, (text, _) in ranked)
    as_is = piece.lead + piece.core + piece.trail
    return Options(
        Place(
            np.array([identity for identity, _ in ranked], np.uint16),
            np.array([logp for _, (_, logp) in ranked], np.float32),
        ),
        (),
        texts,
        texts.index(as_is) if as_is in texts else -1,
    )


def _cores(piece: Piece, word: str, rivals: Rivals) -> list[tuple[str, float]]:
    """Return what the rivals have in the place of the piece's core, the rest being the same."""
    begin = piece.start + len(piece.lead)
    head, tail = word[:begin], word[begin + len(piece.core) :]
    return [
        (text[len(head) : len(text) - len(tail)], logp)
        for text, logp in rivals
        if len(text) > len(head) + len(tail) and text.startswith(head) and text.endswith(tail)
    ]


def _identity(lexicon: Lexicon, core: str) -> int | None:
    if not core.isalpha():
        return None
    identity = lexicon.word_id(core)
    return None if identity == UNKNOWN_ID else identity
