"""Commands that digitise: ingest, retry, watch."""

from pathlib import Path
from typing import Annotated

import typer

from baocao_etl.cli.options import (
    Cache,
    Db,
    Dictionaries,
    Jobs,
    Json,
    LockTimeout,
    MaxQuarantined,
    MinQuality,
    OcrEngines,
    OcrOption,
    Pages,
    Quiet,
    Set,
    Strict,
    settings_of,
)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, and folders that are walked.")],
    *,
    db: Db = None,
    ocr: OcrOption = None,
    ocr_engines: OcrEngines = None,
    pages: Pages = None,
    cache: Cache = None,
    jobs: Jobs = None,
    dictionaries: Dictionaries = None,
    set: Set = None,
    force: Annotated[bool, typer.Option("--force", help="Digitise again what is loaded.")] = False,
    max_quarantined: MaxQuarantined = 0,
    min_quality: MinQuality = 0.0,
    strict: Strict = False,
    lock_timeout: LockTimeout = 0.0,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Load reports into the warehouse; what is loaded already is skipped."""
    from baocao_etl.cli.progress import reporter  # noqa: PLC0415
    from baocao_etl.ingest import Gate  # noqa: PLC0415
    from baocao_etl.ingest import ingest as load  # noqa: PLC0415

    settings = settings_of(
        set,
        db=db,
        ocr=ocr and ocr.value,
        ocr_engines=ocr_engines,
        pages=pages,
        cache_dir=cache,
        jobs=jobs,
        dictionaries=dictionaries,
    )
    with reporter(json=json, quiet=quiet) as report:
        summary = load(
            paths,
            settings,
            force=force,
            lock_timeout=lock_timeout,
            on_start=report.start,
            on_event=report.page,
            on_file=report.file,
        )
    code = Gate(max_quarantined, min_quality, strict).exit_code(summary)
    report.summary(summary, settings.db, code)
    raise typer.Exit(code)


def retry(
    *,
    db: Db = None,
    ocr: OcrOption = None,
    ocr_engines: OcrEngines = None,
    pages: Pages = None,
    cache: Cache = None,
    jobs: Jobs = None,
    dictionaries: Dictionaries = None,
    set: Set = None,
    lock_timeout: LockTimeout = 0.0,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Try the files in quarantine again."""
    from baocao_etl.cli.progress import reporter  # noqa: PLC0415
    from baocao_etl.ingest import Gate  # noqa: PLC0415
    from baocao_etl.ingest import retry as again  # noqa: PLC0415

    settings = settings_of(
        set,
        db=db,
        ocr=ocr and ocr.value,
        ocr_engines=ocr_engines,
        pages=pages,
        cache_dir=cache,
        jobs=jobs,
        dictionaries=dictionaries,
    )
    with reporter(json=json, quiet=quiet) as report:
        summary = again(
            settings,
            lock_timeout=lock_timeout,
            on_start=report.start,
            on_event=report.page,
            on_file=report.file,
        )
    code = Gate().exit_code(summary)
    report.summary(summary, settings.db, code)
    raise typer.Exit(code)


def watch(
    paths: Annotated[list[Path], typer.Argument(help="Folders to watch.")],
    *,
    db: Db = None,
    ocr: OcrOption = None,
    ocr_engines: OcrEngines = None,
    cache: Cache = None,
    jobs: Jobs = None,
    dictionaries: Dictionaries = None,
    set: Set = None,
    interval: Annotated[float, typer.Option(min=0.1, help="Seconds between looks.")] = 5.0,
    rounds: Annotated[
        int | None, typer.Option(min=1, help="How many times to look; without it, until Ctrl-C.")
    ] = None,
    lock_timeout: LockTimeout = 60.0,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Load the files of folders as they arrive."""
    from functools import partial  # noqa: PLC0415

    from baocao_etl.cli.progress import reporter  # noqa: PLC0415
    from baocao_etl.errors import ExitCode  # noqa: PLC0415
    from baocao_etl.ingest import ingest as load  # noqa: PLC0415
    from baocao_etl.ingest import watch as look  # noqa: PLC0415

    settings = settings_of(
        set,
        db=db,
        ocr=ocr and ocr.value,
        ocr_engines=ocr_engines,
        cache_dir=cache,
        jobs=jobs,
        dictionaries=dictionaries,
    )
    report = reporter(json=json, quiet=quiet, bar=False)
    loading = partial(load, lock_timeout=lock_timeout, on_start=report.start, on_file=report.file)
    for summary in look(paths, settings, interval=interval, rounds=rounds, load=loading):
        report.summary(summary, settings.db, ExitCode.OK)
