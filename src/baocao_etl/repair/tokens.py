"""Cut text into the tokens that the language model counts, and words into pieces to repair."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

BOUNDARY, NUMBER, UNKNOWN, COMMA = "<s>", "<num>", "<unk>", "<,>"
SPECIAL = (BOUNDARY, NUMBER, UNKNOWN, COMMA)
_TOKEN = re.compile(r"[^\W\d_]+|\d[\d.,/:]*|[,.;:!?]|(?:^|(?<=\s))[-+–•*](?=\s)")

_ADDRESS = re.compile(
    r"://|www\.|[\w.]{2}@\w{3}|\.(?:vn|com|net|org|gov|htm|html|pdf|docx?|xlsx?)\b", re.IGNORECASE
)
_CHUNK = re.compile(r"(?:[^/\-–—&]|(?<![A-ZĐ])&|&(?![A-ZĐ]))+")  # KH&CN is two, d& is one
# Of a section or a point, alone or run into its title (2.Công nghiệp).
_LABEL = re.compile(
    r"\(?(?:[a-zđ]\)|[a-eđ]\.|[A-E][.)]|[IVX]+[.)/]|[a-eđ]\.\d{1,2}[.)]?|\d{1,2}\.\d{1,2}\))"
)
_RUN_IN = re.compile(
    r"(\(?(?:[a-zđ]\)|[a-eđ]\.\d{1,2}[.)]|(?:[IVX]+|\d{1,2}(?:\.\d{1,2}){0,3})[.)](?=[^\W\d_a-z])))[^\W\d_]{2}"
)
_LEAD = '([{<«"“”‘*•…=+~|'
_TRAIL = '.,;:!?)]}>»"“”…'
# Numbers, times (17h, 20h30), measures (m3) and what is counted with a letter (36a, 01B, 4G).
_NUMBER = re.compile(
    r"[+±]?\d[\d.,:]*%?|[\d.,]*\d%?|\d{1,2}[hg]\d{2}|\d{2,}[abcdhgđABCDĐ]|\dG|k?m[23²³]"
)
# Measures that no bent syllable looks like; alone in brackets, as in headings of columns, also others.
_MEASURES = frozenset({"km", "kg", "kW", "kWh", "kV", "kVA", "Mbps", "°C", "ºC"})
_BRACKETED = _MEASURES | {"m", "cm", "mm", "ha", "g", "MW", "MB", "GB", "TB"}
_MONEY = re.compile(r"(\d[\d.,]*)([đ₫$])|\d+(?:[.,]\d{3})+d")
# triệu đồng and nghìn đồng in short: (tr.đ), ng.đồng
_SHORT_MONEY = re.compile(r"(?:tr|ngh?)\.[dđ](?:[^\W\d_]ng)?", re.IGNORECASE)
_MARKS = {",": COMMA}
_LETTER_LIKE = frozenset("&@¢£€§¥®©")  # alone, OCR programs see them where ở, à, ề stood
_ENDS = frozenset(".;:!?")
_BULLETS = frozenset("-+–—•*")

PieceKind = Literal["word", "number", "symbol", "fixed"]


class Piece(NamedTuple):
    """A part of a word that is repaired as a whole: `raw[start:end]`, its core between punctuation.

    A `symbol` is a part of a document's number and symbol (QĐ in 27/2018/QĐ-UBND): an abbreviation,
    never a syllable. What is `fixed` (addresses, measures) is not looked at.
    """

    kind: PieceKind
    start: int
    end: int
    core: str
    lead: str
    trail: str


class Plan(NamedTuple):
    """How one raw word is cut up; `before` and `after` say whether a sentence ends there."""

    pieces: tuple[Piece, ...]
    before: bool
    after: bool


def language_tokens(text: str) -> list[str]:
    """Return words in lower case, `<num>` for numbers, `<,>` for commas, `<s>` where a sentence ends."""
    return [
        token
        if token[0].isalpha()
        else NUMBER
        if token[0].isdigit()
        else _MARKS.get(token, BOUNDARY)
        for token in _TOKEN.findall(text.lower())
    ]


@lru_cache(maxsize=262144)
def plan(raw: str) -> Plan:
    """Return the pieces of one raw word (text between white space)."""
    if _ADDRESS.search(raw):
        return Plan((Piece("fixed", 0, len(raw), raw, "", ""),), before=False, after=False)
    if _LABEL.fullmatch(raw):
        return Plan((Piece("fixed", 0, len(raw), raw, "", ""),), before=True, after=True)
    run_in = _RUN_IN.match(raw)
    label = run_in[1] if run_in else ""
    pieces = [Piece("fixed", 0, len(label), label, "", "")] if label else []
    for chunk in _CHUNK.finditer(raw, len(label)):
        piece = _piece(chunk.start(), chunk.group())
        if piece is None:
            continue
        if pieces and piece.kind == "number" and pieces[-1].kind == "number":
            # 28/04/2016 is one number, as it was one when it was counted.
            start = pieces.pop().start
            core = raw[start : piece.end - len(piece.trail)]
            piece = Piece("number", start, piece.end, core, "", piece.trail)
        pieces.append(piece)
    if len(pieces) > 1 and _is_symbol(pieces):
        pieces = [p._replace(kind="symbol") if p.kind == "word" else p for p in pieces]
    after = bool(pieces) and not _ENDS.isdisjoint(pieces[-1].trail)
    before = bool(label) or (not pieces and (raw in _BULLETS or not _ENDS.isdisjoint(raw)))
    return Plan(tuple(pieces), before, after)


def _is_symbol(pieces: list[Piece]) -> bool:
    """Say whether the pieces of a word look like a document's symbol: 27/2018/QĐ-UBND, BC-STTTT."""
    words = [p.core for p in pieces if p.kind == "word"]
    capital = sum(sum(c.isupper() for c in core) >= 0.5 * len(core) for core in words)
    return bool(words) and capital == len(words)


def _piece(start: int, chunk: str) -> Piece | None:
    core = chunk.lstrip(_LEAD)
    lead = chunk[: len(chunk) - len(core)]
    core = core.rstrip(_TRAIL)
    trail = chunk[len(lead) + len(core) :]
    if not core:
        return None
    end = start + len(chunk)
    is_measure = core in (_BRACKETED if lead[-1:] + trail[:1] == "()" else _MEASURES)
    if is_measure or _SHORT_MONEY.fullmatch(core):
        return Piece("fixed", start, end, core, lead, trail)
    if _NUMBER.fullmatch(core) or _MONEY.fullmatch(core):
        return Piece("number", start, end, core, lead, trail)
    if not any(c.isalnum() for c in core) and core not in _LETTER_LIKE:
        return None
    return Piece("word", start, end, core, lead, trail)
