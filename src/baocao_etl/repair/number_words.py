"""Vietnamese numbers in words: `bốn tỷ sáu trăm năm mươi hai triệu`.

Documents state amounts twice, in digits and (in brackets) in words; the words are the error-detecting
code of the digits. OCR bends diacritics first, so words are compared on their skeletons: lower case,
without marks, one slip allowed in longer words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from baocao_etl.repair.orthography import strip_diacritics

_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5,
    "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_SCALES = {"trieu": 10**6, "van": 10**4, "nghin": 10**3, "ngan": 10**3}
_BILLION = {"ty", "ti"}
_TENS = {"muoi", "chuc"}
_HUNDRED = {"tram"}
_ZERO_TENS = {"linh", "le"}
_HALF = {"ruoi"}
_WORDS = {*_DIGITS, *_SCALES, *_BILLION, *_TENS, *_HUNDRED, *_ZERO_TENS, *_HALF}
_ONLY_AS_UNIT = {"lam", "nham"}  # lăm and nhăm stand behind a ten only; mốt looks like một
# What stands beside the number in the brackets: "(Bằng chữ: ... đồng chẵn./.)".
_AROUND = re.compile(
    r"^(?:viet\s+)?(?:bang\s+chu|so\s+tien)\s*:?|\b(?:viet\s*nam|chan|dong)\b[\s./]*$"
)


@lru_cache(maxsize=4096)
def number_readings(text: str) -> tuple[int, ...]:
    """Return what `text` may mean as a number, the likeliest first; empty if it is none.

    `text` may be framed as in documents: `Bằng chữ: ... đồng chẵn`. Where a spoken short form leaves a
    choice (`sáu trăm năm`: 650, or loosely 605), the spoken reading comes first.
    """
    plain = strip_diacritics(text).lower().strip(" ()[].,;:/*_\"'“”")
    while (shorter := _AROUND.sub("", plain).strip(" .,;:/")) != plain:
        plain = shorter
    words = re.findall(r"\w+", plain)
    if words and Levenshtein.distance(words[-1], "dong") <= 1:
        words.pop()
    exact = sum(word in _WORDS for word in words)
    tokens = [known for word in words if (known := _known(word))]
    if not words or len(tokens) < len(words) or 3 * exact < 2 * len(words):
        return ()
    readings = [_whole(tokens, spoken) for spoken in (True, False)]
    return tuple(dict.fromkeys(value for value in readings if value is not None))


def number_in(words: Sequence[str]) -> int | None:
    """Return the number that `words` (lower case, no diacritics) spell out in full; None if they do not."""
    return _whole(list(words), spoken=False) if words and _WORDS.issuperset(words) else None


def _known(word: str) -> str | None:
    """Return the number word that `word` is, one slip forgiven in words of four letters or more."""
    if word in _WORDS:
        return word
    if len(word) < 4:
        return None
    near = [known for known in _WORDS if len(known) > 3 and Levenshtein.distance(known, word) == 1]
    return near[0] if len(near) == 1 else None


def _whole(tokens: list[str], spoken: bool) -> int | None:
    """Value of a number of any size; `tỷ` may stand behind thousands and millions."""
    last = max((i for i, token in enumerate(tokens) if token in _BILLION), default=None)
    if last is None:
        return _below_billion(tokens, spoken)
    head = _whole(tokens[:last], spoken) if last else 1
    tail = _tail(tokens[last + 1 :], 10**9, spoken)
    return None if head is None or tail is None else head * 10**9 + tail


def _below_billion(tokens: list[str], spoken: bool) -> int | None:
    for scale_word, scale in _SCALES.items():
        if scale_word not in tokens:
            continue
        at = tokens.index(scale_word)
        head = _below_billion(tokens[:at], spoken) if at else 1
        tail = _tail(tokens[at + 1 :], scale, spoken)
        if head is None or tail is None or tail >= scale:
            return None
        return head * scale + tail
    return _below_thousand(tokens, spoken)


def _tail(tokens: list[str], scale: int, spoken: bool) -> int | None:
    """What stands behind a scale word: nothing, a half, one digit of the next rank, or a number."""
    if not tokens:
        return 0
    if tokens[0] in _HALF:
        return scale // 2 if len(tokens) == 1 else None
    if spoken and len(tokens) == 1 and tokens[0] in _DIGITS:
        return _DIGITS[tokens[0]] * scale // 10
    return _below_billion(tokens, spoken)


def _below_thousand(tokens: list[str], spoken: bool) -> int | None:
    if len(tokens) > 1 and tokens[0] in _DIGITS and tokens[1] in _HUNDRED:
        hundreds, rest = _DIGITS[tokens[0]] * 100, tokens[2:]
    elif tokens and tokens[0] in _HUNDRED:
        hundreds, rest = 100, tokens[1:]
    else:
        return _below_hundred(tokens)
    if rest and rest[0] in _HALF:
        return hundreds + 50 if len(rest) == 1 else None
    if rest and rest[0] in _ZERO_TENS:
        return hundreds + _DIGITS[rest[1]] if len(rest) == 2 and rest[1] in _DIGITS else None
    if spoken and len(rest) == 1 and rest[0] in _DIGITS:
        return hundreds + 10 * _DIGITS[rest[0]]
    tail = _below_hundred(rest) if rest else 0
    return None if tail is None else hundreds + tail


def _below_hundred(tokens: list[str]) -> int | None:
    """`hai mươi mốt`, `hai mốt`, `mười lăm`, `linh năm` (after a scale word), `năm`."""
    if len(tokens) == 1 and tokens[0] in _ONLY_AS_UNIT:
        return None
    shape = "".join(map(_shape, tokens))
    digits = [_DIGITS[token] for token in tokens if token in _DIGITS]
    if shape in ("d", "zd"):
        return digits[0]
    if shape in ("t", "td"):
        return 10 + sum(digits)
    if shape in {"dt", "dtd"} or (shape == "dd" and all(digits)):
        return 10 * digits[0] + sum(digits[1:])
    return None


def _shape(token: str) -> str:
    kinds = ((_DIGITS, "d"), (_TENS, "t"), (_ZERO_TENS, "z"))
    return next((letter for words, letter in kinds if token in words), "?")
