"""Sums in running text: a total and its parts, told in one paragraph or as a list below it.

A sum is looked for only where the wording or the order licenses it, and a total of few digits must be
met by all the parts there are, since small numbers add up by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate

from baocao_etl.checks.arithmetic import (
    ADDITIVE,
    equation,
    finding,
    proposals,
    same_unit,
    significant_digits,
    sum_failure,
    unit_key,
    wrong_sum,
)
from baocao_etl.checks.base import Check
from baocao_etl.checks.passages import Passage, Report, Stated
from baocao_etl.models import Figure, Finding
from baocao_etl.repair.orthography import bare

_LICENCE = re.compile(r"\b(?:trong do|bao gom|gom|chia ra|trong so do|cu the)\b")
_WHOLE = re.compile(r"\b(?:bao gom|gom|chia ra)\b")
_TOTAL = re.compile(r"\b(?:tong(?: cong| so)?|cong)\b")
_LIST_OPENS = re.compile(r":\s*$")
_NUMBER = re.compile(r"\d[\d.,]*")
_NOT_ADDED = {"tuoi", "do", "do c", "°c"}
_LARGE = 100
_CLOSE = 40  # characters between a total and its "trong đó"
_FAR = 12  # how many figures back a total may stand from its "trong đó"
_MOST_PARTS = 10


def additive(passage: Passage) -> list[Stated]:
    """Return the figures of `passage` that can be added up."""
    return [s for s in passage.stated if s.kind in ADDITIVE and s.figure.value_high is None]


def run_that_adds_up(parts: Sequence[Stated], total: Stated) -> Sequence[Stated] | None:
    """Return the shortest run from the first part on, of two or more, that adds up to `total`."""
    sums = accumulate(part.value for part in parts)
    for count, value in enumerate(sums, 1):
        if value == total.value and count > 1:
            return parts[:count]
        if value > total.value:
            return None
    return None


def amounts(passage: Passage) -> list[Stated]:
    """Return the figures that add up: not rates (`đồng/lít`), ages or temperatures."""
    return [
        s
        for s in additive(passage)
        if unit_key(s.figure) not in _NOT_ADDED
        and not (s.kind == "money" and passage.behind(s, 2).lstrip().startswith("/"))
    ]


class SumOfParts(Check):
    """Parts told in one paragraph add up to their total (`trong đó`, `gồm`, `tổng`)."""

    rule = "sum"
    strength = 0.8
    example = "1995 DVC, trong đó 610 ở cấp tỉnh, 1385 ở cấp huyện: 610 + 1385 = 1995"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each total with its parts."""
        for passage in report.passages:
            adds = amounts(passage)
            if len(adds) < 3:
                continue
            proven: set[str] = set()
            for total, parts, failed in (*_licensed(passage, adds), *_unlicensed(passage, adds)):
                figures = [part.figure for part in parts]
                if total.figure.figure_id in proven:
                    continue
                if failed:
                    yield from _failed(self.rule, figures, total.figure, certain=failed == "whole")
                else:
                    proven.add(total.figure.figure_id)
                    message = f"{equation(figures, total.figure)}."
                    yield finding(self.rule, [*figures, total.figure], "holds", message)


Sum = tuple[Stated, Sequence[Stated], str]


def _licensed(passage: Passage, adds: Sequence[Stated]) -> Iterator[Sum]:
    """Sums with a word such as `trong đó` between the total and its parts."""
    for licence in _LICENCE.finditer(passage.plain):
        before = [s for s in adds if s.end <= licence.start()][-_FAR:]
        behind = [s for s in adds if s.start >= licence.end()][:_MOST_PARTS]
        if not before or len(behind) < 2:
            continue
        nearest = before[-1]
        whole = bool(_WHOLE.match(licence[0]))
        found = False
        for total in reversed(before):
            parts = _in_turn(total, before, behind)
            if not parts:
                parts = _parts_of(passage, total, before, behind)
                parts = parts if parts and _is_no_accident(total, parts, whole=whole) else None
            if parts:
                found = True
                yield total, parts, ""
        own = _leading_run(passage, nearest, behind)
        if found or len(own) < 2 or not _all_are_read(passage, own):
            continue
        told = _same_sentence(nearest, own[0]) and licence.start() - nearest.end <= _CLOSE
        ends = _ends_a_run(passage, own[-1], behind) or len(own) < len(behind)
        if _may_fail(nearest, before, own, sure=told and ends and nearest.value >= 10 * _LARGE):
            yield nearest, own, "whole" if whole and told and ends else "some"


def _is_no_accident(total: Stated, parts: Sequence[Stated], *, whole: bool) -> bool:
    """Say whether a sum that holds is more than small or round numbers falling into place."""
    alike = all(same_unit(s.figure, total.figure) for s in parts)
    together = all(_same_sentence(s, parts[0]) for s in parts)
    if total.value < 20 and not (whole or alike):
        return False
    return together or (
        total.value >= _LARGE and significant_digits(total.value) >= (2 if alike else 3)
    )


def _in_turn(
    total: Stated, before: Sequence[Stated], behind: Sequence[Stated]
) -> Sequence[Stated] | None:
    """Two totals of one unit in a sentence, and then their parts in turn (A, B: a1, b1; a2, b2)."""
    totals = [s for s in before if same_unit(s.figure, total.figure) and _same_sentence(s, total)]
    if len(totals) < 2 or total.value < 20:
        return None
    alike = [s for s in behind if same_unit(s.figure, total.figure)]
    if run := run_that_adds_up(alike[totals.index(total) :: len(totals)], total):
        return run
    # Where a part of the other total was not read, the turns are lost, but not what is small enough.
    smaller = [s for s in alike if s.value < total.value]
    return smaller if len(smaller) > 1 and sum(s.value for s in smaller) == total.value else None


def _parts_of(
    passage: Passage, total: Stated, before: Sequence[Stated], behind: Sequence[Stated]
) -> Sequence[Stated] | None:
    """The first figures behind, whatever they count; or those of the unit; or all the large ones."""
    nearest = total is before[-1]
    if nearest and (run := run_that_adds_up(behind, total)):
        of_kind = all(s.kind == total.kind for s in run)
        ends = _ends_a_run(passage, run[-1], behind) or _ends_a_unit(total, run, behind)
        if of_kind and (total.value >= _LARGE or ends):
            return run
    if total.value < _LARGE:
        return None
    alike = [s for s in behind if same_unit(s.figure, total.figure)]
    if run := run_that_adds_up(alike, total):
        return run
    further = _LICENCE.search(passage.plain, behind[0].end)
    large = [
        s
        for s in behind
        if s.kind == total.kind
        and s.value < total.value <= 10 * s.value
        and not (further and s.start > further.start())
    ]
    adds_up = len(large) > 1 and sum(s.value for s in large) == total.value
    return large if nearest and adds_up else None


def _same_sentence(one: Stated, other: Stated) -> bool:
    return one.figure.sentence == other.figure.sentence


def _ends_a_run(passage: Passage, last: Stated, behind: Sequence[Stated]) -> bool:
    """Say whether the list of parts ends with `last`: by a bracket, a stop, or a new sentence."""
    following = next((s for s in behind if s.start >= last.end), None)
    if following is None or not _same_sentence(last, following):
        return True
    return bool(re.search(r"[);]", passage.between(last, following)))


def _ends_a_unit(total: Stated, run: Sequence[Stated], behind: Sequence[Stated]) -> bool:
    """Say whether the run is of the total's unit and what follows it is not."""
    following = behind[len(run) : len(run) + 1]
    return _same_kind_run(total, run) and not any(
        same_unit(s.figure, total.figure) for s in following
    )


def _leading_run(passage: Passage, total: Stated, behind: Sequence[Stated]) -> list[Stated]:
    """Return the first figures behind that are in one sentence and of the total's unit.

    A semicolon or a bracket ends a list whose items it does not part.
    """
    run: list[Stated] = []
    for s in behind:
        if not (same_unit(s.figure, total.figure) and _same_sentence(s, behind[0])):
            break
        ends = len(run) > 1 and re.search(r"[;)]", passage.between(run[-1], s))
        if ends and not re.search(r"[;)]", passage.between(run[0], run[1])):
            break
        run.append(s)
    return run


def _may_fail(
    total: Stated, before: Sequence[Stated], parts: Sequence[Stated], *, sure: bool
) -> bool:
    """Say whether a sum that does not hold is worth telling: exact, and it is `sure` which the total is.

    If it is not, there may be no other figure that could be it.
    """
    rivals = [s for s in before if _same_sentence(s, total) and s.kind == total.kind]
    exact = all(s.figure.qualifier == "exact" for s in (total, *parts))
    return exact and (sure or len(rivals) == 1)


def _all_are_read(passage: Passage, parts: Sequence[Stated]) -> bool:
    """Say whether no number stands unread between the parts, or behind them in their clause."""
    stop = re.compile(r"[;)]|\.\s|$").search(passage.plain, parts[-1].end)
    begin, end = parts[0].start, stop.start() if stop else len(passage.plain)
    written = {m.start() for m in _NUMBER.finditer(passage.plain, begin, end)}
    for s in passage.stated:
        written -= set(range(s.start, s.end))
    return not written


def _same_kind_run(total: Stated, parts: Sequence[Stated]) -> bool:
    return all(same_unit(s.figure, total.figure) for s in parts)


def _failed(
    rule: str, parts: Sequence[Figure], total: Figure, *, certain: bool
) -> Iterator[Finding]:
    """Yield a failure where one misread digit explains it, or a note where the parts are the whole."""
    figures = [*parts, total]
    explained = proposals(figures, _adds_up) if total.value >= (10 if certain else _LARGE) else ()
    if explained:
        yield sum_failure(rule, parts, total, explained)
    elif certain and total.value > max(part.value for part in parts):
        message = f"{wrong_sum(parts, total)}; parts may be missing."
        yield finding(rule, figures, "note", message)


def _adds_up(values: Sequence[Decimal]) -> bool:
    return sum(values[:-1]) == values[-1]


def _unlicensed(passage: Passage, adds: Sequence[Stated]) -> Iterator[Sum]:
    """Sums told by order alone: all that a sentence lists after its first figure, or up to a total."""
    for i, total in enumerate(adds):
        behind = [s for s in adds[i + 1 :] if _same_sentence(s, total)]
        first = i == 0 or not _same_sentence(adds[i - 1], total)
        of_kind = behind and all(s.kind == total.kind for s in behind)
        alike = any(same_unit(s.figure, total.figure) for s in behind)
        if first and of_kind and alike and total.value >= _LARGE:
            run = run_that_adds_up(behind, total)
            if run and (len(run) == len(behind) or significant_digits(total.value) > 3):
                yield total, run, ""
        if _is_told_a_total(passage, adds, i):
            back = [s for s in reversed(adds[:i]) if same_unit(s.figure, total.figure)]
            run = run_that_adds_up(back, total)
            if run and total.value >= 20 and significant_digits(total.value) > 1:
                yield total, run[::-1], ""


def _is_told_a_total(passage: Passage, adds: Sequence[Stated], i: int) -> bool:
    start = max(adds[i - 1].end if i else 0, adds[i].start - 40)
    return bool(_TOTAL.search(passage.plain, start, adds[i].start))


class ListedParts(Check):
    """The items of a list add up to the total above it (`..., trong đó:`) or below it (`Tổng ...`)."""

    rule = "list_sum"
    strength = 0.8
    example = (
        "Kinh phí 4.250 triệu đồng, trong đó: - tỉnh 2.400 ...; - huyện 1.500 ...; - khác 350 ..."
    )

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each total above a list, and for each total of what stands in a row."""
        passages = report.passages
        for i, passage in enumerate(passages):
            adds = additive(passage)
            if adds and _LIST_OPENS.search(passage.text):
                yield from self._list_below(adds, passages[i + 1 :])
        yield from self._siblings(report)

    def _list_below(
        self, adds: Sequence[Stated], following: Sequence[Passage]
    ) -> Iterator[Finding]:
        for total in reversed(adds):
            parts, complete = _items(following, total)
            run = run_that_adds_up(parts, total)
            if run and (len(run) == len(parts) or total.value >= _LARGE):
                figures = [s.figure for s in run]
                message = f"{equation(figures, total.figure)}."
                yield finding(self.rule, [*figures, total.figure], "holds", message)
                return
        total = adds[-1]
        parts, complete = _items(following, total)
        if complete and len(parts) > 1 and total.figure.qualifier == "exact":
            yield from _failed(self.rule, [s.figure for s in parts], total.figure, certain=False)

    def _siblings(self, report: Report) -> Iterator[Finding]:
        """Items that each tell one figure of a unit, and elsewhere a figure that is called a total."""
        totals = [f for f in report.document.figures if f.kind in ADDITIVE and _names_total(f)]
        for parts in _rows_of_items(report.passages):
            added = sum(part.value for part in parts)
            total = next((f for f in totals if f.value == added and same_unit(f, parts[0])), None)
            if total and total not in parts and added >= _LARGE:
                message = f"{equation(parts, total)}."
                yield finding(self.rule, [*parts, total], "holds", message)


def _names_total(figure: Figure) -> bool:
    from_words = f"{figure.subject or ''} | {figure.sentence if figure.table_id else ''}"
    return bool(_TOTAL.search(bare(from_words)))


def _items(following: Sequence[Passage], total: Stated) -> tuple[list[Stated], bool]:
    """Return the first figure of `total`'s kind in each item of the list that follows.

    The second value says whether every item has exactly one, all of the total's unit.
    """
    found: list[Stated] = []
    complete = True
    label = following[0].section.label if following else None
    for passage in following[:15]:
        if not _continues(label, passage.section.label):
            break
        alike = [s for s in additive(passage) if same_unit(s.figure, total.figure)]
        others = [s for s in additive(passage) if s.kind == total.kind]
        complete = complete and len(alike) == 1
        found += (alike or others)[:1]
    return found, complete


def _continues(first: str | None, label: str | None) -> bool:
    """Say whether an item labelled `label` belongs to the list that began with `first`."""
    if first is None or label is None:
        return False
    if first[0].isalnum():
        return label[0].isalnum() and label[-1] == first[-1]
    return label == first


def _rows_of_items(passages: Sequence[Passage]) -> Iterator[list[Figure]]:
    """Yield the figures of one unit that neighbouring items under one heading tell, one each."""
    rows: dict[tuple[str | None, str, str], list[Figure]] = {}
    for passage in passages:
        units: dict[tuple[str, str], list[Figure]] = {}
        for s in additive(passage):
            units.setdefault((s.kind, s.figure.unit or ""), []).append(s.figure)
        for (kind, unit), figures in units.items():
            if unit and len(figures) == 1 and not _names_total(figures[0]):
                key = (passage.section.parent_id, kind, unit)
                rows.setdefault(key, []).append(figures[0])
    yield from (row for row in rows.values() if 2 <= len(row) <= _MOST_PARTS)
