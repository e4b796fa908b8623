"""The letterhead: who wrote which document, when, about what.

The boxes are those of Nghị định 30/2020/NĐ-CP, Phụ lục I, mục IV: 1 national name, 2 issuer under its
superior body, 3 number and symbol, 4 place and date, 5a type and subject or 5b "V/v", 9a addressee;
in the tail 7 the signer and 9b the recipients.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import PurePath
from typing import NamedTuple

from rapidfuzz import fuzz, process

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Letterhead
from baocao_etl.structure.lines import Line, is_capitals, is_person_name, skeleton
from baocao_etl.structure.phrases import bare, begins_with, find_phrase, phrases
from baocao_etl.structure.zones import AUTHORITY, NUMBER, Block, title_type

DATE = re.compile(
    r"(?P<place>[^,;:\t]*?)[,.;]?\s*ng[aàáâä]y\s*(?P<day>\S{0,4}?)[\s.…]*th[aáàâ]ng\s*"
    r"(?P<month>\S{0,4}?)[\s.…]*n[aăãäâ]m\s*(?P<year>\d{4})",
    re.IGNORECASE,
)
SIGNED_ON = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
UNITS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "xã", "phường", "thị trấn", "thủ đô")
SURE = 0.97  # above this, a word was printed, not read off handwriting
LETTER_DIGITS = str.maketrans("Olo", "010")


class Evidence(NamedTuple):
    """What else may tell a field that is written by hand: the file's name, the signature's stamp."""

    file_name: str
    stamps: tuple[str, ...]


def read_letterhead(block: Block, evidence: Evidence, tables: Dictionaries) -> Letterhead:
    """Return the letterhead of one document; fields that cannot be read are None."""
    lines = block.letterhead
    pieces = _without_motto(lines, tables)
    number, symbol, is_sure = _number(lines, tables)
    taken: dict[str, str] = {}
    named = None if is_sure else _from_file_name(evidence.file_name, symbol)
    if named and named != number:
        number, taken["number"] = named, "file name"
    place, issued_on = _place_and_date(pieces)
    if issued_on is None and (issued_on := _signed_on(pieces, evidence.stamps)):
        taken["issued_on"] = "signature stamp"
    issuers = _issuers(pieces, tables)
    signer, title = _signer(block.tail)
    return Letterhead(
        superior=issuers[0] if len(issuers) > 1 else None,
        issuer=_full_issuer(issuers, tables),
        number=number,
        symbol=symbol,
        issued_place=place,
        issued_on=issued_on,
        doc_type=_doc_type(lines, symbol, tables),
        subject=_subject(lines, pieces, tables),
        addressees=_addressees([*lines[-4:], *block.body[:8]], tables),
        recipients=_recipients(block.tail),
        signer=signer,
        signer_title=title,
        evidence=taken,
    )


def _without_motto(lines: Sequence[Line], tables: Dictionaries) -> list[list[str]]:
    """Return each line's cells, the national name and its motto taken out."""
    roles = [phrases(tables, role)[0][0] for role in ("motto", "slogan")]
    rest: list[list[str]] = []
    for line in lines:
        cells: list[str] = []
        for cell in line.cells:
            words = cell.split()
            for wanted in roles:
                if found := find_phrase(words, wanted, 72):
                    words = words[: found[0]]
            if words:
                cells.append(" ".join(words))
        rest.append(cells)
    return rest


def _number(lines: Sequence[Line], tables: Dictionaries) -> tuple[str | None, str | None, bool]:
    """Return number and symbol, and whether the number is sure: printed, not OCRed handwriting.

    What repair did to a symbol counts only if it restored marks.
    """
    for line in lines:
        repaired, raw = _symbol_in(line.text, tables), _symbol_in(line.raw, tables)
        if found := repaired or raw:
            if repaired and raw and bare(repaired[1]) != bare(raw[1]):
                found = raw
            number = found[0] if re.fullmatch(r"\d{1,5}(?:/\d{4})?", found[0]) else None
            is_sure = number is not None and all(w.confidence > SURE for w in line.words)
            return number, found[1], is_sure
    return None, None, False


def _symbol_in(text: str, tables: Dictionaries) -> tuple[str, str] | None:
    """Return the number as printed and the symbol, white space and the spelling of Đ mended."""
    m = NUMBER.search(text) or _handwritten(tables).search(text)
    if m is None:
        return None
    symbol = re.sub(r"\s*[-–—]\s*", "-", m["symbol"]).replace("Ð", "Đ")
    year = f"/{y}" if (y := m.groupdict().get("year")) else ""
    return re.sub(r"\s", "", m["number"]) + year, symbol


@cache
def _handwritten(tables: Dictionaries) -> re.Pattern[str]:
    """A number by hand often swallows the slash; the type code behind it is printed."""
    codes = "|".join(sorted({r["code"] for r in tables.rows("document_types")} - {""}))
    return re.compile(
        rf"\bS[ốôoóòõ6ổồộơ4ỏ]\s?[:.;]\s*(?P<number>[^\s-]{{0,6}})\s*[I/l|1]?"
        rf"(?P<symbol>(?:{codes})\s?[-–]\s?[A-ZĐÐ][\wĐÐ&]+)",
        re.IGNORECASE,
    )


def _from_file_name(file_name: str, symbol: str | None) -> str | None:
    """Offices name a file after its number: `22_TTR.pdf`, `660TBUB.pdf`, `05CT.pdf`."""
    stem = PurePath(file_name).stem
    code = bare((symbol or "").split("-")[0])
    for m in re.finditer(r"(?<!\d)(\d{1,5})[\s_-]?([A-Za-zĐđ]{2,4})", stem):
        if code and bare(m[2]).startswith(code):
            return m[1]
    return None


def _place_and_date(pieces: Sequence[Sequence[str]]) -> tuple[str | None, date | None]:
    for m in filter(None, (DATE.search(cell) for cells in pieces for cell in cells)):
        place = re.sub(r"^.*(?:/|[A-ZĐ]{2,}-)\S*\s+", "", m["place"]).strip(" .,-|_") or None
        day, month = (m[name].translate(LETTER_DIGITS) for name in ("day", "month"))
        with suppress(ValueError):
            return place, date(int(m["year"]), int(month), int(day))
        return place, None
    return None, None


def _signed_on(pieces: Sequence[Sequence[str]], stamps: Sequence[str]) -> date | None:
    """Return the day of the digital signature, if the readable year of the letterhead agrees."""
    printed = next((m for cells in pieces for c in cells if (m := DATE.search(c))), None)
    for m in filter(None, map(SIGNED_ON.search, stamps)):
        with suppress(ValueError):
            signed = date(int(m[3]), int(m[2]), int(m[1]))
            if printed and int(printed["year"]) == signed.year:
                return signed
    return None


def _doc_type(lines: Sequence[Line], symbol: str | None, tables: Dictionaries) -> str | None:
    """Return the type code: the symbol's, where it begins with one, else that of the title line."""
    codes = {r["code"].upper(): r["code"] for r in tables.rows("document_types") if r["code"]}
    by_symbol = codes.get((symbol or "").split("-")[0].upper())
    return by_symbol or next((c for line in lines if (c := title_type(line, tables))), None)


def _issuers(pieces: Sequence[Sequence[str]], tables: Dictionaries) -> list[str]:
    """Return the names in capitals above the number, outermost body first."""
    names: list[str] = []
    for cells in pieces:
        if not cells:
            continue
        cell = cells[0].strip(" *_-–.·:|")
        if re.match(r"S[ốôoóòõ6]\s*(?:[:.;]|\d)", cell) or NUMBER.search(cell) or DATE.search(cell):
            break
        if not is_capitals(cell) or len(cell) < 3:
            continue
        if title_skeleton(cell, tables):
            break
        if names and not _heads_body(cell, tables):
            names[-1] += " " + cell
        else:
            names.append(cell)
    return [proper_case(name, tables) for name in names]


def title_skeleton(text: str, tables: Dictionaries) -> bool:
    """Say whether `text` is the name of a document type."""
    run = bare(text)
    rows = tables.rows("document_types")
    return any(fuzz.ratio(run, bare(r["name"])) >= 90 for r in rows if r["scope"] == "admin")


@cache
def _bodies(tables: Dictionaries) -> dict[str, tuple[str, bool]]:
    rows = tables.rows("organisations")
    return {bare(r["name"]): (r["name"], r["generic"] == "yes") for r in rows}


@cache
def _heads(tables: Dictionaries) -> frozenset[str]:
    """Return the first words of bodies' names; not those of places, which go on with a name."""
    heads = {skeleton(r["name"]).split()[0] for r in tables.rows("organisations")}
    return frozenset(heads - {skeleton(unit).split()[0] for unit in UNITS})


def _heads_body(text: str, tables: Dictionaries) -> bool:
    words = skeleton(text).split()
    return bool(words) and (words[0] in _heads(tables) or words[1:2] == ["uy"])


def proper_case(name: str, tables: Dictionaries) -> str:
    """Give the name of a body in capitals its case back: `SỞ NỘI VỤ TỈNH HÀ TĨNH`."""
    words = name.split()
    bodies = _bodies(tables)
    for end in range(len(words), 0, -1):
        hit = process.extractOne(
            bare(" ".join(words[:end])), bodies.keys(), scorer=fuzz.ratio, score_cutoff=93
        )
        if hit:
            return " ".join([bodies[hit[0]][0], *_place_case(words[end:])]).strip()
    return " ".join([words[0].capitalize(), *_place_case(words[1:])])


def _place_case(words: Sequence[str]) -> list[str]:
    """Lower the words that say what a unit is (tỉnh, huyện); capitalise its name."""
    cased: list[str] = []
    text = [word.lower() for word in words]
    i = 0
    while i < len(text):
        unit = next(
            (u for u in UNITS if text[i : i + len(u.split())] == u.split()), None
        )  # fmt: skip
        if unit:
            cased += unit.split()
            i += len(unit.split())
        else:
            cased.append(text[i].capitalize() if len(text[i]) > 1 or text[i].isalpha() else text[i])
            i += 1
    return cased


def _full_issuer(issuers: Sequence[str], tables: Dictionaries) -> str | None:
    """Name the issuer so that it stands alone: `Sở Nội vụ tỉnh Quảng Nam`, `Văn phòng UBND tỉnh X`."""
    if not issuers:
        return None
    name = issuers[-1]
    body, generic = _bodies(tables).get(bare(name), (name, False))
    above = issuers[-2] if len(issuers) > 1 else ""
    if generic and above:
        return f"{body} {re.sub(r'^Ủy ban nhân dân', 'UBND', above)}"
    of_place = re.search(rf"\b(?:{'|'.join(UNITS)})\s.+", above)
    if of_place and not re.search(rf"\b(?:{'|'.join(UNITS)})\b", name):
        return f"{name} {of_place[0]}"
    return re.sub(r"^UBND\b", "Ủy ban nhân dân", name)


def _subject(
    lines: Sequence[Line], pieces: Sequence[Sequence[str]], tables: Dictionaries
) -> str | None:
    """Return box 5: the lines under the type or, in a công văn, those from "V/v" on."""
    for i, line in enumerate(lines):
        if title_type(line, tables):
            return _joined([other.text for other in _subject_lines(lines[i + 1 : i + 7])])
    for i, cells in enumerate(pieces):
        for column, cell in enumerate(cells):
            if re.match(r"V\s?[/I|l]?\s?v\b|Về việc", cell, re.IGNORECASE):
                text = [cell]
                for further in pieces[i + 1 : i + 6]:
                    if len(further) <= column or _ends_subject(further[column], tables):
                        break
                    text.append(further[column])
                return re.sub(
                    r"^V\s?[/I|l]?\s?v[\s:]*", "Về việc ", _joined(text) or "", flags=re.I
                )
    return None


def _subject_lines(lines: Sequence[Line]) -> list[Line]:
    """Cut the lines under the type where, on a page image, a gap parts them from what follows."""
    end = next(
        (i for i, line in enumerate(lines) if i and line.gap_above and line.box is not None),
        len(lines),
    )
    return list(lines[:end])


def _ends_subject(text: str, tables: Dictionaries) -> bool:
    return bool(DATE.search(text)) or begins_with(text, tables, "addressee") or is_capitals(text)


def _joined(texts: Sequence[str]) -> str | None:
    kept: list[str] = []
    for text in texts:
        ruled_off = re.fullmatch(r"[\W_]*", text)
        if ruled_off or (kept and is_capitals(text) and not is_capitals(kept[-1])):
            break  # under the subject stands a rule or, in a decision, who decides
        kept.append(text.strip(" _.,·|"))
    return " ".join(" ".join(kept).split()).strip(" .:_-") or None


def _addressees(lines: Sequence[Line], tables: Dictionaries) -> tuple[str, ...]:
    for i, line in enumerate(lines):
        if begins_with(line.text, tables, "addressee"):
            first = re.sub(r"^\S+\s+\S+\s*[:.]?\s*", "", line.text, count=1)
            found = [first] if first else []
            for other in lines[i + 1 : i + 6]:
                if other.text[:1] not in "-–+":
                    break
                found.append(other.text)
            return tuple(text.strip(" -–+.;") for text in found if text.strip(" -–+.;"))
    return ()


def _recipients(tail: Sequence[Line]) -> tuple[str, ...]:
    cells = [cell for line in tail for cell in line.cells]
    return tuple(cell.strip(" -–;.") for cell in cells if re.match(r"[-–]\s*\w", cell))


def _signer(tail: Sequence[Line]) -> tuple[str | None, str | None]:
    """Return the signer's name and title: the last short line of capitalised words, the first caps."""
    cells = [cell.strip(" *") for line in tail for cell in line.cells]
    start = next((i for i, c in enumerate(cells) if AUTHORITY.match(c) and is_capitals(c)), None)
    if start is None:
        start = next((i for i, c in enumerate(cells) if is_capitals(c) and len(c) > 6), None)
    if start is None:
        return None, None
    titles = [c for c in cells[start : start + 4] if is_capitals(c) and not re.search(r"\d", c)]
    names = [c for c in cells[start + 1 :] if is_person_name(c)]
    return names[-1] if names else None, " ".join(titles) or None
