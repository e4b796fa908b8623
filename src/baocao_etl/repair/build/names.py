"""Count which syllables people are called by: `person_names.tsv`.

    python -m baocao_etl.repair.build.names CORPORA DICTIONARIES

Behind a title (ông, bà, đồng chí, thượng tá, ...) three or four words with capitals of which the first is a
surname are a person's name: surname, middle names, given name. Counts are facts about the texts; no text,
and no whole name, is contained.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair.build import corpus
from baocao_etl.repair.lexicon import lexicon_of
from baocao_etl.repair.orthography import normalise_tone

CORPORA = ("baomoi", "viwiki", "mixed_admin", "congbao")
LEAST = 3  # times that a syllable must stand in one place of a name
_NAME = re.compile(
    r"\b(?:ông|bà|anh|chị|đồng chí|tác giả|chủ tịch|giám đốc|bí thư|trưởng|tá|úy|tướng|sĩ|sỹ|cô|em)\s"
    r"((?:[^\W\d_]+\s){2,3}[^\W\d_]+)",
    re.IGNORECASE,
)
_HEAD = """\
# Syllables of Vietnamese people's names, by their place in the name, and how often they stand there, counted
# behind a title in {corpora} (2 % of the paragraphs held out). Surnames: those of phrases.tsv.
# Made by baocao_etl.repair.build.names. Counts are facts about the texts; no text and no name is contained.
syllable\trole\tcount
"""


def counted(folder: Path, surnames: frozenset[str]) -> dict[str, Counter[str]]:
    """Return how often each syllable is a surname, a middle name and a given name."""
    found: dict[str, Counter[str]] = {role: Counter() for role in ("surname", "middle", "given")}
    for name in CORPORA:
        for line in corpus.paragraphs(corpus.path_of(folder, name)):
            for match in _NAME.finditer(line):
                words = _titled(match[1].split())
                if len(words) >= 3 and words[0] in surnames:
                    found["surname"][words[0]] += 1
                    found["middle"].update(words[1:-1])
                    found["given"][words[-1]] += 1
    return found


def _titled(words: list[str]) -> list[str]:
    """Return the words from the first on that have a capital and small letters behind it."""
    end = next((i for i, word in enumerate(words) if not word.istitle()), len(words))
    return [normalise_tone(word.lower()).capitalize() for word in words[:end]]


def main(arguments: list[str]) -> None:
    """Write `person_names.tsv`."""
    folder, dictionaries = map(Path, arguments)
    tables = Dictionaries((dictionaries,))
    known = lexicon_of(tables)
    surnames = frozenset(r["phrase"] for r in tables.rows("phrases") if r["role"] == "surname")
    rows = [
        f"{syllable}\t{role}\t{count}\n"
        for role, counts in counted(folder, surnames).items()
        for syllable, count in sorted(counts.items())
        if role == "surname" or (count >= LEAST and known.is_syllable(syllable.lower()))
    ]
    head = _HEAD.format(corpora=", ".join(CORPORA))
    (dictionaries / "person_names.tsv").write_text(head + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
