"""Count the corpora into `syllables.tsv` and `ngrams/`.

    python -m baocao_etl.repair.build.ngrams CORPORA DICTIONARIES

Only counts and probabilities are written, never text.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair.build import corpus, counting, kneser_ney, packing
from baocao_etl.repair.build.counting import Counts, Tokens
from baocao_etl.repair.build.kneser_ney import Model
from baocao_etl.repair.lexicon import UNKNOWN_ID, Entry
from baocao_etl.repair.orthography import fold, is_wellformed_syllable
from baocao_etl.repair.tokens import SPECIAL

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

BUDGET = 56_500_000  # bytes of all n-grams
LEAST = {"syllable": 8, "other": 60}  # weighted count from which a word is in the vocabulary
TABLE_WEIGHTS = {"places": 1, "phrases": 5}  # of the names of places and the phrases of reports
REPEATED = 4  # times that a phrase counts: it is no misprint that stands somewhere once

_ROMAN = re.compile(r"[ivxlcdm]+")
_HEADER = """\
# The words that the n-gram model knows, commonest first; the row number + 4 is the word's id.
# kind: syllable (obeys Vietnamese spelling, or is part of a place's name) or other (foreign words,
# acronyms, letters).
# count: in the corpora phapdien (codified law), congbao (official gazette), vlc_laws, mixed_admin,
# viwiki (Wikipedia 2017, CC BY-SA) and baomoi (news), weighted {weights}; 2 % of the
# paragraphs held out. Besides, the names of places.tsv and report_phrases.tsv.
# Counts are facts about the texts; no text is contained. Tokens counted: {tokens}
word	kind	count
"""


class Material(NamedTuple):
    """The corpora and the gazetteer as numbers of written tokens."""

    written: list[str]  # the tokens, by number
    corpora: dict[str, npt.NDArray[np.uint32]]
    weights: dict[str, int]

    @classmethod
    def read(cls, folder: Path, dictionaries: Dictionaries) -> Material:
        """Read all corpora of `folder`, and the names of places."""
        numbers = corpus.Numbers()
        texts = {name: corpus.paragraphs(corpus.path_of(folder, name)) for name in corpus.WEIGHTS}
        texts |= {"places": place_names(dictionaries), "phrases": phrases(dictionaries)}
        corpora = {name: corpus.numbered(lines, numbers) for name, lines in texts.items()}
        return cls(list(numbers), corpora, corpus.WEIGHTS | TABLE_WEIGHTS)


class Vocabulary(NamedTuple):
    """The words of the model, and which of them each written token is."""

    entries: list[Entry]
    ids: npt.NDArray[np.uint16]  # by the token's number

    @property
    def size(self) -> int:
        """How many ids there are, those of the special tokens too."""
        return len(SPECIAL) + len(self.entries)


def place_names(dictionaries: Dictionaries) -> Iterator[str]:
    """Yield each place of the gazetteer with the unit above it: "xã Thiệu Lý, huyện Thiệu Hóa"."""
    rows = dictionaries.rows("places")
    # A code may have been given twice: a unit belongs to the one that was valid when it was.
    above: dict[tuple[str, str], str] = {}
    for row in rows:
        above[row["code"], row["valid_to"]] = f"{row['type']} {row['name']}"
    for row in rows:
        parent = above.get((row["parent"], row["valid_to"]))
        yield f"{row['type']} {row['name']}" + (f", {parent}" if parent else "")


def phrases(dictionaries: Dictionaries) -> Iterator[str]:
    """Yield the phrases of reports, REPEATED times each."""
    for row in dictionaries.rows("report_phrases"):
        yield from [row["phrase"]] * REPEATED


def vocabulary(material: Material, names: frozenset[str]) -> Vocabulary:
    """Choose the words that occur often enough; `names` are the syllables of places' names."""
    total = np.zeros(len(material.written))
    for name, numbers in material.corpora.items():
        total += np.bincount(numbers, minlength=len(total)) * material.weights[name]
    folded = [fold(token) for token in material.written]
    counts: dict[str, int] = defaultdict(int)
    for word, count in zip(folded[len(SPECIAL) :], total[len(SPECIAL) :].tolist(), strict=True):
        counts[word] += int(count)
    entries = [Entry(word, _kind(word, names), count) for word, count in counts.items()]
    entries = sorted(
        (entry for entry in entries if entry.frequency >= LEAST[entry.kind]),
        key=lambda entry: (-entry.frequency, entry.word),
    )
    at = {entry.word: i for i, entry in enumerate(entries, start=len(SPECIAL))}
    ids = [*range(len(SPECIAL)), *(at.get(word, UNKNOWN_ID) for word in folded[len(SPECIAL) :])]
    return Vocabulary(entries, np.array(ids, np.uint16))


def names_of(dictionaries: Dictionaries) -> frozenset[str]:
    """Return the syllables of places' names that Vietnamese spelling does not know (Kạn, Krông)."""
    found = {fold(word) for row in dictionaries.rows("places")
             for word in re.findall(r"[^\W\d_]{2,}", row["name"])}  # fmt: skip
    return frozenset(word for word in found if not _ROMAN.fullmatch(word))


def _kind(word: str, names: frozenset[str]) -> str:
    return "syllable" if is_wellformed_syllable(word) or word in names else "other"


def smoothed(
    tokens: Sequence[Tokens],
    new: Sequence[Flags],
    weights: Sequence[int],
    size: int,
    budget: float,
) -> tuple[Model, Floats]:
    """Return the model of the tokens that are `new`, pruned to `budget` bytes.

    Beside it: the mean log P of each word after the two before it, where it does stand.
    """
    plain = [counting.count(tokens, new, weights, n) for n in range(1, counting.LONGEST + 1)]
    model = kneser_ney.estimate(plain, size)
    worths = kneser_ney.worth(model, plain)
    cost = [packing.COST[n] for n in range(2, counting.LONGEST + 1)]
    model = kneser_ney.pruned(model, kneser_ney.within(worths, cost, budget))
    return model, typical(model, plain[2])


def typical(model: Model, triples: Counts) -> Floats:
    """Return the mean log P of each word after two others, over its occurrences."""
    size = len(model.tables[0].keys)
    words = counting.last(triples.keys)
    mass = np.bincount(words, triples.weighted, size)
    total = np.bincount(words, triples.weighted * model.logp(triples.keys, 3), size)
    mean = np.where(mass > 0, total / np.maximum(mass, 1), model.tables[0].logp)
    return mean.astype(np.float32)


def write_words(material: Material, known: Vocabulary, path: Path) -> None:
    """Write `syllables.tsv`."""
    weights = ", ".join(f"{name} x{weight}" for name, weight in material.weights.items())
    counted = {name: int((numbers >= 1).sum()) for name, numbers in material.corpora.items()}
    tokens = ", ".join(f"{name} {count}" for name, count in counted.items())
    rows = "".join(f"{entry.word}\t{entry.kind}\t{entry.frequency}\n" for entry in known.entries)
    path.write_text(_HEADER.format(weights=weights, tokens=tokens) + rows, encoding="utf-8")


def build(corpora: Path, target: Path, budget: float = BUDGET) -> None:
    """Count the corpora and write the tables into `target`, whose gazetteer is read."""
    dictionaries = Dictionaries((target,))
    material = Material.read(corpora, dictionaries)
    known = vocabulary(material, names_of(dictionaries))
    tokens = [known.ids[numbers] for numbers in material.corpora.values()]
    new = counting.originals(tokens[: len(corpus.WEIGHTS)])
    new += [np.ones(len(each), bool) for each in tokens[len(corpus.WEIGHTS) :]]
    weights = list(material.weights.values())
    model, mean = smoothed(tokens, new, weights, known.size, budget)
    packing.write(model, mean, target / "ngrams")
    write_words(material, known, target / "syllables.tsv")


def main() -> None:
    """Build from the command line."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    build(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
