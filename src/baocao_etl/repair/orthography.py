"""How a Vietnamese syllable is spelled: its parts, its tone mark, whether it can exist at all.

A syllable is an onset, a rime and one of six tones. Two habits of placing the tone mark live side
by side (hòa and hoà, thủy and thuỷ, khỏe and khoẻ); this module knows them as one spelling and
writes the first, which is what Vietnamese keyboards write unless told otherwise.

All functions are total: any string goes in, and what is not a Vietnamese syllable is left as it is.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from baocao_etl.dictionaries import Dictionaries


class Tone(StrEnum):
    """The six tones; the value is the combining mark that writes it."""

    NGANG = ""
    HUYEN = "\N{COMBINING GRAVE ACCENT}"
    HOI = "\N{COMBINING HOOK ABOVE}"
    NGA = "\N{COMBINING TILDE}"
    SAC = "\N{COMBINING ACUTE ACCENT}"
    NANG = "\N{COMBINING DOT BELOW}"


VOWELS = "aăâeêioôơuưy"
"""The twelve vowel letters without a tone, lower case."""

_TONED = {
    vowel + tone: unicodedata.normalize("NFC", vowel + tone)
    for vowel in VOWELS + VOWELS.upper()
    for tone in Tone
}
_APART = {whole: (apart[0], Tone(apart[1:])) for apart, whole in _TONED.items()}

MARKED_LETTERS = "".join(sorted([c for c in _TONED.values() if not c.isascii()] + ["đ", "Đ"]))
"""The 134 Vietnamese letters that ASCII lacks, both cases, each one character (NFC)."""

_STRIP = {ord(c): unicodedata.normalize("NFD", c)[0] for c in MARKED_LETTERS} | {
    ord("đ"): "d",
    ord("Đ"): "D",
    0x00D0: "D",  # the Icelandic Eth, which many documents have for Đ
}
# Of decomposed text only the marks have to go.
_STRIP_MARKS = dict.fromkeys((0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323))
_STRIP_ALL: dict[int, str | None] = {**_STRIP, **_STRIP_MARKS}

_LETTERS = re.compile(r"[^\W\d_]+")
_FRONT = frozenset("eêiy")
_MARKED_VOWELS = frozenset("ăâêôơư")
_STOPS = ("c", "ch", "p", "t")
_LABIALS = frozenset(("b", "m", "p", "ph", "v"))
_VOWEL_SET = frozenset(VOWELS)
_ONSETS = re.compile(r"ngh|[cgknpt]h|ng|tr|[bcdđghklmnprstvx]")


class Syllable(NamedTuple):
    """A syllable in lower case: `onset` ("" if none), toneless `rime`, and `tone`.

    The i of gi serves both sides where the rime begins with it: gì is gi + i, giếng is gi + iêng.
    """

    onset: str
    rime: str
    tone: Tone

    def spelling(self) -> str:
        """Write the syllable, its tone mark in the canonical place (hòa, thủy, quý, giếng)."""
        onset = "g" if self.onset == "gi" and self.rime.startswith("i") else self.onset
        return onset + _with_tone(self.rime, self.tone)


def strip_diacritics(text: str) -> str:
    """Return `text` without Vietnamese tone and vowel marks; đ becomes d, case is kept.

    Works on composed and decomposed text. Other letters (ç, ñ, ä) stay.
    """
    return text if text.isascii() else text.translate(_STRIP_ALL)


def bare(text: str) -> str:
    """Return `text` (NFC) in lower case without diacritics, character for character.

    It is the form in which phrases that OCR may have bent are compared.
    """
    plain = strip_diacritics(text)
    lower = plain.lower()
    return lower if len(lower) == len(plain) else "".join(map(_lower, plain))


def _lower(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter  # the Turkish İ would become two


def split_tone(word: str) -> tuple[str, Tone]:
    """Take the tone mark off: hòa -> ("hoa", HUYEN); of several the last one counts."""
    found = Tone.NGANG
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", word):
        plain, tone = _APART.get(letter, (letter, Tone.NGANG))
        letters.append(plain)
        if tone:
            found = tone
    return "".join(letters), found


def decompose(word: str) -> Syllable | None:
    """Split `word` (any case, any tone placement) into onset, rime and tone.

    Returns None where the letters do not have the shape consonants + vowels + final consonant, or
    where there are two tone marks. Whether the rime exists is asked by `is_wellformed_syllable`.
    """
    return _decompose(unicodedata.normalize("NFC", word).lower())


@lru_cache(maxsize=1 << 15)
def _decompose(word: str) -> Syllable | None:
    plain, tone = split_tone(word)
    if sum(1 for letter in word if _APART.get(letter, ("", Tone.NGANG))[1]) > 1:
        return None
    onset, rime = _split_onset(plain)
    vowels = len(rime) - len(rime.lstrip(VOWELS))
    if not 1 <= vowels <= 3 or rime[vowels:] not in _FINALS:
        return None
    return Syllable(onset, rime, tone)


_FINALS = frozenset(("", "c", "ch", "m", "n", "ng", "nh", "p", "t"))


def _split_onset(plain: str) -> tuple[str, str]:
    """Split toneless lower-case letters behind the onset."""
    if plain.startswith("qu") and plain[2:3] in _VOWEL_SET and len(plain) > 2:
        return "qu", plain[2:]
    if plain.startswith("gi"):
        # giêng, giết: the i serves both the onset and the rime; in già it is the onset's alone.
        shared = plain[2:3] not in _VOWEL_SET or plain[2:3] in ("", "ê")
        return "gi", plain[1:] if shared else plain[2:]
    match = _ONSETS.match(plain)
    return (match.group(), plain[match.end() :]) if match else ("", plain)


def _tone_index(rime: str) -> int:
    """Return which letter of a toneless rime carries the tone mark (the older habit: hòa)."""
    marked = [i for i, letter in enumerate(rime) if letter in _MARKED_VOWELS]
    if marked:
        return marked[-1]  # ươ: on the ơ
    vowels = len(rime) - len(rime.lstrip(VOWELS))
    if vowels == 3 or (vowels == 2 and len(rime) > 2):
        return 1  # ngoài, khuỷu; hoàn, huỳnh
    return 0


def _with_tone(rime: str, tone: Tone) -> str:
    if not tone:
        return rime
    at = _tone_index(rime)
    return rime[:at] + _TONED[rime[at] + tone] + rime[at + 1 :]


def normalise_tone(word: str) -> str:
    """Return `word` (NFC, case kept) with the tone marks of its syllables in the canonical place.

    hoà -> hòa, THUỶ -> THỦY, qúy -> quý, gìa -> già. A word may carry punctuation or hyphens;
    letter runs that are no Vietnamese syllable stay as they are.
    """
    if word.isascii():
        return word
    return _LETTERS.sub(lambda run: _normalise_run(run.group()), unicodedata.normalize("NFC", word))


@lru_cache(maxsize=1 << 16)
def _normalise_run(run: str) -> str:
    if run.isascii():
        return run
    syllable = decompose(run)
    if syllable is None or not syllable.tone or not is_wellformed_syllable(run):
        return run
    spelled = syllable.spelling()
    if len(spelled) != len(run):
        return run
    return "".join(
        new.upper() if old.isupper() else new for old, new in zip(run, spelled, strict=True)
    )


@lru_cache(maxsize=1 << 17)
def fold(word: str) -> str:
    """Return `word` (NFC) in lower case and canonical spelling: the form under which words are looked up."""
    return normalise_tone(word.lower())


def onset_and_rime(word: str) -> tuple[str, str]:
    """Cut any word before its first vowel, in the case it is written in: Quý -> ("Q", "uý").

    The error channels are learned on these two parts, because they are few and an OCR program treats
    the same part alike in all syllables. Unlike `decompose` this follows the letters alone.
    """
    plain = split_tone(word.lower())[0]
    cut = next((i for i, letter in enumerate(plain) if letter in _VOWEL_SET), len(word))
    return word[:cut], word[cut:]


def same_spelling(one: str, other: str) -> bool:
    """Say whether two texts are the same but for case and the place of the tone marks."""
    return one == other or normalise_tone(one).lower() == normalise_tone(other).lower()


def is_wellformed_syllable(word: str) -> bool:
    """Say whether Vietnamese phonotactics allow `word` (any case, either tone placement).

    Checks the inventory of onsets and rimes (`dictionaries/orthography.tsv`), the spelling rules
    (k, gh and ngh before e ê i y; c, g and ng elsewhere), that rimes closed by c, ch, p, t bear sắc
    or nặng, and that the glide o/u does not follow a labial. A syllable that could exist but does
    not passes; names from other languages (Đắk, Kon) mostly do not.
    """
    syllable = decompose(word)
    return syllable is not None and _wellformed(syllable)


@lru_cache(maxsize=1 << 15)
def _wellformed(syllable: Syllable) -> bool:
    onset, rime, tone = syllable
    onsets, rimes = _inventory()
    where = rimes.get(rime)
    if where is None or (onset and onset not in onsets):
        return False
    if rime.endswith(_STOPS) and tone not in (Tone.SAC, Tone.NANG):
        return False
    return _follows(onset, where) and _agrees(onset, onsets.get(onset, "any"), rime)


def is_bare_syllable(word: str) -> bool:
    """Say whether `word` (lower case) is what a possible syllable leaves without its marks: nuoc, cap."""
    return word in _bare_syllables()


@cache
def _bare_syllables() -> frozenset[str]:
    onsets, rimes = _inventory()
    spelt = (
        Syllable(onset, rime, Tone.SAC if rime.endswith(_STOPS) else Tone.NGANG)
        for onset in ("", *onsets)
        for rime in rimes
    )
    return frozenset(strip_diacritics(s.spelling()) for s in spelt if _wellformed(s))


def _follows(onset: str, where: str) -> bool:
    """Say whether a rime of class `where` may follow `onset`."""
    if where == "some":
        return bool(onset) and onset != "qu"
    if where == "round":
        return onset != "qu" and onset not in _LABIALS
    return where == "any" or (onset or "zero") in where.split()


def _agrees(onset: str, before: str, rime: str) -> bool:
    """Say whether the spelling of `onset` fits the first letter of `rime`."""
    front = rime[0] in _FRONT
    if onset == "qu":
        return rime[0] not in "ouư" and (rime[0] != "ô" or rime == "ôc")
    if onset in ("gh", "ngh"):
        return front and rime != "y"
    return before == "any" or front == (before == "front")


@cache
def _inventory() -> tuple[dict[str, str], dict[str, str]]:
    """Return onset -> where and rime -> where."""
    tables: dict[str, dict[str, str]] = {"onset": {}, "rime": {}}
    for row in Dictionaries().rows("orthography"):
        tables[row["kind"]][row["spelling"]] = row["where"]
    return tables["onset"], tables["rime"]
