"""What lies on a page: placed words, rules, seals and signatures.

All lengths are points (1/72 inch); the origin is the top left corner; `y` of a word is its baseline.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from samples import fonts

A4 = (595.276, 841.890)
Align = Literal["l", "c", "r", "j"]


class Token(NamedTuple):
    """A word that has a typeface but no place yet."""

    text: str
    face: str


class Placed(NamedTuple):
    """A word in its place. `cell` is (row, column) where it stands in a table."""

    text: str
    x: float
    y: float
    face: str
    size: float
    cell: tuple[int, int] | None = None

    @property
    def width(self) -> float:
        """The width in points."""
        return fonts.width(self.text, self.face, self.size)


class Rule(NamedTuple):
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    thickness: float = 0.6


class Seal(NamedTuple):
    """A round red seal around (x, y); `text` runs around it, `centre` below its star."""

    x: float
    y: float
    radius: float
    text: str
    centre: str


class Scrawl(NamedTuple):
    """A signature of the pen, `width` wide, beginning at (x, y)."""

    x: float
    y: float
    width: float


@dataclass
class Sheet:
    """One page."""

    width: float
    height: float
    words: list[Placed] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)
    scrawls: list[Scrawl] = field(default_factory=list)

    def lines(self) -> list[list[Placed]]:
        """Return the words grouped by baseline, top to bottom, left to right."""
        rows: dict[float, list[Placed]] = {}
        for word in self.words:
            rows.setdefault(round(word.y, 1), []).append(word)
        return [sorted(rows[y], key=lambda word: word.x) for y in sorted(rows)]


def tokens(text: str, face: str = "serif") -> list[Token]:
    """Cut `text` at spaces; `**bold**` and `*italic*` change the face of the words between."""
    family, found, current = face.split("-", maxsplit=1)[0], [], face
    for piece in text.split():
        if piece == "*":  # an asterisk that is printed
            found.append(Token(piece, current))
            continue
        word = piece
        for mark, marked in (("**", f"{family}-bold"), ("*", f"{family}-italic")):
            if word.startswith(mark):
                current, word = marked, word.removeprefix(mark)
                break
        ends = "*" in word
        found.append(Token(word.replace("*", ""), current))
        if ends:
            current = face
    return found


def measure(line: list[Token], size: float) -> float:
    """Return the width of `line` with plain spaces between its words."""
    if not line:
        return 0.0
    words = sum(fonts.width(t.text, t.face, size) for t in line)
    return words + (len(line) - 1) * space(size)


def space(size: float) -> float:
    """Return the width of a space."""
    return 0.26 * size


def broken(words: list[Token], size: float, width: float, indent: float = 0.0) -> list[list[Token]]:
    """Break `words` into lines no wider than `width`; the first is shorter by `indent`."""
    lines: list[list[Token]] = [[]]
    for word in words:
        room = width - (indent if len(lines) == 1 else 0.0)
        if lines[-1] and measure([*lines[-1], word], size) > room:
            lines.append([])
        lines[-1].append(word)
    return lines


def set_line(
    sheet: Sheet,
    line: list[Token],
    left: float,
    baseline: float,
    width: float,
    size: float,
    align: Align = "l",
    cell: tuple[int, int] | None = None,
) -> tuple[float, float]:
    """Put `line` on the sheet and return its left and right ends."""
    slack = width - measure(line, size)
    gap = space(size)
    if align == "j" and len(line) > 1:
        gap += slack / (len(line) - 1)
    x = left + {"l": 0.0, "j": 0.0, "c": slack / 2, "r": slack}[align]
    start = x
    for token in line:
        sheet.words.append(Placed(token.text, x, baseline, token.face, size, cell))
        x += fonts.width(token.text, token.face, size) + gap
    return start, x - gap
