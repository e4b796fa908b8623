"""A report file: what is printed and what is gold, from one text.

    key: value              the head: letterhead, signature, `gold.` fields, how it is dumped
    ---
    # [I.1] 1. Title        a heading with the path of its section
    [I.1.a] a) Text         a numbered paragraph
    Text with {14/14 xã}.   figures in marks; all other numbers are no figures
    @table w=8,52,20 a=clr  a table: heading rows `!`, what the columns hold `:`, rows `|` (bold: `|=`)

Lists in the head are cut at ` | `. Other marks at the beginning of a line are those of
`samples.report`. In the heading of a table `<` goes on with the cell at the left and `^` with the one
above. A column holds nothing of interest (`-`), labels (`L`), units (`U`), figures with the unit of
their row (`R`), or figures of one kind and unit: `c hộ` (count), `q km` (quantity), `m triệu` (money),
`r xã` (ratio), `s` (score), `k` (rank), `%`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from benchmarks.unseen import marks
from benchmarks.unseen.marks import MARK, Mark, MarkError
from samples.report import Letterhead, Masthead, Report, Signature, Table, plain

PARTY_STATE = ["ĐẢNG CỘNG SẢN VIỆT NAM"]
LETTERHEAD_FIELDS = (
    *("doc_type", "number", "symbol", "issuer", "issued_place", "issued_on", "subject"),
    *("signer", "signer_title"),
)
_PATH = re.compile(r"\[([\w.]+)\] ")
_LABEL = re.compile(
    r"(?:Điều \d+|Phụ lục [IVX\d]+|(?:\d+\.)+\d+|[A-ZĐ]|[IVX]+|\d+|[a-zđ])[.\-):/]*\s+"
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_CONTEXT = 30  # characters at each side
_IN_TABLE = " | "
_COLUMN_KINDS = {"c": "count", "q": "quantity", "r": "ratio", "s": "score", "k": "rank"}


class GoldFigure(NamedTuple):
    """A row of a figures table, its columns those of `samples/expected`."""

    section: str
    value: str
    kind: str
    unit: str
    context: str

    @property
    def in_table(self) -> bool:
        """Whether the figure stands in a table: its context is then a row's label and a heading."""
        return _IN_TABLE in self.context


class GoldSection(NamedTuple):
    """A numbered section; `title` is empty where the number stands before running text."""

    path: str
    kind: str
    title: str


@dataclass
class Gold:
    """What a person reads in the report. `typed` holds the paragraphs of its body in order."""

    letterhead: dict[str, str]
    figures: list[GoldFigure] = field(default_factory=list)
    not_figures: list[tuple[str, str]] = field(default_factory=list)
    sections: list[GoldSection] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)


class Source(NamedTuple):
    """A report to draw, its gold, and whether its dump has a line per paragraph or per printed line."""

    report: Report
    gold: Gold
    dump: str


def load(path: Path) -> Source:
    """Read the report file `path`.

    Raises:
        MarkError: a line or a mark of it cannot be read; the message names both.
    """
    head_text, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    head = dict(_head_line(line) for line in head_text.splitlines() if line.strip())
    reader = _Reader(_gold_letterhead(head))
    for number, line in enumerate(body.splitlines(), start=head_text.count("\n") + 3):
        try:
            reader.line(line.strip())
        except MarkError as error:
            raise MarkError(f"{path}, line {number}: {error}") from error
    reader.end_of_table()
    return Source(_report(path.stem, head, reader), reader.gold, head.get("dump", "lines"))


class _Reader:
    """Goes through the body, keeping the path of the section in which it is."""

    def __init__(self, letterhead: dict[str, str]) -> None:
        self.gold = Gold(letterhead)
        self.body: list[str] = []
        self.tables: list[Table] = []
        self._path = ""
        self._table: _TableReader | None = None

    def line(self, line: str) -> None:
        if self._table and line[:1] in "!:|" and line:
            self._table.line(line)
            return
        self.end_of_table()
        if line.startswith("@table"):
            self._table = _TableReader(line)
        elif line:
            self._text(line)

    def end_of_table(self) -> None:
        if not self._table:
            return
        table, figures, numbers = self._table.finished()
        self._table = None
        self.tables.append(table)
        self.body.append(f"@table {len(self.tables)}")
        self.gold.figures += [figure._replace(section=self._path) for figure in figures]
        self.gold.not_figures += numbers

    def _text(self, line: str) -> None:
        line = self._section(line)
        if line.startswith("@article "):
            self._path = ""
            self.gold.sections.append(GoldSection("", "article", plain(line)))
        found = [marks.parse(match[1]) for match in MARK.finditer(line)]
        printed = MARK.sub(lambda match: match[1].split("|")[0], line)
        self.body.append(printed)
        bare = plain(printed)
        if not bare:
            return
        self.gold.typed.append(bare)
        start, spans = 0, []
        for mark in found:
            start = _find(bare, mark.text, start)
            spans.append((start, start + len(mark.text)))
            self.gold.figures.append(_figure(self._path, mark, _around(bare, *spans[-1])))
            start += len(mark.text)
        for match in _DIGITS.finditer(bare):
            if not any(a <= match.start() < b for a, b in spans):
                self.gold.not_figures.append((match[0], _around(bare, *match.span())))

    def _section(self, line: str) -> str:
        """Take the path off `line` and open its section."""
        mark = line[:2] if line[:2] in ("# ", "= ", "~ ") else ""
        match = _PATH.match(line, len(mark))
        if not match:
            return line
        self._path, text = match[1], line[match.end() :]
        title = ""
        if mark:
            label = _LABEL.match(text)
            bare = text[label.end() :] if label else text
            title = plain(MARK.sub(lambda m: m[1].split("|")[0], bare))
        self.gold.sections.append(GoldSection(self._path, _kind(self._path), title))
        return mark + text


class _TableReader:
    """Collects the lines of one table."""

    def __init__(self, line: str) -> None:
        options = dict(option.split("=", 1) for option in line.split()[1:])
        self._widths = [float(width) for width in options["w"].split(",")]
        self._align = options["a"]
        self._heads: list[list[str]] = []
        self._columns: list[str] = []
        self._rows: list[list[str]] = []
        self._bold: list[int] = []

    def line(self, line: str) -> None:
        mark, rest = line[0], line[1:]
        if mark == "|" and rest.startswith("="):
            self._bold.append(len(self._rows) + 1)
            rest = rest[1:]
        cells = [cell.strip() for cell in re.split(r"\|(?![^{]*\})", rest)]
        if len(cells) != len(self._widths):
            raise MarkError(f"{len(cells)} cells in {line!r}, not {len(self._widths)}")
        if mark == "!":
            self._heads.append(cells)
        elif mark == ":":
            self._columns = cells
        else:
            self._rows.append(cells)

    def finished(self) -> tuple[Table, list[GoldFigure], list[tuple[str, str]]]:
        """Return the table, its figures without their section, and its numbers that are none."""
        headings = [self._heading(column) for column in range(len(self._widths))]
        labels = self._columns.index("L")
        figures, numbers, rows = [], [], []
        for cells in self._rows:
            label = MARK.sub(lambda m: m[1].split("|")[0], cells[labels])
            printed = []
            for cell, holds, heading in zip(cells, self._columns, headings, strict=True):
                unit = cells[self._columns.index("U")] if "U" in self._columns else ""
                where = f"{label}{_IN_TABLE}{heading}"
                found = self._figures(cell, holds, unit)
                figures += [_figure("", mark, where) for mark in found]
                bare = MARK.sub(lambda m: m[1].split("|")[0], cell)
                printed.append(bare)
                if not found:
                    numbers += [(m[0], where) for m in _DIGITS.finditer(bare)]
            rows.append(printed)
        for head in self._heads:
            numbers += [(m[0], cell) for cell in head for m in _DIGITS.finditer(cell)]
        table = Table(
            columns=self._heads[0],
            widths=self._widths,
            align=self._align,
            rows=rows,
            bold_rows=[number + len(self._heads) - 1 for number in self._bold],
            more_columns=self._heads[1:],
        )
        return table, figures, numbers

    def _figures(self, cell: str, holds: str, unit: str) -> list[Mark]:
        """Return the figures of one cell."""
        explicit = [marks.parse(match[1]) for match in MARK.finditer(cell)]
        if explicit or holds in ("-", "L", "U") or not _DIGITS.match(cell):
            return explicit
        if holds == "R":
            return [_with_unit(cell, unit)]
        letter, _, named = holds.partition(" ")
        if letter == "m":
            return [_with_unit(cell, f"{named} đồng".strip())]
        if letter == "%":
            return [_with_unit(cell, "%")]
        return [marks.parse(cell, _COLUMN_KINDS[letter], named)]

    def _heading(self, column: int) -> str:
        """Return the heading of `column`: its cells from top to bottom."""
        parts: list[str] = []
        for row in self._heads:
            at = column
            while at and row[at] == "<":
                at -= 1
            text = row[at]
            if text and text != "^" and not re.fullmatch(r"\(?\d+\)?", text):
                parts.append(text)
        return " ".join(parts)


def _with_unit(cell: str, unit: str) -> Mark:
    """Return the figure of `cell` read as if `unit` stood behind it."""
    return marks.parse(f"{cell} {unit}")._replace(text=cell)


def _figure(path: str, mark: Mark, context: str) -> GoldFigure:
    return GoldFigure(path, mark.value, mark.kind, mark.unit, context)


def _around(text: str, start: int, end: int) -> str:
    """Return whole words around a span."""
    left = text.rfind(" ", 0, max(0, start - _CONTEXT)) + 1
    right = text.find(" ", min(len(text), end + _CONTEXT // 3))
    return text[left : right if right >= 0 else len(text)]


def _find(text: str, printed: str, start: int) -> int:
    """Return where `printed` stands in `text` from `start` on, not in the middle of a number."""
    match = re.compile(rf"(?<![\d.,]){re.escape(printed)}").search(text, start)
    if not match:
        raise MarkError(f"{printed!r} is lost in {text!r}")
    return match.start()


def _kind(path: str) -> str:
    """Return the kind of section that a path stands for, as `samples/expected` has them."""
    last, under_article = path.rsplit(".", maxsplit=1)[-1], "Đ" in path.upper().split("PL")[-1]
    if re.fullmatch(r"PL\d*", path):
        return "appendix"
    if re.fullmatch(r"Đ\d+", last):
        return "article"
    if re.fullmatch(r"[IVX]+|[A-ZĐ]", last):
        return "part"
    if re.fullmatch(r"[a-zđ]", last):
        return "point"
    return "clause" if under_article and re.search(r"Đ\d", path) else "section"


def _head_line(line: str) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    if not colon:
        raise MarkError(f"{line!r} is not `key: value`")
    return key.strip(), value.strip()


def _gold_letterhead(head: dict[str, str]) -> dict[str, str]:
    day, month, year = head.get("date", "//").split("/")
    subject = " ".join(_list(head, "subject"))
    return dict.fromkeys(LETTERHEAD_FIELDS, "") | {
        "doc_type": head.get("gold.doc_type", ""),
        "number": head.get("number", ""),
        "symbol": head.get("symbol", ""),
        "issuer": head.get("gold.issuer", ""),
        "issued_place": head.get("place", ""),
        "issued_on": f"{year}-{int(month):02}-{int(day):02}" if day and month else "",
        "subject": re.sub(r"^V/v", "Về việc", subject),
        "signer": head.get("gold.signer") or head.get("signer", ""),
        "signer_title": " ".join(_list(head, "capacity")),
    }


def _report(name: str, head: dict[str, str], reader: _Reader) -> Report:
    body = reader.body
    if "capacity" in head and "@sign" not in body:
        body = [*body, "@sign"]
    masthead = None
    if "masthead" in head:
        masthead = Masthead(head["masthead"], _list(head, "masthead.lines"))
    signature = None
    if "capacity" in head:
        seal = _list(head, "seal")
        signature = Signature(
            _list(head, "capacity"), head["signer"], [*seal, ""][:2] if seal else []
        )
    return Report(
        name=name,
        body=body,
        letterhead=_letterhead(head, "") if "issuer" in head else None,
        masthead=masthead,
        signature=signature,
        recipients=_list(head, "recipients"),
        tables=reader.tables,
        draft=_letterhead(head, "draft.") if "draft.issuer" in head else None,
    )


def _letterhead(head: dict[str, str], prefix: str) -> Letterhead:
    day, month, year = head[f"{prefix}date"].split("/")
    letterhead = Letterhead(
        issuer=_list(head, f"{prefix}issuer"),
        number=head.get(f"{prefix}number", ""),
        symbol=head[f"{prefix}symbol"],
        place=head[f"{prefix}place"],
        day=day,
        month=month,
        year=year,
        subject=_list(head, f"{prefix}subject"),
        superior=_list(head, f"{prefix}superior"),
        type=head.get(f"{prefix}type", ""),
        authority=head.get(f"{prefix}authority", ""),
        to=_list(head, f"{prefix}to"),
    )
    return replace(letterhead, state=PARTY_STATE) if head.get("party") else letterhead


def _list(head: dict[str, str], key: str) -> list[str]:
    return [part.strip() for part in head.get(key, "").split("|") if part.strip()]
