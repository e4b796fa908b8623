"""Figures out of tables: each number in a cell, under its column heading and beside its row label."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from baocao_etl.figures.amounts import SURELY_MONEY, short_money
from baocao_etl.figures.cells import LARGEST_SHARE, CellFigure, with_amounts, with_percents
from baocao_etl.figures.numerals import NUMBER, is_beyond, parse_number
from baocao_etl.figures.vocabulary import Unit, Vocabulary, key
from baocao_etl.models import Cell, FigureKind, Table
from baocao_etl.repair.orthography import strip_diacritics

_LEAST_AMOUNT = 1000  # đồng
_LEAST_SURE_AMOUNT = 1_000_000  # đồng; amounts that had their multiplier applied
_WORDS = re.compile(r"[^\W\d_]+")
_SENTENCE = 2  # words: Tăng 30 giường
# "Tỷ lệ", "TH/KH" (thực hiện so với kế hoạch): a share without its unit is one in a hundred
_SHARE = re.compile(r"(?:ty|ti) (?:le|trong)\b|(?:th|ut|uoc th)\s?/\s?(?:kh|dt)\b")
_ONLY_NUMBER = re.compile(rf"{NUMBER.pattern}")
# A number, with the word before it (Tăng 5,4%), its sign, its whole ("14/20") and its unit if it has them.
_CELL = re.compile(
    rf"(?:(?P<word>[^\W\d_]{{2,}}):?\s)?(?P<sign>[+\-–−]\s?)?"
    rf"(?P<number>{NUMBER.pattern})(?:\s?/\s?(?P<whole>{NUMBER.pattern}))?"
    r"(?:\s?(?P<percent>%)|(?P<unit>\s?[^\W\d_].{0,30})?)"
)
_HEADING_OF_DATES = re.compile(r"\b(?:ngay|thoi gian|thoi han|ky hieu|so hieu|thang)\b")
_HEADING_OF_RANKS = re.compile(
    r"(?:xep hang|xep thu|thu hang|hang$|xep vi tri|vi tri xep hang|vi thu)\b|vi tri(?: thu)?(?: nam \d{4})?$"
)
_SCORE_OF = re.compile(r"(?:tổng |số )?(?=điểm\b)", re.IGNORECASE)
# Running numbers, codes and levels; "nam" may be Nam, whom the column counts
_ORDINAL_HEADING = re.compile(
    r"(?:tt|stt|so tt|so thu tu|ghi chu|ma(?: so| [a-z]+){0,3}|so hieu|ky hieu|nam sinh|nam hoc|cap|cap do"
    r"|muc do(?: dvc| dich vu cong| dvctt)?|loai|(?:so )?dien thoai|sdt)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_HEADING_OF_YEARS = re.compile(r"\b(?:nam|giai doan|nien (?:khoa|do))\b(?! \d)")
# What stands for the name of a row in a table of years: 2019, 2016 - 2020, 6/2020, 31/12/2020
_ROW_OF_TIME = re.compile(r"(?:\d{1,2}[/.-]){0,2}(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?")
_UNIT_HEADING = re.compile(r"^(?:dvt|don vi(?: tinh)?)\b")
_UNIT_OVER_LABELS = re.compile(r"\b(?:dvt|don ?vi\W? tinh)\b")
_LEAST_UNITED = 0.6  # of the rows that end in a unit, from which a column of units stood there
_SAYS_SOMETHING = re.compile(r"[\w%]")
_PLAIN_UNIT = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]+){0,2}")
_IN_BRACKETS = re.compile(
    r"\((?:(?:đvt|đơn vị(?: tính)?|dvt|don vi(?: tinh)?)\s*:?\s*)?([^()]+)\)", re.I
)
_LAST_BRACKET = re.compile(r"\(([^()]{1,24})\)\s*:?\s*$")
# Thousands as bookkeepers write them: 1.000 đồng, 1000đ, 1.000.000 đồng, 10³ tấn
_TOTAL = re.compile(r"\W*(?:tong cong|tong so|tong|cong)\W*$")
_THOUSANDS = re.compile(r"1(?P<groups>(?:[.,]?\s?000)+)(?!\d)|10(?P<power>[³⁶⁹])")
_POWERS = {"³": 3, "⁶": 6, "⁹": 9}
_IN_THOUSANDS = re.compile(rf"(?:^|(?<=\s))(?:{_THOUSANDS.pattern})\s?[^\W\d_]+(?: [^\W\d_]+)?\s*$")
_INDEX = re.compile(r"\s*\(\d{1,2}\)\s*$")  # columns that are numbered: (1) | (2) | (3)
_PERIODS = re.compile(
    r"^(?:(?:năm|nam|quý|quy|tháng|thang)\s[\dIVX]+(?:/\d{4})?\s+)+", re.IGNORECASE
)
_NUMBER_OF = re.compile(r"(?:^|(?<=\s))Số (?=[^\W\d_])", re.IGNORECASE)  # Số hộ di dời
# "Do vậy: Triệu đồng", the label bent
_AMOUNTS_CAPTION = re.compile(r"[^:]{1,20}:\s*((?:(?:nghin|ngan|trieu|ty) ){1,2}dong)\W*")
_CAPTION = re.compile(r"\b(?:dvt|don vi(?: tinh)?)\s*[:.]?\s*(.+?)\s*\)?\s*$")


def cell_figures(table: Table, words: Vocabulary) -> list[CellFigure]:
    """Return the figures of `table`; a row whose label was lost has none (the table says so).

    Parts of a đồng, or a few đồng, prove that OCR lost the "triệu" or "tỷ" before it: such amounts are
    no figures.
    """
    found = with_amounts(with_percents(list(_cell_figures(table, words))))
    if not any(figure.unit == "VND" and _is_no_amount(figure.value) for figure in found):
        return found
    return [f for f in found if f.unit != "VND" or f.value >= _LEAST_SURE_AMOUNT]


def _cell_figures(table: Table, words: Vocabulary) -> Iterator[CellFigure]:
    """Yield the figures of `table`, with the units as they are read.

    The unit stands in the heading ("Kinh phí (triệu đồng)"), in a unit column of the row, is the heading
    itself ("Ngày công"), or is in the caption above the table ("Đơn vị tính: triệu đồng").
    """
    headings = _headings(table)
    unit_column = next((c for c, text in headings.items() if _UNIT_HEADING.match(key(text))), None)
    rows = _rows(table)
    united = _shares_cell([label for _, label, _ in rows], headings, words)
    caption = _in_caption(table.title or "", words)
    nouns = _own_headings(table) if unit_column is None else {}
    for row, label, group in rows:
        name, in_row = _unit_of_row(row, label, united, unit_column, words)
        for cell, m, heading in _numbers(row, label, headings, words):
            own = _in_brackets(heading, words)
            sources = _Sources(own, in_row, heading, caption, nouns.get(cell.column, ""))
            if found := _figure(cell, m, name, sources, words):
                yield found._replace(group=group)


def _is_no_amount(value: Decimal) -> bool:
    return bool(value % 1) or 0 < value < _LEAST_AMOUNT


def told_in_cells(table: Table, read: Collection[tuple[int, int]]) -> Iterator[tuple[Cell, str]]:
    """Yield the cells that tell of their figures in words, `Đã cấp 45 chữ ký số`, with their row's label.

    Those of `read` (row, column) are left out: they hold one number, which is known.
    """
    for row, label, _ in _rows(table):
        for column, cell in sorted(row.items()):
            tells = len(_WORDS.findall(cell.text)) >= _SENTENCE and cell.spans
            if column > label.column and tells and (cell.row, column) not in read:
                yield cell, label.text


def _rows(table: Table) -> list[tuple[dict[int, Cell], Cell, str]]:
    """Return the rows that have a label, with it and the group that they stand in.

    A total at the end, where no group has one of its own, is that of all groups and stands in none.
    """
    rows: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell
    headings = _headings(table)
    found: list[tuple[dict[int, Cell], Cell, str]] = []
    group = ""
    for _, row in sorted(rows.items()):
        label = _row_label(row) or _time_label(row, headings)
        if label is None or any(cell.is_header for cell in row.values()):
            continue
        if _is_group(row, label):
            group = label.text
        else:
            found.append((row, label, group))
    totals = [i for i, (_, label, _) in enumerate(found) if _TOTAL.match(key(label.text))]
    if totals == [len(found) - 1] and len({name for _, _, name in found}) > 1:
        found[-1] = (*found[-1][:2], "")
    return found


def _is_group(row: dict[int, Cell], label: Cell) -> bool:
    """A row with a label and nothing behind it names the rows below: `I | Cấp huyện`."""
    return not any(cell.text.strip(" -–.") for c, cell in row.items() if c > label.column)


def _numbers(
    row: dict[int, Cell], label: Cell, headings: dict[int, str], words: Vocabulary
) -> Iterator[tuple[Cell, re.Match[str], str]]:
    """Yield the cells behind the label that hold one number and nothing but what belongs to it."""
    for column, cell in sorted(row.items()):
        m = _CELL.fullmatch(cell.text.strip())
        heading = headings.get(column, "")
        if m is None or column <= label.column or not _counts(heading):
            continue
        if _belongs(m, words) and not _is_odd(m, heading):
            yield cell, m, heading


def _belongs(m: re.Match[str], words: Vocabulary) -> bool:
    """Say whether the word before a number leaves it a figure: `Giảm 2`, not `Nhóm 2`; any does a percent."""
    if not m["word"] or m["percent"]:
        return True
    return any(words.is_in(role, m["word"]) for role in ("change_before", "cue_before"))


def _is_odd(m: re.Match[str], heading: str) -> bool:
    """Say whether a number is too long for one, a unit (1.000 đồng), a year, or a date under `Ngày họp`."""
    value = parse_number(m["number"])
    whole = parse_number(m["whole"]) if m["whole"] else None
    if is_beyond(value) or is_beyond(whole):
        return True
    if _UNIT_HEADING.match(key(heading)) and _THOUSANDS.match(m["number"]) and m["unit"]:
        return True  # 1.000 đồng in the column of units
    if _YEAR.fullmatch(m["number"]) and _HEADING_OF_YEARS.search(key(heading)) and not m["unit"]:
        return True
    is_share = whole is None or 0 < whole >= value
    return not is_share or (whole is not None and bool(_HEADING_OF_DATES.search(key(heading))))


def _headings(table: Table) -> dict[int, str]:
    headings: dict[int, str] = {}
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        if cell.is_header and cell.text:
            headings[cell.column] = f"{headings.get(cell.column, '')} {cell.text}".strip()
    return headings


def _own_headings(table: Table) -> dict[int, str]:
    """Return what heads each column alone: `Đảng viên` below a `Năm 2014` that stands over several."""
    headers = [cell for cell in table.cells if cell.is_header and cell.text]
    texts = {(cell.row, cell.column): cell.text for cell in headers}
    own: dict[int, str] = {}
    for (row, column), text in sorted(texts.items()):
        is_shared = text in (texts.get((row, column - 1)), texts.get((row, column + 1)))
        if is_shared:
            own[column] = ""
        elif not _INDEX.fullmatch(text):
            own[column] = f"{own.get(column, '')} {text}".strip()
    return own


def _row_label(row: dict[int, Cell]) -> Cell | None:
    """Return the first cell with words in it, if it stands before the numbers."""
    for column in sorted(row):
        text = row[column].text
        if re.search(r"[^\W\d_]{2,}", text) and not re.fullmatch(r"[IVX]+", text):
            return row[column]
        if column > 0 and _ONLY_NUMBER.fullmatch(text.strip()):
            return None
    return None


def _time_label(row: dict[int, Cell], headings: dict[int, str]) -> Cell | None:
    """Return the first cell, or that behind the row's number, if it holds the time of the row: `2019`."""
    for column in sorted(row)[:2]:
        heading = key(headings.get(column, ""))
        if (not heading or _HEADING_OF_YEARS.match(heading)) and _ROW_OF_TIME.fullmatch(
            row[column].text.strip()
        ):
            return row[column]
    return None


def _counts(heading: str) -> bool:
    """Say whether a column holds figures at all: not running numbers, codes or levels."""
    return not _ORDINAL_HEADING.fullmatch(key(heading))


class _Sources(NamedTuple):
    """The places that may name the unit of a cell."""

    in_heading: str
    in_row: str
    heading: str
    in_caption: str
    own_heading: str = ""


def _in_brackets(text: str, words: Vocabulary) -> str:
    """Return the unit in the brackets of a heading or a label: `Kinh phí (triệu đồng)`.

    Of several the last: it stands lowest, where the column has a heading of its own. Thousands of
    something need no brackets: `Thành tiền 1.000đ`.
    """
    text = _INDEX.sub("", text)
    found = [m[1].strip() for m in _IN_BRACKETS.finditer(text)]
    if found:
        return next((t for t in reversed(found) if t == "%" or _unit_of(t, words)[1]), found[0])
    m = _IN_THOUSANDS.search(text)
    return m[0].strip() if m else ""


def _in_caption(title: str, words: Vocabulary) -> str:
    """Return the unit of all columns: "Đơn vị tính: triệu đồng", or in brackets at the title's end."""
    if m := _CAPTION.search(key(title)) or _AMOUNTS_CAPTION.fullmatch(key(title)):
        return m[1]
    m = _LAST_BRACKET.search(title)
    return m[1] if m and _unit_of(m[1], words)[1] else ""


def _unit_of_row(
    row: dict[int, Cell],
    label: Cell,
    united: bool,
    unit_column: int | None,
    words: Vocabulary,
) -> tuple[str, str]:
    """Return the row's label and its unit: in a column of its own, at the label's end, or in brackets."""
    text = label.text
    if unit_column is not None and row.get(unit_column, label) is not label:
        return text, row[unit_column].text
    if united:
        name, unit = _split_unit(text, words)
        if unit:
            return name, unit
    return text, _in_brackets(text, words)


def _shares_cell(labels: Sequence[Cell], headings: dict[int, str], words: Vocabulary) -> bool:
    """Say whether a dump ran a column of units together with the labels.

    The heading names it, or labels end in a lone "%", which nothing else does, or nearly all in a unit.
    """
    names = {headings.get(label.column, "") for label in labels}
    if any(_UNIT_OVER_LABELS.search(key(name)) for name in names):
        return True
    ends = [label.text.rsplit(maxsplit=1)[-1] for label in labels]
    units = [_unit_of(end, words)[1] for end in ends]
    whole = [u for u, end in zip(units, ends, strict=True) if u and u.end == len(end)]
    measured = any(unit.kind in ("quantity", "money") for unit in whole)
    return "%" in ends or (measured and len(whole) >= _LEAST_UNITED * len(labels))


def _split_unit(label: str, words: Vocabulary) -> tuple[str, str]:
    """Cut the unit from a label that a dump ran together with it: `Số giường bệnh giường`.

    It is the longest end of the label that is a unit, or that the label has named before; failing
    that, the longest that is one but for its marks, which repair bends (hà for ha).
    """
    tokens = [token for token in label.split() if _SAYS_SOMETHING.search(token)]
    starts = range(max(1, len(tokens) - 4), len(tokens))
    cuts = [(" ".join(tokens[:start]), " ".join(tokens[start:])) for start in starts]
    for name, end in cuts:
        is_named = f" {key(end)} " in f" {key(name)} "
        if end == "%" or is_named or _is_unit(end, words):
            return name.rstrip(" |"), end
    for name, end in cuts:
        if _is_unit(bare := strip_diacritics(end), words):
            return name.rstrip(" |"), bare
    return label, ""


def _is_unit(text: str, words: Vocabulary) -> bool:
    """Say whether the whole of `text` is a unit, or begins with a multiplier: `triệu đồng`."""
    power, unit = _unit_of(text, words)
    return unit is not None and bool(power or unit.end == len(text))


def _figure(
    cell: Cell, m: re.Match[str], label: str, sources: _Sources, words: Vocabulary
) -> CellFigure | None:
    """Return the figure of a cell; None if words stand behind its number that are no unit."""
    sign = -1 if (m["sign"] or "+").strip() != "+" else 1
    number = sign * parse_number(m["number"])
    is_lent = not (sources.in_heading or m["unit"] or _number_of(sources.heading, words))
    found = CellFigure(
        cell, "count", number, None, label, sources.heading, number=number, is_lent=is_lent
    )
    nearest = sources.in_row + sources.heading
    is_percent = "%" in nearest or (sources.in_caption == "%" and not sources.in_heading)
    if m["percent"] or (is_percent and not m["unit"]):
        return found._replace(kind="percent", unit="%")
    if m["unit"]:
        _, unit = _unit_of(m["unit"], words)
        if unit is None or unit.end < len(m["unit"].strip()):
            return None
        sources = _Sources(m["unit"], "", sources.heading, "")
    if m["whole"]:
        return _of_whole(found, parse_number(m["whole"]), sources, words)
    is_change = bool(m["sign"]) or words.is_in("change_before", m["word"] or "-")
    return _counted(found, sources, words, is_change=is_change)


def _of_whole(
    found: CellFigure, whole: Decimal, sources: _Sources, words: Vocabulary
) -> CellFigure | None:
    """`14/20` is a share of what is counted, `82,6/100` under `Điểm` a score."""
    found = found._replace(denominator=whole)
    if _is_score(sources.heading, words):
        return found._replace(kind="score", unit="điểm")
    if found.value % 1 or whole % 1:
        return None
    unit = _named(sources, words)[1]
    return found._replace(kind="ratio", unit=unit.name if unit else _thing(sources, words))


def _counted(
    found: CellFigure, sources: _Sources, words: Vocabulary, *, is_change: bool
) -> CellFigure:
    """Return a number of a table with its kind and unit."""
    heading = sources.heading
    power, unit = _named(sources, words)
    captioned = _unit_of(sources.in_caption, words)[1]
    if unit is None and found.value >= _LEAST_SURE_AMOUNT and captioned == words.unit_at("đồng", 0):
        power, unit = 0, captioned  # "Số kiến nghị" is an amount here
    if unit:
        return found._replace(kind=unit.kind, value=found.value * 10**power, unit=unit.name)  # type: ignore[arg-type]
    _, unit = _unit_of(heading, words)
    if unit and unit.kind == "quantity" and unit.end == len(heading.rstrip()):
        return found._replace(kind="quantity", unit=unit.name.lower())
    kind, name = _without_unit(found, sources, words, is_change=is_change)
    return found._replace(kind=kind, unit=name)


def _without_unit(
    found: CellFigure, sources: _Sources, words: Vocabulary, *, is_change: bool
) -> tuple[FigureKind, str | None]:
    """Return the kind and unit of a number by its heading and label alone: a score, a rank, a share."""
    both = (found.heading, found.row_label)
    if any(_is_score(text, words) for text in both):
        return "score", "điểm"
    if is_change:
        return "change", None
    if not found.value % 1 and any(_HEADING_OF_RANKS.match(key(text)) for text in both):
        return "rank", None
    is_share = any(_SHARE.match(key(text)) for text in both) and not sources.in_heading
    if is_share and found.value <= LARGEST_SHARE:
        return "percent", "%"
    return "count", _thing(sources, words)


def _named(sources: _Sources, words: Vocabulary) -> tuple[int, Unit | None]:
    """Return the power of ten and the known unit that the nearest source names."""
    in_brackets = strip_diacritics(sources.in_heading)  # a unit, even if its marks are bent
    bent = in_brackets if len(in_brackets) > 1 else ""
    is_own = _SHARE.match(key(sources.heading)) or _number_of(sources.heading, words)
    caption = "" if is_own else sources.in_caption
    for text in (sources.in_heading, bent, sources.in_row, caption):
        power, unit = _unit_of(text, words)
        if unit:
            return power, unit
    return 0, None


def _is_score(text: str, words: Vocabulary) -> bool:
    """Say whether a heading or label speaks of marks: `Điểm số`, `Tổng điểm`, but not `Điểm cầu`."""
    m = _SCORE_OF.match(text.strip())
    unit = words.unit_at(text.strip(), m.end()) if m else None
    return unit is not None and unit.kind == "score"


def _thing(sources: _Sources, words: Vocabulary) -> str | None:
    """Return what a count counts that no source names as its unit: what the heading tells, or as written."""
    if unit := _number_of(sources.heading, words):
        return unit.name
    for text in (sources.in_heading.strip().lower(), sources.in_row.strip().lower()):
        if _PLAIN_UNIT.fullmatch(text) and not words.is_function(text):
            return text
    return _noun(sources, words)


def _number_of(heading: str, words: Vocabulary) -> Unit | None:
    """Return what a heading says it counts: `Số hộ di dời`."""
    m = _NUMBER_OF.search(heading)
    unit = words.unit_at(heading, m.end()) if m else None
    return unit if unit and unit.kind == "count" else None


def _noun(sources: _Sources, words: Vocabulary) -> str | None:
    """Return the thing that is a column's own heading: `Đảng viên`; but no plan, nor a level of several."""
    own = _PERIODS.sub("", sources.own_heading)
    unit = words.unit_at(own, 0) if own else None
    if unit is None or unit.kind != "count" or unit.end < len(own):
        return None
    is_level = unit.group == "place" and own != sources.heading  # Ngân sách: Tỉnh | Huyện | Xã
    is_plan = key(unit.name) in words.roles["target_column"] or unit.name.lower() == "số"
    return None if is_level or is_plan else unit.name.lower()


def _unit_of(text: str, words: Vocabulary) -> tuple[int, Unit | None]:
    """Return the power of ten and the unit that `text` begins with: `triệu đồng` -> 6, VND."""
    text = text.strip(" -–|")
    if short := short_money(key(text), 0):
        return short[0], words.unit_at("đồng", 0)
    power = end = 0
    if m := _THOUSANDS.match(text):
        power, end = _POWERS[m["power"]] if m["power"] else m["groups"].count("0"), m.end()
    unit = words.unit_at(text, end) if text else None
    while unit and unit.kind == "multiplier":  # nghìn tỷ đồng
        if power >= SURELY_MONEY:  # two names run together: "Kinh phí (triệu Tỷ lệ đồng)"
            return power, words.unit_at("đồng", 0)
        power, end = power + int(unit.name), unit.end
        unit = words.unit_at(text, end)
        if end == len(text) and power >= SURELY_MONEY:
            return power, words.unit_at("đồng", 0)
    if unit and not power and unit.kind in ("count", "quantity") and _is_rate(text, unit, words):
        return 0, Unit(unit.name + text[unit.end :], "quantity", "", len(text))
    return power, unit


def _is_rate(text: str, unit: Unit, words: Vocabulary) -> bool:
    """Say whether a unit is taken per what is behind it: `bác sĩ/vạn dân`, not `xã/phường`."""
    per = text[unit.end + 1 :]
    other = words.unit_at(per, 0)
    is_like = bool(other and unit.group and other.group == unit.group)
    return text[unit.end : unit.end + 1] == "/" and per[:1] == per[:1].lower() != "" and not is_like
