"""Tables: runs of lines with several cells, rebuilt as rows and columns.

Dumps part cells by tabs, so a cell's place is its number; on a page image the columns are found by what
the cells' boxes share from side to side. What cannot be rebuilt stays as text and says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Box, Cell
from baocao_etl.structure.broken_rows import joined_rows
from baocao_etl.structure.columns import (
    NUMERIC,
    CellPiece,
    band_of,
    cell_pieces,
    find_bands,
    place,
    ruled_pieces,
    widen_headings,
)
from baocao_etl.structure.flattened import find_flattened
from baocao_etl.structure.grid import Grid
from baocao_etl.structure.lines import Line, starts_low
from baocao_etl.structure.shreds import shreds

LEAST_CELLS = 3
# Or the day that heads a column.
_YEAR = re.compile(r"(?:năm\s*)?(?:\d{1,2}[/.-]){0,2}(?:19|20)\d\d")
_SAYS_SOMETHING = re.compile(r"[\w%]")  # not the rules of the frame, read as = or —
_LABEL = re.compile(r"(?:[IVXLC]+|\d{1,2}(?:\.\d{1,2})*|[A-ZĐa-zđ])\s?[.)/]?")
_COLUMN_NUMBER = re.compile(r"\(?(?:\d{1,2}|[A-E])(?:\s?[=:][\d\s+\-*/x:.%()=]*)?\)?")
# The number of a column as OCR leaves it: (1) becomes q) or @).
_CLOSED = re.compile(r"\S{1,3}\)")
_MOST_BETWEEN = 6  # lines of one cell that a broken row may have between two full ones
_NEAR = 2.2  # line heights that may lie between two lines of one table
_TIGHT = 0.35  # lines of one cell stand closer than this, in line heights


def find_tables(lines: Sequence[Line], dictionaries: Dictionaries) -> list[Grid]:
    """Return the tables among `lines`; a lone line of several cells is none.

    Those that a dump flattened come first: their rows may be as short as the lines of a table in shreds.
    """
    flattened = find_flattened(lines, dictionaries)
    grids: list[Grid] = []
    at = 0
    for start, end in [*((g.first, g.last) for g in flattened), (len(lines), len(lines))]:
        grids += [_moved(grid, at) for grid in _parted(lines[at:start])]
        at = end
    return sorted([*grids, *flattened], key=lambda grid: grid.first)


def _moved(grid: Grid, by: int) -> Grid:
    return grid._replace(first=by + grid.first, last=by + grid.last)


def _parted(lines: Sequence[Line]) -> list[Grid]:
    """Return the tables whose cells are parted by tabs, strokes or space, and those in shreds."""
    grids: list[Grid] = []
    at = 0
    for start, end in [*shreds(lines), (len(lines), len(lines))]:
        grids += [_moved(grid, at) for grid in _celled_tables(lines[at:start])]
        if end > start:
            grids.append(_as_text(lines, start, end))
        at = end
    return grids


def _celled_tables(lines: Sequence[Line]) -> list[Grid]:
    grids: list[Grid] = []
    i = 0
    while i < len(lines):
        if end := _ruled_end(lines, i):
            grids.append(_ruled(lines, i, end))
            i = end
            continue
        first, end = _run(lines, i, grids[-1].last if grids else 0)
        if end - first >= 2:
            grids.append(_boxed(lines, first, end) if lines[i].box else _tabbed(lines, first, end))
        i = max(end, i + 1)
    return grids


def _ruled_end(lines: Sequence[Line], start: int) -> int:
    """Return the end of the rows of a ruled table that begins at `start`; 0 if none does.

    On a page image only such rows have empty cells, and as many cells as the rows beside them.
    """
    columns = len(lines[start].cells)
    end = start
    while end < len(lines) and lines[end].box and len(lines[end].cells) == columns:
        end += 1
    has_empty = any(not cell for line in lines[start:end] for cell in line.cells)
    return end if columns >= 2 and end - start >= 2 and has_empty else 0


def _run(lines: Sequence[Line], start: int, free: int) -> tuple[int, int]:
    """Return the table lines around the full line `start` (an empty range if it begins no table)."""
    end = start
    while end < len(lines) and _is_full(lines[end]):
        end += 1
    broken = lines[start].box or _behind_broken_heading(lines, start, end)
    if end - start < 2 and not (end > start and broken and _goes_on(lines, start, end)):
        return (start, start) if not _two_columns(lines, start) else _two_column_run(lines, start)
    while end < len(lines) and (more := _goes_on(lines, start, end)):
        end = more
    first = start
    while first > free and _is_upper_heading(lines, first - 1, start):
        first -= 1
    full = sum(_is_full(line) for line in lines[first:end])
    return (first, end) if full >= 2 else (start, start)


def _is_full(line: Line) -> bool:
    return len(line.cells) >= LEAST_CELLS and sum(map(bool, line.cells)) >= min(2, LEAST_CELLS)


def _goes_on(lines: Sequence[Line], start: int, end: int) -> int:
    """Return the new end of a table that goes on behind `end` with a broken row, else 0."""
    if end < len(lines) and lines[end].box is None:
        return _tabbed_goes_on(lines, start, end)
    for i in range(end, min(len(lines), end + _MOST_BETWEEN + 1)):
        line = lines[i]
        if _is_full(line):
            return i + 1
        if not _fits(lines, start, end, i):
            return 0
        last = i + 1 == len(lines) or not _is_near(line, lines[i + 1])
        if last and starts_low(line.text):
            return i + 1
    return 0


def _tabbed_goes_on(lines: Sequence[Line], start: int, end: int) -> int:
    """Return the new end of a table of a dump: behind a full line, pieces of a row, or a cell's tail."""
    if _is_full(lines[end]):
        return end + 1
    if behind := _behind_broken_heading(lines, start, end):
        return behind
    if _is_heading_piece(lines[end]) and (not lines[end].cells[0] or _names_group(lines, end)):
        return end + 1
    tail = len(lines[end].cells) == 1 and starts_low(lines[end].text)
    return end + 2 if tail and end + 1 < len(lines) and _is_full(lines[end + 1]) else 0


def _names_group(lines: Sequence[Line], i: int) -> bool:
    """Say whether line `i` of a dump is a group of a table, `II, Thủy lợi`: rows with values follow."""
    label = _LABEL.fullmatch(lines[i].cells[0])
    below = next(
        (x for x in lines[i + 1 : i + 3] if not _LABEL.fullmatch(x.cells[0]) or _is_full(x)), None
    )
    return bool(label and below and _is_full(below)) and not (below and _has_no_numbers(below))


def _behind_broken_heading(lines: Sequence[Line], start: int, end: int) -> int:
    """Return the end of the full line behind tabbed lines that are pieces of a heading, else 0."""
    i = end
    while i < min(len(lines), end + _MOST_BETWEEN) and _is_heading_piece(lines[i]):
        i += 1
        if i < len(lines) and _is_full(lines[i]):
            return i + 1 if all(map(_has_no_numbers, lines[start:i])) else 0
    return 0


def _is_heading_piece(line: Line) -> bool:
    """Say whether a line of a dump has cells, though few of them filled: `STT, name` or `, , unit`."""
    return line.box is None and len(line.cells) >= 2 and not _is_full(line)


def _has_no_numbers(line: Line) -> bool:
    return not any(NUMERIC.fullmatch(c) and not _YEAR.fullmatch(c) for c in line.cells)


def _fits(lines: Sequence[Line], start: int, end: int, i: int) -> bool:
    """Say whether line `i` could be a piece of a row: right below, each cell in one column."""
    line = lines[i]
    if line.gap_above or not _is_near(lines[i - 1], line):
        return False
    rows = [cell_pieces(other) for other in lines[start:end] if _is_full(other)]
    pieces = cell_pieces(line)
    bands = find_bands([*rows, pieces], ())
    own = [band for piece in pieces if (band := band_of(piece))]
    return all(sum(band.touches(known) for known in bands) <= 1 for band in own)


def _is_near(above: Line, line: Line) -> bool:
    if above.box is None or line.box is None:
        return False
    if above.span.page != line.span.page:
        return True
    return line.box.y0 - above.box.y1 < _NEAR * line.box.height


def _is_upper_heading(lines: Sequence[Line], i: int, start: int) -> bool:
    """Say whether line `i` is the upper line of broken headings: cells close above the table."""
    line, below = lines[i], lines[i + 1]
    if line.box is None:
        is_upper = not line.cells[0] or _names_first_columns(line, below)
        return is_upper and _is_heading_piece(line) and _has_no_numbers(line)
    if below.gap_above or line.span.page != below.span.page or ":" in line.text:
        return False
    if line.box is None or below.box is None or not _is_near(line, below):
        return False
    if line.text.rstrip().endswith((".", ";")) or start - i > 3:
        return False
    if len(line.cells) >= 2:
        return not any(NUMERIC.fullmatch(cell) for cell in line.cells)
    cells = [band for piece in cell_pieces(lines[start]) if (band := band_of(piece))]
    own = band_of(cell_pieces(line)[0])
    tight = below.box.y0 - line.box.y1 < _TIGHT * line.box.height
    return bool(own) and tight and not any(own and own.touches(c) for c in cells[:2])


def _names_first_columns(line: Line, below: Line) -> bool:
    """Say whether a line of a dump names the first columns, amid the lines of the other names."""
    is_amid = not below.cells[0] and len(below.cells) > len(line.cells)
    return is_amid and all(line.cells) and _has_no_numbers(below)


def _two_columns(lines: Sequence[Line], start: int) -> bool:
    """Say whether three lines of a name and a number each begin here."""
    rows = lines[start : start + 3]
    return len(rows) == 3 and all(_is_pair(line) for line in rows[1:]) and _is_pair(rows[0], True)


def _is_pair(line: Line, heading: bool = False) -> bool:
    if len(line.cells) != 2 or not re.search(r"[^\W\d_]{2}", line.cells[0]):
        return False
    return bool(NUMERIC.fullmatch(line.cells[1])) or (heading and len(line.cells[1]) < 30)


def _two_column_run(lines: Sequence[Line], start: int) -> tuple[int, int]:
    end = start + 1
    while end < len(lines) and _is_pair(lines[end]):
        end += 1
    return start, end


def _tabbed(lines: Sequence[Line], first: int, last: int) -> Grid:
    """Build a table whose cells are parted by tabs: a cell's column is its number."""
    rows: list[list[CellPiece]] = []
    for line in lines[first:last]:
        pieces = cell_pieces(line)
        if len(pieces) == 1 and rows:
            widest = max(rows[-1], key=lambda p: len(p.text))
            rows[-1].append(pieces[0]._replace(first=widest.first, last=widest.last))
        else:
            rows.append(pieces)
    rows, headers = joined_rows(rows, header_rows(rows))
    named = next((r for r in range(headers) if rows[r][0].text), 0)  # STT, amid the heading's lines
    for r in range(min(named + 1, headers - 1)):
        lower = {p.first for row in rows[max(r, named) + 1 : headers] for p in row if p.text}
        own = _begun(rows, r, named) if r < named else set()
        headed = {p.first for row in rows[:r] for p in row if p.text}
        rows[r] = _filled(rows[r], lower - own, headed)
    return _grid(first, last, rows, headers)


def _begun(rows: Sequence[Sequence[CellPiece]], upper: int, named: int) -> set[int]:
    """Return the columns that have a name of their own down to row `named`, beside those of `upper`.

    A row that goes on below a name of `upper` holds its second line, or the names below it.
    """
    firsts = [{p.first for p in row if p.text} for row in rows[upper : named + 1]]
    return firsts[-1].union(*(own for own in firsts[1:-1] if not own & firsts[0]))


def _filled(row: Sequence[CellPiece], lower: set[int], headed: set[int]) -> list[CellPiece]:
    """Let a heading span the empty cells to its right if, as itself, they have headings below (`lower`).

    It ends before a column at which another heading has begun above (`headed`).
    """
    filled: list[CellPiece] = []
    for piece in row:
        previous = filled[-1] if filled else None
        spans = not piece.text and previous and previous.text and piece.first not in headed
        if previous and spans and {piece.first, previous.first} <= lower:
            filled[-1] = previous._replace(last=piece.first)
        else:
            filled.append(piece)
    while (
        filled
        and filled[-1].text
        and filled[-1].first in lower
        and filled[-1].last + 1 in lower - headed
    ):
        filled[-1] = filled[-1]._replace(last=filled[-1].last + 1)
    return filled


def _ruled(lines: Sequence[Line], first: int, last: int) -> Grid:
    """Build a table whose cells are parted by rulings: merged ones stand in their first column."""
    rows = [ruled_pieces(line) for line in lines[first:last]]
    headers = header_rows(rows)
    while headers > 1 and all(p.first <= 1 for p in rows[headers - 1] if p.text):
        headers -= 1  # a group, however its number was read
    for r in range(headers - 1):
        lower = {p.first for row in rows[r + 1 : headers] for p in row if p.text}
        headed = {p.first for row in rows[:r] for p in row if p.text}
        rows[r] = _filled(rows[r], lower, headed)
    return _grid(first, last, rows, headers)


def _boxed(lines: Sequence[Line], first: int, last: int) -> Grid:
    """Build a table from the boxes of its cells."""
    table = list(lines[first:last])
    pieces = [cell_pieces(line) for line in table]
    start = _first_of_body(pieces)
    while start > 1 and _begins_row(table, pieces, start - 1):
        start -= 1
    named = [[p for p in row if _SAYS_SOMETHING.search(p.text)] for row in pieces[:start]]
    bands = find_bands(pieces[start:] or pieces, named)
    head = place(zip(table[:start], named, strict=True), bands, heading=True)
    body = place(zip(table[start:], pieces[start:], strict=True), bands, heading=False)
    rows = [*widen_headings(head, bands), *_joined_rows(table[start:], body, len(bands))]
    return _grid(first, last, rows, header_rows(rows))


def _first_of_body(rows: Sequence[Sequence[CellPiece]]) -> int:
    """Return the first line with a number that is no year behind its first cell."""
    for i, row in enumerate(rows):
        if _counts_columns([piece.text for piece in row if piece.text]):
            continue
        texts = [piece.text for piece in row[1:]]
        if any(NUMERIC.fullmatch(t) and not _YEAR.fullmatch(t) for t in texts):
            return 0 if i == len(rows) else i
    return min(1, len(rows))


def _begins_row(lines: Sequence[Line], pieces: Sequence[Sequence[CellPiece]], i: int) -> bool:
    """Say whether the lone cell of line `i` is the upper line of a name: nearer to what is below."""
    alone = sum(bool(piece.text) for piece in pieces[i]) == 1
    return alone and _gap(lines[i], lines[i + 1]) < _gap(lines[i - 1], lines[i]) - 2.0


def _joined_rows(
    lines: Sequence[Line], cells: Sequence[list[CellPiece]], columns: int
) -> list[list[CellPiece]]:
    """Join the lines of broken cells: each row has one line with its number or its values."""
    label = _label_column(cells, columns)
    anchors = [_is_anchor(row) for row in cells]
    gaps = [_gap(a, b) for a, b in pairwise(lines)]
    between = [gap for gap, (a, b) in zip(gaps, pairwise(anchors), strict=True) if a and b]
    usual = median(between or [0.0])
    rows: list[list[CellPiece]] = []
    pending: list[CellPiece] = []
    for i, row in enumerate(cells):
        if anchors[i]:
            rows.append([*pending, *row])
            pending = []
            continue
        above, below = (gaps[i - 1] if i else 99.0), (gaps[i] if i < len(gaps) else 99.0)
        waits = i + 1 < len(cells) and anchors[i + 1] and not _has(cells[i + 1], label)
        if waits and below <= above + 2.0:
            pending += row
        elif rows and not pending and _continues(lines[i], rows[-1], label, above, usual):
            rows[-1] += row
        else:
            rows.append([*pending, *row])
            pending = []
    return [*rows, pending] if pending else rows


def _continues(
    line: Line, row: Sequence[CellPiece], label: int, gap: float, usual: float
) -> bool:  # fmt: skip
    height = line.box.height if line.box else 0.0
    tight = gap < _TIGHT * height and usual > 2 * max(gap, 1.0)
    return starts_low(line.text) or tight or not _has(row, label)


def _gap(above: Line, below: Line) -> float:
    if above.box is None or below.box is None or above.span.page != below.span.page:
        return 0.0
    return below.box.y0 - above.box.y1


def _is_anchor(row: Sequence[CellPiece]) -> bool:
    numbers = any(NUMERIC.fullmatch(piece.text) for piece in row if piece.first > 0)
    return numbers or bool(row and row[0].first == 0 and _LABEL.fullmatch(row[0].text))


def _has(row: Sequence[CellPiece], column: int) -> bool:
    return any(piece.first == column and re.search(r"[^\W\d_]{2}", piece.text) for piece in row)


def _label_column(rows: Sequence[Sequence[CellPiece]], columns: int) -> int:
    """Return the column of the row labels: among the first three, the one with the most words."""
    wordy = [sum(_has(row, column) for row in rows) for column in range(min(3, columns))]
    return wordy.index(max(wordy)) if wordy else 0


def header_rows(rows: Sequence[Sequence[CellPiece]]) -> int:
    """Return how many rows stand above the first that has a value behind its first column."""
    row = 0
    while row < len(rows) and not _holds_values(rows[row]):
        row += 1
    if row == len(rows):
        return 1 if len(rows) > 1 else 0
    while row > 1 and _is_group(rows[row - 1]):
        row -= 1
    return row


def _holds_values(row: Sequence[CellPiece]) -> bool:
    texts = [piece.text for piece in row if piece.text]
    values = [p.text for p in row if p.first > 0 and NUMERIC.fullmatch(p.text)]
    if not values or all(_YEAR.fullmatch(text) for text in values):
        return False
    if not any(p.first <= 1 and p.text for p in row) and 2 * len(values) < len(texts):
        return False  # a speck beside the words of a heading was read as a digit
    return not _counts_columns(texts)


def _counts_columns(texts: Sequence[str]) -> bool:
    """Say whether a row only numbers the columns: A, B, 1, 2, 3 or (1) ... (5=3+4)."""
    if len(texts) < LEAST_CELLS:
        return False
    if all(_CLOSED.fullmatch(text) for text in texts):
        return True
    if not all(_COLUMN_NUMBER.fullmatch(text) for text in texts):
        return False
    numbers = [int(m[0]) for text in texts if (m := re.search(r"\d+", text))]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_group(row: Sequence[CellPiece]) -> bool:
    """Say whether a row above the first value is a group (`I Cấp huyện`), not a heading."""
    filled = [piece for piece in row if piece.text]
    if _counts_columns([piece.text for piece in filled]):
        return False
    numbered = bool(filled) and filled[0].first == 0 and bool(_LABEL.fullmatch(filled[0].text))
    # In a column of values it is a piece of a heading.
    alone = len(filled) == 1 and filled[0].first <= 1
    return alone or (numbered and len(filled[0].text) < 8)


def _grid(first: int, last: int, rows: Sequence[Sequence[CellPiece]], headers: int) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    heading = [[piece.text for piece in row] for row in rows[:headers]]
    for r, row in enumerate(rows):
        repeated = r >= headers and [piece.text for piece in row] in heading
        for piece in row:
            for column in range(piece.first, piece.last + 1):
                is_header = r < headers or repeated
                _add(cells, r, column, piece, is_header)
    columns = max((column for _, column in cells), default=0) + 1
    problem = _problem(rows, headers, columns)
    return Grid(first, last, len(rows), columns, tuple(cells.values()), problem)


def _add(
    cells: dict[tuple[int, int], Cell], row: int, column: int, piece: CellPiece, is_header: bool
) -> None:
    """Put `piece` into its cell, behind what is there already."""
    known = cells.get((row, column))
    if known is None:
        cells[row, column] = Cell(row=row, column=column, text=piece.text, spans=(piece.span,),
                                  box=piece.box, is_header=is_header)  # fmt: skip
        return
    boxes = [box for box in (known.box, piece.box) if box]
    cells[row, column] = known.model_copy(
        update={
            "text": f"{known.text} {piece.text}".strip(),
            "spans": (*known.spans, piece.span),
            "box": Box.around(boxes) if boxes else None,
        }
    )


def _problem(rows: Sequence[Sequence[CellPiece]], headers: int, columns: int) -> str | None:
    """Name the rows with values whose label was lost."""
    label = _label_column(rows[headers:], columns)
    lost = [
        str(r + 1) for r, row in enumerate(rows)
        if r >= headers and not any(_has(row, c) for c in range(label + 1))
        and any(NUMERIC.fullmatch(p.text) for p in row if p.first > 0)
        and not _counts_columns([p.text for p in row if p.text])
    ]  # fmt: skip
    return f"row {', '.join(lost)}: the label is missing" if lost else None


def _as_text(lines: Sequence[Line], first: int, last: int) -> Grid:
    """Keep what cannot be told apart: one line a row."""
    cells = [
        Cell(row=i, column=0, text=line.text, spans=(line.span,), box=line.box)
        for i, line in enumerate(lines[first:last])
    ]
    problem = "the rows and columns cannot be told apart: kept as text"
    return Grid(first, last, last - first, 1, tuple(cells), problem)
