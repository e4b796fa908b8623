"""How likely a reading is Vietnamese: the yardstick by which encodings are told apart.

A run of letters scores the logarithm of its frequency; one that was never counted but could be a
syllable scores little, one that could not, less; symbols between letters least. Scores of different
readings of the same word can be compared, because each reading is the only one of its encoding.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from baocao_etl.repair.orthography import MARKED_LETTERS, is_wellformed_syllable, normalise_tone

if TYPE_CHECKING:
    from baocao_etl.dictionaries import Dictionaries

_PER = 10_000_000  # what the counts of encodings/profile.tsv refer to
_UNSEEN_SYLLABLE = math.log(0.05 / _PER)
_FOREIGN_WORD = -23.0  # letters that are no syllable: a name, an acronym, another language
_ACRONYM_WORD = -13.0  # NĐ, HĐND: Đ is the one letter with a mark that acronyms are full of
_GARBLED = -27.0  # symbols or controls among letters
_SYMBOL = -9.0  # a symbol by itself
_SPOILED = -16.0  # the same two where OCR slips and foreign names are to be expected
_SPOILED_SYMBOLS = -20.0
_MISPLACED_MARK = -16.0
_MIXED_CASE = -6.0  # aB, ABc: capitals stand at the beginning or everywhere

# A run: letters, and whatever an 8-bit set might have in place of one.
_NEUTRAL = " -~\\t\\n\\r\\f\\v\\xa0\u2000-\u200f\u2013-\u2019\u201c\u201d\u2022\u2026\ufeff\ufffd"
_RUN = re.compile(f"(?:[A-Za-z]|[^{_NEUTRAL}])+")
_CAPITALS = "A-Z" + "".join(c for c in MARKED_LETTERS if c.isupper())
_MIXED = re.compile(f"[^\\W\\d_{_CAPITALS}][{_CAPITALS}]|[{_CAPITALS}]{{2}}[^\\W\\d_{_CAPITALS}]")
# Marks that stand on the wrong side of a letter, or between two, are letters of another set.
_MISPLACED = re.compile(
    r"[^\W\d_]“|”[^\W\d_]|(?<=[^\W\d_])[–—•…‘](?=[^\W\d_])|(?<!\w)[–—](?=[a-z])"
)
_ACRONYM = re.compile("[BCDGHKLMNPQRSTVX]*Đ[A-ZĐ]*|[A-Z]+Đ[BCDGHKLMNPQRSTVX]*")
# m², 20°, 1½: here the signs are what they look like.
_SIGNS = re.compile(r"(?<=m)[²³](?![^\W\d_])|(?<=\d)[°½±](?![^\W\d_])")


@cache
def _counts(tables: Dictionaries) -> dict[str, int]:
    return {row["word"]: int(row["count"]) for row in tables.rows("encodings/profile")}


def score(
    tables: Dictionaries, text: str, *, any_case: bool = False, lenient: bool = False
) -> float:
    """Return log P of the words of `text` that are not plain ASCII; 0 if there are none.

    Args:
        tables: the dictionaries.
        text: one word as written, punctuation included.
        any_case: capitals among small letters are no argument against the reading.
        lenient: words may be foreign or spoiled by OCR. So is text as it stands; but in a legacy
            set, which somebody typed, nearly every word is a known one.
    """
    if text.isascii() and text.isprintable():
        return 0.0
    text = _SIGNS.sub("", text)
    total = _MISPLACED_MARK * len(_MISPLACED.findall(text))
    for run in _RUN.findall(text):
        if run.isascii() and run.isprintable():
            continue
        likelihood = word_score(tables, run)
        if lenient:
            likelihood = max(likelihood, _SPOILED if run.isalpha() else _SPOILED_SYMBOLS)
        total += likelihood
        if not any_case and _MIXED.search(run):
            total += _MIXED_CASE
    return total


@lru_cache(maxsize=1 << 16)
def word_score(tables: Dictionaries, run: str) -> float:
    """Return log P of one run of letters (any case)."""
    if not run.isalpha():
        letters = any(c.isalpha() for c in run)
        return _GARBLED if letters else _SYMBOL * min(len(run), 3)
    if _ACRONYM.fullmatch(run):
        return _ACRONYM_WORD
    word = normalise_tone(run.lower())
    count = _counts(tables).get(word)
    if count is not None:
        return math.log(count / _PER)
    return _UNSEEN_SYLLABLE if is_wellformed_syllable(word) else _FOREIGN_WORD


def is_known(tables: Dictionaries, word: str) -> bool:
    """Say whether `word` (any case), which bears marks, was counted."""
    return normalise_tone(word.lower()) in _counts(tables)
