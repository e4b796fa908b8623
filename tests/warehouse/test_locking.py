"""One writer: the others wait, then say who holds the file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from baocao_etl.errors import DatabaseLocked
from baocao_etl.warehouse import open_warehouse

HOLDER = """
import sys
from baocao_etl.warehouse import open_warehouse
with open_warehouse(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the warehouse at `path`, until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the system does not tell")
def test_the_holder_is_named_as_it_was_started(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with held(path), pytest.raises(DatabaseLocked, match=r"import sys .*process \d+"):
        open_warehouse(path)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_locked_warehouse_names_its_holder(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "w.duckdb"
    with held(path) as holder, pytest.raises(DatabaseLocked, match=f"process {holder.pid}"):
        open_warehouse(path, read_only=read_only)


def test_a_connection_of_the_same_program_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    open_warehouse(path).close()
    with (
        open_warehouse(path, read_only=True),
        pytest.raises(DatabaseLocked, match="this program already"),
    ):
        open_warehouse(path)


def test_waiting_for_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with held(path) as holder, ThreadPoolExecutor(1) as other:
        waiting = other.submit(open_warehouse, path, lock_timeout=120)
        with pytest.raises(TimeoutError):
            waiting.result(0.5)
        holder.kill()
        waiting.result(120).close()
