"""What a check is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from baocao_etl.checks.passages import Report
from baocao_etl.models import Finding


class Check(ABC):
    """One rule. Its docstring is its row in the table of checks (docs/checks.md).

    `rule` names its findings. `strength` is how much a finding that holds says about its figures: the
    share of the doubt about a figure that it takes away (0 for rules that prove nothing).
    """

    rule: ClassVar[str]
    strength: ClassVar[float] = 0.0
    example: ClassVar[str] = ""

    @abstractmethod
    def run(self, report: Report) -> Iterable[Finding]:
        """Yield what the rule finds in `report`."""
