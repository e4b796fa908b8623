"""Ranks that are written in words: `xếp thứ nhất`, `đứng ở vị trí thứ mười hai`.

Other numbers in words are no figures: reports write what they count in digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from baocao_etl.figures.number import Candidate

_ONES = ("", "mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin")
_SPOKEN = {"mot": ("mot",), "bon": ("bon", "tu"), "nam": ("nam", "lam", "nham")}  # behind a ten


def _ordinals() -> dict[str, int]:
    """Return the ordinal words from 1 to 99 without their diacritics; 21 is `hai mươi mốt` or `hai mốt`."""
    found = {word: n for n, word in enumerate(_ONES) if word}
    found |= {"nhat": 1, "nhi": 2, "tu": 4, "muoi": 10}
    del found["mot"]  # the first is thứ nhất
    for tens, ones in product(range(1, 10), range(10)):
        heads = ("muoi",) if tens == 1 else (f"{_ONES[tens]} muoi", _ONES[tens])
        tails = _SPOKEN.get(_ONES[ones], (_ONES[ones],))
        for head, tail in product(heads, tails):
            if ones or "muoi" in head:
                found[f"{head} {tail}".strip()] = 10 * tens + ones
    return found


_ORDINALS = _ordinals()
_LONGEST_FIRST = "|".join(sorted(_ORDINALS, key=lambda words: -len(words)))
_RANK = re.compile(
    r"\b(?:xep|dung|vi tri|xep hang|hang)\s+(?:o\s+)?(?:vi tri\s+)?thu\s+"
    rf"(?P<words>{_LONGEST_FIRST})\b(?!\s*/)",
    re.IGNORECASE,
)


def worded_ranks(plain: str) -> Iterator[Candidate]:
    """Yield the ranks that `plain` (without diacritics) tells in words."""
    for m in _RANK.finditer(plain):
        value = Decimal(_ORDINALS[m["words"].lower()])
        start, end = m.span("words")
        yield Candidate(start, end, end, "rank", value, None, 0.85)
