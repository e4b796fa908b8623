"""The inline mark of a figure: `{3.338 hồ sơ}`, `{12 DVC|u:dịch vụ công}`, `{33|rank}`.

A mark holds the figure as it is printed. Value, kind and unit follow from what stands in it: a number
and, after it, the unit. Where they do not, options behind bars say so: a kind, `u:UNIT`, `=VALUE`. The
few rules are written for this purpose alone and know nothing of the extractor that is measured.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

KINDS = ("count", "percent", "ratio", "money", "quantity", "score", "rank", "change")
MARK = re.compile(r"\{([^{}]+)\}")
MULTIPLIERS = {
    "nghìn": Decimal(1000),
    "ngàn": Decimal(1000),
    "triệu": Decimal(10**6),
    "tỷ": Decimal(10**9),
    "nghìn tỷ": Decimal(10**12),
}
# A unit that begins with one of these measures; any other counts.
_MEASURES = {
    *("mm", "cm", "m", "mét", "km", "m2", "km2", "m2/người", "m3", "m3/s", "ha", "lít", "độ", "°C"),
    *("kg", "tạ", "tấn", "tạ/ha", "tấn/ha", "tấn/ngày", "kW", "MW", "kWh", "kV", "kVA"),
    *("phút", "giờ", "ngày", "ngày công", "tháng", "năm", "tuổi"),
    *("MB", "GB", "TB", "Mbps", "Gbps"),
}
_MONEY = re.compile(r"(đồng|đ|USD)(?:/.+)?")
_NUMBER = r"\d+(?:[.,]\d+)*"
_SHAPE = re.compile(
    rf"(?P<number>{_NUMBER})"
    rf"(?:\s?/\s?(?P<of>{_NUMBER}))?"
    r"\s?(?P<rest>.*)"
)


class Mark(NamedTuple):
    """A marked figure. `value` is as gold tables write it: plain digits, ratios as a/b."""

    text: str
    value: str
    kind: str
    unit: str


class MarkError(ValueError):
    """A mark, a row or a head line of a report file that says nothing."""


def parse(body: str, kind: str = "", unit: str | None = None) -> Mark:
    """Return what the inside of a mark says; `kind` and `unit` are those of its column, if any."""
    text, *options = body.split("|")
    value = ""
    for option in options:
        if option in KINDS:
            kind = option
        elif option.startswith("u:"):
            unit = option.removeprefix("u:")
        elif option.startswith("="):
            value = option.removeprefix("=")
        else:
            raise MarkError(f"{{{body}}}: unknown option {option!r}")
    shape = _SHAPE.fullmatch(text)
    if not shape:
        raise MarkError(f"{{{body}}}: a mark begins with a number")
    multiplier, rest = _multiplier(shape["rest"])
    found, standard = _reading(shape, rest)
    kind = kind or found
    if unit is None:
        unit = standard if kind == found or kind in ("percent", "money") else rest
        unit = {"percent": "%", "rank": ""}.get(kind, unit)
    if not value:
        value = plain(number(shape["number"]) * multiplier)
        if kind == "ratio":
            value += "/" + plain(number(shape["of"]))
    return Mark(text, value, kind, unit)


def number(text: str) -> Decimal:
    """Return the value of digits in Vietnamese notation: `.` groups by threes, `,` is the decimal mark."""
    if re.fullmatch(r"\d+(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?", text):
        return Decimal(text.replace(".", "").replace(",", "."))
    raise MarkError(f"{text}: say its value, as in {{{text}|=1234}}")


def plain(value: Decimal) -> str:
    """Return `value` without exponent and trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _multiplier(rest: str) -> tuple[Decimal, str]:
    for word in sorted(MULTIPLIERS, key=len, reverse=True):
        if rest == word or rest.startswith(word + " "):
            return MULTIPLIERS[word], rest.removeprefix(word).strip()
    return Decimal(1), rest


def _reading(shape: re.Match[str], rest: str) -> tuple[str, str]:
    """Return the kind and the unit that `rest`, what stands after the number, points to."""
    money = _MONEY.fullmatch(rest)
    if shape["of"]:
        return "ratio", rest
    if rest.startswith("%"):
        return "percent", "%"
    if money:
        return "money", "USD" if money[1] == "USD" else "VND"
    if rest == "điểm":
        return "score", rest
    if rest in _MEASURES:
        return "quantity", rest.replace("m²", "m2").replace("m³", "m3")
    return "count", rest
