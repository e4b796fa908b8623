"""Worker processes of this machine: one task each at a time, killed when late, replaced when dead.

`concurrent.futures` is not enough here: when one of its processes dies, every task in flight fails
and none says which page was to blame. With one pipe per worker the parent knows what each was
doing.

The start method is `forkserver` (where there is one): workers start from a small process that has
the pipeline imported and no threads, while forking the parent would copy DuckDB's and the progress
bar's threads in whatever state they are. `spawn` imports everything anew for each worker.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, NamedTuple, cast

from baocao_etl.errors import BaocaoError, MissingError, UsageError
from baocao_etl.running.tasks import Result, Task, describe, perform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baocao_etl.settings import Settings

# PDFium, Pillow and pdf fonts all keep something back: after so many tasks a worker is replaced.
_TASKS_PER_WORKER = 400
_PRELOAD = ["baocao_etl.running.tasks"]


class TaskFailed(NamedTuple):
    """Why a task has no result: the class, message and remedy of its error."""

    error: str
    message: str
    remedy: str


class Finished(NamedTuple):
    """A task that came to its end."""

    task: Task
    result: Result | TaskFailed


class Worker:
    """One process and the pipe to it."""

    def __init__(self, settings: Settings) -> None:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload(_PRELOAD)
        self.pipe, theirs = context.Pipe()
        self.task: Task | None = None
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
        self.deadline = time.monotonic() + seconds
        self.tasks_left -= 1
        self.pipe.send(task)

    def stop(self) -> None:
        """End the process and everything that it started."""
        self.pipe.close()
        if self.process.is_alive():
            with suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg") and self.task is not None:
                    # An OCR program that it started would otherwise run on.
                    os.killpg(self.process.pid, signal.SIGKILL)
                else:
                    self.process.terminate()
        self.process.join(5)


class Pool:
    """As many workers as `settings.jobs`. The parent gives tasks while `idle` and then waits."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Reading may try twice; rendering and repair come on top.
        self._seconds = 3 * settings.page_timeout + 60
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

    def give(self, task: Task) -> None:
        """Give `task` to a free worker; start one if there is none."""
        free = next((worker for worker in self._workers if worker.task is None), None)
        if free is None:
            free = Worker(self._settings)
            self._workers.append(free)
        try:
            free.give(task, self._seconds)
        except OSError:  # it died while it had nothing to do
            self._retire(free)
            self.give(task)

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
            finished.append(
                Finished(
                    cast("Task", worker.task),
                    TaskFailed("TimeoutError", f"not done after {self._seconds:.0f} s",
                               "Raise page_timeout, or leave the file out."),
                )
            )  # fmt: skip
            self._retire(worker)
        yield from finished

    def _collect(self, worker: Worker) -> Finished:
        task = cast("Task", worker.task)
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(5)
            code = worker.process.exitcode
            self._retire(worker)
            return Finished(
                task,
                TaskFailed("WorkerDied", f"the process that read it died (exit code {code})",
                           "The file broke a library; open it and print it to a new PDF."),
            )  # fmt: skip
        worker.task = None
        if isinstance(answer, MissingError | UsageError):
            raise answer
        if worker.tasks_left <= 0:
            self._retire(worker)
        return Finished(task, answer)

    def _retire(self, worker: Worker) -> None:
        worker.stop()
        self._workers.remove(worker)

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        for worker in list(self._workers):
            self._retire(worker)


def serve(pipe: Connection, settings: Settings) -> None:
    """Perform the tasks that come through `pipe` until it closes. Runs in the worker process."""
    # Ctrl-C is the parent's to handle; a group of its own lets the parent end what we start.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setsid"):
        os.setsid()
    while True:
        try:
            task: Task = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_answer(task, settings))


def _answer(task: Task, settings: Settings) -> Result | TaskFailed | MissingError | UsageError:
    try:
        return perform(task, settings)
    except (MissingError, UsageError) as error:
        return error
    except BaocaoError as error:
        return TaskFailed(*describe(error))
    except Exception as error:  # noqa: BLE001 - one file's surprise must not end the run
        return TaskFailed(*describe(error))
