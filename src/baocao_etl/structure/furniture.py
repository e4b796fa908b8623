"""Page furniture: page numbers, running heads, specks and signature stamps, which are in no section."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.structure.lines import Line
from baocao_etl.structure.phrases import is_phrase
from baocao_etl.structure.zones import shows_number

EDGE = 3  # lines at a page's top and bottom in which running heads stand
_LEAST_PAGES, _LEAST_SHARE = 3, 0.4  # a running head stands on so many pages (right or left ones)
_ALIKE = 86
_SAME_HEIGHT = 14.0  # points
_SPECK = 0.4  # OCR is less sure than this of specks


def is_furniture(lines: Sequence[Line], tables: Dictionaries) -> list[bool]:
    """Say for each line whether it is furniture. Lines must be those of whole pages, in order."""
    edges = _edges(lines)
    running = _running_heads(lines, edges)
    return [
        i in running
        or (i in edges and (_is_page_number(line) or _is_speck(lines, i)))
        or is_stamp(line, tables)
        or not re.search(r"[\w%]", line.text)
        for i, line in enumerate(lines)
    ]


def _edges(lines: Sequence[Line]) -> set[int]:
    """Return the indices of the lines near a page's top or bottom."""
    by_page: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        by_page.setdefault(line.span.page, []).append(i)
    return {i for indices in by_page.values() for i in (*indices[:EDGE], *indices[-EDGE:])}


def _running_heads(lines: Sequence[Line], edges: set[int]) -> set[int]:
    """Return the edge lines that stand on many pages at the same height, their numbers left out."""
    groups: defaultdict[str, list[tuple[str, list[int]]]] = defaultdict(list)
    for i in sorted(edges):
        letters = re.sub(r"[^a-z]", "", lines[i].skeleton)
        if len(letters) < 8:
            continue
        alike = groups[letters[:3]]
        members = next((m for known, m in alike if fuzz.ratio(known, letters) >= _ALIKE), None)
        if members is None:
            alike.append((letters, members := []))
        members.append(i)
    pages = len({line.span.page for line in lines})
    found: set[int] = set()
    for members in (m for alike in groups.values() for _, m in alike):
        for i in members:
            level = {lines[j].span.page for j in members if _level(lines[i], lines[j])}
            if len(level) >= max(_LEAST_PAGES, _LEAST_SHARE * pages):
                found.add(i)
    return found


def _level(line: Line, other: Line) -> bool:
    """Say whether two lines stand at the same height of their pages, as far as that is known."""
    if line.box is None or other.box is None:
        return line.box is other.box
    return abs(line.box.y0 - other.box.y0) < _SAME_HEIGHT


def _is_page_number(line: Line) -> bool:
    """A lone number, perhaps between dashes, at the top or bottom of a page after the first."""
    return line.span.page > 1 and bool(
        re.fullmatch(
            r"\W{0,2}(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?\W{0,2}", line.text, re.IGNORECASE
        )
    )


def _is_speck(lines: Sequence[Line], i: int) -> bool:
    """Say whether an edge line of a page image is no print, or a page number that OCR misread."""
    line = lines[i]
    if line.box is None or len(line.text) > 4:
        return False
    if all(word.confidence < _SPECK for word in line.words):
        return True
    first = i > 0 and lines[i - 1].span.page != line.span.page
    below = lines[i + 1] if i + 1 < len(lines) else None
    return first and len(line.text) < 3 and below is not None and below.gap_above


def is_stamp(line: Line, tables: Dictionaries) -> bool:
    """Say whether this is a line of a digital signature's stamp: `Ký bởi: ...`, `Thời gian ký: ...`."""
    title, colon, _ = line.text.partition(":")
    if not colon or len(line.text) >= 70 or shows_number(line):
        return False
    return is_phrase(title, tables, "stamp", 86)
