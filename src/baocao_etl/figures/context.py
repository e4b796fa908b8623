"""What stands around a figure: its subject, its period, its level, and whether it is an aim."""

from __future__ import annotations

import re
from datetime import date

from baocao_etl.figures.candidates import Candidate
from baocao_etl.figures.paragraphs import Paragraph
from baocao_etl.figures.vocabulary import Vocabulary, key
from baocao_etl.models import Letterhead

_LEVEL = re.compile(r"\bcap\s+(tinh|huyen|xa)\b|\b(?:so|ban|nganh)\b[^.;]{0,20}\bcap\s+(tinh)\b")
_LEVEL_NAMES = {"tinh": "tỉnh", "huyen": "huyện", "xa": "xã"}
_MONTHS_OF_YEAR = re.compile(r"\b(\d{1,2}) thang dau nam (\d{4})")
_FROM_TO = re.compile(
    r"\btu\s+(?:ngay\s+)?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s+den\s+(?:het\s+)?(?:ngay\s+)?"
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
)
_QUARTER = re.compile(r"\bquy\s+(I{1,3}|IV|[1-4])\s*(?:[/\-]|nam)\s*(\d{4})", re.IGNORECASE)
_YEAR = re.compile(r"\bnam\s+((?:19|20)\d{2})\b", re.IGNORECASE)
_ROMAN_QUARTER = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

Period = tuple[date | None, date | None]


def subject_of(paragraph: Paragraph, found: Candidate) -> str | None:
    """Return the clause around the figure, white space folded: what is counted, and of whom."""
    begin, end = paragraph.clause(found.start, found.unit_end)
    return " ".join(paragraph.text[begin:end].split()).strip(" -–+*") or None


def level_of(paragraph: Paragraph, found: Candidate) -> str | None:
    """Return the level of government (tỉnh, huyện, xã) that the clause names last around the unit."""
    begin, _ = paragraph.clause(found.start, found.unit_end)
    return level_in(paragraph.text[begin : found.unit_end + 24])


def level_in(text: str) -> str | None:
    """Return the level of government that `text` names last, None if it names none."""
    named = [m[1] or m[2] for m in _LEVEL.finditer(key(text))]
    return _LEVEL_NAMES[named[-1]] if named else None


def is_target(sentence: str, words: Vocabulary) -> bool:
    """Say whether the sentence states an aim rather than a result."""
    plain = key(sentence)
    return any(phrase in plain for phrase in words.roles["target"])


def period_of(paragraph: Paragraph, offset: int, letterhead: Letterhead) -> Period:
    """Return the period that the sentence names nearest before the figure, else the document's year."""
    begin, end = paragraph.sentence(offset)
    for stretch in (paragraph.plain[begin:offset], paragraph.plain[offset:end]):
        if period := _named_period(stretch):
            return period
    return _of_document(letterhead)


def period_in(heading: str, letterhead: Letterhead) -> Period:
    """Return the period that a column heading names, else the document's year."""
    return _named_period(key(heading)) or _of_document(letterhead)


def _of_document(letterhead: Letterhead) -> Period:
    subject = _YEAR.search(key(letterhead.subject or ""))
    if subject:
        return _year(int(subject[1]))
    return _year(letterhead.issued_on.year) if letterhead.issued_on else (None, None)


def _named_period(plain: str) -> Period | None:
    """Return the last period named in `plain`; None if there is none, or it is no date."""
    try:
        if m := _last(_FROM_TO, plain):
            d1, m1, y1, d2, m2, y2 = map(int, m.groups())
            return date(y1, m1, d1), date(y2, m2, d2)
        if (m := _last(_MONTHS_OF_YEAR, plain)) and 1 <= int(m[1]) <= 12:
            return date(int(m[2]), 1, 1), _month_end(int(m[2]), int(m[1]))
        if m := _last(_QUARTER, plain):
            quarter = _ROMAN_QUARTER.get(m[1].lower()) or int(m[1])
            return date(int(m[2]), 3 * quarter - 2, 1), _month_end(int(m[2]), 3 * quarter)
        if m := _last(_YEAR, plain):
            return _year(int(m[1]))
    except ValueError:
        return None
    return None


def _last(pattern: re.Pattern[str], plain: str) -> re.Match[str] | None:
    found = list(pattern.finditer(plain))
    return found[-1] if found else None


def _year(year: int) -> Period:
    return date(year, 1, 1), date(year, 12, 31)


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
