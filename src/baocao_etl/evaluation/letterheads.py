"""Score letterheads against a gold table, field by field.

A blank cell of the table is a field that nobody can read: it is not scored. `-` means that the page
shows nothing there, and that anything found is wrong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from baocao_etl.errors import UsageError
from baocao_etl.evaluation.gold import REQUIRED, read_rows
from baocao_etl.evaluation.scores import Score, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FIELDS = ("doc_type", "number", "symbol", "issuer", "issued_on", "subject")
MORE_FIELDS = ("issued_place", "signer", "signer_title")  # scored where the gold table has them
NOTHING = "-"
# Letters in a hundred that must be right: what OCR does to the others is not the letterhead's fault.
SUBJECTS_ALIKE = 95


class Expected(NamedTuple):
    """The fields of one document, None where they are not scored; `by_hand`: written with a pen."""

    source: str
    part: int
    fields: dict[str, str | None]
    by_hand: frozenset[str] = frozenset()


class Outcome(NamedTuple):
    """One field: what is wanted, what was found, and whether that is right."""

    source: str
    part: int
    field: str
    wanted: str
    found: str
    right: bool
    by_hand: bool


def read_letterheads(path: Path) -> list[Expected]:
    """Read a gold table: TSV with columns number and symbol, and with any other field, source and part.

    `by_hand` names fields that are filled in with a pen, spaces between them.

    Raises:
        UsageError: a column is missing, or a part is no number.
    """
    return [expected(row, path, line) for line, row in read_rows(path, REQUIRED["letterheads"])]


def expected(row: Mapping[str, str], path: Path, line: int) -> Expected:
    """Return a row of a gold table; `path` and `line` say where it stands."""
    part = row.get("part") or "1"
    if not part.isdecimal():
        raise UsageError(
            f"{path}, line {line}: part {part!r} is no number.",
            "Documents of one file are counted from 1.",
        )
    return Expected(
        row.get("source", ""),
        int(part),
        {field: row[field] or None for field in (*FIELDS, *MORE_FIELDS) if field in row},
        frozenset(row.get("by_hand", "").split()),
    )


def compare(wanted: Expected, head: object) -> list[Outcome]:
    """Compare the fields that are scored with those of `head`: a letterhead, or a row of `documents`.

    None for `head` is a document that was not found: all its fields are wrong but for those that
    must be empty.
    """
    outcomes = []
    for field, text in wanted.fields.items():
        if text is not None:
            value = getattr(head, field, None)
            found = NOTHING if value is None else str(value)
            right = is_right(field, found, text)
            by_hand = field in wanted.by_hand
            outcomes.append(Outcome(wanted.source, wanted.part, field, text, found, right, by_hand))
    return outcomes


def is_right(field: str, found: str, wanted: str) -> bool:
    """Say whether a field is right; case, spaces, punctuation and where tone marks stand do not count."""
    a, b = (re.sub(r"[^\w/]+", " ", fold(text)).strip() for text in (found, wanted))
    return a == b or (field == "subject" and fuzz.ratio(a, b) >= SUBJECTS_ALIKE)


def score_fields(outcomes: Iterable[Outcome]) -> dict[str, Score]:
    """Return the scores by field, and of `all`."""
    listed = list(outcomes)
    names = [field for field in (*FIELDS, *MORE_FIELDS) if any(o.field == field for o in listed)]
    groups = {name: [o for o in listed if o.field == name] for name in names} | {"all": listed}
    return {
        name: Score(len(group), len(group), sum(o.right for o in group))
        for name, group in groups.items()
    }
