"""What the letterheads say, as persons read them, and how that is compared."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz

from baocao_etl.evaluation import fold
from baocao_etl.models import Document, Letterhead

ROOT = Path(__file__).resolve().parents[2]
FIELDS = ("doc_type", "number", "symbol", "issuer", "issued_on", "subject")
SUBJECT_ALIKE = (
    95  # letters in a hundred: what OCR does to the others is not the letterhead's fault
)


class Expected(NamedTuple):
    """One document's fields; None: not scored, "-": must not be found. `by_hand`: written with a pen."""

    source: str
    part: int
    fields: dict[str, str | None]
    by_hand: frozenset[str]


def shared_letterheads() -> list[Expected]:
    """Return those of the shared test material."""
    return [_row(row, row["by_hand"]) for row in _rows(Path(__file__).with_name("letterheads.tsv"))]


def sample_letterheads() -> list[Expected]:
    """Return those of the samples; a blank field there means that nothing is printed."""
    found: list[Expected] = []
    for path in sorted((ROOT / "samples/expected").glob("*.letterhead.tsv")):
        report = (ROOT / "samples/reports" / path.name.split(".")[0]).with_suffix(".toml")
        by_hand = set(_values(tomllib.loads(report.read_text(encoding="utf-8")), "by_hand"))
        named = " ".join("issued_on" if field == "day" else field for field in by_hand)
        found += [_row({k: v or "-" for k, v in row.items()}, named) for row in _rows(path)]
    return found


def _values(node: object, key: str) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node.get(key, ())
        for below in node.values():
            yield from _values(below, key)


def _rows(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8").splitlines()
    lines = [line for line in text if line and not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _row(row: dict[str, str], by_hand: str) -> Expected:
    fields = {name: row[name] or None for name in FIELDS}
    return Expected(row["source"], int(row["part"]), fields, frozenset(by_hand.split()))


def found_in(head: Letterhead, field: str) -> str:
    """Return a field as the tables write it."""
    value = getattr(head, field)
    return "-" if value is None else str(value)


def is_right(field: str, found: str, wanted: str) -> bool:
    """Say whether a field is right; case, spaces, punctuation and where tone marks stand do not count."""
    a, b = (re.sub(r"[^\w/]+", " ", fold(text)).strip() for text in (found, wanted))
    return a == b or (field == "subject" and fuzz.ratio(a, b) >= SUBJECT_ALIKE)


def scored(expected: Expected, documents: tuple[Document, ...]) -> Iterator[tuple[str, str, str]]:
    """Yield field, what is wanted and what was found, for every field that counts."""
    heads = [d.letterhead for d in documents if d.part == expected.part] or [Letterhead()]
    for field, wanted in expected.fields.items():
        if wanted is not None:
            yield field, wanted, found_in(heads[0], field)
