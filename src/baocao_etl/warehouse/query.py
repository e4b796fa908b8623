"""Ask the warehouse: SQL of the user's own, and the questions that commands ask."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from baocao_etl.errors import UsageError
from baocao_etl.warehouse import search
from baocao_etl.warehouse.export import partial_of, replacing, write_parquet
from baocao_etl.warehouse.quoting import literal
from baocao_etl.warehouse.rows import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from decimal import Decimal
    from pathlib import Path


class Result(NamedTuple):
    """The columns and rows of a query."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


class Heading(NamedTuple):
    """A document as it is named to people."""

    doc_id: str
    source_path: str
    part: int
    doc_type: str | None
    number: str | None
    symbol: str | None
    issuer: str | None
    issued_on: date | None
    subject: str | None
    page_count: int
    quality: float
    issued_place: str | None
    signer: str | None
    signer_title: str | None


class SectionRow(NamedTuple):
    """A node of the section tree."""

    section_id: str
    parent_id: str | None
    kind: str
    label: str | None
    path: str
    title: str
    text: str
    page_from: int


class FigureRow(NamedTuple):
    """A figure under its section."""

    section_id: str | None
    section_path: str
    page: int
    line: int
    kind: str
    value: Decimal
    denominator: Decimal | None
    value_high: Decimal | None
    qualifier: str
    unit: str | None
    subject: str | None
    sentence: str
    confidence: float


class FindingRow(NamedTuple):
    """What a check found, under the section of its first figure that has one."""

    file: str
    section: str
    verdict: str
    rule: str
    message: str


class MacroInfo(NamedTuple):
    """A macro, with how it is called, and what it gives."""

    call: str
    comment: str


class TableInfo(NamedTuple):
    """A table or view and what it means; columns are name, type and meaning."""

    name: str
    kind: str
    comment: str
    columns: list[tuple[str, str, str]]


def macros(connection: duckdb.DuckDBPyConnection) -> list[MacroInfo]:
    """Return our macros by name; `search` is among them once there is an index."""
    rows = connection.execute(
        "SELECT function_name, parameters, comment FROM duckdb_functions() "
        "WHERE NOT internal AND schema_name = 'main' ORDER BY function_name"
    ).fetchall()
    return [MacroInfo(f"{name}({', '.join(given)})", comment) for name, given, comment in rows]


def data_dictionary(connection: duckdb.DuckDBPyConnection) -> list[TableInfo]:
    """Return the tables in the order of the schema, then the views."""
    named = connection.execute(
        "SELECT table_name, 'table', comment FROM duckdb_tables() WHERE schema_name = 'main' "
        "UNION ALL SELECT view_name, 'view', comment FROM duckdb_views() WHERE NOT internal"
    ).fetchall()
    found = []
    for name, kind, comment in named:
        columns = connection.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() "
            "WHERE table_name = ? AND NOT internal ORDER BY column_index",
            [name],
        ).fetchall()
        found.append(TableInfo(name, kind, comment, columns))
    return found


def query(connection: duckdb.DuckDBPyConnection, sql: str, *, other_files: bool = False) -> Result:
    """Run the user's `sql` (of several statements, the last one answers).

    Unless `other_files`, it sees the warehouse alone, and so does all that this connection runs later.
    Columns of the same name get numbers, as DuckDB gives them in tables: `a`, `a_1`.

    Raises:
        UsageError: DuckDB rejects it (the message is DuckDB's), or it says nothing.
    """
    with _asking(connection, None if other_files else ()):
        _statements(connection, sql)
        found = connection.execute(sql)
        columns = _distinct(str(column[0]) for column in found.description or ())
        return Result(columns, found.fetchall() if columns else [])


def query_to_parquet(
    connection: duckdb.DuckDBPyConnection, sql: str, path: Path, *, other_files: bool = False
) -> None:
    """Write the answer to the user's `sql`, one SELECT, to a Parquet file; otherwise as `query`.

    Raises:
        UsageError: DuckDB rejects it or the file cannot be written; the message is DuckDB's.
    """
    path = path.absolute()
    with _asking(connection, None if other_files else (partial_of(path),)):
        if len(_statements(connection, sql)) > 1:
            raise UsageError("Parquet takes the answer to one SELECT.", "Leave out the others.")
        connection.execute(f"CREATE OR REPLACE TEMP VIEW answer AS {sql}")
        replacing(
            path, lambda file: write_parquet(connection, "FROM temp.answer", file, title="query")
        )


def _statements(connection: duckdb.DuckDBPyConnection, sql: str) -> list[duckdb.Statement]:
    try:
        found = connection.extract_statements(sql.encode().decode())
    except UnicodeEncodeError as error:
        raise UsageError(
            "The SQL is not text in UTF-8.", "Check the locale of the shell."
        ) from error
    if found:
        return found
    raise UsageError("The SQL is empty.", 'Ask something: `baocao sql "FROM v_figures LIMIT 9"`.')


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        free = (f"{name}_{n}" if n else name for n in count())
        found[next(new for new in free if new not in found)] = None
    return tuple(found)


@contextmanager
def _asking(connection: duckdb.DuckDBPyConnection, files: Sequence[Path] | None) -> Iterator[None]:
    """Let the user's SQL use the warehouse and `files` alone (None: any file); tell of its errors."""
    try:
        search.load_extension(connection)
        if files is not None and not _is_closed(connection):
            connection.execute(f"SET allowed_paths = [{', '.join(map(literal, files))}]")
            connection.execute("SET enable_external_access = false; SET lock_configuration = true")
        yield
    except duckdb.PermissionException as error:
        raise UsageError(
            str(error), "SQL may use the warehouse alone; --write opens other files to it, too."
        ) from error
    except duckdb.Error as error:
        closed = "read-only mode" in str(error)
        remedy = (
            "--write lets SQL change the warehouse."
            if closed
            else "`baocao schema` prints the tables and columns."
        )
        raise UsageError(str(error), remedy) from error


def _is_closed(connection: duckdb.DuckDBPyConnection) -> bool:
    locked = connection.execute("SELECT current_setting('lock_configuration')").fetchone()
    return locked == (True,)


def find_documents(connection: duckdb.DuckDBPyConnection, name: str) -> list[Heading]:
    """Return the documents that `name` may mean, in loading order.

    `name` is the beginning of a doc_id or SHA-256, a file name with or without its suffix or
    folders, or a number with or without its symbol (47, 47/BC-STTTT). The first of these that fits
    any document decides.
    """
    file = "parse_filename(s.source_path)"
    tests = (
        "(starts_with(d.doc_id, $name) OR starts_with(d.sha256, $name)) AND length($name) >= 4",
        f"s.source_path = $name OR {file} = $name OR parse_filename(s.source_path, true) = $name",
        "d.number || '/' || d.symbol = $name OR d.number = $name",
        f"starts_with({file}, $name)",
    )
    for test in tests:
        rows = connection.execute(
            f"SELECT DISTINCT {_columns(Heading)}, d.ingested_at FROM documents d "  # noqa: S608
            f"LEFT JOIN sources s USING (sha256) WHERE {test} "
            "ORDER BY ingested_at, source_path, part",
            {"name": printable(name)},
        ).fetchall()
        if rows:
            return [Heading(*row[:-1]) for row in rows]
    return []


def one_document(connection: duckdb.DuckDBPyConnection, name: str) -> Heading:
    """Return the one document that `name` means.

    Raises:
        UsageError: there is none, or it is in quarantine, or there are several; the message tells.
    """
    found = find_documents(connection, name)
    if len(found) == 1:
        return found[0]
    if not found:
        rejected = connection.execute(
            "SELECT message, remedy FROM quarantine WHERE $name IN "
            "(source_path, parse_filename(source_path), parse_filename(source_path, true)) LIMIT 1",
            {"name": printable(name)},
        ).fetchone()
        if rejected:
            raise UsageError(f"{name} is in quarantine: {rejected[0]}", str(rejected[1]))
        raise UsageError(
            f"No document is called {name!r}.",
            'List them with `baocao sql "SELECT doc_id, source_path, number FROM documents"`.',
        )
    listed = "; ".join(f"{d.doc_id} ({d.source_path}, part {d.part})" for d in found[:10])
    raise UsageError(f"{name!r} may be any of {len(found)} documents: {listed}.", "Give a doc_id.")


def findings(connection: duckdb.DuckDBPyConnection, doc_id: str | None = None) -> list[FindingRow]:
    """Return the findings of a document, or of all, in the order in which the checks told them."""
    rows = connection.execute(
        """
        SELECT parse_filename(d.source_path),
               coalesce((SELECT f.section_path FROM figures f
                         WHERE f.doc_id = n.doc_id AND list_contains(n.figures, f.figure_id)
                           AND f.section_path <> ''
                         ORDER BY list_position(n.figures, f.figure_id) LIMIT 1), ''),
               n.verdict, n.rule, n.message
        FROM findings n JOIN documents d USING (doc_id)
        WHERE ? IS NULL OR n.doc_id = ?
        ORDER BY d.source_path, d.part, n.ordinal
        """,
        [doc_id, doc_id],
    ).fetchall()
    return [FindingRow(*row) for row in rows]


def outline(
    connection: duckdb.DuckDBPyConnection, doc_id: str
) -> tuple[list[SectionRow], list[FigureRow]]:
    """Return the sections of a document in order, and its figures in reading order."""
    sections = connection.execute(
        f"SELECT {_columns(SectionRow)} FROM sections d "  # noqa: S608 - names of ours
        "WHERE doc_id = ? ORDER BY ordinal",
        [doc_id],
    ).fetchall()
    return [SectionRow(*row) for row in sections], stored_figures(connection, [doc_id])


def stored_figures(
    connection: duckdb.DuckDBPyConnection, doc_ids: Sequence[str]
) -> list[FigureRow]:
    """Return the figures of the documents, in reading order."""
    rows = connection.execute(
        f"SELECT {_columns(FigureRow)} FROM figures d "  # noqa: S608 - names of ours
        "WHERE doc_id IN (SELECT unnest(?)) ORDER BY doc_id, page, raw_from, figure_id",
        [list(doc_ids)],
    ).fetchall()
    return [FigureRow(*row) for row in rows]


def _columns(kind: type[NamedTuple]) -> str:
    return ", ".join(f"d.{name}" for name in kind._fields)
