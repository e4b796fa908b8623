"""Commands that look after the warehouse: status, forget, compact, export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baocao_etl.cli import console
from baocao_etl.cli.console import because, some
from baocao_etl.cli.options import Db, Json, LockTimeout

if TYPE_CHECKING:
    from baocao_etl.warehouse.upkeep import Status


def status(db: Db = None, json: Json = False, lock_timeout: LockTimeout = 0.0) -> None:
    """Tell what is loaded, what is not, and what to do next.

    Lists the latest runs, and the files in quarantine with the reason and the remedy of each.
    """
    from baocao_etl.settings import load_settings  # noqa: PLC0415
    from baocao_etl.warehouse import open_warehouse  # noqa: PLC0415
    from baocao_etl.warehouse.upkeep import status as look  # noqa: PLC0415

    path = load_settings(db=db).db
    with open_warehouse(path, read_only=True, lock_timeout=lock_timeout) as connection:
        found = look(connection)
    if json:
        from baocao_etl.cli.events import StatusEvent  # noqa: PLC0415

        console.write(StatusEvent.of(found, _next(found)).model_dump_json() + "\n")
    else:
        _print(found)


def forget(
    doc: Annotated[str, typer.Argument(help="The document, as for `show`.")],
    db: Db = None,
    lock_timeout: LockTimeout = 0.0,
) -> None:
    """Take a document out of the warehouse.

    Whatever else its file holds goes with it; the file itself is left alone.
    """
    from baocao_etl.settings import load_settings  # noqa: PLC0415
    from baocao_etl.warehouse import open_warehouse  # noqa: PLC0415
    from baocao_etl.warehouse.query import one_document  # noqa: PLC0415
    from baocao_etl.warehouse.upkeep import forget as take_out  # noqa: PLC0415

    settings = load_settings(db=db)
    open_warehouse(settings.db, read_only=True, lock_timeout=lock_timeout).close()  # must exist
    with open_warehouse(settings.db, lock_timeout=lock_timeout) as connection:
        for path in take_out(connection, one_document(connection, doc), settings):
            console.note(f"{path}: forgotten; `baocao ingest` would load it again")


def compact(db: Db = None, lock_timeout: LockTimeout = 0.0) -> None:
    """Give back the room of replaced and forgotten documents.

    Writes the file anew; there must be room for a copy beside it meanwhile.
    """
    from baocao_etl.settings import load_settings  # noqa: PLC0415
    from baocao_etl.warehouse.compact import compact as pack  # noqa: PLC0415

    path = load_settings(db=db).db
    before, after = (size / 1e6 for size in pack(path, lock_timeout=lock_timeout))
    console.note(f"{path}: {before:.1f} MB before, {after:.1f} MB now")


def export(
    target: Annotated[
        Path,
        typer.Argument(help="FILE.xlsx, FILE.csv, FILE.parquet, or a folder: csv or parquet."),
    ],
    db: Db = None,
    lock_timeout: LockTimeout = 0.0,
) -> None:
    """Write the tables as CSV, Parquet or one XLSX workbook.

    The tables are figures, panel, documents and findings. A single CSV or Parquet file takes the
    figures alone; a folder called csv or parquet, a file a table.
    """
    from baocao_etl.settings import load_settings  # noqa: PLC0415
    from baocao_etl.warehouse import open_warehouse  # noqa: PLC0415
    from baocao_etl.warehouse.export import export as hand_on  # noqa: PLC0415

    path = load_settings(db=db).db
    with open_warehouse(path, read_only=True, lock_timeout=lock_timeout) as connection:
        for file in hand_on(connection, target):
            console.note(str(file))


def _print(found: "Status") -> None:
    has = found.counts
    failed = f" ({has.pages_failed} failed)" if has.pages_failed else ""
    counts = (
        f"{some(has.files, 'file')}, {some(has.documents, 'document')}, "
        f"{some(has.pages, 'page')}{failed}, {some(has.figures, 'figure')}"
    )
    lines = [counts, "", "Latest runs:"]
    lines += [
        f"  {run.run_id}  {run.status}: {some(run.loaded, 'file')} loaded, {run.quarantined} quarantined"
        for run in found.runs
    ] or ["  none"]
    if found.quarantine:
        lines += ["", "In quarantine:"]
    for file in found.quarantine:
        lines.append("  " + because(file.source_path, file.message, file.remedy))
    steps = [f"Next: {step}" for step in _next(found)] or ["Nothing to do."]
    console.write("\n".join(map(console.printable, [*lines, "", *steps])) + "\n")


def _next(found: "Status") -> list[str]:
    """Return what to do next."""
    if not found.runs:
        return ["`baocao ingest FOLDER`"]
    steps = []
    if found.runs[0].status != "finished":
        steps.append("the latest run was interrupted; the same `baocao ingest` goes on with it")
    if found.quarantine:
        steps.append("mend the files in quarantine, then `baocao retry`")
    if found.counts.doubtful:
        steps.append(
            f'figures to look at ({found.counts.doubtful}): `baocao sql "FROM v_doubtful"`'
        )
    if found.counts.failed_checks:
        steps.append(
            f"checks that fail ({found.counts.failed_checks}): "
            "`baocao sql \"FROM v_findings WHERE verdict = 'fails'\"`"
        )
    if found.counts.duplicates:
        steps.append(
            f"documents that came from several files ({found.counts.duplicates}): "
            '`baocao sql "FROM v_duplicates"`, then `baocao forget DOC`'
        )
    if found.counts.lost_reviews:
        steps.append(
            f"decisions that did not find their figures again ({found.counts.lost_reviews}): "
            '`baocao sql "FROM reviews WHERE figure_id IS NULL"`'
        )
    if found.counts.deleted_rows > found.counts.rows:
        steps.append("most of the file is room of replaced documents: `baocao compact`")
    return steps
