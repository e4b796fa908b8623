"""The commands of docs/ci.md run as they stand there (`make ci-example` runs them in a shell)."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from baocao_etl.errors import ExitCode
from tests.cli.ci_example import Job, jobs
from tests.cli.conftest import Cli


def test_both_services_are_there() -> None:
    assert [job.service for job in jobs()] == ["GitHub Actions", "GitLab"]
    for job in jobs():
        assert len(job.own) >= 3
        assert len(job.commands) > len(job.own)


@pytest.mark.parametrize("job", jobs(), ids=lambda job: job.service)
def test_a_job_runs(cli: Cli, folder: Path, job: Job) -> None:
    assert folder.name == "reports"
    for command in job.own:
        arguments = shlex.split(command.split(" > ")[0])[1:]
        if arguments[0] != "doctor":  # the machine that tests may lack Tesseract
            assert cli(*arguments).code == ExitCode.OK, command
