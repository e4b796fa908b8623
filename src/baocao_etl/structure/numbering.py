"""Numbering families: how Vietnamese documents label their sections, and what follows what.

A family is a small class that reads its label at the beginning of a line and knows the steps between
its values. It does not decide whether a line *is* a heading: `outline` does, over all lines together.

Sources: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.6 (Phần, Chương, Mục, Điều, khoản, điểm, with the
Vietnamese alphabet); the families `A.` `I.` `1.` `1.1` `a)` of reports are custom, not prescribed.
"""

from __future__ import annotations

import re
from typing import ClassVar, NamedTuple

from baocao_etl.models import SectionKind
from baocao_etl.repair.orthography import strip_diacritics

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII",
         "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX")  # fmt: skip
# The Vietnamese alphabet with the Latin letters that some offices slip in; those may be skipped freely.
LETTERS = "abcdđefghijklmnopqrstuvxy"
OPTIONAL_LETTERS = frozenset("đfj")
_LOOKS_LIKE_I = str.maketrans({"1": "I", "l": "I", "|": "I", "!": "I", "i": "I", "T": "I", "v": "V",
                               "x": "X"})  # fmt: skip
_LOOKS_LIKE_DIGIT = str.maketrans({"l": "1", "I": "1", "|": "1", "O": "0", "o": "0"})
_LOOKS_LIKE_LETTER = {"©": "c", "2": "a", "6": "b"}
HIGHEST = 40  # no report counts its sections further; larger numbers are figures or years

Value = tuple[int, ...]


class Label(NamedTuple):
    """A possible reading of a line's beginning: its family, its value, and how odd the print is.

    `cost` is 0 for the form as it should be printed; `length` is the label's length in characters.
    """

    family: Family
    value: Value
    cost: float
    length: int
    printed: str


class Family:
    """One numbering style. `rank` orders the families from outermost to innermost."""

    name: ClassVar[str]
    kind: ClassVar[SectionKind]
    rank: ClassVar[int]

    def read(self, text: str) -> list[Label]:
        """Return the readings of the label at the beginning of `text`; none if there is none."""
        raise NotImplementedError

    def successor(self, value: Value) -> Value:
        """Return the value that comes after `value` at the same level."""
        return (*value[:-1], value[-1] + 1)

    def predecessor(self, value: Value) -> Value | None:
        """Return the value that comes before `value` at the same level; None for the first."""
        return (*value[:-1], value[-1] - 1) if value[-1] > 1 else None

    def skipped(self, before: Value, value: Value) -> int | None:
        """Return how many values lie between two siblings; None if `value` does not come later."""
        return value[-1] - before[-1] - 1 if value[-1] > before[-1] else None

    def written(self, value: Value) -> str:
        """Return `value` as it enters a section's path."""
        raise NotImplementedError


class UpperLetter(Family):
    """`A.` `B.`: the parts of a long report."""

    name, kind, rank = "A.", "part", 1
    _form = re.compile(r"([A-EG-IĐ])\s?[.)/]\s*(?=\D)")

    def read(self, text: str) -> list[Label]:
        """Read a capital letter before a dot; lower case is never one."""
        m = self._form.match(text)
        if not m:
            return []
        value = (LETTERS.index(m[1].lower()) + 1,)
        return [Label(self, value, 0.0, m.end(), m[0].strip())]

    def skipped(self, before: Value, value: Value) -> int | None:
        """Count the letters between, without those that need not be there (Đ, F, J)."""
        return _letters_between(before, value)

    def written(self, value: Value) -> str:
        """Return the capital letter."""
        return LETTERS[value[0] - 1].upper()


class Roman(Family):
    """`I.` `II.`: the chapters of a report. OCR writes I as 1, l, | and even T."""

    name, kind, rank = "I.", "part", 2
    _form = re.compile(r"([IVX1l|!TivxV]{1,5})\s?([.,:)])\s*(?=\D|$)")
    _bare = re.compile(r"([IVX1l|]{1,5})\s+(?=[A-ZĐÀ-Ỹ]{2})")

    def read(self, text: str) -> list[Label]:
        """Read a Roman number; each character that had to be bent back costs.

        OCR drops a stroke of III or VII, or the dot before a title in capitals, so those come at a cost.
        """
        m = self._form.match(text) or self._bare.match(text)
        if not m:
            return []
        letters = m[1].translate(_LOOKS_LIKE_I)
        if letters not in ROMAN[1:]:
            return []
        bent = sum(a != b for a, b in zip(m[1], letters, strict=True))
        if bent and bent == len(m[1]) and len(m[1]) == 1:
            bent = 3  # a lone 1 or l is far more often the number one
        sign = m[2] if m.re is self._form else None
        cost = 0.5 * bent + (0.0 if sign == "." else 0.5 if sign else 0.8)
        n = ROMAN.index(letters)
        labels = [Label(self, (n,), cost, m.end(), m[0].strip())]
        if letters.endswith("I") and ROMAN[n + 1] == letters + "I":
            labels.append(labels[0]._replace(value=(n + 1,), cost=cost + 1.4))
        return labels

    def written(self, value: Value) -> str:
        """Return the Roman number."""
        return ROMAN[value[0]]


class Article(Family):
    """`Điều 5.`: an article; its number runs through the chapters."""

    name, kind, rank = "Điều", "article", 5
    _form = re.compile(r"[ĐÐD]i[êếềèéeẻểễ]u\s+(\d{1,3}|[lI])\s?([.:,]|$)\s*", re.IGNORECASE)

    def read(self, text: str) -> list[Label]:
        """Read `Điều 5.`; in running text no dot follows the number."""
        m = self._form.match(text)
        if not m or not m[0][0].isupper():
            return []
        value = (int(m[1].translate(_LOOKS_LIKE_DIGIT)),)
        return [Label(self, value, 0.0 if m[2] == "." else 0.7, m.end(), m[0].strip())]

    def written(self, value: Value) -> str:
        """Return the number behind `Đ`."""
        return f"Đ{value[0]}"


class Arabic(Family):
    """`1.` `2.`: sections of a report, or the khoản (clauses) of an article."""

    name, kind, rank = "1.", "section", 6
    _form = re.compile(r"(\d{1,2}|[lI]|1[lI])\s?([.,/])(?!\d)\s*(?=\D|$)")
    _bare = re.compile(r"(\d{1,2})\s+(?=[^\W\d_])")

    def read(self, text: str) -> list[Label]:
        """Read `6.` or, at a cost, a 6 that lost its dot before a capital."""
        m = self._form.match(text)
        if m:
            number = int(m[1].translate(_LOOKS_LIKE_DIGIT))
            cost = (0.0 if m[2] == "." else 0.8) + (0.0 if m[1].isdigit() else 0.4)
        else:
            m = self._bare.match(text)
            if not m or not text[m.end()].isupper():
                return []
            number, cost = int(m[1]), 1.0
        if not 1 <= number <= HIGHEST:
            return []
        return [Label(self, (number,), cost, m.end(), m[0].strip())]

    def written(self, value: Value) -> str:
        """Return the number."""
        return str(value[0])


class Decimal(Family):
    """`4.1` `4.1.2`: sections that repeat the number of those they stand under."""

    name, kind, rank = "1.1", "section", 7
    _form = re.compile(r"(\d{1,2}(?:\s?\.\s?\d{1,2}){1,3})([.,:)]?)(?![\d%])\s*(?=\D|$)")

    def read(self, text: str) -> list[Label]:
        """Read two to four numbers parted by dots."""
        m = self._form.match(text)
        if not m:
            return []
        value = tuple(int(part) for part in re.split(r"\s?\.\s?", m[1]))
        behind = text[m.end() : m.end() + 1]
        if not all(1 <= part <= HIGHEST for part in value) or behind in ",;)":
            return []
        cost = 0.0 if not behind or not behind.islower() else 1.5
        return [Label(self, value, cost, m.end(), m[0].strip())]

    def written(self, value: Value) -> str:
        """Return the numbers parted by dots."""
        return ".".join(map(str, value))


class LowerLetter(Family):
    """`a)` `b.` `đ)`: points (điểm), in the Vietnamese alphabet, in which đ follows d."""

    name, kind, rank = "a)", "point", 9
    _form = re.compile(r"([^\W\d_]|[©26](?=\)))\s?([).])\s*(?=\W|\w)")

    def read(self, text: str) -> list[Label]:
        """Read a letter before `)` or `.`; a capital, or a lost accent, costs."""
        m = self._form.match(text)
        if not m:
            return []
        letter, cost = m[1], 0.0 if m[2] == ")" else 0.2
        if letter.isupper():
            if letter not in "CKOPSVXY":  # only these look the same in both cases
                return []
            letter, cost = letter.lower(), cost + 1.2
        if letter not in LETTERS:
            letter, cost = _LOOKS_LIKE_LETTER.get(letter) or strip_diacritics(letter), cost + 0.9
        if letter not in LETTERS:
            return []
        labels = [Label(self, (LETTERS.index(letter) + 1,), cost, m.end(), m[0].strip())]
        other = {"d": "đ", "đ": "d"}.get(letter)
        if other:  # OCR loses the bar of đ, and sees one where there is none
            labels.append(labels[0]._replace(value=(LETTERS.index(other) + 1,), cost=cost + 0.6))
        return labels

    def skipped(self, before: Value, value: Value) -> int | None:
        """Count the letters between, without those that need not be there (đ, f, j)."""
        return _letters_between(before, value)

    def written(self, value: Value) -> str:
        """Return the letter."""
        return LETTERS[value[0] - 1]


class Parenthesised(Family):
    """`(1)` `1)`: the innermost numbers."""

    name, kind, rank = "(1)", "point", 10
    _form = re.compile(r"\(?(\d{1,2})\)\s*(?=\D|$)")

    def read(self, text: str) -> list[Label]:
        """Read a number before a closing parenthesis."""
        m = self._form.match(text)
        if not m or not 1 <= int(m[1]) <= HIGHEST:
            return []
        return [Label(self, (int(m[1]),), 0.2, m.end(), m[0].strip())]

    def written(self, value: Value) -> str:
        """Return the number."""
        return str(value[0])


def _letters_between(before: Value, value: Value) -> int | None:
    if value[0] <= before[0]:
        return None
    between = LETTERS[before[0] : value[0] - 1]
    return sum(letter not in OPTIONAL_LETTERS for letter in between)


FAMILIES: tuple[Family, ...] = (
    UpperLetter(), Roman(), Article(), Arabic(), Decimal(), LowerLetter(), Parenthesised(),
)  # fmt: skip
BULLET = re.compile(r"[-–—+*•●○▪■]\s*(?=[^\s\d.])|[-–—+*•●]\s*(?=\d)")
# Chapters and their titles stand above the articles and do not enter the path.
DIVISION = re.compile(
    r"(Phần|Chương|Mục|Tiểu mục)\s+(thứ\s+\w+|[IVX1l]+|\d{1,2})\s*[.:]?\s*$", re.IGNORECASE
)


def readings(text: str, raw: str) -> list[Label]:
    """Return every reading of the label at the beginning of a line, repaired or as it was read."""
    found: dict[tuple[str, Value], Label] = {}
    for family in FAMILIES:
        for source in (text, raw) if raw != text else (text,):
            for label in family.read(source):
                known = found.get((family.name, label.value))
                if known is None or label.cost < known.cost:
                    found[family.name, label.value] = label
    return list(found.values())
