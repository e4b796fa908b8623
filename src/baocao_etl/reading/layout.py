"""Reading order: the order in which a person reads the lines of a page.

Vietnamese administrative pages are one column of text with three exceptions: heads and signatures
in two columns side by side (Nghị định 30/2020/NĐ-CP, Phụ lục I, boxes 1-7 and 9), bulletins in two
or three columns, and tables. The page is cut into horizontal bands at white space; bands that
share a vertical gutter are a run of columns. Columns are read one after the other, tables row by
row. This is the recursive X-Y cut (Nagy & Seth, 1984) with the cuts grouped by gutters instead of
tried in turn.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.models import Box
from baocao_etl.reading.tokens import CELL_GAP, Block, Line, Token, line_height

if TYPE_CHECKING:
    from collections.abc import Sequence

# Lines of one paragraph are at most this many line heights apart, white space only.
_PARAGRAPH_GAP = 0.9
_COLUMN_GAP = 1.4
_WIDER, _A_FEW = 1.5, 2
# In line heights: a gap too narrow to be a gutter by itself, and how far the gutter may be that it
# continues. Justified text has gaps as wide, but not one above the other.
_NARROW_GAP = 0.6
_NEAR_LINES = 4.0
_UNSURE = 0.5
_BULLETS = "-+~–—•*"
# Prose fills its column: this share of the column's width, on the median line.
_PROSE_FILL = 0.7


class Segment(NamedTuple):
    """A piece of a line without wide gaps."""

    tokens: list[Token]
    box: Box


Gutter = tuple[float, float]
Band = list[Segment]


def arrange(lines: Sequence[Line]) -> list[Block]:
    """Put `lines` (tokens from left to right, in any order) in reading order, cut into blocks."""
    segments = _segments(lines)
    specks = [segment for segment in segments if _is_speck(segment)]
    if len(specks) < len(segments):
        segments = [segment for segment in segments if not _is_speck(segment)]
    else:
        specks = []
    blocks = _ordered(segments)
    # Scribbles would break the gutters of what they lie beside; they are kept, behind the text.
    return [*blocks, [speck.tokens for speck in specks]] if specks else blocks


def _ordered(segments: Sequence[Segment]) -> list[Block]:
    """Cut the page into runs of bands, and the columns of each run again in the same way."""
    blocks: list[Block] = []
    for run, gutters in _runs(_bands(segments)):
        if not gutters:
            blocks += _paragraphs([_joined(band) for band in run])
        elif _is_table(run, gutters):
            blocks.append([_joined(band) for band in run])
        else:
            for column in _columns(run, gutters):
                blocks += _ordered(column)
    return blocks


def _is_speck(segment: Segment) -> bool:
    """Return whether `segment` is what OCR makes of a scribble: short, unsure, no number."""
    return all(
        token.confidence < _UNSURE
        and len(token.text) <= 2
        and not any(c.isdigit() or c in _BULLETS for c in token.text)
        for token in segment.tokens
    )


def _segments(lines: Sequence[Line]) -> list[Segment]:
    """Cut lines where a gap is too wide for a space, or continues a gutter above or below."""
    lines = [line for line in lines if line]
    boxes = [_extent(line) for line in lines]
    wide = [
        (i, left.box.x1, right.box.x0)
        for i, line in enumerate(lines)
        for left, right in pairwise(line)
        if right.box.x0 - left.box.x1 > CELL_GAP * line_height(line)
    ]

    def is_cut(i: int, left: Token, right: Token) -> bool:
        gap, height = right.box.x0 - left.box.x1, line_height(lines[i])
        if gap > CELL_GAP * height:
            return True
        return gap > _NARROW_GAP * height and any(
            abs(boxes[i].y0 - boxes[j].y0) < _NEAR_LINES * height
            and min(right.box.x0, b) - max(left.box.x1, a) > 0.5 * gap
            for j, a, b in wide
            if j != i
        )

    segments: list[Segment] = []
    for i, line in enumerate(lines):
        groups: list[list[Token]] = [[line[0]]]
        for left, right in pairwise(line):
            if is_cut(i, left, right):
                groups.append([])
            groups[-1].append(right)
        segments += [Segment(group, _extent(group)) for group in groups]
    return segments


def _extent(tokens: Sequence[Token]) -> Box:
    """Return the box of a piece of a line, unmoved by a speck or a rule read as a tall letter."""
    top = median(token.box.y0 for token in tokens)
    bottom = median(token.box.y1 for token in tokens)
    return Box(tokens[0].box.x0, top, max(token.box.x1 for token in tokens), bottom)


def _bands(segments: Sequence[Segment]) -> list[Band]:
    """Group segments into bands, top to bottom; side by side is what overlaps by half."""
    bands: list[Band] = []
    for segment in sorted(segments, key=lambda s: (s.box.y0 + s.box.y1, s.box.x0)):
        # The first segment of a band says where it lies; were it to grow, columns whose lines do
        # not stand level would chain into one band.
        if bands and _beside(segment, bands[-1]):
            bands[-1].append(segment)
        else:
            bands.append([segment])
    for band in bands:
        band.sort(key=lambda s: s.box.x0)
    return bands


def _beside(segment: Segment, band: Band) -> bool:
    first, box = band[0].box, segment.box
    shared = min(first.y1, box.y1) - max(first.y0, box.y0)
    if shared < 0.5 * min(first.height, box.height):
        return False
    # What stands one above the other in any place is two lines, however closely set.
    overlaps = (min(s.box.x1, box.x1) - max(s.box.x0, box.x0) for s in band)
    return max(overlaps) < 0.25 * box.height


def _joined(band: Band) -> list[Token]:
    return [token for segment in band for token in segment.tokens]


def _gaps(band: Band) -> list[Gutter]:
    """Return the white gaps between the segments of `band`, from left to right."""
    gaps: list[Gutter] = []
    right = band[0].box.x1
    for segment in band[1:]:
        if segment.box.x0 > right:
            gaps.append((right, segment.box.x0))
        right = max(right, segment.box.x1)
    return gaps


def _narrowed(gutters: list[Gutter], band: Band) -> list[Gutter]:
    """Return what `band` leaves of `gutters`: the parts that none of its segments touch."""
    left = gutters
    for segment in band:
        kept: list[Gutter] = []
        for a, b in left:
            if segment.box.x1 <= a or segment.box.x0 >= b:
                kept.append((a, b))
            elif segment.box.x0 > a and segment.box.x1 < b:
                kept += [(a, segment.box.x0), (segment.box.x1, b)]
            elif segment.box.x0 > a:
                kept.append((a, segment.box.x0))
            elif segment.box.x1 < b:
                kept.append((segment.box.x1, b))
        left = kept
    least = 0.6 * median(s.box.height for s in band)
    return [(a, b) for a, b in left if b - a >= least]


def _runs(bands: Sequence[Band]) -> list[tuple[list[Band], list[Gutter]]]:
    """Group `bands` into runs that share gutters, and plain runs (without gutters) between them."""
    runs: list[tuple[list[Band], list[Gutter]]] = []
    i = 0
    while i < len(bands):
        run, gutters = _run_from(bands, i) if len(bands[i]) > 1 else ([bands[i]], [])
        if not gutters and runs and not runs[-1][1]:
            runs[-1][0].extend(run)
        else:
            runs.append((run, gutters))
        i += len(run)
    return runs


def _run_from(bands: Sequence[Band], start: int) -> tuple[list[Band], list[Gutter]]:
    """Return the longest run from `start` that shares a gutter, with the gutters it shares."""
    gutters = _gaps(bands[start])
    if not gutters:  # its segments touch or overlap
        return [bands[start]], []
    end = start + 1
    last = end  # just behind the last band with something on both sides
    while end < len(bands):
        left = _narrowed(gutters, bands[end])
        if not left:
            break
        if len(bands[end]) == 1 and _distance(bands, end) > 2.5 * bands[end][0].box.height:
            break
        gutters = left
        end += 1
        if len(bands[end - 1]) > 1:
            last = end
    # Lines on one side only that follow close belong to their column ("V/v ..." under the number),
    # and so does all that stands above the signer's name in the right one.
    right = max(b for _, b in gutters)
    names = [i for i in range(last, end) if bands[i][0].box.x0 >= right]
    last = max(last, names[-1] + 1) if names else last
    while last < end and _distance(bands, last) < _COLUMN_GAP * bands[last][0].box.height:
        last += 1
    run = list(bands[start:last])
    return run, _occupied(run, gutters)


def _distance(bands: Sequence[Band], i: int) -> float:
    """Return the white space above band `i`."""
    above = max(s.box.y1 for s in bands[i - 1])
    return min(s.box.y0 for s in bands[i]) - above


def _occupied(run: Sequence[Band], gutters: Sequence[Gutter]) -> list[Gutter]:
    """Return the gutters that have segments on both sides, one per pair of neighbouring columns."""
    kept: list[Gutter] = []
    left_edge = float("-inf")
    segments = [s for band in run for s in band]
    for a, b in sorted(gutters):
        between = any(s.box.x0 >= left_edge and s.box.x1 <= a for s in segments)
        right = any(s.box.x0 >= b for s in segments)
        if between and right:
            kept.append((a, b))
            left_edge = b
    return kept


def _columns(run: Sequence[Band], gutters: Sequence[Gutter]) -> list[list[Segment]]:
    columns: list[list[Segment]] = [[] for _ in range(len(gutters) + 1)]
    for band in run:
        for segment in band:
            columns[sum(segment.box.x0 >= b for _, b in gutters)].append(segment)
    return columns


def _is_table(run: Sequence[Band], gutters: Sequence[Gutter]) -> bool:
    """Return whether `run` is read row by row: a table, or labels hung beside their text.

    Heads and signatures have two columns; prose in columns fills them; a column of single words
    (ordinals, bullets, numbers) beside another is meaningless without its row.
    """
    columns = [column for column in _columns(run, gutters) if column]
    if len(run) == 1 or any(median(len(s.tokens) for s in column) <= 1 for column in columns):
        return True
    if len(columns) == 2:
        return False
    for column in columns:
        width = Box.around(s.box for s in column).width
        if median(s.box.width for s in column) < _PROSE_FILL * width:
            return True
    return False


def _paragraphs(lines: Sequence[Line]) -> list[Block]:
    """Cut lines in reading order into blocks where more white than usual stands between them."""
    boxes = [_extent(line) for line in lines]
    gaps = [below.y0 - above.y1 for above, below in pairwise(boxes)]
    # Where lines are spaced widely throughout, their usual distance is no mark of a paragraph.
    usual = _WIDER * median(gaps) if len(gaps) >= _A_FEW else 0.0
    blocks: list[list[Line]] = [[line] for line in lines[:1]]
    for line, gap in zip(lines[1:], gaps, strict=True):
        if gap > max(usual, _PARAGRAPH_GAP * line_height(line)) or gap < -line_height(line):
            blocks.append([])
        blocks[-1].append(line)
    return list(blocks)
