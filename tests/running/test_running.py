from __future__ import annotations

import io
import multiprocessing
import pickle
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from baocao_etl import errors
from baocao_etl.errors import MissingError, UsageError
from baocao_etl.reading import identify
from baocao_etl.running import Event, Failure, Loaded, run
from baocao_etl.running.tasks import AssembleTask, PageDone, PageTask, TaskFailed, perform
from baocao_etl.running.workers import Pool
from baocao_etl.settings import Settings
from tests.running.endings import die, die_once, never_end, run_short, threads_of_the_server

if TYPE_CHECKING:
    from pathlib import Path

    from baocao_etl.running.tasks import Finish

PAGES = "I. KẾT QUẢ\nHuyện tiếp nhận 120 hồ sơ.\f2. Năm nay có 14/14 xã đạt.\f"


def is_ours(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, errors.BaocaoError)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for i in range(6):
        (tmp_path / f"{i}.txt").write_text(f"BÁO CÁO {i}\n{PAGES * (1 + i % 3)}", encoding="utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blind.png").write_bytes(b"")
    Image.new("L", (100, 100)).save(tmp_path / "blind.png")
    return tmp_path


def settings(jobs: int) -> Settings:
    return Settings(jobs=jobs, ocr="off")


def by_name(folder: Path, jobs: int, **options: object) -> dict[str, Loaded | Failure]:
    outcomes = run(sorted(folder.iterdir()), settings(jobs), **options)  # type: ignore[arg-type]
    return {
        (o.source.path if isinstance(o, Loaded) else o.path).rpartition("/")[2]: o for o in outcomes
    }


def test_processes_and_their_serial_twin_agree(folder: Path) -> None:
    serial, parallel = by_name(folder, 0), by_name(folder, 2)
    assert serial.keys() == parallel.keys()
    for name, outcome in serial.items():
        twin = parallel[name]
        if isinstance(outcome, Loaded):
            assert isinstance(twin, Loaded)
            assert twin.documents == outcome.documents
            assert [page.number for page in outcome.documents[0].pages] == list(
                range(1, 1 + len(outcome.documents[0].pages))
            )
        else:
            assert twin == outcome


@pytest.mark.parametrize("jobs", [0, 2])
def test_what_cannot_be_read_stops_nothing_else(folder: Path, jobs: int) -> None:
    outcomes = by_name(folder, jobs)
    failures = {n: (f.stage, f.error) for n, f in outcomes.items() if isinstance(f, Failure)}
    assert failures == {
        "broken.pdf": ("open", "DamagedSource"),
        "empty.txt": ("identify", "DamagedSource"),
        "blind.png": ("read", "DamagedSource"),
    }
    assert sum(isinstance(o, Loaded) for o in outcomes.values()) == 6
    blind = outcomes["blind.png"]
    assert isinstance(blind, Failure)
    assert "OCR is off" in blind.message
    assert blind.remedy
    assert blind.sha256


@pytest.mark.parametrize("jobs", [0, 2])
def test_events_tell_what_happens(folder: Path, jobs: int) -> None:
    events: list[Event] = []
    by_name(folder, jobs, on_event=events.append)
    for path in {event.path for event in events}:
        kinds = [event.kind for event in events if event.path == path]
        total = max(event.pages for event in events if event.path == path)
        if path.endswith(("empty.txt", "broken.pdf")):
            assert kinds == ["failed"]
        elif path.endswith("blind.png"):
            assert kinds == ["started", "page", "failed"]
        else:
            assert kinds == ["started", *["page"] * total, "done"]
    assert {event.origin for event in events if event.kind == "page"} == {"text", "failed"}


def test_skipped_files_are_not_opened(folder: Path) -> None:
    events: list[Event] = []
    outcomes = by_name(
        folder, 2, skip=lambda source: source.path.endswith(".txt"), on_event=events.append
    )
    assert set(outcomes) == {"broken.pdf", "empty.txt", "blind.png"}
    assert sum(event.kind == "skipped" for event in events) == 6


def test_files_are_drawn_as_they_are_needed(folder: Path) -> None:
    drawn = []

    def paths():  # type: ignore[no-untyped-def]
        for _ in range(1000):
            drawn.append(1)
            yield folder / "0.txt"

    outcomes = run(paths(), settings(2))
    for _ in range(3):
        next(outcomes)
    assert len(drawn) < 20
    outcomes.close()  # type: ignore[attr-defined]


def last_task(path: Path, finish: Finish | None = None) -> AssembleTask:
    """The last task of a file of one page; `finish` decides how it ends."""
    source = identify(path)
    page = perform(PageTask(source, 1), settings(0))
    assert isinstance(page, PageDone)
    return AssembleTask(source, (page.packed,), finish)


def test_a_worker_that_dies_takes_only_its_task(folder: Path) -> None:
    pool = Pool(settings(2))
    try:
        deadly, harmless = last_task(folder / "0.txt", die), last_task(folder / "1.txt")
        pool.give(deadly, 60)
        pool.give(harmless, 60)
        finished = {}
        while pool.busy:
            finished.update({f.task.source: f.result for f in pool.wait()})
        died = finished[deadly.source]
        assert isinstance(died, TaskFailed)
        assert died.error == "WorkerDied"
        assert not isinstance(finished[harmless.source], TaskFailed)
        for _ in range(2):  # another worker takes its place
            pool.give(harmless, 60)
        while pool.busy:
            assert not any(isinstance(f.result, TaskFailed) for f in pool.wait())
    finally:
        pool.close()


def test_a_machine_that_lacks_something_stops_the_run(tmp_path: Path) -> None:
    Image.new("L", (600, 800), 255).save(tmp_path / "a.png")
    for jobs in (0, 2):
        with pytest.raises(MissingError, match="xyz"):
            list(run([tmp_path / "a.png"], Settings(jobs=jobs, ocr_language="xyz")))


def test_only_the_pages_that_were_asked_for_are_read(folder: Path) -> None:
    source = folder / "2.txt"
    for jobs in (0, 2):
        chosen = settings(jobs).model_copy(update={"pages": "2, 4-9"})
        (outcome,) = run([source], chosen)
        assert isinstance(outcome, Loaded)
        assert [page.number for page in outcome.documents[0].pages] == [2, 4, 5, 6]
    (outcome,) = run([source], settings(0).model_copy(update={"pages": "99"}))
    assert isinstance(outcome, Failure)
    with pytest.raises(UsageError, match="list of pages"):
        list(run([source], settings(2).model_copy(update={"pages": "one"})))


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_file_may_take_only_so_long(folder: Path, jobs: int) -> None:
    quick = settings(jobs).model_copy(update={"file_timeout": 1e-6})
    outcomes = list(run([folder / "0.txt", folder / "1.txt"], quick))
    assert [isinstance(o, Failure) and o.error for o in outcomes] == ["TimedOut"] * 2
    for outcome in outcomes:
        assert isinstance(outcome, Failure)
        assert "file_timeout" in outcome.message
        assert "--file-timeout" in outcome.remedy


def test_a_task_that_is_late_is_ended_with_its_worker(folder: Path) -> None:
    pool = Pool(settings(1))
    try:
        pool.give(last_task(folder / "0.txt", never_end), 0.0)
        (process,) = (worker.process for worker in pool._workers)
        (finished,) = pool.wait()
        assert isinstance(finished.result, TaskFailed)
        assert finished.result.error == "TimedOut"
        assert not process.is_alive()
        pool.give(last_task(folder / "0.txt"), 60)
        (again,) = pool.wait()
        assert not isinstance(again.result, TaskFailed)
    finally:
        pool.close()


@pytest.mark.ocr
def test_what_needs_too_much_memory_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    huge, tiny = Image.new("1", (13_000, 13_000)), Image.new("1", (400, 100), 1)
    huge.save(tmp_path / "huge.png")
    tiny.save(tmp_path / "mixed.tif", save_all=True, append_images=[huge.copy()])
    settings = Settings(jobs=1, worker_memory=512, max_pixels=200_000_000)
    failure, mixed = run(sorted(tmp_path.iterdir()), settings)
    assert isinstance(failure, Failure)
    assert failure.error in {"OutOfMemory", "WorkerDied"}  # some libraries tell, others die of it
    assert "worker_memory" in failure.message + failure.remedy
    assert isinstance(mixed, Loaded)
    errors = [page.error for document in mixed.documents for page in document.pages]
    assert [error and "worker_memory" in error for error in errors] == [None, True]


def test_c_code_that_gets_no_memory_is_told_as_such(folder: Path) -> None:
    (outcome,) = run([folder / "0.txt"], settings(1), finish=run_short)
    assert isinstance(outcome, Failure)
    assert outcome.error == "OutOfMemory"
    assert "worker_memory" in outcome.remedy


def test_a_file_that_workers_die_of_twice_is_given_up(folder: Path) -> None:
    (outcome,) = run([folder / "0.txt"], settings(1), finish=die)
    assert isinstance(outcome, Failure)
    assert outcome.error == "WorkerDied"
    assert "SIGKILL" in outcome.message
    assert str(folder / "0.txt") in outcome.message
    assert outcome.remedy


def test_a_file_that_a_worker_dies_of_once_is_loaded(folder: Path) -> None:
    mark = folder / "died"
    (outcome,) = run([folder / "2.txt"], settings(1), finish=partial(die_once, mark))
    assert mark.exists()
    assert isinstance(outcome, Loaded)


def test_a_worker_that_dies_idle_is_replaced(folder: Path) -> None:
    dead = []

    def kill_once(event: Event) -> None:
        if event.kind == "started" and not dead:
            dead.extend(multiprocessing.active_children())
            for process in dead:
                process.kill()
                process.join()

    (outcome,) = run([folder / "2.txt"], settings(1), on_event=kill_once)
    assert dead
    assert isinstance(outcome, Loaded)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_many_processors_do_not_make_a_worker_larger(folder: Path) -> None:
    """Libraries reserve memory for a thread on each processor: of 64, more than worker_memory."""
    (outcome,) = run([folder / "0.txt"], settings(1), finish=threads_of_the_server)
    assert isinstance(outcome, Loaded)
    assert outcome.documents == 1


def test_workers_keep_silent(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(data, "TIFF", compression="tiff_deflate")
    cut = data.getvalue()
    (folder / "cut.tif").write_bytes(cut[:200] + cut[600:])  # libtiff complains on stderr itself
    list(run([folder / "cut.tif"], Settings(jobs=1)))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", [e for e in vars(errors).values() if is_ours(e)])
def test_errors_cross_processes(kind: type[errors.BaocaoError]) -> None:
    error = pickle.loads(pickle.dumps(kind("what", "do this")))  # noqa: S301 - our own bytes
    assert type(error) is kind
    assert (error.message, error.remedy) == ("what", "do this")
    assert str(error) == "what do this"
    assert isinstance(error.exit_code, errors.ExitCode)
    assert kind.__name__ in (errors.__doc__ or ""), "the drawing at the top shows it"
