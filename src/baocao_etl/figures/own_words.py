"""Which words of a sentence belong to which of its figures.

What lies between two figures is shared out at its marks. A figure may carry on what the one before it told:
its share ("đạt 30%"), its former value, its value at another level, or where an index stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from baocao_etl.models import Figure

_FAR = 240  # characters behind a number, beyond which no word is its own
# "mức độ 3, 4" and "mức 3, mức 4" hold none.
_MARK = re.compile(r"[;:(]|(?<!\b\d),|,(?!\s(?:muc (?:do )?)?\d\b)|\.\s")
_AND = re.compile(r"\bva\b|\bcung voi\b")
_FORMER = re.compile(r"\(\s*nam|\bso voi\b|\bcung ky\b")
_CHANGE = re.compile(
    r"\b(?:tang|giam|vuot|hut|cao hon|thap hon|them)(?:\s+(?:them|duoc|gan|hon|khoang|tren))*\s*$"
)
_SHARE_OF_BEFORE = re.compile(r"\b(?:dat|chiem|ty le|ti le|tuong ung|bang)\b|\(\s*$")
# A plan, not the whole, is what "đạt 107% kế hoạch" is measured against.
_OF_A_PLAN = re.compile(r"\s*(?:so voi|ke hoach|chi tieu|du toan|cung ky)\b")
_OF_ALL = re.compile(r"\btren(?: tong so)?\s*$")
_WHEN = (
    r"(?:nam \d{4}|quy (?:i{1,3}|iv|\d)(?:(?:/| nam )\d{4})?"
    r"|(?:\d+ )?thang(?: \d+)?(?: dau| cuoi)?(?:(?:/| nam )\d{4}| nam)?)"
)
_LEVEL = r"cap (?:tinh|huyen|xa)"
_LINKS = r"(?:(?:va|con|rieng|trong do|o|tai|khoi|ubnd|den) )*"
# Between two figures that tell the same of two levels or times: "cấp huyện 95%; cấp xã 71%", "20 hồ sơ cấp
# huyện, 18 hồ sơ cấp xã".
_ELSEWHERE = re.compile(
    rf"(?=.*(?:cap |nam |quy |thang ))(?:\s*{_LINKS}{_LEVEL})?[\s,;.:()]*{_LINKS}(?:{_LEVEL}|{_WHEN})?"
    r"(?:\s|:|\b(?:la|dat|co|chi|moi|chiem|ty le|khoang|hon|gan|tren)\b)*"
)
_STANDINGS = {"score", "rank", "ratio", "percent"}
_STANDING = re.compile(r"\b(?:xep|dung|hang|vi tri)\b")
_WITH = re.compile(r"\b(?:cho|voi)(?: (?:hon|tren|gan|khoang))*\s*$")
_FROM = re.compile(r"\btu(?: muc)?\s*$")
_TO = re.compile(r"\s*(?:\(?nam \d{4}\)?\s*)?(?:len|xuong|con)\b")
_JOINED = re.compile(r"\bva\s*$")
_JOINED_WITHIN = 40
_STOP = re.compile(r"[;]|\.\s|\.$")
_NUMBER = re.compile(r"\d[\d.,]*(?:\s*/\s*\d[\d.,]*)?")


class OwnWords(NamedTuple):
    """A figure in its folded sentence: its number, and the words around it that are its own."""

    start: int
    end: int
    own_from: int
    own_to: int


class Numeral(NamedTuple):
    """Where a figure's number stands in its folded sentence, and where its unit ends."""

    start: int
    end: int
    unit_end: int


def own_words(
    sentence: str, group: Sequence[Figure], numbers: Sequence[Numeral]
) -> Iterator[OwnWords]:
    """Yield each figure's place; what lies between two figures is shared out at its marks."""
    borders = [_border(sentence, one, other) for one, other in pairwise(numbers)]
    first = numbers[0].start if numbers else 0
    opening = max((m.end() for m in _STOP.finditer(sentence, 0, first)), default=0)
    begins = [opening, *(begin for _, begin in borders)]
    ends = [*(end for end, _ in borders), len(sentence)]
    own_from = opening
    for i, number in enumerate(numbers):
        if not (i and _carries_on(sentence, group, numbers, i)):
            own_from = begins[i]
        own_to = ends[i]
        if i + 1 < len(numbers):
            gap = sentence[number.end : numbers[i + 1].start]
            if len(gap) <= _JOINED_WITHIN and _JOINED.search(gap):
                own_to = ends[i + 1]  # "18/18 huyện và 244/244 xã thực hiện cơ chế một cửa"
        stop = _STOP.search(sentence, number.end, own_to)
        own_to = min(stop.start() if stop else own_to, number.end + _FAR)
        yield OwnWords(
            number.start, number.end, min(own_from, number.start), max(own_to, number.end)
        )


def numerals(
    sentence: str, group: Sequence[Figure], fold: Callable[[str], str]
) -> Iterator[Numeral]:
    """Yield where the figures of a sentence stand; `fold` is what the sentence was folded with."""
    at = 0
    for figure in group:
        m = _NUMBER.search(figure.text)
        start = sentence.find(m[0], at) if m else -1
        if m is None or start < 0:
            yield Numeral(at, at, at)
            continue
        at = start + len(m[0])
        unit = fold(figure.text[m.end() :])
        gap = len(sentence[at:]) - len(sentence[at:].lstrip())
        named = bool(unit) and sentence.startswith(unit, at + gap)
        yield Numeral(start, at, at + gap + len(unit) if named else at)


def _carries_on(sentence: str, group: Sequence[Figure], numbers: Sequence[Numeral], i: int) -> bool:
    """Say whether a figure tells of what the one before it does.

    Its share, its former value, its value elsewhere, where an index stands (`81,5 điểm, xếp thứ 9/63`), or
    whom it reached (`03 lớp tập huấn cho 150 người`).
    """
    last, number = numbers[i - 1], numbers[i]
    before, gap = sentence[last.end : number.start], sentence[last.unit_end : number.start]
    kinds = group[i - 1].kind, group[i].kind
    alike = kinds[0] == kinds[1] and group[i - 1].unit == group[i].unit
    if kinds[0] != kinds[1] != "percent" and _STANDINGS.issuperset(kinds) and ";" not in gap:
        return kinds[1] == "score" or bool(_STANDING.search(gap))
    return (
        (kinds[1] == "percent" and bool(_SHARE_OF_BEFORE.search(before)))
        or kinds == ("rank", "rank")
        or (alike and bool(_ELSEWHERE.fullmatch(gap)))
        or is_former(sentence, last)
        or is_change(sentence, number)
        or (";" not in gap and bool(_WITH.search(gap)))
        or bool(_FORMER.search(before))
    )


def _border(sentence: str, one: Numeral, other: Numeral) -> tuple[int, int]:
    """Return where between two figures the words of the first end and those of the second begin.

    They part at the first mark behind the first figure's unit (the second's begin behind the last semicolon
    or stop, if there is one), or else at the last "và". Where there is neither, the words between belong to
    both.
    """
    gap = (min(one.unit_end, other.start), other.start)
    mark = _MARK.search(sentence, *gap)
    if mark and not sentence[mark.end() : other.start].strip() and mark[0] == ":":
        mark = None
    joined = [m.start() for m in _AND.finditer(sentence, *gap)]
    if mark:
        stops = [m.end() for m in _STOP.finditer(sentence, mark.start(), other.start)]
        return mark.start(), stops[-1] if stops else mark.end()
    return (joined[-1], joined[-1]) if joined else (other.start, one.end)


def counted(sentence: str, numbers: Sequence[Numeral], i: int) -> int | None:
    """Return the figure whose share the percent `i` is: the 40 of `trực tuyến 40 hồ sơ, đạt 30%`."""
    before = sentence[numbers[i - 1].unit_end : numbers[i].start] if i else ""
    if not _SHARE_OF_BEFORE.search(before) or _OF_A_PLAN.match(sentence, numbers[i].unit_end):
        return None
    of_all = i > 1 and _OF_ALL.search(sentence[numbers[i - 2].unit_end : numbers[i - 1].start])
    return i - 2 if of_all else i - 1


def is_former(sentence: str, number: Numeral) -> bool:
    """Say whether a number is what something was before: `từ 8 Mbps lên 20 Mbps`."""
    return bool(
        _FROM.search(sentence, max(0, number.start - 30), number.start)
        and _TO.match(sentence, number.unit_end)
    )


def is_change(sentence: str, number: Numeral) -> bool:
    """Say whether a number is by how much something grew or shrank: `tăng 03 bậc`."""
    return bool(_CHANGE.search(sentence, max(0, number.start - 30), number.start))
