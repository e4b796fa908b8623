"""Places named in running text: provinces, districts and communes, by the names valid at the time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.figures.vocabulary import key
from baocao_etl.models import Document
from baocao_etl.repair.orthography import same_spelling

_TYPES = {
    "tinh": "tinh", "thanh pho": "thanh pho", "tp": "thanh pho", "t.p": "thanh pho", "quan": "quan",
    "huyen": "huyen", "thi xa": "thi xa", "tx": "thi xa", "t.x": "thi xa", "xa": "xa",
    "phuong": "phuong", "thi tran": "thi tran", "dac khu": "dac khu",
}  # fmt: skip
_TYPED = re.compile(
    rf"(?<!\w)({'|'.join(sorted(map(re.escape, _TYPES), key=len, reverse=True))})\.?\s+(?=\w)"
)
_NAME_WORD = re.compile(r"[^\W\d_][\w']*")
_LONGEST = 5  # words of a name: Quận Văn Miếu - Quốc Tử Giám is the rare exception
_PERSON = "ho chi minh"  # without "thành phố", the man is meant
_AS_SPELT = 0.97
_MARKS_DIFFER = 0.85
_BARE = 0.85


class Unit(NamedTuple):
    """An administrative unit: its code and name, the codes above it, and the days it was valid."""

    code: str
    name: str
    type: str
    level: str
    parent: str
    valid_from: str
    valid_to: str


class PlaceFound(NamedTuple):
    """A place in a text: the characters `start:end`, its full name, and its code if it is certain."""

    start: int
    end: int
    name: str
    code: str | None
    confidence: float


class Gazetteer:
    """The units of one set of dictionaries, by type and name and (provinces) by name alone."""

    def __init__(self, tables: Dictionaries) -> None:
        self._typed: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        self._provinces: dict[tuple[str, ...], list[Unit]] = defaultdict(list)
        self._parents: dict[str, str] = {}
        for row in tables.rows("places"):
            unit = Unit(**{field: row[field] for field in Unit._fields})
            self._typed[key(unit.type), key(unit.name)].append(unit)
            self._parents.setdefault(unit.code, unit.parent)
            if unit.level == "province":
                self._provinces[tuple(key(unit.name).split())].append(unit)

    def province(self, code: str | None) -> str | None:
        """Return the code of the province that the unit `code` lies in."""
        above: set[str] = set()
        while code and self._parents.get(code) and code not in above:  # a user's table may go round
            above.add(code)
            code = self._parents[code]
        return code

    def find(
        self, text: str, plain: str, on: date | None, home: str | None
    ) -> Iterator[PlaceFound]:
        """Yield the places in `text`, in order.

        `on` is the day whose units are meant; `home` is the province that decides among units of one name.
        """
        lower = plain.lower()
        end = 0
        typed = {m.start(): m for m in _TYPED.finditer(lower)}
        for m in _NAME_WORD.finditer(text):
            if m.start() < end:
                continue
            if m.start() in typed:
                found = self._after_type(typed[m.start()], text, lower, on, home)
            else:
                found = self._bare(m, text, lower, on)
            if found:
                end = found.end
                yield found

    def _after_type(
        self, m: re.Match[str], text: str, lower: str, on: date | None, home: str | None
    ) -> PlaceFound | None:
        ends = _name_ends(text, m.end())
        for end in reversed(ends):
            units = self._typed.get((_TYPES[m[1]], " ".join(lower[m.end() : end].split())), [])
            if valid := _valid(units, on):
                spelt = [u for u in valid if same_spelling(u.name, text[m.end() : end])]
                chosen = self._chosen(spelt or valid, home)
                unit = chosen or (spelt or valid)[0]
                confidence = _AS_SPELT if spelt else _MARKS_DIFFER
                code = chosen.code if chosen else None
                return PlaceFound(m.start(), end, f"{unit.type} {unit.name}", code, confidence)
        return None

    def _bare(self, m: re.Match[str], text: str, lower: str, on: date | None) -> PlaceFound | None:
        """A province named without its type: `Hà Tĩnh`."""
        if not m[0][0].isupper() or lower.startswith(_PERSON, m.start()):
            return None
        for end in reversed(_name_ends(text, m.start())[1:]):
            units = _valid(self._provinces.get(tuple(lower[m.start() : end].split()), []), on)
            spelt = [u for u in units if same_spelling(u.name, text[m.start() : end])]
            if spelt:
                return PlaceFound(m.start(), end, spelt[0].name, spelt[0].code, _BARE)
        return None

    def _chosen(self, units: Sequence[Unit], home: str | None) -> Unit | None:
        """Return the one unit that is meant; None where several may be."""
        near = [u for u in units if home and self.province(u.code) == home] or list(units)
        return near[0] if len({u.code for u in near}) == 1 else None


def _name_ends(text: str, start: int) -> list[int]:
    """Return where each of the capitalised words that follow each other from `start` on ends."""
    ends: list[int] = []
    at = start
    while len(ends) < _LONGEST and (m := _NAME_WORD.match(text, at)):
        if not m[0][0].isupper():
            break
        ends.append(m.end())
        at = m.end() + (text[m.end() : m.end() + 1] == " ")
        if at == m.end():
            break
    return ends


def _valid(units: Sequence[Unit], on: date | None) -> list[Unit]:
    day = on.isoformat() if on else ""
    return [u for u in units if not day or u.valid_from <= day <= (u.valid_to or "9999")]


@cache
def gazetteer(tables: Dictionaries) -> Gazetteer:
    """Return the gazetteer of `tables`, made once."""
    return Gazetteer(tables)


def home_province(document: Document, tables: Dictionaries) -> str | None:
    """Return the code of the province that the document's issuer belongs to, where it is known."""
    return gazetteer(tables).province(document.letterhead.issuer_place_code)
