"""What an OCR run with the English model makes of Vietnamese: the damage of a wrong-language layer.

`data/eng_misreadings.tsv` lists, for each Vietnamese letter, what it is taken for and how often. The
choice is drawn from a generator with a fixed seed, so a layer is the same in every run.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

_TABLE = Path(__file__).resolve().parent / "data" / "eng_misreadings.tsv"


@cache
def _misreadings() -> dict[str, tuple[list[str], list[float]]]:
    found: dict[str, tuple[list[str], list[float]]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(("#", "letter\t")):
            continue
        letter, *readings = line.split("\t")
        pairs = [reading.rsplit(":", 1) for reading in readings]
        weights = [float(weight) for _, weight in pairs]
        found[letter] = ([text for text, _ in pairs], [w / sum(weights) for w in weights])
    return found


def misread(word: str, rng: np.random.Generator) -> str:
    """Return `word` as an English OCR run would give it; only characters of cp1252 come out."""
    table = _misreadings()
    parts = []
    for letter in word:
        if letter in table:
            readings, weights = table[letter]
            parts.append(readings[int(rng.choice(len(readings), p=weights))])
        else:
            parts.append(letter)
    text = "".join(parts)
    text.encode("cp1252")  # the layer's font has no other letters: fail loudly
    return text
