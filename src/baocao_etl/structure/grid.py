"""What a table is to the rooms behind: its cells, and the lines that it was built from."""

from __future__ import annotations

from typing import NamedTuple

from baocao_etl.models import Cell


class Grid(NamedTuple):
    """The cells of one table, and the lines `first:last` it was built from."""

    first: int
    last: int
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    problem: str | None
