"""Where things are printed: data on stdout; logs, progress and errors on stderr."""

from __future__ import annotations

import io
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baocao_etl.errors import BaocaoError

stderr = Console(stderr=True, highlight=False, soft_wrap=True)


def note(text: str, *, quiet: bool = False, style: str | None = None) -> None:
    """Print a line for people on stderr."""
    if not quiet:
        stderr.print(printable(text), style=style, markup=False)


def fail(error: BaocaoError) -> None:
    """Print an error and what to do about it on stderr."""
    stderr.print(f"[bold red]Error:[/] {escape(printable(error.message))}")
    if error.remedy:
        stderr.print(escape(printable(error.remedy)))


def because(path: str, message: str, remedy: str) -> str:
    """Return in a line why a file is in quarantine, and what to do, naming it once."""
    told = message if path in message else f"{path}: {message}"
    return one_line(f"{told} {remedy}".rstrip())


def one_line(text: str) -> str:
    """Return `text` with its line breaks shown: a file's name must not look like two messages."""
    return text.replace("\n", "\\n")


def some(count: int, noun: str) -> str:
    """Return how many there are: 1 file, 2 files."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def write(text: str) -> None:
    """Write `text` to stdout as UTF-8, whatever the locale says."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.flush()


def printable(text: str) -> str:
    """Return `text` fit for a terminal: no control characters, no halves of surrogate pairs.

    Names of files and words of documents come from outside; an escape sequence in them must not
    reach the terminal.
    """
    safe = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in safe)


def print_csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table as CSV on stdout."""
    write(as_csv(columns, rows))


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table as CSV (RFC 4180), text guarded against formulas as `export` does."""
    from baocao_etl.warehouse.cells import write_csv  # noqa: PLC0415

    text = io.StringIO()
    write_csv(text, columns, rows)
    return text.getvalue()


def print_json(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table as JSON on stdout."""
    write(as_json_lines(columns, rows))


def as_json_lines(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table as a JSON array of objects, an object a line."""
    from baocao_etl.warehouse.cells import as_json  # noqa: PLC0415

    lines = (as_json(dict(zip(columns, row, strict=True))) for row in rows)
    return "[" + ",\n ".join(lines) + "]\n"


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table for people on stdout; as wide as it needs where stdout is no terminal."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for i, name in enumerate(columns):
        numeric = rows and all(isinstance(row[i], int | float | Decimal | None) for row in rows)
        table.add_column(Text(name), justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(Text(printable(plain(cell))) for cell in row))
    here = sys.stdout.isatty()
    out = Console(
        file=io.StringIO(), force_terminal=here, highlight=False, width=None if here else 100_000
    )
    with out.capture() as text:
        out.print(table)
    write(text.get())


def plain(cell: object) -> str:
    """Return a cell as people write it, nothing for NULL."""
    from baocao_etl.warehouse.cells import written  # noqa: PLC0415

    return "" if cell is None else str(written(cell))
