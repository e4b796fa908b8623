"""Ruled tables: cells to placed words and rules."""

from __future__ import annotations

from typing import NamedTuple, cast

from samples.report import Table
from samples.sheet import Align, Rule, Sheet, Token, broken, set_line, tokens

SIZE = 10.5
LEADING = 14.0
PADDING = 4.0


class Row(NamedTuple):
    """A row of cells, each broken into lines."""

    number: int
    cells: list[list[list[Token]]]
    header: bool

    @property
    def height(self) -> float:
        """The height of the highest cell, padding included."""
        return max(len(cell) for cell in self.cells) * LEADING + PADDING


def rows_of(table: Table, width: float) -> list[Row]:
    """Break the cells of `table` for a table `width` wide; the header comes first."""
    inner = [share * width / sum(table.widths) - 2 * PADDING for share in table.widths]
    rows = []
    for index, texts in enumerate([table.columns, *table.rows]):
        bold = index == 0 or index in table.bold_rows
        face = "serif-bold" if bold else "serif"
        cells = [
            broken(tokens(text, face), SIZE, room) for text, room in zip(texts, inner, strict=True)
        ]
        rows.append(Row(index, cells, index == 0))
    return rows


def draw_row(sheet: Sheet, table: Table, row: Row, left: float, top: float, width: float) -> None:
    """Draw one row with its borders."""
    edges = [left]
    for share in table.widths:
        edges.append(edges[-1] + share * width / sum(table.widths))
    bottom = top + row.height
    for x in edges:
        sheet.rules.append(Rule(x, top, x, bottom))
    for y in (top, bottom):
        sheet.rules.append(Rule(edges[0], y, edges[-1], y))
    for column, lines in enumerate(row.cells):
        align = cast("Align", "c" if row.header else table.align[column])
        room = edges[column + 1] - edges[column] - 2 * PADDING
        free = row.height - PADDING - len(lines) * LEADING
        y = top + free / 2 + LEADING - 1.5
        for line in lines:
            x = edges[column] + PADDING
            set_line(sheet, line, x, y, room, SIZE, align, (row.number, column))
            y += LEADING
