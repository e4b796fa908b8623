"""Flattened tables: a dump that prints each row as a line, with nothing between the cells but spaces.

`1 | Chi đầu tư phát triển 21.400 26.150` is told from a sentence by its neighbours: several lines in a row
that end in as many numbers. What their columns are called can be told only where the heading's cells
are parted, too; a table of which that matters and cannot be told stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from baocao_etl.models import Span
from baocao_etl.structure.columns import NUMERIC, CellPiece
from baocao_etl.structure.lines import SENTENCE_END, Line, starts_low

_LEAST_ROWS, _LEAST_VALUES = 3, 2
_LONGEST = 90  # characters of a row; a longer line is a sentence
_HEADING_LINES = 3
_GAP = frozenset("-–.~_|")  # an empty cell, or a stroke of the rules
_ORDINAL = re.compile(r"(?:[IVXl]{1,4}|\d{1,2}(?:\.\d{1,2})*|[A-ZĐ])[_.)]?")
_NUMBERING = re.compile(r"^\W*(?:S?TT|Số TT|T\s?T|Stt|từ)\b", re.IGNORECASE)
_BENT_PERCENT = re.compile(r"\((?:[°º]|[o0]/[o0]|96|9%)\)")
_CAPTION = re.compile(r"đơn vị(?: tính)?\s*:|^\W*ĐVT\b", re.IGNORECASE)


class FlatRow(NamedTuple):
    """A line as a row: the words of its number, of its name, and of each of its values."""

    ordinal: Span | None
    name: Span | None
    values: tuple[Span, ...]


class FlatTable(NamedTuple):
    """The rows of a flattened table, and the lines `first:last` that it stands in."""

    first: int
    last: int
    headings: int
    rows: list[list[CellPiece]]


def flat_tables(lines: Sequence[Line]) -> list[FlatTable]:
    """Return the flattened tables among the lines of a dump."""
    found: list[FlatTable] = []
    at = 0
    while at < len(lines):
        end = _run(lines, at)
        table = _table(lines, at, end, found[-1].last if found else 0) if end else None
        if table:
            found.append(table)
        at = max(at + 1, end if table else 0)
    return found


def row_of(line: Line) -> FlatRow:
    """Cut a line at the numbers it ends in."""
    texts = [word.text.strip("|") for word in line.words]
    start = line.span.start
    end = len(texts)
    values: list[Span] = []
    while end > 0 and (NUMERIC.fullmatch(texts[end - 1]) or set(texts[end - 1]) <= _GAP):
        end -= 1
        if NUMERIC.fullmatch(texts[end]):
            values.insert(0, Span(line.span.page, start + end, start + end + 1))
    behind = 1 if texts and _ORDINAL.fullmatch(texts[0]) and end > 1 else 0
    begin = behind
    while begin < end and set(texts[begin]) <= _GAP:
        begin += 1
    named = begin < end and any(c.isalpha() for text in texts[begin:end] for c in text)
    return FlatRow(
        Span(line.span.page, start, start + behind) if behind else None,
        Span(line.span.page, start + begin, start + end) if named else None,
        tuple(values),
    )


def _run(lines: Sequence[Line], start: int) -> int:
    """Return the end of the rows that begin at `start`; 0 if they are too few."""
    width = _values(lines[start])
    if width < _LEAST_VALUES:
        return 0
    end, rows = start, 0
    for i in range(start, len(lines)):
        if _values(lines[i]) == width:
            end, rows = i + 1, rows + 1
        elif not (i - end < 2 and _may_stand_between(lines[i])):
            break
    return end if rows >= _LEAST_ROWS else 0


def _values(line: Line) -> int:
    """Return how many values a line ends in that names something; 0 if it is no row."""
    if (
        line.box is not None
        or len(line.cells) > 1 + line.text.count("|")
        or len(line.text) > _LONGEST
    ):
        return 0
    row = row_of(line)
    return len(row.values) if row.name else 0


def _may_stand_between(line: Line) -> bool:
    """Say whether a line without the usual values may be a group, the end of a name, or a worn row."""
    if line.box is not None or len(line.text) > _LONGEST or line.text.endswith(SENTENCE_END):
        return False
    row = row_of(line)
    return bool(row.ordinal) or bool(row.values) or (starts_low(line.text) and len(line.text) < 30)


def _table(lines: Sequence[Line], start: int, end: int, free: int) -> FlatTable | None:
    width = _values(lines[start])
    while (
        start > free and row_of(lines[start - 1]).ordinal and _may_stand_between(lines[start - 1])
    ):
        start -= 1  # groups, and rows that lost a value
    first = start
    while first > free and start - first < _HEADING_LINES and _is_heading(lines[first - 1]):
        first -= 1
    if not any(_NUMBERING.match(x.text) or "|" in x.text for x in lines[first:start]):
        first = start
    headings = [_heading(line, width) for line in lines[first:start]]
    said = _BENT_PERCENT.sub("(%)", " ".join(line.text for line in lines[first:start]))
    placed = " ".join(piece.text for row in headings for piece in row)
    if any(said.count(sign) > placed.count(sign) for sign in "%("):
        return None  # a unit that belongs to one column, and nothing says to which
    rows = [row for row in headings if row]
    body: list[list[CellPiece]] = []
    for line in lines[start:end]:
        row = row_of(line)
        if not row.values and not row.ordinal and body:
            body[-1].append(_piece(line, line.span, 1))
            continue
        body.append(_cells(line, row, width))
    return FlatTable(first, end, len(rows), [*rows, *body])


def _cells(line: Line, row: FlatRow, width: int) -> list[CellPiece]:
    """Return the cells of a row; values of which some are lost cannot be placed, and stay in its name."""
    cells = [_piece(line, row.ordinal, 0)] if row.ordinal else []
    if len(row.values) not in (0, width):
        begin = row.ordinal.end if row.ordinal else line.span.start
        return [*cells, _piece(line, Span(line.span.page, begin, line.span.end), 1)]
    if row.name:
        cells.append(_piece(line, row.name, 1))
    return cells + [_piece(line, span, 2 + i) for i, span in enumerate(row.values)]


def _is_heading(line: Line) -> bool:
    if line.text.endswith((".", ":", ";")) or len(line.text) > _LONGEST:
        return False
    return not _CAPTION.search(line.text) and not row_of(line).ordinal


def _heading(line: Line, width: int) -> list[CellPiece]:
    """Return the cells of a heading that can be told apart, which belong to the last columns.

    With fewer strokes than columns, the first cell holds other headings, too. A unit in brackets at the
    end is that of the last column.
    """
    spans = [s for s in line.cell_spans if s.end > s.start][-width:]
    if len(spans) < 2:
        spans = [Span(line.span.page, max(line.span.start, line.span.end - 3), line.span.end)]
        if not re.search(r"\([^()]+\)$", line.text):
            return []
    cells = [_piece(line, span, 1 + width - i) for i, span in enumerate(reversed(spans))][::-1]
    return [cell._replace(text=_BENT_PERCENT.sub("(%)", cell.text)) for cell in cells]


def _piece(line: Line, span: Span, column: int) -> CellPiece:
    words = line.words[span.start - line.span.start : span.end - line.span.start]
    text = " ".join(word.text for word in words).strip(" |¦_`'’‘·~")
    return CellPiece(text, span, None, column, column)
