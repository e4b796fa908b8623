"""Tables: runs of lines with three or more cells, rebuilt as rows and columns.

Dumps part cells by tabs, so a cell's place is its number; on a page image the columns are found by what
the cells' boxes share from side to side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from baocao_etl.models import Box, Cell, Span
from baocao_etl.structure.lines import Line

LEAST_CELLS = 3
NUMERIC = re.compile(r"[\d.,%/ ]*\d[\d.,%/ ]*")


class Grid(NamedTuple):
    """The cells of one table, and the lines `first:last` it was built from."""

    first: int
    last: int
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    problem: str | None


def find_tables(lines: Sequence[Line]) -> list[Grid]:
    """Return the tables among `lines`; a lone line of several cells is none."""
    grids: list[Grid] = []
    i = 0
    while i < len(lines):
        end = _run_end(lines, i)
        if end - i >= 2:
            grids.append(_grid(lines, i, end))
            i = end
        else:
            i += 1
    return grids


def _run_end(lines: Sequence[Line], start: int) -> int:
    """Return the end of the run of table lines that begins at `start` (or `start` if none does)."""
    end = start
    while end < len(lines) and len(lines[end].cells) >= LEAST_CELLS:
        end += 1
    return end


def _grid(lines: Sequence[Line], first: int, last: int) -> Grid:
    rows = lines[first:last]
    bands = None if rows[0].box is None else _bands(rows)
    cells: list[Cell] = []
    for r, line in enumerate(rows):
        for c, (text, span) in enumerate(zip(line.cells, line.cell_spans, strict=True)):
            box = _box(line, span)
            column = c if bands is None or box is None else _nearest(bands, box)
            cells.append(Cell(row=r, column=column, text=text, spans=(span,), box=box))
    cells = _merged(cells)
    headers = _header_rows(cells, len(rows))
    cells = [cell.model_copy(update={"is_header": cell.row < headers}) for cell in cells]
    columns = max(cell.column for cell in cells) + 1
    return Grid(first, last, len(rows), columns, tuple(cells), _problem(cells, headers))


def _box(line: Line, span: Span) -> Box | None:
    offset = line.span.start
    boxes = [w.box for w in line.words[span.start - offset : span.end - offset] if w.box]
    return Box.around(boxes) if boxes else None


def _bands(rows: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the columns' left and right sides: what the cells of the fullest rows cover."""
    fullest = max(len(line.cells) for line in rows)
    boxes = [
        _box(line, span) for line in rows if len(line.cells) == fullest for span in line.cell_spans
    ]
    bands = [(box.x0, box.x1) for box in boxes if box]
    merged: list[tuple[float, float]] = []
    for left, right in sorted(bands):
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged


def _nearest(bands: Sequence[tuple[float, float]], box: Box) -> int:
    middle = (box.x0 + box.x1) / 2
    return min(
        range(len(bands)),
        key=lambda i: 0.0 if bands[i][0] <= middle <= bands[i][1]
        else min(abs(bands[i][0] - middle), abs(bands[i][1] - middle)),
    )  # fmt: skip


def _merged(cells: Sequence[Cell]) -> list[Cell]:
    """Join cells that fell into the same row and column."""
    found: dict[tuple[int, int], Cell] = {}
    for cell in cells:
        known = found.get((cell.row, cell.column))
        if known is None:
            found[cell.row, cell.column] = cell
            continue
        boxes = [box for box in (known.box, cell.box) if box]
        found[cell.row, cell.column] = known.model_copy(
            update={
                "text": f"{known.text} {cell.text}".strip(),
                "spans": known.spans + cell.spans,
                "box": Box.around(boxes) if boxes else None,
            }
        )
    return list(found.values())


def _header_rows(cells: Sequence[Cell], rows: int) -> int:
    """Return how many rows stand above the first that has a number outside its first column."""
    for row in range(rows):
        texts = [c.text for c in cells if c.row == row and c.column > 0]
        if any(NUMERIC.fullmatch(text) for text in texts):
            break
    else:
        return 1
    body_labels = [c.text for c in cells if c.row < row and c.column == 0]
    numbered = sum(bool(re.fullmatch(r"[IVX]+|\d+", text)) for text in body_labels)
    return max(1, row - numbered) if row else 0


def _problem(cells: Sequence[Cell], headers: int) -> str | None:
    """Name the rows whose label is a number, that is, was lost."""
    lost = [
        str(c.row + 1) for c in cells
        if c.column == 1 and c.row >= headers and NUMERIC.fullmatch(c.text)
    ]  # fmt: skip
    return f"row {', '.join(lost)}: the label is missing" if lost else None
