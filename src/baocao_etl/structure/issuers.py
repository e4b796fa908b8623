"""Who wrote a document: box 2 of the letterhead, the imprint of a bulletin, or the text itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.structure.lines import Line, is_capitals, skeleton
from baocao_etl.structure.phrases import begins_with, is_phrase, squeezed
from baocao_etl.structure.pieces import Piece
from baocao_etl.structure.references import DATE
from baocao_etl.structure.zones import NUMBER

UNITS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "xã", "phường", "thị trấn", "thủ đô",
         "đặc khu")  # fmt: skip
_ABBREVIATED = {"tp": "thành phố", "tx": "thị xã", "tt": "thị trấn"}
_NEED_PLACE = ("UBND", "HĐND", "Ủy ban nhân dân", "Hội đồng nhân dân", "Văn phòng")
_OF_PLACE = re.compile(rf"\b(?:{'|'.join(UNITS)})\s.+")
_NUMBER_LINE = re.compile(r"^\W*S[ốôoóòõ6]\s*(?:[:.;]|\d)")
# A committee of the Party is named after its place; the Đảng bộ above it only says where it belongs.
_PARTY = re.compile(r"(?:Tỉnh|Thành|Huyện|Thị|Quận|Đảng) ủy\s+\w")
# What several bodies issue: liên tịch (joint) papers, quy chế phối hợp (of working together), liên ngành.
_JOINT = re.compile(r"[A-ZĐ][A-ZĐa-z]{0,3}(?:LT|LN|PH)\b|LT\b|LN\b")
_BETWEEN = " - "
_LONGEST_NAME = 4  # syllables of a place's name
_ALIKE, _ALIKE_WITH_SYMBOL = 93, 76


def issuers_above_number(
    pieces: Sequence[Sequence[Piece]],
    symbol: str | None,
    tables: Dictionaries,
    column: int = 0,
) -> list[str]:
    """Return the names of bodies above the number, the outermost first, their case given back.

    `column` counts the bodies of a joint document (liên tịch) that stand side by side.
    """
    names: list[str] = []
    above = ""
    for row in pieces:
        if not row:
            continue
        if any(end.search(row[0].text) for end in (_NUMBER_LINE, NUMBER, DATE)):
            break
        if column >= len(row):
            continue
        printed = row[column].text
        cell = _without_noise(printed, tables)
        if len(squeezed(cell)) < 3 or not _names_body(cell, bool(names), tables):
            continue
        if _is_title(cell, tables):
            break
        own = _heads_body(cell, tables) or _known_body(cell.split(), tables, symbol)
        if names and (not own or _goes_on(above, names[-1], cell, tables)):
            names[-1] += " " + cell
        else:
            names.append(cell)
        above = printed
    return [
        _BETWEEN.join(proper_case(one, tables, symbol) for one in _parties(name, tables))
        for name in names
    ]


def joint_issuer(
    pieces: Sequence[Sequence[Piece]], symbol: str | None, tables: Dictionaries
) -> str | None:
    """Return the bodies that issue a document together, as its letterhead has them side by side.

    None if one issues it alone: its symbol then names no joint type (`TTLT`, `KHLT`, `QCPH`).
    """
    if not _JOINT.match(symbol or ""):
        return None
    columns = range(max((len(row) for row in pieces), default=0))
    stacks = [issuers_above_number(pieces, symbol, tables, column) for column in columns]
    return _BETWEEN.join(filter(None, (full_issuer(stack, tables) for stack in stacks))) or None


def _parties(name: str, tables: Dictionaries) -> list[str]:
    """Return the bodies that one line names, parted by dashes: `SỞ TÀI CHÍNH - SỞ Y TẾ`."""
    parts = re.split(r"\s+[-–—]\s+", name)
    return parts if all(_heads_body(part, tables) for part in parts) else [name]


def _goes_on(printed: str, name: str, cell: str, tables: Dictionaries) -> bool:
    """Say whether `cell` is the second line of `name`: it was cut at a dash, or is known as a whole."""
    if printed.rstrip().endswith(("-", "–", ",")) or squeezed(printed).endswith("va"):
        return True
    if begins_with(cell, tables, "branch"):  # a branch (chi nhánh) is called after its house
        return True
    known = _known_body(f"{name} {cell}".split(), tables)
    return known is not None and known[1] > len(name.split())


def _without_noise(text: str, tables: Dictionaries) -> str:
    """Cut specks that OCR read as letters off the left of a name: `'>7 QC UBND TỈNH HÀ TĨNH`."""
    words = text.split()
    for i in range(min(3, len(words))):
        if _heads_body(" ".join(words[i:]), tables):
            if not any(word.isalpha() and len(word) > 2 for word in words[:i]):
                words = words[i:]
            break
    return " ".join(words).strip(" *_-–—.·:|,;'‘’`")


def _names_body(cell: str, below: bool, tables: Dictionaries) -> bool:
    """Say whether a line can name a body: in capitals, or a known name whose case was lost."""
    if is_capitals(cell):
        return True
    unit = skeleton(cell).split()[:2]
    is_place = bool(unit) and any(skeleton(u).split() == unit[: len(u.split())] for u in UNITS)
    return (below and is_place and len(cell) < 40) or _known_body(cell.split(), tables) is not None


def _is_title(text: str, tables: Dictionaries) -> bool:
    """Say whether `text` is the name of a document type."""
    run = squeezed(text)
    rows = tables.rows("document_types")
    return any(fuzz.ratio(run, squeezed(r["name"])) >= 90 for r in rows if r["scope"] != "cited")


@cache
def _bodies(tables: Dictionaries) -> dict[str, tuple[str, str]]:
    """Return the standard name of each body, and what it needs above it: yes, party or nothing."""
    rows = tables.rows("organisations")
    return {squeezed(r["name"]): (r["name"], r["generic"]) for r in rows
            if r["generic"] != "head"}  # fmt: skip


@cache
def _heads(tables: Dictionaries) -> frozenset[tuple[str, ...]]:
    """Return what bodies' names begin with: two words, or the single ones marked as heads."""
    heads = {tuple(skeleton(name).split()[:2]) for name, _ in _bodies(tables).values()}
    heads |= {
        (squeezed(r["name"]),) for r in tables.rows("organisations") if r["generic"] == "head"
    }
    return frozenset(heads)


def _heads_body(text: str, tables: Dictionaries) -> bool:
    words = skeleton(text).split()
    heads = _heads(tables)
    return bool(words) and (tuple(words[:2]) in heads or (words[0],) in heads)


def _known_body(words: Sequence[str], tables: Dictionaries, symbol: str | None = None) -> (
    tuple[str, int] | None
):  # fmt: skip
    """Return the standard name that `words` begin with and its length in words."""
    bodies = _bodies(tables)
    if found := _best_run(words, tuple(bodies), _ALIKE):
        return bodies[found[0]][0], found[1]
    wanted = _issuer_code(symbol)
    same = [key for key, (name, _) in bodies.items() if wanted and wanted in _initials(name)]
    found = _best_run(words, same, _ALIKE_WITH_SYMBOL)
    return (bodies[found[0]][0], found[1]) if found else None


def _best_run(words: Sequence[str], known: Sequence[str], least: float) -> tuple[str, int] | None:
    """Return which of the `known` runs of letters `words` begin with most nearly, and its words."""
    best: tuple[float, int, str] | None = None
    for end in range(len(words), 0, -1) if known else ():
        run = squeezed(" ".join(words[:end]))
        hit = process.extractOne(run, known, scorer=fuzz.ratio, score_cutoff=least)
        if hit and (best is None or hit[1] > best[0]):
            best = hit[1], end, hit[0]
    return (best[2], best[1]) if best else None


def _issuer_code(symbol: str | None) -> str:
    """Return the issuer's letters in a symbol: `BC-STTTT` -> STTTT, `SGDĐT-VP` -> SGDĐT."""
    parts = (symbol or "").upper().split("-")
    return max(parts[:2], key=len) if parts else ""


@lru_cache(maxsize=4096)
def _initials(name: str) -> tuple[str, ...]:
    """Return the abbreviations of a body's name, with and without its "và"."""
    words = re.findall(r"\w+", name)
    every = "".join(word[0] for word in words).upper()
    return every, "".join(word[0] for word in words if word != "và").upper()


def proper_case(name: str, tables: Dictionaries, symbol: str | None = None) -> str:
    """Give the name of a body in capitals its case back: `SỞ NỘI VỤ TỈNH HÀ TĨNH`."""
    words = name.split()
    if not words:
        return name
    known = _known_body(words, tables, symbol)
    if known:
        behind = words[known[1] :]
        if begins_with(" ".join(behind), tables, "branch"):
            behind = [behind[0].capitalize(), behind[1].lower(), *_place_case(behind[2:])]
        else:
            behind = _place_case(behind)
        return " ".join([known[0], *behind]).strip()
    return " ".join([words[0].capitalize(), *_place_case(words[1:])])


def _place_case(words: Sequence[str]) -> list[str]:
    """Lower the words that say what a unit is (tỉnh, huyện); capitalise its name."""
    cased: list[str] = []
    keys = [squeezed(word) for word in words]
    i = 0
    while i < len(words):
        unit, size = _unit_at(words, keys, i)
        if unit and i + size < len(words):
            cased += unit.split()
            i += size
        else:
            cased.append(words[i] if _is_abbreviation(words[i]) else words[i].capitalize())
            i += 1
    return cased


def _unit_at(words: Sequence[str], keys: Sequence[str], i: int) -> tuple[str | None, int]:
    """Return the word for a unit at `i` and its size; marks may be lost (THÀNH PHÓ), not in a name.

    Behind a unit stands a name, and names can look like units: TỈNH HÀ TĨNH.
    """
    if keys[i] in _ABBREVIATED:
        return _ABBREVIATED[keys[i]], 1
    for unit in UNITS:
        size = len(unit.split())
        here = [word.lower() for word in words[i : i + size]]
        if here == unit.split() or (keys[i : i + size] == skeleton(unit).split() and size + i < 4):
            return unit, size
    return None, 0


def _is_abbreviation(word: str) -> bool:
    """Say whether a word in capitals has no vowel to be spoken by: UBND, THPT, HĐND."""
    return len(word) > 1 and word.isupper() and not re.search(r"[aeiouy]", squeezed(word))


def issuer_by_symbol(names: Sequence[str], symbol: str | None, tables: Dictionaries) -> str | None:
    """Return the body of a committee that the symbol names, where its line could not be read.

    `names` are the bodies above the number; only the committee is among them, but BC-SYT is Sở Y tế's.
    """
    code = _issuer_code(symbol)
    if len(names) != 1 or not re.match("UBND|Ủy ban nhân dân", names[0]) or len(code) < 3:
        return None
    found = {name for name, _ in _bodies(tables).values() if code in _initials(name)}
    own = code in ("UBND", *_initials(names[0]))
    return found.pop() if len(found) == 1 and not own else None


def full_issuer(issuers: Sequence[str], tables: Dictionaries) -> str | None:
    """Name the issuer so that it stands alone: `Sở Nội vụ tỉnh Quảng Nam`, `Văn phòng UBND tỉnh X`."""
    if not issuers:
        return None
    above = issuers[-2] if len(issuers) > 1 else ""
    return _BETWEEN.join(_below(above, one, tables) for one in _parties(issuers[-1], tables))


def _below(above: str, name: str, tables: Dictionaries) -> str:
    """Name one body with what it needs of the body above it ("" for none)."""
    body, generic = _bodies(tables).get(squeezed(name), (name, ""))
    short = re.sub(r"^Ủy ban nhân dân", "UBND", above)
    if _PARTY.match(name):
        return name
    if above and re.match("Hội đồng nhân dân|HĐND|Thường trực H", above):
        return f"{name} {re.sub('HĐND', 'Hội đồng nhân dân', above)}"
    if above and (generic == "yes" or (generic == "party" and _PARTY.match(above))):
        return f"{body} {short}"
    of_place = _OF_PLACE.search(above)
    if of_place and not _OF_PLACE.search(name):
        local = re.match(r"UBND|HĐND|Hội đồng nhân dân|Sở|Tỉnh ủy|Huyện ủy|Thành ủy", short)
        unit = next(unit for unit in UNITS if of_place[0].startswith(unit))
        alone = name.removesuffix(f" {unit}")  # Thanh tra tỉnh, and then tỉnh Hậu Giang
        return f"{alone} {of_place[0]}" if local else f"{name} {short}"
    return re.sub(r"^UBND\b", "Ủy ban nhân dân", name)


def imprint_issuer(lines: Iterable[Line], tables: Dictionaries) -> str | None:
    """Return who a bulletin says that it is published by: `Cơ quan phát hành: Sở ...`."""
    for line in lines:
        title, colon, rest = line.text.partition(":")
        if colon and is_phrase(title, tables, "publisher", 88) and rest.strip():
            return re.split(r"[;.]|\s[-–]\s", rest.strip())[0].strip()
    return None


def issuer_in_text(
    lines: Sequence[Line], symbol: str | None, place: str | None, tables: Dictionaries
) -> str | None:
    """Return the body that says of itself that it reports: `UBND huyện X báo cáo ...`.

    Failing that, the People's Committee or Council of the symbol, named in full with the place that
    the document was issued at.
    """
    words = [word.text.strip("\"“”'") for line in lines for word in line.words]
    named: Counter[str] = Counter()
    for i, word in enumerate(words):
        if squeezed(word) not in ("ubnd", "uy", "hdnd", "so", "van", "ban", "phong"):
            continue
        found = _body_at(words, i, tables)
        if found is None:
            continue
        name, end = found
        whole = name not in _NEED_PLACE
        if whole and begins_with(" ".join(words[end : end + 4]), tables, "reporting"):
            return full_issuer([name], tables)
        short = re.sub(r"^Ủy ban nhân dân", "UBND", name).split()[0].upper()
        if place and short == _issuer_code(symbol) and squeezed(name).endswith(squeezed(place)):
            named[name] += 1
    return full_issuer([named.most_common(1)[0][0]], tables) if named else None


def _body_at(words: Sequence[str], start: int, tables: Dictionaries) -> tuple[str, int] | None:
    """Return the body with its place that is named from word `start` on, and where it ends."""
    bodies = _bodies(tables)
    for end in range(min(len(words), start + 9), start, -1):
        body = bodies.get(squeezed(" ".join(words[start:end])))
        if body and words[start][:1].isupper():
            name, after = _place_at(words, end)
            return " ".join([body[0], *name]), after
    return None


def _place_at(words: Sequence[str], start: int) -> tuple[list[str], int]:
    """Return the unit and name of a place (`huyện Đông Sơn`) from word `start` on."""
    for unit in UNITS:
        size = len(unit.split())
        if [w.lower() for w in words[start : start + size]] == unit.split():
            end = start + size
            while end < len(words) and end - start - size < _LONGEST_NAME and words[end].istitle():
                end += 1
            if end > start + size:
                return [*unit.split(), *words[start + size : end]], end
    return [], start
