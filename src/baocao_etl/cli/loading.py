"""Commands that digitise: ingest, retry, watch."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baocao_etl.cli.options import LockTimeout, MaxQuarantined, MinQuality, Strict, reads

if TYPE_CHECKING:
    from baocao_etl.cli.progress import Reporter
    from baocao_etl.settings import Settings


@reads()
def ingest(
    settings: "Settings",
    report: "Reporter",
    paths: Annotated[list[Path], typer.Argument(help="Files, and folders that are walked.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Digitise again what is loaded.")] = False,
    max_quarantined: MaxQuarantined = 0,
    min_quality: MinQuality = 0.0,
    strict: Strict = False,
    lock_timeout: LockTimeout = 0.0,
) -> None:
    """Load reports; what is loaded already is skipped."""
    from baocao_etl.ingest import Gate  # noqa: PLC0415
    from baocao_etl.ingest import ingest as load  # noqa: PLC0415

    summary = load(
        paths,
        settings,
        force=force,
        lock_timeout=lock_timeout,
        on_start=report.start,
        on_event=report.page,
        on_file=report.file,
    )
    verdict = Gate(max_quarantined, min_quality, strict).judge(summary)
    report.summary(summary, settings.db, verdict)
    raise typer.Exit(verdict.code)


@reads()
def retry(
    settings: "Settings",
    report: "Reporter",
    *,
    max_quarantined: MaxQuarantined = 0,
    min_quality: MinQuality = 0.0,
    strict: Strict = False,
    lock_timeout: LockTimeout = 0.0,
) -> None:
    """Try the files in quarantine again."""
    from baocao_etl.ingest import Gate  # noqa: PLC0415
    from baocao_etl.ingest import retry as again  # noqa: PLC0415

    summary = again(
        settings,
        lock_timeout=lock_timeout,
        on_start=report.start,
        on_event=report.page,
        on_file=report.file,
    )
    verdict = Gate(max_quarantined, min_quality, strict).judge(summary)
    report.summary(summary, settings.db, verdict)
    raise typer.Exit(verdict.code)


@reads(bar=False)
def watch(
    settings: "Settings",
    report: "Reporter",
    paths: Annotated[list[Path], typer.Argument(help="Folders to watch.")],
    *,
    interval: Annotated[float, typer.Option(min=0.1, help="Seconds between looks.")] = 5.0,
    rounds: Annotated[
        int | None, typer.Option(min=1, help="How many times to look; without it, until Ctrl-C.")
    ] = None,
    lock_timeout: LockTimeout = 60.0,
) -> None:
    """Load the files of folders as they arrive.

    They wait while another process has the warehouse.
    """
    from baocao_etl.ingest import Verdict  # noqa: PLC0415
    from baocao_etl.ingest import watch as look  # noqa: PLC0415

    batches = look(
        paths,
        settings,
        interval=interval,
        rounds=rounds,
        lock_timeout=lock_timeout,
        on_start=report.start,
        on_file=report.file,
        on_locked=report.locked,
    )
    for summary in batches:
        report.summary(summary, settings.db, Verdict())
