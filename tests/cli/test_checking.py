"""The command that lists findings: from the warehouse, from a file, and as a gate of a batch job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baocao_etl.errors import ExitCode
from tests.cli.conftest import Cli

GOOD = "I. KẾT QUẢ\n1. Có 1995 DVC, trong đó 610 DVC ở cấp tỉnh và 1385 DVC ở cấp huyện.\n"
BAD = "I. KẾT QUẢ\n1. Có 27/36 trường đạt chuẩn, chiếm 76,9%.\n"


@pytest.fixture
def reports(tmp_path: Path) -> dict[str, Path]:
    made = {"good": tmp_path / "in" / "good.txt", "bad": tmp_path / "in" / "bad.txt"}
    made["good"].parent.mkdir()
    made["good"].write_text(GOOD, encoding="utf-8")
    made["bad"].write_text(BAD, encoding="utf-8")
    return made


def test_a_file_is_checked_without_loading_it(cli: Cli, reports: dict[str, Path]) -> None:
    ran = cli("check", "--file", reports["good"], "--holds", "--format", "json", "--strict")
    assert ran.code == ExitCode.OK
    (found,) = json.loads(ran.out)
    assert (found["file"], found["section"], found["verdict"]) == ("good.txt", "I.1", "holds")
    assert found["message"] == "610 + 1385 = 1995 dịch vụ công."


def test_what_holds_is_listed_only_when_asked(cli: Cli, reports: dict[str, Path]) -> None:
    ran = cli("check", "--file", reports["good"], "--format", "csv")
    assert ran.out.splitlines() == ["file,section,verdict,rule,message"]


def test_strict_fails_where_a_check_does(cli: Cli, reports: dict[str, Path]) -> None:
    both = ("--file", reports["good"], "--file", reports["bad"])
    assert cli("check", *both).code == ExitCode.OK
    ran = cli("check", *both, "--strict")
    assert ran.code == ExitCode.FINDINGS
    assert "ratio_percent" in ran.out
    assert "1 fail" in ran.err


def test_the_warehouse_tells_the_same(cli: Cli, reports: dict[str, Path]) -> None:
    assert cli("ingest", reports["good"].parent, "--quiet").code == ExitCode.OK
    stored = cli("check", "--holds", "--format", "json")
    fresh = cli(
        "check", "--file", reports["bad"], "--file", reports["good"], "--holds", "--format", "json"
    )
    assert json.loads(stored.out) == json.loads(fresh.out)
    assert len(json.loads(cli("check", "bad", "--format", "json").out)) == 1
    assert cli("check", "--strict").code == ExitCode.FINDINGS


def test_wrong_use_is_told(cli: Cli, reports: dict[str, Path]) -> None:
    assert cli("check", "good", "--file", reports["good"]).code == ExitCode.USAGE
    assert cli("check", "--format", "parquet").code == ExitCode.USAGE
    assert cli("check", "--file", reports["good"].parent / "none.txt").code != ExitCode.OK
