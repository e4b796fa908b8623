"""Repair: damaged Vietnamese in, the Vietnamese that was printed out.

A page's encoding is mended first; then what is wrong with it is judged from the text itself, and a
noisy-channel decoder (an error channel for that kind of damage, an n-gram model of Vietnamese) chooses
for each token the word of highest posterior probability. Numbers stay as they are, clean text is left
alone, and every change is a `Correction`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import repeat

from baocao_etl.models import Correction, Page, Word
from baocao_etl.repair import damage
from baocao_etl.repair.cutting import cut_up
from baocao_etl.repair.decoder import repair_words
from baocao_etl.repair.encodings import mend_encoding
from baocao_etl.repair.lexicon import Lexicon, lexicon
from baocao_etl.settings import Settings

__all__ = [
    "Lexicon", "decoded_score", "lexicon", "repair_page", "repair_text",
    "vietnamese_score", "words_of",
]  # fmt: skip

_WORD = partial(tuple.__new__, Word)  # quicker than a call of Word for each of many thousands


def repair_page(page: Page, settings: Settings) -> Page:
    """Return `page` with its words repaired, its `damage` named and its `quality` judged.

    Raises:
        MissingError: the dictionaries have not been built.
    """
    if not page.words:
        return page
    with _uncollected():
        return repair_words(page, settings.tables)


def repair_text(text: str, settings: Settings) -> tuple[str, list[Correction]]:
    """Return `text` repaired line for line (as many lines out as in), and the corrections made."""
    with _uncollected():
        # Nothing of it needs to be validated: we have just made it.
        page = Page.model_construct(
            number=1, text_origin="text", raw_text=text, words=words_of(text)
        )
        done = repair_page(page, settings)
        return done.text, list(done.corrections)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave a page's many small objects out of the search for reference cycles: they have none.

    The search took a quarter of the time of repair. Freezing and thawing makes young objects old ones
    unsearched (nothing else may have been frozen, or it would thaw, too).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def vietnamese_score(text: str, settings: Settings) -> float:
    """Return how much `text` reads like good Vietnamese, 0..1; cheap enough to judge text layers.

    Text read by OCR in the wrong language, text without its diacritics, undecoded legacy fonts and
    mojibake come out below 0.1; other languages below 0.2; clean Vietnamese above 0.8.
    """
    if not text.strip():
        return 0.0
    found = lexicon(settings)
    reading = damage.read_as_is(found, cut_up(words_of(text), found))
    return damage.quality_of(reading) if reading.words else 0.0


def decoded_score(text: str, settings: Settings) -> float:
    """Return the `vietnamese_score` of `text` brought into Unicode, 0 where that changes nothing.

    High for text in a legacy font or read in a wrong encoding that repair can undo.
    """
    mended = mend_encoding(text, settings.tables).text
    return 0.0 if mended == text else vietnamese_score(mended, settings)


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a plain text, with offsets and line numbers (counted from 1)."""
    texts: list[str] = []
    offsets: list[int] = []
    lines: list[int] = []
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        found = line.split()
        at = 0
        for word in found:
            at = line.index(word, at)
            offsets.append(start + at)
            at += len(word)
        texts += found
        lines += [number] * len(found)
        start += len(line) + 1
    rows = zip(texts, texts, offsets, lines, repeat(None), repeat(1.0), strict=False)
    return tuple(map(_WORD, rows))
