"""The words beside numbers: units, and the contexts that say what a number is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.errors import UsageError
from baocao_etl.models import Qualifier
from baocao_etl.repair.orthography import bare, fold, normalise_tone, strip_diacritics

UnitKind = Literal["count", "quantity", "score", "money", "multiplier"]
# What makes a place in an order a rank: "thứ 17 toàn thành phố"
AMONG_ALL = re.compile(
    r"\s(?:toan|ca)\s(?:thanh|tinh|huyen|nuoc|quoc|vung|quan|nganh)\b", re.IGNORECASE
)
# What follows a place in an order shows: "tăng 6 bậc so với năm trước (hạng 31)"
_IN_RANKING = re.compile(r"\b(?:bac|xep|vi tri)\b[^.;]*\(\s?(?:xep )?hang\s*$", re.IGNORECASE)
_PERSON = "person"  # the group of those who are counted by the head
_NO_UNIT = "none"  # the kind of words that only begin like a unit: "giải ngân" is no "giải"
LONGEST_UNIT = 6  # words
_SPECKS = " ?'’`"  # that OCR sees behind a word
_MAY_FOLLOW = ' ,.;:)/"”'
_STRUNG_BY = re.compile(r"\s*(?:,|và)\s*(?=[^\W\d_])")
_NAME_BEHIND = re.compile(r" (?=[^\W\d_])(?![a-zà-ỹđ])")
_NEXT_WORD = re.compile(r" ([^\W\d_]+)")
_GAP = re.compile(r",?\s")
_PER_AREA = re.compile(r"/(?:k?m[23²³]|ha|km)\b")
_HAS_NUMBER = re.compile(r" \d")
_GLUED_MEASURE = re.compile(r"k?m[23²³](?=[^\W\d_])")  # 11.310 m3gỗ
_UP_TO_NUMBER = re.compile(r"[^\d.,;()]*$")
_TO_AMOUNT = re.compile(r"(?:\b(?:tu|con|xuong|la|khoang|hon|tren|di|them|gan|den|:)\s?)*$")
_UP_TO_MARK = re.compile(r"[^,.;:()\d]{0,30}")
WORD = re.compile(r"[^\W_][\w²³&/]*(?:\.[kK]m\b|-[^\W\d_]+)?")
_POWERS = frozenset(map(str, range(1, 16)))


class Unit(NamedTuple):
    """A unit phrase found behind a number: what it is filed under, and where it ends."""

    name: str
    kind: UnitKind
    group: str
    end: int
    known: bool = True


class Vocabulary:
    """Units and context words of one set of dictionaries, ready for look-up."""

    def __init__(self, tables: Dictionaries) -> None:
        self._units: dict[str, dict[str, Mapping[str, str]]] = {}
        for row in tables.rows("units"):
            if row["kind"] == "multiplier" and row["canonical"] not in _POWERS:
                raise UsageError(
                    f"The multiplier {row['phrase']!r} of units.tsv has no power of ten from 1 to 15"
                    f" in its column canonical, but {row['canonical']!r}.",
                    "Mend the line: 3 for nghìn, 6 for triệu, 9 for tỷ.",
                )
            spellings = self._units.setdefault(key(row["phrase"]), {})
            spellings[normalise_tone(row["phrase"].lower())] = row
        roles: dict[str, list[str]] = {}
        for row in tables.rows("contexts"):
            roles.setdefault(row["role"], []).append(key(row["phrase"]))
        self.roles: Mapping[str, tuple[str, ...]] = {k: tuple(v) for k, v in roles.items()}
        self._exact: dict[str, set[str]] = {}
        for row in tables.rows("contexts"):
            self._exact.setdefault(row["role"], set()).add(fold(row["phrase"]))
        self._qualifiers = _by_length(self.roles, "qualifier:")
        self._qualifiers_behind = _by_length(self.roles, "qualifier_behind:")
        self.heads = frozenset(r["phrase"] for r in tables.rows("units") if r["group"] == _PERSON)
        self.document_types = tuple(key(row["name"]) for row in tables.rows("document_types"))

    def unit_at(self, text: str, start: int) -> Unit | None:
        """Return the longest unit phrase that begins at `start` (white space skipped)."""
        start += len(text[start:]) - len(text[start:].lstrip())
        ends = _word_ends(text, start)
        for end in reversed(ends):
            is_rate = _PER_AREA.match(text, end)  # a thing, whatever its marks: còn/m2
            seen = strip_diacritics(text[start:end]) if is_rate else text[start:end]
            row = self._unit(seen, marked=not is_rate and keeps_marks(text))
            if row is not None and not _is_glued(text, start, end):
                return None if row["kind"] == _NO_UNIT else self._strung(text, start, end, row)
        return None

    def _unit(self, seen: str, *, marked: bool) -> Mapping[str, str] | None:
        """Look a phrase up without its diacritics, which OCR bends; half of its words must keep their own.

        "đơn vì" is đơn vị, but "hộ chưa" is no hồ chứa. One syllable must not lose its marks: "van" may be
        vạn where the text has lost them, but "vấn" is not.
        """
        spellings = self._units.get(key(seen))
        if spellings is None:
            return None
        exact = spellings.get(normalise_tone(" ".join(seen.lower().split())))
        if exact is not None:
            return exact
        if " " in seen:
            return next((r for r in spellings.values() if _may_be(seen, r["phrase"])), None)
        is_bent = not marked and seen.isascii() and not self.is_function(seen)
        return next(iter(spellings.values())) if is_bent else None

    def is_function(self, word: str) -> bool:
        """Say whether `word` never begins a unit; one that has lost its marks is taken for its like."""
        return self.is_in("function", word)

    def _strung(self, text: str, start: int, end: int, row: Mapping[str, str]) -> Unit:
        """Take in what commas add to the unit: `xã` + `, phường, thị trấn`."""
        kind: UnitKind = row["kind"]  # type: ignore[assignment]
        name = row["canonical"] or _as_written(text[start:end], row)
        group = row["group"]
        while group and (m := _STRUNG_BY.match(text, end)):
            further = self._further(text, m.end(), group)
            if further is None or further[1].lower() in _STRUNG_BY.split(name.lower()):
                break  # "văn bản, văn bản đi": another figure begins
            name = f"{name}{m[0]}{further[1]}"
            end = further[0]
        return Unit(" ".join(name.split()), kind, group, end)

    def _further(self, text: str, start: int, group: str) -> tuple[int, str] | None:
        """Return where the next unit of `group` in a list of them ends, and its name.

        Beside its like a unit is known even if a mark of it is bent: "xã, phương, thị trấn".
        """
        for end in reversed(_word_ends(text, start)):
            spellings = self._units.get(key(text[start:end]), {})
            row = next((r for r in spellings.values() if r["group"] == group), None)
            if row is not None:
                if group == "place" and _NAME_BEHIND.match(text, end):
                    return None  # "12 xã, thị xã Hồng Lĩnh"
                if _HAS_NUMBER.match(text, end):
                    return None  # "nữ 31 người, viên chức 20 người"
                goes_on = group != "place" and self._goes_on(text, start, end)
                return None if goes_on else (end, _as_written(text[start:end], row))
        return None

    def _goes_on(self, text: str, start: int, end: int) -> bool:
        """Say whether a word follows that makes another one of the syllable at `start:end`: "ban hành"."""
        m = _NEXT_WORD.match(text, end)
        is_syllable = " " not in text[start:end].strip()
        return bool(is_syllable and m and m[1].islower() and not self.is_function(m[1]))

    def is_in(self, role: str, word: str, *, marked: bool = False) -> bool:
        """Say whether `word` is one of `role`; one that has lost its marks is taken for its like.

        `marked`: its text has kept them, so that khoan is no khoản.
        """
        if word.isascii() and not marked:
            return key(word) in self.roles[role]
        return fold(word) in self._exact.get(role, ())

    def bent_multiplier(self, text: str, start: int) -> Unit | None:
        """Return the multiplier that OCR bent by one letter, if money stands behind: `60 ứriệu đồng`.

        Short ones (tỷ, vạn) are too like other words to be guessed.
        """
        m = WORD.match(text, start + len(text[start:]) - len(text[start:].lstrip()))
        behind = self.unit_at(text, m.end()) if m else None
        if m is None or behind is None or behind.kind != "money" or behind.end <= m.end() + 2:
            return None
        for seen, spellings in self._units.items():
            for row in spellings.values():
                near = len(seen) > 3 and Levenshtein.distance(seen, key(m[0])) == 1
                if near and row["kind"] == "multiplier":
                    return Unit(row["canonical"], "multiplier", "", m.end(), known=False)
        return None

    def guess_unit(self, text: str, start: int) -> Unit | None:
        """Return the noun behind a number that no dictionary knows: one word, or two small ones."""
        start += len(text[start:]) - len(text[start:].lstrip())
        words = list(WORD.finditer(text, start, start + 60))[:2]
        if not words or words[0].start() != start or words[0][0][0].isdigit():
            return None
        first = words[0]
        if text[first.end() : first.end() + 1] not in _MAY_FOLLOW:
            return None  # half a word that OCR broke
        if self.is_function(first[0]) or not first[0].isalpha():
            return None
        end = first.end()
        if first[0].islower() and len(words) > 1 and text[first.end() : words[1].start()] == " ":
            second = words[1][0]
            if second.isalpha() and not self.is_function(second):
                end = words[1].end()
        if self.is_in("verb", text[start:end]):
            return None  # "Đội 113 giải quyết": what is done counts nothing
        return Unit(text[start:end], "count", "", end, known=False)

    def qualifier(self, plain: str, start: int, end: int) -> Qualifier:
        """Return how exact the number at `start` is told to be; `end` is where its unit ends.

        The longest phrase decides: "không quá" and not "quá", "cao hơn" (which says nothing) and not "hơn".
        """
        left = plain[max(0, start - 40) : start].lower().rstrip()
        for phrase, name in self._qualifiers:
            if left.endswith(phrase) and not left[: -len(phrase)][-1:].isalnum():
                return name
        right = _UP_TO_MARK.match(plain.lower(), end)
        for phrase, name in self._qualifiers_behind:
            if right and re.search(rf"\b{phrase}\b", right[0]):
                return name
        return "exact"

    def tells_duration(self, plain: str, start: int) -> bool:
        """Say whether what stands before `start` tells of a stretch of time: `thời hạn là 36 tháng`."""
        m = _UP_TO_NUMBER.search(plain, max(0, start - 60), start)
        left = f" {m[0].lower()}" if m else ""
        if any(f" {phrase} " in left for phrase in self.roles["duration_of"]):
            return True
        filler = _TO_AMOUNT.search(left)
        end = start - (len(filler[0]) if filler else 0)
        done = self.before("verb", plain, end)  # chậm bàn giao 02 tháng
        return any(
            self.has_before("duration_before", plain, at) for at in (end, done) if at is not None
        )

    def has_before(self, role: str, plain: str, start: int) -> bool:
        """Say whether a phrase of `role` stands right before `start` in `plain` (no diacritics)."""
        return self.before(role, plain, start) is not None

    def before(self, role: str, plain: str, start: int) -> int | None:
        """Return where the phrase of `role` right before `start` begins; None if there is none."""
        left = plain[max(0, start - 40) : start].lower().rstrip(_SPECKS)
        for phrase in self.roles[role]:
            if left.endswith(phrase):
                at = len(left) - len(phrase)
                if at == 0 or not phrase[0].isalpha() or not left[at - 1].isalnum():
                    return max(0, start - 40) + at
        return None


def in_ranking(plain: str, begin: int, start: int) -> bool:
    """Say whether a former rank stands at `start`: `tăng 2 bậc (hạng 5)`; its sentence begins at `begin`."""
    is_told = plain[max(begin, start - 12) : start].lower().rstrip().endswith("hang")
    return is_told and _IN_RANKING.search(plain, begin, start) is not None


def _as_written(seen: str, row: Mapping[str, str]) -> str:
    """Return the phrase of a unit as the text has it, or in its own spelling where the text bends it."""
    is_exact = normalise_tone(seen.lower()) == normalise_tone(row["phrase"].lower())
    return seen if is_exact else row["phrase"]


def _may_be(seen: str, phrase: str) -> bool:
    """Say whether at least half of the words of `phrase` are seen with their marks, or with none at all."""
    pairs = list(zip(seen.split(), phrase.split(), strict=False))
    return 2 * sum(a.isascii() or fold(a) == fold(b) for a, b in pairs) >= len(pairs)


def _by_length(roles: Mapping[str, Sequence[str]], prefix: str) -> list[tuple[str, Qualifier]]:
    """Return the phrases of the roles that begin with `prefix`, with the rest of the role's name."""
    found: list[tuple[str, Qualifier]] = [
        (phrase, role.removeprefix(prefix))  # type: ignore[misc]
        for role, phrases in roles.items()
        if role.startswith(prefix)
        for phrase in phrases
    ]
    return sorted(found, key=lambda item: -len(item[0]))


def _is_glued(text: str, start: int, end: int) -> bool:
    """Say whether a one-letter unit such as m or đ has more glued to it, so that it is none."""
    return end - start == 1 and end < len(text) and (text[end].isalnum() or text[end] in "/-")


@lru_cache(maxsize=64)
def keeps_marks(text: str) -> bool:
    """Say whether a text is written with its diacritics: as a rule two words of three bear one."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    return 3 * sum(not word.isascii() for word in words) >= len(words) > 0


def _word_ends(text: str, start: int) -> list[int]:
    ends: list[int] = []
    at = start
    while len(ends) < LONGEST_UNIT:
        m = WORD.match(text, at)
        if not m:
            break
        ends.append(m.end())
        if "/" in m[0]:
            ends.append(m.start() + m[0].index("/"))
        if glued := _GLUED_MEASURE.match(m[0]):
            ends.append(m.start() + glued.end())
        gap = _GAP.match(text, m.end())
        if not gap:
            break
        at = gap.end()
    return sorted(ends)


@lru_cache(maxsize=65_536)
def key(phrase: str) -> str:
    """Return `phrase` in lower case without diacritics, the form in which phrases are compared."""
    return bare(" ".join(phrase.split()))


@cache
def vocabulary(tables: Dictionaries) -> Vocabulary:
    """Return the vocabulary of `tables`, made once."""
    return Vocabulary(tables)
