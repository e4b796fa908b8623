"""Run `baocao` in this process and look at what it printed and how it exited."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from baocao_etl.cli import main
from tests.reports import REPORT


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BAOCAO_JOBS", "0")

    def run(*args: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["baocao", *map(str, args)])
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Ran(int(ended.value.code or 0), *capfd.readouterr())

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one report."""
    made = tmp_path / "reports"
    made.mkdir()
    (made / "thanh-son.txt").write_text(REPORT, encoding="utf-8")
    return made


@pytest.fixture
def broken(folder: Path) -> Path:
    """A file in the folder that cannot be read."""
    path = folder / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing follows")
    return path
