"""The gazetteer is written from releases of a package."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair.build import places


def wheel(folder: Path, release: str, provinces: list[dict[str, Any]]) -> Path:
    path = folder / f"vietnam_provinces-{release}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        text = json.dumps(provinces)
        archive.writestr("vietnam_provinces/data/nested-divisions.json", text)
    return path


def unit(name: str, code: int, kind: str, **inside: Any) -> dict[str, Any]:
    return {"name": name, "code": code, "division_type": kind, **inside}


def test_units_of_today_and_of_before_stand_in_one_table(tmp_path: Path) -> None:
    ward = unit("Phường Hồng Gai", 6673, "phường")
    today = wheel(tmp_path, "9.1", [unit("Cao Bằng", 4, "tỉnh", wards=[ward])])
    old = [unit("Tỉnh Cao Bằng", 4, "tỉnh", districts=[
        unit("Huyện Bảo Lâm", 42, "huyện", wards=[unit("Thị trấn Pác Miầu", 1290, "xã")])])]  # fmt: skip
    older = [unit("Tỉnh Cao Bằng", 4, "tỉnh", districts=[
        unit("Huyện Bảo Lâm", 42, "huyện", wards=[unit("Xã Pác Miầu", 1290, "xã"),
                                                  unit("Xã Tân Việt", 1311, "xã")])])]  # fmt: skip
    places.build(tmp_path, [today, wheel(tmp_path, "2", old), wheel(tmp_path, "1", older)])
    rows = Dictionaries((tmp_path,)).rows("places")
    assert [tuple(row.values()) for row in rows] == [
        ("04", "Cao Bằng", "tỉnh", "province", "", "2025-07-01", ""),
        ("06673", "Hồng Gai", "phường", "commune", "04", "2025-07-01", ""),
        ("04", "Cao Bằng", "tỉnh", "province", "", "", "2025-06-30"),
        ("04.042", "Bảo Lâm", "huyện", "district", "04", "", "2025-06-30"),
        ("01290", "Pác Miầu", "thị trấn", "commune", "04.042", "", "2025-06-30"),
        ("01311", "Tân Việt", "xã", "commune", "04.042", "", "2025-06-30"),
    ]
    assert "release 9.1" in (tmp_path / "places.tsv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("full", "division", "parts"),
    [
        ("Thị trấn Vân Đình", "xã", ("thị trấn", "Vân Đình")),
        ("Thành phố Hà Nội", "thành phố trung ương", ("thành phố", "Hà Nội")),
        ("Quận 1", "huyện", ("quận", "1")),
        ("Cao Bằng", "tỉnh", ("tỉnh", "Cao Bằng")),
        ("Xã Xã Phin", "xã", ("xã", "Xã Phin")),
    ],
)
def test_names_are_told_from_what_the_unit_is(
    full: str, division: str, parts: tuple[str, str]
) -> None:
    assert places.split_name(full, division) == parts


def test_an_unknown_kind_of_unit_is_an_error() -> None:
    with pytest.raises(ValueError, match="Bang"):
        places.split_name("Bang Texas", "bang")
