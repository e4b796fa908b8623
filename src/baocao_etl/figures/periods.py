"""Periods that a text names: `6 tháng đầu năm 2019`, `từ 01/1/2020 đến 28/10/2020`, `giai đoạn 2016-2020`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

Period = tuple[date | None, date | None]

_DAY = r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})"
_MONTH = r"(\d{1,2})\s?(?:/|-|nam)\s?(\d{4})"
_YEAR = r"((?:19|20)\d{2})"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
# "so với năm 2018", "cùng kỳ năm 2018"; "mua trước năm 2018" and "mua từ năm 2018" date what is counted.
_COMPARED = re.compile(
    r"(?:\bso voi|\bcung ky|\bhon|\btruoc|\btu)\s+(?:cung ky\s+)?(?:cua\s+|vao\s+|thoi diem\s+)?$"
)
_OF_A_LAW = re.compile(
    r"\b(?:(?<!ky )(?<!phap )luat|hien phap|nghi quyet|quyet dinh|nghi dinh|thong tu)\b[^,.;()]{0,60}$"
)

_REACH = 100  # characters before a period that say what it is


class Named(NamedTuple):
    """A period named at `start:end` of a text; `compared`: as that of a former figure ("so với năm 2018")."""

    start: int
    end: int
    period: Period
    compared: bool = False


# The figures of a sentence, and the titles above them, ask again and again.
@lru_cache(maxsize=1024)
def periods_in(plain: str, default: Period) -> tuple[Named, ...]:
    """Return the periods named in `plain` (lower case, no diacritics), in order.

    `default` is the document's own period, which completes "6 tháng đầu năm" and "từ đầu năm 2021 đến nay".
    """
    found: list[Named] = []
    for pattern, reading in _READINGS:
        for m in pattern.finditer(plain):
            if any(n.start < m.end() and m.start() < n.end for n in found):
                continue  # a longer form has been read there
            period = _read(reading, m, default)
            before = max(0, m.start() - _REACH), m.start()
            if period and not _OF_A_LAW.search(plain, *before):
                compared = bool(_COMPARED.search(plain, *before))
                found.append(Named(*m.span(), period, compared))
    return tuple(sorted(found))


def year(number: int) -> Period:
    """Return the calendar year `number`."""
    return date(number, 1, 1), date(number, 12, 31)


def _read(reading: _Reading, m: re.Match[str], default: Period) -> Period | None:
    try:
        return reading([g for g in m.groups() if g is not None], default)
    except ValueError:  # the 31st of June
        return None


def _from_to(g: list[str], _: Period) -> Period:
    d1, m1, y1, d2, m2, y2 = map(int, g)
    return date(y1, m1, d1), date(y2, m2, d2)


def _months_from_to(g: list[str], _: Period) -> Period:
    m1, y1, m2, y2 = map(int, g)
    return date(y1, m1, 1), _month_end(y2, m2)


def _up_to(g: list[str], _: Period) -> Period:
    day, month, of = map(int, g)
    return date(of, 1, 1), date(of, month, day)


def _up_to_month(g: list[str], _: Period) -> Period:
    month, of = map(int, g)
    return date(of, 1, 1), _month_end(of, month)


def _until_now(g: list[str], default: Period) -> Period:
    begin = date(int(g[0]), 1, 1)
    return begin, default[1] if default[1] and default[1] >= begin else None


def _told_year(g: list[str], default: Period) -> int | None:
    """Return the year behind the first number, or that of the document."""
    return int(g[1]) if len(g) > 1 else (default[0].year if default[0] else None)


def _first_months(g: list[str], default: Period) -> Period | None:
    of = _told_year(g, default)
    return (date(of, 1, 1), _month_end(of, int(g[0]))) if of else None


def _last_months(g: list[str], default: Period) -> Period | None:
    of = _told_year(g, default)
    return (date(of, 13 - int(g[0]), 1), date(of, 12, 31)) if of else None


def _quarter(g: list[str], default: Period) -> Period | None:
    number = _ROMAN.get(g[0]) or int(g[0])
    of = _told_year(g, default)
    return (date(of, 3 * number - 2, 1), _month_end(of, 3 * number)) if of else None


def _month(g: list[str], _: Period) -> Period:
    return date(int(g[1]), int(g[0]), 1), _month_end(int(g[1]), int(g[0]))


def _school_year(g: list[str], _: Period) -> Period:
    return date(int(g[0]), 9, 1), date(int(g[1]), 8, 31)


def _years(g: list[str], _: Period) -> Period | None:
    first, last = int(g[0]), int(g[1])
    return (date(first, 1, 1), date(last, 12, 31)) if first < last else None


def _one_year(g: list[str], _: Period) -> Period:
    return year(int(g[0]))


_Reading = Callable[[list[str], Period], Period | None]
# The longest forms first: a shorter one is not read inside of them.
_READINGS: tuple[tuple[re.Pattern[str], _Reading], ...] = tuple(
    (re.compile(pattern), reading)
    for pattern, reading in (
        (rf"\btu\s+(?:ngay\s+)?{_DAY}\s+den\s+(?:het\s+)?(?:ngay\s+)?{_DAY}", _from_to),
        (rf"\btu\s+thang\s+{_MONTH}\s+den\s+(?:het\s+)?thang\s+{_MONTH}", _months_from_to),
        (rf"\b(?:tinh\s+)?den\s+(?:het\s+)?(?:ngay\s+)?{_DAY}", _up_to),
        (rf"\b(?:tinh\s+)?den\s+(?:het\s+)?thang\s+{_MONTH}", _up_to_month),
        (rf"\btu\s+(?:dau\s+)?nam\s+{_YEAR}\s+(?:den|toi)\s+nay", _until_now),
        (rf"\b(\d{{1,2}})\s+thang\s+(?:dau\s+)?nam\s+{_YEAR}\b", _first_months),
        (rf"\b(\d{{1,2}})\s+thang\s+cuoi\s+nam\s+{_YEAR}\b", _last_months),
        (r"\b(\d{1,2})\s+thang\s+dau\s+nam\b", _first_months),
        (r"\b(\d{1,2})\s+thang\s+cuoi\s+nam\b", _last_months),
        (rf"\bquy\s+(i{{1,3}}|iv|[1-4])\s*(?:[/-]|nam)\s*{_YEAR}\b", _quarter),
        (r"\bquy\s+(i{1,3}|iv)\b", _quarter),
        (rf"\bthang\s+(\d{{1,2}})\s?(?:/|-|nam)\s?{_YEAR}\b", _month),
        (rf"\bnam\s+hoc\s+{_YEAR}\s?[-–]\s?{_YEAR}\b", _school_year),
        (
            rf"\b(?:giai\s+doan|nhiem\s+ky|nam|tu\s+nam)\s+{_YEAR}\s?(?:[-–]|den(?:\s+nam)?)\s?{_YEAR}\b",
            _years,
        ),
        (rf"\b{_YEAR}\s?[-–]\s?{_YEAR}\b", _years),
        (rf"\bnam\s+{_YEAR}\b", _one_year),
        (rf"[(;,]\s?{_YEAR}\s?:", _one_year),
    )
)


def _month_end(of: int, month: int) -> date:
    """Return the last day of a month (1 to 12)."""
    following = date(of + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
