"""Report -> sheets: paragraphs, columns and tables flow from frame to frame."""

from __future__ import annotations

from typing import NamedTuple

from samples import blocks, tables
from samples.report import Report, table_of
from samples.sheet import A4, Align, Sheet, broken, set_line, tokens

SIZE = 12.0
LEADING = 16.8
INDENT = 28.3  # 1 cm
GAP = 3.6  # between paragraphs
COLUMN_SIZE = 10.8
COLUMN_LEADING = 14.6
GUTTER = 22.0
TOP, BOTTOM, LEFT, RIGHT = 62.0, 60.0, 82.0, 48.0  # Phụ lục I: 20-25, 20-25, 30-35, 15-20 mm


class _Frame(NamedTuple):
    left: float
    right: float
    top: float
    bottom: float


class _Composer:
    """Lays a report out, remembering how far down the current frame it has come."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.sheets: list[Sheet] = []
        self.landscape = self.columns = False
        self.frames: list[_Frame] = []
        self.y = 0.0
        self.new_page()

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    @property
    def frame(self) -> _Frame:
        return self.frames[0]

    def new_page(self) -> None:
        width, height = reversed(A4) if self.landscape else A4
        self.sheets.append(Sheet(width, height))
        page = _Frame(LEFT, width - RIGHT, TOP, height - BOTTOM)
        if len(self.sheets) > 1:
            number = tokens(str(len(self.sheets)))
            set_line(self.sheet, number, page.left, 40.0, page.right - page.left, 11.5, "c")
        self.frames = self._split(page) if self.columns else [page]
        self.y = self.frame.top + SIZE

    def _split(self, page: _Frame) -> list[_Frame]:
        width = (page.right - page.left - GUTTER) / 2
        return [
            page._replace(right=page.left + width),
            page._replace(left=page.right - width),
        ]

    def need(self, height: float) -> None:
        """Go on in the next frame if `height` points do not fit into this one."""
        if self.y + height - SIZE <= self.frame.bottom:
            return
        if len(self.frames) > 1:
            self.frames.pop(0)
            self.y = self.frame.top + SIZE
        else:
            self.new_page()

    def paragraph(self, text: str, face: str, align: Align, indent: float) -> None:
        size, leading = (COLUMN_SIZE, COLUMN_LEADING) if self.columns else (SIZE, LEADING)
        width = self.frame.right - self.frame.left
        lines = broken(tokens(text, face), size, width, indent)
        if face == "serif-bold":
            self.need(leading * (len(lines) + 3))  # a heading stays with what follows
        elif len(lines) <= 3:
            self.need(leading * len(lines))  # no line of a short paragraph stands alone
        for i, line in enumerate(lines):
            self.need(leading)
            left = self.frame.left + (indent if i == 0 else 0.0)
            last = i == len(lines) - 1 and align == "j"
            room = self.frame.right - left
            set_line(self.sheet, line, left, self.y, room, size, "l" if last else align)
            self.y += leading
        self.y += GAP

    def table(self, line: str) -> None:
        table = table_of(self.report, line)
        if table.title:
            self.paragraph(table.title, "serif-italic", "c", 0.0)
        width = self.frame.right - self.frame.left
        self.y -= SIZE - 4
        head = tables.head_of(table, width)
        self.need(head.height + tables.LEADING + SIZE)
        tables.draw_head(self.sheet, table, head, self.frame.left, self.y, width)
        self.y += head.height
        for row in tables.rows_of(table, width):
            self.need(row.height + SIZE)
            tables.draw_row(self.sheet, table, row, self.frame.left, self.y, width)
            self.y += row.height
        self.y += SIZE + 8

    def closing(self) -> None:
        self.y += 10
        self.need(blocks.closing_height(self.report))
        frame = self.frame
        self.y = blocks.closing(self.sheet, self.report, frame.left, frame.right, self.y)

    def article(self, title: str) -> None:
        self.y += 8 if self.y > self.frame.top + 2 * SIZE else 0
        lines = broken(tokens(title, "sans-bold"), 12.5, self.frame.right - self.frame.left)
        self.need((len(lines) + 4) * 16.5)
        for line in lines:
            room = self.frame.right - self.frame.left
            set_line(self.sheet, line, self.frame.left, self.y, room, 12.5)
            self.y += 16.5
        self.y += 3

    def head(self) -> None:
        report, frame = self.report, self.frame
        if report.letterhead:
            self.y = blocks.letterhead(
                self.sheet, report.letterhead, frame.left, frame.right, self.y
            )
        if report.masthead:
            self.y = blocks.masthead(self.sheet, report.masthead, frame.left, frame.right, self.y)

    def line(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word == "@table":
            self.table(line)
        elif word == "@sign":
            self.closing()
        elif word == "@article":
            self.article(rest)
        elif word == "@draft" and self.report.draft:
            frame = self.frame
            self.y = blocks.letterhead(
                self.sheet, self.report.draft, frame.left, frame.right, self.y
            )
        elif word == "@columns":
            self.columns = True
            self.frames = self._split(self.frame._replace(top=self.y - SIZE))
        elif word in ("@page", "@landscape"):
            self.landscape = word == "@landscape"
            self.new_page()
        else:
            self.text(line)

    def text(self, line: str) -> None:
        mark, rest = line[:2], line[2:]
        indent = 14.0 if self.columns else INDENT
        if mark == "= ":
            self.paragraph(rest, "serif-bold", "c", 0.0)
        elif mark == "# ":
            self.paragraph(rest, "serif-bold", "j", indent)
        elif mark == "~ ":
            self.paragraph(rest, "serif-italic", "j", indent)
        else:
            self.paragraph(line, "serif", "j", indent)


def lay_out(report: Report) -> list[Sheet]:
    """Return the sheets of `report`."""
    composer = _Composer(report)
    composer.head()
    for line in report.body:
        composer.line(line)
    return composer.sheets
