"""Hand the tables on: CSV that Excel opens in Vietnamese, Parquet, or one XLSX workbook.

Text from a document can never become a formula: CSV marks it as text (`cells`), and XLSX stores it as
a string cell, marked so that it stays one when somebody edits it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from importlib.metadata import version
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from baocao_etl.errors import MissingError, UsageError
from baocao_etl.warehouse.cells import as_json, is_formula, write_csv
from baocao_etl.warehouse.quoting import identifier, literal

if TYPE_CHECKING:
    from collections.abc import Callable


class _Table(NamedTuple):
    """A table or view, and the order in which people read it; the same rows make the same file.

    `first` are columns that stand before the others, which keep the order of the view.
    """

    name: str
    order: str
    first: str = ""

    @property
    def sql(self) -> str:
        columns = f"SELECT {self.first}, * EXCLUDE ({self.first}) " if self.first else ""
        return f"{columns}FROM {self.name} ORDER BY {self.order}"


# What is exported, by name of the sheet or file.
TABLES = {
    "figures": _Table("v_figures", "source_path, doc_id, page, figure_id"),
    "panel": _Table(
        "panel",
        "indicator, place COLLATE vi, issuer COLLATE vi, period, level, kind, source_path, figure_id",
        first="indicator, indicator_name, place, level, period, value, unit, document, confidence",
    ),
    "documents": _Table("documents", "source_path, part"),
    "findings": _Table(
        "v_findings",
        "verdict = 'fails' DESC, verdict = 'note' DESC, source_path, doc_id, rule, message, figures",
    ),
}
_WIDE = {
    *("sentence", "subject", "message", "section_titles", "document_subject", "issuer"),
    *("indicator_name", "figures", "file"),
}
_BATCH = 10_000
_SHEET_ROWS = 1_048_575  # of a sheet of XLSX, its heading left out
_LINKS, _URL = 65_530, 2_000  # links that a sheet may hold, characters that one may have


class _Rows(NamedTuple):
    columns: list[str]
    rows: Iterator[tuple[Any, ...]]


def export(connection: duckdb.DuckDBPyConnection, target: Path) -> list[Path]:
    """Write the tables to `target` and return the files made.

    A name that ends in .xlsx makes one workbook of all tables; one that ends in .csv or .parquet, a
    file of the figures; a folder called csv or parquet, a file a table.

    Raises:
        UsageError: the name says no format, or the target cannot be written.
        MissingError: XLSX is wanted and its writer is not installed.
    """
    form = target.suffix.lower().lstrip(".") or target.name.lower()
    if form not in {"csv", "parquet", "xlsx"}:
        raise UsageError(
            f"{target} does not say which format to write.",
            "Name a file that ends in .xlsx, .csv or .parquet, or a folder called csv or parquet.",
        )
    if form == "xlsx":
        return [replacing(target, partial(_workbook, connection))]
    write = {"csv": _csv, "parquet": _parquet}[form]
    files = {target: TABLES["figures"]}
    if not target.suffix:
        with _writing(target):
            target.mkdir(parents=True, exist_ok=True)
        files = {target / f"{name}.{form}": table for name, table in TABLES.items()}
    return [replacing(file, partial(write, connection, table)) for file, table in files.items()]


def replacing(target: Path, write: Callable[[Path], object]) -> Path:
    """Write beside `target`, then put it in place: a reader never sees half a file.

    Raises:
        UsageError: it cannot be written.
    """
    beside = partial_of(target)
    with _writing(target):
        try:
            write(beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    return target


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{target} cannot be written: {reason}.", "Check the folder.") from error


def partial_of(target: Path) -> Path:
    """Return where `replacing` writes what becomes `target`."""
    return target.with_name(f".{target.name}.partial")


def _read(connection: duckdb.DuckDBPyConnection, table: _Table) -> _Rows:
    found = connection.execute(table.sql)
    description = found.description or []

    def rows() -> Iterator[tuple[Any, ...]]:
        while batch := found.fetchmany(_BATCH):
            yield from batch

    return _Rows([str(column[0]) for column in description], rows())


def _csv(connection: duckdb.DuckDBPyConnection, table: _Table, path: Path) -> None:
    found = _read(connection, table)
    # The byte order mark is what tells Excel that this is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        write_csv(stream, found.columns, found.rows)


def _parquet(connection: duckdb.DuckDBPyConnection, table: _Table, path: Path) -> None:
    comments = connection.execute(
        "SELECT comment FROM duckdb_tables() WHERE table_name = $1 UNION ALL "
        "SELECT comment FROM duckdb_views() WHERE view_name = $1",
        [table.name],
    ).fetchall()
    columns = connection.execute(
        "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
        [table.name],
    ).fetchall()
    about = {"description": str(comments[0][0]), "columns": as_json(dict(columns))}
    write_parquet(connection, table.sql, path, title=table.name, **about)


def write_parquet(
    connection: duckdb.DuckDBPyConnection, sql: str, path: Path, **about: str
) -> None:
    """Write the answer to `sql` as Parquet (zstd); its metadata says `about` it, and who made it."""
    about["creator"] = f"baocao-etl {version('baocao-etl')}"
    metadata = ", ".join(f"{identifier(key)}: {literal(text)}" for key, text in about.items())
    connection.execute(
        f"COPY ({sql}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, "
        f"KV_METADATA {{{metadata}}})"
    )


def _workbook(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    try:
        import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - only this format needs it
    except ImportError as error:
        raise MissingError(
            "XLSX needs the package XlsxWriter, which is not installed.",
            "Install it with `pip install XlsxWriter`, or export to CSV.",
        ) from error
    # Never take text for a formula, a number or a link.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with path.open("wb") as stream, xlsxwriter.Workbook(stream, options) as book:
        formats = {
            "whole": book.add_format({"num_format": "#,##0"}),
            "decimal": book.add_format({"num_format": "#,##0.0#####"}),
            "date": book.add_format({"num_format": "dd/mm/yyyy"}),
            "heading": book.add_format({"bold": True, "bottom": 1}),
            "link": book.get_default_url_format(),
            "quoted": book.add_format({"quote_prefix": True}),
            "quoted link": book.add_format({"quote_prefix": True, "hyperlink": True}),
        }
        for name, table in TABLES.items():
            _sheet(book.add_worksheet(name), _read(connection, table), formats)


def _sheet(sheet: Any, found: _Rows, formats: dict[str, Any]) -> None:
    """Fill a sheet: frozen heading, filters, and on each file name a link to its page."""
    for column, name in enumerate(found.columns):
        sheet.set_column(column, column, 40 if name in _WIDE else 14)
        sheet.write_string(0, column, name, formats["heading"])
    sheet.freeze_panes(1, 0)
    linked = "file" if "file" in found.columns else "source_path"
    last = 0
    for last, values in enumerate(found.rows, 1):
        if last > _SHEET_ROWS:
            raise UsageError(
                f"XLSX holds {_SHEET_ROWS:,} rows a sheet, and there are more.",
                "Export to CSV or Parquet.",
            )
        row = dict(zip(found.columns, values, strict=True))
        for column, (name, value) in enumerate(row.items()):
            url = _url(str(row["source_path"]), row.get("page")) if name == linked else ""
            if 0 < len(url) <= _URL and last <= _LINKS:
                link = formats["quoted link" if is_formula(str(value)) else "link"]
                sheet.write_url(last, column, url, link, str(value))
            else:
                _cell(sheet, last, column, value, formats)
    sheet.autofilter(0, 0, max(last, 1), max(0, len(found.columns) - 1))


def _url(path: str, page: object) -> str:
    """Return a link to a file and its page, which PDF viewers open there."""
    windows = path[1:2] == ":" or path.startswith("\\\\")
    uri = (PureWindowsPath if windows else PurePosixPath)(path).as_uri()
    # A scheme has no case, and XlsxWriter turns the slashes after "file://" into those of Windows.
    return uri.replace("file:", "FILE:", 1) + (f"#page={page}" if page else "")


def _cell(sheet: Any, row: int, column: int, value: object, formats: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal):
        whole = isinstance(value, int) or value == int(value)
        number = int(value) if whole else float(value)
        sheet.write_number(row, column, number, formats["whole" if whole else "decimal"])
    elif isinstance(value, datetime):
        sheet.write_string(row, column, value.isoformat(" ", "seconds"))
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["date"])
    else:
        text = as_json(value) if isinstance(value, list | tuple | dict) else str(value)
        mark = formats["quoted"] if is_formula(text) else None
        sheet.write_string(row, column, text[:32_767], mark)  # what a cell may hold
