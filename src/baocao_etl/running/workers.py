"""Worker processes of this machine: one task each at a time, killed when late, replaced when dead.

`concurrent.futures` is not enough here: when one of its processes dies, every task in flight fails
and none says which page was to blame. With one pipe per worker the parent knows what each was
doing.

The start method is `forkserver` (where there is one): workers start from a small process that has
the pipeline imported and no threads, while forking the parent would copy DuckDB's and the progress
bar's threads in whatever state they are. `spawn` imports everything anew for each worker.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, NamedTuple, cast

from baocao_etl.errors import MissingError, OutOfMemory, UsageError, WorkerDied
from baocao_etl.running.tasks import Result, Task, TaskFailed, perform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baocao_etl.models import Source
    from baocao_etl.settings import Settings

# PDFium, Pillow and pdf fonts all keep something back: after so many tasks a worker is replaced.
_TASKS_PER_WORKER = 400
_PRELOAD = ["baocao_etl.running.tasks"]
_MEGABYTE = 1 << 20


class Finished(NamedTuple):
    """A task that came to its end, and the seconds that its worker spent on it."""

    task: Task
    result: Result | TaskFailed
    seconds: float


class Worker:
    """One process and the pipe to it."""

    def __init__(self, settings: Settings) -> None:
        # numpy's threads, one a processor, would fill worker_memory before any work is done.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload(_PRELOAD)
        self.pipe, theirs = context.Pipe()
        self.task: Task | None = None
        self.given_at = 0.0
        self.deadline = float("inf")
        self.tasks_left = _TASKS_PER_WORKER
        # typeshed has no Process on the base context.
        self.process = context.Process(  # type: ignore[attr-defined]
            target=serve, args=(theirs, settings), daemon=True
        )
        self.process.start()
        theirs.close()

    def give(self, task: Task, seconds: float) -> None:
        """Send `task`, which must be done in `seconds`."""
        self.task = task
        self.given_at = time.monotonic()
        self.deadline = self.given_at + seconds
        self.tasks_left -= 1
        self.pipe.send(task)

    def done(self, result: Result | TaskFailed) -> Finished:
        """Return what became of its task; it has none now."""
        task, self.task = cast("Task", self.task), None
        return Finished(task, result, time.monotonic() - self.given_at)

    def stop(self) -> None:
        """End the process and everything that it started."""
        self.pipe.close()
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                # An OCR program that it started would otherwise run on, even if it is dead itself.
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()  # it may not have come to lead a group of its own yet
        self.process.join(5)


class Pool:
    """As many workers as `settings.jobs`. The parent gives tasks while `idle` and then waits."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers: list[Worker] = []

    @property
    def idle(self) -> bool:
        """Whether another task can be given."""
        busy = sum(worker.task is not None for worker in self._workers)
        return busy < self._settings.jobs

    @property
    def busy(self) -> bool:
        """Whether a task is under way."""
        return any(worker.task is not None for worker in self._workers)

    def give(self, task: Task, seconds: float) -> None:
        """Give `task` to a free worker, which must be done in `seconds`; start one if none is free."""
        free = next((worker for worker in self._workers if worker.task is None), None)
        if free is None:
            free = Worker(self._settings)
            self._workers.append(free)
        try:
            free.give(task, seconds)
        except OSError:  # it died while it had nothing to do
            self._retire(free)
            self.give(task, seconds)

    def wait(self) -> Iterator[Finished]:
        """Wait until something happens, and yield the tasks that have ended, well or not.

        Raises:
            MissingError: the machine lacks something; no task could succeed.
            UsageError: a setting is wrong; no task could succeed.
        """
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        seconds = max(0.0, min(w.deadline for w in busy.values()) - time.monotonic())
        ready = cast("list[Connection]", wait(list(busy), timeout=seconds))
        late = [w for w in busy.values() if w.deadline <= time.monotonic() and w.pipe not in ready]
        finished = [self._collect(busy[pipe]) for pipe in ready]
        for worker in late:
            finished.append(worker.done(TaskFailed.late(time.monotonic() - worker.given_at)))
            self._retire(worker)
        yield from finished

    def _collect(self, worker: Worker) -> Finished:
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(5)
            died = TaskFailed.of(_death(worker.process.exitcode))
            self._retire(worker)
            return worker.done(died)
        if isinstance(answer, MissingError | UsageError):
            raise answer
        finished = worker.done(answer)
        short = isinstance(answer, TaskFailed) and answer.error == OutOfMemory.__name__
        if short or worker.tasks_left <= 0:
            self._retire(worker)  # what did not fit may have left its memory in pieces
        return finished

    def _retire(self, worker: Worker) -> None:
        worker.stop()
        self._workers.remove(worker)

    def abandon(self, source: Source) -> None:
        """End the workers that are still busy with `source`."""
        for worker in list(self._workers):
            if worker.task is not None and worker.task.source is source:
                self._retire(worker)

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        for worker in list(self._workers):
            self._retire(worker)


def _death(exitcode: int | None) -> WorkerDied:
    try:
        how = f"signal {signal.Signals(-(exitcode or 0)).name}"
    except ValueError:
        how = f"exit code {exitcode}"
    return WorkerDied(
        f"the process that read it died ({how}).",
        "The file broke a library, or needs more than worker_memory: open it and print it to a new PDF.",
    )


def serve(pipe: Connection, settings: Settings) -> None:
    """Perform the tasks that come through `pipe` until it closes. Runs in the worker process."""
    # Ctrl-C is the parent's to handle; a group of its own lets the parent end what we start.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setsid"):
        os.setsid()
    _limit_memory(settings.worker_memory * _MEGABYTE)
    _be_silent()
    with suppress(EOFError, OSError):  # the parent is gone, or has done with us
        while True:
            pipe.send(_answer(pipe.recv(), settings))


def _limit_memory(most: int) -> None:
    """Limit the address space of this process and of those that it will start."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with suppress(ValueError, OSError):  # macOS has the call but may refuse it
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _be_silent() -> None:
    """Let nobody write to the terminal: C libraries complain there of what is wrong with a file.

    What matters comes back as an error; `jobs = 0` shows the rest.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _answer(task: Task, settings: Settings) -> Result | TaskFailed | MissingError | UsageError:
    try:
        return perform(task, settings)
    except (MissingError, UsageError) as error:
        return error
    except Exception as error:  # noqa: BLE001 - one file's surprise must not end the run
        return TaskFailed.of(error)
