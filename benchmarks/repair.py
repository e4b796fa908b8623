r"""Measure the repair of damaged Vietnamese, beside what a user would take instead.

Needs the shared test material (../shared). Legacy encodings have a benchmark of their own (legacy.py).
Other programs (pyvi) are measured in the same run when they are installed; they are no dependency.

    python -m benchmarks.repair [--held-out 400]

SER is the syllable error rate: Levenshtein distance over lower-cased words (\w+), tone placement
ignored, divided by the words that were printed.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import random
import re
import resource
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import ftfy
import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from baocao_etl.repair import lexicon, repair_text
from baocao_etl.repair.build import corpus
from baocao_etl.repair.orthography import fold, is_wellformed_syllable, strip_diacritics
from baocao_etl.repair.tokens import language_tokens
from baocao_etl.settings import Settings

SHARED = Path(__file__).resolve().parents[2] / "shared"
SETTINGS = Settings()
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d[\d.,/]*\d|\d")
Restorer = Callable[[str], str]


class Row(NamedTuple):
    """One line of the table."""

    what: str
    measured: str
    bar: str


def words(text: str) -> list[str]:
    """Return the lower-cased words of a text, tone marks in the normal place."""
    return [fold(word) for word in _WORD.findall(unicodedata.normalize("NFC", text).lower())]


def repaired(text: str) -> str:
    """Return the text as this project repairs it."""
    return repair_text(text, SETTINGS)[0]


def by_dictionary(text: str) -> str:
    """Return the text with each unknown word replaced by the nearest syllable: no channel, no context."""
    known = lexicon(SETTINGS)
    syllables = [entry.word for entry in known.entries if entry.kind == "syllable"]

    def nearest(match: re.Match[str]) -> str:
        word = match.group()
        if known.is_word(word):
            return word
        found = process.extractOne(word.lower(), syllables, scorer=Levenshtein.distance)
        return found[0] if found else word

    return re.sub(r"[^\W\d_]+", nearest, text)


def seed(name: str) -> str:
    """Return a seed report as it lies there."""
    return next((SHARED / "seeds").glob(f"{name}*")).read_text(encoding="utf-8")


def error_rate(name: str, restore: Restorer) -> float:
    """Return the SER on the lines of a seed whose printed text is known."""
    lines = restore(seed(name)).split("\n")
    errors = total = 0
    gold = next((SHARED / "gold").glob(f"{name}*.repaired.tsv")).read_text(encoding="utf-8")
    for row in gold.splitlines():
        span, text = row.split("\t", 1)
        first, last = map(int, span.split("-"))
        meant = words(text)
        errors += Levenshtein.distance(words(" ".join(lines[first - 1 : last])), meant)
        total += len(meant)
    return errors / total


def clean_texts() -> list[str]:
    """Return the clean reports: seed 001 and the typed texts."""
    paths = [next((SHARED / "seeds").glob("001*")), *sorted((SHARED / "typed").glob("*.txt"))]
    return [unicodedata.normalize("NFC", path.read_text(encoding="utf-8")) for path in paths]


def restored_share(texts: list[str], restore: Restorer) -> tuple[float, int]:
    """Return the share of syllables right after all diacritics were stripped, and how many there were."""
    right = total = 0
    for text in texts:
        meant, got = words(text), words(restore(strip_diacritics(text)))
        if len(meant) != len(got):
            kept = Levenshtein.editops(got, meant)
            right -= len(kept)
            right += sum(is_wellformed_syllable(word) for word in meant)
        else:
            right += sum(
                a == b for a, b in zip(meant, got, strict=True) if is_wellformed_syllable(a)
            )
        total += sum(is_wellformed_syllable(word) for word in meant)
    return right / total, total


def changed_share(texts: list[str]) -> tuple[int, int]:
    """Return how many words of clean texts were changed, and how many there are."""
    changed = sum(len(repair_text(text, SETTINGS)[1]) for text in texts)
    return changed, sum(len(text.split()) for text in texts)


def surviving_numbers() -> tuple[int, int]:
    """Return how many of the gold figures' numbers that stand in the seeds are there after repair."""
    kept = total = 0
    for path in sorted((SHARED / "gold").glob("0*.figures.tsv")):
        raw = seed(path.name[:3])
        before, after = _numbers(raw), _numbers(repaired(raw))
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            number = line.split("\t")[1]
            if number in before:
                total += 1
                kept += after.get(number, 0) >= 1
    return kept, total


def _numbers(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for number in _NUMBER.findall(text):
        for spelling in {number, number.replace(".", "").replace(",", ".")}:
            found[spelling] = found.get(spelling, 0) + 1
    return found


def six_grams(tokens: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint64]:
    """Return a hash of every six tokens in a row."""
    if len(tokens) < 6:
        return np.zeros(0, np.uint64)
    wide = tokens.astype(np.uint64)
    found = np.zeros(len(wide) - 5, np.uint64)
    for i in range(6):
        found = found * np.uint64(0x9E3779B97F4A7C15) + wide[i : len(wide) - 5 + i] + np.uint64(7)
    return found


def held_out(limit: int) -> Iterator[tuple[str, list[str]]]:
    """Yield for each corpus up to `limit` held-out lines whose 6-grams are mostly new."""
    ids = lexicon(SETTINGS).ids
    paths = {name: SHARED / "corpora" / f"{name}.txt.xz" for name in corpus.WEIGHTS}
    known = np.unique(
        np.concatenate([six_grams(corpus.token_ids(path, ids)) for path in paths.values()])
    )
    for name, path in paths.items():
        lines: list[str] = []
        for line in corpus.paragraphs(path, held_out=True):
            tokens = [ids.get(fold(token), 2) for token in language_tokens(line)]
            grams = six_grams(np.array(tokens, np.uint16))
            at = np.minimum(np.searchsorted(known, grams), len(known) - 1)
            if len(grams) > 2 and (known[at] == grams).mean() <= 0.2:
                lines.append(line.strip())
        random.Random(5).shuffle(lines)
        yield name, lines[:limit]


def speed(text: str, restore: Restorer) -> float:
    """Return words per second of processor time, once everything is loaded."""
    restore(text[:2000])
    start = time.process_time()
    restore(text)
    return len(text.split()) / (time.process_time() - start)


def others() -> dict[str, Restorer]:
    """Return the other programs that restore diacritics and are installed here."""
    if importlib.util.find_spec("pyvi") is None:
        return {}
    utilities = importlib.import_module("pyvi.ViUtils")

    def by_lines(text: str) -> str:
        return "\n".join(utilities.add_accents(line) if line else "" for line in text.split("\n"))

    return {"pyvi": by_lines}


def table(limit: int) -> Iterator[Row]:
    """Measure everything, row by row."""
    for name, bar in (("002", "0.030"), ("004", "0.030"), ("000", "0.080")):
        yield Row(f"SER {name}", f"{error_rate(name, repaired):.4f}", bar)
        yield Row(f"  as it is / ftfy / dictionary look-up {name}", " / ".join(
            f"{error_rate(name, restore):.3f}" for restore in (str, ftfy.fix_text, by_dictionary)
        ), "")  # fmt: skip
    texts = clean_texts()
    share, total = restored_share(texts, repaired)
    yield Row(f"stripped reports, {total} syllables right", f"{share:.4f}", "0.995")
    for other, restore in others().items():
        share, _ = restored_share(texts[:3], restore)
        rate = speed(strip_diacritics(texts[0]), restore)
        yield Row(f"  {other} (three of them; syllables/s)", f"{share:.4f}; {rate:,.0f}", "")
    if limit:
        shares = []
        for name, lines in held_out(limit):
            share, total = restored_share(lines, repaired)
            shares.append(share)
            yield Row(f"  stripped, held out: {name} ({total} syllables)", f"{share:.4f}", "")
        yield Row("stripped, held out, mean", f"{sum(shares) / len(shares):.4f}", "0.975")
    changed, total = changed_share(texts)
    yield Row(f"clean words changed in 10,000 (of {total})", f"{changed / total * 1e4:.1f}", "5")
    kept, total = surviving_numbers()
    yield Row("numbers of gold figures that survive", f"{kept} of {total}", "all")
    damaged = seed("002") + seed("004")
    yield Row("syllables/s, damaged, first time", f"{speed(damaged, repaired):,.0f}", "20,000")
    yield Row("syllables/s, damaged, again", f"{speed(damaged, repaired):,.0f}", "20,000")
    clean = "\n".join(texts)
    yield Row("syllables/s, clean", f"{speed(clean, repaired):,.0f}", "200,000")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if not limit:
        yield Row("memory of this process at its peak, MB", f"{peak:.0f}", "400")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", type=int, default=0, help="held-out lines of each corpus")
    arguments = parser.parse_args()
    if not SHARED.is_dir():
        raise SystemExit("The shared test material (../shared) is not here.")
    for row in table(arguments.held_out):
        print(f"{row.what:<62} {row.measured:>24} {row.bar:>10}", flush=True)


if __name__ == "__main__":
    main()
