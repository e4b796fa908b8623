"""How much of a document's shape is found: letterhead fields, section paths, and the speed.

    python -m benchmarks.structure [--misses] [--quick]

Reads the samples and, if it is there, the shared test material (OCR included: some minutes).
Letterheads: the share of the fields that are right; fields written with a pen are counted apart, for they
depend on what OCR makes of handwriting. Section paths: of the figures of the gold tables that were
found at all, the share whose path is right. Speed: pages that `segment` alone cuts in a minute, on one core.
`--quick` leaves the scans out.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from baocao_etl.evaluation import Expected, Item, evaluate, placed, read_gold
from baocao_etl.evaluation.letterheads import FIELDS
from baocao_etl.figures import extract
from baocao_etl.models import Document, Page, Source
from baocao_etl.pipeline import digitise_page
from baocao_etl.reading import identify, page_count
from baocao_etl.settings import Settings
from baocao_etl.structure import segment
from tests.structure.expected import ROOT, sample_letterheads, scored, shared_letterheads

SHARED = ROOT.parent / "shared"
ROUNDS = 3


class Digitised(NamedTuple):
    """A file, its pages repaired and its documents."""

    source: Source
    pages: list[Page]
    documents: tuple[Document, ...]


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--misses", action="store_true", help="print what is wrong")
    parser.add_argument("--quick", action="store_true", help="leave the scans out")
    args = parser.parse_args()
    settings = Settings()
    expected = [*sample_letterheads(), *(shared_letterheads() if SHARED.is_dir() else [])]
    read: dict[str, Digitised] = {}
    for path in _files(quick=args.quick):
        read[path.name.split(".")[0]] = _digitise(path, settings)
    _letterheads([e for e in expected if e.source in read], read, misses=args.misses)
    if SHARED.is_dir():
        _paths(read, settings, misses=args.misses)
    _tables(read)
    _speed(list(read.values()), settings)


def _files(*, quick: bool) -> list[Path]:
    folders = [ROOT / "samples/drawn", SHARED / "seeds"]
    folders += [] if quick else [SHARED / "scans"]
    return [p for f in folders if f.is_dir() for p in sorted(f.iterdir()) if p.name[0] != "."]


def _digitise(path: Path, settings: Settings) -> Digitised:
    source = identify(path)
    numbers = range(1, page_count(source, settings) + 1)
    pages = [digitise_page(source, number, settings) for number in numbers]
    return Digitised(source, pages, segment(source, pages, settings))


def _letterheads(expected: list[Expected], read: dict[str, Digitised], *, misses: bool) -> None:
    printed: Counter[tuple[str, bool]] = Counter()
    by_hand: Counter[tuple[str, bool]] = Counter()
    for item in expected:
        for one in scored(item, read[item.source].documents):
            (by_hand if one.by_hand else printed)[one.field, one.right] += 1
            if misses and not one.right:
                pen = " (by hand)" if one.by_hand else ""
                where = f"{item.source} {item.part} {one.field}{pen}"
                print(f"  {where}: {one.found!r}, not {one.wanted!r}")
    print(f"letterheads of {len(expected)} documents   printed        by hand        all")
    for name in (*FIELDS, "all"):
        counts = [_count(name, c) for c in (printed, by_hand, printed + by_hand)]
        shown = "".join(
            f"{right:5}/{every:<4}{right / max(1, every):6.3f}" for right, every in counts
        )
        print(f"  {name:25}{shown}")


def _count(name: str, counts: Counter[tuple[str, bool]]) -> tuple[int, int]:
    of = [name] if name != "all" else list(FIELDS)
    right = sum(counts[field, True] for field in of)
    return right, right + sum(counts[field, False] for field in of)


def _paths(read: dict[str, Digitised], settings: Settings, *, misses: bool) -> None:
    print("section paths of the figures of the gold tables")
    for gold in sorted((SHARED / "gold").glob("*.figures.tsv")):
        wanted = [item for item in read_gold(gold) if item.section is not None]
        source = next((d for n, d in read.items() if n.startswith(f"{gold.name[:3]}_")), None)
        if not wanted or source is None:
            continue
        figures = [f for d in source.documents for f in extract(d, settings).figures]
        found = [Item.of(figure) for figure in figures]
        score = placed(wanted, found)
        print(f"  {gold.name[:3]}   {score.matched:4}/{score.expected:<4} {score.recall:.3f}")
        for item in evaluate(wanted, found).misses if misses else ():
            print(f"    {item.section} {item.number} {item.kind} {item.context}")


def _tables(read: dict[str, Digitised]) -> None:
    print("tables                      page  rows  columns  problem")
    for name, file in read.items():
        for table in (t for d in file.documents for t in d.tables):
            size = f"{table.page_from:5}{table.rows:6}{table.columns:9}"
            print(f"  {name[:24]:25}{size}  {table.problem or '-'}")


def _speed(files: list[Digitised], settings: Settings) -> None:
    start = time.process_time()
    for _ in range(ROUNDS):
        for file in files:
            segment(file.source, file.pages, settings)
    pages = ROUNDS * sum(len(file.pages) for file in files)
    rate = 60 * pages / (time.process_time() - start)
    print(
        f"structure: {rate:,.0f} pages a minute a core ({pages // ROUNDS} pages, {ROUNDS} rounds)"
    )


if __name__ == "__main__":
    main()
