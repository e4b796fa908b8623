"""Amounts told twice: in digits, and in brackets in words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from baocao_etl.checks.arithmetic import failure, finding, proposals
from baocao_etl.checks.base import Check
from baocao_etl.checks.passages import Report, plain_number
from baocao_etl.models import Finding
from baocao_etl.repair.number_words import number_readings

_BRACKETS = re.compile(r"^[\s,;:\w]{0,12}[(\[{]\s*([^()\[\]{}]{6,200})[)\]}]")
_INSIDE = re.compile(r"\(([^()]{2,80})\)")  # between the digits and their unit: "03 (ba) bộ hồ sơ"
_IN_WORDS = re.compile(r"^[\s,;:.(]*((?:viết\s+)?bằng\s+chữ\s*:?\s*[^().;]{6,200})", re.IGNORECASE)


class DigitsAndWords(Check):
    """An amount in digits equals the one in words behind it."""

    rule = "digits_and_words"
    strength = 0.95
    example = "4.652.000.000đ (Bốn tỷ sáu trăm năm hai triệu đồng)"

    def run(self, report: Report) -> Iterable[Finding]:
        """Yield a finding for each figure with a number in words in the brackets behind it."""
        for passage in report.passages:
            for i, amount in enumerate(passage.stated):
                if amount.kind not in ("money", "count", "quantity"):
                    continue
                following = passage.stated[i + 1] if i + 1 < len(passage.stated) else None
                end = following.start if following else len(passage.text)
                behind = passage.text[amount.end : min(end, amount.end + 220)]
                inside = _INSIDE.search(amount.figure.text)
                m = inside or _BRACKETS.match(behind) or _IN_WORDS.match(behind)
                values = number_readings(m[1]) if m else ()
                if not m or not values:
                    continue
                digits = plain_number(amount.value)
                if amount.value in values:
                    message = f"{digits} is what the words say ({m[1].strip()})."
                    yield finding(self.rule, [amount.figure], "holds", message)
                else:
                    meant = values[0]
                    message = f"{digits} is not what the words say: {m[1].strip()} = {meant}"
                    explained = proposals([amount.figure], lambda v, w=meant: v[0] == w)  # type: ignore[misc]
                    yield failure(self.rule, [amount.figure], message, explained)
