"""The body rows of a table as the checks see them: what a row is called, and its figures by column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from baocao_etl.checks.passages import Report
from baocao_etl.models import Figure, Table
from baocao_etl.repair.orthography import bare

_ORDINAL = re.compile(r"(?:\d+(?:\.\d+)*|[ivx]+|[a-z])[.)]?")


class Row(NamedTuple):
    """A body row: its running number (without its stop), its label, and its figures by column.

    `label` is folded for comparison, `name` is the label as it is printed.
    """

    row: int
    ordinal: str
    label: str
    name: str
    figures: Mapping[int, Figure]


def rows_of(report: Report, table: Table) -> list[Row]:
    """Return the body rows of `table` that are labelled or state figures."""
    cells: dict[int, dict[int, str]] = {}
    headers = {cell.row for cell in table.cells if cell.is_header}
    for cell in table.cells:
        if cell.row not in headers:
            cells.setdefault(cell.row, {})[cell.column] = cell.text.strip()
    figures: dict[int, dict[int, Figure]] = {}
    for (row, column), figure in report.cells[table.table_id].items():
        figures.setdefault(row, {})[column] = figure
    found: list[Row] = []
    for row, texts in sorted(cells.items()):
        first = bare(texts.get(0, ""))
        ordinal = first.rstrip(".)") if _ORDINAL.fullmatch(first) else ""
        name = next((t for _, t in sorted(texts.items()) if re.search(r"[^\W\d_]{2}", t)), "")
        found.append(Row(row, ordinal, bare(name), name, figures.get(row, {})))
    return found
