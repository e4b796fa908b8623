"""Numbering families: how Vietnamese documents label their sections, and what follows what.

A family is a small class that reads its label at the beginning of a line and knows the steps between
its values. It does not decide whether a line *is* a heading: `outline` does, over all lines together.

Sources: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.6 (Phần, Chương, Mục, Điều, khoản, điểm, with the
Vietnamese alphabet); the families `A.` `I.` `1.` `1.1` `a)` of reports are custom, not prescribed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from baocao_etl.models import SectionKind
from baocao_etl.repair.orthography import strip_diacritics
from baocao_etl.structure.lines import is_capitals

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII",
         "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX")  # fmt: skip
# The Vietnamese alphabet with the Latin letters that some offices slip in; those may be skipped freely.
LETTERS = "abcdđefghijklmnopqrstuvxy"
OPTIONAL_LETTERS = frozenset("đfj")
HIGHEST = 40  # no report counts its sections further; larger numbers are figures or years

# What OCR makes of the strokes of a Roman number, and of single digits and letters.
_STROKES = {"1": "I", "l": "I", "|": "I", "!": "I", "i": "I", "T": "I", "L": "I", "r": "I",
            "]": "I",
            "v": "V", "Y": "V", "y": "V", "x": "X", "H": "II", "U": "II", "M": "III", "m": "III"}  # fmt: skip
_SHAPES_OF_ONE = "lI|"
_SHAPES = str.maketrans("lI|OoZzSsóGBgqTt", "1110022556689911")
_ALIKE_DIGITS = {1: 7, 7: 1, 3: 8, 8: 3}
_LOOKS_LIKE_LETTER = {"©": "c", "1": "l", "2": "a", "4": "a", "6": "b", "8": "ga", "9": "g",
                      "ð": "đ", "ø": "g"}  # fmt: skip
# Other letters that a letter may have been, and what that costs: OCR loses the bar of đ, or sees one; some
# read a bold a or b as h.
_ALIKE_LETTERS = {"d": {"đ": 0.6}, "đ": {"d": 0.6}, "c": {"e": 2.2}, "e": {"c": 2.2},
                  "h": {"a": 0.9, "b": 0.9}}  # fmt: skip
_LOOKS_LIKE_CAPITAL = {"Ð": "Đ", "€": "C", "8": "B", "c": "C"}
_FAR = 2.2  # the cost of a reading for which a sound character must have been taken for another

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
    """One numbering style. `rank` orders the families from outermost to innermost.

    `in_path` says whether its label enters a section's path; those of others only part the text.
    """

    name: str
    kind: SectionKind
    rank: float
    in_path: bool = True

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


class Division(Family):
    """`Phần thứ nhất`, `Chương II`, `Mục 3.`: above everything else, and not cited in a path."""

    kind, in_path = "part", False

    def __init__(self, word: str, shape: str, rank: float) -> None:
        """Make the family of `word`, which `shape` finds in spite of bent vowels."""
        self.name, self.rank = word, rank
        self._form = re.compile(
            rf"{shape}\s+(th[uưứúùtw]+\s+(?P<ordinal>\w+)|(?P<number>[IVXLTl1|]+|\d{{1,2}}|[A-E]))"
            rf"\s*(?P<sign>[.:,–-]|$)\s*(?=[A-ZĐÀ-Ỹ\"“(]|$)",
            re.IGNORECASE,
        )

    def read(self, text: str) -> list[Label]:
        """Read the word and its number; behind them the line ends, or a title begins."""
        m = self._form.match(text)
        if not m or not text[0].isupper() or (rest := text[m.end() :])[:1].islower():
            return []
        value = _ordinal(m["ordinal"]) if m["ordinal"] else any_number(m["number"])
        if value is None:
            return []
        cost = 0.0 if not rest or m["sign"] else 0.6
        return [Label(self, (value,), cost, m.end() or len(text), m[0].strip())]

    def written(self, value: Value) -> str:
        """Return the number, which no path shows."""
        return str(value[0])


class UpperLetter(Family):
    """`A.` `B.`: the parts of a long report."""

    name, kind, rank = "A.", "part", 1
    _form = re.compile(r"([^\W\d_]|[€8])\s?(?:\.|[)/–-](?=\s))\s*(?=\D)")

    def read(self, text: str) -> list[Label]:
        """Read a capital letter before a dot; lower case is none, but for a c that looks the same."""
        m = self._form.match(text)
        if not m or (m[1].islower() and m[1] != "c"):
            return []
        letter, cost = m[1], 0.0
        if letter not in "ABCDĐEGHI":
            letter = _LOOKS_LIKE_CAPITAL.get(letter) or strip_diacritics(letter)
            cost = 1.2
        if letter not in "ABCDĐEGHI":
            return []
        return [Label(self, (LETTERS.index(letter.lower()) + 1,), cost, m.end(), m[0].strip())]

    def skipped(self, before: Value, value: Value) -> int | None:
        """Count the letters between, without those that need not be there (Đ, F, J)."""
        return _letters_between(before, value)

    def written(self, value: Value) -> str:
        """Return the capital letter."""
        return LETTERS[value[0] - 1].upper()


class Roman(Family):
    """`I.` `II.`: the chapters of a report. OCR writes I as 1, l, |, L and even T, II as H."""

    name, kind, rank = "I.", "part", 2
    _form = re.compile(r"([IVX1l|!TivxyLYHUMmr\]]{1,5})\s?(?:([.,:])|([)/–-])(?=\s))\s*(?=\D|$)")
    _bare = re.compile(r"([IVX1l|L]{1,5})\s+(?=[A-ZĐÀ-Ỹ]{2})")
    # No word begins with two of these strokes, so what follows them is the title.
    _joined = re.compile(r"(I{2,3}|IV)(?=[A-ZĐÀ-Ỹ]{2})")

    def read(self, text: str) -> list[Label]:
        """Read a Roman number; each character that had to be bent back costs.

        OCR drops strokes of III or VII, or the dot before a title in capitals: those come at a cost.
        """
        m = self._form.match(text) or self._bare.match(text) or self._joined.match(text)
        if not m:
            return []
        letters = _roman(m[1])
        if letters not in ROMAN[1:]:
            return []
        bent = sum(len(_STROKES[c]) for c in m[1] if c in _STROKES)
        in_capitals = is_capitals(text[m.end() :])
        if len(m[1]) == 1 and not (m[1] in "vx" and in_capitals):
            # A lone 1 or l is far more often the number one, but a chapter's title is set in capitals.
            bent = (2 if in_capitals else 3) * min(1, bent)
        signed = m.re is self._form
        cost = 0.5 * bent + (0.0 if signed and m[2] == "." else 0.4 if signed else 0.8)
        n = ROMAN.index(letters)
        label = Label(self, (n,), cost, m.end(), m[0].strip())
        lone = 1.0 if bent == 3 and len(m[1]) == 1 else 0.0  # nor is it two
        lost = [k for k in (1, 2) if ROMAN[n + k : n + k + 1] == (letters + k * "I",)]
        found = [label, *(label._replace(value=(n + k,), cost=cost + lone + 0.4 + k) for k in lost)]
        if n > 1 and ROMAN[n - 1] + "I" == letters:  # a stroke too many
            found.append(label._replace(value=(n - 1,), cost=cost + 2.4))
        return found

    def written(self, value: Value) -> str:
        """Return the Roman number."""
        return ROMAN[value[0]]


class Article(Family):
    """`Điều 5.`: an article; its number runs through the chapters."""

    name, kind, rank = "Điều", "article", 5
    _form = re.compile(
        r"[ĐÐDBp]i[êếềèéeẻểễ]u\s+[.,:'‘’_]?(\d{1,3}|[lI])\s?([.:,]|$)\s*", re.IGNORECASE
    )

    def read(self, text: str) -> list[Label]:
        """Read `Điều 5.`; in running text no dot follows the number, and the word is written small."""
        m = self._form.match(text)
        small = m is not None and m[0][0].islower()  # "piéu 1. Phân bổ": OCR read the capital small
        if not m or (small and not (m[2] == "." and text[m.end() : m.end() + 1].isupper())):
            return []
        value = (int(m[1].translate(_SHAPES)),)
        cost = (0.0 if m[2] == "." else 0.7) + 0.7 * small
        return [Label(self, value, cost, m.end(), m[0].strip())]

    def written(self, value: Value) -> str:
        """Return the number behind `Đ`."""
        return f"Đ{value[0]}"


class Arabic(Family):
    """`1.` `2.`: sections of a report, or the khoản (clauses) of an article."""

    name, kind, rank = "1.", "section", 6
    _form = re.compile(
        r"(\d{1,2}|1?[lI|]|[TtZzSsóGBgq]|[TtIl][TtIl])\s?"
        r"(?:([.,:])(?!\d)|[/–-](?=\s)|[íì](?=\s+[A-ZĐÀ-Ỹ]))\s*(?=\D|$)"  # í: a slash
    )
    _bare = re.compile(r"(\d{1,2})\s+(?=[^\W\d_])")

    def read(self, text: str) -> list[Label]:
        """Read `6.` or, at a cost, a 6 that lost its dot before a capital, or one that looks like ó."""
        m = self._form.match(text)
        if m:
            cost = 0.0 if m[2] == "." else 0.4
        else:
            m, cost = self._bare.match(text), 1.0
            if not m or not text[m.end()].isupper():
                return []
        label = Label(self, (int(m[1].translate(_SHAPES)),), cost, m.end(), m[0].strip())
        found = [label._replace(cost=cost + self._oddity(m[1]))]
        if re.fullmatch(r"[TtIl]{2}", m[1]):  # two strokes: 11, or a 1 with its serif
            found.append(label._replace(value=(1,), cost=cost + 1.4))
        if m[1].isdigit() and label.value[0] in _ALIKE_DIGITS:
            found.append(label._replace(value=(_ALIKE_DIGITS[label.value[0]],), cost=cost + _FAR))
        return [label for label in found if 1 <= label.value[0] <= HIGHEST]

    @staticmethod
    def _oddity(printed: str) -> float:
        if printed.isdigit():
            return 0.0
        return 0.4 if printed[-1] in _SHAPES_OF_ONE and len(printed) < 3 else 1.4

    def written(self, value: Value) -> str:
        """Return the number."""
        return str(value[0])


class Decimal(Family):
    """`4.1` `4.1.2`: sections that repeat the number of those they stand under."""

    name, kind, rank = "1.1", "section", 7
    _form = re.compile(
        r"(\d{1,2}(?:\s?\.\s?(?:\d{1,2}|[lI])){1,3})([/–-](?=\s)|[.,:)]?)(?![\d%])\s*(?=\D|$)"
    )
    _comma = re.compile(r"(\d{1,2},\s?\d{1,2})(\.\s*(?=[^\W\d_])|,\s*(?=[A-ZĐÀ-Ỹ]))")
    _before_number = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,2})(\.)\s(?=\d)")

    def read(self, text: str) -> list[Label]:
        """Read two to four numbers parted by dots; a comma counts only with a dot behind it all.

        In "4.2. 03 nhiệm vụ" the text begins with a number of its own; "4.2. 12 hộ" may be either.
        """
        longest = self._read(self._form.match(text) or self._comma.match(text), text)
        shorter = self._read(self._before_number.match(text), text)
        return shorter + [
            label._replace(cost=label.cost + 0.8 * bool(shorter)) for label in longest
        ]

    def _read(self, m: re.Match[str] | None, text: str) -> list[Label]:
        if not m or re.search(r"\b0", m[1]):
            return []
        parts = re.split(r"\s?[.,]\s?", m[1])
        value = tuple(int(part.translate(_SHAPES)) for part in parts)
        rest = text[m.end() :]
        if not all(1 <= part <= HIGHEST for part in value) or rest[:1] in tuple(",;)"):
            return []
        cost = 0.0 if m.re is not self._comma and "".join(parts).isdigit() else 0.8
        return [Label(self, value, cost, m.end(), m[0].strip())]

    def written(self, value: Value) -> str:
        """Return the numbers parted by dots."""
        return ".".join(map(str, value))


class LowerLetter(Family):
    """`a)` `b.` `đ)`: points (điểm), in the Vietnamese alphabet, in which đ follows d."""

    name, kind, rank = "a)", "point", 9
    _form = re.compile(r"([^\W\d_]|[©124689ð](?=\)))\s?(?:([).])|[/–-](?=\s))\s*(?=\W|\w)")

    def read(self, text: str) -> list[Label]:
        """Read a letter before `)` or `.`; a capital, or a lost accent, costs."""
        m = self._form.match(text)
        if not m:
            return []
        letter, cost = m[1], {")": 0.0, ".": 0.2}.get(m[2], 0.5)
        if letter.isupper():
            if letter not in "CKOPSVXY":  # only these look the same in both cases
                return []
            letter, cost = letter.lower(), cost + 1.2
        found = {letter: cost}
        if letter not in LETTERS:
            meant = _LOOKS_LIKE_LETTER.get(letter) or strip_diacritics(letter)
            found = dict.fromkeys(meant, cost + 0.9)
        for other, more in _ALIKE_LETTERS.get(letter, {}).items():
            found[other] = cost + more
        return [
            Label(self, (LETTERS.index(one) + 1,), sure, m.end(), m[0].strip())
            for one, sure in found.items()
            if one in LETTERS
        ]

    def skipped(self, before: Value, value: Value) -> int | None:
        """Count the letters between, without those that need not be there (đ, f, j)."""
        return _letters_between(before, value)

    def written(self, value: Value) -> str:
        """Return the letter."""
        return LETTERS[value[0] - 1]


class Parenthesised(Family):
    """`(1)` `1)`: the innermost numbers."""

    name, kind, rank = "(1)", "point", 10
    _form = re.compile(r"\(?(\d{1,2}|[lI|](?=\)\s))\)\s*(?=\D|$)")

    def read(self, text: str) -> list[Label]:
        """Read a number before a closing parenthesis."""
        m = self._form.match(text)
        if not m or not 1 <= (value := int(m[1].translate(_SHAPES))) <= HIGHEST:
            return []
        return [Label(self, (value,), 0.2 if m[1].isdigit() else 0.6, m.end(), m[0].strip())]

    def written(self, value: Value) -> str:
        """Return the number."""
        return str(value[0])


class Spoken(Family):
    """`Một là,` `Thứ hai:`: points counted in words; a person does not cite them, so no path does."""

    kind, rank, in_path = "point", 11, False

    def __init__(self, name: str, form: str) -> None:
        """Make the family whose labels `form` finds; its first group is the number in words."""
        self.name = name
        self._form = re.compile(form)

    def read(self, text: str) -> list[Label]:
        """Read the number in words, before a comma, a colon or the sentence that it counts."""
        m = self._form.match(text)
        value = _ordinal(m[1]) if m else None
        if not m or value is None:
            return []
        cost = 0.3 if m[0].rstrip().endswith((",", ":", ".")) else 0.8
        cost += 0.0 if text[0].isupper() else 0.5
        return [Label(self, (value,), cost, m.end(), m[0].strip(" ,:."))]

    def written(self, value: Value) -> str:
        """Return the number, which no path shows."""
        return str(value[0])


_NUMBER_WORDS = ("", "mot nhat", "hai nhi", "ba", "bon tu", "nam", "sau", "bay", "tam", "chin",
                 "muoi")  # fmt: skip


def _ordinal(word: str) -> int | None:
    """Return the number that `word` says (nhất, hai, ...); None if it says none."""
    plain = strip_diacritics(word.lower())
    return next((n for n, words in enumerate(_NUMBER_WORDS) if plain in words.split()), None)


def _roman(printed: str) -> str:
    """Return the Roman number that `printed` was read from: `Il` is II, `Im` is III, `Vv` is V."""
    letters = "".join(_STROKES.get(c, c) for c in printed).replace("VV", "V")
    return letters.replace("IIII", "III")


def any_number(text: str) -> int | None:
    """Return a number in Roman or Arabic digits, or that of a capital letter."""
    if text.isdigit():
        return int(text) or None
    letters = _roman(text)
    return ROMAN.index(letters) if letters in ROMAN else LETTERS.find(text.lower()) + 1 or None


def _letters_between(before: Value, value: Value) -> int | None:
    if value[0] <= before[0]:
        return None
    between = LETTERS[before[0] : value[0] - 1]
    return sum(letter not in OPTIONAL_LETTERS for letter in between)


DIVISIONS: tuple[Family, ...] = (
    Division("Phần", r"Ph[aàáâầấẩ]n", 0.1),
    Division("Chương", r"Ch[uưii]*[oơƠ][nm]*g", 0.2),
    Division("Mục", r"M[uụúùy]c", 0.3),
    Division("Tiểu mục", r"Ti[eêểéề]u m[uụúùy]c", 0.4),
)
ROMAN_PARTS, ARABIC = Roman(), Arabic()
PARTS: tuple[Family, ...] = (UpperLetter(), ROMAN_PARTS)
FAMILIES: tuple[Family, ...] = (
    *DIVISIONS, *PARTS, Article(), ARABIC, Decimal(), LowerLetter(),
    Parenthesised(),
    Spoken("Thứ nhất", r"Th[uứưúù]\s+(\w+)\s?(?:[,:.]\s?|\s)(?=\w)"),
    Spoken("Một là", r"(\w{2,4})\s+l[aàâáãä](?:\s?[,:]\s?|\s)(?=\w)"),
)  # fmt: skip
_SPECKS = re.compile(r"[_'`~\"“”„‘’‚ˆ«»\\^]+\s*(?=\S)")
_SPECK = 0.3
# Specks that look like bullets or stops: before a number of several parts they are none, and neither are
# stops before other labels.
_STRAY_MARKS = re.compile(
    r"[-–—.,:+*|~_]{1,2}\s*(?=\d{1,2}(?:\.\d{1,2}){1,3}\.\s|\d{1,2},\d{1,2},\s)"
    r"|[-–—]\s?(?=(?:[1lI]|[IVX]{2,4}|[A-E])[.,]\s[A-ZĐÀ-Ỹ]{2,}\s[A-ZĐÀ-Ỹ]{2})"
    r"|[.,:](?:\s?[.,:_'’])?\s*(?=(?:\d{1,2}[.,]|[^\W\d_]\))\s)|[.,:]\s?_\s?(?=\d\s|[©\d]\))"
)
_STRAY_MARK = 0.8
# Signs of a list; word processors draw some with fonts of their own, and one as a small o.
BULLETS = "-–—+*•●○◦▪■□◆❖➢►✓✔o"
BULLET = re.compile(
    r"[-–—+*•●○◦▪■□◆❖➢►✓✔\uf000-\uf0ff]\s*(?=[^\s\d.])|[-–—+*•●]\s*(?=\d)|o\s+(?=[A-ZĐÀ-Ỹ\d])"
)


def readings(text: str, raw: str) -> list[Label]:
    """Return every reading of the label at the beginning of a line, repaired or as it was read."""
    found: dict[tuple[str, Value], Label] = {}
    for source in (text, raw) if raw != text else (text,):
        start, more = _specks(source)
        for label in (x for family in FAMILIES for x in family.read(source[start:])):
            known = found.get((label.family.name, label.value))
            cost = label.cost + more
            if known is None or cost < known.cost:
                read = label._replace(cost=cost, length=label.length + start)
                found[label.family.name, label.value] = read
    return list(found.values())


def _specks(text: str) -> tuple[int, float]:
    """Return how many characters before the label are specks, and what it costs to say so."""
    for pattern, cost in ((_STRAY_MARKS, _STRAY_MARK), (_SPECKS, _SPECK)):
        if m := pattern.match(text):
            return m.end(), cost
    return 0, 0.0
