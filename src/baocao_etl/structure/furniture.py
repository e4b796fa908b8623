"""Page furniture: page numbers, running heads and signature stamps, which belong to no section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.structure.lines import Line
from baocao_etl.structure.phrases import is_phrase

EDGE = 3  # lines at a page's top and bottom in which running heads stand


def is_furniture(lines: Sequence[Line], tables: Dictionaries) -> list[bool]:
    """Say for each line whether it is furniture. Lines must be those of whole pages, in order."""
    edges = _edges(lines)
    repeated = _repeated(lines, edges)
    return [
        (i in edges and (_is_page_number(line) or repeated[line.skeleton] > 2))
        or is_stamp(line, tables)
        or not re.search(r"\w", line.text)
        for i, line in enumerate(lines)
    ]


def _edges(lines: Sequence[Line]) -> set[int]:
    """Return the indices of the lines near a page's top or bottom."""
    by_page: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        by_page.setdefault(line.span.page, []).append(i)
    return {i for indices in by_page.values() for i in (*indices[:EDGE], *indices[-EDGE:])}


def _repeated(lines: Sequence[Line], edges: set[int]) -> Counter[str]:
    """Count on how many pages an edge line stands, its numbers left out; bullets do not count."""
    seen = {(line.span.page, line.skeleton) for i, line in enumerate(lines) if i in edges}
    return Counter(text for _, text in seen if len(text) > 12)


def _is_page_number(line: Line) -> bool:
    """A lone number, perhaps between dashes, at the top or bottom of a page after the first."""
    return line.span.page > 1 and bool(
        re.fullmatch(
            r"\W{0,2}(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?\W{0,2}", line.text, re.IGNORECASE
        )
    )


def is_stamp(line: Line, tables: Dictionaries) -> bool:
    """Say whether this is a line of a digital signature's stamp: `Ký bởi: ...`, `Thời gian ký: ...`."""
    title, colon, _ = line.text.partition(":")
    return bool(colon) and len(line.text) < 90 and is_phrase(title, tables, "stamp", 86)
