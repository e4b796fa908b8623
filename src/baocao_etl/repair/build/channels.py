"""Learn the error channels from pairs of what was printed and what was read.

python -m baocao_etl.repair.build.channels PAIRS DICTIONARIES
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from baocao_etl.errors import MissingError
from baocao_etl.repair.build.alignment import Emissions, Pairs, learn_letters, likelihood
from baocao_etl.repair.orthography import onset_and_rime

ENGINES = {
    "stripped": ("eng",),
    "dropped": ("ocrad", "gocr", "fra", "ita", "por"),
    "slips": ("vie",),
}
"""For each channel the OCR programs, or the languages of Tesseract, that do such damage."""

LEAST = 2e-4  # P below which what is seen is left to the letter model
LEAST_COUNT = 0.5  # expected occurrences below which it is left to it as well
BLUR = 0.15  # weight of the letter model beside the parts when a seen word is cut the second time
PASSES = 3
_HEADER = """\
# What OCR makes of Vietnamese: channel "{name}", learned from {count} tokens that {engines} read
# on pages drawn by baocao_etl.repair.build.drawing from law, gazette and administrative text.
# part: onset or rime (P(seen | meant) of that part of a syllable), letter (of one letter, any length).
# logp: natural logarithm. An empty cell in `seen` means that nothing was left.
part	meant	seen	logp
"""

Table = dict[str, dict[str, float]]  # meant -> seen -> P


def learn_parts(pairs: Pairs, letters: Emissions) -> tuple[Table, Table]:
    """Return P(seen | onset) and P(seen | rime).

    Where a seen word is cut between the two is not known: every cut counts as much as it is likely,
    first by the letters alone, then by the parts learned so far.
    """
    tables: tuple[Table, Table] = ({}, {})
    known: dict[tuple[str, str], float] = {}

    def explained(table: Table, part: str, seen: str) -> float:
        key = (part, seen)
        if key not in known:
            known[key] = likelihood(part, seen, letters)
        if not table:
            return known[key]
        return BLUR * known[key] + (1 - BLUR) * table.get(part, {}).get(seen, 0.0)

    for _ in range(PASSES):
        onsets, rimes = _empty(), _empty()
        for (meant, seen), often in pairs.items():
            onset, rime = onset_and_rime(meant)
            cuts = [
                explained(tables[0], onset, seen[:cut]) * explained(tables[1], rime, seen[cut:])
                for cut in range(len(seen) + 1)
            ]
            total = sum(cuts)
            if total <= 0:
                continue
            for cut, p in enumerate(cuts):
                if p > 1e-4 * total:
                    onsets[onset][seen[:cut]] += often * p / total
                    rimes[rime][seen[cut:]] += often * p / total
        tables = (_shares(onsets), _shares(rimes))
    return tables


def _empty() -> defaultdict[str, defaultdict[str, float]]:
    return defaultdict(lambda: defaultdict(float))


def _shares(counts: Mapping[str, Mapping[str, float]]) -> Table:
    found: Table = {}
    for part, seens in counts.items():
        total = sum(seens.values())
        found[part] = {
            seen: count / total
            for seen, count in seens.items()
            if count >= LEAST_COUNT and count >= LEAST * total
        }
    return found


def rows(pairs: Pairs) -> Iterator[str]:
    """Yield the rows of a channel's table, sorted."""
    letters = learn_letters(pairs)
    onsets, rimes = learn_parts(pairs, letters)
    learned = {
        letter: {seen: p for seen, p in seens.items() if p >= LEAST} for letter, seens in letters.items()
    }  # fmt: skip
    for kind, table in (("onset", onsets), ("rime", rimes), ("letter", learned)):
        for meant in sorted(table):
            for seen, p in sorted(table[meant].items()):
                yield f"{kind}\t{meant}\t{seen}\t{math.log(p):.2f}\n"


def read_pairs(folder: Path, engines: Sequence[str]) -> Counter[tuple[str, str]]:
    """Return the pairs (meant, seen) that the engines gave, and how often each.

    Raises:
        MissingError: an engine's file is not there.
    """
    found: Counter[tuple[str, str]] = Counter()
    for engine in engines:
        path = folder / f"{engine}.tsv"
        if not path.is_file():
            raise MissingError(f"The pairs {path} are missing.", "Draw them: make channels")
        for line in path.read_text(encoding="utf-8").splitlines():
            meant, seen = line.split("\t")
            found[meant, seen] += 1
    return found


def build(folder: Path, target: Path) -> None:
    """Write `channels/NAME.tsv` for every channel into the dictionaries `target`."""
    (target / "channels").mkdir(parents=True, exist_ok=True)
    for name, engines in ENGINES.items():
        pairs = read_pairs(folder, engines)
        header = _HEADER.format(name=name, count=pairs.total(), engines=", ".join(engines))
        text = header + "".join(rows(pairs))
        (target / "channels" / f"{name}.tsv").write_text(text, encoding="utf-8")


def main() -> None:
    """Learn from the command line."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    build(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
