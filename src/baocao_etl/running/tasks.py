"""The three things a worker is asked to do. Each is a function of its arguments and the settings.

Pages travel as pickled bytes: the parent only passes them on, so it need not unpack them.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.errors import BaocaoError, OutOfMemory, TimedOut
from baocao_etl.models import Document, Page, Source
from baocao_etl.pipeline import assemble, digitise_page
from baocao_etl.reading import page_numbers

if TYPE_CHECKING:
    from baocao_etl.settings import Settings


class CountTask(NamedTuple):
    """Which pages of the source are to be read?"""

    source: Source


class PageTask(NamedTuple):
    """Read and repair one page."""

    source: Source
    number: int


class AssembleTask(NamedTuple):
    """Make the documents of a source from all its pages, in their order, and `finish` them."""

    source: Source
    pages: tuple[bytes, ...]
    finish: Finish | None


Task = CountTask | PageTask | AssembleTask
Finish = Callable[[tuple[Document, ...]], object]


class PageDone(NamedTuple):
    """A finished page, packed; where its text came from (`failed`: nowhere), and its error."""

    packed: bytes
    origin: str
    error: str | None


Result = tuple[int, ...] | PageDone | object


def perform(task: Task, settings: Settings) -> Result:
    """Do `task`.

    Raises:
        SourceError: the file as a whole cannot be read.
    """
    if isinstance(task, CountTask):
        return page_numbers(task.source, settings)
    if isinstance(task, PageTask):
        return packed(digitise_page(task.source, task.number, settings))
    documents = _assembled(task, settings)
    return documents if task.finish is None else task.finish(documents)


def packed(page: Page) -> PageDone:
    """Return `page` as it travels."""
    origin = "failed" if page.error else page.text_origin
    return PageDone(pickle.dumps(page, pickle.HIGHEST_PROTOCOL), origin, page.error)


def failed_page(number: int, error: str) -> PageDone:
    """Return a page that could not be read."""
    return packed(Page(number=number, text_origin="ocr", quality=0.0, raw_text="", error=error))


def _assembled(task: AssembleTask, settings: Settings) -> tuple[Document, ...]:
    # Our own workers packed them.
    pages: list[Page] = [pickle.loads(page) for page in task.pages]  # noqa: S301
    return assemble(task.source, pages, settings)


class TaskFailed(NamedTuple):
    """Why a task has no result: the class, message and remedy of its error."""

    error: str
    message: str
    remedy: str

    @classmethod
    def of(cls, error: Exception) -> TaskFailed:
        """Return `error`, one of ours or not, as it is told."""
        # Code in C that gets no memory and forgets to say so: "returned NULL without setting an exception".
        if isinstance(error, MemoryError | SystemError):
            error = OutOfMemory(
                "it needs more memory than worker_memory allows.",
                "Raise worker_memory, or leave the file out.",
            )
        name = type(error).__name__
        if isinstance(error, BaocaoError):
            return cls(name, error.message, error.remedy)
        message = f"{name}: {error}".rstrip(": .") + "."
        return cls(name, message, "This is a defect: please report it with the file.")

    @classmethod
    def late(cls, seconds: float) -> TaskFailed:
        """Return that a task was not done after `seconds`."""
        return cls(
            TimedOut.__name__,
            f"it was not done after {seconds:.0f} s.",
            "Raise page_timeout and file_timeout, or leave the file out.",
        )
