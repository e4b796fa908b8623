"""What a repair changed, told line by line."""

from __future__ import annotations

import difflib
import io
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from baocao_etl.models import Correction

_UNENDED = "\n\\ No newline at end of file\n"


class Change(NamedTuple):
    """A correction and the number (from 1) of the line that it begins on."""

    line: int
    correction: Correction


def changes(raw: str, corrections: Iterable[Correction]) -> list[Change]:
    """Return the corrections of the text `raw`, as `repair_text` gives them, in its order."""
    starts = [0, *accumulate(map(len, _lines(raw)))]
    ordered = sorted(corrections, key=lambda correction: correction.offset)
    return [Change(bisect_right(starts, found.offset), found) for found in ordered]


def unified_diff(raw: str, repaired: str, name: str) -> Iterator[str]:
    """Yield the lines of a unified diff that `patch` understands; nothing if nothing changed."""
    for line in difflib.unified_diff(
        _lines(raw), _lines(repaired), name, name, fromfiledate="raw", tofiledate="repaired"
    ):
        yield line if line.endswith("\n") else line + _UNENDED


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; a form feed begins no line, as it begins none in `Word`."""
    return io.StringIO(text, newline="\n").readlines()
