"""UTF-8 that was read as Windows-1252 or Windows-1258, also where some of its bytes were lost.

Five (1252) or eight (1258) of the bytes 80..9F stand for nothing there; tools drop them or write U+FFFD
or "?". A no-break space (A0) or soft hyphen (AD) is often dropped too. So a sequence may lack its last
byte: then every Vietnamese letter that fits is a candidate, and the likeliest word wins.
"""

from __future__ import annotations

import itertools
import math
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.repair.orthography import MARKED_LETTERS

if TYPE_CHECKING:
    from collections.abc import Callable

CODEPAGES = ("cp1252", "cp1258")

_MAX_READINGS = 64
_LOST = "\N{REPLACEMENT CHARACTER}?"
_DROPPED = frozenset((0xA0, 0xAD))
_DROP = -4.0  # log P that a tool dropped a no-break space or soft hyphen
_TWICE = 10.0  # how much better (log P) text must read for a second round
# What the first bytes of UTF-8 Vietnamese look like; a word without them was not misread.
LEADS = re.compile("[\u00c2-\u00c6\u0102\u00e1\u00e2]")


class _Candidate(NamedTuple):
    """A character that a byte sequence may stand for, and log P of the loss that it implies."""

    text: str
    cost: float


def undo(text: str, codepage: str, likelihood: Callable[[str], float]) -> str | None:
    """Return the likeliest text whose UTF-8 bytes, read as `codepage`, look like `text`.

    None if there is none, or if `text` has no such sequence.
    """
    if not LEADS.search(text):
        return None
    parts = _parse(text, codepage)
    if parts is None or all(len(part) == 1 and part[0].text.isascii() for part in parts):
        return None
    best, worth = "", -math.inf
    for reading in itertools.islice(itertools.product(*parts), _MAX_READINGS):
        candidate = "".join(c.text for c in reading)
        value = likelihood(candidate) + sum(c.cost for c in reading)
        if value > worth:
            best, worth = candidate, value
    again = undo(best, codepage, likelihood)
    # It may have happened twice; but what reads well already is not to be read once more.
    return again if again is not None and likelihood(again) > worth + _TWICE else best


def _parse(text: str, codepage: str) -> list[tuple[_Candidate, ...]] | None:
    """Split into characters, each a tuple of candidates; None if a byte cannot be UTF-8."""
    codes = _bytes_of(codepage)
    numbers = [codes.get(c, -1) for c in text]
    parts: list[tuple[_Candidate, ...]] = []
    at = 0
    while at < len(numbers):
        number = numbers[at]
        if 0 <= number < 0x80 or text[at] == _LOST[0]:
            parts.append((_Candidate(text[at], 0.0),))
            at += 1
            continue
        length = _sequence_length(number)
        tail = list(itertools.takewhile(_is_tail, numbers[at + 1 : at + length]))
        sequence = bytes((number, *tail)) if length else b""
        at += len(sequence)
        marked = len(sequence) < length and at < len(text) and text[at] in _LOST
        found = _candidates(sequence, length, codepage, marked=marked)
        if not found:
            return None
        at += marked
        parts.append(found)
    return parts


def _is_tail(number: int) -> bool:
    return 0x80 <= number < 0xC0


def _sequence_length(number: int) -> int:
    """Return how many bytes a sequence that begins with `number` has; 0 if none does."""
    if 0xC2 <= number < 0xE0:
        return 2
    if 0xE0 <= number < 0xF0:
        return 3
    return 4 if 0xF0 <= number < 0xF5 else 0


@lru_cache(maxsize=65_536)
def _candidates(
    sequence: bytes, length: int, codepage: str, *, marked: bool
) -> tuple[_Candidate, ...]:
    """Return what `sequence`, of `length` bytes when whole, may stand for.

    `marked`: a replacement character stands where its last byte was.
    """
    if length and len(sequence) == length:
        try:
            return (_Candidate(sequence.decode("utf-8"), 0.0),)
        except UnicodeDecodeError:
            return ()
    if len(sequence) != length - 1:
        return ()
    known = frozenset(_defined(codepage).values())
    found: list[_Candidate] = []
    for letter in MARKED_LETTERS + "”":
        *head, last = letter.encode()
        if bytes(head) == sequence and (last not in known or (last in _DROPPED and not marked)):
            found.append(_Candidate(letter, _DROP if last in known else 0.0))
    return tuple(found)


@cache
def _defined(codepage: str) -> dict[str, int]:
    pairs = ((bytes((b,)).decode(codepage, errors="ignore"), b) for b in range(256))
    return {surface: byte for surface, byte in pairs if surface}


@cache
def _bytes_of(codepage: str) -> dict[str, int]:
    """Return surface -> byte; bytes that the codepage lacks may have become C1 controls."""
    return {chr(byte): byte for byte in range(0x80, 0xA0)} | _defined(codepage)


# The first two bytes of ạ..ỹ; no language writes them.
_CERTAIN = re.compile("\u00e1[\u00ba\u00bb]")
_SPLIT_WIDE = re.compile("(?<=[\u00c3\u0102])  ")
_SPLIT = re.compile("([^ ]*[\u00c3\u0102]) ([^ ]+)")


def rejoin(line: str, is_word: Callable[[str], bool]) -> str:
    """Give misread à (C3 A0) its no-break space back where a tool made a space of it.

    Keeps the length of the line. `is_word` decides whether "lÃ m" is làm.
    """
    if not _CERTAIN.search(line):
        return line

    def join(match: re.Match[str]) -> str:
        whole = f"{match[1]}\N{NO-BREAK SPACE}{match[2]}"
        undone = (
            undo(whole, codepage, lambda text: float(is_word(text))) for codepage in CODEPAGES
        )
        return whole if any(map(is_word, filter(None, undone))) else match[0]

    return _SPLIT.sub(join, _SPLIT_WIDE.sub("\N{NO-BREAK SPACE} ", line))
