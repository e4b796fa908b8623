"""Articles in a bulletin: where each begins, by its title and, mostly, its author.

A bulletin (bản tin) has no letterhead. An article opens with a title of one to four lines, then often its
author and the author's post; on a page image the title stands out by its size.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest
from statistics import median
from typing import NamedTuple

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.structure.lines import Line, is_capitals, is_person_name, starts_low, typical_width
from baocao_etl.structure.numbering import BULLET, Label, readings
from baocao_etl.structure.phrases import begins_with, phrases, squeezed

TITLE_LINES = 4
LEAST_LINES = 12  # fewer lines before the first title are a masthead
LARGER = 1.16  # a title's letters against those of the body
SHORTEST_TITLE = 8  # letters
LONGEST_TITLE = 240  # characters, where nothing but empty lines tells it from a paragraph
SHORT = 0.8  # of the usual width: in a dump, the last line of a title is no longer
BEGUN = 0.6  # and the first line of the paragraph below it no shorter
ODD = 1.5  # the cost of a label that is none
_SPECKS = re.compile(r"[^\w\s.'’]")
_ISSUE = re.compile(r"Số\s\d", re.IGNORECASE)
NO_SMALLER = 0.85  # with an author under it, a title need only not be set clearly smaller


class Article(NamedTuple):
    """Where an article lies among the lines: its title, what stands under it, and its text."""

    start: int
    title_end: int
    body: int
    end: int


Opening = tuple[int, int, int]  # a title, what stands under it, the text: where each begins


def find_articles(lines: Sequence[Line], tables: Dictionaries) -> list[Article]:
    """Return the articles among the lines of a body without letterhead; none if no title is found."""
    usual = _usual_height(lines)
    width = typical_width(lines)
    authored = _authored(lines, usual, width, tables)
    plain = _set_off_titles(lines, usual)
    if not (plain or usual):
        plain = _plain_titles(lines, width, tables)
    capitals = _titles_in_capitals(lines, tables)
    if authored:
        openings = _merged(_merged(authored, _without_headings(lines, capitals)), plain)
    elif not (openings := capitals):
        # A single title proves nothing, nor do those that are set no larger on a page image.
        proves = len(plain) > 1 and not usual and not _has_parts(lines)
        openings = plain if proves else []
    if openings and openings[0][0] > LEAST_LINES:  # an article whose author could not be read
        end = next((i for i in range(1, TITLE_LINES + 1) if lines[i].gap_above), 1)
        openings.insert(0, (0, end, end))
    starts = [start for start, _, _ in openings] + [len(lines)]
    return [Article(*opening, end) for opening, end in zip(openings, starts[1:], strict=True)]


def _authored(
    lines: Sequence[Line], usual: float | None, width: float, tables: Dictionaries
) -> list[Opening]:
    """Return the openings with an author or a large title, and those without that come later."""
    openings: list[Opening] = []
    for i, line in enumerate(lines):
        if openings and i < openings[-1][2]:
            continue
        free = openings[-1][2] if openings else 0
        if (
            _is_author(line, tables)
            and (start := _title_above(lines, i, free, usual, tables)) is not None
        ):
            post = i + 1 < len(lines) and _is_post(lines, i + 1)
            openings.append((start, i, i + 1 + post))
        elif usual and _is_title(line, usual) and (i == 0 or line.gap_above):
            end = _title_end(lines, i, usual)
            if end < len(lines) and not _is_author(lines[end], tables):
                openings.append((i, end, end))
    return openings


def _merged(openings: Sequence[Opening], more: Sequence[Opening]) -> list[Opening]:
    """Return `openings` and those of `more` that share no line with one of them."""
    taken = {i for start, _, body in openings for i in range(start, body + 1)}
    return sorted([*openings, *(o for o in more if taken.isdisjoint(range(o[0], o[2])))])


def _titles_in_capitals(lines: Sequence[Line], tables: Dictionaries) -> list[Opening]:
    """Return the titles of a bulletin without authors: lines in capitals before paragraphs.

    Each stands at the beginning or behind the end of a paragraph; a single one proves nothing.
    """
    found: list[Opening] = []
    at = 0
    while at < len(lines):
        end = at
        while end < min(len(lines), at + TITLE_LINES) and _is_title_line(lines[end], tables):
            end += 1
        behind = at == 0 or _ends_paragraph(lines[at - 1]) or _is_imprint(lines[at - 1], tables)
        below = end < len(lines) and not is_capitals(lines[end].text)
        if at < end and behind and below and not _is_imprint(lines[end], tables):
            found.append((at, end, end))
        at = max(end, at + 1)
    return found if len(found) > 1 else []


def _set_off_titles(lines: Sequence[Line], usual: float | None) -> list[Opening]:
    """Return the titles that white space parts from the paragraphs above and below."""
    starts = [i for i, line in enumerate(lines) if line.gap_above or _opens_page(lines, i)]
    blocks = [lines[a:b] for a, b in zip_longest(starts, starts[1:])]
    ends = [_ends_paragraph(block[-1]) for block in blocks]
    found: list[Opening] = []
    for n in range(len(blocks) - 1):
        behind = not any(ends[:n]) or ends[n - 1]  # at the top stands a masthead
        below = ends[n + 1] and not starts_low(blocks[n + 1][0].text)
        small = not all(_is_set(line, usual, NO_SMALLER) for line in blocks[n])
        if behind and below and not small and _is_set_off_title(blocks[n], blocks[n + 1]):
            found.append((starts[n], starts[n + 1], starts[n + 1]))
    return _without_headings(lines, found)


def _plain_titles(lines: Sequence[Line], width: float, tables: Dictionaries) -> list[Opening]:
    """Return the titles of a dump without empty lines, told by how lines end; see `_plain_title_end`."""
    found: list[Opening] = []
    for i, line in enumerate(lines[1:], 1):
        behind = _ends_paragraph(lines[i - 1]) or _is_imprint(lines[i - 1], tables)
        begins = not starts_low(line.text) and not _is_imprint(line, tables)
        if behind and begins and not (found and i <= found[-1][2]):
            end = _plain_title_end(lines, i, width, tables)
            found += [(i, end, end)] if end else []
    return _without_headings(lines, found)


def _without_headings(lines: Sequence[Line], titles: Sequence[Opening]) -> list[Opening]:
    """Return `titles` without the unnumbered headings of a report, behind which its numbering goes on."""
    following = zip_longest(titles, [start for start, _, _ in titles[1:]])
    return [title for title, end in following if not _numbering_goes_on(lines[title[2] : end])]


def _opens_page(lines: Sequence[Line], i: int) -> bool:
    return i == 0 or lines[i - 1].span.page != lines[i].span.page


def _is_set_off_title(block: Sequence[Line], below: Sequence[Line]) -> bool:
    """Say whether a few lines without a mark at their end are the title of the paragraph `below`."""
    size, text = (sum(len(line.text) for line in some) for some in (block, below))
    return (
        len(block) <= TITLE_LINES
        and size < min(text, LONGEST_TITLE)
        and not starts_low(block[0].text)
        and all(map(_may_be_title, block))
    )


def _numbering_goes_on(lines: Sequence[Line]) -> bool:
    """Say whether the first label among the lines is not the first of its family."""
    for line in lines:
        if label := min(_labels(line), key=lambda label: label.cost, default=None):
            return max(label.value) > 1
    return False


def _has_parts(lines: Sequence[Line]) -> bool:
    """Say whether the text has parts (`I.`, `A.`), as a report has and a bulletin has not."""
    return any(label.family.kind == "part" for line in lines for label in _labels(line))


def _labels(line: Line) -> list[Label]:
    """Return the readings of the line's label that are not odd."""
    return [label for label in readings(line.text, line.raw) if label.cost < ODD]


def _is_title_line(line: Line, tables: Dictionaries) -> bool:
    long = sum(c.isalpha() for c in line.text) > SHORTEST_TITLE
    return long and is_capitals(line.text) and _may_be_title(line) and not _is_imprint(line, tables)


def _usual_height(lines: Sequence[Line]) -> float | None:
    heights = [word.box.height for line in lines for word in line.words if word.box]
    return median(heights) if heights else None


def _is_set(line: Line, usual: float | None, least: float) -> bool:
    """Say whether the line is set at least `least` times as large as the body; True without boxes."""
    heights = [word.box.height for word in line.words if word.box]
    return usual is None or not heights or median(heights) >= least * usual


def _is_title(line: Line, usual: float) -> bool:
    letters = sum(c.isalpha() for c in line.text)
    large = letters > 5 and _is_set(line, usual, LARGER) and not _is_stretched(line, usual)
    return large and not starts_low(line.text) and _may_be_title(line)


def _is_stretched(line: Line, usual: float) -> bool:
    """Say whether all spaces are wider than letters are high: justified, before a word without room."""
    boxes = [word.box for word in line.words if word.box]
    gaps = [after.x0 - before.x1 for before, after in pairwise(boxes)]
    return bool(gaps) and min(gaps) > usual


def _may_be_title(line: Line) -> bool:
    ended = line.text.endswith((".", ";", ":", ","))
    return not ended and not BULLET.match(line.text) and not _labels(line)


def _title_end(lines: Sequence[Line], start: int, usual: float) -> int:
    end = start + 1
    while end < min(len(lines), start + TITLE_LINES) and (
        _is_title(lines[end], usual)
        or (starts_low(lines[end].text) and lines[end].gap_above is False)
    ):
        end += 1
    return end


def _plain_title_end(
    lines: Sequence[Line], start: int, width: float, tables: Dictionaries
) -> int | None:
    """Return where a title without author ends that begins at `start` in a dump; None if none does.

    It is a line or two without end mark, the last of them short, before a paragraph that begins anew.
    """
    for end in range(start + 1, min(len(lines) - 1, start + TITLE_LINES)):
        last, following = lines[end - 1], lines[end]
        if not _may_be_title(last):
            return None
        next_word = following.text.split()[0]
        if len(last.text) + len(next_word) >= width and following.text[:1].isdigit():
            return None  # broken where a long symbol had no room, not where a title ends
        if len(last.text) < SHORT * width and not starts_low(following.text):
            begins = BULLET.match(following.text) or len(following.text) >= BEGUN * width
            return end if begins and not _is_author(following, tables) else None
    return None


def _ends_paragraph(line: Line) -> bool:
    return line.text.rstrip('"”’) ').endswith((".", "!", "?"))


def _is_author(line: Line, tables: Dictionaries) -> bool:
    """Say whether the line names an author, perhaps with his post, or the newsroom (`PV`, `BBT`)."""
    role, _, who = line.text.partition(":")  # Bài và ảnh: Minh Khuê
    if squeezed(role) in (byline for byline, _ in phrases(tables, "byline")) and len(who) < 40:
        return True
    name, dash, post = line.text.partition(" - ")
    name = _parted(name)
    if dash and len(post) < 50 and is_person_name(name) and not post.endswith((".", ",")):
        known = any(
            squeezed(name.split()[0]) == surname for surname, _ in phrases(tables, "surname")
        )
        return known or any(begins_with(post, tables, role) for role in ("office", "workplace"))
    return len(line.text) < 40 and is_person_name(line.text)


def _parted(name: str) -> str:
    """Return a name without specks, its words apart that OCR ran together: `LêVăn An`."""
    letters = _SPECKS.sub("", name)
    pairs = zip(letters, f" {letters}", strict=False)
    return "".join(f" {c}" if c.isupper() and before.islower() else c for c, before in pairs)


def _title_above(
    lines: Sequence[Line], author: int, free: int, usual: float | None, tables: Dictionaries
) -> int | None:
    """Return where the title right above `author` begins, not above `free`; None if there is none."""
    start = author
    while (
        start > free
        and author - start < TITLE_LINES
        and not _is_imprint(lines[start - 1], tables)
        and _continues_up(lines, start, author, usual)
    ):
        start -= 1
    if start == author or starts_low(lines[start].text):
        return None
    return start


def _is_imprint(line: Line, tables: Dictionaries) -> bool:
    """Say whether the line tells who publishes the bulletin, by which licence, or which issue it is."""
    parts = line.text.split(" - ")
    return bool(_ISSUE.match(line.text)) or any(
        begins_with(part, tables, role) for part in parts for role in ("imprint", "publisher")
    )


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
    return set_off and len(line.text) < 60 and _may_be_title(line) and not starts_low(line.text)
