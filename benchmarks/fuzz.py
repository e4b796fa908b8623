"""Feed the parsers of outside bytes with mutated inputs, guided by what code they reach.

    pip install atheris
    python benchmarks/fuzz.py [--seconds 3600] [--targets report,pdf] [--out build/fuzz]

Atheris (libFuzzer) runs each target of `fuzz_targets.py` in a process of its own for an equal share
of the time. A finding is an exception that is none of ours, a broken promise, more than 20 s or 2 GB
for one input, or a crash. It is kept under OUT/findings/TARGET once per place in the code, and the
run goes on. Prints inputs and findings per target; exits with 1 on findings. `--replay FILE` feeds
one target one kept input.
"""

from __future__ import annotations

import argparse
import importlib
import re
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent


def place_of(error: BaseException) -> str:
    """Return where in the project `error` came from: one finding per place is enough."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "baocao_etl" in f.filename]
    frames = frames or list(traceback.extract_tb(error.__traceback__))
    last = frames[-1]
    words = re.sub(r"\W+", "-", str(error))[:30] if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}{words}"


def keeping(run: Callable[[bytes], None], folder: Path) -> Callable[[bytes], None]:
    """Return `run`, which keeps the first input of each finding and goes on."""

    def feed(data: bytes) -> None:
        try:
            run(data)
        except Exception as error:  # noqa: BLE001 - that is what we are looking for
            path = folder / place_of(error)
            if not path.exists():
                path.write_bytes(data)
                path.with_name(path.name + ".txt").write_text(
                    "".join(traceback.format_exception(error))
                )

    return feed


def fuzz_one(name: str, seconds: int, out: Path) -> None:
    """Fuzz one target in this process; libFuzzer ends it."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["baocao_etl"]):
        targets = importlib.import_module("fuzz_targets").TARGETS
    target = targets[name]
    corpus, findings = out / "corpus" / name, out / "findings" / name
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    for i, seed in enumerate(target.seeds()):
        (corpus / f"seed-{i}").write_bytes(seed)
    flags = [
        f"-max_total_time={seconds}", f"-max_len={target.longest}", "-timeout=20", "-rss_limit_mb=2048",
        f"-artifact_prefix={findings}/", "-verbosity=0", "-print_final_stats=1", "-close_fd_mask=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *flags, str(corpus)], keeping(target.run, findings))
    atheris.Fuzz()


def fuzz(name: str, seconds: int, out: Path) -> int:
    """Fuzz one target in processes of its own, started again where a crash ends one; return the inputs."""
    inputs, end = 0, time.monotonic() + seconds
    while (left := round(end - time.monotonic())) > 0:
        command = [
            sys.executable,
            __file__,
            "--one",
            name,
            "--seconds",
            str(left),
            "--out",
            str(out),
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False
        )
        (out / f"{name}.log").write_text(done.stdout + done.stderr)
        ran = re.findall(r"number_of_executed_units: (\d+)", done.stderr)
        inputs += int(ran[-1]) if ran else 0
        if not ran:
            print(f"{name}: ended by itself (exit code {done.returncode}), see {out / name}.log")
            if left > seconds - 5:
                break  # it cannot even start
    return inputs


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--targets", help="names, joined by commas; without it, all")
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--replay", type=Path)
    given = parser.parse_args()
    sys.path.insert(0, str(HERE))
    if given.one:
        fuzz_one(given.one, given.seconds, given.out)
        return
    targets = importlib.import_module("fuzz_targets").TARGETS
    names = given.targets.split(",") if given.targets else list(targets)
    if given.replay:
        targets[names[0]].run(given.replay.read_bytes())
        return
    given.out.mkdir(parents=True, exist_ok=True)
    total = found = 0
    for name in names:
        inputs = fuzz(name, max(1, given.seconds // len(names)), given.out.resolve())
        kept = sorted(
            p.name for p in (given.out / "findings" / name).glob("*") if p.suffix != ".txt"
        )
        print(f"{name}: {inputs} inputs, {len(kept)} findings {' '.join(kept)}", flush=True)
        total, found = total + inputs, found + len(kept)
    print(f"{total} inputs, {found} findings")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
