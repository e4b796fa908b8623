"""The command that lists what the arithmetic found, for people and for batch jobs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baocao_etl.cli import console
from baocao_etl.cli.asking import Format
from baocao_etl.cli.options import Db, Dictionaries, LockTimeout, Strict
from baocao_etl.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from baocao_etl.settings import Settings
    from baocao_etl.warehouse.query import FindingRow

_COLUMNS = ("file", "section", "verdict", "rule", "message")


def check(
    doc: Annotated[
        str | None, typer.Argument(help="The document, as for `show`; without it, all.")
    ] = None,
    *,
    db: Db = None,
    file: Annotated[
        list[Path] | None,
        typer.Option(help="Digitise this report instead of asking the warehouse (repeatable)."),
    ] = None,
    holds: Annotated[bool, typer.Option("--holds", help="List also what holds.")] = False,
    format: Annotated[Format, typer.Option(help="How to print the list.")] = Format.TABLE,
    strict: Strict = False,
    dictionaries: Dictionaries = None,
    lock_timeout: LockTimeout = 0.0,
) -> None:
    """List figures that do not add up, or are worth a look."""
    from baocao_etl.settings import load_settings  # noqa: PLC0415

    if format is Format.PARQUET:
        raise UsageError(
            "Findings are printed as a table, CSV or JSON.",
            'For Parquet: `baocao sql "FROM v_findings" --format parquet --output FILE`.',
        )
    if file and doc:
        raise UsageError("Both a document and a file are named.", "Give one of the two.")
    settings = load_settings(db=db, dictionaries=dictionaries)
    found = _digitised(file, settings) if file else _stored(doc, settings.db, lock_timeout)
    listed = [row for row in found if holds or row.verdict != "holds"]
    printers = {
        Format.TABLE: console.print_table,
        Format.CSV: console.print_csv,
        Format.JSON: console.print_json,
    }
    printers[format](_COLUMNS, listed)
    verdicts = [row.verdict for row in found]
    told = ", ".join(f"{verdicts.count(v)} {word}" for v, word in _WORDS)
    console.note(f"{console.some(len(found), 'finding')}: {told}.")
    if strict and "fails" in verdicts:
        raise typer.Exit(ExitCode.FINDINGS)


_WORDS = (("holds", "hold"), ("fails", "fail"), ("note", "worth a look"))


def _stored(doc: str | None, db: Path, lock_timeout: float) -> "list[FindingRow]":
    from baocao_etl.warehouse import open_warehouse  # noqa: PLC0415
    from baocao_etl.warehouse.query import findings, one_document  # noqa: PLC0415

    with open_warehouse(db, read_only=True, lock_timeout=lock_timeout) as connection:
        doc_id = one_document(connection, doc).doc_id if doc else None
        return findings(connection, doc_id)


def _digitised(files: list[Path], settings: "Settings") -> "list[FindingRow]":
    from baocao_etl.pipeline import digitise  # noqa: PLC0415
    from baocao_etl.reading import identify  # noqa: PLC0415
    from baocao_etl.warehouse.query import FindingRow  # noqa: PLC0415

    rows: list[FindingRow] = []
    for path in files:
        for document in digitise(identify(path), settings):
            paths = {figure.figure_id: figure.section_path for figure in document.figures}
            for found in document.findings:
                section = next((paths[i] for i in found.figure_ids if paths.get(i)), "")
                rows.append(
                    FindingRow(path.name, section, found.verdict, found.rule, found.message)
                )
    return rows
