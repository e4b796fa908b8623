"""Gold tables: TSV with a line of column names, and which of the three kinds a table is of."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Literal

from baocao_etl.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

GoldKind = Literal["figures", "sections", "letterheads"]
# The columns that a table of each kind must have.
REQUIRED: dict[GoldKind, tuple[str, ...]] = {
    "figures": ("value", "kind"),
    "sections": ("path", "kind"),
    "letterheads": ("number", "symbol"),
}


def kind_of(path: Path) -> GoldKind:
    """Say by its columns what a gold table is about.

    Raises:
        UsageError: it cannot be read, or its columns are of no kind.
    """
    columns = set(_reader(path)[0].fieldnames or ())
    for kind, required in REQUIRED.items():
        if columns.issuperset(required):
            return kind
    raise UsageError(
        f"{path} is no gold table: its first line names the columns {', '.join(sorted(columns))}.",
        "Figures have value and kind, sections path and kind, letterheads number and symbol.",
    )


def read_rows(path: Path, required: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a gold table with their line numbers; lines that begin with `#` are notes.

    Raises:
        UsageError: the file cannot be read, or a required column is missing.
    """
    reader, numbers = _reader(path)
    missing = set(required) - set(reader.fieldnames or ())
    if missing:
        raise UsageError(
            f"{path} has no column {', '.join(sorted(missing))}.",
            "The first line names the columns, as `baocao eval --help` lists them.",
        )
    rows = [{key: (cell or "").strip() for key, cell in row.items() if key} for row in reader]
    return list(zip(numbers, rows, strict=True))


def _reader(path: Path) -> tuple[csv.DictReader[str], list[int]]:
    """Return a reader of the table and the numbers of the lines below its first."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Give a TSV file in UTF-8.") from error
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    reader = csv.DictReader((line for _, line in lines), delimiter="\t", quoting=csv.QUOTE_NONE)
    return reader, [number for number, _ in lines[1:]]
