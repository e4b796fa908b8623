"""What can be said about figures without adding anything up: limits, dates, repeats, gaps."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from baocao_etl.checks.arithmetic import (
    ADDITIVE,
    failure,
    finding,
    proposals,
    significant_digits,
    unit_key,
)
from baocao_etl.checks.base import Check
from baocao_etl.checks.passages import Report, plain_number
from baocao_etl.checks.row_shares import compared_rows
from baocao_etl.models import Figure, Finding, Section
from baocao_etl.repair.orthography import bare

_MAY_PASS_100 = re.compile(
    r"\b(?:tang|vuot|so voi|gap|ke hoach|chi tieu|du toan|cung ky|tang truong|bang|giao|muc tieu"
    r"|nghi quyet|dinh muc|cong suat|lai|lai suat|thue|len|von|kh|dt|nq|so sanh|th)\b"
)
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X",
           "XI", "XII", "XIII", "XIV", "XV")  # fmt: skip
_ROMAN = {name: number for number, name in enumerate(_ROMANS, 1)}
_AHEAD = re.compile(
    r"\b(?:ke hoach|du kien|phan dau|se|nhiem vu|phuong huong|giai doan|den nam|muc tieu|chi tieu|du toan"
    r"|de xuat|de nghi|trinh|den het)\b"
)
# Types that tell of what was; plans and decisions tell of what will be.
_REPORTS = ("BC", "TB", None)
_YEARS_BACK = 130
_YEARS_AHEAD = 40
_MOST_REPEATS = 6


class PercentOver100(Check):
    """A share cannot pass 100 %, unless it is a growth, or measured against a plan or another year."""

    rule = "percent_over_100"
    example = "4,92 % that was read as 492 %"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a failure where a lost separator may explain it, and else a note."""
        compared = {row.percent.figure_id for rows in compared_rows(report) for row in rows}
        for figure in report.document.figures:
            if figure.kind != "percent" or figure.value <= 100 or figure.figure_id in compared:
                continue
            if _MAY_PASS_100.search(bare(f"{figure.sentence} {figure.subject or ''}")):
                continue
            value = plain_number(figure.value)
            message = f"{value} % is over 100 and no growth or comparison is told"
            separated = [figure.value.scaleb(-places) for places in (1, 2)]
            meant = [plain_number(share) for share in separated if share <= 100]
            if meant and figure.value % 10 and figure.value == figure.value.to_integral_value():
                hint = f"{value} may be a misread {' or '.join(meant)} (lost separator)"
                yield failure(self.rule, [figure], message, [hint])
            else:
                yield finding(self.rule, [figure], "note", f"{message}.")


class PeriodOutOfRange(Check):
    """A period ends after it begins, and a result is not from long before or after its report."""

    rule = "period"
    example = "a result of 2081 in a report of 2018"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each period that cannot be, and a note for results from the future."""
        issued = report.document.letterhead.issued_on
        periods: dict[tuple[date | None, date | None], list[Figure]] = defaultdict(list)
        for figure in report.document.figures:
            periods[figure.period_from, figure.period_to].append(figure)
        for (begin, end), figures in periods.items():
            if begin and end and begin > end:
                yield failure(
                    self.rule, figures, f"The period {begin} to {end} ends before it begins", ()
                )
            elif begin and issued and not _within(begin, issued):
                message = f"The period from {begin} is far from the report's date {issued}"
                yield failure(self.rule, figures, message, ())
            elif begin and issued and begin > issued + timedelta(days=31):
                results = [
                    f for f in figures if not (f.is_target or _AHEAD.search(bare(f.sentence)))
                ]
                if results and report.document.letterhead.doc_type in _REPORTS:
                    message = f"The period from {begin} lies after the report's date {issued}."
                    yield finding(self.rule, results, "note", message)


def _within(begin: date, issued: date) -> bool:
    return -_YEARS_BACK <= begin.year - issued.year <= _YEARS_AHEAD


class ToldTwice(Check):
    """The same figure in two sections: the one vouches for the other, or a misread digit parts them."""

    rule = "told_twice"
    strength = 0.4
    example = "262 xã in B.II.1 and again in B.II.3; 7818 hồ sơ in II.2, 7313 hồ sơ in the appendix"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each value of three digits or more that several sections tell."""
        told: dict[object, list[Figure]] = defaultdict(list)
        meant: dict[object, list[Figure]] = defaultdict(list)
        for figure in report.document.figures:
            if _is_telling(figure):
                told[figure.value, figure.denominator, figure.kind, unit_key(figure)].append(figure)
            if figure.indicator and not figure.is_target and figure.kind in ADDITIVE:
                meant[_what_it_states(figure)].append(figure)
        for figures in told.values():
            if _in_several_sections(figures):
                message = f"{_shown(figures[0])} is told in sections {_paths(figures)}."
                yield finding(self.rule, figures, "holds", message)
        for figures in meant.values():
            if _in_several_sections(figures):
                yield from self._parted(figures)

    def _parted(self, figures: Sequence[Figure]) -> Iterator[Finding]:
        """Yield a failure for two values of one indicator that one misread digit would part."""
        for one, other in combinations(figures, 2):
            if one.section_path == other.section_path or min(one.value, other.value) < 1000:
                continue
            explained = proposals((one, other), lambda values: values[0] == values[1])
            if explained and one.value != other.value:
                message = (
                    f"{_shown(one)} and {_shown(other)} are told in sections {_paths((one, other))}"
                )
                yield failure(self.rule, (one, other), message, explained)


def _what_it_states(figure: Figure) -> tuple[object, ...]:
    """Return what two figures of one value would have in common."""
    return (
        figure.indicator, figure.kind, unit_key(figure), figure.place_code, figure.level,
        figure.period_from, figure.period_to, figure.quoted_from,
    )  # fmt: skip


def _in_several_sections(figures: Sequence[Figure]) -> bool:
    return len(figures) <= _MOST_REPEATS and len({f.section_path for f in figures}) > 1


def _paths(figures: Sequence[Figure]) -> str:
    return ", ".join(dict.fromkeys(f.section_path or "-" for f in figures))


def _shown(figure: Figure) -> str:
    of = f"/{plain_number(figure.denominator)}" if figure.denominator is not None else ""
    return f"{plain_number(figure.value)}{of}{f' {figure.unit}' if figure.unit else ''}"


def _is_telling(figure: Figure) -> bool:
    """Say whether a figure is long enough that telling it twice is no accident."""
    return significant_digits(figure.value) >= 3 and bool(figure.unit)


class NumberingGap(Check):
    """Sections are numbered through; a gap means that a heading was lost or misread."""

    rule = "numbering_gap"
    example = "III follows I"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a note for each number that is missing between two sections of one level."""
        last: dict[tuple[str | None, str], tuple[int, Section]] = {}
        for section in report.document.sections:
            numbered = _number(section)
            if numbered is None:
                continue
            style, number = numbered
            key = (section.parent_id, style)
            if key in last and number > last[key][0] + 1:
                before = last[key][1]
                message = (
                    f"Section {section.path} follows {before.path}: a number between is missing."
                )
                yield finding(self.rule, [], "note", message)
            last[key] = (number, section)


def _number(section: Section) -> tuple[str, int] | None:
    """Return the style and the number that a section's path ends with; None for letters and articles."""
    if section.kind not in ("part", "section") or not section.label or not section.path:
        return None
    last = section.path.rsplit(".", 1)[-1]
    if last in _ROMAN:
        return "roman", _ROMAN[last]
    return ("arabic", int(last)) if last.isdigit() and len(last) < 4 else None


class PageFailed(Check):
    """A page that could not be read: what it states is missing."""

    rule = "page_failed"
    example = "page 3 could not be read: OCR took more than 120 seconds"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a failure for each such page."""
        for page in report.document.pages:
            if page.error:
                message = f"Page {page.number} could not be read: {page.error.rstrip('.')}."
                yield finding(self.rule, [], "fails", message)
