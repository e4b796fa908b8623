"""Articles in a bulletin: where each begins, by its title and, mostly, its author.

A bulletin (bản tin) has no letterhead. An article opens with a title of one to four lines, then often its
author and the author's post; on a page image the title stands out by its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from baocao_etl.structure.lines import Line, is_capitals, is_person_name, starts_low
from baocao_etl.structure.numbering import BULLET, readings

TITLE_LINES = 4
LEAST_LINES = 12  # fewer lines before the first title are a masthead
LARGER = 1.16  # a title's letters against those of the body
NO_SMALLER = 0.85  # with an author under it, a title need only not be set clearly smaller


class Article(NamedTuple):
    """Where an article lies among the lines: its title, what stands under it, and its text."""

    start: int
    title_end: int
    body: int
    end: int


def find_articles(lines: Sequence[Line]) -> list[Article]:
    """Return the articles among the lines of a body without letterhead; none if no title is found."""
    usual = _usual_height(lines)
    openings: list[tuple[int, int, int]] = []
    for i, line in enumerate(lines):
        if openings and i < openings[-1][2]:
            continue
        free = openings[-1][2] if openings else 0
        if _is_author(line) and (start := _title_above(lines, i, free, usual)) is not None:
            post = i + 1 < len(lines) and _is_post(lines, i + 1)
            openings.append((start, i, i + 1 + post))
        elif usual and _is_title(line, usual) and (i == 0 or line.gap_above):
            end = _title_end(lines, i, usual)
            if end < len(lines) and not _is_author(lines[end]):
                openings.append((i, end, end))
    if openings and openings[0][0] > LEAST_LINES:  # an article whose author could not be read
        end = next((i for i in range(1, TITLE_LINES + 1) if lines[i].gap_above), 1)
        openings.insert(0, (0, end, end))
    starts = [start for start, _, _ in openings] + [len(lines)]
    return [Article(*opening, end) for opening, end in zip(openings, starts[1:], strict=True)]


def _usual_height(lines: Sequence[Line]) -> float | None:
    heights = [word.box.height for line in lines for word in line.words if word.box]
    return median(heights) if heights else None


def _is_set(line: Line, usual: float | None, least: float) -> bool:
    """Say whether the line is set at least `least` times as large as the body; True without boxes."""
    heights = [word.box.height for word in line.words if word.box]
    return usual is None or not heights or median(heights) >= least * usual


def _is_title(line: Line, usual: float) -> bool:
    letters = sum(c.isalpha() for c in line.text)
    large = letters > 5 and _is_set(line, usual, LARGER)
    return large and not starts_low(line.text) and _may_be_title(line)


def _may_be_title(line: Line) -> bool:
    ended = line.text.endswith((".", ";", ":", ","))
    return not ended and not BULLET.match(line.text) and not readings(line.text, line.raw)


def _title_end(lines: Sequence[Line], start: int, usual: float) -> int:
    end = start + 1
    while end < min(len(lines), start + TITLE_LINES) and (
        _is_title(lines[end], usual)
        or (starts_low(lines[end].text) and lines[end].gap_above is False)
    ):
        end += 1
    return end


def _is_author(line: Line) -> bool:
    return len(line.text) < 40 and is_person_name(line.text)


def _title_above(lines: Sequence[Line], author: int, free: int, usual: float | None) -> int | None:
    """Return where the title right above `author` begins, not above `free`; None if there is none."""
    start = author
    while (
        start > free and author - start < TITLE_LINES and _continues_up(lines, start, author, usual)
    ):
        start -= 1
    if start == author or starts_low(lines[start].text):
        return None
    return start


def _continues_up(lines: Sequence[Line], start: int, author: int, usual: float | None) -> bool:
    """Say whether the line above `start` belongs to the title, too."""
    above = lines[start - 1]
    if not _may_be_title(above) or not _is_set(above, usual, NO_SMALLER):
        return False
    if start == author:
        return True
    begun = is_capitals(lines[start].text) and not is_capitals(above.text)
    return not begun and not lines[start].gap_above


def _is_post(lines: Sequence[Line], i: int) -> bool:
    """Say whether line `i` is the author's post: short, capitalised, set off from the text below."""
    line = lines[i]
    set_off = i + 1 < len(lines) and lines[i + 1].gap_above
    short = len(line.text) < 60 and not line.text.endswith((".", ",", ";"))
    return set_off and short and not starts_low(line.text)
