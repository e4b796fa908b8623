"""Ruled tables of a page that was read by OCR: each row becomes one line, its cells kept apart."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from baocao_etl.reading.layout import arrange
from baocao_etl.reading.ruled import Grid
from baocao_etl.reading.tokens import Block, Row, Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from baocao_etl.reading.ruled import Cells
    from baocao_etl.reading.tokens import Line

_RULINGS = "|¦│‖"  # what engines make of an upright ruling
_LEAST_CELLS = 3  # a row may be alone on its page
_FILLED = 0.5  # of the cells hold words: a seal's strokes make cells as well
_BESIDE = 0.15  # of the words at its height may stand beside a table: notes, specks
_LINE = 0.5  # of a word's height: words whose middles are nearer stand on one line
_SPECK, _SPECKS = 0.5, ".,:;'`’"  # marks beside the words of a cell, unsure or small
_STRAY = re.compile(r"[.,'`’]+(?=\d)")
_NUMBER = re.compile(r"[-–(]?\d[\d.,%]*\)?")
_STACKED = 2  # cells of a row with numbers one below the other: rows whose rulings were not seen


def arrange_tables(lines: Sequence[Line], tables: Sequence[Cells]) -> list[Block]:
    """Put `lines` in reading order: tables row by row, the text between them by its layout.

    `tables` are the cells of each ruled table. What is no table to the eye is text like the rest.
    """
    tokens = [token for line in lines for token in line]
    grids: list[Grid] = []
    for grid in sorted(map(Grid.of, tables), key=lambda grid: grid.box.y0):
        if (not grids or grid.box.y0 >= grids[-1].box.y1) and _is_table(grid, tokens):
            grids.append(grid)
    blocks: list[Block] = []
    for grid in grids:
        above = [[t for t in line if _middle(t)[1] < grid.box.y0] for line in lines]
        inside = [[t for t in line if grid.cell_at(*_middle(t))] for line in lines]
        lines = [
            [t for t in line if _middle(t)[1] >= grid.box.y0 and not grid.cell_at(*_middle(t))]
            for line in lines
        ]
        blocks += arrange(above)
        blocks.append(_rows(grid, [t for line in inside for t in line]))
    return [*blocks, *arrange(lines)]


def _middle(token: Token) -> tuple[float, float]:
    box = token.box
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def _is_table(grid: Grid, tokens: Sequence[Token]) -> bool:
    """Say whether the cells of `grid` hold what stands at its height, a line of each row."""
    level = [t for t in tokens if grid.box.y0 <= _middle(t)[1] < grid.box.y1 and _text(t)]
    cells = _cells(grid, level)
    firsts = set(grid.owners.values())
    rows, columns = (len({field[axis] for field in cells}) for axis in (0, 1))
    held = sum(len(cell) for cell in cells.values())
    if rows * columns < _LEAST_CELLS or columns < 2 or len(cells) < _FILLED * len(firsts):
        return False
    if len(level) - held > _BESIDE * len(level):
        return False
    stacked = [
        row
        for (row, _), cell in cells.items()
        if len(found := _set(cell)) > 1
        and all(len(line) == 1 and _NUMBER.fullmatch(line[0].text) for line in found)
    ]
    return all(stacked.count(row) < _STACKED for row in stacked)


def _cells(grid: Grid, tokens: Iterable[Token]) -> dict[tuple[int, int], list[Token]]:
    cells: dict[tuple[int, int], list[Token]] = {}
    for token in tokens:
        cell = grid.cell_at(*_middle(token))
        if cell is not None and _text(token):
            cells.setdefault(cell, []).append(token)
    return {cell: [t for t in held if not _is_speck(t)] or held for cell, held in cells.items()}


def _is_speck(token: Token) -> bool:
    if any(map(str.isalnum, token.text)):
        return False
    return token.confidence < _SPECK or not token.text.strip(_SPECKS)


def _rows(grid: Grid, tokens: Sequence[Token]) -> list[Row]:
    """Return the rows of `grid` that have text, all of them with as many cells."""
    cells = _cells(grid, tokens)
    return [
        Row(
            [
                [_cleaned(t) for line in _set(cells.get((row, column), [])) for t in line]
                for column in range(grid.columns)
            ]
        )
        for row, _ in groupby(sorted(cells), key=lambda cell: cell[0])
    ]


def _set(cell: Sequence[Token]) -> list[list[Token]]:
    """Return the lines of a cell, from top to bottom."""
    lines: list[list[Token]] = []
    for token in sorted(cell, key=lambda token: _middle(token)[1]):
        apart = _middle(token)[1] - _middle(lines[-1][-1])[1] if lines else 0.0
        if lines and apart < _LINE * token.box.height:
            lines[-1].append(token)
        else:
            lines.append([token])
    return [sorted(line, key=lambda token: token.box.x0) for line in lines]


def _text(token: Token) -> str:
    return token.text.strip(_RULINGS)


def _cleaned(token: Token) -> Token:
    """Return `token` without the ruling, or the specks before a number, that were read into it."""
    text = _STRAY.sub("", _text(token), count=1) if _STRAY.match(_text(token)) else _text(token)
    return token if text == token.text else token._replace(text=text, rivals=(), raw="")
