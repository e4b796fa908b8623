"""The tail of a document: boxes 7 (signer and authority) and 9b (recipients)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Word
from baocao_etl.structure.issuers import UNITS, proper_case
from baocao_etl.structure.lines import Line, is_capitals, is_person_name
from baocao_etl.structure.people import Name, person
from baocao_etl.structure.phrases import find_phrase, phrases, squeezed
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
_LEAST_LEFT = 4  # letters of a post whose beginning the seal hid
_LEGIBLE = 0.5
_COLLECTIVE = 84  # letters in a hundred, of a body for which someone signs


class Signer(NamedTuple):
    """Who signed, and the authorities and offices above the name (`KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH`).

    `inferred`: the office was not read, but follows from the authority. `mended`: syllables of the name
    are spelled as names are, not as they were read.
    """

    name: str | None
    titles: tuple[str, ...]
    inferred: bool
    mended: bool = False


class _Cell(NamedTuple):
    """Words that stand together in a line of the tail, and their text."""

    text: str
    words: tuple[Word, ...]


def recipients_of(tail: Sequence[Line], tables: Dictionaries) -> tuple[str, ...]:
    """Return the recipients: the list of dashes, the archive line last."""
    cells = [cell.text for line in tail for cell in _cells(line, tables)]
    return tuple(cell.strip(" -–;.") for cell in cells if re.match(r"[-–]\s*\w", cell))


def signer_of(tail: Sequence[Line], tables: Dictionaries) -> Signer:
    """Return the signer: the name under the office, which stands under the authorities.

    Where of the office nothing, or only the head's, was read below "KT. GIÁM ĐỐC", the signer is the deputy:
    only he signs so.
    """
    authority: list[str] = []
    offices: list[str] = []
    names: list[Name] = []
    for cell in (cell for line in tail for cell in _cells(line, tables)):
        text, begun = cell.text, bool(authority or offices)
        if re.match(r"[-–+]|\W*N[ơo]i nh", text):
            continue
        if AUTHORITY.match(text) and len(authority) < _MOST_TITLES and not offices:
            authority.append(_authority(text, tables))
        elif office := _office(text, tables, begun=begun):
            offices.append(office)
        elif authority and not offices and (head := _head(text, authority[-1], tables)):
            offices.append(head)
        elif begun and not _ends_office(text, authority) and (name := _name(cell, tables)):
            names.append(name)
    deputy = _deputy(authority[-1], tables) if authority else None
    inferred = deputy is not None and (not offices or f"Phó {offices[0]}".lower() == deputy.lower())
    posts = [deputy, *offices[1:]] if deputy and inferred else offices[:_MOST_POSTS]
    name = names[-1] if names else Name("", mended=False)
    titles = (*authority, *(post.upper() for post in posts))
    return Signer(name.text or None, titles, inferred, name.mended)


def _ends_office(cell: str, authority: Sequence[str]) -> bool:
    """Say whether a cell in capitals ends as the office above it does: `BAN TRƯỞNG`, of a bent post."""
    return (
        bool(authority)
        and is_capitals(cell)
        and squeezed(cell).endswith(squeezed(authority[-1].split()[-1]))
    )


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
    best = max(rows, key=lambda phrase: fuzz.ratio(squeezed(phrase), squeezed(text)))
    return best if fuzz.ratio(squeezed(best), squeezed(text)) >= _COLLECTIVE else None


def _head(cell: str, authority: str, tables: Dictionaries) -> str | None:
    """Return the office of which a seal left only the end, where it can be one only.

    Who signs for a body ("TM.") without "KT." is its head: of "TRƯỞNG BAN" and "PHÓ TRƯỞNG BAN", "ỞNG BAN"
    is the first.
    """
    if not re.match(r"T\s?/?\s?M", authority) or not is_capitals(cell):
        return None
    words = [word for word in cell.split() if word.isalpha()]
    left = squeezed(" ".join(words))
    known = [phrase for phrase, _ in phrases(tables, "office") if not phrase.startswith("pho")]
    found = [phrase for phrase in known if len(left) >= _LEAST_LEFT and phrase.endswith(left)]
    return _spelled(found[0], tables) if len(found) == 1 else None


def _read_cells(line: Line) -> Iterator[tuple[Word, ...]]:
    """Yield the cells of a line; an authority as it was read, where repair made a word of it."""
    for piece in pieces_of(line):
        words = list(piece.words)
        for i, word in enumerate(words[:-1]):
            if word.raw != word.text and AUTHORITY.match(f"{word.raw} {words[i + 1].text}"):
                words[i] = word._replace(text=word.raw)
        yield tuple(words)


def _cells(line: Line, tables: Dictionaries) -> Iterator[_Cell]:
    """Yield the cells of a line of the tail, cut where the signature begins beside the recipients."""
    for words in _read_cells(line):
        texts = [word.text for word in words]
        whole = AUTHORITY.match(" ".join(texts))
        starts = range(1, 1 if whole else len(texts))
        at = next((i for i in starts if _begins_signature(texts, i, tables)), None)
        for part in (words[:at], words[at:]) if at else (words,):
            if text := " ".join(word.text for word in part).strip(_STROKES):
                yield _Cell(text, part)


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
    for squeezed_office, count in phrases(tables, "office"):
        hit = find_phrase(words, squeezed_office, _ALIKE_SMALL if count == 1 else least)
        if hit and hit[0] <= furthest and (capitals or hit[1] - hit[0] == len(words)):
            best = max(best or (0.0, 0, 0, ""), (hit[2], hit[1] - hit[0], hit[0], squeezed_office))
    if best is None:
        return None
    rest = words[best[2] + best[1] :]
    # What has no vowel is an abbreviation, or what OCR made of the seal.
    end = next((i for i, w in enumerate(rest) if not _is_spoken(w)), len(rest))
    of = proper_case(" ".join(rest[:end]), tables)
    of = next((of[: -len(unit)] + unit for unit in UNITS if of.lower().endswith(" " + unit)), of)
    return f"{_spelled(best[3], tables)} {of}".strip()


def _is_spoken(word: str) -> bool:
    return word in _ABBREVIATED or bool(re.search("[aeiouy]", squeezed(word)))


def _spelled(squeezed_office: str, tables: Dictionaries) -> str:
    rows = tables.rows("phrases")
    return next(
        r["phrase"]
        for r in rows
        if r["role"] == "office" and squeezed(r["phrase"]) == squeezed_office
    )


def _deputy(authority: str, tables: Dictionaries) -> str | None:
    """Return the office of the deputy who signs with "KT." for the head of a body."""
    if not re.match(r"K\s?/?\s?T", authority):
        return None
    head = _office(AUTHORITY.sub("", authority), tables, begun=True)
    known = {phrase for phrase, _ in phrases(tables, "office")}
    deputy = f"Phó {head}"
    return deputy if head and any(squeezed(deputy).startswith(phrase) for phrase in known) else None


def _name(cell: _Cell, tables: Dictionaries) -> Name | None:
    """Return the name of a person, without rank or degree, that a cell shows.

    A surname that no table has is believed before two other names that were read well.
    """
    if found := person(cell.words, tables):
        return found
    legible = all(word.box is None or word.confidence >= _LEGIBLE for word in cell.words)
    text = cell.text.strip(" .,;:")
    whole = len(text.split()) > 2  # of fewer words, the surname may be lost
    return Name(text, mended=False) if legible and whole and is_person_name(text) else None


def _is_surname(word: str, tables: Dictionaries) -> bool:
    return any(squeezed(word) == surname for surname, _ in phrases(tables, "surname"))
