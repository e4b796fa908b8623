"""Ruled tables: cells to placed words and rules."""

from __future__ import annotations

from itertools import pairwise
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

    @property
    def height(self) -> float:
        """The height of the highest cell, padding included."""
        return _height(max(len(cell) for cell in self.cells))


class Cell(NamedTuple):
    """A cell of the head: its first row and column, how many it spans, and its lines."""

    row: int
    column: int
    rows: int
    columns: int
    lines: list[list[Token]]


class Head(NamedTuple):
    """The head of a table, of one row or more; `heights` are those of its rows."""

    cells: list[Cell]
    heights: list[float]

    @property
    def height(self) -> float:
        """The height of all rows."""
        return sum(self.heights)


def head_of(table: Table, width: float) -> Head:
    """Return the head of `table` for a table `width` wide, its merged cells measured."""
    texts = [table.columns, *table.more_columns]
    edges = _edges(table, 0.0, width)
    cells = []
    for row, column in ((r, c) for r in range(len(texts)) for c in range(len(edges) - 1)):
        if texts[row][column] in ("<", "^"):
            continue
        columns = rows = 1
        while column + columns < len(edges) - 1 and texts[row][column + columns] == "<":
            columns += 1
        while row + rows < len(texts) and texts[row + rows][column] == "^":
            rows += 1
        room = edges[column + columns] - edges[column] - 2 * PADDING
        lines = broken(tokens(texts[row][column], "serif-bold"), SIZE, room)
        cells.append(Cell(row, column, rows, columns, lines))
    heights = [
        max((_height(len(c.lines)) for c in cells if (c.row, c.rows) == (row, 1)), default=0.0)
        for row in range(len(texts))
    ]
    for cell in cells:  # a high merged cell makes its last row higher
        last = cell.row + cell.rows - 1
        heights[last] += max(0.0, _height(len(cell.lines)) - sum(heights[cell.row : last + 1]))
    return Head(cells, heights)


def draw_head(
    sheet: Sheet, table: Table, head: Head, left: float, top: float, width: float
) -> None:
    """Draw the head with its borders."""
    edges = _edges(table, left, width)
    tops = [top + sum(head.heights[:row]) for row in range(len(head.heights) + 1)]
    for cell in head.cells:
        x0, x1 = edges[cell.column], edges[cell.column + cell.columns]
        y0, y1 = tops[cell.row], tops[cell.row + cell.rows]
        _draw_cell(sheet, (x0, y0, x1, y1), cell.lines, "c", (cell.row, cell.column))


def rows_of(table: Table, width: float) -> list[Row]:
    """Break the cells of the rows below the head of `table` for a table `width` wide."""
    edges = _edges(table, 0.0, width)
    inner = [right - left - 2 * PADDING for left, right in pairwise(edges)]
    rows = []
    for number, texts in enumerate(table.rows, start=1):
        face = "serif-bold" if number in table.bold_rows else "serif"
        cells = [
            broken(tokens(text, face), SIZE, room) for text, room in zip(texts, inner, strict=True)
        ]
        rows.append(Row(number + len(table.more_columns), cells))
    return rows


def draw_row(sheet: Sheet, table: Table, row: Row, left: float, top: float, width: float) -> None:
    """Draw one row with its borders."""
    for column, ((x0, x1), lines) in enumerate(
        zip(pairwise(_edges(table, left, width)), row.cells, strict=True)
    ):
        align = cast("Align", table.align[column])
        _draw_cell(sheet, (x0, top, x1, top + row.height), lines, align, (row.number, column))


def _draw_cell(
    sheet: Sheet,
    box: tuple[float, float, float, float],
    lines: list[list[Token]],
    align: Align,
    place: tuple[int, int],
) -> None:
    x0, y0, x1, y1 = box
    for x in (x0, x1):
        sheet.rules.append(Rule(x, y0, x, y1))
    for y in (y0, y1):
        sheet.rules.append(Rule(x0, y, x1, y))
    baseline = y0 + (y1 - y0 - _height(len(lines))) / 2 + LEADING - 1.5
    for line in lines:
        set_line(sheet, line, x0 + PADDING, baseline, x1 - x0 - 2 * PADDING, SIZE, align, place)
        baseline += LEADING


def _height(lines: int) -> float:
    return lines * LEADING + PADDING


def _edges(table: Table, left: float, width: float) -> list[float]:
    edges = [left]
    for share in table.widths:
        edges.append(edges[-1] + share * width / sum(table.widths))
    return edges
