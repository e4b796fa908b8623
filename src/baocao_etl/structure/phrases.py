"""Fixed phrases of administrative documents, found in spite of OCR errors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.structure.lines import skeleton

SLACK = 6  # characters that a phrase may have lost or gained


def squeezed(text: str) -> str:
    """Return the skeleton of `text` without its spaces, since OCR splits and joins words."""
    return skeleton(text).replace(" ", "")


@cache
def phrases(tables: Dictionaries, role: str) -> tuple[tuple[str, int], ...]:
    """Return the squeezed phrases that have `role`, each with its number of words."""
    found = [r["phrase"] for r in tables.rows("phrases") if r["role"] == role]
    return tuple((squeezed(phrase), len(phrase.split())) for phrase in found)


def find_phrase(
    words: Sequence[str], wanted: str, least: float = 78.0
) -> tuple[int, int, float] | None:
    """Return where `wanted` (a squeezed phrase) stands in `words`: start, end, score 0..100.

    OCR splits and joins words, so windows of all lengths are compared as runs of letters.
    """
    letters = [squeezed(word) for word in words]
    best: tuple[int, int, float] | None = None
    for start in range(len(letters)):
        run = ""
        for end in range(start + 1, len(letters) + 1):
            run += letters[end - 1]
            if len(run) > len(wanted) + SLACK or not letters[start]:
                break
            if len(run) >= len(wanted) - SLACK:
                score = fuzz.ratio(run, wanted)
                if score >= least and (best is None or score > best[2]):
                    best = (start, end, score)
    return best


def begins_with(text: str, tables: Dictionaries, role: str, least: float = 84.0) -> bool:
    """Say whether `text` begins with one of the phrases that have `role`; short ones exactly."""
    words = text[:80].split()
    for wanted, count in phrases(tables, role):
        run = squeezed(" ".join(words[:count]))
        if run == wanted or (len(wanted) > 5 and fuzz.ratio(run, wanted) >= least):
            return True
    return False


def is_phrase(text: str, tables: Dictionaries, role: str, least: float = 80.0) -> bool:
    """Say whether the whole of `text` is (nearly) one of the phrases that have `role`."""
    run = squeezed(text)
    return any(fuzz.ratio(run, wanted) >= least for wanted, _ in phrases(tables, role))
