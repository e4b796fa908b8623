"""What is peculiar to TCVN3 documents: the ư that tools lose, and the case that its fonts carry."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from baocao_etl.repair.legacy.profile import is_known
from baocao_etl.repair.orthography import MARKED_LETTERS, is_wellformed_syllable, split_tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baocao_etl.dictionaries import Dictionaries

_TONED = frozenset(c for c in MARKED_LETTERS if c.islower() and split_tone(c)[1])
_LETTERS = re.compile(r"[^\W\d_]+")
_AROUND_HYPHEN = re.compile(r"(?<!\w)([^\W\d_]*)-([^\W\d_]*)(?!\w)")


def restore_u(tables: Dictionaries, text: str) -> str:
    """Put the ư back that became a hyphen or vanished: "n-ớc", "nớc" -> "nước"; "t-" -> "tư".

    Its code is the soft hyphen, which tools write as "-" or drop. Only known words are restored, and
    only where the parts are none ("kinh tế-xã hội" stays).
    """
    if "-" in text:
        text = _AROUND_HYPHEN.sub(lambda match: _join(tables, match), text)
    if text.isascii():
        return text
    return _LETTERS.sub(lambda match: _insert(tables, match.group()), text)


def _join(tables: Dictionaries, match: re.Match[str]) -> str:
    left, right = match.groups()
    if not (left or right) or is_wellformed_syllable(left) or is_wellformed_syllable(right):
        return match.group()
    capital = (left + right).isupper() and len(left + right) > 1
    joined = left + ("Ư" if capital else "ư") + right
    return joined if is_known(tables, joined) else match.group()


def _insert(tables: Dictionaries, run: str) -> str:
    """Write ươ for a lone ơ where only that makes a syllable: "đợc" -> "được"."""
    plain = split_tone(run)[0]
    at = plain.lower().find("ơ")
    if at < 0 or len(plain) != len(run) or is_wellformed_syllable(run):
        return run
    longer = run[:at] + ("Ư" if plain[at] == "Ơ" else "ư") + run[at:]
    return longer if is_known(tables, longer) else run


def case_back(words: Sequence[str]) -> list[str]:
    """Give the words of a line, decoded from TCVN3, the capitals that its codes cannot say.

    TCVN3 has no capitals with a tone, so "SẮC LỆNH" decodes to "SắC LệNH". Where every letter that
    could be a capital is one, and there are two of them or the words on both sides are in capitals,
    the toned letters become capitals too.
    """
    kinds = [_kind(word) for word in words]
    found: list[str] = []
    for at, (word, kind) in enumerate(zip(words, kinds, strict=True)):
        raised = kind == "capitals" or (kind == "either" and _among_capitals(kinds, at))
        found.append(word.upper() if raised else word)
    return found


@lru_cache(maxsize=1 << 15)
def _kind(word: str) -> str:
    """Return "capitals", "small", "either" (only toned letters tell), or "none" (no letters)."""
    letters = [c for c in word if c.isalpha()]
    telling = [c for c in letters if c not in _TONED]
    if not letters:
        return "none"
    if any(c.islower() for c in telling):
        return "small"
    if len(telling) == len(letters):
        # No toned letter: nothing to raise; a syllable shows the line's case, an acronym does not.
        return "capitals" if is_wellformed_syllable("".join(letters)) else "none"
    # "Sắ": the first letter of a name or sentence; "SắC", "ắC": inside capitals.
    inner = telling if letters[0] not in telling else telling[1:]
    return "capitals" if inner else "either"


def _among_capitals(kinds: Sequence[str], at: int) -> bool:
    """Say whether the nearest telling words on both sides (where there are any) are in capitals."""
    before = next((k for k in reversed(kinds[:at]) if k in ("capitals", "small")), None)
    after = next((k for k in kinds[at + 1 :] if k in ("capitals", "small")), None)
    return "small" not in (before, after) and "capitals" in (before, after)
