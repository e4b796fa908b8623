"""Count how often each word is written with a capital inside a sentence: what tells names from words.

    python -m baocao_etl.repair.build.capitals CORPORA DICTIONARIES

Only words inside a sentence count, that is behind a word in small letters or a comma; headings in
capitals do not. Written to `capitals.tsv`: counts are facts about the texts, no text is contained.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair.build import corpus
from baocao_etl.repair.lexicon import lexicon_of
from baocao_etl.repair.orthography import fold

LINES = 60_000  # of each corpus: shares need no more
LEAST = 8  # times that a word must stand inside a sentence
_TOKEN = re.compile(r"[^\W\d_]+|[^\w\s]|\d+")
_HEAD = """\
# How often a word has a capital inside a sentence, out of the times that it stands there, each in
# the first {lines} paragraphs of {corpora}; 2 % of the paragraphs held out.
# Made by baocao_etl.repair.build.capitals. Counts are facts about the texts; no text is contained.
word\tcapital\tinside
"""


def counted(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Return for each word (normal form) how often it is capital, and how often it stands inside."""
    capital: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for name in corpus.WEIGHTS:
        lines = zip(range(LINES), corpus.paragraphs(corpus.path_of(folder, name)), strict=False)
        for _, line in lines:
            for before, token in pairwise(_TOKEN.findall(line)):
                if not (before == "," or before.isalpha()) or not token.isalpha():
                    continue
                if len(token) > 1 and token.isupper():
                    continue
                word = fold(token)
                inside[word] += 1
                capital[word] += token[0].isupper()
    return capital, inside


def main(arguments: list[str]) -> None:
    """Write `capitals.tsv`."""
    folder, dictionaries = map(Path, arguments)
    known = lexicon_of(Dictionaries((dictionaries,)))
    capital, inside = counted(folder)
    rows = [
        f"{word}\t{capital[word]}\t{count}\n"
        for word, count in sorted(inside.items())
        if count >= LEAST and known.is_syllable(word)
    ]
    head = _HEAD.format(lines=LINES, corpora=", ".join(corpus.WEIGHTS))
    (dictionaries / "capitals.tsv").write_text(head + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
