"""A report as data: what it says, in the order in which it says it.

The body is a text with one paragraph a line. A line may begin with a mark:

    = centred and bold          # bold          ~ italic
    @table N        the table number N (from 1) of the report
    @sign           recipients and signature (at the end of the body where it is not given)
    @landscape      a new page, A4 lying, for an appendix
    @columns        two columns from here on
    @article TITLE  the heading of an article of a bulletin
    @draft          the letterhead of a draft that is attached
    @page           a new page

`**bold**` and `*italic*` mark words within a line.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REPORTS = HERE / "reports"
EXPECTED = HERE / "expected"
NATIONAL_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
NATIONAL_MOTTO = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True)
class Letterhead:
    """The boxes at the head of a document, as printed. A công văn has no `type`.

    The Party's documents have their own `state` and write `Số 12-BC/HU` (Hướng dẫn 36-HD/VPTW of 2018).
    """

    issuer: list[str]
    number: str
    symbol: str
    place: str
    day: str
    month: str
    year: str
    subject: list[str]
    superior: list[str] = field(default_factory=list)
    type: str = ""
    authority: str = ""
    to: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    state: list[str] = field(default_factory=lambda: [NATIONAL_NAME, NATIONAL_MOTTO])

    @property
    def of_party(self) -> bool:
        """Whether a body of the Party issues the document."""
        return self.state[0] != NATIONAL_NAME

    @property
    def reference(self) -> str:
        """Number and symbol as they are printed."""
        if self.of_party:
            return f"Số {self.number}-{self.symbol}"
        return f"Số: {self.number}/{self.symbol}"


@dataclass(frozen=True)
class Masthead:
    """The head of a bulletin."""

    title: str
    lines: list[str]


@dataclass(frozen=True)
class Signature:
    """Who signs, and the text around the seal."""

    capacity: list[str]
    name: str
    seal: list[str]


@dataclass(frozen=True)
class Table:
    """A ruled table; `align` has one letter (l, c, r) per column.

    Its head may have `more_columns`, further rows, in which `<` goes on with the cell at the left and `^`
    with the one above; `columns` may have `<` too.
    """

    columns: list[str]
    widths: list[float]
    align: str
    rows: list[list[str]]
    title: str = ""
    bold_rows: list[int] = field(default_factory=list)
    more_columns: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """One report."""

    name: str
    body: list[str]
    letterhead: Letterhead | None
    masthead: Masthead | None
    signature: Signature | None
    recipients: list[str]
    tables: list[Table]
    draft: Letterhead | None = None


def load(name: str) -> Report:
    """Read `reports/NAME.toml`."""
    with (REPORTS / f"{name}.toml").open("rb") as stream:
        data: dict[str, Any] = tomllib.load(stream)
    head, mast, sign = (data.get(key) for key in ("letterhead", "masthead", "signature"))
    body = [line.strip() for line in data["body"].splitlines() if line.strip()]
    if sign and "@sign" not in body:
        body.append("@sign")
    return Report(
        name=name,
        body=body,
        letterhead=Letterhead(**head) if head else None,
        masthead=Masthead(**mast) if mast else None,
        signature=Signature(**sign) if sign else None,
        recipients=data.get("recipients", []),
        tables=[Table(**table) for table in data.get("tables", [])],
    )


def names() -> list[str]:
    """Return the names of all reports, sorted."""
    return sorted(path.stem for path in REPORTS.glob("*.toml"))


def words_of(report: Report) -> str:
    """Return all that the report says as one text, marks removed, in reading order."""
    parts: list[str] = []
    if report.letterhead:
        h = report.letterhead
        parts += [*h.superior, *h.issuer, *h.state]
        parts += [h.reference, dateline(h), h.type, *h.subject, h.authority, *h.to]
    if report.masthead:
        parts += [report.masthead.title, *report.masthead.lines]
    for line in report.body:
        parts.append(plain(line))
        if line.startswith("@table"):
            table = table_of(report, line)
            parts += [table.title, *table.columns, *(cell for row in table.rows for cell in row)]
        if line == "@sign" and report.signature:
            parts += [*report.recipients, *report.signature.capacity, report.signature.name]
    return " ".join(" ".join(parts).split())


def plain(line: str) -> str:
    """Return a body line without its marks."""
    if line.startswith("@article "):
        return line.removeprefix("@article ")
    if line.startswith("@"):
        return ""
    return line.lstrip("=#~ ").replace("*", "")


def table_of(report: Report, line: str) -> Table:
    """Return the table that the body line `@table N` asks for."""
    return report.tables[int(line.removeprefix("@table")) - 1]


def dateline(head: Letterhead) -> str:
    """Return place and date as they are printed."""
    return f"{head.place}, ngày {head.day} tháng {head.month} năm {head.year}"
