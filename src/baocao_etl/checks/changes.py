"""Changes between two times: differences, relative changes, steps in a ranking, what remains, products."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from baocao_etl.checks.arithmetic import (
    ADDITIVE,
    decimals,
    equation,
    failure,
    finding,
    proposals,
    same_unit,
    significant_digits,
    unit_key,
)
from baocao_etl.checks.base import Check
from baocao_etl.checks.passages import Passage, Report, Stated, plain_number
from baocao_etl.checks.sums import additive
from baocao_etl.models import Finding

_UP = re.compile(
    r"\b(?:tang|vuot|cao hon|nhieu hon|hon|them)(?:\s+(?:them|duoc|khoang|gan|hon))*\s*$"
)
_DOWN = re.compile(
    r"\b(?:giam|thap hon|it hon|kem|hut|thieu)(?:\s+(?:bot|duoc|khoang|gan|hon|di))*\s*$"
)
_FORMER = re.compile(r"so voi|cung ky|\(\s*(?:nam|thang|quy)?|\bnam (?:19|20)\d\d|truoc do")
_DIFFERENCE_KINDS = (*ADDITIVE, "score", "percent")
_STEPS = {"bac", "hang", "vi tri", "thu hang"}
_YEAR_BEFORE = re.compile(r"(?:19|20)\d\d\s*[:(]?\s*$")
_NEGATION = re.compile(r"\s*(?:khong|chua)\s+(\w+\s+\w+)")
_PART_OF = re.compile(r"\b(?:trong do|trong so)\b")
_NEAR_GAP = 40
_LEFT = re.compile(r"\b(?:con lai|con thieu|con no|con phai)\b[^.;]{0,25}$")


class _Change(NamedTuple):
    """A figure, by how much it changed (`delta`, up or down), and what it was."""

    now: Stated
    delta: Stated
    up: bool
    before: Stated
    certain: bool


class Difference(Check):
    """A change told with the values before and after (`6,25 điểm, tăng 0,09 điểm (năm 2017: 6,16)`)."""

    rule = "difference"
    strength = 0.8
    example = "812 đơn vị, giảm 47 đơn vị so với năm 2017 (859 đơn vị)"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each change whose two values are told."""
        for passage in report.passages:
            for i, delta in enumerate(passage.stated):
                if delta.kind in _DIFFERENCE_KINDS and (way := _direction(passage, delta)):
                    yield from self._one(list(_changes(passage, i, up=way == "up")))

    def _one(self, changes: Sequence[_Change]) -> Iterator[Finding]:
        for change in changes:
            if _is_difference(_values(change), up=change.up):
                figures = [change.before.figure, change.delta.figure, change.now.figure]
                sign = "+" if change.up else "-"
                message = f"{equation(figures[:2], change.now.figure, sign)}."
                yield finding(self.rule, figures, "holds", message)
                return
        for change in changes:
            figures = [s.figure for s in (change.now, change.delta, change.before)]
            exact = all(f.qualifier == "exact" for f in figures)
            exact = exact and len({f.sentence for f in figures}) == 1
            if change.certain and exact and change.now.kind != "percent":
                up = change.up
                explained = proposals(figures, lambda v, up=up: _is_difference(v, up=up))  # type: ignore[misc]
                if explained:
                    reached = change.before.value + (
                        change.delta.value if up else -change.delta.value
                    )
                    sign = "+" if up else "-"
                    message = (
                        f"{plain_number(change.before.value)} {sign} "
                        f"{plain_number(change.delta.value)} = {plain_number(reached)}, "
                        f"not {plain_number(change.now.value)}"
                    )
                    yield failure(self.rule, figures, message, explained)
                return


def _values(change: _Change) -> list[Decimal]:
    return [change.now.value, change.delta.value, change.before.value]


def _is_difference(values: Sequence[Decimal], *, up: bool) -> bool:
    now, delta, before = values
    return now - before == (delta if up else -delta) and delta > 0


def _direction(passage: Passage, delta: Stated) -> str | None:
    left = passage.before(delta, 30)
    if _UP.search(left):
        return "up"
    return "down" if _DOWN.search(left) else None


def _changes(passage: Passage, i: int, *, up: bool) -> Iterator[_Change]:
    """Yield what the figure at `i` may be the difference of: the values beside it, nearest first."""
    delta = passage.stated[i]
    alike = [s for s in passage.stated if same_unit(s.figure, delta.figure) and s is not delta]
    back = [s for s in alike if s.end <= delta.start and delta.start - s.end < 200]
    ahead = [s for s in alike if s.start >= delta.end and s.start - delta.end < 120]
    if not back:
        return
    now = back[-1]
    for former in ahead[:1]:
        gap = passage.between(delta, former)
        sure = bool(_FORMER.search(gap)) and delta.start - now.end < 40 and len(gap) < 60
        yield _Change(now, delta, up, former, sure)
    for former in reversed(back[-4:-1]):
        if _significant(delta, former):
            yield _Change(now, delta, up, former, certain=False)


def _significant(delta: Stated, former: Stated) -> bool:
    """Say whether the numbers are long enough not to fit by chance."""
    return significant_digits(delta.value) + significant_digits(former.value) >= 5


class RelativeChange(Check):
    """A growth in percent told with both values (`3.450 hồ sơ, tăng 15% so với 3.000 hồ sơ`)."""

    rule = "relative_change"
    strength = 0.7
    example = "3.450 hồ sơ, tăng 15% so với năm 2018 (3.000 hồ sơ)"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each growth that the two values beside it confirm."""
        for passage in report.passages:
            adds = additive(passage)
            for percent in passage.stated:
                way = percent.kind == "percent" and _direction(passage, percent)
                back = [s for s in adds if s.end <= percent.start and percent.start - s.end < 60]
                ahead = [s for s in adds if s.start >= percent.end and s.start - percent.end < 80]
                if not way or not back or not ahead:
                    continue
                now, former = back[-1], ahead[0]
                if not same_unit(now.figure, former.figure) or former.value < 20:
                    continue
                gap = passage.between(percent, former)
                growth = 100 * (now.value / former.value - 1) * (1 if way == "up" else -1)
                if _FORMER.search(gap) and _rounds_to(growth, percent.value):
                    verb = "up" if way == "up" else "down"
                    message = (
                        f"From {plain_number(former.value)} to {plain_number(now.value)} is "
                        f"{verb} {plain_number(percent.value)} %."
                    )
                    figures = [now.figure, percent.figure, former.figure]
                    yield finding(self.rule, figures, "holds", message)


def _rounds_to(exact: Decimal, told: Decimal) -> bool:
    step = Decimal(1).scaleb(-decimals(told))
    return abs(exact - told) <= step / 2


class RankChange(Check):
    """Steps up or down a ranking (`từ vị trí 33 lên vị trí 23, tăng 10 bậc`)."""

    rule = "rank_change"
    strength = 0.8
    example = "từ vị trí 33 của năm 2017 lên vị trí 23 (tăng 10 bậc)"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each pair of ranks with the steps between them told."""
        for passage in report.passages:
            for steps in passage.stated:
                if unit_key(steps.figure) in _STEPS and _direction(passage, steps):
                    yield from self._one(passage, steps)

    def _one(self, passage: Passage, steps: Stated) -> Iterator[Finding]:
        ranks = [
            s for s in passage.stated
            if s.kind == "rank" and s.figure.sentence == steps.figure.sentence
        ]  # fmt: skip
        if len(ranks) != 2:
            return
        former, now = ranks
        if _YEAR_BEFORE.search(passage.before(now, 16)):  # thứ 88, tăng 11 bậc (2014: 99)
            former, now = now, former
        figures = [former.figure, now.figure, steps.figure]
        told = f"{plain_number(steps.value)} {steps.figure.unit}"
        climbed = abs(former.value - now.value)
        between = f"From rank {plain_number(former.value)} to {plain_number(now.value)} is"
        if climbed == steps.value:
            yield finding(self.rule, figures, "holds", f"{between} {told}.")
        elif re.search(r"\btu\b", passage.before(former, 30)) and now.end <= steps.start:
            explained = proposals(figures, lambda v: abs(v[0] - v[1]) == v[2])
            message = f"{between} {plain_number(climbed)}, not {told}"
            yield failure(self.rule, figures, message, explained)


class Complement(Check):
    """Those that are and those that are not make all of them, told in different places."""

    rule = "complement"
    strength = 0.5
    example = "13 bãi chôn lấp, trong đó 04 bãi hợp vệ sinh; ... 09 bãi chôn lấp không hợp vệ sinh"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each part whose negation, told elsewhere, is the rest of the total."""
        negated = list(_negated(report))
        for passage in report.passages:
            adds = additive(passage)
            for total, part in pairwise(adds):
                gap = passage.between(total, part)
                if len(gap) > _NEAR_GAP or not _PART_OF.search(gap):
                    continue
                said = passage.plain[part.start : part.end + 40]
                for rest, quality in negated:
                    alike = same_unit(rest.figure, total.figure) and quality in said
                    if alike and part.value + rest.value == total.value:
                        parts = [part.figure, rest.figure]
                        message = f"{equation(parts, total.figure)}."
                        yield finding(self.rule, [*parts, total.figure], "holds", message)


def _negated(report: Report) -> Iterator[tuple[Stated, str]]:
    """Yield the figures of things that are not so, with two words of what they are not."""
    for passage in report.passages:
        for s in additive(passage):
            if m := _NEGATION.match(passage.behind(s, 60)):
                yield s, m[1]


class Remainder(Check):
    """What remains is the whole less what was done (`212,6; đã trả 180; còn lại 32,6 triệu đồng`)."""

    rule = "remainder"
    strength = 0.8
    example = "thu sai 212,6 triệu đồng, đã hoàn trả 180 triệu đồng; còn lại 32,6 triệu đồng"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each remainder whose whole and part stand before it."""
        told: list[Stated] = []
        for passage in report.passages:
            for s in additive(passage):
                if _LEFT.search(passage.before(s, 50)):
                    yield from self._one(s, told)
                told.append(s)

    def _one(self, left: Stated, told: Sequence[Stated]) -> Iterator[Finding]:
        alike = [s for s in told if same_unit(s.figure, left.figure)][-5:]
        pairs = ((whole, done) for i, whole in enumerate(alike) for done in alike[i + 1 :])
        for whole, done in pairs:
            if whole.value - done.value == left.value and _significant(done, whole):
                terms = [whole.figure, done.figure]
                message = f"{equation(terms, left.figure, '-')}."
                yield finding(self.rule, [*terms, left.figure], "holds", message)
                return


class Product(Check):
    """Rounds times places make samples; a rate times a count makes an amount."""

    rule = "product"
    strength = 0.7
    example = (
        "04 đợt tại 62 điểm với 248 mẫu; 140.000 đồng/học sinh cho 1.250 học sinh: 175 triệu đồng"
    )

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each product told in one sentence."""
        for passage in report.passages:
            adds = additive(passage)
            for one, other, product in zip(adds, adds[1:], adds[2:], strict=False):
                sentence = one.figure.sentence
                near = other.figure.sentence == sentence == product.figure.sentence
                if (
                    near
                    and one.value * other.value == product.value
                    and (_is_rate(passage, one, other, product) or _is_grid(one, other, product))
                ):
                    factors = [one.figure, other.figure]
                    message = f"{equation(factors, product.figure, '*')}."
                    yield finding(self.rule, [*factors, product.figure], "holds", message)


def _is_rate(passage: Passage, rate: Stated, count: Stated, amount: Stated) -> bool:
    """`140.000 đồng/học sinh` for so many học sinh."""
    per = re.match(r"\s?/\s?", passage.behind(rate, 3)) or "/" in (rate.figure.unit or "")
    return bool(per) and rate.kind == amount.kind == "money" and count.kind == "count"


def _is_grid(one: Stated, other: Stated, product: Stated) -> bool:
    """Counts of three different things whose product has three digits that are not all round."""
    units = {unit_key(s.figure) for s in (one, other, product)}
    kinds = {s.kind for s in (one, other, product)}
    return (
        kinds == {"count"}
        and len(units) == 3
        and min(one.value, other.value) > 1
        and product.value >= 100
        and significant_digits(product.value) >= 3
    )
