"""Scores figures against the gold tables and the samples: recall, precision, checks, confidence, speed.

    python -m benchmarks.figures [--shared ../shared] [--samples samples] [--verbose] [NAME ...]

The gold lies in the shared test material; what is missing is left out, visibly. The reliability table
says how often figures of a confidence are right (value, kind and section path), as in DeGroot & Fienberg
1983, "The comparison and evaluation of forecasters"; ECE is the expected calibration error.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from baocao_etl.checks import check
from baocao_etl.evaluation import Evaluation, Item, evaluate, read_gold, read_not_figures
from baocao_etl.figures import extract
from baocao_etl.models import Document, Figure
from baocao_etl.pipeline import digitise_page
from baocao_etl.reading import identify, page_count
from baocao_etl.settings import Settings
from baocao_etl.structure import segment

HERE = Path(__file__).resolve().parents[1]
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001)
SEEDS = {"000": "000_*", "001": "001_*", "002": "002_*", "004.part1": "004_*"}
SCANS = {"22_TTR": "*22_TTR*", "660TBUB": "*660TBUB*"}
# The gold of this report leaves its appendix, a table in sideways columns, out.
WITHOUT_APPENDIX = {"002"}


class Case(NamedTuple):
    """One report with its gold: its name, its file, its figures and the numbers that are none."""

    name: str
    source: Path
    gold: list[Item]
    not_figures: list[Decimal]


class Timing(NamedTuple):
    """Processor seconds that finding and checking the figures of some pages took."""

    pages: int
    seconds: float


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=HERE.parent / "shared")
    parser.add_argument("--samples", type=Path, default=HERE / "samples")
    parser.add_argument("--verbose", action="store_true", help="list what was missed and misread")
    parser.add_argument("names", nargs="*", help="only reports whose names begin so, such as 00")
    options = parser.parse_args()
    wanted = tuple(options.names) or ("",)
    settings = Settings(jobs=0)
    outcomes: list[tuple[float, bool]] = []
    timings: list[Timing] = []
    print(f"{'report':22}{'recall':>8}{'precis.':>8}{'strict':>8}{'value R':>8}{'forbidden':>10}")
    for case in (*seed_cases(options.shared), *sample_cases(options.samples)):
        if not case.name.startswith(wanted):
            continue
        documents, timing = read(case.source, settings)
        figures = [f for d in documents for f in d.figures]
        if case.name in WITHOUT_APPENDIX:
            figures = [f for f in figures if not f.section_path.startswith("PL")]
        result = evaluate(case.gold, [Item.of(f) for f in figures], case.not_figures)
        outcomes += correctness(figures, result, sections="section" in first_line(case))
        timings.append(timing)
        report(case, result, options.samples, documents, verbose=options.verbose)
    print_reliability(outcomes)
    print_speed(timings)


def seed_cases(shared: Path) -> Iterator[Case]:
    """Yield the reports of the shared gold."""
    gold = shared / "gold"
    if not gold.is_dir():
        print(f"no gold at {gold}: left out")
        return
    for name, pattern in SEEDS.items():
        for source in (shared / "seeds").glob(pattern):
            banned = gold / f"{name}.not_figures.tsv"
            yield Case(
                name,
                source,
                read_gold(gold / f"{name}.figures.tsv"),
                read_not_figures(banned) if banned.is_file() else [],
            )
    scanned = read_gold(gold / "scans.figures.tsv")
    for name, pattern in SCANS.items():
        for source in (shared / "scans").glob(pattern):
            items = [i._replace(source="") for i in scanned if i.source in source.name]
            if items:
                yield Case(name, source, items, [])


def sample_cases(samples: Path) -> Iterator[Case]:
    """Yield the samples that have been drawn."""
    for path in sorted((samples / "expected").glob("*.figures.tsv")):
        name = path.name.removesuffix(".figures.tsv")
        drawn = sorted((samples / "drawn").glob(f"{name}.*"))
        if not drawn:
            print(f"{name}: not drawn (make samples), left out")
            continue
        banned = path.with_name(f"{name}.not_figures.tsv")
        yield Case(name, drawn[0], read_gold(path), read_not_figures(banned))


def read(path: Path, settings: Settings) -> tuple[list[Document], Timing]:
    """Digitise a file, and time what `extract` and `check` take of it."""
    source = identify(path)
    numbers = range(1, page_count(source, settings) + 1)
    pages = [digitise_page(source, n, settings) for n in numbers]
    documents = segment(source, pages, settings)
    begin = time.process_time()
    checked = [check(extract(document, settings)) for document in documents]
    return checked, Timing(len(pages), time.process_time() - begin)


def first_line(case: Case) -> str:
    """Say whether the case's gold goes by section."""
    return "section" if all(item.section is not None for item in case.gold) else ""


def correctness(
    figures: Sequence[Figure], result: Evaluation, *, sections: bool
) -> Iterator[tuple[float, bool]]:
    """Yield each figure's confidence, and whether it was right."""
    wrong = Counter(result.false_alarms)
    for figure in figures:
        item = Item.of(figure)
        item = item if sections else item._replace(section=None)
        right = not wrong[item]
        wrong[item] -= not right
        yield figure.confidence, right


def report(
    case: Case, result: Evaluation, samples: Path, documents: Sequence[Document], *, verbose: bool
) -> None:
    """Print one line for a case, and the arithmetic that a sample states but was not found."""
    score, strict, value = (result.levels[level] for level in ("score", "strict", "value"))
    print(
        f"{case.name[:21]:22}{score.recall:8.3f}{score.precision:8.3f}{strict.f1:8.3f}"
        f"{value.recall:8.3f}{len(result.forbidden):10}"
    )
    findings = [f for d in documents for f in d.findings]
    sums = samples / "expected" / f"{case.name}.sums.tsv"
    held = [f.message for f in findings if f.verdict == "holds"]
    if sums.is_file():
        for statement in unproven(sums, held):
            print(f"    not found: {statement}")
    for finding in findings:
        if finding.verdict == "fails":
            print(f"    fails: {finding.rule}: {finding.message}")
    if verbose:
        for sign, items in (("-", result.misses), ("+", result.false_alarms)):
            for i in items:
                print(f"    {sign} {i.section} {i.number} {i.kind} {i.unit} | {i.context[:90]}")


def unproven(path: Path, held: Sequence[str]) -> Iterator[str]:
    """Yield the sums of a sample that no finding proves: those whose numbers no message has."""
    proven = [Counter(re.findall(r"\d+(?:\.\d+)?", message)) for message in held]
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            numbers = Counter(re.findall(r"\d+(?:\.\d+)?", row["statement"]))
            if not any(numbers <= found for found in proven):
                yield row["statement"]


def print_reliability(outcomes: Sequence[tuple[float, bool]]) -> None:
    """Print how often figures of a confidence were right, and the expected calibration error."""
    print(f"\n{'confidence':>12}{'figures':>9}{'mean':>8}{'right':>8}")
    error = 0.0
    for low, high in pairwise(BINS):
        inside = [(c, right) for c, right in outcomes if low <= c < high]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            right = sum(r for _, r in inside) / len(inside)
            error += len(inside) * abs(mean - right)
            print(f"{low:5.2f} - {min(high, 1):4.2f}{len(inside):9}{mean:8.3f}{right:8.3f}")
    if outcomes:
        print(f"ECE {error / len(outcomes):.3f} over {len(outcomes)} figures")


def print_speed(timings: Sequence[Timing]) -> None:
    """Print how many pages a minute the figures and checks take on one core."""
    pages, seconds = sum(t.pages for t in timings), sum(t.seconds for t in timings)
    if seconds:
        print(f"\nfigures and checks: {60 * pages / seconds:.0f} pages a minute ({pages} pages)")


if __name__ == "__main__":
    main()
