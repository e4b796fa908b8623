"""The report files of the unseen benchmark: what their marks mean, and that all of them can be read."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from baocao_etl.models import FigureKind, SectionKind
from benchmarks.unseen.marks import MarkError, parse
from benchmarks.unseen.scoring import error_rate
from benchmarks.unseen.source import load

REPORTS = sorted((Path(__file__).parents[2] / "benchmarks/unseen").glob("*/*.txt"))
HEAD = "issuer: UBND | XÃ A\nsymbol: BC-UBND\nplace: A\ndate: 02/3/2021\ntype: BÁO CÁO\n---\n"


@pytest.mark.parametrize(
    ("mark", "value", "kind", "unit"),
    [
        ("3.338 hồ sơ", "3338", "count", "hồ sơ"),
        ("2,4%", "2.4", "percent", "%"),
        ("03/05 đơn vị", "3/5", "ratio", "đơn vị"),
        ("8.699,28 triệu đồng", "8699280000", "money", "VND"),
        ("60 triệu đồng/hộ", "60000000", "money", "VND"),
        ("92,7 triệu USD", "92700000", "money", "USD"),
        ("4 triệu nhân viên", "4000000", "count", "nhân viên"),
        ("12,4 km", "12.4", "quantity", "km"),
        ("6,25 điểm", "6.25", "score", "điểm"),
        ("16 điểm|count", "16", "count", "điểm"),
        ("12 DVC|u:dịch vụ công", "12", "count", "dịch vụ công"),
        ("33|rank", "33", "rank", ""),
    ],
)
def test_marks(mark: str, value: str, kind: str, unit: str) -> None:
    assert parse(mark)[1:] == (value, kind, unit)


@pytest.mark.parametrize("mark", ["hồ sơ", "1.25 km", "5 xã|kind"])
def test_marks_that_say_nothing_are_refused(mark: str) -> None:
    with pytest.raises(MarkError):
        parse(mark)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_reports_can_be_read(path: Path) -> None:
    gold = load(path).gold
    assert {figure.kind for figure in gold.figures} <= set(get_args(FigureKind))
    assert {section.kind for section in gold.sections} <= set(get_args(SectionKind))
    paths = {section.path for section in gold.sections} | {""}
    assert {figure.section for figure in gold.figures} <= paths


def test_every_number_is_a_figure_or_none(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        HEAD + "# [I] I. KẾT QUẢ NĂM 2020\n[I.1] 1. Có {12 xã} và {3/5 hộ} theo Điều 7.\n"
        "@table w=1,2,2 a=clr\n! TT | Xã | Dài (km)\n: - | L | q km\n| 1 | Xã B | 2,5\n",
        encoding="utf-8",
    )
    gold = load(path).gold
    assert [tuple(f)[:4] for f in gold.figures] == [
        ("I.1", "12", "count", "xã"),
        ("I.1", "3/5", "ratio", "hộ"),
        ("I.1", "2.5", "quantity", "km"),
    ]
    assert [value for value, _ in gold.not_figures] == ["2020", "1", "7", "1"]
    assert [tuple(s) for s in gold.sections] == [
        ("I", "part", "KẾT QUẢ NĂM 2020"),
        ("I.1", "section", ""),
    ]
    assert gold.letterhead["issued_on"] == "2021-03-02"


def test_bad_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HEAD + "Tốt\nCó {mười hai xã}.\n", encoding="utf-8")
    with pytest.raises(MarkError, match=r"line 8: .*mười hai"):
        load(path)


def test_nothing_found_is_all_wrong() -> None:
    assert error_rate(["Có mười hai xã"], []) == 1
