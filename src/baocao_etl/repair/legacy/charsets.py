"""The 8-bit character sets that Vietnamese was written in before Unicode, and their fonts.

A text layer or a text file in such a set reaches us as the Windows-1252 or Latin-1 characters of its
codes ("B¸o c¸o"): the *surface*. Tables: `dictionaries/encodings/*.tsv`, each with its source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from baocao_etl.dictionaries import Dictionaries

CHARSETS = ("tcvn3", "vni", "vps", "viscii")

# Signs in a number are what they look like: "5−10", "3×4", "−2"; in "nh÷ng" they are letters.
_ARITHMETIC = re.compile(
    "(?<=[0-9])[\u2010-\u2012\u2212×÷±·\u2219¼½¾](?![^\\W\\d_])"
    "|(?<![^\\W_])[\u2010-\u2012\u2212×÷±·\u2219¼½¾](?=[0-9])"
)
_SUBSET_PREFIX = re.compile(r"^[A-Z]{6}\+")


class Font(NamedTuple):
    """What a font's name tells: its character set, and whether it draws only capitals."""

    charset: str
    capitals: bool


@dataclass(frozen=True, eq=False)
class Charset:
    """One table, by surface character. `pairs` holds letters of two codes (VNI: vowel, marks)."""

    name: str
    singles: dict[str, str]
    pairs: dict[str, str]
    codes: dict[str, str]

    def decode(self, text: str) -> tuple[str, int]:
        """Return `text` in Unicode, and how many of its letters are no code of this set."""
        kept = {match.start() for match in _ARITHMETIC.finditer(text)}
        letters: list[str] = []
        strays = 0
        at = 0
        while at < len(text):
            letter = self.pairs.get(text[at : at + 2])
            if letter is not None:
                at += 2
            else:
                here = text[at]
                letter = here if at in kept else self.singles.get(here)
                if letter is None:
                    strays += not here.isascii() and (here.isalpha() or here == "\N{SOFT HYPHEN}")
                    letter = here
                at += 1
            letters.append(letter)
        return "".join(letters), strays

    def encode(self, text: str) -> str | None:
        """Return the surface of `text`; None if the set lacks one of its letters.

        TCVN3 has no capitals with a tone; there the small letter's code stands, as in its documents.
        """
        surface: list[str] = []
        for letter in text:
            code = self.codes.get(letter)
            if code is None and self.name == "tcvn3":
                code = self.codes.get(letter.lower())
            if code is None and not letter.isascii() and letter.isalpha():
                return None
            surface.append(letter if code is None else code)
        return "".join(surface)


@cache
def load_charset(tables: Dictionaries, name: str) -> Charset:
    """Read `dictionaries/encodings/NAME.tsv` (see `CHARSETS`)."""
    others = _other_surfaces(tables)
    singles: dict[str, str] = {}
    pairs: dict[str, str] = {}
    codes: dict[str, str] = {}
    for row in tables.rows(f"encodings/{name}"):
        code = bytes.fromhex(row["code"])
        letter = row["letter"]
        codes[letter] = "".join(_surfaces(byte)[0] for byte in code)
        if len(code) == 1:
            for surface in _surfaces(code[0]) + others[code[0]]:
                singles.setdefault(surface, letter)
        else:
            vowel, mark = (_surfaces(byte)[0] for byte in code)
            # The marks of either case are typed behind the vowels of either case.
            pairs[vowel + mark] = letter
            pairs.setdefault(vowel + mark.swapcase(), letter)
    return Charset(name, singles, pairs, codes)


def _surfaces(byte: int) -> list[str]:
    """Return what `byte` may look like, the likeliest (Windows-1252) first."""
    found = [bytes((byte,)).decode("cp1252", errors="ignore"), chr(byte)]
    if byte >= 0x80:
        found.append(chr(0xF000 + byte))  # symbol-encoded TrueType fonts
    return [surface for surface in found if surface]


@cache
def _other_surfaces(tables: Dictionaries) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in tables.rows("encodings/surfaces"):
        found[int(row["code"], 16)].append(chr(int(row["surface"], 16)))
    return found


@lru_cache(maxsize=1024)
def font_hint(tables: Dictionaries, name: str) -> Font | None:
    """Return what the font's name says about its character set; None for ordinary fonts."""
    bare = _SUBSET_PREFIX.sub("", name.strip()).replace("#20", " ")
    for pattern, font in _font_patterns(tables):
        if pattern.fullmatch(bare):
            return font
    return None


@cache
def _font_patterns(tables: Dictionaries) -> tuple[tuple[re.Pattern[str], Font], ...]:
    return tuple(
        (re.compile(row["pattern"]), Font(row["charset"], row["capitals"] == "yes"))
        for row in tables.rows("encodings/fonts")
    )
