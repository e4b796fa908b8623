"""Box 5 of a letterhead: the document's type and subject, or "V/v" in a công văn."""

from __future__ import annotations

import re
from collections.abc import Sequence

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Word
from baocao_etl.structure.lines import Line, is_capitals
from baocao_etl.structure.phrases import begins_with, is_phrase, squeezed
from baocao_etl.structure.pieces import Piece, pieces_of
from baocao_etl.structure.references import DATE
from baocao_etl.structure.zones import NUMBER, title_type

_V_V = re.compile(r"\W{0,2}(?:V\s?[/I|l]\s?v\b|V/?v\b|V[êềeèẻế]\s?vi[êệeẹ]c)", re.IGNORECASE)
_ABOUT = re.compile(r"V[êềeèẻế]\s?vi[êệeẹ]c")
_REST_OF_DATE = re.compile(r"\W*th[áaà]ng\s+\S{0,4}\s*n[ăa]m\s+\d{4}\W*", re.IGNORECASE)
_NUMBER_LINE = re.compile(r"^\W*S[ốôoó6]\s?[:.]")
_OFF_CENTRE = 16.0  # points that the middle of a centred line may lie beside the title's
_INDENT, _EVEN = 15.0, 6.0  # points: of a paragraph's first line; how even its right edge is
_SPECK = 0.4  # words that are less sure than this are specks or strokes of a stamp, rarely print
_MOST_LINES = 8
_NOISE = re.compile(r"[^\w\s.,;:()\[\]/%&+'\"“”‘’–—-]|_")


def doc_type(lines: Sequence[Line], symbol: str | None, tables: Dictionaries) -> str | None:
    """Return the type code: the symbol's, where it begins with one, else that of the title line."""
    codes = {r["code"].upper(): r["code"] for r in tables.rows("document_types") if r["code"]}
    by_symbol = codes.get(re.split("[-/]", symbol or "")[0].upper())
    return by_symbol or next((c for line in lines if (c := title_type(line, tables))), None)


def subject_of(
    lines: Sequence[Line],
    pieces: Sequence[Sequence[Piece]],
    code: str | None,
    tables: Dictionaries,
) -> str | None:
    """Return the subject: the lines under the type or, in a công văn, those from "V/v" on.

    `code` is the type code, by which a title that lost its capitals is known.
    """
    titles = [i for i, line in enumerate(lines) if _is_title(line, code, tables)]
    if titles:
        # A stamp of incoming mail (CÔNG VĂN ĐẾN) looks like a title, too; the symbol tells which it is.
        own = [i for i in titles if code and title_type(lines[i], tables) == code]
        title = (own or titles)[0]
        text = _whole(_under_title(lines, title, tables)) or ""
        return text[:1].upper() + text[1:] or None
    start = _v_v(pieces, tables)
    if start is None:
        return None
    texts = _under_number(pieces, *start, tables)
    first = texts[0].split()
    if not _V_V.match(texts[0]) and _stands_for_v_v(first):
        texts[0] = " ".join(first[1:])
    text = _V_V.sub("", _whole(texts) or "", count=1).strip(" :.")
    return f"Về việc {text}" if text else None


def _is_title(line: Line, code: str | None, tables: Dictionaries) -> bool:
    if title_type(line, tables):
        return True
    names = [r["name"] for r in tables.rows("document_types") if code and r["code"] == code]
    return any(squeezed(line.cells[-1]) == squeezed(name) for name in names)


def _under_title(lines: Sequence[Line], title: int, tables: Dictionaries) -> list[str]:
    """Return the texts of the lines under the type, up to a gap, a rule or who decides."""
    centre = pieces_of(lines[title])[-1].centre
    last: Line | None = None
    texts: list[str] = []
    for i, line in enumerate(lines[title + 1 : title + 1 + _MOST_LINES], start=title + 1):
        if _is_beside(line, centre):
            continue
        if texts and i + 1 < len(lines) and _begins_body(line, lines[i + 1]):
            break
        text = _centred(line, centre)
        if not re.search(r"[^\W_]", text):
            if texts:
                break
            continue
        if not texts and _is_rest_of_date(line, centre):
            continue
        if last is not None and _is_apart(last, line):
            break
        if begins_with(text, tables, "addressee"):
            break
        if is_capitals(text) and any(not is_capitals(above) for above in texts):
            break
        last = line
        texts.append(_without_stamp(text, lines[:title], tables))
    if texts and (m := _ABOUT.search(texts[0])) and _NOISE.search(texts[0][: m.start()]):
        texts[0] = texts[0][m.start() :]
    return texts


def _is_beside(line: Line, centre: float | None) -> bool:
    """Say whether a line on a page image keeps to one side of the title: a stamp, not its subject."""
    return line.box is not None and centre is not None and not line.box.x0 < centre < line.box.x1


def _begins_body(line: Line, below: Line) -> bool:
    """Say whether a paragraph begins here: indented, and even with the line below at the right.

    The lines of a subject are centred, so both of their ends differ or none does.
    """
    if line.box is None or below.box is None or line.span.page != below.span.page:
        return False
    indent = line.box.x0 - below.box.x0
    return indent > _INDENT and abs(line.box.x1 - below.box.x1) < _EVEN


def _is_apart(above: Line, line: Line) -> bool:
    """Say whether, on a page image, more than a line's height lies between two lines."""
    if above.box is None or line.box is None:
        return False
    return line.box.y0 - above.box.y1 > min(above.box.height, line.box.height)


def _is_rest_of_date(line: Line, centre: float | None) -> bool:
    """Say whether this is the end of the date beside the title, which was cut where the day is blank."""
    if line.box is None or centre is None or (line.box.x0 + line.box.x1) / 2 - centre < _OFF_CENTRE:
        return False
    return bool(_REST_OF_DATE.fullmatch(line.text))


def _centred(line: Line, centre: float | None) -> str:
    """Return the text of `line`, without the specks and stamps beside what is centred under the title."""
    box = line.box
    if centre is None or box is None or abs((box.x0 + box.x1) / 2 - centre) <= _OFF_CENTRE:
        return line.text
    half = min(centre - box.x0, box.x1 - centre) + _OFF_CENTRE / 2
    inside = [w for w in line.words if w.box and abs((w.box.x0 + w.box.x1) / 2 - centre) <= half]
    beside = [w for w in line.words if w not in inside]
    if not beside or min(w.confidence for w in beside) > _SPECK:
        return line.text  # a subject that is not centred
    return " ".join(w.text for w in inside)


def _without_stamp(text: str, above: Sequence[Line], tables: Dictionaries) -> str:
    """Cut a line of a signature stamp that OCR ran into the subject: `Cơ quan: Tỉnh X Kết quả`.

    What the stamp says there is the name of the issuer, or a piece of it.
    """
    title, colon, rest = text.partition(":")
    if not colon or len(title) > 24 or not is_phrase(title, tables, "stamp", 84):
        return text
    names = {squeezed(word) for line in above for word in line.text.split()}
    words = rest.split()
    while words and squeezed(words[0]) in names:
        words.pop(0)
    return " ".join(words)


def _v_v(pieces: Sequence[Sequence[Piece]], tables: Dictionaries) -> tuple[int, int] | None:
    """Return row and column of the subject: the cell that says "V/v", else what is under the number."""
    for i, row in enumerate(pieces):
        for column, piece in enumerate(row):
            if _V_V.match(piece.text):
                return i, column
    for i, row in enumerate(pieces[:-1]):
        if any(NUMBER.search(piece.text) for piece in row):
            for j, below in enumerate(pieces[i + 1 : i + 5], start=i + 1):
                if below and _says_something(below[0].text) and not _ends(below[0].text, tables):
                    return j, 0
    return None


def _stands_for_v_v(words: Sequence[str]) -> bool:
    """Say whether the first word is what OCR made of "V/v": short, a capital, then a small letter."""
    return len(words) > 1 and len(words[0]) <= 4 and words[0][:1].isupper() and words[1].islower()


def _under_number(
    pieces: Sequence[Sequence[Piece]], row: int, column: int, tables: Dictionaries
) -> list[str]:
    """Return the lines of box 5b; on a page image, what stands in the width of the box."""
    extent = _extent(pieces, row, column)
    texts: list[str] = []
    bottom: float | None = None
    for cells in pieces[row : row + _MOST_LINES]:
        if extent is None:
            text = cells[column].text if len(cells) > column else ""
        else:
            inside = [w for piece in cells for w in piece.words if w.box and _inside(w.box, extent)]
            text = " ".join(w.text for w in _print(inside))
            boxes = [w.box for w in inside if w.box]
            top = min((b.y0 for b in boxes), default=bottom)
            height = max((b.height for b in boxes), default=12.0)
            if texts and bottom is not None and top is not None and top - bottom > 1.1 * height:
                break
            bottom = max((b.y1 for b in boxes), default=bottom)
        if texts and (not text or any(_ends(t, tables) for t in (text, *(c.text for c in cells)))):
            break
        if text:
            texts.append(text)
    return texts or [pieces[row][column].text]


def _print(words: Sequence[Word]) -> list[Word]:
    """Return `words` without specks; none if OCR was unsure of all of them."""
    if sum(w.confidence for w in words) < _SPECK * len(words):
        return []
    return [w for w in words if not _NOISE.search(w.text)]


def _inside(box: tuple[float, float, float, float], extent: tuple[float, float]) -> bool:
    return extent[0] <= (box[0] + box[2]) / 2 <= extent[1]


def _extent(pieces: Sequence[Sequence[Piece]], row: int, column: int) -> tuple[float, float] | None:
    """Return the sides of box 5b: it is centred under the number, so they lie alike on both sides."""
    first = pieces[row][column].box
    number = next(
        (
            piece.box
            for cells in pieces[: row + 1]
            for piece in cells
            if piece.box and (NUMBER.search(piece.text) or _NUMBER_LINE.match(piece.text))
        ),
        None,
    )
    if first is None or number is None:
        return None
    middle = (number.x0 + number.x1) / 2
    if not first.x0 < middle < first.x1:
        return None
    if DATE.search(next(p.text for cells in pieces for p in cells if p.box == number)):
        return None
    half = max(middle - first.x0, number.width / 2)
    return middle - half - 24.0, middle + half + 16.0


def _ends(text: str, tables: Dictionaries) -> bool:
    return bool(DATE.search(text)) or begins_with(text, tables, "addressee") or is_capitals(text)


def _says_something(text: str) -> bool:
    return sum(word.isalpha() and len(word) > 1 for word in text.split()) >= 2


def _whole(texts: Sequence[str]) -> str | None:
    text = " ".join(" ".join(t.strip(" _.,·|*") for t in texts).split()).strip(" .:_-;,")
    if m := _V_V.match(text):
        text = f"Về việc {text[m.end() :].lstrip()}"
    return text or None
