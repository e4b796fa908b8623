"""The arithmetic and consistency rules that figures must pass.

Arithmetic is an error-detecting code for digits: a report says 610 + 1385 = 1995, 3110 of 3338 is 93 %,
"4.652.000.000đ (Bốn tỷ sáu trăm năm hai triệu đồng)". What holds raises the confidence of its figures,
what fails lowers it and is told. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable

from baocao_etl.checks.base import Check
from baocao_etl.checks.changes import (
    Complement,
    Difference,
    Product,
    RankChange,
    RelativeChange,
    Remainder,
)
from baocao_etl.checks.confidence import weigh
from baocao_etl.checks.passages import Report
from baocao_etl.checks.plausibility import (
    NumberingGap,
    PageFailed,
    PercentOver100,
    PeriodOutOfRange,
    ToldTwice,
)
from baocao_etl.checks.row_shares import RowShare
from baocao_etl.checks.shares import FullRatio, PercentOfParts, RatioPercent
from baocao_etl.checks.sums import ListedParts, SumOfParts
from baocao_etl.checks.tables import ColumnTotal, RowChange, RowTotal, SubRows
from baocao_etl.checks.words import DigitsAndWords
from baocao_etl.models import Document, Finding

__all__ = ["CHECKS", "Check", "check", "table_of_checks"]

CHECKS: tuple[Check, ...] = (
    SumOfParts(),
    ListedParts(),
    ColumnTotal(),
    RowTotal(),
    SubRows(),
    RowChange(),
    RowShare(),
    PercentOfParts(),
    RatioPercent(),
    FullRatio(),
    Difference(),
    RelativeChange(),
    RankChange(),
    Remainder(),
    Complement(),
    Product(),
    DigitsAndWords(),
    PercentOver100(),
    PeriodOutOfRange(),
    ToldTwice(),
    NumberingGap(),
    PageFailed(),
)
"""The rules, in the order in which their findings are told."""


def check(document: Document) -> Document:
    """Return `document` with what the checks found, and its figures' confidences weighed by it."""
    report = Report(document)
    findings = _distinct(found for rule in CHECKS for found in rule.run(report))
    strengths = {rule.rule: rule.strength for rule in CHECKS}
    figures = weigh(document.figures, findings, strengths)
    return document.model_copy(update={"findings": findings, "figures": figures})


def _distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the first of several findings by one rule, on the same figures, with one verdict."""
    kept: dict[tuple[object, ...], Finding] = {}
    for found in findings:
        about = frozenset(found.figure_ids) or found.message
        kept.setdefault((found.rule, found.verdict, about), found)
    return tuple(kept.values())


def table_of_checks() -> str:
    """Return the table of the rules, in Markdown: name, what it says, an example."""
    rows = [
        "| rule | what it says | example |",
        "|---|---|---|",
        *(f"| `{c.rule}` | {(c.__doc__ or '').strip()} | {c.example} |" for c in CHECKS),
    ]
    return "\n".join(rows) + "\n"
