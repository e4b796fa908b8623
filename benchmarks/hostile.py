"""Ingest the files that broke other tools, with good documents beside them, and measure.

    python -m benchmarks.hostile [--jobs 2]
    python -m benchmarks.hostile --entries 100000

The first prints the exit code, the seconds, the outcomes, the largest worker (peak resident set,
looked at every 50 ms) and what is wrong: a file that no event tells of, a good one that is not
loaded, a traceback. It exits with 1 if anything is. The second measures a folder of so many entries,
the walk alone and in an ingest.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from baocao_etl.reading import discover
from samples.draw import draw

SHARED = Path(__file__).resolve().parents[2] / "shared"
GOOD = ("nong-nghiep", "thuy-loi", "ngan-sach", "giao-duc", "cai-cach-hanh-chinh")


class Ran(NamedTuple):
    """An ingest: how it ended, its events, what it said, and its largest worker in MB."""

    code: int
    seconds: float
    events: list[dict[str, Any]]
    said: str
    largest: float


def descendants(pid: int) -> set[int]:
    """Return the processes that `pid` has started, at any depth."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
    found, before = {pid}, set[int]()
    while found != before:
        before = set(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found - {pid}


def peak(pid: int) -> float:
    """Return the largest resident set (MB) that a Python process has had; 0 for other programs."""
    try:
        status = dict(
            line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        )
    except OSError:
        return 0.0
    if not status["Name"].strip().startswith("python"):
        return 0.0
    return int(status.get("VmHWM", "0 kB").split()[0]) / 1024


def ingest(folders: list[Path], base: Path, jobs: int, *, watched: bool = True) -> Ran:
    """Ingest `folders` into the warehouse in `base`; watching its workers takes time of its own."""
    command = [sys.executable, "-c", "from baocao_etl.cli import main; main()", "ingest", "--json"]
    command += ["--jobs", str(jobs), "--db", str(base / "hostile.duckdb"), *map(str, folders)]
    largest, started = 0.0, time.monotonic()
    with (base / "out").open("w+b") as out, (base / "err").open("w+b") as err:
        with subprocess.Popen(command, stdout=out, stderr=err) as process:
            while process.poll() is None:
                if watched:
                    largest = max([largest, *map(peak, descendants(process.pid))])
                time.sleep(0.05)
        seconds = time.monotonic() - started
        out.seek(0)
        err.seek(0)
        said = err.read().decode(errors="replace")
        events = [json.loads(line) for line in out.read().decode().splitlines()]
    return Ran(process.returncode, seconds, events, said, largest)


def bad(base: Path, jobs: int) -> bool:
    """Ingest ../shared/bad and good documents; return whether anything is wrong."""
    good = base / "good"
    good.mkdir()
    for name in GOOD:
        draw(name, good)
    files = [path for path in (SHARED / "bad").rglob("*") if path.is_file()]
    ran = ingest([SHARED / "bad", good], base, jobs)
    told = {event["path"]: event for event in ran.events if event["event"] == "file"}
    print(f"{len(files)} files that broke other tools and {len(GOOD)} good ones, --jobs {jobs}")
    print(f"exit code {ran.code}, {ran.seconds:.0f} s, largest worker {ran.largest:.0f} MB")
    print("outcomes:", dict(Counter(event["outcome"] for event in told.values())))
    print("errors:", dict(Counter(e["error"] for e in told.values() if e["error"])))
    missing = [str(path) for path in files if str(path.resolve()) not in told]
    lost = [str(p) for p in good.iterdir() if told.get(str(p), {}).get("outcome") != "loaded"]
    dumb = [path for path, event in told.items() if event["error"] and not event["remedy"]]
    defects = [
        f"{e['path']}: {e['message']}" for e in told.values() if "defect" in (e["remedy"] or "")
    ]
    for what, names in (
        ("no event tells of", missing), ("good but not loaded", lost),
        ("quarantined without a remedy", dumb), ("a defect of ours", defects),
    ):  # fmt: skip
        for name in names:
            print(f"{what}: {name}")
    if ran.said.strip():
        print(f"said on stderr:\n{ran.said[:3000]}")
    return bool(missing or lost or dumb or defects or "Traceback" in ran.said or ran.code != 5)


def many(base: Path, entries: int, jobs: int) -> bool:
    """Measure a folder of `entries` empty files; return whether anything is wrong."""
    folder = base / "many"
    folder.mkdir()
    for i in range(entries):
        (folder / f"{i:06}.txt").touch()
    started = time.monotonic()
    found = sum(1 for _ in discover([folder]))
    print(f"{found} entries walked in {time.monotonic() - started:.1f} s")
    first = ingest([folder], base, jobs, watched=False)
    again = ingest([folder], base, jobs, watched=False)
    print(f"quarantined as empty in {first.seconds:.0f} s, told again in {again.seconds:.0f} s")
    return found != entries or first.code != 4 or again.code != 4


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--entries", type=int)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name).resolve()
        wrong = many(base, given.entries, given.jobs) if given.entries else bad(base, given.jobs)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
