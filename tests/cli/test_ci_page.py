"""The commands of docs/ci.md run as they stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from baocao_etl.errors import ExitCode
from tests.cli.conftest import Cli

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ci.md"
JOBS = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("job", JOBS, ids=["github", "gitlab"])
def test_a_job_runs(cli: Cli, folder: Path, job: str) -> None:
    assert folder.name == "reports"
    lines = re.findall(r"- (?:run: )?baocao (.*)", job)
    assert len(lines) >= 3
    for line in lines:
        arguments = shlex.split(line.split(" > ")[0])
        if arguments[0] != "doctor":  # the machine that tests may lack Tesseract
            assert cli(*arguments).code == ExitCode.OK, line
