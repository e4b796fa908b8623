"""The place that an issuer belongs to, as the unit that existed on the document's date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from unicodedata import normalize

from rapidfuzz import fuzz

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.structure.issuers import UNITS
from baocao_etl.structure.phrases import squeezed

_PLACE = re.compile(
    rf"\b({'|'.join(sorted(UNITS, key=len, reverse=True))})\s+((?:(?!\b(?:{'|'.join(UNITS)})\b).)+)"
)
# The gazetteer knows each unit by its last kind before the reform: huyện become thị xã, thị xã thành phố.
_RAISED_TO = {
    "huyen": ("thị xã", "thành phố"),
    "thixa": ("thành phố",),
    "xa": ("phường", "thị trấn"),
    "thitran": ("phường",),
}
_BENT_PLACE = 75  # letters in a hundred
Row = dict[str, str]


def place_code(
    issuer: str | None, superior: str | None, on: date | None, tables: Dictionaries
) -> str | None:
    """Return the code of the unit that `issuer` names, valid on the day `on`; None if not certain.

    Names recur (23 communes are called Đông Sơn), so a name counts only if one unit of its kind had it
    then, or one below the place that the issuer or its superior names too.
    """
    places = [*_PLACE.findall(issuer or ""), *_PLACE.findall(superior or "")]
    if not places:
        return None
    found = _rows(places[0][0], places[0][1], on, tables)
    for unit, name in places[1:] if len(found) > 1 else ():
        above = {row["code"] for row in _rows(unit, name, on, tables)}
        found = [row for row in found if row["parent"] in above] or found
    codes = {row["code"] for row in found}
    return codes.pop() if len(codes) == 1 else None


def spelled(name: str, tables: Dictionaries) -> str:
    """Return `name` with its place spelled as in the gazetteer, where only marks differ: Đà Nảng."""
    for unit, place in _PLACE.findall(name):
        rows = _index(tables).get(squeezed(unit + place), [])
        names = {row["name"] for row in rows}
        if len(names) == 1 and not _alike(place.strip(), known := names.pop()):
            return name.replace(place.strip(), known)
    return name


def place_of(issuers: Sequence[str | None], printed: str) -> str:
    """Return the place of box 4 as the issuers above it spell it, where OCR bent it: Đã Bạc."""
    names = [name.strip() for text in issuers for _, name in _PLACE.findall(text or "")]
    alike = [name for name in names if fuzz.ratio(squeezed(name), squeezed(printed)) >= _BENT_PLACE]
    return alike[0] if alike else printed


def _alike(name: str, other: str) -> bool:
    """Say whether two names have the same letters and marks, wherever the tone stands (Hòa, Hoà)."""
    return sorted(normalize("NFD", name)) == sorted(normalize("NFD", other))


def _rows(unit: str, name: str, on: date | None, tables: Dictionaries) -> list[Row]:
    """Return the units of a name that were valid on a day; failing that, what the unit was raised to."""
    for kind in (unit, *_RAISED_TO.get(squeezed(unit), ())):
        if rows := [r for r in _of_kind(kind, name, on, tables) if kind == unit or r["parent"]]:
            return rows
    return []


def _of_kind(unit: str, name: str, on: date | None, tables: Dictionaries) -> list[Row]:
    known = _index(tables).get(squeezed(unit + name), [])
    rows = [r for r in known if r["name"] == name.strip()] or known
    day = on.isoformat() if on else ""
    return [r for r in rows if not day or (r["valid_from"] <= day <= (r["valid_to"] or "9999"))]


@cache
def _index(tables: Dictionaries) -> defaultdict[str, list[Row]]:
    index: defaultdict[str, list[Row]] = defaultdict(list)
    for row in tables.rows("places"):
        index[squeezed(row["type"] + row["name"])].append(row)
    return index
