"""The zones of a document: letterhead, body, recipients and signature, and what is attached behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import fuzz

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.structure.lines import (
    Line,
    is_capitals,
    is_unit_caption,
    starts_low,
    typical_width,
)
from baocao_etl.structure.numbering import any_number, readings
from baocao_etl.structure.phrases import begins_with, find_phrase, is_phrase, phrases, squeezed

LOOK_AHEAD = 14  # lines within which a letterhead shows its number
# "Số: 47/BC-STTTT", "Số: 02/2010/QĐ-TTg"; a number by hand may come out as any few characters. The Party
# writes "Số 12-BC/TU". Of "Số:" nothing may be left but a few letters and the colon before the digits.
NUMBER = re.compile(
    r"(?:(?:\bS|\$|^\W{0,3}s)[ốôoóòõ6ổồộơ4ỏS5][r0o°]?\s?[:.;]*|^\W{0,3}[^\W\d]{1,3}\s?[:;](?=\s*\d))"
    r"\s*(?P<number>[^:\n]{0,10}?)\s*"
    r"(?:/\s*(?:(?P<year>(?:19|20)\d{2})\s*/\s*)?|[-–]\s*(?=[A-ZĐÐ][A-Za-zĐđ]{0,4}\s?/\s?[A-ZĐÐ]))"
    r"(?P<symbol>[A-ZĐÐ][\wĐÐ&.]*"
    r"(?:(?:\s?[-–—/]\s?(?=[A-ZĐÐ]{2})|[-–—/](?=[A-ZĐÐ]))[\wĐÐ&.]+)*)"
)
# TM. (thay mặt), KT. (ký thay), TL. (thừa lệnh), TUQ. (thừa ủy quyền), Q. (quyền); the Party writes T/M.
AUTHORITY = re.compile(
    r"(?:(?:T\s?/?\s?M|K\s?/?\s?T|T\s?/?\s?L|TUQ|[Qq])\s?[.,]\s?|(?:T/M|K/T|T/L|™)\s)(?=[A-ZĐÀ-Ỹ])"
)
_LONG = 24  # letters; of so many, more may be bent
_FULL, _FULL_BELOW_GAP = 0.88, 0.7  # of the usual width: lines of a paragraph are filled
_LEAST_SENTENCE = 6  # words
_ASIDE, _INDENTED = 8.0, 14.0  # points from the side of a column
_FEW_LINES, _COLUMN_LINES = 3, 8
_LONGEST_TITLE, _SURE_TITLE = 6, 95  # words; letters in a hundred
ATTACHED = re.compile(r"[Kk]èm theo|[Bb]an hành theo|[Bb]an hành kèm")
_LONGEST_SUBJECT = 6  # lines
_LONGEST_TAIL, _LONGEST_HEADING = 25, 16  # lines; characters
_LEAST_FULL_LINE = 60  # characters of running text; those of a signature are shorter
_ALIKE_ARCHIVE = 80  # letters in a hundred
_ALIKE_TITLE = 80  # letters in a hundred, of "Phụ lục" or "Biểu số" twice
_SPECKS = ":;.,'`~|_ "
# "PHỤ LỤC II", "Phụ lục số 02"; OCR joins the number to the words, or sees a stop before it.
_APPENDIX_NUMBER = re.compile(
    r"\S+\s+[^\W\d]+?\W*(?:s[ốôoóòõ6]\W*)?0?"
    r"([IVXl1|]{1,5}|\d{1,2}|(?<=\W)[A-E])\s*(?:$|[.:,)–-])",
    re.IGNORECASE,
)
END_MARK = re.compile(r"\.\s?/\s?\.?\s*$")


@dataclass
class Block:
    """One letterhead-body-tail sequence; attachments are blocks of their own behind the signature."""

    letterhead: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    tail: list[Line] = field(default_factory=list)

    def lines(self) -> list[Line]:
        """Return all lines of the block, zone by zone."""
        return [*self.letterhead, *self.body, *self.tail]


@dataclass
class Part:
    """One document of a file: its main block, then its appendices and attached drafts."""

    main: Block
    attached: list[Block] = field(default_factory=list)

    @classmethod
    def empty(cls) -> Part:
        """Return a document without a line, as of blank or failed pages."""
        return cls(Block())

    def lines(self) -> list[Line]:
        """Return all lines of the part."""
        return [line for block in (self.main, *self.attached) for line in block.lines()]

    def text(self) -> str:
        """Return the words of the part."""
        return " ".join(line.text for line in self.lines())

    def attached_text(self) -> str:
        """Return the words of what is attached."""
        return " ".join(line.text for block in self.attached for line in block.lines())


def has_motto(line: Line, tables: Dictionaries) -> bool:
    """Say whether the line shows the national name or its motto (Quốc hiệu, Tiêu ngữ), or the Party's."""
    words = [word.text for word in line.words]
    return any(find_phrase(words, phrase, least) for phrase, least in mottos(tables))


def mottos(tables: Dictionaries) -> list[tuple[str, float]]:
    """Return the squeezed phrases of box 1, each with how much of it must be found."""
    found = [(p, 72.0 if len(p) > _LONG else 84.0) for p, _ in phrases(tables, "motto")]
    return found + [(phrase, 76.0) for phrase, _ in phrases(tables, "slogan")]


def shows_number(line: Line) -> bool:
    """Say whether the line shows a number and symbol, repaired or as it was read."""
    return bool(NUMBER.search(line.text) or NUMBER.search(line.raw))


def split_parts(lines: Sequence[Line], tables: Dictionaries) -> list[Part]:
    """Cut the lines of a file into documents, each with what is attached to it."""
    starts = _letterhead_starts(lines, tables)
    parts: list[Part] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        blocks = _blocks(lines[start:end], tables)
        if parts and not _is_document(lines[start:end], tables):
            parts[-1].attached += blocks
        else:
            parts.append(Part(blocks[0], blocks[1:]))
    return parts


def _letterhead_starts(lines: Sequence[Line], tables: Dictionaries) -> list[int]:
    """Return where letterheads begin: the first line, and tops of later pages that show one."""
    starts = [0]
    for i, line in enumerate(lines):
        top = i > 0 and line.span.page != lines[i - 1].span.page
        if top and any(has_motto(other, tables) for other in lines[i : i + 5]):
            starts.append(i)
    return starts


def _is_document(lines: Sequence[Line], tables: Dictionaries) -> bool:
    """Tell a document of its own from a draft attached to another.

    A draft says so, or its number is left blank; a number by hand may be unreadable, but is there.
    """
    head = lines[:LOOK_AHEAD]
    if any(is_phrase(c, tables, "draft", 88) for line in head for c in line.cells):
        return False
    found = [m for line in head for text in (line.text, line.raw) for m in NUMBER.finditer(text)]
    return any(re.search(r"[^\s.…_]", m["number"]) for m in found)


def _blocks(lines: Sequence[Line], tables: Dictionaries) -> list[Block]:
    """Cut one document at its appendices, and each piece into letterhead, body and tail."""
    starts = [0]
    tail_seen = False
    for i, line in enumerate(lines):
        new_page = i > 0 and line.span.page != lines[i - 1].span.page
        is_list = line.text[0] in "-–~+"  # recipients that run on to the next page
        short = len(line.text) < 40 or is_capitals(line.text)
        titled = short and begins_with(line.text, tables, "appendix")
        set_off = new_page or tail_seen
        if titled and _is_below_caption(lines[starts[-1] : i]):
            continue
        if titled and not set_off:
            further = _is_next_appendix(lines[starts[-1]], line, tables)
            set_off = further or _says_attached(lines[i + 1 : i + 5])
        if (i and titled and set_off) or (new_page and tail_seen and not is_list):
            starts.append(i)
            tail_seen = False
        tail_seen = tail_seen or (i > 0 and _opens_tail(line, tables))
    ends = [*starts[1:], len(lines)]
    return [_zones(lines[s:e], tables) for s, e in zip(starts, ends, strict=True)]


def _is_below_caption(above: Sequence[Line]) -> bool:
    """Say whether only a table's caption stands above a title: of a page set sideways, read out of order."""
    return len(above) == 1 and is_unit_caption(above[0].text)


def _is_next_appendix(first: Line, line: Line, tables: Dictionaries) -> bool:
    """Say whether `line` counts one further than `first`, the title of the appendix it stands in.

    It may have lost a stroke: on the page of `first`, the same number again is no running title.
    """
    before, number = (_appendix_number(title.text, tables) for title in (first, line))
    if before is None or number is None:
        return False
    same = (
        fuzz.ratio(*(squeezed(" ".join(x.text.split()[:2])) for x in (first, line))) >= _ALIKE_TITLE
    )
    return same and number - before in ((0, 1) if first.span.page == line.span.page else (1,))


def _appendix_number(title: str, tables: Dictionaries) -> int | None:
    """Return the number of an appendix (`PHỤ LỤC II`, `Phụ lục số 02`); None if the title has none."""
    m = _APPENDIX_NUMBER.match(title) if begins_with(title, tables, "appendix") else None
    return any_number(m[1]) if m else None


def _says_attached(lines: Sequence[Line]) -> bool:
    """Say whether one of the lines under a title says what it is attached to: `(Kèm theo Báo cáo ...)`."""
    return any(ATTACHED.match(line.text.lstrip("(")) and line.text[0] == "(" for line in lines)


def _zones(lines: Sequence[Line], tables: Dictionaries) -> Block:
    head_end = _letterhead_end(lines, tables)
    tail_start = next(
        (i for i in range(head_end, len(lines)) if _opens_tail(lines[i], tables)), len(lines)
    )
    if tail_start == len(lines):
        tail_start = _tail_with_archive(lines, head_end, tables)
    if tail_start == len(lines):
        tail_start = _tail_behind_end_mark(lines, head_end)
    return Block(list(lines[:head_end]), list(lines[head_end:tail_start]), list(lines[tail_start:]))


def _letterhead_end(lines: Sequence[Line], tables: Dictionaries) -> int:
    """Return the index of the first line of the body."""
    head = lines[:LOOK_AHEAD]
    if not any(_shows_letterhead(line, tables) for line in head):
        return 0
    least = max((i for i, x in enumerate(head) if has_motto(x, tables)), default=1)
    titles = [i for i, x in enumerate(head) if title_type(x, tables)]
    title = titles[0] if titles else len(lines)
    width = typical_width(lines)
    for i, line in enumerate(lines[:40]):
        if i <= least or shows_number(line):
            continue
        if i > title and _is_set_as_paragraph(lines[i : i + _COLUMN_LINES]):
            return i
        text = line.text.lstrip(_SPECKS)  # specks stand before the first paragraph, bullets do not
        opens = text[:1].isalpha() and begins_with(text, tables, "opening")
        if opens and i == title + 1:  # a subject may begin so, too: "Triển khai công tác ..."
            opens = _opens_below(lines[i:], width, tables)
        if opens and not is_capitals(line.text) and not _centred_under(lines[i - 1], line):
            return i
        if _begins_numbering(line, under_subject=i > (title if titles else least) + 1):
            return i
        if i > title + 1 and (_fills_its_width(lines, i, width) or _is_sentence(lines, i)):
            return i
    return min(len(lines), 12)


def _is_set_as_paragraph(lines: Sequence[Line]) -> bool:
    """Say whether the first of `lines` is indented and filled, and the next begins at the left.

    Or it is a short sentence, and the next paragraph is indented like it. The lines of a subject are
    centred. The few lines below tell where the column's sides are, for a page may lean.
    """
    boxes = [line.box for line in lines if line.box and line.span.page == lines[0].span.page]
    if len(boxes) < _FEW_LINES or lines[1].gap_above:
        return False
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    first, second = boxes[:2]
    if first.x0 - left < _INDENTED or starts_low(lines[0].text):
        return False
    if lines[0].text.endswith("."):
        return abs(second.x0 - first.x0) < _ASIDE
    goes_on = starts_low(lines[1].text) or 2 * second.width > right - left
    return goes_on and right - first.x1 < _ASIDE and second.x0 - left < _ASIDE


def _opens_below(lines: Sequence[Line], width: float, tables: Dictionaries) -> bool:
    """Say whether the body opens with the first of `lines`, right under the title, and not a subject.

    A subject's lines are not filled and end without a mark, and the paragraph that opens the body stands
    close below them.
    """
    first, below = lines[0].text, lines[1].text if len(lines) > 1 else ""
    if not first.endswith((".", ",", ":", ";")) and not starts_low(below):
        return False
    later = (begins_with(line.text, tables, "opening") for line in lines[1:_LONGEST_SUBJECT])
    return len(first) >= _FULL_BELOW_GAP * width and not any(later)


def _begins_numbering(line: Line, *, under_subject: bool) -> bool:
    """Say whether a numbered section begins here: set off by a gap, or the first of its kind."""
    labels = [label for label in readings(line.text, line.raw) if label.cost < 0.6]
    first = any(label.family.predecessor(label.value) is None for label in labels)
    return bool(labels) and (line.gap_above or (under_subject and first))


def _fills_its_width(lines: Sequence[Line], i: int, width: float) -> bool:
    """Say whether, in a dump, a paragraph begins at line `i`: subjects are set in shorter lines."""
    line = lines[i]
    if line.box is not None or starts_low(line.raw) or i + 1 >= len(lines):
        return False
    full = _FULL_BELOW_GAP if line.gap_above else _FULL
    return len(line.text) >= full * width and starts_low(lines[i - 1].text)


def _is_sentence(lines: Sequence[Line], i: int) -> bool:
    """Say whether line `i` of a dump is a short paragraph of its own: a sentence, set off by blank lines."""
    line = lines[i]
    alone = line.gap_above and i + 1 < len(lines) and lines[i + 1].gap_above
    ended = line.text.endswith(".") and not END_MARK.search(line.text)
    is_text = len(line.text.split()) >= _LEAST_SENTENCE and not is_capitals(line.text)
    return line.box is None and alone and ended and is_text and not starts_low(line.text)


def _centred_under(above: Line, line: Line) -> bool:
    """Say whether `line` is centred right under the line above, as a subject's lines are."""
    if above.box is None or line.box is None or line.gap_above or above.span.page != line.span.page:
        return False
    shift = (above.box.x0 + above.box.x1 - line.box.x0 - line.box.x1) / 2
    alike = abs(above.box.x0 - line.box.x0) < 4.0 and abs(above.box.x1 - line.box.x1) < 4.0
    return abs(shift) < 6.0 and not alike


def _shows_letterhead(line: Line, tables: Dictionaries) -> bool:
    return shows_number(line) or has_motto(line, tables) or title_type(line, tables) != ""


def title_type(line: Line, tables: Dictionaries) -> str:
    """Return the code of the document type in capitals that the line shows (`BÁO CÁO` -> BC), or "".

    It ends the line, or begins it before a few more capitals (`BÁO CÁO NHANH`). Alone in its line it may
    have lost the case of some letters.
    """
    words = [word.text for word in line.words]
    while words and not re.search(r"\w", words[-1]):
        words.pop()
    capitals = is_capitals(" ".join(words))
    half = _is_half_capitals(words)
    if not capitals and not is_capitals(" ".join(words[-2:])) and not half:
        return ""
    for code, name in _types(tables):
        if not (found := find_phrase(words, name, 88)):
            continue
        start, end, _ = found
        alone = start == 0 and end == len(words)
        if end == len(words) and (alone or is_capitals(" ".join(words[start:]))):
            return code
        if (
            start == 0
            and (capitals or half)
            and len(words) <= _LONGEST_TITLE
            and found[2] > _SURE_TITLE
        ):
            return code
    return ""


def _is_half_capitals(words: Sequence[str]) -> bool:
    letters = [c for word in words for c in word if c.isalpha()]
    return (
        len(words) <= _LONGEST_TITLE and 2 * sum(c.isupper() for c in letters) >= len(letters) > 0
    )


@cache
def _types(tables: Dictionaries) -> tuple[tuple[str, str], ...]:
    rows = tables.rows("document_types")
    return tuple((r["code"], squeezed(r["name"])) for r in rows if r["code"])


def _opens_tail(line: Line, tables: Dictionaries) -> bool:
    """Say whether recipients or the signature begin here, repaired or as they were read."""
    if AUTHORITY.match(line.raw) and is_capitals(line.raw):
        return True
    for cell in line.cells:
        if is_phrase(cell, tables, "recipients", 74) and len(cell) < 16:
            return True
        if AUTHORITY.match(cell) and is_capitals(cell):
            return True
        first = " ".join(cell.split()[:3])
        if begins_with(first, tables, "recipients", 80) and len(cell) < 60 and ":" in cell[:14]:
            return True
    return False


def _tail_with_archive(lines: Sequence[Line], head_end: int, tables: Dictionaries) -> int:
    """Return where the list of recipients begins that ends with the archive (`- Lưu: VT`), its heading bent.

    Without such a line near the end, the number of lines.
    """
    for i in range(len(lines) - 1, max(head_end, len(lines) - _LONGEST_TAIL), -1):
        if lines[i].text[0] not in "-–" or not _is_archive(lines[i], tables):
            continue
        first = i
        while first > head_end and lines[first - 1].text[0] in "-–":
            first -= 1
        headed = first > head_end and len(lines[first - 1].text) < _LONGEST_HEADING
        return first - 1 if headed else first
    return len(lines)


def _is_archive(line: Line, tables: Dictionaries) -> bool:
    known = [phrase for phrase, _ in phrases(tables, "archive")]
    return any(
        fuzz.ratio(squeezed(text)[: len(phrase)], phrase) >= _ALIKE_ARCHIVE
        for phrase in known
        for text in (line.text, line.raw)
    )


def _tail_behind_end_mark(lines: Sequence[Line], head_end: int) -> int:
    """Return where the tail begins if only the end mark `./.` shows it; else the number of lines.

    Articles of a bulletin end with the mark, too: a tail holds no running text.
    """
    full = max(_LEAST_FULL_LINE, _FULL * typical_width(lines))
    for i in range(len(lines) - 1, max(head_end, len(lines) - _LONGEST_TAIL), -1):
        if sum(len(line.text) >= full for line in lines[i:]) > 1:
            break
        if END_MARK.search(lines[i].text):
            return i + 1
    return len(lines)
