"""The text layer of a PDF page: its characters as PDFium decodes them, joined to lines.

PDFium reads a page in a tenth of the time that a parser written in Python takes.
"""

from __future__ import annotations

import ctypes
import math
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from baocao_etl.models import Box
from baocao_etl.reading.geometry import turn, turn_back
from baocao_etl.reading.layout import arrange
from baocao_etl.reading.rendering import geometry
from baocao_etl.reading.ruled import Grid
from baocao_etl.reading.tokens import Block, Part, Row, Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from baocao_etl.reading.ruled import Cells

# PDFium gives U+0002 for a hyphen at the end of a line. In the fonts of TCVN3 and VNI its code is
# a letter, so it must come out as the soft hyphen that their decoders know.
_HYPHEN = "\x02"
_LEGACY_PREFIXES = (".Vn", "VnT", "VNI", "VN")
_BASELINE = 0.3  # of the font's height: characters whose baselines are nearer stand on one line
_SPACE = 0.25  # of the font's height: a gap this wide is a space even if none was drawn
_RULED_GAP = 0.03  # of the font's height: a gap in which a ruling has room
_MOST_CELL_LINES = 30
_FONT_NAME = 256


class Char(NamedTuple):
    """A character as it is seen: its ink, baseline, cell and writing direction, in points.

    The cell (`left`, `right`, `size`: its height) is what the font reserves for the character, the
    same for a full stop as for a capital. `quarter` counts quarter turns counterclockwise from
    upright; boxes are in the frame in which the text of that direction stands upright.
    """

    text: str
    box: Box
    baseline: float
    left: float
    right: float
    size: float
    font: str
    quarter: int


class Placed(NamedTuple):
    """A word and what its line is told by: start, baseline and font's height, read upright.

    The box of the token may be in another frame: that of the table which the word is set across.
    """

    baseline: float
    start: float
    size: float
    token: Token

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its ink."""
        box = self.token.box
        return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def parts(
    chars: Iterable[Char], size: tuple[float, float], tables: Sequence[Cells] = ()
) -> list[Part]:
    """Return the text of a page in reading order, first the direction that most of it has.

    Args:
        chars: the page's characters.
        size: width and height of the page as it is seen.
        tables: the cells of its ruled tables; a row of them becomes one line.
    """
    quarters: dict[int, list[Char]] = {}
    for char in chars:
        quarters.setdefault(char.quarter, []).append(char)
    aside: list[Part] = []
    grids: list[Grid] = []
    main, *others = sorted(quarters, key=lambda quarter: -len(quarters[quarter])) or [0]
    if tables:
        grids = [Grid.of(turn(cell, main, size) for cell in cells) for cells in tables]
    words = _words(quarters.get(main, ()), grids)
    grids = list(_tables(grids, words))
    for quarter in others:
        across = _words(quarters[quarter])
        turned = [_turned(word, quarter, main, size) for word in across]
        within = [any(grid.cell_at(*word.middle) for grid in grids) for word in turned]
        words += compress(turned, within)
        rest = [word for word, inside in zip(across, within, strict=True) if not inside]
        aside.append(_part(_blocks(rest), quarter, size))
    found = [_part(_blocks(words, grids), main, size), *aside]
    return [part for part in found if part.blocks]


def _part(blocks: Sequence[Block], quarter: int, size: tuple[float, float]) -> Part:
    place = partial(turn_back, quarter=quarter, size=size) if quarter else None
    return Part(blocks, place, quarter)


def _turned(word: Placed, quarter: int, main: int, size: tuple[float, float]) -> Placed:
    """Take the box of `word` from the frame of its own direction to that of another."""
    seen = turn_back(word.token.box, quarter=quarter, size=size)
    return word._replace(token=word.token._replace(box=turn(seen, main, size)))


def characters(page: pdfium.PdfPage) -> Iterator[Char]:
    """Yield the characters of `page` in the order of its content stream, white space included."""
    frame = geometry(page)
    text_page = page.get_textpage()
    try:
        raw = text_page.raw
        x, y = ctypes.c_double(), ctypes.c_double()
        edges = [ctypes.c_double() for _ in range(4)]  # left, right, bottom, top
        cell = pdfium_c.FS_RECTF()
        fonts: dict[int, tuple[str, int]] = {}
        for i in range(pdfium_c.FPDFText_CountChars(raw)):
            text = chr(pdfium_c.FPDFText_GetUnicode(raw, i))
            if not pdfium_c.FPDFText_GetCharBox(raw, i, *edges):
                continue
            pdfium_c.FPDFText_GetLooseCharBox(raw, i, cell)
            pdfium_c.FPDFText_GetCharOrigin(raw, i, x, y)
            owner = pdfium_c.FPDFText_GetTextObject(raw, i)
            key = ctypes.cast(owner, ctypes.c_void_p).value or 0
            if key not in fonts:
                angle = pdfium_c.FPDFText_GetCharAngle(raw, i)
                fonts[key] = (_font(raw, i), round(angle / (math.pi / 2)))
            font, turns = fonts[key]
            left, right, bottom, top = (edge.value for edge in edges)
            # PDFium measures the angle clockwise, as /Rotate does.
            quarter = -(turns + frame.rotation // 90) % 4
            size = frame.size
            box = turn(frame.place(left, bottom, right, top), quarter, size)
            origin = turn(frame.place(x.value, y.value, x.value, y.value), quarter, size)
            loose = turn(frame.place(cell.left, cell.bottom, cell.right, cell.top), quarter, size)
            yield Char(
                _mended(text, font), box, origin.y0,
                loose.x0, loose.x1, loose.height, font, quarter,
            )  # fmt: skip
    finally:
        text_page.close()


def _font(raw: object, i: int) -> str:
    buffer = ctypes.create_string_buffer(_FONT_NAME)
    flags = ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(raw, i, buffer, _FONT_NAME, flags)
    return buffer.value.decode("utf-8", errors="replace")


def _mended(text: str, font: str) -> str:
    if text == _HYPHEN:
        return "\xad" if font.rpartition("+")[2].startswith(_LEGACY_PREFIXES) else "-"
    if text < " " or text == "\x7f" or "\ud800" <= text <= "\udfff":
        return " " if text in "\t\n\r\x00" else "�"
    return text


def _blocks(words: Sequence[Placed], grids: Sequence[Grid] = ()) -> list[Block]:
    """Put `words` in reading order: tables row by row, the text between them by its layout."""
    blocks: list[Block] = []
    for grid in grids:
        above = [word for word in words if word.middle[1] < grid.box.y0]
        blocks += arrange(_lines(above))
        blocks.append(_rows(grid, words))
        words = [word for word in words if word.middle[1] >= grid.box.y1]
    return [*blocks, *arrange(_lines(words))]


def _tables(grids: Sequence[Grid], words: Sequence[Placed]) -> Iterator[Grid]:
    """Yield the grids that hold tables, from top to bottom.

    Where text stands beside a grid, it is a column that has no outer ruling, or a column of the
    page; where all is in one row or column, or a cell has the text of half a page, the rulings are
    there to adorn; and a grid that begins inside another is drawn in a cell of it.
    """
    bottom = float("-inf")
    for grid in sorted(grids, key=lambda grid: (grid.box.y0, grid.box.x0)):
        level = [word for word in words if grid.box.y0 <= word.middle[1] < grid.box.y1]
        cells = [grid.cell_at(*word.middle) for word in level]
        held = [cell for cell in cells if cell is not None]
        if grid.box.y0 < bottom or len(held) < len(level):
            continue
        spread = min(len({row for row, _ in held}), len({column for _, column in held}))
        if spread < 2:
            continue
        if max(len(lines) for lines in _cells(grid, level).values()) <= _MOST_CELL_LINES:
            bottom = grid.box.y1
            yield grid


def _cells(grid: Grid, words: Iterable[Placed]) -> dict[tuple[int, int], list[list[Token]]]:
    """Return the lines of each cell of `grid` that has text, by row and column."""
    cells: dict[tuple[int, int], list[Placed]] = {}
    for word in words:
        cell = grid.cell_at(*word.middle)
        if cell is not None:
            cells.setdefault(cell, []).append(word)
    return {cell: _lines(inside) for cell, inside in cells.items()}


def _rows(grid: Grid, words: Iterable[Placed]) -> list[Row]:
    """Return the rows of `grid` that have text, all of them with as many cells."""
    cells = _cells(grid, words)
    return [
        Row([[t for line in cells.get((r, c), ()) for t in line] for c in range(grid.columns)])
        for r in sorted({row for row, _ in cells})
    ]


def _words(chars: Sequence[Char], grids: Sequence[Grid] = ()) -> list[Placed]:
    """Join characters to words."""
    words: list[Placed] = []
    word: list[Char] = []
    for char in chars:
        goes_on = word and _continues(word[-1], char) and not _parted(word[-1], char, grids)
        if word and not (goes_on and not char.text.isspace()):
            words.append(_word(word))
            word = []
        if not char.text.isspace():
            word.append(char)
    return [*words, _word(word)] if word else words


def _lines(words: Iterable[Placed]) -> list[list[Token]]:
    """Join words to lines, by their baselines."""
    rows: list[tuple[float, list[Placed]]] = []
    for word in sorted(words, key=lambda word: (word.baseline, word.start)):
        if rows and abs(word.baseline - rows[-1][0]) < _BASELINE * word.size:
            rows[-1][1].append(word)
        else:
            rows.append((word.baseline, [word]))
    return [[w.token for w in sorted(row, key=lambda word: word.start)] for _, row in rows]


def _parted(last: Char, char: Char, grids: Sequence[Grid]) -> bool:
    """Return whether a ruling stands in the white between `last` and `char`.

    Letters of a word that runs over the edge of its cell have no white between them.
    """
    if char.left - last.right < _RULED_GAP * char.size:
        return False
    return any(
        grid.cell_at(last.right, last.box.y1) != grid.cell_at(char.left, char.box.y1)
        for grid in grids
    )


def _continues(last: Char, char: Char) -> bool:
    """Return whether `char` stands right behind `last`, in the same word."""
    size = max(last.size, char.size, 1.0)
    gap = char.left - last.right
    return abs(char.baseline - last.baseline) < _BASELINE * size and -size < gap < _SPACE * size


def _word(word: Sequence[Char]) -> Placed:
    box = Box.around(char.box for char in word)
    text = "".join(char.text for char in word)
    token = Token(text, box, 1.0, word[0].font or None)
    return Placed(word[0].baseline, box.x0, word[0].size, token)
