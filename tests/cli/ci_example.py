"""Run the jobs of docs/ci.md as a CI service would: `make ci-example`.

Each job's commands run through a shell, in a folder with `reports/` in it, and stop at the first that
fails. What installs (`apt-get`, `pip`) is shown and left out: `make` has done it, from this checkout.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from samples.draw import draw

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ci.md"
SAMPLES = ("nong-nghiep", "thuy-loi")
_STEP = re.compile(r"^\s*- (?:run: )?(?!uses:)([a-z].*?)\s*$", re.MULTILINE)
_INSTALLS = ("sudo apt-get", "apt-get", "pip install")


class Job(NamedTuple):
    """An example of the page: the service, and the commands in their order."""

    service: str
    commands: tuple[str, ...]

    @property
    def own(self) -> tuple[str, ...]:
        """The commands that are ours."""
        return tuple(c for c in self.commands if c.startswith("baocao "))


def jobs() -> list[Job]:
    """Return the jobs of the page."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"^(\w[\w ]*):\n\n```yaml\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    return [Job(name, tuple(_STEP.findall(block))) for name, block in found]


def run(job: Job, folder: Path) -> bool:
    """Run `job` in `folder`, which has its reports; return whether every command succeeded."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in job.commands:
        if command.startswith(_INSTALLS):
            print(f"{job.service}: (done by make) {command}", flush=True)  # noqa: T201
            continue
        print(f"{job.service}: {command}", flush=True)  # noqa: T201
        shell = ["bash", "-e", "-o", "pipefail", "-c", command]
        done = subprocess.run(shell, cwd=folder, env={**os.environ, "PATH": path}, check=False)
        if done.returncode:
            print(f"{job.service}: failed with {done.returncode}", flush=True)  # noqa: T201
            return False
    return True


def main() -> None:
    """Run all jobs on the samples; exit with 1 if one fails."""
    good = []
    for job in jobs():
        with tempfile.TemporaryDirectory() as name:
            reports = Path(name, "reports")
            reports.mkdir()
            for sample in SAMPLES:
                draw(sample, reports)
            if any("--max-quarantined" in command for command in job.own):
                (reports / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing follows")
            good.append(run(job, Path(name)))
    sys.exit(not good or not all(good))


if __name__ == "__main__":
    main()
