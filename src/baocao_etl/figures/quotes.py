"""Whose figure it is: a report's own, or one that it quotes of another body or of the whole country.

`Theo thống kê của Bộ Nội vụ, ...` quotes for the rest of its sentence, as does `VCCI công bố ...`; `cả nước
có 63 tỉnh` tells of more than the issuer of a local report can count. `xếp thứ 12 cả nước` is the report's.
"""

from __future__ import annotations

import re

from baocao_etl.figures.number import Candidate
from baocao_etl.figures.paragraphs import Paragraph
from baocao_etl.figures.vocabulary import Vocabulary, key
from baocao_etl.models import Letterhead

_ACCORDING = re.compile(r"\btheo\s+(?P<rest>[^,;:()]{3,100})(?=[,;:]|\s(?:thi|da|co)\b)")
_OF = re.compile(r"(?:^|.*?\s)(?:cua|tu)\s+")
_END_OF_NAME = re.compile(
    r"\s(?:ve|den|nam|ngay|tinh den|tinh tu|quy|thang|giai doan|tai|thi|da|co|trong)\b.*$"
)
_WHOLE = re.compile(
    r"\b(?P<whole>ca nuoc|toan quoc|the gioi)\s*(?:(?:hien\s)?(?:co|dat|la|tang|giam|con)\b|[:(])[^,;]{0,40}$"
)
_NATIONAL = re.compile(
    r"\b(?:chinh phu|bo|tong cuc|quoc hoi|thu tuong|uy ban dan toc|ngan hang nha nuoc)\b"
)


def quoted_from(
    paragraph: Paragraph, found: Candidate, letterhead: Letterhead, words: Vocabulary
) -> str | None:
    """Return whom the report quotes for a figure, in its own words; None for the report's own figures."""
    begin, _ = paragraph.sentence(found.start)
    text, before = paragraph.text[begin : found.start], paragraph.plain[begin : found.start].lower()
    issuer = _short(letterhead.issuer or "")
    span = _source(text, before, words) or _teller(text, before, words)
    if span is None and not _NATIONAL.match(issuer):
        whole = _WHOLE.search(before)
        span = whole.span("whole") if whole else None
    if span is None:
        return None
    name = " ".join(paragraph.text[begin + span[0] : begin + span[1]].split())
    is_own = bool(issuer) and _short(name) in issuer
    return None if is_own else name


def _short(name: str) -> str:
    return key(name).replace("uy ban nhan dan", "ubnd")


def _source(text: str, before: str, words: Vocabulary) -> tuple[int, int] | None:
    """`theo báo cáo của Sở Y tế`, `theo VCCI`: where the name of the source stands in `before`."""
    for m in _ACCORDING.finditer(before):
        start, rest = m.start("rest"), _END_OF_NAME.sub("", m["rest"])
        if any(re.match(rf"{phrase}\b", rest) for phrase in words.roles["quoting"]):
            of = _OF.match(rest)
            start, rest = (start + of.end(), rest[of.end() :]) if of else (start, "")
        end = start + len(rest.rstrip())
        if _names_body(text[start:end], rest, words):
            return start, end
    return None


def _teller(text: str, before: str, words: Vocabulary) -> tuple[int, int] | None:
    """`Bộ Nội vụ công bố`: the body at the head of the sentence that tells."""
    for phrase in words.roles["telling"]:
        m = re.search(rf"^[\s\-+–]*(?P<body>[^,;:]{{3,80}}?)\s(?:da\s|vua\s)?{phrase}\b", before)
        if m and _names_body(text[slice(*m.span("body"))], m["body"], words):
            return m.span("body")
    return None


def _names_body(text: str, plain: str, words: Vocabulary) -> bool:
    """Say whether a name is that of a body: `Bộ Nội vụ`, `VCCI`, `các sở`; but not `bộ phận`, `người dân`."""
    for phrase in words.roles["body_begins"]:
        if m := re.match(rf"{phrase}\b", plain):
            behind = text[m.end() + 1 : m.end() + 2]
            return " " in phrase or text[: m.end()].isupper() or behind.isupper()
    return False
