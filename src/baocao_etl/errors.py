"""What can go wrong, and what the user can do about it.

    BaocaoError              exit 1   anything below, caught in one place by the command line
    ├── UsageError           exit 2   a flag, a setting or an argument is wrong
    ├── MissingError         exit 3   the machine lacks Tesseract, a language, a dictionary, a permission
    ├── NothingReadable      exit 4   no file of the folder could be read
    ├── SourceError          exit 5   one file cannot be read; it goes to quarantine, the rest goes on
    │   ├── UnsupportedMedia          not a PDF, an image or a text
    │   ├── EncryptedSource           wants a password
    │   ├── DamagedSource             truncated, corrupt, or not what its name says
    │   ├── OversizedSource           past a limit on what is tried at all: bytes, pixels
    │   ├── TimedOut                  took longer than page_timeout or file_timeout allow
    │   ├── OutOfMemory               needs more than worker_memory allows
    │   └── WorkerDied                the process that read it died of it, twice
    └── DatabaseLocked       exit 7   another process holds the DuckDB file

Every error carries a message (what and where) and a remedy (what to do). They pickle, because pages
are read in worker processes.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command; the README's table is tested against this one."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    MISSING = 3
    NOTHING_READABLE = 4
    QUARANTINED = 5
    FINDINGS = 6
    LOCKED = 7
    INTERRUPTED = 130


class BaocaoError(Exception):
    """Base of all errors that are told to the user as a message and a remedy."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class UsageError(BaocaoError):
    """A flag, a setting or an argument is wrong."""

    exit_code = ExitCode.USAGE


class MissingError(BaocaoError):
    """The machine lacks something that the work needs."""

    exit_code = ExitCode.MISSING


class NothingReadable(BaocaoError):  # noqa: N818 - says what was found, not that we erred
    """No readable document was found where the user pointed."""

    exit_code = ExitCode.NOTHING_READABLE


class SourceError(BaocaoError):
    """One source file cannot be read; the run goes on without it."""

    exit_code = ExitCode.QUARANTINED


class UnsupportedMedia(SourceError):  # noqa: N818
    """The bytes are of a kind that no reader handles."""


class EncryptedSource(SourceError):  # noqa: N818
    """The file wants a password."""


class DamagedSource(SourceError):  # noqa: N818
    """The file is truncated, corrupt, or not what its name says."""


class OversizedSource(SourceError):  # noqa: N818
    """The file passes a limit on what is tried at all: bytes, pixels."""


class TimedOut(SourceError):  # noqa: N818
    """Reading took longer than a limit allows."""


class OutOfMemory(SourceError):  # noqa: N818
    """Reading needs more memory than a worker may have."""


class WorkerDied(SourceError):  # noqa: N818
    """The process that read the file died of it."""


class DatabaseLocked(BaocaoError):  # noqa: N818
    """Another process holds the DuckDB file."""

    exit_code = ExitCode.LOCKED
