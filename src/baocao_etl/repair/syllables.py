"""The Vietnamese syllable: its normal form and its parts.

A written syllable is an onset (leading consonants), and a rime (vowels, coda, tone). The error channels
are learned on these two parts, because their number is small (28 onsets, about 800 rimes with tone)
and OCR treats the same part alike in all syllables.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_OPEN = {"oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
         "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
         "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy"}  # fmt: skip
_VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE_SET = frozenset(TONES)
_ONSET = r"(ngh?|gh|kh|nh|ph|th|tr|ch|[bcdđghklmnpqrstvx]|)"
_NUCLEUS = (
    "iêu|yêu|oai|oay|oao|oeo|uây|uôi|uya|uyê|uyu|ươi|ươu|uai|uao|uau|uay|ueo|uêu|"
    "ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uă|uâ|ue|uê|ui|uo|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|"
    "[aăâeêioôơuưy]"
)
_SHAPE = re.compile(f"{_ONSET}(i?(?:{_NUCLEUS}))(ch|nh|ng|[cmnpt]|)")
_NOT_AN_ONSET = re.compile(f"[{_VOWELS}]")


def normal(word: str) -> str:
    """Return `word` in lower case, NFC, tone on the first vowel of open oa, oe, uy (hoà is hòa)."""
    lower = word.lower()
    moved = _OPEN.get(lower[-2:])
    if moved is not None and lower[-3:-2] != "q":
        return lower[:-2] + moved
    return lower


def toneless(word: str) -> tuple[str, str]:
    """Return the lower-case word without its tone mark, and the tone marks (combining) it had."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in decomposed if c in _TONE_SET)
    bare = "".join(c for c in decomposed if c not in _TONE_SET)
    return unicodedata.normalize("NFC", bare), tones


@lru_cache(maxsize=65536)
def well_formed(word: str) -> bool:
    """Say whether the lower-case `word` obeys the spelling rules of a Vietnamese syllable."""
    bare, tones = toneless(word)
    shape = _SHAPE.fullmatch(bare)
    if shape is None or len(tones) > 1:
        return False
    onset, nucleus, coda = shape.groups()
    if coda in {"c", "ch", "p", "t"} and tones not in {"\u0301", "\u0323"}:
        return False
    if onset == "q" and not nucleus.startswith("u"):
        return False
    return not (nucleus[0] == "i" and len(nucleus) > 1 and nucleus not in
                {"iêu", "ia", "iê", "iu"} and onset != "g")  # fmt: skip


@lru_cache(maxsize=65536)
def parts(word: str) -> tuple[str, str]:
    """Return the onset and the rime of `word`, in the case it is written in."""
    bare = toneless(word.lower())[0]
    found = _NOT_AN_ONSET.search(bare)
    cut = found.start() if found else len(word)
    return word[:cut], word[cut:]


@lru_cache(maxsize=262144)
def bare(word: str) -> str:
    """Return `word` without any diacritic, đ as d: what a 7-bit keyboard would have typed."""
    stripped = "".join(
        c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)
    )
    return stripped.replace("đ", "d").replace("Đ", "D")
