"""Numbers in running text that are figures: their kind, value and unit.

Each rule (`amounts`, `counts`) looks at one number and says what figure it is, or passes; the first that
speaks wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from baocao_etl.figures import amounts, counts
from baocao_etl.figures.blocked import Stretch, blocked
from baocao_etl.figures.number import Candidate, Number, numbers_at
from baocao_etl.figures.numerals import NUMBER, is_beyond, parse_number
from baocao_etl.figures.paragraphs import LOWER, UPPER, Paragraph
from baocao_etl.figures.vocabulary import Vocabulary
from baocao_etl.figures.worded import worded_ranks

__all__ = ["Candidate", "candidates"]

# "1 dịch vụ nào cũng": one in general
_GENERIC_ONE = re.compile(r"0?1\s+(?:\w+\s+){1,6}?nao\b", re.IGNORECASE)
# "01 cán bộ/máy tính" is a norm, "02 số/tháng" a count
_NORM = re.compile(
    r"0?1\s+[^\d/;.:]{2,30}/\s?(?:0?1\s)?(?!(?:thang|nam|tuan|quy|ngay|lan|ky)\b)[a-z]"
)
# What an amount is told for, one of each: "đồng/1 người/1 ngày"; OCR may double a number at a line's end.
_PER_ONE = re.compile(
    r"(?:\s?/\s?(?:0?1\s){0,2}[a-z]+)*(?:\s?/\s?(?:0?1\s){1,2}[a-z]+)", re.IGNORECASE
)
_HEADING = re.compile(rf"\W*(?!0)\d{{1,2}}(?:\.\d{{1,2}})*\s+[{UPPER}][{LOWER}]")
_MAY_PRECEDE = "(+-–—\"“‘'[:=<>≥≤~*|"
_SURE = 0.8  # what a number with a blank inside must reach to be one number

Rule = Callable[[Number], Candidate | None]

_WITH_UNIT: tuple[Rule, ...] = (amounts.percent, amounts.amount, counts.measured)
# "lần lượt là 12; 15 và 18 vụ"
_IN_TURN = re.compile(r"\blan luot\b", re.IGNORECASE)
_LIST = re.compile(
    rf"(?:\s?[,;]\s(?:{NUMBER.pattern}))*(?:\s?[,;]\s|\s+va\s+)(?P<last>{NUMBER.pattern})(?=\s?[^\W\d]|\s?%)"
)


def _enumerated(n: Number) -> Candidate | None:
    """`lần lượt là 12, 15 và 18 vụ`: a number of a list that has its unit behind the last one."""
    if n.high is not None or not _IN_TURN.search(
        n.plain[n.paragraph.sentence(n.start)[0] : n.start]
    ):
        return None
    m = _LIST.match(n.plain, n.end)
    last = NUMBER.match(n.plain, m.start("last")) if m else None
    if m is None or last is None:
        return None
    end = n._replace(start=last.start(), end=last.end(), value=parse_number(last[0]))
    found = next((c for rule in _WITH_UNIT if (c := rule(end))), None)
    if found is None or not end.value or found.denominator is not None:
        return None
    value = n.value * found.value / end.value
    return found._replace(start=n.start, end=n.end, unit_end=n.end, value=value, confidence=_SURE)


_RULES: tuple[Rule, ...] = (
    amounts.bent_dong, amounts.percent, amounts.glued_ratio, amounts.score,
    amounts.machines_per_head, amounts.ratio, amounts.amount,
    counts.rank, counts.measured, counts.measured_per, counts.lasting, _enumerated, counts.cued,
    counts.listed, counts.part, counts.grown, counts.headed, counts.guessed,
)  # fmt: skip


def candidates(paragraph: Paragraph, words: Vocabulary) -> list[Candidate]:
    """Return the figures of one paragraph, in order."""
    stretches = blocked(paragraph, words)
    plain = paragraph.plain
    found: list[Candidate] = []
    heading = _HEADING.match(paragraph.text)
    at = heading.end() - 2 if heading else 0  # "2.1 Tổ chức bộ máy": a label that lost its mark
    for m in NUMBER.finditer(plain):
        start, end = m.span()
        if start < at or _inside(start, end, stretches) or _glued(plain, start):
            continue
        if in_general := _GENERIC_ONE.match(plain, start) or _NORM.match(plain, start):
            at = in_general.end()
            continue
        readings = numbers_at(m, paragraph, words, found[-1] if found else None)
        candidate = _figure([n for n in readings if not _inside(end, n.end, stretches)])
        if candidate is None or _is_attribute(candidate, found, plain):
            continue
        if any(map(is_beyond, (candidate.value, candidate.denominator, candidate.value_high))):
            continue
        qualifier = words.qualifier(plain, start, candidate.unit_end)
        found.append(candidate._replace(qualifier=qualifier))
        # a rate's unit may hold a number: bác sĩ/10.000 dân
        at = max(candidate.end, candidate.unit_end)
        if per_one := _PER_ONE.match(plain, at):
            at = per_one.end()
    return sorted([*found, *worded_ranks(plain)], key=lambda candidate: candidate.start)


def _figure(readings: Sequence[Number]) -> Candidate | None:
    """Return what the first reading that a rule speaks for is; the last one is the bare number."""
    for n in readings:
        if counts.is_probably_a_word(n):
            continue
        candidate = next((c for rule in _RULES if (c := rule(n))), None)
        if candidate and (n is readings[-1] or n.high or candidate.confidence >= _SURE):
            is_split = n is not readings[-1] and n.high is None
            return candidate._replace(confidence=_SURE) if is_split else candidate
    return None


def _inside(start: int, end: int, stretches: list[Stretch]) -> bool:
    return any(a < end and start < b for a, b in stretches)


def _glued(plain: str, start: int) -> bool:
    """Say whether a letter, a stray sign, or the rest of a number is glued to the number's left."""
    before = plain[start - 1 : start]
    if before in ("", " "):
        return False
    if before in ".,/":
        return plain[start - 2 : start - 1].isdigit()
    return before not in _MAY_PRECEDE


def _is_attribute(candidate: Candidate, found: list[Candidate], plain: str) -> bool:
    """`05 Switch 24 cổng`, `400.000 đồng/01 giấy`: a number right behind another figure's unit is its own."""
    if not found or candidate.kind not in ("count", "quantity"):
        return False
    between = plain[found[-1].unit_end : candidate.start]
    if between.strip() == "/":
        # "03 lớp/120 người" tells of two things.
        return found[-1].kind != "count" or candidate.value == 1
    return bool(between) and not between.strip()
