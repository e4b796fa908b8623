"""From placed words to a page's text: the one place where `raw_text` and offsets are made.

A reader of any kind gives blocks of lines of tokens, in reading order. `compose` joins them: words
of a line by one space (by a tab where a wide gap says that another cell begins), lines by a line
feed, blocks by an empty line. The cells of a ruled table's row, empty ones included, are parted by
one tab each. So `raw_text[w.offset:w.end] == w.raw` holds by construction.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple

from baocao_etl.models import Box, Word

# A gap of this many line heights is not a space between words, however far a line was justified:
# at 13 points a justified space is stretched to 10 points or so, two line heights are 20 and more.
CELL_GAP = 1.8


class Token(NamedTuple):
    """A word as a reader found it: no white space inside, its box in points, its font if known.

    The box is in the frame in which the text stands upright; see `Part`. `raw` is what an engine
    read where that is not the text; empty where it is.
    """

    text: str
    box: Box
    confidence: float = 1.0
    font: str | None = None
    rivals: tuple[tuple[str, float], ...] = ()
    raw: str = ""


Line = Sequence[Token]


class Row(NamedTuple):
    """A row of a ruled table: the tokens of each cell in reading order; at least one has some.

    Becomes one line of the page, of however many lines its cells were set.
    """

    cells: Sequence[Sequence[Token]]


Block = Sequence[Line | Row]


class Part(NamedTuple):
    """Blocks in reading order whose text stands upright in one frame.

    `place` takes a box from that frame to the page as it is seen; None where they are the same.
    `turns` are the quarter turns clockwise by which the page would stand in it.
    """

    blocks: Sequence[Block]
    place: Callable[[Box], Box] | None = None
    turns: int = 0


class Composed(NamedTuple):
    """A page's text: `fonts` and `rivals` run parallel to `words`; `turns` are those of its first part."""

    raw_text: str
    words: tuple[Word, ...]
    fonts: tuple[str | None, ...]
    rivals: tuple[tuple[tuple[str, float], ...], ...] = ()
    turns: int = 0


def compose(parts: Sequence[Part]) -> Composed:
    """Join parts, given in reading order, to a page's raw text and words; no empty lines."""
    pieces: list[str] = []
    words: list[Word] = []
    fonts: list[str | None] = []
    rivals: list[tuple[tuple[str, float], ...]] = []
    at = 0
    lines = [
        (line, not i, part.place)
        for part in parts
        for block in part.blocks
        for i, line in enumerate(line for line in block if line)
    ]
    for number, (line, opens_block, place) in enumerate(lines, 1):
        before = ("\n\n" if opens_block else "\n") if words else ""
        tokens, separators, after = _laid_out(line)
        separators[0] = before + separators[0]
        for separator, token in zip(separators, tokens, strict=True):
            raw = token.raw or token.text
            pieces += (separator, raw)
            at += len(separator)
            box = place(token.box) if place else token.box
            words.append(Word(token.text, raw, at, number, box, token.confidence))
            fonts.append(token.font)
            rivals.append(token.rivals)
            at += len(raw)
        pieces.append(after)
        at += len(after)
    turns = parts[0].turns if parts else 0
    return Composed("".join(pieces), tuple(words), tuple(fonts), tuple(rivals), turns)


def _laid_out(line: Line | Row) -> tuple[Sequence[Token], list[str], str]:
    """Return the tokens of `line`, what stands before each of them, and what stands at the end."""
    if not isinstance(line, Row):
        return line, ["", *_gaps(line)], ""
    tokens: list[Token] = []
    separators: list[str] = []
    tabs = 0
    for i, cell in enumerate(line.cells):
        tabs += i > 0
        for token in cell:
            tokens.append(token)
            separators.append("\t" * tabs or " " * (len(tokens) > 1))
            tabs = 0
    return tokens, separators, "\t" * tabs


def _gaps(line: Line) -> list[str]:
    """Return what stands between the tokens of a line: a space, or a tab between cells."""
    widest = CELL_GAP * line_height(line)
    return [
        "\t" if right.box.x0 - left.box.x1 > widest else " "
        for left, right in itertools.pairwise(line)
    ]


def line_height(line: Line) -> float:
    """Return the height of `line` in points: the upper middle of its tokens' heights.

    The median would be fooled by a row of hyphens and full stops.
    """
    heights = sorted(token.box.height for token in line)
    return max(1.0, heights[len(heights) * 3 // 4], median(heights))
