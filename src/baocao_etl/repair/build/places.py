"""Write the gazetteer `places.tsv` from releases of the package vietnam-provinces.

    python -m baocao_etl.repair.build.places DICTIONARIES WHEEL...

The first wheel holds today's units, the others (newest first) those that were valid until the country
merged its provinces and did away with districts. A unit that an older release names otherwise, or
puts under another, was renamed, merged or moved in between, and gets a row of its own; a commune that
became a ward keeps one row.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

REFORM, BEFORE = "2025-07-01", "2025-06-30"
"""The day from which there are 34 provinces and no districts, and the last day before it."""

TYPES = ("thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")
_DATA = "vietnam_provinces/data/nested-divisions.json"
_HEADER = """\
# Provinces, districts and communes of Việt Nam, with the dates they were valid.
# Source: vietnam-provinces (PyPI), data of the General Statistics Office of Việt Nam (codes and names are
# facts): release {first} for the units since {reform}; earlier releases for the 63 provinces and
# their districts and communes until {before}. An empty valid_from: not known, before the reform.
# level: province, district, commune. type: the unit's own word. parent: the code of the unit above.
code	name	type	level	parent	valid_from	valid_to
"""


class Place(NamedTuple):
    """One row of the table."""

    code: str
    name: str
    type: str
    level: str
    parent: str
    valid_from: str
    valid_to: str


def split_name(full: str, division: str) -> tuple[str, str]:
    """Take the unit's own word off: Thị trấn Vân Đình -> (thị trấn, Vân Đình).

    Where the name has none, it is the first words of what kind of `division` the release calls it.

    Raises:
        ValueError: neither begins with one of TYPES.
    """
    for text, name_behind in ((full, True), (division, False)):
        for kind in TYPES:
            if (text.lower() + " ").startswith(kind + " "):
                return kind, full[len(kind) + 1 :].strip() if name_behind else full
    raise ValueError(f"What kind of unit is {full!r}, a {division!r}?")


def divisions(wheel: Path) -> list[dict[str, Any]]:
    """Return the provinces of a release, with their districts and communes inside them."""
    with zipfile.ZipFile(wheel) as archive:
        found: list[dict[str, Any]] = json.loads(archive.read(_DATA))
    return found


def places(provinces: Sequence[dict[str, Any]], valid: tuple[str, str]) -> Iterator[Place]:
    """Yield the units of one release, each behind the one above it.

    Codes of provinces have two digits; of districts, which are numbered through the country, three
    behind those of their province; of communes five.
    """
    for province in provinces:
        code = f"{province['code']:02d}"
        yield _place(code, province, "province", "", valid)
        for district in province.get("districts", ()):
            inner = f"{code}.{district['code']:03d}"
            yield _place(inner, district, "district", code, valid)
            for ward in district["wards"]:
                yield _place(f"{ward['code']:05d}", ward, "commune", inner, valid)
        for ward in province.get("wards", ()):
            yield _place(f"{ward['code']:05d}", ward, "commune", code, valid)


def _place(
    code: str, unit: dict[str, Any], level: str, parent: str, valid: tuple[str, str]
) -> Place:
    kind, name = split_name(unit["name"], unit["division_type"])
    return Place(code, name, kind, level, parent, *valid)


def build(target: Path, wheels: Sequence[Path]) -> None:
    """Write `places.tsv` into the dictionaries `target`."""
    today, *earlier = wheels
    found = list(places(divisions(today), (REFORM, "")))
    known: set[tuple[str, str]] = set()
    for wheel in earlier:
        for place in places(divisions(wheel), ("", BEFORE)):
            if (place.parent, place.name) not in known:
                known.add((place.parent, place.name))
                found.append(place)
    release = today.name.split("-")[1]
    header = _HEADER.format(first=release, reform=REFORM, before=BEFORE)
    rows = "".join("\t".join(place) + "\n" for place in found)
    (target / "places.tsv").write_text(header + rows, encoding="utf-8")


def main() -> None:
    """Build from the command line."""
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    build(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])


if __name__ == "__main__":
    main()
