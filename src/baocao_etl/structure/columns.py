"""The columns of a table on a page image, found by what its cells share from side to side.

Narrow cells say where the columns are; wide ones either belong to one of them or span several.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from baocao_etl.models import Box, Span, Word
from baocao_etl.structure.lines import Line

NUMERIC = re.compile(r"[-–(]?\s?\d[\d.,%/ ]*\)?%?")
_TOUCH = 2.0  # points by which boxes may overlap without standing in the same column
_SPACE = 0.7  # line heights; a wider gap parts two headings, or a number from its neighbour
_STRAY = " |¦_`'’‘·~"


class CellPiece(NamedTuple):
    """A cell as it was printed: some words of one line, and the columns they stand in or span."""

    text: str
    span: Span
    box: Box | None
    first: int = 0
    last: int = 0


class Band(NamedTuple):
    """A column's left and right side, in points."""

    left: float
    right: float

    def touches(self, other: Band) -> bool:
        """Say whether two bands share more than a touch."""
        return min(self.right, other.right) - max(self.left, other.left) > _TOUCH

    def with_(self, other: Band) -> Band:
        """Return the band that holds both."""
        return Band(min(self.left, other.left), max(self.right, other.right))

    @property
    def middle(self) -> float:
        """The middle from side to side."""
        return (self.left + self.right) / 2


def cell_pieces(line: Line) -> list[CellPiece]:
    """Return the cells of `line`, empty ones included, stray strokes of the rules cut off.

    On a page image, a number that stands more than a space away from its neighbour is a cell.
    """
    spans = [part for span in line.cell_spans for part in _beside_numbers(line, span)]
    return [_piece(line, span, i) for i, span in enumerate(spans)]


def ruled_pieces(line: Line) -> list[CellPiece]:
    """Return the cells of `line`, a row of a ruled table: what stands between two rulings is one."""
    return [_piece(line, span, i) for i, span in enumerate(line.cell_spans)]


def _beside_numbers(line: Line, span: Span) -> list[Span]:
    start = line.span.start
    cuts = [span.start]
    for i in range(span.start, span.end - 1):
        a, b = line.words[i - start], line.words[i + 1 - start]
        if a.box is None or b.box is None:
            continue
        apart = b.box.x0 - a.box.x1 > _SPACE * min(a.box.height, b.box.height)
        if apart and (NUMERIC.fullmatch(a.text) or NUMERIC.fullmatch(b.text)):
            cuts.append(i + 1)
    return [Span(span.page, a, b) for a, b in pairwise([*cuts, span.end])]


def _piece(line: Line, span: Span, column: int) -> CellPiece:
    words = line.words[span.start - line.span.start : span.end - line.span.start]
    boxes = [word.box for word in words if word.box is not None]
    text = " ".join(word.text for word in _in_order(words)).strip(_STRAY)
    text = re.sub(r"^[-–.]\s+(?=[%\d])", "", text)
    return CellPiece(text, span, Box.around(boxes) if boxes else None, column, column)


def _in_order(words: Sequence[Word]) -> list[Word]:
    """Return the words of a cell as they are read: OCR takes two lines of a heading for one at times."""
    if any(word.box is None for word in words) or len(words) < 2:
        return list(words)
    below: list[Word] = []
    upper: list[Word] = []
    top = min(word.box.y0 + word.box.height / 2 for word in words if word.box)
    height = median(word.box.height for word in words if word.box)
    for word in words:
        middle = word.box.y0 + word.box.height / 2 if word.box else top
        (below if middle - top > 0.8 * height else upper).append(word)
    return [*upper, *(_in_order(below) if upper else below)]


def band_of(piece: CellPiece) -> Band | None:
    """Return the sides of `piece`, if it has a box and says anything."""
    return Band(piece.box.x0, piece.box.x1) if piece.box and piece.text else None


def find_bands(
    body: Sequence[Sequence[CellPiece]], head: Sequence[Sequence[CellPiece]]
) -> list[Band]:
    """Return the columns from left to right; the heading only adds those that the body leaves empty.

    `body` and `head` hold the cells of each line. Two bands that a wider cell covers are one column,
    unless some line has a cell in each of them: then the cell spans both.
    """
    cells = sorted(
        ((band, i) for i, row in enumerate(body) for p in row if (band := band_of(p))),
        key=lambda cell: cell[0].right - cell[0].left,
    )
    found: list[tuple[Band, set[int]]] = []
    for band, line in cells:
        hits = [i for i, (known, _) in enumerate(found) if band.touches(known)]
        lines = [found[i][1] for i in hits]
        if any(a & b for k, a in enumerate(lines) for b in lines[k + 1 :]):
            continue
        merged = band
        for i in hits:
            merged = merged.with_(found[i][0])
        found = [f for i, f in enumerate(found) if i not in hits]
        found.append((merged, {line}.union(*lines)))
    return _with_headings(sorted(band for band, _ in found), head)


def _with_headings(bands: list[Band], head: Sequence[Sequence[CellPiece]]) -> list[Band]:
    """Widen the columns by the headings beside them, and add those that only have a heading.

    Numbers stand at the right of a column, its heading in the middle, so the two need not touch.
    """
    headed: set[int] = set()
    extra: list[Band] = []
    for row in reversed(head):  # the lower headings head one column each
        headings = [band for piece in row if (band := band_of(piece))]
        headed |= {i for h in headings for i, band in enumerate(bands) if h.touches(band)}
        for heading in headings:
            if any(heading.touches(band) for band in (*bands, *extra)):
                continue
            right = bisect(bands, heading)
            near = [i for i in (right, right - 1) if 0 <= i < len(bands) and i not in headed]
            if near:
                bands[near[0]] = bands[near[0]].with_(heading)
                headed.add(near[0])
            else:
                extra.append(heading)
    return sorted([*bands, *extra])


def place(
    rows: Iterable[tuple[Line, Sequence[CellPiece]]], bands: Sequence[Band], *, heading: bool
) -> list[list[CellPiece]]:
    """Say for each cell which column it stands in, cutting cells that OCR ran together.

    A cell over several columns is cut between them if each part is centred in its column (headings) or
    there are numbers in it (body); otherwise it spans them.
    """
    edges = [(a.right + b.left) / 2 for a, b in pairwise(bands)]
    placed: list[list[CellPiece]] = []
    for line, pieces in rows:
        row: list[CellPiece] = []
        for piece in pieces:
            if not piece.text or piece.box is None:
                continue
            columns = _columns(piece, bands)
            if len(columns) > 1:
                row += _cut(line, piece, bands, edges, heading=heading)
            else:
                column = columns[0] if columns else bisect(edges, Band(*piece.box[::2]).middle)
                row.append(piece._replace(first=column, last=column))
        placed.append(row)
    return placed


def _columns(piece: CellPiece, bands: Sequence[Band]) -> list[int]:
    own = band_of(piece)
    return [i for i, band in enumerate(bands) if own and own.touches(band)]


def _cut(
    line: Line, piece: CellPiece, bands: Sequence[Band], edges: Sequence[float], *, heading: bool
) -> list[CellPiece]:
    """Cut a cell that covers several columns, or return it as one that spans them.

    Headings are cut where there is more than a space between them; a cell of the body is cut at the
    columns' edges, if there are numbers to be told apart.
    """
    columns = _columns(piece, bands)
    if heading:
        cuts = _wide_gaps(line, piece)
        parts = [
            part._replace(first=hits[0], last=hits[-1])
            for part in _parts(line, piece, cuts)
            if (hits := _columns(part, bands))
        ]
        return parts if len(cuts) else [piece._replace(first=columns[0], last=columns[-1])]
    parts = [
        part._replace(first=column, last=column)
        for part in _parts(line, piece, [edges[c] for c in columns[:-1]])
        if part.box
        for column in [bisect(edges, (part.box.x0 + part.box.x1) / 2)]
    ]
    if any(NUMERIC.fullmatch(part.text) for part in parts[1:]):
        return parts
    return [piece._replace(first=columns[0], last=columns[0])]


def _wide_gaps(line: Line, piece: CellPiece) -> list[float]:
    """Return the middles of the gaps inside a cell that are wider than a space."""
    start = line.span.start
    words = line.words[piece.span.start - start : piece.span.end - start]
    boxes = [w.box for w in words if w.box and w.text.strip(_STRAY)]
    height = min((box.height for box in boxes), default=0.0)
    return [(a.x1 + b.x0) / 2 for a, b in pairwise(boxes) if b.x0 - a.x1 > _SPACE * height]


def _parts(line: Line, piece: CellPiece, cuts: Sequence[float]) -> list[CellPiece]:
    """Cut a cell at the places `cuts`, in points from the left of the page."""
    start = line.span.start
    groups: dict[int, list[int]] = {}
    part = 0
    for i in range(piece.span.start, piece.span.end):
        box = line.words[i - start].box
        if box:
            part = max(part, bisect(cuts, (box.x0 + box.x1) / 2))
            groups.setdefault(part, []).append(i)
    spans = [Span(piece.span.page, g[0], g[-1] + 1) for _, g in sorted(groups.items())]
    return [cell for span in spans if (cell := _piece(line, span, 0)).text]


def widen_headings(rows: list[list[CellPiece]], bands: Sequence[Band]) -> list[list[CellPiece]]:
    """Let a heading span the columns that it is centred over, where lower headings part them.

    "Số lượng" printed over "Năm 2019" and "Năm 2020" heads both, though it touches neither.
    """
    below: set[int] = set()
    widened: list[list[CellPiece]] = []
    for row in reversed(rows):
        taken = {c for piece in row for c in range(piece.first, piece.last + 1)}
        widened.append([_widened(piece, taken, below, bands) for piece in row])
        below |= taken
    return widened[::-1]


def _widened(
    piece: CellPiece, taken: set[int], below: set[int], bands: Sequence[Band]
) -> CellPiece:
    own = band_of(piece)
    if own is None or not below:
        return piece
    mine = set(range(piece.first, piece.last + 1))
    best, off = (piece.first, piece.last), abs(_middle(bands, piece.first, piece.last) - own.middle)
    for first in range(max(0, piece.first - 4), piece.last + 1):
        for last in range(max(first, piece.first), min(len(bands), piece.last + 6)):
            columns = set(range(first, last + 1))
            if last == first or not columns <= below or (columns - mine) & taken:
                continue
            apart = abs(_middle(bands, first, last) - own.middle)
            if apart < off - 6.0:
                best, off = (first, last), apart
    return piece._replace(first=best[0], last=best[1])


def _middle(bands: Sequence[Band], first: int, last: int) -> float:
    return (bands[first].left + bands[last].right) / 2
