"""The command that repairs a text: repair."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baocao_etl.cli import console
from baocao_etl.cli.options import Dictionaries, Set, settings_of
from baocao_etl.errors import UsageError

if TYPE_CHECKING:
    from baocao_etl.repair.explain import Change


def repair(
    file: Annotated[Path, typer.Argument(help="A text file, or - for stdin.")],
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print each change with its reasons instead.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print a unified diff of the changes instead.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="With --explain: one JSON object a line.")
    ] = False,
    dictionaries: Dictionaries = None,
    set: Set = None,
) -> None:
    """Print a text with its Vietnamese repaired, line for line."""
    from baocao_etl.reading.text_files import decode  # noqa: PLC0415
    from baocao_etl.repair import repair_text  # noqa: PLC0415
    from baocao_etl.repair.explain import changes, unified_diff  # noqa: PLC0415

    if explain and diff:
        raise UsageError("--explain and --diff exclude each other.", "Give one of them.")
    if json and not explain:
        raise UsageError("--json is for --explain.", "Give --explain --json.")
    raw = decode(_read(file))
    text, corrections = repair_text(raw, settings_of(set, dictionaries=dictionaries))
    if diff:
        console.write("".join(unified_diff(raw, text, console.printable(str(file)))))
    elif explain:
        tell = _json if json else _line
        console.write("".join(tell(change) + "\n" for change in changes(raw, corrections)))
    else:
        console.write(text)


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Check the path.") from error


def _line(change: "Change") -> str:
    found = change.correction
    told = f"{change.line}: {found.raw} -> {found.text}  [{found.confidence:.3f}, {found.reason}]"
    if found.alternatives:
        told += "  or " + ", ".join(f"{text} {p:.3f}" for text, p in found.alternatives)
    return console.printable(told.replace("\n", " "))


def _json(change: "Change") -> str:
    from baocao_etl.cli.events import CorrectionEvent  # noqa: PLC0415

    return CorrectionEvent.of(change).model_dump_json()
