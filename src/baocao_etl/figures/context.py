"""What stands around a figure: its subject, its period, its level, and whether it is an aim."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from baocao_etl.figures.number import Candidate
from baocao_etl.figures.paragraphs import Paragraph
from baocao_etl.figures.periods import Period, periods_in, year
from baocao_etl.figures.vocabulary import Vocabulary, key
from baocao_etl.models import Letterhead, Section
from baocao_etl.repair.orthography import bare

_LEVEL = re.compile(
    r"\bcap (tinh|huyen|xa)\b|\b(?:so|ban|nganh)\b[^.;]{0,20}\bcap (tinh)\b|\bubnd (?:cac )?(tinh|huyen|xa)\b"
    r"|\b(ca nuoc|toan quoc)\b"
)
_LEVEL_NAMES = {
    "tinh": "tỉnh", "huyen": "huyện", "xa": "xã", "ca nuoc": "quốc gia", "toan quoc": "quốc gia",
}  # fmt: skip
_SEVERAL = re.compile(r"\bcap (?:tinh|huyen|xa)(?:\s?(?:,|va|den)\s?(?:cap )?(?:tinh|huyen|xa)\b)+")
_IN_A_ROW = re.compile(r"\s*(?:muc (?:do )?\d)?\s*(?:[,;]|\bva\b)\s*")
# A comma within "cán bộ, công chức, viên chức", "xã, phường" ends nothing.
_OWN_END = re.compile(
    r"\d|[;:.()]\s|,\s(?!cong chuc|vien chuc|nganh|phuong|thi tran|thi xa|thanh pho)|\bva\b"
)
_REACH = 36
_LONGEST_CUE = 120  # characters
_NEARLY_TOUCHING = re.compile(r"[\s(:]*(?:la|dat|co|chi|chi dat|chi co|moi dat)?[\s(:]*$")
_ITS_OWN = re.compile(r"\s*cua\s+")
_OF_A_NUMBER = re.compile(r"\d[\d.,]*%?\s+(?:[^\W\d]+\s+){0,3}cua\s+$")
# The year of the next number: "(năm 2018: 61,47%)".
_LABELS = re.compile(r"\s?(?::|la|dat|co)\s?\d|\s?:")
_WORD = re.compile(r"[^\W\d_]{2,}")
_EMPTY_WORDS = {
    "nam", "thang", "la", "dat", "khoang", "tren", "hon", "gan", "tang", "giam", "va", "con",
}  # fmt: skip
_COMPARED_WITH = re.compile(
    r"\b(?:so voi|dat|vuot|bang|hoan thanh|thuc hien|thuc hien duoc)\s+(?:[a-z]+\s){0,3}$"
)
# Targeted transfers and national programmes are no aims of the report.
_NO_AIM = re.compile(r"\b(?:co|chuong trinh) muc tieu\b|\bmuc tieu quoc gia\b")
_PASSED = re.compile(r"\b(?:vuot|hut)\s+$")  # "vượt chỉ tiêu 5 đơn vị": by five
_RESULT = re.compile(r"\b(?:da|dat duoc|thuc hien duoc|ket qua|hien co|hien nay|hien)\b")
_RIGHT_BEFORE = re.compile(r"^\W*(?:[a-z]+\W+){0,2}$")
_TELLS_RESULTS = re.compile(r"\b(?:ket qua|danh gia|tinh hinh|thuc trang|han che|ton tai|da dat)\b")
_COLUMN_OF_RESULTS = re.compile(r"\b(?:thuc hien|ket qua|so voi|dat|ty le|hoan thanh)\b|%")


class Surroundings(NamedTuple):
    """What all figures of a section share: the titles above it, innermost last, and the letterhead."""

    titles: tuple[str, ...]
    letterhead: Letterhead

    def period(self) -> Period:
        """Return the period that the titles name, innermost first, else the document's own."""
        default = document_period(self.letterhead)
        for title in reversed(self.titles):
            if named := [n for n in periods_in(key(title), default) if not n.compared]:
                return named[-1].period
        return default


def titles_above(sections: Sequence[Section]) -> Mapping[str, tuple[str, ...]]:
    """Return the titles above each section and its own, outermost first, by its id.

    A section whose title is a whole paragraph has none.
    """
    above: dict[str, tuple[str, ...]] = {}
    for section in sections:
        title = section.title if len(section.title) <= 200 else ""
        outer = above.get(section.parent_id or "", ())
        above[section.section_id] = (*outer, title) if title else outer
    return above


def document_period(letterhead: Letterhead) -> Period:
    """Return the period that the document's subject names, else the year in which it was issued."""
    default = year(letterhead.issued_on.year) if letterhead.issued_on else (None, None)
    named = periods_in(key(letterhead.subject or ""), default)
    return named[0].period if named else default


def subject_of(paragraph: Paragraph, found: Candidate) -> str | None:
    """Return the clause around the figure, white space folded: what is counted, and of whom.

    A clause that says nothing of its own ("46,53% (năm 2016") takes the one before it in.
    """
    begin, end = paragraph.clause(found.start, found.unit_end)
    first, _ = paragraph.sentence(found.start)
    while begin > first and not _says_something(paragraph, begin, end, found):
        begin, _ = paragraph.clause(begin - 2, begin - 2)
    text = " ".join(paragraph.text[max(begin, first) : end].split())
    if text.count("(") > text.count(")"):
        text = text[: text.rindex("(")] if not text.endswith("(") else text[:-1]
    return text.strip(" -–+*:") or None


def _says_something(paragraph: Paragraph, begin: int, end: int, found: Candidate) -> bool:
    around = (
        f"{paragraph.plain[begin : found.start]} {paragraph.plain[found.unit_end : end]}".lower()
    )
    if found.unit and found.kind == "count" and len(found.unit) > 4:
        return True
    return any(word not in _EMPTY_WORDS for word in _WORD.findall(around))


def level_of(
    paragraph: Paragraph, found: Candidate, previous: Candidate | None, its_level: str | None
) -> str | None:
    """Return the level of government (tỉnh, huyện, xã, quốc gia) that the figure is about.

    Its unit tells ("20/27 UBND cấp huyện"), or the words right behind it, or those before it in its clause
    and behind the figure before. Several levels in a row are none. What is counted in one breath with the
    `previous` figure is of `its_level`: "cấp tỉnh có 610 dịch vụ mức độ 3, 7 dịch vụ mức độ 4".
    """
    if level := level_in(found.unit or ""):
        return level
    behind = paragraph.text[found.unit_end : found.unit_end + _REACH]
    if _SEVERAL.search(key(paragraph.text[found.unit_end : found.unit_end + 2 * _REACH])):
        return None
    end = _OWN_END.search(bare(behind))
    if level := level_in(behind[: end.start()] if end else behind):
        return level
    begin, _ = paragraph.clause(found.start, found.unit_end)
    begin = max(begin, previous.unit_end if previous else 0)
    if level := level_in(paragraph.text[begin : found.start]):
        return level
    if previous is None:
        return None
    gap = paragraph.plain[previous.unit_end : found.start].lower()
    in_a_row = _IN_A_ROW.fullmatch(gap) and (";" not in gap or previous.unit == found.unit)
    return its_level if in_a_row else None


def level_in(text: str) -> str | None:
    """Return the level of government that `text` names last, None if it names none."""
    named = [next(filter(None, m.groups())) for m in _LEVEL.finditer(key(text))]
    return _LEVEL_NAMES[named[-1]] if named else None


def period_of(paragraph: Paragraph, found: Candidate, around: Surroundings) -> Period:
    """Return the period that the sentence names nearest before the figure, else nearest behind.

    A period that only serves comparison counts for the figure that it leads to: "so với năm 2018 (3.000 hồ
    sơ)"; one in brackets, within them; "33 của năm 2017", for the 33. Where the sentence names none, the
    titles above do, or the document.
    """
    begin, end = paragraph.sentence(found.start)
    plain = paragraph.plain[begin:end].lower()
    named = periods_in(plain, document_period(around.letterhead))
    at, behind_unit = found.start - begin, found.unit_end - begin
    for one in named:
        if _ITS_OWN.fullmatch(plain, behind_unit, max(one.start, behind_unit)):
            return one.period
    for one in reversed([n for n in named if n.end <= at + 1]):
        between = plain[one.end : at]
        if _NEARLY_TOUCHING.match(between):
            return one.period
        bracketed = ")" in between and plain.rfind("(", 0, one.start) > plain.rfind(
            ")", 0, one.start
        )
        if not (
            one.compared
            or bracketed
            or _OF_A_NUMBER.search(plain, max(0, one.start - _LONGEST_CUE), one.start)
        ):
            return one.period
    behind = [
        n for n in named if n.start >= at and not n.compared and not _LABELS.match(plain, n.end)
    ]
    return behind[0].period if behind else around.period()


def period_in(texts: Sequence[str], around: Surroundings) -> Period:
    """Return the period that the first of `texts` to name one names last, else that of the surroundings."""
    default = document_period(around.letterhead)
    for text in texts:
        if named := periods_in(key(text), default):
            return named[-1].period
    return around.period()


def is_target(
    paragraph: Paragraph, found: Candidate, period: Period, around: Surroundings, words: Vocabulary
) -> bool:
    """Say whether a figure is an aim (mục tiêu, dự kiến) rather than a result.

    Its sentence says so before it, unless only to compare a result with the aim, or the titles above do. What
    lies before the year of the report is no aim any more.
    """
    issued = around.letterhead.issued_on
    begin, _ = paragraph.sentence(found.start)
    before = paragraph.plain[begin : found.start].lower()
    if _aims(before, issued, words):
        return True
    if period[1] and issued and period[1] < date(issued.year, 1, 1):
        return False
    clause, _ = paragraph.clause(found.start, found.unit_end)
    if _RESULT.search(paragraph.plain[clause : found.start].lower()):
        return False
    return any(
        phrase in title and not _TELLS_RESULTS.search(title)
        for title in (_NO_AIM.sub("", key(title)) for title in around.titles)
        for phrase in words.roles["target_title"]
    )


def _aims(before: str, issued: date | None, words: Vocabulary) -> bool:
    """Say whether the words before a figure state an aim that no result comes between."""
    before = _NO_AIM.sub("", before)
    for phrase in words.roles["target"]:
        for m in re.finditer(rf"\b{phrase}\b", before) if phrase in before else ():
            rest = before[m.end() :]
            cue = max(0, m.start() - _LONGEST_CUE), m.start()
            passed = _PASSED.search(before, *cue)
            if _RIGHT_BEFORE.match(rest) and not passed and not re.match(r"\s*(?:la\s)?da\b", rest):
                return True
            if not _RESULT.search(rest) and not _COMPARED_WITH.search(before, *cue):
                return True
    later = re.search(r"\bden (?:het )?nam ((?:19|20)\d\d)\b(?!.*\bda\b)", before)
    return bool(later and issued and int(later[1]) > issued.year)


def is_target_column(heading: str, words: Vocabulary) -> bool:
    """Say whether a column heading states an aim: `Kế hoạch năm 2021`, but not `So với kế hoạch (%)`."""
    plain = key(heading)
    aims = any(re.search(rf"\b{phrase}\b", plain) for phrase in words.roles["target_column"])
    return aims and not _COLUMN_OF_RESULTS.search(plain)
