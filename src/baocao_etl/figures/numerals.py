"""Vietnamese numbers in digits: "." groups thousands and "," is the decimal mark, or the reverse."""

from __future__ import annotations

import re
from decimal import Decimal

NUMBER = re.compile(
    r"\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?|\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?"
)
_VIETNAMESE = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
# The budget of a country has 16 digits in đồng; what is longer is a row of cells run together.
_BEYOND = Decimal(10) ** 20
_ENGLISH_LONG = re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+")


def is_beyond(value: Decimal | None) -> bool:
    """Return whether `value` is larger than any number that a report can mean."""
    return value is not None and value >= _BEYOND


def parse_number(text: str) -> Decimal:
    """Return the value of a number as Vietnamese documents write it.

    1.995 is 1995 and 4,92 is 4.92; 0.01 and 12.5 have a decimal point, since no group has one or two
    digits; 1,995 is read as a decimal only if it cannot be a group of thousands (0,995).

    Raises:
        ValueError: `text` is not such a number.
    """
    text = text.strip()
    if not NUMBER.fullmatch(text):
        raise ValueError(f"not a number: {text!r}")
    if _VIETNAMESE.fullmatch(text) and not text.startswith("0"):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _ENGLISH_LONG.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(",", "."))
