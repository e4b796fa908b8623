"""How values of the warehouse are written for other programs: as JSON, and as cells of CSV.

Text from a document can never become a formula there: CSV marks it as text with an apostrophe, as
OWASP advises against "CSV injection".
"""

from __future__ import annotations

import csv
import json
import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# At the start, and where a spreadsheet that separates fields otherwise would begin a cell; the last
# four are wide = + - @.
_FORMULA = re.compile(r"\A(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])|(?<=[;\t])(?=[=+\-@])")


def write_csv(stream: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table as CSV (RFC 4180) to a text stream; headings, too, may be text of a document."""
    writer = csv.writer(stream)
    writer.writerow([plain(column) for column in columns])
    writer.writerows([plain(cell) for cell in row] for row in rows)


def plain(cell: object) -> object:
    """Return a cell for CSV: as it is `written`, no text a formula."""
    return _FORMULA.sub("'", cell) if isinstance(cell, str) else written(cell)


def written(cell: object) -> object:
    """Return a cell as people write it: decimals without idle zeros, lists as JSON."""
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    if isinstance(cell, list | tuple | dict):
        return as_json(cell)
    return cell


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would take `text` for a formula, were it typed into a cell."""
    return _FORMULA.match(text) is not None


def as_json(value: object) -> str:
    """Return `value` as a line of JSON: decimals as numbers, NaN and infinities as null."""
    return json.dumps(_finite(value), ensure_ascii=False, default=_json)


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    return value


def _json(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
