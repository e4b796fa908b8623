"""What the letterheads of the samples and of the shared test material say, as persons read them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from baocao_etl.evaluation import Expected, Outcome, compare, read_letterheads
from baocao_etl.evaluation.letterheads import FIELDS, NOTHING
from baocao_etl.models import Document

ROOT = Path(__file__).resolve().parents[2]


def shared_letterheads() -> list[Expected]:
    """Return those of the shared test material."""
    return read_letterheads(Path(__file__).with_name("letterheads.tsv"))


def sample_letterheads() -> list[Expected]:
    """Return those of the samples; a blank field there means that nothing is printed."""
    found: list[Expected] = []
    for path in sorted((ROOT / "samples/expected").glob("*.letterhead.tsv")):
        report = (ROOT / "samples/reports" / path.name.split(".")[0]).with_suffix(".toml")
        by_hand = set(_values(tomllib.loads(report.read_text(encoding="utf-8")), "by_hand"))
        named = frozenset("issued_on" if field == "day" else field for field in by_hand)
        for one in read_letterheads(path):
            printed: dict[str, str | None] = {
                field: one.fields[field] or NOTHING for field in FIELDS
            }
            found.append(one._replace(fields=printed, by_hand=named))
    return found


def _values(node: object, key: str) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node.get(key, ())
        for below in node.values():
            yield from _values(below, key)


def scored(expected: Expected, documents: tuple[Document, ...]) -> list[Outcome]:
    """Compare the fields with those of the document that is meant."""
    heads = [d.letterhead for d in documents if d.part == expected.part]
    return compare(expected, heads[0] if heads else None)
