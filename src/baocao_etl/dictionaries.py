"""The tables of `dictionaries/`, with a user's own folder laid over them.

A table is a UTF-8 TSV file: lines that begin with `#` are comments (they say where the facts come from
and under which licence), the first other line names the columns. The user's rows come after the
bundled ones, so that a later row may replace an earlier one where a reader keys them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.errors import MissingError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        """Return the rows of `TABLE.tsv` from all folders, each as column name -> cell.

        Raises:
            MissingError: no folder has the table.
            UsageError: the user's table is not made like the bundled one; the message names the line.
        """
        return _rows(self, table)

    def own_rows(self, table: str) -> tuple[dict[str, str], ...]:
        """Return the rows of the user's `TABLE.tsv` alone; none where there is no such file."""
        if not any((root / f"{table}.tsv").is_file() for root in self.roots[1:]):
            return ()
        bundled = 0 if table in _OWN_TABLES else len(_rows(Dictionaries(self.roots[:1]), table))
        return _rows(self, table)[bundled:]


Row = dict[str, str]
# Tables that only users have, and the columns that they must have.
_OWN_TABLES = {"words": frozenset({"word"})}
_CLOSED = frozenset({"kind", "role", "level", "scope"})  # columns whose words the code knows


@cache
def _rows(dictionaries: Dictionaries, table: str) -> tuple[Row, ...]:
    dictionaries.file(f"{table}.tsv")  # says so if there is none
    files = dictionaries.files(f"{table}.tsv")
    bundled = [] if table in _OWN_TABLES else [row for _, row in _read(files[0])]
    own = files if table in _OWN_TABLES else files[1:]
    rules = (
        _Rules.of(bundled)
        if own and bundled
        else _Rules(filled=_OWN_TABLES.get(table, frozenset()))
    )
    return (*bundled, *(row for path in own for row in rules.checked(path)))


def _read(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a table with the numbers of their lines."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Save it as UTF-8.") from error
    lines = [
        (number, line)
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip() and not line.startswith("#")
    ]
    columns: list[str] = []
    for number, line in lines:
        cells = [cell.strip() for cell in line.split("\t")]
        if not columns:
            columns = cells
        elif len(cells) > len(columns):
            raise UsageError(
                f"{path}, line {number}: {len(cells)} cells under {len(columns)} columns.",
                "Cells are separated by one tab each.",
            )
        else:
            cells += [""] * (len(columns) - len(cells))
            yield number, dict(zip(columns, cells, strict=True))


@dataclass(frozen=True)
class _Rules:
    """What a table of the user must keep to: as the bundled one does, column by column."""

    columns: tuple[str, ...] = ()
    filled: frozenset[str] = frozenset()  # in which no cell of ours is empty
    numeric: frozenset[str] = frozenset()
    words: dict[str, frozenset[str]] = field(default_factory=dict)  # the words of closed columns

    @classmethod
    def of(cls, rows: Sequence[Row]) -> _Rules:
        """Return the rules that `rows` (at least one) keep to."""
        columns = tuple(rows[0])
        cells = {column: {row[column] for row in rows} for column in columns}
        filled = frozenset(column for column in columns if "" not in cells[column])
        return cls(
            columns,
            filled,
            frozenset(c for c in filled if all(map(_is_number, cells[c]))),
            {
                c: frozenset(part for cell in cells[c] for part in cell.split("|"))
                for c in _CLOSED.intersection(columns)
            },
        )

    def checked(self, path: Path) -> Iterator[Row]:
        """Yield the rows of the user's table at `path`.

        Raises:
            UsageError: a column is missing, or a cell is not of the kind of its column.
        """
        for number, row in _read(path):
            missing = [column for column in self.filled if column not in row]
            if missing:
                raise UsageError(
                    f"{path} has no column {', '.join(sorted(missing))}.",
                    f"Its first line names the columns: {', '.join(self.columns)}.",
                )
            for column, cell in row.items():
                wrong = self._wrong(column, cell)
                if wrong:
                    raise UsageError(f"{path}, line {number}: {column} {wrong}.", "Mend the line.")
            yield dict.fromkeys(self.columns, "") | row

    def _wrong(self, column: str, cell: str) -> str | None:
        """Return what is wrong with `cell`, or None."""
        if not cell:
            return "is empty" if column in self.filled else None
        if column in self.numeric and not _is_number(cell):
            return f"is no number: {cell!r}"
        known = self.words.get(column)
        if known and not known.issuperset(cell.split("|")):
            near = get_close_matches(cell, known, n=1, cutoff=0.5)
            return f"is {cell!r}; " + (f"did you mean {near[0]}" if near else _listed(known))
        return None


def _listed(known: frozenset[str]) -> str:
    return f"there are {', '.join(sorted(filter(None, known)))}"


def _is_number(cell: str) -> bool:
    try:
        return isfinite(float(cell))
    except ValueError:
        return False
