"""References to other documents: `khoản 2 Điều 28 Luật ...`, `Nghị định số 43/2011/NĐ-CP ngày 13/6/2011`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cache

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.figures.paragraphs import Paragraph
from baocao_etl.figures.vocabulary import key
from baocao_etl.models import Citation, Span

_SYMBOL = r"[A-Z][A-Za-z&.]*(?:\s*[\-–]\s*[A-Z][\w&.]*)*"
_STEP = (
    r"(?:diem\s+\w{1,2}|khoan\s+\d+\w?|dieu\s+\d+\w?|muc\s+(?:[ivx]+|\d+)(?:\.\d+)*|phan\s+[ivx]+)"
)
_CLAUSE = rf"(?P<clause>(?i:{_STEP}(?:\s*(?:,|va|tai|cua)?\s*{_STEP})*)(?:,|\s+cua)?\s+)?"
_DATE = (
    r"(?:,?\s*(?i:ngay)\s+(?P<day>\d{1,2})\s*(?:/|thang)\s*(?P<month>\d{1,2})"
    r"\s*(?:/|nam)\s*(?P<year>\d{4}))?"
)
_ISSUER = r"(?:,?\s+(?i:cua)\s+(?P<issuer>[A-Z][\w&]*(?:[\s,]+-?\s?[^\W\d_][\w&]*){0,14}))?"
_GOES_ON = "nam|ngay|so|quy dinh|va cac|duoc|da|de|cua|ve|co|thi|nay"
# A law is cited by its name as a rule; the name ends where the sentence goes on.
_LAW = re.compile(
    rf"{_CLAUSE}(?P<type>(?i:bo luat|luat|phap lenh|hien phap))"
    rf"(?P<name>\s+[A-Z]\w*(?:,?\s(?!(?i:{_GOES_ON})\b)[^\W\d_]+){{0,9}})?"
    rf"(?:\s+(?i:nam)\s+(?P<of>\d{{4}}))?{_DATE}"
)
_NAME_ENDS = re.compile(
    r"\s(?:về|quy|ban|ngày|đã|để|và|có|do|là|phê|sửa|gửi|trong|từ)\b", re.IGNORECASE
)
_PLACE = re.compile(r"\s+(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn)(?:\s+[^\W\d_]+)+")


@cache
def _numbered(tables: Dictionaries) -> re.Pattern[str]:
    """Return the pattern, on plain text, of a document cited by its number and symbol."""
    names = "|".join(sorted(map(re.escape, _codes(tables)), key=len, reverse=True))
    return re.compile(
        rf"{_CLAUSE}(?P<type>(?i:{names}))\s+(?:(?i:so)\s*:?\s*)?"
        rf"(?P<number>\d+[a-z]?(?:\s*/\s*\d{{4}})?)\s*/\s*(?P<symbol>{_SYMBOL}){_DATE}{_ISSUER}"
    )


@cache
def _codes(tables: Dictionaries) -> dict[str, str]:
    """Return the type codes by plain name."""
    return {key(row["name"]): row["code"] for row in tables.rows("document_types")}


@cache
def _issuers(tables: Dictionaries) -> re.Pattern[str]:
    """Return the pattern of the name of a body, or of its head, at the beginning of a plain text."""
    heads = [key(row["phrase"]) for row in tables.rows("phrases") if row["role"] == "office"]
    bodies = [key(row["name"]) for row in tables.rows("organisations")]
    either = [
        "|".join(sorted(map(re.escape, names), key=len, reverse=True)) for names in (heads, bodies)
    ]
    return re.compile(rf"(?:(?:{either[0]})\s+)?(?:{either[1]})\b")


def find_citations(paragraph: Paragraph, tables: Dictionaries) -> Iterator[Citation]:
    """Yield the documents that a paragraph cites: by number and symbol, and laws by their names.

    A law without its number is a citation where a clause of it is cited, or its year or date told.
    """
    at = 0
    for m in _numbered(tables).finditer(paragraph.plain):
        yield from _laws(paragraph, at, m.start(), tables)
        at = m.end()
        symbol = paragraph.text[slice(*m.span("symbol"))]
        yield _citation(paragraph, m, tables).model_copy(
            update={
                "number": re.sub(r"\s", "", m["number"]),
                "symbol": re.sub(r"\s*([\-–/])\s*", r"\1", symbol).replace("–", "-").rstrip("."),
                "issuer": _issuer(paragraph.text[slice(*m.span("issuer"))], tables),
            }
        )
    yield from _laws(paragraph, at, len(paragraph.plain), tables)


def _laws(paragraph: Paragraph, start: int, end: int, tables: Dictionaries) -> Iterator[Citation]:
    for m in _LAW.finditer(paragraph.plain, start, end):
        if (m["clause"] or m["of"] or m["year"]) and (m["name"] or m["year"]):
            yield _citation(paragraph, m, tables)


def _citation(paragraph: Paragraph, m: re.Match[str], tables: Dictionaries) -> Citation:
    place = paragraph.place(*m.span())
    clause = paragraph.text[slice(*m.span("clause"))] if m["clause"] else ""
    return Citation(
        section_id=paragraph.section.section_id,
        span=Span(place.page, place.start, place.end),
        raw_text=" ".join(word.raw for word in place.words),
        doc_type=_codes(tables).get(key(m["type"])) or None,
        issued_on=_date(m),
        clause=re.sub(r"[,\s]+(?:của)?$", "", clause.strip(), flags=re.IGNORECASE).strip() or None,
    )


def _issuer(text: str, tables: Dictionaries) -> str | None:
    """Return the body named at the beginning of `text`, with its place; failing that, its first words."""
    if known := _issuers(tables).match(key(text)):
        end = known.end()
        place = _PLACE.match(_NAME_ENDS.split(text[end:])[0])
        return (text[:end] + (place[0] if place else "")).strip()
    return re.split(r"[,;]", _NAME_ENDS.split(text)[0])[0].strip() or None


def _date(m: re.Match[str]) -> date | None:
    if m["year"]:
        with suppress(ValueError):
            return date(int(m["year"]), int(m["month"]), int(m["day"]))
    return None
