"""Functions that workers run as `finish`: a task ends as a test needs it, on a machine of any speed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baocao_etl.models import Document

    Documents = tuple[Document, ...]


def die(_: Documents) -> None:
    """Die, as of a library's crash."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(mark: Path, documents: Documents) -> Documents:
    """Die, unless `mark` says that it was done before."""
    if not mark.exists():
        mark.touch()
        die(documents)
    return documents


def run_short(_: Documents) -> None:
    """Fail as C code does that gets no memory and sets no exception."""
    raise SystemError("<class 'Span'> returned NULL without setting an exception")


def never_end(_: Documents) -> None:
    """Go on until the worker is ended."""
    while True:
        time.sleep(60)


def threads_of_the_server(_: Documents) -> int:
    """Return how many threads the process has that this worker was forked from (Linux)."""
    return len(list(Path(f"/proc/{os.getppid()}/task").iterdir()))
