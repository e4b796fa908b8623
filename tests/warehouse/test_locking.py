"""One writer: the others wait, then say who holds the file."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from baocao_etl.errors import DatabaseLocked
from baocao_etl.warehouse import open_warehouse

HOLDER = """
import sys, time
from baocao_etl.warehouse import open_warehouse
with open_warehouse(sys.argv[1]):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def held(path: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the warehouse at `path`."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), str(seconds)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_locked_warehouse_names_its_holder(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "w.duckdb"
    with held(path, 60) as holder, pytest.raises(DatabaseLocked, match=f"process {holder.pid}"):
        open_warehouse(path, read_only=read_only)


def test_waiting_for_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    started = time.monotonic()
    with held(path, 0.5), open_warehouse(path, lock_timeout=30):
        assert time.monotonic() - started < 30
