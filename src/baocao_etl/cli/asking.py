"""Commands that read the warehouse: sql, show, schema."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baocao_etl.cli import console
from baocao_etl.cli.options import Db, LockTimeout
from baocao_etl.errors import UsageError

if TYPE_CHECKING:
    from baocao_etl.warehouse.query import FigureRow, Result, SectionRow


_TITLE = 100  # characters of a title or a first sentence that are shown


class Format(StrEnum):
    """How `sql` prints."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def sql(
    query: Annotated[str, typer.Argument(help="SQL, as DuckDB speaks it.")],
    *,
    db: Db = None,
    format: Annotated[
        Format | None,
        typer.Option(help="How to give the answer; without it as --output ends, or a table."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="A file instead of stdout: CSV (for Excel), JSON, Parquet."
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Let the SQL change things, and use other files.")
    ] = False,
    lock_timeout: LockTimeout = 0.0,
) -> None:
    """Ask the warehouse in SQL, read-only.

    Without --write, SQL can change nothing and use no other file.
    """
    from baocao_etl.settings import load_settings  # noqa: PLC0415
    from baocao_etl.warehouse import open_warehouse  # noqa: PLC0415
    from baocao_etl.warehouse.query import query as ask  # noqa: PLC0415
    from baocao_etl.warehouse.query import query_to_parquet  # noqa: PLC0415

    form = _form(format, output)
    path = load_settings(db=db).db
    with open_warehouse(path, read_only=not write, lock_timeout=lock_timeout) as connection:
        if form is Format.PARQUET and output is not None:
            query_to_parquet(connection, query, output, other_files=write)
            return
        result = ask(connection, query, other_files=write)
    if output is not None:
        _save(result, form, output)
    else:
        printers = {
            Format.TABLE: console.print_table,
            Format.CSV: console.print_csv,
            Format.JSON: console.print_json,
        }
        printers[form](result.columns, result.rows)


def _form(given: Format | None, output: Path | None) -> Format:
    """Return the format that is given, or that the file is called after.

    Raises:
        UsageError: there is no way to write this there.
    """
    ending = output.suffix.lower().lstrip(".") if output is not None else ""
    form = given or (Format(ending) if ending in set(Format) else Format.TABLE)
    if output is None and form is Format.PARQUET:
        raise UsageError("Parquet goes to a file.", "Name it with --output FILE.")
    if output is not None and form is Format.TABLE:
        raise UsageError(
            f"{output} does not say which format to write.",
            "End its name in .csv, .json or .parquet, or give --format.",
        )
    return form


def _save(result: "Result", form: Format, output: Path) -> None:
    from baocao_etl.warehouse.export import replacing  # noqa: PLC0415

    # The byte order mark is what tells Excel that this is UTF-8.
    texts = {
        Format.CSV: lambda: "\ufeff" + console.as_csv(result.columns, result.rows),
        Format.JSON: lambda: console.as_json_lines(result.columns, result.rows),
    }
    data = texts[form]().encode("utf-8", "replace")
    replacing(output, lambda beside: beside.write_bytes(data))


def show(
    doc: Annotated[str, typer.Argument(help="Beginning of a doc_id, a file name, or a number.")],
    db: Db = None,
    text: Annotated[bool, typer.Option(help="Print the text of the sections too.")] = False,
    lock_timeout: LockTimeout = 0.0,
) -> None:
    """Print the section tree of a document with its figures."""
    from baocao_etl.settings import load_settings  # noqa: PLC0415
    from baocao_etl.warehouse import open_warehouse  # noqa: PLC0415
    from baocao_etl.warehouse.query import one_document, outline  # noqa: PLC0415

    path = load_settings(db=db).db
    with open_warehouse(path, read_only=True, lock_timeout=lock_timeout) as connection:
        heading = one_document(connection, doc)
        sections, figures = outline(connection, heading.doc_id)
    named = {
        "file": heading.source_path + (f", part {heading.part}" if heading.part > 1 else ""),
        "type": heading.doc_type,
        "number": "/".join(part for part in (heading.number, heading.symbol) if part),
        "issuer": heading.issuer,
        "issued on": heading.issued_on,
        "subject": heading.subject,
        "pages": f"{heading.page_count}, quality {heading.quality:.2f}",
    }
    told = (f"  {key}: {console.one_line(str(value))}" for key, value in named.items() if value)
    lines = [heading.doc_id, *told]
    lines += _tree(sections, figures, with_text=text)
    console.write("\n".join(map(console.printable, lines)) + "\n")


def schema() -> None:
    """Print the tables and what each column means, as SQL."""
    from baocao_etl.warehouse.schema import ddl  # noqa: PLC0415

    console.write(ddl())


def _tree(
    sections: "list[SectionRow]", figures: "list[FigureRow]", *, with_text: bool
) -> list[str]:
    depth: dict[str | None, int] = {None: 0}
    lines: list[str] = [_figure(f, 1) for f in figures if f.section_id is None]
    for section in sections:
        level = depth.get(section.parent_id, 0) + 1
        depth[section.section_id] = level
        indent = "  " * level
        lines.append(f"{indent}{_heading(section)}")
        if with_text:
            lines += [f"{indent}  | {line}" for line in section.text.splitlines()]
        lines += [_figure(f, level + 1) for f in figures if f.section_id == section.section_id]
    return lines


def _heading(section: "SectionRow") -> str:
    """Return a node as a line; a bullet, which has no path of its own, by its first words."""
    bullet = section.label is not None and not any(c.isalnum() for c in section.label)
    name = section.label if bullet else section.path or section.kind
    title = " ".join((section.title or section.text).split())
    if len(title) > _TITLE:
        title = title[:_TITLE].rsplit(" ", 1)[0] + " ..."
    return f"{name}  {title}"


def _figure(figure: "FigureRow", level: int) -> str:
    value = console.plain(figure.value)
    if figure.denominator is not None:
        value += f"/{console.plain(figure.denominator)}"
    if figure.value_high is not None:
        value += f" to {console.plain(figure.value_high)}"
    sign = "" if figure.qualifier == "exact" else f"{figure.qualifier.replace('_', ' ')} "
    unit = f" {figure.unit}" if figure.unit else ""
    about = f"  {figure.subject}" if figure.subject else ""
    where = f"page {figure.page}, line {figure.line}"
    return (
        f"{'  ' * level}= {sign}{value}{unit}  [{figure.kind}, {figure.confidence:.2f}, {where}]"
        f"{about}"
    )
