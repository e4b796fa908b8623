"""Numbers in running text that are figures: their kind, value and unit.

Each rule is a function that looks at one number and says what figure it is, or passes; the first that
speaks wins. Precision matters as much as recall: a bare number is a figure only where a cue says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from baocao_etl.figures.blocked import Stretch, blocked
from baocao_etl.figures.numerals import NUMBER, parse_number
from baocao_etl.figures.paragraphs import Paragraph
from baocao_etl.figures.vocabulary import Unit, Vocabulary
from baocao_etl.models import FigureKind, Qualifier
from baocao_etl.repair.orthography import is_wellformed_syllable

_PERCENT = re.compile(r"\s?(?:%|phan tram\b)")
_HUNDRED_SPLIT = re.compile(r"1\s?0\s?0\s?%")
_OVER = re.compile(r"\s?/\s?")
_GLUED_RATIO = re.compile(r"(\d+)\s?([A-Z]{2,8})\s?/\s?(\d+)\s?([A-Z]{2,8})\b")
_RANGE = re.compile(rf"\s?(?:[-–]|den)\s?({NUMBER.pattern})(?![\d/])")
_SCORE_BEHIND = re.compile(
    r"\s*điểm(?=\s*(?:[,.;:)]|$|so với|và|phần trăm|tăng|giảm|cao|thấp|trong|với|xếp|đứng))",
    re.IGNORECASE,
)
_SCORE_NOUN = re.compile(r"\s*diem\b")
_WORD_BEHIND = re.compile(r"\s*([^\W\d_]+)")
_LOWER_STEP = re.compile(r"\s*(\d{1,3})(?![\d.,])")  # the 100 of "2 tỷ 100 triệu"
_SCORE_CUE = re.compile(
    r"\b(?:dat|duoc|tang|giam|mat|cong|tru|binh quan|trung binh|diem|cham|thang|toi da|chi so)\b"
)
_PER = re.compile(r"\s?/\s?(?:\d[\d.]*\s)?[^\W\d_]+(?:\s[^\W\d_]+)?")
_GENERIC_ONE = re.compile(r"0?1\s+(?:\w+\s+){1,6}?nao\b")  # "1 dịch vụ nào cũng": one in general
# "01 cán bộ/máy tính" is a norm, "02 số/tháng" a count
_NORM = re.compile(r"0?1\s+[^\d/;.:]{2,30}/(?!(?:thang|nam|tuan|quy|ngay|lan|ky)\b)[a-z]")
_BENT_DONG = re.compile(r"(\d{1,3}(?:\.\d{3}){2,})[46dD](?![\d.,])")
_LIKE_A_WORD = re.compile(r"1[1-9]{0,2}")  # what là, lý, lỗ, lời become where l is read as 1
_MAY_PRECEDE = "(+-–—\"“‘'[:=<>≥≤~*|"


class Candidate(NamedTuple):
    """A figure as far as its own words go. `start:end` is the number, `unit_end` where its unit ends."""

    start: int
    end: int
    unit_end: int
    kind: FigureKind
    value: Decimal
    unit: str | None
    confidence: float
    denominator: Decimal | None = None
    value_high: Decimal | None = None
    qualifier: Qualifier = "exact"


class _Number(NamedTuple):
    """A number in its paragraph, with what the rules need to look at it."""

    start: int
    end: int
    value: Decimal
    paragraph: Paragraph
    words: Vocabulary
    previous: Candidate | None

    @property
    def plain(self) -> str:
        return self.paragraph.plain

    @property
    def text(self) -> str:
        return self.paragraph.text

    @property
    def digits(self) -> str:
        """The number as it is written."""
        return self.plain[self.start : self.end]

    def unit(self, at: int | None = None) -> Unit | None:
        """Return the known unit behind the number (or behind `at`)."""
        return self.words.unit_at(self.text, self.end if at is None else at)


Rule = Callable[[_Number], Candidate | None]


def candidates(paragraph: Paragraph, words: Vocabulary) -> list[Candidate]:
    """Return the figures of one paragraph, in order."""
    stretches = blocked(paragraph, words)
    found: list[Candidate] = []
    at = 0
    for m in NUMBER.finditer(paragraph.plain):
        start, end = m.span()
        if start < at or _inside(start, end, stretches) or _glued(paragraph.plain, start):
            continue
        if _GENERIC_ONE.match(paragraph.plain, start) or _NORM.match(paragraph.plain, start):
            continue
        number = _Number(
            start, end, parse_number(m[0]), paragraph, words, found[-1] if found else None
        )
        candidate = next((c for rule in _RULES if (c := rule(number))), None)
        if candidate is None or _is_attribute(candidate, found, paragraph.plain):
            continue
        qualifier = _qualifier(paragraph.plain, start, words)
        found.append(candidate._replace(qualifier=qualifier))
        at = max(
            candidate.end, candidate.unit_end
        )  # a rate's unit may hold a number: bác sĩ/10.000 dân
    return found


def _inside(start: int, end: int, stretches: list[Stretch]) -> bool:
    return any(a < end and start < b for a, b in stretches)


def _glued(plain: str, start: int) -> bool:
    """Say whether a letter, a stray sign, or the rest of a number is glued to the number's left."""
    before = plain[start - 1 : start]
    if before in ("", " "):
        return False
    if before in ".,/":
        return plain[start - 2 : start - 1].isdigit()
    return before not in _MAY_PRECEDE


def _is_attribute(candidate: Candidate, found: list[Candidate], plain: str) -> bool:
    """`05 Switch 24 cổng`: a number right behind another figure's unit describes that thing."""
    if not found or candidate.kind not in ("count", "quantity"):
        return False
    return (
        found[-1].unit_end < candidate.start
        and not plain[found[-1].unit_end : candidate.start].strip()
    )


def _qualifier(plain: str, start: int, words: Vocabulary) -> Qualifier:
    for role in words.roles:
        if role.startswith("qualifier:") and words.has_before(role, plain, start):
            return role.removeprefix("qualifier:")  # type: ignore[return-value]
    return "exact"


def _percent(n: _Number) -> Candidate | None:
    if m := _HUNDRED_SPLIT.match(n.plain, n.start):
        return Candidate(n.start, m.end(), m.end(), "percent", Decimal(100), "%", 0.95)
    if m := _PERCENT.match(n.plain, n.end):
        return Candidate(n.start, m.end(), m.end(), "percent", n.value, "%", 0.97)
    m = _RANGE.match(n.plain, n.end)
    if m and (p := _PERCENT.match(n.plain, m.end())) and parse_number(m[1]) > n.value:
        high = parse_number(m[1])
        return Candidate(n.start, p.end(), p.end(), "percent", n.value, "%", 0.9, value_high=high)
    return None


def _glued_ratio(n: _Number) -> Candidate | None:
    """`19MT/21CBCC`: both sides carry an abbreviation."""
    m = _GLUED_RATIO.match(n.plain, n.start)
    if not m or not int(m[3]):
        return None
    unit = f"{n.text[m.start(2) : m.end(2)]}/{n.text[m.start(4) : m.end(4)]}"
    return Candidate(
        n.start, m.end(), m.end(), "ratio", Decimal(m[1]), unit, 0.9, denominator=Decimal(m[3])
    )


def _ratio(n: _Number) -> Candidate | None:
    """`14/14 xã`, `200 sản phẩm/502 sản phẩm`: a share of a whole, with what is counted."""
    at = n.end
    first = n.unit()
    if first and _OVER.match(n.plain, first.end):
        at = first.end
    over = _OVER.match(n.plain, at)
    second = NUMBER.match(n.plain, over.end()) if over else None
    if second is None:
        return None
    whole = parse_number(second[0])
    if n.value != int(n.value) or whole != int(whole):
        return None  # "9,5 bác sĩ/10.000 dân" is a rate
    unit = n.unit(second.end()) or n.words.guess_unit(n.text, second.end())
    if not whole or n.plain[second.end() : second.end() + 1] in ("/", "-"):
        return None
    if unit is None or (not unit.known and (whole < n.value or unit.name[:1].isupper())):
        return None
    return Candidate(
        n.start, second.end(), unit.end, "ratio", n.value, unit.name,
        0.95 if unit.known else 0.75, denominator=whole,
    )  # fmt: skip


def _amount(n: _Number) -> Candidate | None:
    """Money, and numbers with a multiplier: `8.699,28 triệu đồng`, `2 tỷ 100 triệu`, `4 triệu dân`."""
    value, at = n.value, n.end
    unit = n.unit() or n.words.bent_multiplier(n.text, n.end)
    if unit and unit.kind == "multiplier":
        value, at = _multiplied(n, unit)
        unit = n.unit(at)
        if unit and unit.kind == "money":
            return _money(n, value, unit)
        if unit and unit.kind == "count":
            return Candidate(n.start, at, unit.end, "count", value, unit.name, 0.9)
        guessed = n.words.guess_unit(n.text, at)
        if guessed:
            return Candidate(n.start, at, guessed.end, "count", value, guessed.name, 0.6)
        return Candidate(n.start, at, at, "money", value, "VND", 0.6)
    if unit and unit.kind == "money":
        return _money(n, value, unit)
    return None


def _multiplied(n: _Number, unit: Unit) -> tuple[Decimal, int]:
    """Return the value of `2 tỷ 100 triệu` and where it ends; each step must be a smaller one."""
    power = int(unit.name)
    value, at = n.value * 10**power, unit.end
    while m := _LOWER_STEP.match(n.plain, at):
        lower = n.unit(m.end())
        if lower is None or lower.kind != "multiplier" or int(lower.name) >= power:
            break
        power = int(lower.name)
        value, at = value + Decimal(m[1]) * 10**power, lower.end
    return value, at


def _money(n: _Number, value: Decimal, unit: Unit) -> Candidate:
    return Candidate(n.start, unit.end, unit.end, "money", value, unit.name, 0.96)


def _bent_dong(n: _Number) -> Candidate | None:
    """`2.025.000.0004`: groups of three digits and one more, which OCR made of the đ of đồng."""
    m = _BENT_DONG.match(n.plain, n.start)
    if m is None:
        return None
    return Candidate(n.start, m.end(), m.end(), "money", parse_number(m[1]), "VND", 0.6)


def _rank(n: _Number) -> Candidate | None:
    if n.words.has_before("rank_before", n.plain, n.start) and n.value == int(n.value):
        return Candidate(n.start, n.end, n.end, "rank", n.value, None, 0.9)
    return None


def _score(n: _Number) -> Candidate | None:
    """`6,25 điểm`; but `62 điểm quan trắc` are places, and `62 điểm` without a cue may be, too."""
    noun = _SCORE_NOUN.match(n.plain, n.end)
    unit = n.unit()
    if noun is None or (unit and unit.kind == "count"):
        return None
    if n.value == int(n.value):
        begin, _ = n.paragraph.clause(n.start, n.end)
        if not _SCORE_BEHIND.match(n.text, n.end) or not _SCORE_CUE.search(n.plain, begin, n.start):
            return Candidate(n.start, n.end, noun.end(), "count", n.value, "điểm", 0.7)
    return Candidate(n.start, n.end, noun.end(), "score", n.value, "điểm", 0.93)


def _measured(n: _Number) -> Candidate | None:
    """A measure or a count; a measure, or a broken count, keeps what it is taken per: `tấn/ngày`."""
    unit = n.unit()
    if unit is None or unit.kind not in ("quantity", "count"):
        return None
    kind, name, end = unit.kind, unit.name, unit.end
    is_whole = n.value == int(n.value)
    if (kind == "quantity" or not is_whole) and (per := _PER.match(n.text, end)):
        per_what = n.words.unit_at(n.text, end + n.text[end:].index("/") + 1)
        end = per_what.end if per_what else per.end()
        name, kind = name + re.sub(r"\s?/\s?", "/", n.text[unit.end : end]), "quantity"
    sure = 0.95 if n.plain[n.end : n.end + 1] in " \n" else 0.85
    return Candidate(n.start, n.end, end, kind, n.value, name, sure)


def _guessed(n: _Number) -> Candidate | None:
    """A count of something that no dictionary knows: `17 Tplink`."""
    unit = None if _no_unit_word(n) else n.words.guess_unit(n.text, n.end)
    if unit is None or n.value != int(n.value) or n.digits in ("0", "1"):
        return None  # offices write 01; a lone 1 before no known unit is an l or an I
    is_word = n.paragraph.digits_doubtful and _LIKE_A_WORD.fullmatch(n.digits)
    if is_word and is_wellformed_syllable(unit.name.split()[0]):
        return None  # "CPĐT 12 cung cấp khả năng": là cung cấp
    return Candidate(n.start, n.end, unit.end, "count", n.value, unit.name, 0.6)


def _no_unit_word(n: _Number) -> bool:
    m = _WORD_BEHIND.match(n.plain, n.end)
    return bool(m and m[1].lower() in n.words.roles["not_unit"])


def _cued(n: _Number) -> Candidate | None:
    """A number with nothing behind it counts where a cue stands before it: `... là 1952, ...`."""
    behind = n.plain[n.end : n.end + 2].strip()
    if behind and behind[0] not in ",.;)(-–" and not n.plain[n.end :].lstrip().startswith("va "):
        return None
    if not n.words.has_before("cue_before", n.plain, n.start):
        return None
    unit = _unit_before(n)
    after_colon = n.plain[: n.start].rstrip().endswith(":")
    if (unit is None or after_colon) and re.fullmatch(r"(?:19|20)\d{2}", n.digits):
        return None  # "thời gian thực hiện: 2010"
    return Candidate(n.start, n.end, n.end, "count", n.value, unit, 0.7 if unit else 0.55)


def _unit_before(n: _Number) -> str | None:
    """Return what the clause before the number names, else the unit of the figure before.

    Failing both, the first thing of the sentence: "tổng hồ sơ ... các dịch vụ công là 1952" counts hồ sơ.
    """
    begin, _ = n.paragraph.sentence(n.start)
    clause, _ = n.paragraph.clause(n.start, n.end)
    if unit := _first_unit(n, clause):
        return unit
    if n.previous and n.previous.start >= begin and n.previous.kind == "count":
        return n.previous.unit
    return _first_unit(n, begin)


def _first_unit(n: _Number, begin: int) -> str | None:
    for m in re.finditer(r"(?<!\w)[^\W\d_]", n.text[begin : n.start]):
        unit = n.words.unit_at(n.text[: n.start], begin + m.start())
        if unit and unit.kind == "count" and unit.name.lower() != "số":
            return unit.name
    return None


_RULES: tuple[Rule, ...] = (
    _bent_dong, _percent, _glued_ratio, _ratio, _amount, _rank, _score, _measured, _cued, _guessed,
)  # fmt: skip
