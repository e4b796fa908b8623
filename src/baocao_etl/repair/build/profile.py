"""Count the words that bear Vietnamese marks into `encodings/profile.tsv`.

python -m baocao_etl.repair.build.profile CORPORA DICTIONARIES
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import chain
from pathlib import Path

from baocao_etl.repair.build import corpus
from baocao_etl.repair.orthography import MARKED_LETTERS, fold
from baocao_etl.repair.tokens import SPECIAL, language_tokens

CORPORA = ("phapdien", "congbao", "viwiki")
PER = 10_000_000
LEAST = 6  # per PER running words
_HEADER = """\
# How often words that bear Vietnamese marks occur: count per 10,000,000 running words, lower case, tone
# marks in the canonical place. Serves to tell encodings apart, not to spell.
# Source: counted by repair/build/profile.py in law (phapdien, congbao: official texts, outside
# copyright) and Wikipedia (viwiki, CC BY-SA); counts only, no text.
word	count
"""
_MARKED = frozenset(MARKED_LETTERS)


def frequencies(folder: Path) -> dict[str, int]:
    """Return the marked words of the corpora and how often they occur in PER running words."""
    written: Counter[str] = Counter()
    for name in CORPORA:
        path = corpus.path_of(folder, name)
        every = chain(corpus.paragraphs(path), corpus.paragraphs(path, held_out=True))
        for paragraph in every:
            written.update(language_tokens(paragraph))
    for token in SPECIAL:
        del written[token]
    words: Counter[str] = Counter()
    for token, count in written.items():
        words[fold(token)] += count
    running = words.total()
    found = {word: round(count * PER / running) for word, count in words.items()
             if not _MARKED.isdisjoint(word)}  # fmt: skip
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return {word: count for word, count in ranked if count >= LEAST}


def build(folder: Path, target: Path) -> None:
    """Write `encodings/profile.tsv` into the dictionaries `target`."""
    rows = "".join(f"{word}\t{count}\n" for word, count in frequencies(folder).items())
    path = target / "encodings" / "profile.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEADER + rows, encoding="utf-8")


def main() -> None:
    """Build from the command line."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    build(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
