"""Tables with ruling lines: where their cells lie on a page.

What PDFium reads of a page says whether there are rulings at all; only then pdfplumber, which takes
several times as long, finds the cells that they enclose (lines strategy: after Nurminen, 2013,
"Algorithmic extraction of data in tables in PDF documents"). The text stays PDFium's.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import pdfplumber
import pypdfium2.raw as pdfium_c
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from baocao_etl.models import Box
from baocao_etl.reading.rendering import geometry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pypdfium2 as pdfium

    from baocao_etl.models import Source

# What pdfminer and pdfplumber raise on broken files: their own errors, and those of Python where
# an object of the file is missing or of another type than they trust it to be.
_BROKEN = (
    PdfminerException, MalformedPDFException, PDFException, PSException,
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError,
    ValueError, OSError,
)  # fmt: skip
# A page drawn of more than this is a map, a plan or graph paper: pdfplumber, whose time grows with
# the square of the crossings, would take minutes for it.
_MOST_PATHS, _MOST_SEGMENTS, _MOST_CROSSINGS = 6000, 20_000, 10_000
_LEAST_RULINGS = 3  # in each direction: two rows of two cells
_LEAST_LENGTH = 6.0  # points
_STRAIGHT = 1.0  # points by which a ruling may lean
_ONE_RULING = 3.0  # points: edges nearer than this are the two sides of one ruling

Cells = tuple[Box, ...]
Point = tuple[float, float]


class Grid(NamedTuple):
    """The rows and columns of one table, in points.

    `xs` and `ys` are the rulings from left to right and from top to bottom; `owners` says for each
    field between them (row, column) which field is the first of the cell it belongs to, so that a
    merged cell stands in its first row and column and leaves the others empty.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owners: dict[tuple[int, int], tuple[int, int]]

    @classmethod
    def of(cls, cells: Iterable[Box]) -> Grid:
        """Return the grid that `cells` span (at least one)."""
        cells = sorted(cells, key=lambda cell: cell.width * cell.height, reverse=True)
        xs = tuple(sorted({x for cell in cells for x in (cell.x0, cell.x1)}))
        ys = tuple(sorted({y for cell in cells for y in (cell.y0, cell.y1)}))
        owners: dict[tuple[int, int], tuple[int, int]] = {}
        for cell in cells:
            first = ys.index(cell.y0), xs.index(cell.x0)
            for row in range(first[0], ys.index(cell.y1)):
                for column in range(first[1], xs.index(cell.x1)):
                    owners[row, column] = first
        return cls(xs, ys, owners)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """The number of columns."""
        return len(self.xs) - 1

    @property
    def box(self) -> Box:
        """The box around the table."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the row and column of the cell that holds a point; None outside of the table."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            return None
        # A field that rulings do not close is a cell by itself.
        return self.owners.get((row, column), (row, column))


def has_rulings(page: pdfium.PdfPage) -> bool:
    """Return whether level and upright lines are drawn on `page`, enough to make a table.

    Not so on a page with so many of them that it is a drawing.
    """
    found = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=4)
    paths = list(islice(found, _MOST_PATHS + 1))
    segments = sum(max(0, pdfium_c.FPDFPath_CountSegments(path.raw)) for path in paths)
    if len(paths) > _MOST_PATHS or segments > _MOST_SEGMENTS:
        return False
    level: set[int] = set()
    upright: set[int] = set()
    for path in paths:
        for (x0, y0), (x1, y1) in _rulings(path):
            across, up = abs(x1 - x0), abs(y1 - y0)
            if across >= _LEAST_LENGTH and up <= _STRAIGHT:
                level.add(round(y0 / _ONE_RULING))
            elif up >= _LEAST_LENGTH and across <= _STRAIGHT:
                upright.add(round(x0 / _ONE_RULING))
    if min(len(level), len(upright)) < _LEAST_RULINGS:
        return False
    return len(level) * len(upright) <= _MOST_CROSSINGS


def _rulings(path: pdfium.PdfObject) -> Iterator[tuple[Point, Point]]:
    """Yield the edges of `path` that are drawn, in the units of the page."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(path.raw, fill, stroke)
    for outline in _outlines(path):
        xs, ys = zip(*outline, strict=True)
        if stroke.value or _is_thin(max(xs) - min(xs), max(ys) - min(ys)):
            yield from pairwise(outline)


def _outlines(path: pdfium.PdfObject) -> Iterator[list[Point]]:
    """Yield the corners of each piece of `path` that is drawn without lifting the pen."""
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    outline: list[Point] = []
    for i in range(pdfium_c.FPDFPath_CountSegments(path.raw)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path.raw, i)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO and outline:
            yield outline
            outline = []
        outline.append(matrix.on_point(x.value, y.value))
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            outline.append(outline[0])
    if outline:
        yield outline


def _is_thin(width: float, height: float) -> bool:
    """Return whether a filled area is a ruling: others are the shades behind words and cells.

    Word lays white areas behind the lines of a paragraph, which would make a fine grid.
    """
    return min(width, height) <= _ONE_RULING


def _is_ruling(item: dict[str, Any]) -> bool:
    """Return whether an object, as pdfplumber describes it, is drawn as lines."""
    drawn = item["object_type"] in {"line", "rect", "curve"}
    return drawn and bool(item["stroke"] or _is_thin(item["width"], item["height"]))


def find(
    source: Source, number: int, page: pdfium.PdfPage, password: str | None = None
) -> tuple[Cells, ...]:
    """Return the cells of each ruled table on page `number`, in points on the page as it is seen.

    Frames and what has fewer than two rows or two columns are no tables. A file that pdfplumber
    cannot read has none. `password` is what opens the file.
    """
    try:
        document = _kept.document(source, password)
        plumbed = document.pages[number - 1]
        try:
            tables = [table.cells for table in plumbed.filter(_is_ruling).find_tables()]
        finally:
            plumbed.close()  # its characters would stay in memory as long as the file is open
        media = geometry(page).place(*page.get_mediabox())
        if abs(plumbed.width - media.width) > 1 or abs(plumbed.height - media.height) > 1:
            return ()  # the two libraries read its boxes differently
        # pdfplumber measures from the media box, turned as the page is; the page begins where the
        # crop box does.
        dx, dy = media.x0 - plumbed.bbox[0], media.y0 - plumbed.bbox[1]
        found = tuple(
            tuple(Box(x0 + dx, y0 + dy, x1 + dx, y1 + dy) for x0, y0, x1, y1 in cells)
            for cells in tables
        )
    except _BROKEN:
        return ()
    return tuple(cells for cells in found if _is_table(Grid.of(cells)))


def _is_table(grid: Grid) -> bool:
    firsts = set(grid.owners.values())
    return len({r for r, _ in firsts}) >= 2 and len({c for _, c in firsts}) >= 2


class _Kept:
    """The file that is kept open for the next page of it, or the knowledge that it is broken."""

    def __init__(self) -> None:
        self._key: tuple[str, str] | None = None
        self._document: PDF | None = None

    def document(self, source: Source, password: str | None) -> PDF:
        """Return the open file.

        Raises:
            PdfminerException: it could not be opened, now or before.
            OSError: it cannot be read.
        """
        key = source.path, source.sha256
        if key != self._key:
            self.close()
            self._key = key
            self._document = pdfplumber.open(source.path, password=password)
        if self._document is None:
            raise PdfminerException("the file cannot be parsed")
        return self._document

    def close(self) -> None:
        """Close the file."""
        document, self._document, self._key = self._document, None, None
        if document is not None:
            document.flush_cache()
            document.stream.close()


_kept = _Kept()


def forget() -> None:
    """Close the file kept open."""
    _kept.close()
