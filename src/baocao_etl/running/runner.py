"""Map the pipeline over files: pages are the unit of parallel work, files the unit of outcome."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from baocao_etl.errors import (
    DamagedSource,
    MissingError,
    SourceError,
    TimedOut,
    UsageError,
    WorkerDied,
)
from baocao_etl.models import Source
from baocao_etl.reading import identify
from baocao_etl.running.outcomes import Event, Failure, Loaded, Outcome, Stage
from baocao_etl.running.tasks import (
    AssembleTask,
    CountTask,
    Finish,
    PageDone,
    PageTask,
    Result,
    Task,
    TaskFailed,
    failed_page,
    perform,
)
from baocao_etl.running.workers import Finished, Pool

if TYPE_CHECKING:
    from pathlib import Path

    from baocao_etl.settings import Settings

OnEvent = Callable[[Event], None]
Skip = Callable[[Source], bool]


def run(
    paths: Iterable[Path],
    settings: Settings,
    *,
    skip: Skip | None = None,
    on_event: OnEvent | None = None,
    finish: Finish | None = None,
) -> Iterator[Outcome]:
    """Digitise the files at `paths` and yield an outcome for each, as it is completed.

    The content of an outcome does not depend on `settings.jobs` or on timing; only the order of the
    outcomes does (without workers it is that of `paths`). `paths` is drawn from as work is needed,
    so it may be endless.

    A page that cannot be read, takes too long or needs too much memory becomes a failed page. A
    `Failure` becomes of a file none of whose pages can be read, that takes longer than
    `settings.file_timeout`, or that a worker dies of twice: once may be another's doing.

    Args:
        paths: files, as `reading.discover` yields them.
        settings: `jobs` is the number of worker processes; 0 works in this process, where nothing
            limits memory and `file_timeout` is looked at between pages.
        skip: asked with each identified source before anything of it is read; True leaves it out
            (an event says so, no outcome).
        on_event: told about progress; called in this process.
        finish: makes what the caller wants of a file's documents, in the worker: documents are
            large and slow to pickle. It must be a function of a module.

    Raises:
        MissingError: the machine lacks something that every file would need.
        UsageError: a setting is wrong for every file.
    """
    _ = settings.passwords  # a file that cannot be read is told before hours of work
    sources = _identified(paths, skip or (lambda _: False), on_event or (lambda _: None))
    if not settings.jobs:
        return _serial(sources, settings, on_event or (lambda _: None), finish)
    return _Run(sources, settings, on_event or (lambda _: None), finish).outcomes()


def _identified(paths: Iterable[Path], skip: Skip, on_event: OnEvent) -> Iterator[Source | Failure]:
    for path in paths:
        try:
            source = identify(path)
        except SourceError as error:
            on_event(Event("failed", str(path)))
            yield Failure(str(path), None, "identify", *TaskFailed.of(error))
            continue
        if skip(source):
            on_event(Event("skipped", str(path)))
        else:
            yield source


def _serial(
    sources: Iterator[Source | Failure],
    settings: Settings,
    on_event: OnEvent,
    finish: Finish | None,
) -> Iterator[Outcome]:
    """Do in this process what the pool does in its workers: for debugging, and for notebooks."""
    for source in sources:
        if isinstance(source, Failure):
            yield source
            continue
        job = _Job(source, settings.file_timeout, finish)
        while (task := job.next_task()) is not None:
            began = time.monotonic()
            result: Result | TaskFailed
            try:
                result = perform(task, settings)
            except (MissingError, UsageError):
                raise
            except Exception as error:  # noqa: BLE001 - as in a worker
                result = TaskFailed.of(error)
            job.receive(Finished(task, result, time.monotonic() - began), on_event)
        yield cast("Outcome", job.outcome)


@dataclass
class _Job:
    """One file on its way: what is to be asked next, and what has come back."""

    source: Source
    seconds: float  # of a worker's time that the file may take
    finish: Finish | None
    started: float = field(default_factory=time.monotonic)
    spent: float = 0.0
    pages: dict[int, PageDone] = field(default_factory=dict)
    numbers: tuple[int, ...] | None = None  # None: not known yet
    given: int = 0  # pages given out; with `numbers` unknown, 1 means that the count is
    assembling: bool = False
    deadly: list[Task] = field(default_factory=list)  # a worker died of each of these
    outcome: Outcome | None = None

    @property
    def total(self) -> int:
        """How many pages there are to read; 0 while that is not known."""
        return len(self.numbers or ())

    @property
    def seconds_left(self) -> float:
        """How much of its time the file has left, what is under way not counted."""
        return max(0.0, self.seconds - self.spent)

    def next_task(self) -> Task | None:
        """Return what can be done now, or None: all is given out, or the file is finished."""
        if self.outcome is not None or self.assembling:
            return None
        if self.numbers is None:
            if self.given:
                return None
            self.given = 1
            return CountTask(self.source)
        if self.given < self.total:
            self.given += 1
            return PageTask(self.source, self.numbers[self.given - 1])
        if len(self.pages) == self.total:
            self.assembling = True
            packed = tuple(self.pages[n].packed for n in sorted(self.pages))
            return AssembleTask(self.source, packed, self.finish)
        return None

    def wants_again(self, finished: Finished) -> bool:
        """Return whether a task is to be tried once more: the first time that a worker dies of it."""
        task, result, seconds = finished
        if not _is_death(result) or task in self.deadly:
            return False
        self.spent += seconds
        self.deadly.append(task)
        return self.seconds_left > 0

    def receive(self, finished: Finished, on_event: OnEvent) -> None:
        """Take in what became of a task."""
        task, result, seconds = finished
        self.spent += seconds
        if self.spent >= self.seconds:
            self._fail(task, self._too_slow(), on_event)
        elif isinstance(result, TaskFailed) and (
            _is_death(result) or not isinstance(task, PageTask)
        ):
            self._fail(task, result, on_event)
        elif isinstance(task, PageTask):
            self._receive_page(task, cast("PageDone | TaskFailed", result), on_event)
        elif isinstance(task, CountTask):
            self.numbers, self.given = cast("tuple[int, ...]", result), 0
            on_event(Event("started", self.source.path, pages=self.total))
        else:
            self.outcome = Loaded(self.source, result, time.monotonic() - self.started)
            self.pages.clear()
            on_event(Event("done", self.source.path, pages=self.total))

    def _receive_page(
        self, task: PageTask, result: PageDone | TaskFailed, on_event: OnEvent
    ) -> None:
        if isinstance(result, TaskFailed):
            if self.total == 1:
                self._fail(task, result, on_event)
                return
            result = failed_page(task.number, result.message.rstrip("."))
        self.pages[task.number] = result
        total = self.total
        on_event(Event("page", self.source.path, task.number, total, origin=result.origin))
        if len(self.pages) == total and all(page.error for page in self.pages.values()):
            first = min(self.pages)
            reason = (self.pages[first].error or "").rstrip(".")
            failed = TaskFailed(
                DamagedSource.__name__,
                f"No page of {self.source.path} can be read; page {first}: {reason}.",
                "Look at the file; scan or export it again, or change the setting named here.",
            )
            self._fail(task, failed, on_event)

    def _too_slow(self) -> TaskFailed:
        done = f", {len(self.pages)} of {self.total} pages done" if self.total else ""
        return TaskFailed(
            TimedOut.__name__,
            f"{self.source.path} takes longer than file_timeout ({self.seconds:g} s){done}.",
            "Raise --file-timeout, read some of its pages with --pages, or leave the file out.",
        )

    def _fail(self, task: Task, failed: TaskFailed, on_event: OnEvent) -> None:
        path, message = self.source.path, failed.message
        if path not in message:
            page = f", page {task.number}" if isinstance(task, PageTask) else ""
            failed = failed._replace(message=f"{path}{page}: {message}")
        self.outcome = Failure(path, self.source.sha256, _STAGES[type(task)], *failed)
        self.pages.clear()
        on_event(Event("failed", path, pages=self.total))


_STAGES: dict[type[Task], Stage] = {CountTask: "open", PageTask: "read", AssembleTask: "assemble"}


def _is_death(result: Result | TaskFailed) -> bool:
    return isinstance(result, TaskFailed) and result.error == WorkerDied.__name__


class _Run:
    """The files in flight and the pool that works on them.

    Only a few files are open at a time: the oldest is finished first, newer ones fill the workers
    that it leaves idle. So a folder of any size streams through a bounded memory.
    """

    def __init__(
        self,
        sources: Iterator[Source | Failure],
        settings: Settings,
        on_event: OnEvent,
        finish: Finish | None,
    ) -> None:
        self._sources = sources
        self._finish = finish
        self._on_event = on_event
        self._settings = settings
        self._pool = Pool(settings)
        # Reading may try twice; rendering and repair come on top.
        self._task_seconds = 3 * settings.page_timeout + 60
        self._most = 2 * settings.jobs
        self._jobs: deque[_Job] = deque()

    def outcomes(self) -> Iterator[Outcome]:
        try:
            while True:
                yield from self._fill()
                if not self._pool.busy:
                    return
                for finished in self._pool.wait():
                    yield from self._take(finished)
        finally:
            self._pool.close()

    def _fill(self) -> Iterator[Failure]:
        """Give tasks until every worker has one; yield files that failed before they began."""
        while self._pool.idle:
            found = next(((j, t) for j in self._jobs if (t := j.next_task())), None)
            if found is not None:
                self._give(*found)
                continue
            source = next(self._sources, None) if len(self._jobs) < self._most else None
            if source is None:
                return
            if isinstance(source, Failure):
                yield source
            else:
                self._jobs.append(_Job(source, self._settings.file_timeout, self._finish))

    def _give(self, job: _Job, task: Task) -> None:
        self._pool.give(task, min(self._task_seconds, job.seconds_left))

    def _take(self, finished: Finished) -> Iterator[Outcome]:
        job = next((j for j in self._jobs if j.source is finished.task.source), None)
        if job is None:
            return  # the file failed by a page that ended together with this one
        if job.wants_again(finished):
            self._give(job, finished.task)
            return
        job.receive(finished, self._on_event)
        if job.outcome is not None:
            self._jobs.remove(job)
            self._pool.abandon(job.source)
            yield job.outcome
