"""Unicode that is right to the eye only: loose marks, look-alike letters, invisible characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.repair.orthography import is_wellformed_syllable

if TYPE_CHECKING:
    from baocao_etl.dictionaries import Dictionaries

_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
# A mark that a PDF writer set off from its letter, as in "tiê ́ng".
_LOOSE_MARK = re.compile(f"(?<=[^\\W\\d_]) (?=[{_MARKS}])")
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)]
)
_SPACES = dict.fromkeys((0xA0, 0x202F, 0x205F, 0x3000, *range(0x2000, 0x200B)), " ")
_WHITE = {0x2028: " ", 0x2029: " "}  # they would begin a line that the page does not have
# C1 controls are Windows-1252 punctuation that was read as Latin-1.
_C1 = {0x85: "…", 0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x95: "•", 0x96: "–", 0x97: "—"}
_UNSEEN: dict[int, str | None] = {**_INVISIBLE, **_SPACES, **_WHITE, **_C1}
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile("[A-Za-zÀ-ɏ\u1e00-\u1eff]")


class Tidied(NamedTuple):
    """The text, and which steps changed it ("invisible", "nfc", "lookalike"), in their order."""

    text: str
    steps: tuple[str, ...]


def tidy(tables: Dictionaries, text: str) -> Tidied:
    """Compose marks (NFC), replace look-alikes by the letters meant, drop what cannot be seen."""
    steps: list[str] = []
    for name, step in (("invisible", _see), ("nfc", _compose)):
        changed = step(text)
        if changed != text:
            steps.append(name)
            text = changed
    changed = _replace_lookalikes(tables, text)
    if changed != text:
        steps.append("lookalike")
        text = unicodedata.normalize("NFC", changed)
    return Tidied(text, tuple(steps))


def join_loose_marks(line: str) -> str:
    """Put combining marks back on the letter that a PDF writer set them off from by a space."""
    return _LOOSE_MARK.sub("", line) if _LOOSE_MARK.search(line) else line


def _see(text: str) -> str:
    return text.translate(_UNSEEN)


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _replace_lookalikes(tables: Dictionaries, text: str) -> str:
    pattern = _lookalikes(tables).pattern
    if not pattern.search(text):
        return text
    return _WORD.sub(lambda match: _mend_word(tables, match.group()), text)


def _mend_word(tables: Dictionaries, word: str) -> str:
    table = _lookalikes(tables)
    if not table.pattern.search(word):
        return word
    word = word.translate(table.always)
    if _LATIN.search(word):
        mended = word.translate(table.latin)
        # A word that stays half Greek or Cyrillic was meant so.
        if all(_LATIN.match(c) or not c.isalpha() for c in mended):
            word = mended
    mended = word.translate(table.syllable)
    return mended if mended != word and is_wellformed_syllable(mended) else word


class _Table(NamedTuple):
    pattern: re.Pattern[str]
    always: dict[int, str]
    latin: dict[int, str]
    syllable: dict[int, str]


@cache
def _lookalikes(tables: Dictionaries) -> _Table:
    kinds: dict[str, dict[int, str]] = {"always": {}, "latin": {}, "syllable": {}}
    for row in tables.rows("encodings/lookalikes"):
        kinds[row["when"]][int(row["code"], 16)] = row["letter"]
    every = "".join(re.escape(chr(code)) for kind in kinds.values() for code in kind)
    return _Table(re.compile(f"[{every}]"), **kinds)
