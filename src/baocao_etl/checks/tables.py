"""Totals in tables: a row that adds up the rows above it, a column the columns beside it, 2.1 + 2.2 = 2.

A table's own structure licenses the sum, so a failure is told where the same structure holds elsewhere
in the table, or where one misread digit explains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from baocao_etl.checks.arithmetic import ADDITIVE, equation, finding, proposals, sum_failure
from baocao_etl.checks.base import Check
from baocao_etl.checks.passages import Report, plain_number
from baocao_etl.checks.table_rows import Row, rows_of
from baocao_etl.models import Figure, Finding, Table
from baocao_etl.repair.orthography import bare

_TOTAL = re.compile(
    r"^\W*(?:[a-z0-9]\W+)?(?:tong|cong)\b"
    r"(?!\s+(?:chuc|tac|nghe|khai|doan|ty|an|trinh|dan|nhan|thong|vu|cu|dong|suat))"
)
_REMARK = re.compile(r"\s*(tang|giam)\s+(\d{1,3}(?:\.\d{3})+|\d+)\b")
_COUNT = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+")


class _Sum(NamedTuple):
    """Parts and the total that they should make."""

    parts: tuple[Figure, ...]
    total: Figure
    missing: tuple[str, ...] = ()  # the names of rows whose cell states no figure

    @property
    def holds(self) -> bool:
        return sum(part.value for part in self.parts) == self.total.value


def _told(rule: str, sums: Sequence[_Sum], *, least: int) -> Iterator[Finding]:
    """Yield a finding for each sum; failures only beside `least` sums that hold, or if explained.

    Where a cell among the parts states nothing (a dash, or a figure that was not read), the sum may
    hold but cannot fail.
    """
    holding = sum(s.holds for s in sums)
    for s in sums:
        figures = [*s.parts, s.total]
        if s.holds:
            if s.total.value:
                yield finding(rule, figures, "holds", f"{equation(s.parts, s.total)}.")
            continue
        if s.missing:
            yield from _unread(rule, s, holding)
            continue
        explained = proposals(figures, lambda v: sum(v[:-1]) == v[-1])
        if holding >= least or (explained and s.total.value >= 100):
            yield sum_failure(rule, s.parts, s.total, explained)


def _unread(rule: str, s: _Sum, holding: int) -> Iterator[Finding]:
    """One cell states nothing, and the table's other sums hold: say what the cell must be."""
    rest = s.total.value - sum(part.value for part in s.parts)
    if len(s.missing) == 1 and rest > 0 and holding:
        parts = " + ".join(plain_number(p.value) for p in s.parts)
        message = (
            f"{parts} + {plain_number(rest)} = {plain_number(s.total.value)}: the cell of row "
            f"{s.missing[0].strip(' |')!r} was not read and may be {plain_number(rest)}."
        )
        yield finding(rule, [*s.parts, s.total], "note", message)


def _additive(figure: Figure) -> bool:
    return figure.kind in ADDITIVE


class ColumnTotal(Check):
    """A row called Tổng or Cộng adds up the rows above it (or below it, where it comes first)."""

    rule = "table_total"
    strength = 0.9
    example = "96 + 274 = 370 in the row Tổng cộng"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each column of each total row."""
        for table in report.tables:
            rows = rows_of(report, table)
            totals = [i for i, row in enumerate(rows) if _TOTAL.search(row.label) and row.figures]
            for i in totals:
                last = max((j for j in totals if j < i), default=-1)
                above = rows[last + 1 : i]
                following = next((j for j in totals if j > i), len(rows))
                block = above if len(above) > 1 else rows[i + 1 : following]
                if not _has_children(rows[i], block):
                    yield from _column_totals(self.rule, rows[i], block)


def _has_children(row: Row, block: Sequence[Row]) -> bool:
    """Say whether the total's own number heads sub-rows (1 over 1.1, 1.2), which `SubRows` adds up."""
    return bool(row.ordinal) and any(r.ordinal.startswith(f"{row.ordinal}.") for r in block)


def _column_totals(rule: str, total: Row, block: Sequence[Row]) -> Iterator[Finding]:
    """Try all rows of the block, then only the outer ones (1, not 1.1; I, not 1)."""
    choices = [rows for rows in _layers(block) if len(rows) > 1]
    if not choices:
        return
    best = max(
        (list(_sums(total, rows)) for rows in choices), key=lambda s: sum(x.holds for x in s)
    )
    flat = len(choices) == 1
    yield from _told(rule, best if flat else [s for s in best if s.holds], least=1)


def _layers(block: Sequence[Row]) -> list[list[Row]]:
    rows = [row for row in block if row.figures]
    outer = [row for row in rows if "." not in row.ordinal]
    roman = [row for row in rows if re.fullmatch(r"[ivx]+", row.ordinal)]
    layers = [rows]
    for layer in (outer, roman):
        if layer and layer not in layers:
            layers.append(layer)
    return layers


def _sums(total: Row, rows: Sequence[Row]) -> Iterator[_Sum]:
    for column, figure in total.figures.items():
        parts = tuple(row.figures[column] for row in rows if column in row.figures)
        if _additive(figure) and len(parts) > 1 and all(p.kind == figure.kind for p in parts):
            missing = tuple(row.name for row in rows if column not in row.figures)
            yield _Sum(parts, figure, missing)


class RowTotal(Check):
    """A column called Tổng or Cộng adds up the other columns of its row."""

    rule = "row_total"
    strength = 0.9
    example = "cấp huyện 96 + cấp xã 274 = tổng số 370"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each row of a table with a total column."""
        for table in report.tables:
            rows = rows_of(report, table)
            totals = [c for c, text in _headings(table).items() if _TOTAL.search(text)]
            if len(totals) != 1:
                continue
            column = _filled(totals[0], rows)
            sums = [s for row in rows if (s := _across(row, column)) is not None]
            if sum(s.holds for s in sums) >= 2 or (len(sums) == 1 and sums[0].holds):
                yield from _told(self.rule, sums, least=2)


def _headings(table: Table) -> dict[int, str]:
    found: dict[int, str] = {}
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        if cell.is_header:
            found[cell.column] = f"{found.get(cell.column, '')} {bare(cell.text)}".strip()
    return found


def _filled(column: int, rows: Sequence[Row]) -> int:
    """Return `column`, or its neighbour where the figures below a heading stand beside it."""
    used = {c for row in rows for c in row.figures}
    return next((c for c in (column, column + 1, column - 1) if c in used), column)


def _across(row: Row, total: int) -> _Sum | None:
    """Return the sum across a row: the columns behind its total, or all before it."""
    figure = row.figures.get(total)
    if figure is None or not _additive(figure):
        return None
    alike = {c: f for c, f in row.figures.items() if f.kind == figure.kind and c != total}
    before = tuple(f for c, f in sorted(alike.items()) if c < total)
    behind = tuple(f for c, f in sorted(alike.items()) if c > total)
    sides = [_Sum(side, figure) for side in (before, behind) if len(side) > 1]
    return next((s for s in sides if s.holds), sides[0] if sides else None)


class RowChange(Check):
    """A remark in a row tells the step between two of its columns (`Tăng 30 giường`)."""

    rule = "row_change"
    strength = 0.6
    example = "190 | 220 | Tăng 30 giường: 190 + 30 = 220"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each remark that the columns confirm."""
        for table in report.tables:
            rows = {row.row: row for row in rows_of(report, table)}
            for cell in table.cells:
                m = _REMARK.match(bare(cell.text))
                row = rows.get(cell.row)
                if not m or row is None:
                    continue
                step = int(m[2].replace(".", "")) * (1 if m[1] == "tang" else -1)
                figures = [f for _, f in sorted(row.figures.items())]
                for one, other in pairwise(figures):
                    if other.value - one.value == step and abs(step) >= 10:
                        sign = "+" if step > 0 else "-"
                        message = (
                            f"{plain_number(one.value)} {sign} {abs(step)} = "
                            f"{plain_number(other.value)}, as the row remarks."
                        )
                        yield finding(self.rule, [one, other], "holds", message)


class SubRows(Check):
    """Rows numbered 2.1, 2.2, ... add up to row 2, even where row 2 has lost its label."""

    rule = "sub_rows"
    strength = 0.8
    example = "2.1 máy tính để bàn 42 + 2.2 máy tính xách tay 26 = 2 máy tính 68"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each column of each row that has numbered sub-rows."""
        for table in report.tables:
            rows = rows_of(report, table)
            for i, row in enumerate(rows):
                children = list(_children(row, rows[i + 1 :]))
                if len(children) < 2:
                    continue
                if row.figures:
                    yield from _told(self.rule, list(_sums(row, children)), least=1)
                else:
                    yield from _unlabelled(self.rule, table, row, children)


def _children(row: Row, below: Iterable[Row]) -> Iterator[Row]:
    depth = row.ordinal.count(".") + 1
    for child in below:
        if not row.ordinal or not child.ordinal.startswith(f"{row.ordinal}."):
            return
        if child.ordinal.count(".") == depth:
            yield child


def _unlabelled(rule: str, table: Table, row: Row, children: Sequence[Row]) -> Iterator[Finding]:
    """The parent row lost its label, so its cells are no figures; they still prove those below."""
    texts = [c.text.strip() for c in table.cells if c.row == row.row and c.column > 0]
    totals = {int(t.replace(".", "")) for t in texts if _COUNT.fullmatch(t)}
    for column in children[0].figures:
        parts = [child.figures[column] for child in children if column in child.figures]
        added = sum(part.value for part in parts)
        if len(parts) > 1 and added in totals and added >= 10:
            shown = " + ".join(plain_number(p.value) for p in parts)
            message = f"{shown} = {added} in row {row.ordinal}, which has lost its label."
            yield finding(rule, parts, "holds", message)
