"""The corpora that the tables are counted from: their paragraphs, and these as numbers.

A corpus is one paragraph a line, xz. One paragraph in fifty is held out, chosen by a checksum of its
text, so that the same text is held out of every corpus that has it.
"""

from __future__ import annotations

import lzma
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from baocao_etl.errors import MissingError
from baocao_etl.repair.orthography import fold
from baocao_etl.repair.tokens import BOUNDARY, SPECIAL, UNKNOWN, language_tokens

WEIGHTS = {
    "mixed_admin": 6, "congbao": 2, "vlc_laws": 2, "phapdien": 1, "viwiki": 1, "baomoi": 1
}  # fmt: skip
"""What one occurrence in each corpus counts: administrative and legal text more than the press."""

HELD_OUT = 50  # one paragraph in so many


def path_of(folder: Path, name: str) -> Path:
    """Return the file of a corpus.

    Raises:
        MissingError: it is not there.
    """
    path = folder / f"{name}.txt.xz"
    if not path.is_file():
        raise MissingError(
            f"The corpus {path} is missing.", "Say where the corpora lie: make CORPORA=FOLDER ..."
        )
    return path


def paragraphs(path: Path, *, held_out: bool = False) -> Iterator[str]:
    """Yield the paragraphs of a corpus (NFC): those held out, or all others."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = unicodedata.normalize("NFC", line.strip())
            if text and (zlib.crc32(text.encode()) % HELD_OUT == 0) == held_out:
                yield text


class Numbers(dict[str, int]):
    """Tokens, in lower case, -> numbers; a token that is new gets the next one."""

    def __init__(self) -> None:
        super().__init__(zip(SPECIAL, range(len(SPECIAL)), strict=True))

    def __missing__(self, token: str) -> int:
        self[token] = number = len(self)
        return number


class _Known(dict[str, int]):
    """Tokens, in lower case, -> ids of the words that they are, in one vocabulary."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        super().__init__(ids)
        self._ids = ids

    def __missing__(self, token: str) -> int:
        self[token] = found = self._ids.get(fold(token), self._ids[UNKNOWN])
        return found


def token_ids(path: Path, ids: Mapping[str, int]) -> npt.NDArray[np.uint16]:
    """Return the tokens of a corpus that are not held out as ids, a boundary around each paragraph."""
    known = _Known(ids)
    return numbered(paragraphs(path), known).astype(np.uint16)


def numbered(texts: Iterator[str], numbers: dict[str, int]) -> npt.NDArray[np.uint32]:
    """Return the tokens of paragraphs as `numbers` has them, a boundary before, between and behind."""
    boundary = np.array([numbers[BOUNDARY]], np.uint32)
    found = [boundary]
    for text in texts:
        tokens = language_tokens(text)
        found += [np.fromiter(map(numbers.__getitem__, tokens), np.uint32, len(tokens)), boundary]
    return np.concatenate(found)
