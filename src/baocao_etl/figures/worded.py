"""Ranks that are written in words: `xếp thứ nhất`, `đứng ở vị trí thứ mười hai`.

Other numbers in words are no figures: reports write what they count in digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from baocao_etl.figures.number import Candidate
from baocao_etl.repair.number_words import number_in

_RANK = re.compile(
    r"\b(?:xep|dung|vi tri|xep hang|hang)\s+(?:o\s+)?(?:vi tri\s+)?thu\s+(?P<words>[a-z]+(?: [a-z]+){0,2})",
    re.IGNORECASE,
)
_ORDINALS = {"mot": None, "nhat": 1, "nhi": 2}  # the first is thứ nhất
_LAST = 99
_OF = re.compile(r"\s*/")  # "thứ hai/63" is no rank of two


def worded_ranks(plain: str) -> Iterator[Candidate]:
    """Yield the ranks that `plain` (without diacritics) tells in words."""
    for m in _RANK.finditer(plain):
        words = m["words"].lower().split()
        runs = (words[:length] for length in range(len(words), 0, -1))
        read = ((" ".join(run), _ORDINALS.get(" ".join(run), number_in(run))) for run in runs)
        spelt, value = next((one for one in read if one[1] is not None), ("", None))
        start, end = m.start("words"), m.start("words") + len(spelt)
        if value is not None and value <= _LAST and not _OF.match(plain, end):
            yield Candidate(start, end, end, "rank", Decimal(value), None, 0.85)
