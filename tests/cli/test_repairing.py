"""`baocao repair`: the text, or what was changed in it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from baocao_etl.cli.events import CorrectionEvent, Event
from baocao_etl.errors import ExitCode
from tests.cli.conftest import Cli

DAMAGED = (
    "Thuc hién Cong van s6 276/UBND ngay 29/05/2019\x0c vé viéc bao cio két qua thuc hién\r\n"
    "\r\n1995\ncác co ché, chinh sach, cac van ban QPPL do UBND tinh ban hanh"
)


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    path = tmp_path / "damaged.txt"
    path.write_bytes(DAMAGED.encode())
    return path


def test_repair_keeps_lines(cli: Cli, folder: Path) -> None:
    path = folder / "thanh-son.txt"
    ran = cli("repair", path)
    assert ran.code == ExitCode.OK
    assert len(ran.out.splitlines()) == len(path.read_text(encoding="utf-8").splitlines())
    assert "4.210 hồ sơ" in ran.out
    assert cli("repair", folder / "missing.txt").code == ExitCode.USAGE


def test_repair_reads_stdin() -> None:
    command = [sys.executable, "-c", "from baocao_etl.cli import main; main()", "repair", "-"]
    done = subprocess.run(
        command, input="Báo cáo\r\n\r\nsố 12".encode(), capture_output=True, check=True
    )
    assert done.stdout.decode() == "Báo cáo\r\n\r\nsố 12"


def test_explain_says_where_and_why(cli: Cli, damaged: Path) -> None:
    ran = cli("repair", damaged, "--explain")
    assert ran.code == ExitCode.OK
    lines = ran.out.splitlines()
    assert lines[0].startswith("1: Thuc -> Thực  [")
    assert any(line.startswith("4: sach, -> sách,  [") for line in lines)
    assert {line.split(":")[0] for line in lines} == {"1", "4"}
    assert all("decoder" in line for line in lines)


def test_explain_as_json_is_enough_to_repeat_the_repair(cli: Cli, damaged: Path) -> None:
    lines = cli("repair", damaged, "--explain", "--json").out.splitlines()
    told = [TypeAdapter(Event).validate_json(line) for line in lines]
    text = DAMAGED
    for event in reversed(told):
        assert isinstance(event, CorrectionEvent)
        assert text.startswith(event.raw, event.offset)
        assert 0 < event.probability <= 1
        assert all(0 < p < 1 for _, p in event.alternatives)
        text = text[: event.offset] + event.text + text[event.offset + len(event.raw) :]
    assert text == cli("repair", damaged).out


def test_explain_names_what_else_it_may_be(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("tinh Ha Tinh\nhé so", encoding="utf-8")
    args = ("repair", tmp_path / "short.txt", "--explain")
    told = [json.loads(line) for line in cli(*args, "--json").out.splitlines()]
    others = [row for row in told if row["alternatives"]]
    assert others
    for row in others:
        first, p = row["alternatives"][0]
        assert f"{row['raw']} -> {row['text']}" in cli(*args).out
        assert f"or {first} {p:.3f}" in cli(*args).out
        assert p + row["probability"] <= 1.001


def test_explain_of_clean_text_is_empty(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "clean.txt").write_text("Ủy ban nhân dân huyện đã tiếp nhận 3.338 hồ sơ.\n")
    for flag in ("--explain", "--diff"):
        ran = cli("repair", tmp_path / "clean.txt", flag)
        assert (ran.code, ran.out) == (ExitCode.OK, "")


def test_diff_is_a_unified_diff(cli: Cli, damaged: Path) -> None:
    ran = cli("repair", damaged, "--diff")
    assert ran.code == ExitCode.OK
    lines = ran.out.split("\n")
    assert lines[:3] == [f"--- {damaged}\traw", f"+++ {damaged}\trepaired", "@@ -1,4 +1,4 @@"]
    assert " 1995" in lines
    assert lines.count("\\ No newline at end of file") == 2


@pytest.mark.skipif(shutil.which("patch") is None, reason="the program `patch` is not here")
def test_patch_applies_the_diff(cli: Cli, damaged: Path) -> None:
    diff = cli("repair", damaged, "--diff").out
    repaired = cli("repair", damaged).out
    subprocess.run(
        ["patch", "--binary", damaged], input=diff.encode(), capture_output=True, check=True
    )
    assert damaged.read_bytes().decode() == repaired


def test_flags_that_exclude_each_other(cli: Cli, damaged: Path) -> None:
    for flags in (["--explain", "--diff"], ["--json"], ["--diff", "--json"]):
        ran = cli("repair", damaged, *flags)
        assert (ran.code, ran.out) == (ExitCode.USAGE, "")
        assert "--explain" in ran.err
