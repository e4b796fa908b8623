"""The tables of `dictionaries/`, with a user's own folder laid over them.

A table is a UTF-8 TSV file: lines that begin with `#` are comments (they say where the facts come from
and under which licence), the first other line names the columns. The user's rows come after the
bundled ones, so that a later row may replace an earlier one where a reader keys them.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from baocao_etl.errors import MissingError

_HERE = Path(__file__).resolve().parent


def _bundled(name: str) -> Path:
    """Return the folder `name` of an installed package or, failing that, of the checkout."""
    installed = _HERE / "data" / name
    return installed if installed.is_dir() else _HERE.parents[1] / name


BUNDLED = _bundled("dictionaries")
SCHEMAS = _bundled("schemas")


class Dictionaries(NamedTuple):
    """The folders that tables are looked up in: the bundled one, then the user's own.

    It is a small immutable value, so it can be passed to worker processes and be a cache key.
    """

    roots: tuple[Path, ...] = (BUNDLED,)

    @classmethod
    def with_overlay(cls, folder: Path | None) -> Dictionaries:
        """Return the bundled tables with `folder` (if any) laid over them."""
        if folder is None:
            return cls()
        if not folder.is_dir():
            raise MissingError(
                f"The dictionaries folder {folder} does not exist.",
                "Create it, or leave --dictionaries out.",
            )
        return cls((BUNDLED, folder.resolve()))

    def files(self, name: str) -> list[Path]:
        """Return every file called `name` in the folders, the bundled one first."""
        return [path for root in self.roots if (path := root / name).is_file()]

    def file(self, name: str) -> Path:
        """Return the last (the user's, if there is one) of the files called `name`.

        Raises:
            MissingError: no folder has it.
        """
        files = self.files(name)
        if not files:
            raise MissingError(
                f"The dictionary {name} is missing from {self.roots[0]}.",
                "Reinstall the package, or run `make dictionaries` in a checkout.",
            )
        return files[-1]

    def rows(self, table: str) -> tuple[dict[str, str], ...]:
        """Return the rows of `TABLE.tsv` from all folders, each as column name -> cell."""
        return _rows(self, table)


@cache
def _rows(dictionaries: Dictionaries, table: str) -> tuple[dict[str, str], ...]:
    dictionaries.file(f"{table}.tsv")  # says so if there is none
    found: list[dict[str, str]] = []
    for path in dictionaries.files(f"{table}.tsv"):
        with path.open(encoding="utf-8", newline="") as stream:
            lines = (line for line in stream if line.strip() and not line.startswith("#"))
            found += [
                {column: (cell or "").strip() for column, cell in row.items() if column}
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            ]
    return tuple(found)
