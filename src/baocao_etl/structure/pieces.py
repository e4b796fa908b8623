"""The pieces of a letterhead: what its lines hold side by side, the national name taken out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Box, Word
from baocao_etl.structure.lines import Line
from baocao_etl.structure.phrases import find_phrase
from baocao_etl.structure.zones import mottos


class Piece(BaseModel):
    """Words that stand together in one line."""

    model_config = ConfigDict(frozen=True)

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        """The repaired words, parted by single spaces."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> Box | None:
        """The box around the words, where they have boxes."""
        boxes = [word.box for word in self.words if word.box is not None]
        return Box.around(boxes) if boxes else None

    @property
    def centre(self) -> float | None:
        """The middle of the box from side to side, in points."""
        return None if self.box is None else (self.box.x0 + self.box.x1) / 2


def pieces_of(line: Line) -> list[Piece]:
    """Return the cells of `line`."""
    start = line.span.start
    return [
        Piece(words=line.words[s.start - start : s.end - start])
        for s in line.cell_spans
        if s.end > s.start
    ]


def without_motto(lines: Sequence[Line], tables: Dictionaries) -> list[list[Piece]]:
    """Return the pieces of each line, cut where the national name or its motto begins."""
    wanted = mottos(tables)
    rows: list[list[Piece]] = []
    for line in lines:
        row: list[Piece] = []
        for piece in pieces_of(line):
            words = piece.words
            for phrase, least in wanted:
                if found := find_phrase([word.text for word in words], phrase, least):
                    words = words[: found[0]]
            if words:
                row.append(piece if words is piece.words else Piece(words=words))
        rows.append(row)
    return rows
