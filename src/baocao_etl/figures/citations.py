"""References to other documents: `khoản 2 Điều 28`, `Nghị định số 43/2011/NĐ-CP ngày 13/6/2011`."""

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


@cache
def _pattern(tables: Dictionaries) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of a citation on plain text, and the type codes by plain name."""
    codes = {key(row["name"]): row["code"] for row in tables.rows("document_types")}
    names = "|".join(sorted((re.escape(name) for name in codes), key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<clause>(?:(?i:diem)\s+\w{{1,2}}[,\s]+)?(?:(?i:khoan)\s+\d+[,\s]+)?(?:(?i:dieu)\s+\d+)\s+)?"
        rf"(?P<type>(?i:{names}))\s+(?:(?i:so)\s*:?\s*)?(?P<number>\d+[a-z]?(?:\s*/\s*\d{{4}})?)"
        rf"\s*/\s*(?P<symbol>{_SYMBOL})"
        rf"(?:,?\s*(?i:ngay)\s+(?P<day>\d{{1,2}})\s*(?:/|thang)\s*(?P<month>\d{{1,2}})"
        rf"\s*(?:/|nam)\s*(?P<year>\d{{4}}))?"
        rf"(?:\s+(?i:cua)\s+(?P<issuer>[A-Z][\w&]*(?:\s+[^\W\d_][\w&]*){{0,7}}))?"
    )
    return pattern, codes


def find_citations(paragraph: Paragraph, tables: Dictionaries) -> Iterator[Citation]:
    """Yield the documents that a paragraph cites by number and symbol."""
    pattern, codes = _pattern(tables)
    for m in pattern.finditer(paragraph.plain):
        place = paragraph.place(*m.span())
        written = {name: paragraph.text[slice(*m.span(name))].strip() for name in m.groupdict()}
        yield Citation(
            section_id=paragraph.section.section_id,
            span=Span(place.page, place.start, place.end),
            raw_text=" ".join(word.raw for word in place.words),
            doc_type=codes.get(key(written["type"])) or None,
            number=re.sub(r"\s", "", m["number"]),
            symbol=re.sub(r"\s*([\-–/])\s*", r"\1", written["symbol"]).replace("–", "-"),
            issuer=_issuer(written["issuer"]) if m["issuer"] else None,
            issued_on=_date(m),
            clause=written["clause"] or None,
        )


def _issuer(text: str) -> str:
    """Cut the words behind "của" where the name of the body ends."""
    return re.split(r"\s(?:về|quy|ban|ngày|đã|để|và|có|do|là|phê|sửa)\b", text)[0].strip()


def _date(m: re.Match[str]) -> date | None:
    if m["year"]:
        with suppress(ValueError):
            return date(int(m["year"]), int(m["month"]), int(m["day"]))
    return None
