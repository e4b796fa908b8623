"""Draw, wear, read and score the unseen reports.

    python -m benchmarks.unseen [FOLDER] [--readings clean,eng,dropped,scan] [--only NAME ...] [--misses]
                                [--reliability] [--kept FOLDER] [--gold FOLDER]

FOLDER holds other report files than `reports/` beside this module. `--reliability` prints how often
figures of a confidence were right. `--gold` writes the gold as tables for `baocao eval` instead, and the
files of the readings beside them.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from pathlib import Path

from baocao_etl.settings import Settings
from benchmarks.figures import print_reliability
from benchmarks.unseen import readings
from benchmarks.unseen.marks import MarkError
from benchmarks.unseen.scoring import Result, Scores, score
from benchmarks.unseen.source import Gold, Source, load

REPORTS = Path(__file__).with_name("reports")
NOTHING_RIGHT = Scores._make([0.0] * (len(Scores._fields) - 1) + [1.0])


def main() -> int:
    """Score the reports that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.unseen", description="Score the unseen reports."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=REPORTS, metavar="FOLDER")
    parser.add_argument("--readings", default=",".join(readings.READINGS))
    parser.add_argument("--only", nargs="+", default=[""], metavar="NAME", help="names begin so")
    parser.add_argument("--misses", action="store_true", help="print what is wrong")
    parser.add_argument("--reliability", action="store_true", help="print what confidences mean")
    parser.add_argument("--kept", type=Path, default=readings.KEPT, help="where files are kept")
    parser.add_argument("--gold", type=Path, metavar="FOLDER", help="write gold and files instead")
    options = parser.parse_args()
    wanted = options.readings.split(",")
    if set(wanted) - set(readings.READINGS):
        parser.error(f"the readings are {', '.join(readings.READINGS)}")
    paths = [
        path
        for path in sorted(options.folder.glob("*.txt"))
        if path.name.startswith(tuple(options.only))
    ]
    if not paths:
        parser.error(f"no report in {options.folder}")
    try:
        sources = [load(path) for path in paths]
        if options.gold:
            for source in sources:
                _write(source, wanted, options)
            return 0
        for reading in wanted:
            outcomes = _report(reading, sources, options.kept, misses=options.misses)
            if options.reliability:
                print_reliability(outcomes)
    except (MarkError, readings.ProgramMissingError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _report(
    reading: str, sources: list[Source], kept: Path, *, misses: bool
) -> list[tuple[float, bool]]:
    """Print the scores of one reading of all reports, and their mean.

    Returns of each figure its confidence, and whether it is right.
    """
    print(f"\n{reading:28}" + "".join(f"{name:>11}" for name in Scores._fields), flush=True)
    settings = Settings(cache_dir=kept / f"ocr-{_reading_code()}")
    rows = []
    outcomes: list[tuple[float, bool]] = []
    for source in sources:
        path = readings.make(source, reading, kept)
        try:
            result = score(path, source.gold, settings)
        except Exception as error:  # noqa: BLE001 - an error of ours costs this report, not the run
            print(f"{source.report.name}: {error!r}")
            rows.append(NOTHING_RIGHT)
            continue
        rows.append(result.scores)
        outcomes += result.outcomes
        print(f"{source.report.name[:27]:28}{_cells(result.scores)}", flush=True)
        if misses:
            _print_misses(result)
    mean = Scores(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))
    print(f"{f'mean of {len(rows)}':28}{_cells(mean)}", flush=True)
    return outcomes


def _cells(scores: Scores) -> str:
    return "".join(f"{share:11.3f}" for share in scores)


def _print_misses(result: Result) -> None:
    for sign, items in (
        ("-", result.figures.misses),
        ("+", result.figures.false_alarms),
        ("! no figure:", result.figures.forbidden),
    ):
        for i in items:
            print(f"  {sign} {i.section} {i.number} {i.kind} {i.unit} | {i.context[:90]}")
    for i, unit in result.units:
        print(f"  unit of {i.section} {i.number}: {unit!r}, not {i.unit!r} | {i.context[:90]}")
    for sign, sections in (("-", result.sections.misses), ("+", result.sections.strangers)):
        for section in sections:
            print(f"  {sign} section {section.path} {section.kind} {section.title[:60]}")
    for one in result.letterhead:
        if not one.right:
            print(f"  {one.field}: {one.found!r}, not {one.wanted!r}")


def _reading_code() -> str:
    """Return a hash of the code that OCRs, so that what it read before a change is not taken."""
    room = readings.ROOT / "src" / "baocao_etl" / "reading"
    code = b"".join(path.read_bytes() for path in sorted(room.rglob("*.py")))
    return hashlib.sha256(code).hexdigest()[:16]


def _write(source: Source, wanted: list[str], options: argparse.Namespace) -> None:
    """Write the gold of one report as tables, and its readings."""
    folder: Path = options.gold
    folder.mkdir(parents=True, exist_ok=True)
    gold, name = source.gold, source.report.name
    for suffix, columns, rows in _tables(gold):
        lines = ["\t".join(row) for row in [columns, *rows]]
        path = folder / f"{name}.{suffix}.tsv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for reading in wanted:
        shutil.copy(readings.make(source, reading, options.kept), folder)


def _tables(gold: Gold) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    fields = tuple(gold.letterhead)
    values = tuple(text or "-" for text in gold.letterhead.values())
    numbers = [(value, where) for value, where in gold.not_figures if value.isdecimal()]
    return [
        ("figures", ("section", "value", "kind", "unit", "context"), [*gold.figures]),
        ("not_figures", ("value", "context"), [*numbers]),
        ("sections", ("path", "kind", "title"), [*gold.sections]),
        ("letterhead", fields, [values]),
    ]


if __name__ == "__main__":
    sys.exit(main())
