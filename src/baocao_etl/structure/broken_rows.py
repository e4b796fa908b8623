"""Rows of a tabbed table whose cells a dump broke over several lines.

A printer centres the lines of a cell beside those of its neighbours, so that a row's number and values
stand in a line of their own, with pieces of its longer cells above and below; other printers set all
cells at the row's top. How many pieces of a column belong to the row above them and how many to the one
below is counted from the last row up: a centred cell has as many pieces above its row's line as below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from baocao_etl.structure.columns import NUMERIC, CellPiece
from baocao_etl.structure.lines import starts_low

_NO_VALUE = re.compile(r"[-–—.…xX+/]*")
_WORDS = re.compile(r"[^\W\d_]{2}")

Row = list[CellPiece]


def joined_rows(rows: Sequence[Row], headers: int) -> tuple[list[Row], int]:
    """Return the rows with their broken cells joined, and how many of them are headings.

    The first `headers` lines are headings, of which the lowest may be upper pieces of the first row.
    """
    lines = [i for i in range(headers, len(rows)) if not _is_piece(rows[i])]
    if not lines or len(lines) == len(rows) - headers:
        return [list(row) for row in rows], headers
    joined = _Joining(rows, headers, lines).rows()
    head = [row for row, is_heading in joined if is_heading]
    return [*head, *(row for row, is_heading in joined if not is_heading)], len(head)


def _is_piece(row: Row) -> bool:
    """Say whether a line holds words alone, and none in its first column unless nothing else."""
    filled = [piece for piece in row if piece.text]
    if not filled or any(NUMERIC.fullmatch(p.text) or _NO_VALUE.fullmatch(p.text) for p in filled):
        return False
    if filled[-1].text.endswith(":"):
        return False  # "Trong đó:" names the rows below
    return bool(row[0].text == "" or (len(filled) == 1 and _WORDS.search(filled[0].text)))


class _Joining:
    """The lines of a table: full ones, and pieces in the gaps above, between and below them."""

    def __init__(self, rows: Sequence[Row], headers: int, lines: Sequence[int]) -> None:
        self._rows = rows
        self._headers = headers
        self._lines = lines
        ends = [*lines, len(rows)]
        named = max((i for i in range(headers) if rows[i][0].text), default=-1)  # STT, its number
        starts = [named + 1, *(line + 1 for line in lines)]
        self._gaps = [range(a, b) for a, b in zip(starts, ends, strict=True)]
        wordy = [sum(bool(_WORDS.search(_text(rows[i], c))) for i in lines) for c in range(3)]
        self._label = wordy.index(max(wordy))

    def rows(self) -> list[tuple[Row, bool]]:
        """Return the joined rows in order, each with whether it is a heading."""
        columns = sorted({piece.first for row in self._rows for piece in row})
        shares = [self._shares(column) for column in columns]
        are_centred = all(share is not None for share in shares)
        above: dict[int, Row] = {line: [] for line in self._lines}
        below: dict[int, Row] = {line: [] for line in self._lines}
        alone: dict[int, Row] = {}
        for column, share in zip(columns, shares, strict=True):
            for gap, owed in zip(self._gaps, share or [0] * len(self._gaps), strict=True):
                held = self._pieces(gap, column)
                for n, (i, piece) in enumerate(held):
                    upper, lower = gap.start - 1, gap.stop
                    if are_centred and n >= len(held) - owed:
                        above[lower].append(piece)
                    elif upper in below and (are_centred or self._continues(piece, upper)):
                        below[upper].append(piece)
                    else:
                        alone.setdefault(i, []).append(piece)
        whole = {i: [*above[i], *self._rows[i], *below[i]] for i in self._lines}
        named = {i: list(self._rows[i]) for i in range(self._gaps[0].start)}
        found = {**named, **whole, **{i: self._with_gaps(i, row) for i, row in alone.items()}}
        return [(row, i < self._headers) for i, row in sorted(found.items())]

    def _with_gaps(self, i: int, row: Row) -> Row:
        """Return what stays of line `i`, its empty cells kept."""
        return [p if not p.text or p in row else p._replace(text="") for p in self._rows[i]]

    def _pieces(self, gap: range, column: int) -> list[tuple[int, CellPiece]]:
        cells = ((i, piece) for i in gap for piece in self._rows[i])
        return [(i, piece) for i, piece in cells if piece.first == column and piece.text]

    def _shares(self, column: int) -> list[int] | None:
        """Return for each gap how many of its last pieces belong to the line below it.

        None: they are not set as centred cells are.
        """
        counts = [len(self._pieces(gap, column)) for gap in self._gaps]
        # What a gap leaves to the line above it, that line is owed by the gap above.
        left = list(accumulate(reversed(counts), lambda below, count: count - below))[::-1]
        owed = [*left[1:], 0]
        fits = all(0 <= o <= c for o, c in zip(owed, counts, strict=True))
        return owed if fits else None

    def _continues(self, piece: CellPiece, upper: int) -> bool:
        """Say whether a piece that no centred cell explains goes on with the line above it."""
        if starts_low(piece.text):
            return True
        return piece.first != self._label and bool(_text(self._rows[upper], piece.first))


def _text(row: Row, column: int) -> str:
    return next((piece.text for piece in row if piece.first == column), "")
