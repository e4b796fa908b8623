"""References to other documents: `khoản 2 Điều 28 Luật ...`, `Nghị định số 43/2011/NĐ-CP ngày 13/6/2011`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.figures.paragraphs import UPPER, Paragraph, letterheads
from baocao_etl.figures.vocabulary import key
from baocao_etl.models import Citation, Document, Span

# All but the patterns of names are matched on plain text, in which Đ is D.
_SYMBOL = r"(?P<symbol>[A-Z][\w&.]*(?:(?:[\-–/](?=[A-Z])|\s*[\-–/]\s*(?=[A-Z]{2}))[\w&.]+)*)"
# OCR splits numbers ("1 052/STTTT-KHTC"); the Party writes 18-NQ/TW.
_NUMBER = (
    r"(?P<number>\d+(?:\s\d+)?[a-z]?(?:\s*/\s*\d{4}|-(?:19|20)\d\d)?)"
    r"(?:\s*/\s*|\s?[\-–]\s?(?=[A-Z][A-Za-z]{0,4}\s?/\s?[A-Z]))"
)
_STEP = (
    r"(?:diem\s+\w{1,2}|khoan\s+\d+\w?|dieu\s+\d+\w?|muc\s+(?:[ivx]+|\d+)(?:\.\d+)*|phan\s+[ivx]+)"
)
# No clause is cited in more steps; without a limit, a long list of articles would be tried from each of them.
_MOST_STEPS = 20
_STEPS = rf"{_STEP}(?:\s*(?:(?:,|va|tai|cua)\s*)?{_STEP}){{0,{_MOST_STEPS}}}"
_CLAUSE = rf"(?P<clause>(?i:{_STEPS})(?:,|\s+cua)?\s+)?"
_DATE = (
    r"(?:,?\s*(?i:ngay)\s+(?P<day>\d{1,2})\s*(?:/|thang)\s*(?P<month>\d{1,2})"
    r"\s*(?:/|nam)\s*(?P<year>\d{4}))?"
)
_ISSUER = r"(?:,?\s+(?i:cua)\s+(?P<issuer>[A-Z][\w&]*(?:[\s,]+-?\s?[^\W\d_][\w&]*){0,14}))?"
# A law is cited by its name as a rule. "pháp luật" and "kỷ luật" are no laws.
_LAW = re.compile(
    rf"{_CLAUSE}(?<!\w)(?<![pP]hap )(?<![kK]y )"
    r"(?P<type>(?i:bo luat|luat|phap lenh|hien phap|dieu le))\b"
)
_LAW_NAME = re.compile(
    r"\s+(?:sửa đổi, bổ sung [^;.]{3,150}?(?=\s+(?:ngày|năm)\s+\d)"
    rf"|[{UPPER}]\w*(?:,?\s(?!(?:năm|ngày|số|quy định|được|đã|để|của(?! Nhà nước)|về|có|thì|này|theo|còn|chưa"
    rf"|nên|khi|nhằm|tại|trên|từ|và (?:các|[{UPPER}]\w*))\b)[^\W\d_]+){{0,11}})"
)
_LAW_DATE = re.compile(rf"(?:\s+(?:(?i:nam)\s+)?(?P<of>(?:19|20)\d{{2}})\b)?{_DATE}")
_NAME_ENDS = re.compile(
    r"\s(?:về|quy|ban|ngày|đã|để|và|có|do|là|phê|sửa|gửi|trong|từ)\b", re.IGNORECASE
)
_PLACE = re.compile(
    r"\s+(?:Trung ương|tỉnh|thành phố|TP\.?|huyện|quận|thị xã|TX\.?|xã|phường|thị trấn)\b"
    rf"(?:(?:\s+[{UPPER}]\w*)+|\s+\d{{1,2}}\b)?"
)


@cache
def _numbered(tables: Dictionaries) -> re.Pattern[str]:
    """Return the pattern, on plain text, of a document cited by its number and symbol.

    One of a list has no type of its own: `Quyết định số 5/QĐ-UBND, 6/QĐ-UBND và số 7/QĐ-UBND`.
    """
    names = "|".join(sorted(map(re.escape, _codes(tables)), key=len, reverse=True))
    typed = rf"{_CLAUSE}(?P<type>(?i:{names}))\s+(?:(?:[a-z]+\s+){{0,4}}?(?i:so)\s*:?\s*)?"
    untyped = r"(?<=\w)(?:\s+so\s*:?\s*|[,;]\s+|\s+va\s+)"
    return re.compile(rf"(?:{typed}|{untyped}){_NUMBER}{_SYMBOL}{_DATE}{_ISSUER}")


@cache
def _codes(tables: Dictionaries) -> Mapping[str, str]:
    """Return the type codes by plain name."""
    return {key(row["name"]): row["code"] for row in tables.rows("document_types")}


@cache
def _issuers(tables: Dictionaries) -> re.Pattern[str]:
    """Return the pattern of the name of a body, or of its head, at the beginning of a plain text."""
    heads = (key(row["phrase"]) for row in tables.rows("phrases") if row["role"] == "office")
    bodies = (key(row["name"]) for row in tables.rows("organisations") if row["generic"] != "head")
    head, body = (
        "|".join(sorted(map(re.escape, names), key=len, reverse=True)) for names in (heads, bodies)
    )
    return re.compile(rf"(?:(?:{head})\s+)?(?:{body})\b(?:\s+(?:{body})\b)?")


def citations_of(
    document: Document, body: Iterable[Paragraph], tables: Dictionaries
) -> tuple[Citation, ...]:
    """Return what the letterheads (their subjects) and the `body` of a document cite, but not itself."""
    own = (document.letterhead.number, document.letterhead.symbol)
    heads = (c for head in letterheads(document) for c in find_citations(head, tables, typed=True))
    found = (c for paragraph in body for c in find_citations(paragraph, tables))
    return tuple(c for c in (*heads, *found) if c.number is None or (c.number, c.symbol) != own)


def find_citations(
    paragraph: Paragraph, tables: Dictionaries, *, typed: bool = False
) -> Iterator[Citation]:
    """Yield the documents that a paragraph cites: by number and symbol, and laws by their names.

    With `typed`, only those whose type is told: the number of a letterhead is the document's own. A law
    without its number is a citation where a clause of it is cited, or its year or date told.
    """
    plain, at = paragraph.plain, 0
    while m := _numbered(tables).search(plain, at):
        yield from _laws(paragraph, at, m.start(), tables)
        at, issuer = max(m.end("symbol"), m.end("year")), None
        if m["issuer"]:
            issuer = _issuer(paragraph.text[slice(*m.span("issuer"))], tables)
            at = m.start("issuer") + len(issuer) if issuer else at
        symbol = re.sub(r"\s*([\-–/])\s*", r"\1", paragraph.text[slice(*m.span("symbol"))])
        symbol = symbol.replace("–", "-").rstrip(".")
        listed = m["type"] is None
        code = _code_of(symbol, tables) if listed else _codes(tables)[key(m["type"])]
        if not (listed and (typed or symbol.isalnum())):
            yield _citation(
                paragraph, m, m.start("number") if listed else m.start(), at
            ).model_copy(
                update={
                    "doc_type": code or None,
                    "number": re.sub(r"\s", "", m["number"]),
                    "symbol": _spelt(symbol, code),
                    "issuer": issuer,
                    "issued_on": _date(m),
                }
            )
    yield from _laws(paragraph, at, len(plain), tables)


def _laws(paragraph: Paragraph, start: int, end: int, tables: Dictionaries) -> Iterator[Citation]:
    while m := _LAW.search(paragraph.plain, start, end):
        name = _LAW_NAME.match(paragraph.text, m.end(), end)
        start = name.end() if name else m.end()
        when = _LAW_DATE.match(paragraph.plain, start, end)
        dated = when and (when["of"] or when["year"])
        if (m["clause"] or dated) and (name or dated):
            start = when.end() if when else start
            yield _citation(paragraph, m, m.start(), start).model_copy(
                update={
                    "doc_type": _codes(tables).get(key(m["type"])) or None,
                    "issued_on": _date(when) if when else None,
                }
            )


def _citation(paragraph: Paragraph, m: re.Match[str], start: int, end: int) -> Citation:
    place = paragraph.place(start, end)
    clause = paragraph.text[slice(*m.span("clause"))] if m["clause"] else ""
    return Citation(
        section_id=paragraph.section.section_id,
        span=Span(place.page, place.start, place.end),
        raw_text=" ".join(word.raw for word in place.words),
        text=paragraph.text[start:end],
        clause=re.sub(r"[,\s]+(?:của)?$", "", clause.strip(), flags=re.IGNORECASE).strip() or None,
    )


def _code_of(symbol: str, tables: Dictionaries) -> str:
    """Return the type code that a symbol begins with (`QĐ-UBND`); a công văn has none (`UBND-VX`)."""
    head = re.split("[-/]", symbol)[0]
    return head if head in _codes(tables).values() else ""


def _spelt(symbol: str, code: str) -> str:
    """Return a symbol with the code of its type at its head, where one letter was misread: `Qb-TTg`."""
    head = re.split("[-/]", symbol)[0]
    misread = len(head) == len(code) and sum(map(str.__ne__, head, code)) == 1
    return code + symbol[len(head) :] if misread else symbol


def _issuer(text: str, tables: Dictionaries) -> str | None:
    """Return the body named at the beginning of `text`, with its place; failing that, its first words."""
    if known := _issuers(tables).match(key(text)):
        place = _PLACE.match(text, known.end())
        return text[: place.end() if place else known.end()].rstrip()
    return re.split(r"[,;]", _NAME_ENDS.split(text)[0])[0].rstrip() or None


def _date(m: re.Match[str]) -> date | None:
    if m["year"]:
        with suppress(ValueError):
            return date(int(m["year"]), int(m["month"]), int(m["day"]))
    return None
