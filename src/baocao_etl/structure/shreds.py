"""Tables in shreds: a dump that broke every cell at its lines, so that rows and columns are lost."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from baocao_etl.structure.lines import Line, is_capitals

_LEAST_LINES = 20
_SHORT, _MEDIAN = 34, 15  # characters: the longest line of a run, and the usual one
_SCRAP = 52  # around such a run, lines up to this belong to it


def shreds(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return the tables that a dump broke at every line of every cell: long runs of very short lines.

    The short lines around such a run are pieces of the same table whose cells OCR ran together.
    """
    found: list[tuple[int, int]] = []
    i = 0
    while i < len(lines):
        end = _short_until(lines, i, _SHORT)
        lengths = [len(line.text) for line in lines[i:end]]
        if end - i >= _LEAST_LINES and median(lengths) <= _MEDIAN:
            start, free = i, found[-1][1] if found else 0
            while start > free and _is_scrap(lines, start - 1):
                start -= 1
            while end < len(lines) and _is_scrap(lines, end):
                end += 1
            if found and start == free:
                start = found.pop()[0]
            found.append((start, end))
        i = max(end, i + 1)
    return found


def _short_until(lines: Sequence[Line], start: int, longest: int) -> int:
    end = start
    while end < len(lines) and lines[end].box is None and len(lines[end].text) <= longest:
        end += 1
    return end


def _is_scrap(lines: Sequence[Line], i: int) -> bool:
    """Say whether line `i` is a piece of a broken table: not a caption, a heading, or a paragraph's end."""
    text = lines[i].text.rstrip()
    if lines[i].box is not None or len(text.replace(" |", "")) > _SCRAP:
        return False
    in_brackets = text[:1] == "(" and text[-1:] == ")"
    caption = in_brackets or (text[:1].isalnum() and text.endswith((":", "./.")))
    ends = text.endswith((".", ";")) and i > 0 and len(lines[i - 1].text) > _SCRAP
    return not caption and not ends and not is_capitals(text)
