"""What the machine must have, and what to do where it has not."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.errors import BaocaoError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baocao_etl.settings import Settings

TESSERACT_MAJOR = 5
# Tables and folders that the rooms read; `make dictionaries` builds those that are not written.
DICTIONARIES = (
    *("syllables", "ngrams", "channels", "encodings", "orthography", "abbreviations"),
    *("document_types", "organisations", "places", "phrases"),
    *("units", "contexts", "indicators", "systems"),
)
_INSTALL = {
    "tesseract": {
        "Debian, Ubuntu": "sudo apt install tesseract-ocr",
        "Fedora": "sudo dnf install tesseract",
        "macOS": "brew install tesseract",
    },
    "language": {
        "Debian, Ubuntu": "sudo apt install tesseract-ocr-{}",
        "Fedora": "sudo dnf install tesseract-langpack-{}",
        "macOS": "brew install tesseract-lang",
    },
}


class Check(NamedTuple):
    """One thing that was looked at: what was found, and, where it is wrong, what to do."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


def examine(settings: Settings) -> list[Check]:
    """Look at all that `settings` need."""
    program = shutil.which("tesseract")
    return [
        _tesseract(program),
        *_languages(program, settings.ocr_language),
        *_dictionaries(settings),
        *_own_tables(settings),
        _writable(settings.db),
        _duckdb(),
        _search(),
    ]


def _tesseract(program: str | None) -> Check:
    name = f"Tesseract {TESSERACT_MAJOR} or newer"
    remedy = _install("tesseract")
    if program is None:
        return Check(name, False, "not on the PATH", remedy)
    text = _output([program, "--version"])
    found = re.search(r"tesseract\s+v?(\d+)[\d.]*\S*", text)
    if not found:
        return Check(name, False, f"{program} does not tell its version", remedy)
    enough = int(found[1]) >= TESSERACT_MAJOR
    return Check(name, enough, f"{found[0]} ({program})", "" if enough else remedy)


def _languages(program: str | None, wanted: str) -> list[Check]:
    listed = _output([program, "--list-langs"]).split() if program else []
    return [
        Check(
            f"Tesseract language data: {language}",
            language in listed,
            "installed" if language in listed else "missing",
            "" if language in listed else _install("language", language.replace("_", "-")),
        )
        for language in wanted.split("+")
    ]


def _dictionaries(settings: Settings) -> list[Check]:
    roots = settings.tables.roots
    checks = []
    for name in DICTIONARIES:
        found = [p for root in roots if root.is_dir() for p in sorted(root.glob(f"{name}*"))]
        checks.append(
            Check(
                f"Dictionary: {name}",
                bool(found),
                ", ".join(p.name for p in found) if found else f"not in {roots[0]}",
                "" if found else "Reinstall baocao-etl, or run `make dictionaries` in a checkout.",
            )
        )
    return checks


def _own_tables(settings: Settings) -> Iterator[Check]:
    """Read the tables that the user has laid over ours, where there are any."""
    bundled, *own = settings.tables.roots
    known = {*_tables_in(bundled), "words"}
    for table in sorted({table for root in own for table in _tables_in(root)}):
        name = f"Dictionary of your own: {table}.tsv"
        if table not in known:
            near = ", ".join(get_close_matches(table, known, n=1)) or ", ".join(sorted(known))
            yield Check(name, False, "there is no such table to lay it over", f"There is {near}.")
        else:
            try:
                rows = settings.tables.own_rows(table)
            except BaocaoError as error:
                yield Check(name, False, error.message, error.remedy)
            else:
                yield Check(name, True, f"{len(rows)} rows")


def _tables_in(root: Path) -> Iterator[str]:
    return (p.relative_to(root).with_suffix("").as_posix() for p in root.rglob("*.tsv"))


def _writable(db: Path) -> Check:
    folder = db.resolve().parent
    target = db if db.exists() else folder
    ok = folder.is_dir() and os.access(folder, os.W_OK) and os.access(target, os.W_OK)
    return Check(
        "Permission to write the warehouse",
        ok,
        f"{target} {'can' if ok else 'cannot'} be written",
        "" if ok else f"Make {folder} writable, or name another file with --db.",
    )


def _duckdb() -> Check:
    try:
        return Check("DuckDB", True, version("duckdb"))
    except PackageNotFoundError:
        return Check("DuckDB", False, "not installed", "Reinstall baocao-etl.")


def _search() -> Check:
    """Load the extension that `search()` is made of: it fits one version of DuckDB alone."""
    name, remedy = (
        "Search: DuckDB's fts",
        "Reinstall baocao-etl, which brings the one that fits DuckDB.",
    )
    try:  # here, so that the other checks are told where DuckDB is missing
        import duckdb  # noqa: PLC0415

        from baocao_etl.warehouse import MEMORY, open_warehouse, search  # noqa: PLC0415
    except ImportError:
        return Check(name, False, "not installed", remedy)
    try:
        with open_warehouse(MEMORY) as connection:
            there = search.load_extension(connection)
    except duckdb.Error as error:
        return Check(name, False, " ".join(str(error).split()), remedy)
    return Check(name, there, "loads" if there else "not installed", "" if there else remedy)


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout + done.stderr


def _install(what: str, name: str = "") -> str:
    """Return how to install `what`: for this system where we know it, else for each."""
    ways = {system: way.format(name) for system, way in _INSTALL[what].items()}
    mine = _system()
    return ways[mine] if mine in ways else "; ".join(f"{s}: {way}" for s, way in ways.items())


def _system() -> str:
    if platform.system() == "Darwin":
        return "macOS"
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return ""
    kinds = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    if kinds & {"debian", "ubuntu"}:
        return "Debian, Ubuntu"
    return "Fedora" if "fedora" in kinds else ""
