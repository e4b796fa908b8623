"""Open the warehouse. DuckDB lets one process write, or several read, at a time."""

from __future__ import annotations

import re
import time
from pathlib import Path
from textwrap import shorten

import duckdb

from baocao_etl.errors import BaocaoError, DatabaseLocked, UsageError
from baocao_etl.warehouse import schema

MEMORY = ":memory:"  # a warehouse that is gone when its connection closes
_POLL = 0.2  # seconds between attempts at a locked file
# Folding the log into the file every 16 MB, as DuckDB does by itself, costs a fifth of loading.
# Joining the last row group of one transaction with the first of the next writes all rows once more,
# and frees nothing: tables with keys keep the room of deleted rows either way.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "wal_autocheckpoint": "512MB",
    "max_vacuum_tasks": 0,
}
_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


def open_warehouse(
    path: Path | str, *, read_only: bool = False, lock_timeout: float = 0.0
) -> duckdb.DuckDBPyConnection:
    """Open (to write: create, upgrade) the warehouse at `path`; use it as a context manager.

    Args:
        path: the DuckDB file.
        read_only: fail instead of creating the file; several readers may share it.
        lock_timeout: seconds to wait while another process holds the file.

    Raises:
        UsageError: there is no such file, or it is not a warehouse that this version can use.
        DatabaseLocked: another process holds the file; the message names it.
    """
    path = Path(path)
    if read_only and not path.is_file():
        raise UsageError(
            f"There is no warehouse at {path}.",
            "Make one with `baocao ingest FOLDER`, or name another with --db.",
        )
    connection = _connect(path, read_only, lock_timeout)
    try:
        if not schema.is_outdated(connection):
            return connection
        if not read_only:
            return _upgraded(connection, path)
        connection.close()
        _upgraded(_connect(path, False, lock_timeout), path).close()
        return _connect(path, True, lock_timeout)
    except BaseException:
        connection.close()
        raise


def _upgraded(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyConnection:
    """Bring the schema of `connection` up to date, or close it and raise."""
    try:
        schema.upgrade(connection)
    except duckdb.Error as error:
        raise BaocaoError(
            f"The schema of {path} cannot be brought up to date: {error}",
            "The file is as it was; keep a copy of it and report this.",
        ) from error
    return connection


def _connect(path: Path, read_only: bool, timeout: float) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + timeout
    # DuckDB takes what stands before a colon for the name of an extension, and fetches that.
    target = MEMORY if str(path) == MEMORY else str(path.absolute())
    while True:
        try:
            return duckdb.connect(target, read_only=read_only, config=_CONFIG)
        except duckdb.Error as error:
            if "different configuration" in str(error):
                raise DatabaseLocked(
                    f"{path} is open in this program already, in another way.",
                    "Close that connection first.",
                ) from error
            holder = _HOLDER.search(str(error))
            if not holder and "Could not set lock" not in str(error):
                raise UsageError(
                    f"{path} cannot be opened as a warehouse: {_reason(error)}",
                    "Check the path, its folder and the permissions, or name another with --db.",
                ) from error
            if time.monotonic() >= deadline:
                raise _locked(path, holder) from error
            time.sleep(_POLL)


def _locked(path: Path, holder: re.Match[str] | None) -> DatabaseLocked:
    who = "another process"
    if holder:
        who = f"{_command(holder['pid']) or holder['program']}, process {holder['pid']},"
    return DatabaseLocked(
        f"{path} is locked: {who} has it open.",
        "Wait for it or close it, or wait longer with --lock-timeout.",
    )


def _command(pid: str) -> str:
    """Return how the process was started, as far as the system tells: it may be a `baocao watch`."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except OSError:  # not Linux, or it has ended
        return ""
    return shorten(" ".join(word.decode(errors="replace") for word in words), 200)


def _reason(error: duckdb.Error) -> str:
    return str(error).splitlines()[0].removeprefix("IO Error: ")
