"""The tail of a document: boxes 7 (signer and authority) and 9b (recipients)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.structure.issuers import UNITS, proper_case
from baocao_etl.structure.lines import Line, is_capitals, is_person_name
from baocao_etl.structure.phrases import bare, find_phrase, phrases
from baocao_etl.structure.pieces import pieces_of
from baocao_etl.structure.zones import AUTHORITY

_ALIKE, _ALIKE_SMALL = 84, 92
_LONGEST_TITLE = 60  # characters
_MOST_TITLES = 4  # TUQ. CHỦ TỊCH / TL. CHỦ TỊCH / KT. CHÁNH VĂN PHÒNG / PHÓ CHÁNH VĂN PHÒNG
_MOST_POSTS = 2  # TRƯỞNG BAN / PHÓ CHỦ TỊCH UBND HUYỆN
_LONGEST_OFFICE = 7  # words
_ABBREVIATED = ("UBND", "HĐND", "MTTQ")
_STROKES = " *_·`'|\"“”~^"
_ENDS = (";", ".", ",", ":", ")")
# Letters whose capital has the same shape: OCR takes one for the other.
_SAME_SHAPE = frozenset("covxsz")
_LEAST_LEFT = 4  # letters of a post whose beginning the seal hid
_COLLECTIVE = 84  # letters in a hundred, of a body for which someone signs


class Signer(NamedTuple):
    """Who signed, and the authorities and offices above the name (`KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH`).

    `inferred`: the office was not read, but follows from the authority.
    """

    name: str | None
    titles: tuple[str, ...]
    inferred: bool


def recipients_of(tail: Sequence[Line], tables: Dictionaries) -> tuple[str, ...]:
    """Return the recipients: the list of dashes, the archive line last."""
    cells = [cell for line in tail for cell in _cells(line, tables)]
    return tuple(cell.strip(" -–;.") for cell in cells if re.match(r"[-–]\s*\w", cell))


def signer_of(tail: Sequence[Line], tables: Dictionaries) -> Signer:
    """Return the signer: the name under the office, which stands under the authorities.

    Where the office was not read but "KT. GIÁM ĐỐC" was, the signer is the deputy: only he signs so.
    """
    authority: list[str] = []
    offices: list[str] = []
    names: list[str] = []
    for cell in (cell for line in tail for cell in _cells(line, tables)):
        begun = bool(authority or offices)
        if re.match(r"[-–+]|\W*N[ơo]i nh", cell):
            continue
        if AUTHORITY.match(cell) and len(authority) < _MOST_TITLES and not offices:
            authority.append(_authority(cell, tables))
        elif office := _office(cell, tables, begun=begun):
            offices.append(office)
        elif authority and not offices and (head := _head(cell, authority[-1], tables)):
            offices.append(head)
        elif begun and (name := _name(cell, tables)):
            names.append(name)
    deputy = _deputy(authority[-1], tables) if authority and not offices else None
    posts = [post.upper() for post in (*offices[:_MOST_POSTS], deputy) if post]
    return Signer(names[-1] if names else None, (*authority, *posts), deputy is not None)


def _authority(cell: str, tables: Dictionaries) -> str:
    """Return an authority as it is printed, its office spelled as it should be: `KT. CHỦ TỊCH`."""
    sign = AUTHORITY.match(cell)
    behind = cell[sign.end() :] if sign else ""
    printed = sign[0].strip().replace("™", "T/M").replace(",", ".") if sign else ""
    office = _office(behind, tables, begun=True, furthest=0) or _collective(behind, tables)
    return f"{printed} {(office or proper_case(behind, tables)).upper()}"


def _collective(text: str, tables: Dictionaries) -> str | None:
    """Return the body (Ủy ban nhân dân, Ban Thường vụ) for which someone signs, if `text` is one."""
    rows = [r["phrase"] for r in tables.rows("phrases") if r["role"] == "collective"]
    best = max(rows, key=lambda phrase: fuzz.ratio(bare(phrase), bare(text)))
    return best if fuzz.ratio(bare(best), bare(text)) >= _COLLECTIVE else None


def _head(cell: str, authority: str, tables: Dictionaries) -> str | None:
    """Return the office of which a seal left only the end, where it can be one only.

    Who signs for a body ("TM.") without "KT." is its head: of "TRƯỞNG BAN" and "PHÓ TRƯỞNG BAN", "ỞNG BAN"
    is the first.
    """
    if not re.match(r"T\s?/?\s?M", authority) or not is_capitals(cell):
        return None
    words = [word for word in cell.split() if word.isalpha()]
    left = bare(" ".join(words))
    known = [phrase for phrase, _ in phrases(tables, "office") if not phrase.startswith("pho")]
    found = [phrase for phrase in known if len(left) >= _LEAST_LEFT and phrase.endswith(left)]
    return _spelled(found[0], tables) if len(found) == 1 else None


def _read_cells(line: Line) -> Iterator[str]:
    """Yield the cells of a line; an authority as it was read, where repair made a word of it."""
    for piece in pieces_of(line):
        words = [word.text for word in piece.words]
        for i, word in enumerate(piece.words[:-1]):
            if word.raw != word.text and AUTHORITY.match(f"{word.raw} {words[i + 1]}"):
                words[i] = word.raw
        yield " ".join(words)


def _cells(line: Line, tables: Dictionaries) -> Iterator[str]:
    """Yield the cells of a line of the tail, cut where the signature begins beside the recipients."""
    for cell in _read_cells(line):
        words = [] if AUTHORITY.match(cell) else cell.split()
        at = next((i for i in range(1, len(words)) if _begins_signature(words, i, tables)), None)
        for part in (" ".join(words[:at]), " ".join(words[at:])) if at else (cell,):
            if text := part.strip(_STROKES):
                yield text


def _begins_signature(words: Sequence[str], at: int, tables: Dictionaries) -> bool:
    """Say whether an authority, an office in capitals or a name fills the words from `at` on."""
    rest = " ".join(words[at:])
    if AUTHORITY.match(rest) and is_capitals(rest):
        return True
    if len(words) - at > _LONGEST_OFFICE or not words[at - 1].endswith(_ENDS):
        return False
    if is_capitals(rest):
        return _office(rest, tables, begun=True) is not None
    return is_person_name(rest) and _is_surname(words[at], tables)


def _office(cell: str, tables: Dictionaries, *, begun: bool, furthest: int = 1) -> str | None:
    """Return the office that a cell in capitals shows, in sentence case.

    Fonts of capitals lose their case: an office below an authority may come out in small letters.
    It begins at one of the first words, up to number `furthest`.
    """
    if re.search(r"[:;]", cell) or len(cell) > _LONGEST_TITLE:
        return None
    capitals = is_capitals(cell)
    if not capitals and not begun:
        return None
    words = cell.split()
    least = _ALIKE if capitals else _ALIKE_SMALL
    best: tuple[float, int, int, str] | None = None
    for bare_office, count in phrases(tables, "office"):
        hit = find_phrase(words, bare_office, _ALIKE_SMALL if count == 1 else least)
        if hit and hit[0] <= furthest and (capitals or hit[1] - hit[0] == len(words)):
            best = max(best or (0.0, 0, 0, ""), (hit[2], hit[1] - hit[0], hit[0], bare_office))
    if best is None:
        return None
    rest = words[best[2] + best[1] :]
    # What has no vowel is an abbreviation, or what OCR made of the seal.
    end = next((i for i, w in enumerate(rest) if not _is_spoken(w)), len(rest))
    of = proper_case(" ".join(rest[:end]), tables)
    of = next((of[: -len(unit)] + unit for unit in UNITS if of.lower().endswith(" " + unit)), of)
    return f"{_spelled(best[3], tables)} {of}".strip()


def _is_spoken(word: str) -> bool:
    return word in _ABBREVIATED or bool(re.search("[aeiouy]", bare(word)))


def _spelled(bare_office: str, tables: Dictionaries) -> str:
    rows = tables.rows("phrases")
    return next(
        r["phrase"] for r in rows if r["role"] == "office" and bare(r["phrase"]) == bare_office
    )


def _deputy(authority: str, tables: Dictionaries) -> str | None:
    """Return the office of the deputy who signs with "KT." for the head of a body."""
    if not re.match(r"K\s?/?\s?T", authority):
        return None
    head = _office(AUTHORITY.sub("", authority), tables, begun=True)
    known = {phrase for phrase, _ in phrases(tables, "office")}
    deputy = f"Phó {head}"
    return deputy if head and any(bare(deputy).startswith(phrase) for phrase in known) else None


def _name(cell: str, tables: Dictionaries) -> str | None:
    """Return the name of a person, without rank or degree, that a cell shows."""
    words = [word for word in cell.strip(" .,;:").split() if any(map(str.isalnum, word))]
    words = [word.lstrip("[(") for word in words]
    for rank, count in phrases(tables, "rank"):
        if bare(" ".join(words[:count])) == rank:
            words = words[count:]
            break
    while words and not is_person_name(" ".join(words)) and not _begins_name(words, tables):
        words = words[1:]  # strokes of the signature or seal, left of the name
    if words and words[0][0] in _SAME_SHAPE:
        words[0] = words[0].capitalize()
    name = " ".join(words)
    if is_person_name(name):
        return name
    while len(words) > 2 and not words[-1].isalpha():
        words.pop()
    name = " ".join(words)
    return name if is_person_name(name) and _is_surname(words[0], tables) else None


def _begins_name(words: Sequence[str], tables: Dictionaries) -> bool:
    """Say whether the first word is a surname, its capital perhaps taken for the small letter."""
    first = words[0]
    return _is_surname(first, tables) and (first[0].isupper() or first[0] in _SAME_SHAPE)


def _is_surname(word: str, tables: Dictionaries) -> bool:
    return any(bare(word) == surname for surname, _ in phrases(tables, "surname"))
