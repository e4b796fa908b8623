"""Collect what reports speak of from the other tables into `report_phrases.tsv`, for the n-gram model.

    python -m baocao_etl.repair.build.phrases DICTIONARIES

A table of its own, so that an edit to an indicator does not ask for all corpora to be counted anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from baocao_etl.dictionaries import Dictionaries

TABLES = {
    "indicators": ("name_vi", "unit", "signals"), "units": ("phrase",), "phrases": ("phrase",),
    "contexts": ("phrase",), "organisations": ("name",), "abbreviations": ("expansion",),
}  # fmt: skip
"""The tables that name what reports speak of, and their columns with Vietnamese phrases."""

_HEADER = """\
# Phrases of administrative reports that the n-gram model counts besides the corpora, which are mostly law
# and press. Collected from {tables} by `make phrases`.
phrase
"""
_BETWEEN = re.compile(r"[|&]")
_WORDS = re.compile(r"[^\W\d_]{2,}.*[^\W\d_]{2,}")


def collected(dictionaries: Dictionaries) -> Iterator[str]:
    """Yield the phrases (two words or more) of the tables, each once, sorted."""
    found = {
        part.strip().lower()
        for table, columns in TABLES.items()
        for row in dictionaries.rows(table)
        for column in columns
        for part in _BETWEEN.split(row.get(column) or "")
    }
    return iter(sorted(phrase for phrase in found if _WORDS.search(phrase) and " " in phrase))


def build(target: Path) -> None:
    """Write `report_phrases.tsv` into the dictionaries `target`."""
    tables = ", ".join(f"{table}.tsv" for table in TABLES)
    rows = "".join(f"{phrase}\n" for phrase in collected(Dictionaries((target,))))
    path = target / "report_phrases.tsv"
    path.write_text(_HEADER.format(tables=tables) + rows, encoding="utf-8")


def main() -> None:
    """Collect from the command line."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    build(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
