"""Files in, tables out. What is loaded already is skipped; what fails is quarantined."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.errors import ExitCode, NothingReadable, UsageError
from baocao_etl.reading import discover
from baocao_etl.running import Event, Failure, run
from baocao_etl.warehouse import (
    MEMORY,
    FileResult,
    Loadable,
    Loader,
    Packed,
    Rejected,
    misfit,
    on_disk,
    open_warehouse,
    pack_documents,
    printable,
    quarantined,
)

if TYPE_CHECKING:
    from pathlib import Path

    from baocao_etl.models import Document, Source
    from baocao_etl.running import Loaded
    from baocao_etl.settings import Settings
    from baocao_etl.warehouse.load import Delivery

OnStart = Callable[[int], None]
OnEvent = Callable[[Event], None]
OnFile = Callable[[FileResult], None]


@dataclass
class Summary:
    """What a run did. `outcomes` counts files by `FileResult.outcome`; `quality` is the lowest.

    `released` left quarantine without being loaded: they were moved, removed or put back as they were.
    """

    files: int = 0
    released: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    pages: int = 0
    pages_ocr: int = 0
    pages_failed: int = 0
    figures: int = 0
    corrections: int = 0
    failed_checks: int = 0
    quality: float = 1.0
    seconds: float = 0.0

    @property
    def pages_kept(self) -> int:
        """Pages whose own text was good enough."""
        return self.pages - self.pages_ocr - self.pages_failed

    @property
    def nothing_new(self) -> bool:
        """Whether the warehouse is as it was before."""
        return not set(self.outcomes) - {"unchanged", "still_quarantined"}

    @property
    def quarantined(self) -> int:
        """Files in quarantine, old and new."""
        return self.outcomes["quarantined"] + self.outcomes["still_quarantined"]

    def count(self, result: FileResult) -> None:
        """Add what became of one file."""
        self.outcomes[result.outcome] += 1
        self.documents += result.documents
        self.pages += result.pages
        self.pages_ocr += result.pages_ocr
        self.pages_failed += result.pages_failed
        self.figures += result.figures
        self.corrections += result.corrections
        self.failed_checks += result.failed_checks
        self.quality = min(self.quality, result.quality)


class Verdict(NamedTuple):
    """What a command exits with, and why that is not 0."""

    code: ExitCode = ExitCode.OK
    reason: str | None = None


class Gate(NamedTuple):
    """What a run must satisfy to exit with 0; for batch jobs.

    `min_quality` and `strict` (no failed page, no failed check) look at what this run loaded.
    """

    max_quarantined: int = 0
    min_quality: float = 0.0
    strict: bool = False

    def judge(self, summary: Summary) -> Verdict:
        """Return what the command exits with."""
        if summary.quarantined > self.max_quarantined:
            if summary.quarantined == summary.outcomes.total():
                return Verdict(ExitCode.NOTHING_READABLE, "no file could be read")
            return Verdict(
                ExitCode.QUARANTINED,
                f"more files are in quarantine than --max-quarantined allows ({self.max_quarantined})",
            )
        reasons = []
        if self.strict and (summary.pages_failed or summary.failed_checks):
            reasons.append(
                f"--strict, and pages that could not be read: {summary.pages_failed}, "
                f"checks that fail: {summary.failed_checks} (`baocao check` lists them)"
            )
        if summary.quality < self.min_quality:
            reasons.append(
                f"the lowest quality of a document is {summary.quality:.3f}, "
                f"and --min-quality asks for {self.min_quality:g}"
            )
        return Verdict(ExitCode.FINDINGS, "; ".join(reasons)) if reasons else Verdict()


def ingest(
    paths: Sequence[Path],
    settings: Settings,
    *,
    force: bool = False,
    lock_timeout: float = 0.0,
    on_start: OnStart = lambda _: None,
    on_event: OnEvent = lambda _: None,
    on_file: OnFile = lambda _: None,
) -> Summary:
    """Load the files and folders at `paths` into the warehouse `settings.db`.

    Args:
        paths: files, and folders that are walked.
        settings: where to load, and how to read.
        force: digitise again what is loaded or quarantined already.
        lock_timeout: seconds to wait while another process holds the warehouse.
        on_start: told the number of files.
        on_event: told about the progress of pages.
        on_file: told what became of each file, once it is committed.

    Raises:
        UsageError: a path does not exist, or `settings.db` is no warehouse.
        NothingReadable: there is no file at all.
        MissingError: the machine lacks something that every file would need.
        DatabaseLocked: another process holds the warehouse.
    """
    found = [path.resolve() for path in paths]
    files = list(discover(found, follow_links=settings.follow_links))
    if not files:
        raise NothingReadable(
            f"There is no file in {', '.join(map(str, paths))}.",
            "Name a folder that holds PDF, PNG, JPEG, TIFF or text files; links that lead out of it are "
            "followed with --follow-links.",
        )
    batch = Batch(settings, lock_timeout, on_start, on_event, on_file)
    return batch.load(files, settling=found, force=force)


def retry(
    settings: Settings,
    *,
    lock_timeout: float = 0.0,
    on_start: OnStart = lambda _: None,
    on_event: OnEvent = lambda _: None,
    on_file: OnFile = lambda _: None,
) -> Summary:
    """Try the files in quarantine again; those that are gone leave it. Arguments as of `ingest`."""
    with open_warehouse(settings.db, read_only=True, lock_timeout=lock_timeout) as connection:
        paths = [on_disk(row.source_path) for row in quarantined(connection)]
    there = {path: _is_there(path) for path in paths}
    known = [path for path in paths if there[path] is not None]
    if not known:
        return Summary()
    files = discover([p for p in paths if there[p]], follow_links=settings.follow_links)
    batch = Batch(settings, lock_timeout, on_start, on_event, on_file)
    return batch.load(list(files), settling=known, again=True)


def _is_there(path: Path) -> bool | None:
    """Return whether there is something at `path`; None where we may not look."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return None
    return True


class Batch(NamedTuple):
    """How files are loaded, and who is told."""

    settings: Settings
    lock_timeout: float
    on_start: OnStart
    on_event: OnEvent
    on_file: OnFile

    def load(
        self,
        files: Sequence[Path],
        *,
        settling: Sequence[Path],
        standing: Collection[Path] = (),
        force: bool = False,
        again: bool = False,
    ) -> Summary:
        """Load `files`; what else of `settling` is in quarantine is mended or gone, and leaves it.

        Files of `standing` are there and not looked at, so they stay in it. `force` digitises again what
        is loaded or in quarantine, `again` only the latter.
        """
        if str(self.settings.db) == MEMORY:
            raise UsageError(
                "A warehouse in memory is gone when the run ends.", "Name a file with --db."
            )
        started = time.monotonic()
        summary = Summary(files=len(files))
        still = {printable(str(path)) for path in standing}

        def report(result: FileResult) -> None:
            summary.count(result)
            if result.rejected:
                still.add(result.path)
            self.on_file(result)

        with (
            open_warehouse(self.settings.db, lock_timeout=self.lock_timeout) as connection,
            Loader(connection, self.settings, on_file=report) as loader,
        ):
            self.on_start(len(files))
            desk = _Desk(loader, report, force=force, again=force or again)
            for outcome in run(
                files, self.settings, skip=desk.skip, on_event=self.on_event, finish=_finish
            ):
                desk.take(outcome)
            loader.flush()
            summary.released = loader.release(settling, still)
        summary.seconds = time.monotonic() - started
        return summary


def _finish(documents: tuple[Document, ...]) -> Packed | ValueError:
    """Make of a file's documents, in the worker, what the warehouse takes; or say why it cannot."""
    try:
        return pack_documents(documents)
    except ValueError as error:
        return error


class _Desk:
    """Decides for each file whether it needs work, and hands what comes back to the loader."""

    def __init__(self, loader: Loader, report: OnFile, *, force: bool, again: bool) -> None:
        self._loader = loader
        self._report = report
        self._before = loader.current()
        self._tried = {} if again else self._before.quarantined
        self._loaded = set() if force else set(self._before.loaded.values())
        self._force = force
        self._seen: dict[str, Delivery | None] = {}  # by SHA-256; None while it is being read
        self._twins: defaultdict[str, list[Source]] = defaultdict(list)

    def skip(self, source: Source) -> bool:
        """Return whether `source` need not be digitised, and account for it if so."""
        path, sha256 = printable(source.path), source.sha256
        rejected = self._tried.get(path)
        if sha256 in self._seen:
            self._twins[sha256].append(source)
            self._settle(sha256)
        elif self._force:
            self._seen[sha256] = None
            return False
        elif self._before.loaded.get(path) == sha256:
            self._report(FileResult(path, sha256, "unchanged"))
        elif rejected and rejected.sha256 == sha256:
            self._report(FileResult(path, sha256, "still_quarantined", rejected=rejected))
        elif sha256 in self._loaded:
            self._loader.add(Loadable(source, None))
        else:
            self._seen[sha256] = None
            return False
        return True

    def take(self, outcome: Loaded | Failure) -> None:
        """Hand a finished file to the loader, and the files of the same bytes after it."""
        if not isinstance(outcome, Failure):
            source, found, seconds = outcome
            fits = not isinstance(found, ValueError)
            delivery = Loadable(source, found, seconds) if fits else misfit(source, found)
            self._deliver(source.sha256, delivery)
            return
        rejected = Rejected(printable(outcome.path), *outcome[1:])
        if self._tried.get(rejected.path) == rejected:
            self._report(
                FileResult(rejected.path, rejected.sha256, "still_quarantined", rejected=rejected)
            )
        elif rejected.sha256:
            self._deliver(rejected.sha256, rejected)
        else:
            self._loader.add(rejected)

    def _deliver(self, sha256: str, delivery: Delivery) -> None:
        self._loader.add(delivery)
        # Only the fate is kept, not the documents: a run may be long.
        kept = delivery._replace(documents=None) if isinstance(delivery, Loadable) else delivery
        self._seen[sha256] = kept
        self._settle(sha256)

    def _settle(self, sha256: str) -> None:
        """Give the twins of a finished file its fate."""
        fate = self._seen[sha256]
        if fate is None:
            return
        for twin in self._twins.pop(sha256, []):
            if isinstance(fate, Loadable):
                self._loader.add(Loadable(twin, None))
            else:
                self._loader.add(fate._replace(path=printable(twin.path)))
