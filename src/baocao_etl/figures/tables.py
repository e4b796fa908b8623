"""Figures out of tables: each number in a cell, under its column heading and beside its row label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from baocao_etl.figures.numerals import NUMBER, is_beyond, parse_number
from baocao_etl.figures.vocabulary import Unit, Vocabulary, key
from baocao_etl.models import Cell, FigureKind, Table

_LEAST_SURE_AMOUNT = 1_000_000  # đồng; amounts that had their multiplier applied
_SHARE = re.compile(r"(?:ty|ti) le\b")  # a share without its unit is one in a hundred
_LARGEST_SHARE = 1000
_ONLY_NUMBER = re.compile(rf"({NUMBER.pattern})\s?(%?)")
_ORDINAL_HEADING = re.compile(r"^(?:tt|stt|so tt|so thu tu|nam|ghi chu|ma so|ma)$")
_UNIT_HEADING = re.compile(r"^(?:dvt|don vi(?: tinh)?)\b")
_UNIT_OVER_LABELS = re.compile(r"\b(?:dvt|don vi tinh)\b")
_PLAIN_UNIT = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]+){0,2}")
_IN_BRACKETS = re.compile(
    r"\((?:(?:đvt|đơn vị(?: tính)?|dvt|don vi(?: tinh)?)\s*:?\s*)?([^()]+)\)", re.I
)
_LAST_BRACKET = re.compile(r"\(([^()]{1,24})\)\s*:?\s*$")
_NUMBER_OF = re.compile(r"(?:^|(?<=\s))Số (?=[^\W\d_])", re.IGNORECASE)  # Số hộ di dời
_CAPTION = re.compile(r"\b(?:dvt|don vi(?: tinh)?)\s*[:.]?\s*(.+?)\s*\)?\s*$")


class CellFigure(NamedTuple):
    """A number in a cell, with its row label, column heading, and the group its row stands in."""

    cell: Cell
    kind: FigureKind
    value: Decimal
    unit: str | None
    row_label: str
    heading: str
    group: str = ""


def cell_figures(table: Table, words: Vocabulary) -> list[CellFigure]:
    """Return the figures of `table`; a row whose label was lost has none (the table says so).

    Parts of a đồng prove that OCR lost the "triệu" or "tỷ" before it: such amounts are no figures.
    """
    found = list(_cell_figures(table, words))
    if not any(figure.unit == "VND" and figure.value % 1 for figure in found):
        return found
    return [f for f in found if f.unit != "VND" or f.value >= _LEAST_SURE_AMOUNT]


def _cell_figures(table: Table, words: Vocabulary) -> Iterator[CellFigure]:
    """Yield the figures of `table`, with the units as they are read.

    The unit stands in the heading ("Kinh phí (triệu đồng)"), in a unit column of the row, is the heading
    itself ("Ngày công"), or is in the caption above the table ("Đơn vị tính: triệu đồng").
    """
    rows: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell
    headings = _headings(table)
    unit_column = next((c for c, text in headings.items() if _UNIT_HEADING.match(key(text))), None)
    caption = _in_caption(table.title or "", words)
    group = ""
    for _, row in sorted(rows.items()):
        label = _row_label(row)
        if label is None or any(cell.is_header for cell in row.values()):
            continue
        if _is_group(row, label):
            group = label.text
            continue
        name, in_row = _unit_of_row(row, label, headings, unit_column, words)
        for cell, m, heading in _numbers(row, label, headings):
            sources = _Sources(_in_brackets(heading), in_row, heading, caption)
            found = _figure(cell, m, name, sources, words)
            yield found._replace(group=group)


def _is_group(row: dict[int, Cell], label: Cell) -> bool:
    """A row with a label and nothing behind it names the rows below: `I | Cấp huyện`."""
    return not any(cell.text.strip(" -–.") for c, cell in row.items() if c > label.column)


def _numbers(
    row: dict[int, Cell], label: Cell, headings: dict[int, str]
) -> Iterator[tuple[Cell, re.Match[str], str]]:
    """Yield the cells behind the label that hold a number alone, with their headings."""
    for column, cell in sorted(row.items()):
        m = _ONLY_NUMBER.fullmatch(cell.text.strip())
        heading = headings.get(column, "")
        if (
            m
            and not is_beyond(parse_number(m[1]))
            and cell is not label
            and column > label.column
            and _counts(heading)
        ):
            yield cell, m, heading


def _headings(table: Table) -> dict[int, str]:
    headings: dict[int, str] = {}
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        if cell.is_header and cell.text:
            headings[cell.column] = f"{headings.get(cell.column, '')} {cell.text}".strip()
    return headings


def _row_label(row: dict[int, Cell]) -> Cell | None:
    """Return the first cell with words in it, if it stands before the numbers."""
    for column in sorted(row):
        text = row[column].text
        if re.search(r"[^\W\d_]{2,}", text) and not re.fullmatch(r"[IVX]+", text):
            return row[column]
        if column > 0 and _ONLY_NUMBER.fullmatch(text.strip()):
            return None
    return None


def _counts(heading: str) -> bool:
    """Say whether a column holds figures at all: not running numbers, years or codes."""
    return not _ORDINAL_HEADING.match(key(heading))


class _Sources(NamedTuple):
    """The places that may name the unit of a cell."""

    in_heading: str
    in_row: str
    heading: str
    in_caption: str


def _in_brackets(text: str) -> str:
    """Return the unit in the brackets of a heading or a label: `Kinh phí (triệu đồng)`."""
    m = _IN_BRACKETS.search(text)
    return m[1].strip() if m else ""


def _in_caption(title: str, words: Vocabulary) -> str:
    """Return the unit of all columns: "Đơn vị tính: triệu đồng", or in brackets at the title's end."""
    if m := _CAPTION.search(key(title)):
        return m[1]
    m = _LAST_BRACKET.search(title)
    return m[1] if m and _unit_of(m[1], words)[1] else ""


def _unit_of_row(
    row: dict[int, Cell],
    label: Cell,
    headings: dict[int, str],
    unit_column: int | None,
    words: Vocabulary,
) -> tuple[str, str]:
    """Return the row's label and its unit: in a column of its own, at the label's end, or in brackets."""
    text = label.text
    if unit_column is not None and row.get(unit_column, label) is not label:
        return text, row[unit_column].text
    if _UNIT_OVER_LABELS.search(key(headings.get(label.column, ""))):
        name, unit = _split_unit(text, words)
        if unit:
            return name, unit
    return text, _in_brackets(text)


def _split_unit(label: str, words: Vocabulary) -> tuple[str, str]:
    """Cut the unit from a label that a dump ran together with it: `Số giường bệnh giường`.

    It is the longest end of the label that is a unit, or that the label has named before.
    """
    tokens = label.split()
    for start in range(max(1, len(tokens) - 4), len(tokens)):
        name, end = " ".join(tokens[:start]), " ".join(tokens[start:])
        power, unit = _unit_of(end, words)
        is_known = unit is not None and unit.end == len(end) - (len(end) - len(end.rstrip()))
        is_named = f" {key(end)} " in f" {key(name)} "
        if end == "%" or is_named or (unit and (power or is_known)):
            return name.rstrip(" |"), end
    return label, ""


def _figure(
    cell: Cell, m: re.Match[str], label: str, sources: _Sources, words: Vocabulary
) -> CellFigure:
    value = parse_number(m[1])
    heading = sources.heading
    if m[2] or "%" in sources.in_row or "%" in heading:
        return CellFigure(cell, "percent", value, "%", label, heading)
    for text in (sources.in_heading, sources.in_row, sources.in_caption):
        power, unit = _unit_of(text, words)
        if unit:
            return CellFigure(cell, unit.kind, value * 10**power, unit.name, label, heading)  # type: ignore[arg-type]
    _, unit = _unit_of(heading, words)
    if unit and unit.kind == "quantity" and unit.end == len(heading.rstrip()):
        return CellFigure(cell, "quantity", value, unit.name.lower(), label, heading)
    is_share = _SHARE.match(key(label)) or _SHARE.match(key(heading))
    if is_share and not sources.in_heading and value <= _LARGEST_SHARE:
        return CellFigure(cell, "percent", value, "%", label, heading)
    return CellFigure(cell, "count", value, _thing(sources, words), label, heading)


def _thing(sources: _Sources, words: Vocabulary) -> str | None:
    """Return what a count counts that no known unit names: of the heading ("Số hộ di dời"), or as written."""
    if m := _NUMBER_OF.search(sources.heading):
        unit = words.unit_at(sources.heading, m.end())
        if unit and unit.kind == "count":
            return unit.name
    for text in (sources.in_heading.strip().lower(), sources.in_row.strip().lower()):
        if _PLAIN_UNIT.fullmatch(text) and not words.is_function(text):
            return text
    return None


def _unit_of(text: str, words: Vocabulary) -> tuple[int, Unit | None]:
    """Return the power of ten and the unit that `text` begins with: `triệu đồng` -> 6, VND."""
    text = text.strip(" -–|")
    unit = words.unit_at(text, 0) if text else None
    if unit and unit.kind == "multiplier":
        return int(unit.name), words.unit_at(text, unit.end)
    return 0, unit
