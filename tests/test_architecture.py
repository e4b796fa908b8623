"""Who may know whom: the design's rule, held."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import baocao_etl

ROOT = Path(baocao_etl.__file__).parent
BASE = {"models", "errors", "settings", "dictionaries"}
ROOMS = {"reading", "repair", "structure", "figures", "checks"}
# What a room may import besides itself. `repair` is open to the rooms for spelling alone (see SPELLING).
MAY_KNOW: dict[str, set[str]] = {
    "errors": set(),
    "models": set(),
    "dictionaries": {"errors"},
    "settings": {"errors", "dictionaries"},
    "reading": BASE,
    "repair": BASE,
    "structure": BASE,
    "figures": BASE,
    "checks": BASE,
    "pipeline": BASE | ROOMS,
    "running": BASE | {"pipeline", "reading"},
    "warehouse": BASE,
    "evaluation": BASE,
}
SPELLING = {
    "baocao_etl.repair",
    "baocao_etl.repair.orthography",
    "baocao_etl.repair.lexicon",
    "baocao_etl.repair.number_words",
}
ON_TOP = {"cli", "review", "ingest", "doctor", "api"}
LONGEST_MODULE = 500


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The project's own modules that `path` imports, at any depth of its code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path.name} imports relatively"
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("baocao_etl.")}


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_knows_only_whom_it_may(path: Path) -> None:
    room = room_of(path)
    if room in ON_TOP or (path.parent == ROOT and room == "__init__"):
        return
    for name in imported(path):
        other = name.split(".")[1]
        if other == room or other in MAY_KNOW[room]:
            continue
        in_rooms = room in {"reading", "structure", "figures", "checks"}
        assert in_rooms and any(name == s or name.startswith(s + ".") for s in SPELLING), (
            f"{path.relative_to(ROOT)} may not import {name}"
        )


def test_only_the_warehouse_knows_duckdb() -> None:
    for path in modules():
        names = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        if "duckdb" in names:
            assert room_of(path) in {"warehouse", "doctor"}, path.relative_to(ROOT)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_outgrows_a_reader(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def test_the_pipeline_fits_on_one_screen() -> None:
    assert len((ROOT / "pipeline.py").read_text(encoding="utf-8").splitlines()) <= 50
