"""How `ingest` tells what it does: a bar on a terminal, lines elsewhere, or events as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from baocao_etl.cli import console
from baocao_etl.cli.console import some
from baocao_etl.cli.events import ErrorEvent, FileEvent, StartEvent, SummaryEvent
from baocao_etl.errors import BaocaoError

if TYPE_CHECKING:
    from pathlib import Path

    from baocao_etl.errors import DatabaseLocked
    from baocao_etl.ingest import Summary, Verdict
    from baocao_etl.running import Event
    from baocao_etl.warehouse import FileResult


class Reporter:
    """Tells nothing: what `--quiet` asks for, and the base of the others."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Take down what was put up."""

    def start(self, files: int) -> None:
        """The files are counted."""

    def page(self, event: Event) -> None:
        """Something happened to a page or a file that is being read."""

    def file(self, result: FileResult) -> None:
        """A file is committed."""

    def locked(self, error: DatabaseLocked) -> None:
        """Another process has the warehouse, and the files wait for it."""

    def summary(self, summary: Summary, db: Path, verdict: Verdict) -> None:
        """The run ended."""


class Lines(Reporter):
    """A line for each file that is loaded or quarantined, on stderr, and a summary."""

    def file(self, result: FileResult) -> None:
        """Print what became of a file."""
        if result.rejected:
            why = console.because(result.path, result.rejected.message, result.rejected.remedy)
            self._print(f"{result.outcome.replace('_', ' ').capitalize()}: {why}")
        elif result.outcome == "duplicate":
            self._print(f"{result.path}: the same bytes are loaded under another name")
        elif result.outcome != "unchanged":
            counts = f"{some(result.pages, 'page')}, {some(result.figures, 'figure')}"
            self._print(f"{result.path}: {result.outcome}, {counts}")

    def locked(self, error: DatabaseLocked) -> None:
        """Print who has it."""
        self._print(f"Waiting: {error.message}")

    def summary(self, summary: Summary, db: Path, verdict: Verdict) -> None:
        """Print the counts, and why the command fails if it does."""
        for line in summary_lines(summary, db):
            console.note(line)
        if verdict.reason:
            console.note(f"Exit code {verdict.code}: {verdict.reason}.")

    def _print(self, line: str) -> None:
        console.note(console.one_line(line))


class Bar(Lines):
    """A progress bar over the files, with the pages that were kept, read by OCR, or failed."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("files, pages: {task.fields[pages]}"),
            TimeRemainingColumn(),
            console=console.stderr,
            transient=True,
        )
        self._pages = {"kept": 0, "OCR": 0, "failed": 0}
        self._task = self._progress.add_task("Loading", total=None, pages="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        self._progress.stop()

    def start(self, files: int) -> None:
        """Set the length of the bar."""
        self._progress.update(self._task, total=files)

    def page(self, event: Event) -> None:
        """Count a page."""
        if event.kind == "page":
            kind = {"ocr": "OCR", "both": "OCR", "failed": "failed"}.get(event.origin, "kept")
            self._pages[kind] += 1
            pages = ", ".join(f"{count} {name}" for name, count in self._pages.items() if count)
            self._progress.update(self._task, pages=pages)

    def file(self, result: FileResult) -> None:
        """Advance the bar; only trouble is worth a line above it."""
        self._progress.advance(self._task)
        if result.rejected:
            super().file(result)


class Json(Reporter):
    """Events as JSON, one a line, on stdout (`events.py`)."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Print an `ErrorEvent` if the run could not begin or go on."""
        if isinstance(error, BaocaoError):
            console.write(ErrorEvent.of(error).model_dump_json() + "\n")

    def start(self, files: int) -> None:
        """Print a `StartEvent`."""
        console.write(StartEvent(files=files).model_dump_json() + "\n")

    def file(self, result: FileResult) -> None:
        """Print a `FileEvent`."""
        console.write(FileEvent.of(result).model_dump_json() + "\n")

    def locked(self, error: DatabaseLocked) -> None:
        """Print an `ErrorEvent`."""
        console.write(ErrorEvent.of(error).model_dump_json() + "\n")

    def summary(self, summary: Summary, db: Path, verdict: Verdict) -> None:
        """Print a `SummaryEvent`."""
        console.write(SummaryEvent.of(summary, db, verdict).model_dump_json() + "\n")


def reporter(*, json: bool, quiet: bool, bar: bool = True) -> Reporter:
    """Return the reporter that fits the flags and the terminal."""
    if json:
        return Json()
    if quiet:
        return Reporter()
    return Bar() if bar and console.stderr.is_terminal else Lines()


def summary_lines(summary: Summary, db: Path) -> list[str]:
    """Return the end of a run in words."""
    outcomes = summary.outcomes
    lines = []
    if not summary.files:
        if not summary.released:
            lines.append("There is no file in quarantine that could be tried.")
    elif summary.nothing_new:
        known = f"Nothing new; loaded already in {db}: {some(outcomes['unchanged'], 'file')}."
        lines.append(known if outcomes["unchanged"] else "Nothing to do.")
    else:
        pages = {
            "layer kept": summary.pages_kept,
            "read by OCR": summary.pages_ocr,
            "failed": summary.pages_failed,
        }
        told = ", ".join(f"{count} {name}" for name, count in pages.items())
        lines.append(
            f"{db}: {some(summary.documents, 'document')}, {some(summary.pages, 'page')} ({told}), "
            f"{some(summary.figures, 'figure')}, {some(summary.corrections, 'correction')}, "
            f"in {summary.seconds:.1f} s."
        )
        also = {
            "replaced": "An earlier version was replaced",
            "unchanged": "Loaded already",
            "duplicate": "Same bytes as another file",
        }
        lines += [
            f"{words}: {some(outcomes[key], 'file')}."
            for key, words in also.items()
            if outcomes[key]
        ]
    if summary.released:
        lines.append(f"{some(summary.released, 'file')} left quarantine: mended, moved or removed.")
    if summary.quarantined:
        lines.append(
            f"In quarantine: {some(summary.quarantined, 'file')}; "
            "`baocao status` says why and what to do."
        )
    return lines
