"""Figures out of tables: each number in a cell, under its column heading and beside its row label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from baocao_etl.figures.numerals import NUMBER, parse_number
from baocao_etl.figures.vocabulary import Vocabulary, key
from baocao_etl.models import Cell, FigureKind, Table

_ONLY_NUMBER = re.compile(rf"({NUMBER.pattern})\s?(%?)")
_ORDINAL_HEADING = re.compile(r"^(?:tt|stt|so tt|so thu tu|nam|ghi chu|ma so|ma)$")
_IN_BRACKETS = re.compile(r"\((?:dvt|don vi(?: tinh)?)?\s*:?\s*([^()]+)\)")


class CellFigure(NamedTuple):
    """A number in a cell, with its row label and column heading."""

    cell: Cell
    kind: FigureKind
    value: Decimal
    unit: str | None
    row_label: str
    heading: str


def cell_figures(table: Table, words: Vocabulary) -> Iterator[CellFigure]:
    """Yield the figures of `table`; a row whose label was lost yields none (the table says so)."""
    rows: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell
    headings = _headings(table)
    for _, row in sorted(rows.items()):
        label = _row_label(row)
        if label is None or any(cell.is_header for cell in row.values()):
            continue
        for column, cell in sorted(row.items()):
            m = _ONLY_NUMBER.fullmatch(cell.text.strip())
            heading = headings.get(column, "")
            if m is None or cell is label or column < label.column or not _counts(heading):
                continue
            yield _figure(cell, m, label.text, heading, words)


def _headings(table: Table) -> dict[int, str]:
    headings: dict[int, str] = {}
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        if cell.is_header and cell.text:
            headings[cell.column] = f"{headings.get(cell.column, '')} {cell.text}".strip()
    return headings


def _row_label(row: dict[int, Cell]) -> Cell | None:
    """Return the first cell with words in it, if it stands before the numbers."""
    for column in sorted(row):
        text = row[column].text
        if re.search(r"[^\W\d_]{2,}", text) and not re.fullmatch(r"[IVX]+", text):
            return row[column]
        if column > 0 and _ONLY_NUMBER.fullmatch(text.strip()):
            return None
    return None


def _counts(heading: str) -> bool:
    """Say whether a column holds figures at all: not running numbers, years or codes."""
    return not _ORDINAL_HEADING.match(key(heading))


def _figure(
    cell: Cell, m: re.Match[str], label: str, heading: str, words: Vocabulary
) -> CellFigure:
    value = parse_number(m[1])
    if m[2] or "%" in heading:
        return CellFigure(cell, "percent", value, "%", label, heading)
    bracket = _IN_BRACKETS.search(key(heading))
    unit = words.unit_at(bracket[1], 0) if bracket else None
    if bracket and unit and unit.kind == "multiplier":
        value *= 10 ** int(unit.name)
        unit = words.unit_at(bracket[1], unit.end)
    if unit and unit.kind in ("money", "quantity", "score", "count"):
        kind: FigureKind = unit.kind
        return CellFigure(cell, kind, value, unit.name, label, heading)
    return CellFigure(cell, "count", value, None, label, heading)
