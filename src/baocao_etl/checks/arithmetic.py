"""What the checks share: exact arithmetic on figures, and the misreadings that would explain a failure.

OCR mistakes one digit for another of a like shape (a confusion model, as in Tong & Evans 1996, "A
statistical approach to automatic OCR error correction in context"), or loses the mark that separates
decimals. A sum that fails points at such a digit if putting its look-alike there makes it hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from baocao_etl.checks.passages import plain_number
from baocao_etl.models import Figure, Finding, Verdict
from baocao_etl.repair.orthography import bare

_ALIKE = ("38", "17", "06", "08", "68", "56", "35", "58", "49", "27", "14", "09", "89")
_MOST_PROPOSALS = 3
_LOOK_ALIKES = {
    digit: "".join(pair.replace(digit, "") for pair in _ALIKE if digit in pair)
    for digit in "0123456789"
}
ADDITIVE = ("count", "money", "quantity")


class Reading(NamedTuple):
    """A value that a figure may have had in print, and the slip that turned it into the stated one."""

    value: Decimal
    slip: str


def readings(value: Decimal) -> Iterator[Reading]:
    """Yield the values that one misread digit or one lost separator could have turned into `value`."""
    digits, exponent = _digits(value)
    for i, digit in enumerate(digits):
        for other in _LOOK_ALIKES[digit]:
            if i == 0 and other == "0" and len(digits) > 1:
                continue
            meant = Decimal(digits[:i] + other + digits[i + 1 :]).scaleb(exponent)
            yield Reading(meant, f"{digit} for {other}")
    if exponent == 0 and len(digits) > 1:
        for places in range(1, min(4, len(digits))):
            yield Reading(value.scaleb(-places), "lost separator")
    if exponent == -3:
        yield Reading(value.scaleb(3), "separator read as a decimal mark")


def _digits(value: Decimal) -> tuple[str, int]:
    """Return the digits of `value` that were likely printed, and the power of ten behind them."""
    whole = value == value.to_integral_value()
    if whole and abs(value) < 10**7:
        return str(int(value)), 0
    normal = value.normalize()
    exponent = int(normal.as_tuple().exponent)
    return str(int(normal.scaleb(-exponent))), exponent


def proposals(
    figures: Sequence[Figure], holds: Callable[[Sequence[Decimal]], bool]
) -> tuple[str, ...]:
    """Say which single misreading would make `holds` true of the figures' values.

    Returns nothing where there are more explanations than a person would want to weigh.
    """
    values = [figure.value for figure in figures]
    found = [
        f"{plain_number(values[i])} may be a misread {plain_number(meant.value)} ({meant.slip})"
        for i in range(len(values))
        for meant in readings(values[i])
        if holds([*values[:i], meant.value, *values[i + 1 :]])
    ]
    found = list(dict.fromkeys(found))
    return tuple(found) if len(found) <= _MOST_PROPOSALS else ()


def finding(rule: str, figures: Sequence[Figure], verdict: Verdict, message: str) -> Finding:
    """Return a finding on `figures` (each named once)."""
    ids = tuple(dict.fromkeys(figure.figure_id for figure in figures))
    return Finding(rule=rule, figure_ids=ids, verdict=verdict, message=message)


def failure(
    rule: str,
    figures: Sequence[Figure],
    message: str,
    explained: Sequence[str],
) -> Finding:
    """Return a finding that fails, with the values that a misreading would explain."""
    tail = f"; {' or '.join(explained)}" if explained else ""
    return finding(rule, figures, "fails", f"{message}{tail}.")


def sum_failure(
    rule: str, parts: Sequence[Figure], total: Figure, explained: Sequence[str]
) -> Finding:
    """Return a finding on a sum that does not hold: a note where rounding alone would explain it."""
    message, figures = wrong_sum(parts, total), [*parts, total]
    if _may_be_rounded(parts, total):
        return finding(rule, figures, "note", f"{message}; the parts may be rounded.")
    return failure(rule, figures, message, explained)


def wrong_sum(parts: Sequence[Figure], total: Figure) -> str:
    """Write `610 + 1385 = 1995, not 1996 DVC`."""
    added = sum((part.value for part in parts), Decimal(0))
    terms = " + ".join(plain_number(part.value) for part in parts)
    return f"{terms} = {plain_number(added)}, not {amount(total)}"


def _may_be_rounded(parts: Sequence[Figure], total: Figure) -> bool:
    """Say whether a sum of long amounts is off by one in the last place that they are told with.

    Amounts are rounded that have decimals, or are told in thousands and more; counts are not.
    """
    values = [*(part.value for part in parts), total.value]
    place = min(int(value.normalize().as_tuple().exponent) for value in values if value)
    step = Decimal(1).scaleb(place)
    rounded = total.kind in ("money", "quantity") and not 0 <= place < 3
    return rounded and total.value >= 1000 * step and abs(sum(values[:-1]) - values[-1]) == step


def equation(parts: Sequence[Figure], total: Figure, sign: str = "+") -> str:
    """Write `610 + 1385 = 1995 DVC`."""
    return f"{f' {sign} '.join(plain_number(p.value) for p in parts)} = {amount(total)}"


def amount(figure: Figure) -> str:
    """Write a figure's value with its unit: `1995 dịch vụ công`."""
    unit = f" {figure.unit}" if figure.unit else ""
    return f"{plain_number(figure.value)}{unit}"


def unit_key(figure: Figure) -> str:
    """Return the unit in the form in which units are compared."""
    return bare(figure.unit or "")


def same_unit(one: Figure, other: Figure) -> bool:
    """Say whether two figures count the same thing, as far as their units tell."""
    if one.kind != other.kind:
        return False
    a, b = unit_key(one), unit_key(other)
    return a == b or bool(a and b and (a.startswith(b + " ") or b.startswith(a + " ")))


def significant_digits(value: Decimal) -> int:
    """Return how many digits `value` has without the zeros at its ends."""
    return len(value.normalize().as_tuple().digits)


def decimals(value: Decimal) -> int:
    """Return how many decimals `value` is given with."""
    return max(0, -int(value.normalize().as_tuple().exponent))


def share(part: Decimal, whole: Decimal, places: int) -> Decimal:
    """Return 100 part / whole, rounded to `places` decimals."""
    return (100 * part / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def is_share(percent: Decimal, part: Decimal, whole: Decimal) -> bool:
    """Say whether `percent` is part/whole, rounded or cut at the decimals that it is given with."""
    if whole <= 0:
        return False
    exact = 100 * part / whole
    step = Decimal(1).scaleb(-decimals(percent))
    return percent - step / 2 <= exact < percent + step
