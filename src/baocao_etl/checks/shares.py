"""Percents against the counts they were computed from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from baocao_etl.checks.arithmetic import (
    decimals,
    failure,
    finding,
    is_share,
    proposals,
    same_unit,
    share,
)
from baocao_etl.checks.base import Check
from baocao_etl.checks.passages import Passage, Report, Stated, plain_number
from baocao_etl.checks.sums import additive
from baocao_etl.models import Finding

# Words that tie a count to the percent behind it.
_TIE = re.compile(r"\b(?:chiem|dat|ty le|ti le|bang|tuong ung|tuong duong)\b[^%]*$|\($|^[\s,;:]*$")
_STRONG_TIE = re.compile(r"\b(?:chiem|ty le|ti le)\b|\bdat\s*$|\(\s*$")
# What leaves no doubt that the percent is that of the ratio: "27/36 trường đạt chuẩn, chiếm tỷ lệ 75%".
_SAYS_ITS_SHARE = re.compile(
    r"^[^,;(]{0,40}[,(]\s*(?:chiem|dat|bang|=|tuong ung|tuong duong)?\s*(?:voi)?"
    r"\s*(?:ty le|ti le)?\s*(?:la|dat)?\s*:?\s*$"
)
# The same with less of a pause: "đúng hạn 3110 thủ tục đạt tỷ lệ 93%".
_SAYS_A_SHARE = re.compile(
    r"^[^,;(.]{0,40}[,(]?\s*(?:chiem|dat|bang)?\s*(?:ty le|ti le)?\s*(?:la|dat)?\s*:?\s*$"
)
_BEFORE_COUNT = re.compile(r"\b(?:tuong ung|tuong duong|voi|la|hay)\b|\(|=")
_OF_ALL = re.compile(r"\b(?:tren|trong) (?:tong )?(?:so)?\b|/|\btren tong\b")
# A percent of something else than the count beside it.
_OTHER_BASE = re.compile(
    r"^\W*(?:tong so|so voi|ke hoach|chi tieu|du toan|cung ky|muc tieu|nghi quyet)"
)
_CHANGE = re.compile(
    r"\b(?:tang|giam|vuot|cao hon|thap hon|hut|them)(?:\s+(?:len|them|khoang|gan|hon|tren))*\s*$"
)
_PART_OF = re.compile(r"\b(?:trong do|trong so|gom)\b")
# What was done of what there was to do: "tiếp nhận 94 đơn; đã giải quyết 81 đơn".
_DONE = re.compile(
    r"\b(?:da|giai quyet|dung han|dung hen|truoc han|hoan thanh|xu ly|ky so|truc tuyen|lam ro|kich hoat)\b"
)
_NEAR = 60


class PercentOfParts(Check):
    """A percent is the share of two counts told beside it (`3110 / 3338 = 93 %`)."""

    rule = "percent_of"
    strength = 0.7
    example = "tiếp nhận 3.338 thủ tục, đúng hạn 3110 thủ tục, đạt tỷ lệ 93%"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each percent whose counts are found."""
        for passage in report.passages:
            adds = additive(passage)
            for percent in passage.stated:
                if percent.kind == "percent" and percent.figure.value_high is None:
                    yield from self._one(passage, percent, adds)

    def _one(self, passage: Passage, percent: Stated, adds: Sequence[Stated]) -> Iterator[Finding]:
        if _CHANGE.search(passage.before(percent, 30)):
            return
        for part, whole in _pairs(passage, percent, adds):
            if is_share(percent.value, part.value, whole.value):
                message = (
                    f"{plain_number(part.value)} / {plain_number(whole.value)} = "
                    f"{plain_number(percent.value)} %."
                )
                figures = [part.figure, whole.figure, percent.figure]
                yield finding(self.rule, figures, "holds", message)
                return
        yield from self._failing(passage, percent, adds)

    def _failing(
        self, passage: Passage, percent: Stated, adds: Sequence[Stated]
    ) -> Iterator[Finding]:
        """A failure needs wording that leaves no doubt: one whole, its part, and the part's share."""
        before = [s for s in adds if s.end <= percent.start]
        if len(before) < 2 or _OTHER_BASE.search(passage.behind(percent, 40)):
            return
        whole, part = before[-2], before[-1]
        between, gap = passage.between(whole, part), passage.between(part, percent)
        certain = (
            same_unit(part.figure, whole.figure)
            and part.value < whole.value
            and whole.value >= 100
            and len(gap) <= _NEAR
            and _STRONG_TIE.search(gap)
            and _SAYS_A_SHARE.search(gap)
            and (
                _PART_OF.search(between)
                or "chiem" in gap
                or (_DONE.search(between) and ";" not in gap)
            )
            and all(s.figure.qualifier == "exact" for s in (part, whole, percent))
            and part.figure.sentence == percent.figure.sentence
            and _nothing_between(passage, part, percent)
        )
        if not certain:
            return
        figures = [part.figure, whole.figure, percent.figure]
        explained = proposals(figures, lambda v: v[0] < v[1] and is_share(v[2], v[0], v[1]))
        if explained:
            yield failure(self.rule, figures, _mismatch(part, whole.value, percent), explained)


def _mismatch(part: Stated, whole: Decimal, percent: Stated) -> str:
    places = max(decimals(percent.value), 1)
    return (
        f"{plain_number(part.value)} / {plain_number(whole)} = "
        f"{plain_number(share(part.value, whole, places))} %, not {plain_number(percent.value)} %"
    )


def _pairs(
    passage: Passage, percent: Stated, adds: Sequence[Stated]
) -> Iterator[tuple[Stated, Stated]]:
    """Yield (part, whole) as the wording offers them, the likeliest first."""
    before = [s for s in adds if s.end <= percent.start]
    behind = [s for s in adds if s.start >= percent.end][:2]
    if before:
        part = before[-1]
        gap = passage.between(part, percent)
        long = percent.value >= 10 or decimals(percent.value)
        tied = _TIE.search(gap[-_NEAR:]) if long else len(gap) < 25 and _STRONG_TIE.search(gap)
        if tied and part.start > percent.start - 160:
            for whole in reversed(before[-7:-1]):
                if _may_be_whole(whole, part):
                    yield part, whole
            if behind and _OF_ALL.search(passage.between(percent, behind[0])[:_NEAR]):
                yield part, behind[0]
    if behind and _BEFORE_COUNT.search(passage.between(percent, behind[0])[:_NEAR]):
        part = behind[0]
        if len(behind) > 1 and _OF_ALL.search(passage.between(part, behind[1])[-_NEAR:]):
            yield part, behind[1]
        for whole in reversed(before[-3:]):
            if same_unit(whole.figure, part.figure):
                yield part, whole


def _may_be_whole(whole: Stated, part: Stated) -> bool:
    """A whole is of the part's kind, and larger; of another unit it must be large to prove anything."""
    if whole.kind != part.kind or whole.value <= part.value:
        return False
    return same_unit(whole.figure, part.figure) or (
        whole.value >= 100 and whole.figure.sentence == part.figure.sentence
    )


def _nothing_between(passage: Passage, one: Stated, other: Stated) -> bool:
    return not any(one.end <= s.start < other.start for s in passage.stated)


def _ratio_pairs(report: Report) -> Iterator[tuple[Passage, Stated, Stated]]:
    """Yield each a/b with the percent that is tied to it, before or behind."""
    for passage in report.passages:
        for one, other in zip(passage.stated, passage.stated[1:], strict=False):
            gap = passage.between(one, other)
            if (
                len(gap) > _NEAR
                or re.search(r"\d", gap)
                or one.figure.sentence != other.figure.sentence
            ):
                continue
            if (one.kind, other.kind) == ("ratio", "percent") and _TIE.search(gap):
                yield passage, one, other
            if (one.kind, other.kind) == ("percent", "ratio") and re.search(r"\(\s*$", gap):
                yield passage, other, one


class RatioPercent(Check):
    """A percent beside a ratio a/b is a of b (`20/27 đơn vị, đạt 74%`)."""

    rule = "ratio_percent"
    strength = 0.8
    example = "27/36 trường đạt chuẩn, chiếm 75%"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each ratio with a percent beside it, other than 100 %."""
        for passage, ratio, percent in _ratio_pairs(report):
            whole = ratio.figure.denominator
            if not whole or percent.value == 100 or ratio.value > whole:
                continue
            if not _CHANGE.search(passage.before(percent, 30)):
                yield from self._one(passage, ratio, whole, percent)

    def _one(
        self, passage: Passage, ratio: Stated, whole: Decimal, percent: Stated
    ) -> Iterator[Finding]:
        figures = [ratio.figure, percent.figure]
        if is_share(percent.value, ratio.value, whole):
            shown = f"{plain_number(ratio.value)}/{plain_number(whole)}"
            message = f"{shown} = {plain_number(percent.value)} %."
            yield finding(self.rule, figures, "holds", message)
            return
        off = abs(100 * ratio.value / whole - percent.value)
        slip = Decimal("0.15") if decimals(percent.value) else 1  # authors round carelessly
        if off > slip and _leaves_no_doubt(passage, ratio, percent):
            explained = proposals(figures, lambda v: is_share(v[1], v[0], whole))
            yield failure(self.rule, figures, _mismatch(ratio, whole, percent), explained)


def _leaves_no_doubt(passage: Passage, ratio: Stated, percent: Stated) -> bool:
    """Say whether the wording makes the percent that of the ratio, both exact and of a real whole."""
    if percent.start < ratio.start:
        said = re.search(r"^[^,;(]{0,30}\(\s*$", passage.between(percent, ratio)) is not None
    else:
        said = _SAYS_ITS_SHARE.search(passage.between(ratio, percent)) is not None
    exact = ratio.figure.qualifier == percent.figure.qualifier == "exact"
    return said and exact and not _OTHER_BASE.search(passage.behind(percent, 40))


class FullRatio(Check):
    """100 % beside a ratio a/b means that a equals b."""

    rule = "full_ratio"
    strength = 0.6
    example = "100% xã (18/18 xã) có trang thông tin điện tử"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each ratio with 100 % beside it."""
        for passage, ratio, percent in _ratio_pairs(report):
            whole = ratio.figure.denominator
            if percent.value != 100 or not whole:
                continue
            shown = f"{plain_number(ratio.value)}/{plain_number(whole)}"
            figures = [ratio.figure, percent.figure]
            if ratio.value == whole:
                yield finding(self.rule, figures, "holds", f"{shown} = 100 %.")
            elif _leaves_no_doubt(passage, ratio, percent):
                yield failure(self.rule, figures, f"{shown} is not 100 %", _full(ratio, whole))


def _full(ratio: Stated, whole: Decimal) -> tuple[str, ...]:
    return proposals([ratio.figure], lambda values: values[0] == whole)
