"""Rules for numbers that carry a sign of what they are: percents, shares of a whole, money, scores.

Each rule looks at one number and says what figure it is, or passes.
"""

from __future__ import annotations

import re
from decimal import Decimal

from baocao_etl.figures.number import Candidate, Number, per_what
from baocao_etl.figures.numerals import NUMBER, parse_number
from baocao_etl.figures.vocabulary import Unit, key

# OCR may take % to pieces: °/o
_PERCENT = re.compile(r"(?:\s?diem)?\s?(?:%|phan tram\b|[°º]\s?/\s?[o0]\w?\b)", re.IGNORECASE)
_PER_MILLE = re.compile(r"\s?(?:‰|phan nghin\b)", re.IGNORECASE)
_OF_ALL = re.compile(r"\s(?:tong )?so\s", re.IGNORECASE)  # "1/3 số xã"
_HUNDRED_SPLIT = re.compile(r"1\s?0\s?0\s?%")
_OVER = re.compile(r"\s?/\s?")
_ENDS = re.compile(
    r"\s*(?:[,.;:)]|$|(?:so voi|tong|ca nuoc|toan quoc|toan tinh|tren)\b)", re.IGNORECASE
)
_FRACTION_CUE = re.compile(
    r"\b(?:giam|tang|con|bang|chiem|dat|qua|vuot)(?: ty le)?(?: (?:khoang|gan|hon|duoc|den|toi|tren))?\s$"
)
_PERCENT_BEHIND = re.compile(
    rf"\s?[(,=]\s?(?:dat |chiem |bang )?(?P<percent>{NUMBER.pattern})\s?%", re.I
)
_PERCENT_BEFORE = re.compile(rf"(?<![\d.,])(?P<percent>{NUMBER.pattern})\s?%\s?\(\s?$")
_ROUNDED = Decimal("0.55")  # points of percent by which a rounded one may differ
_LARGEST_FRACTION = 10
_GLUED_RATIO = re.compile(r"(\d+)\s?([A-Z]{2,8})\s?/\s?(\d+(?:,\d+)?)\s?([A-Z]{2,8})\b")
_DONG = re.compile(r"\s?đồng\b(?!\s[Vv]iệt)", re.IGNORECASE)
_LOWER_STEP = re.compile(r"\s*(\d\s\d{2}|\d{1,3})(?![\d.,])")  # the 100 of "2 tỷ 100 triệu"
_BENT_DONG = re.compile(r"(\d{1,3}(?:\.\d{3}){2,})[46dD](?!\w|[.,]\d)")
_SCORE_BEHIND = re.compile(
    r"\s*điểm(?=\s*(?:[,.;:)]|$|so với|và|phần trăm|tăng|giảm|cao|thấp|trong|với|xếp|đứng))",
    re.IGNORECASE,
)
_SCORE_NOUN = re.compile(r"\s*diem\b", re.IGNORECASE)
_SCORE_CUE = re.compile(
    r"\b(?:dat|duoc|tang|giam|cong|tru|binh quan|trung binh|diem|cham|thang|toi da|chi so)\b",
    re.IGNORECASE,
)
_PLACE_CUE = re.compile(r"\b(?:tai|o|co|gom|lap|bo tri|mo)\s+$", re.IGNORECASE)
_FULL_MARKS = {Decimal(10), Decimal(100), Decimal(1000)}
_BILLION = 10**9
_LEAST_DONG = 100  # no report tells of so little money
_LEAST_BENT = 100_000  # so many "dòng" are đồng
SURELY_MONEY = 6  # the power of ten from which a bare multiplier counts đồng: "500 triệu"

_SHORT_MONEY = re.compile(r"\s?(?P<step>tr|ngh?)\.?\s?d(?:ong)?(?!\w)", re.IGNORECASE)
_STEPS = {"tr": 6, "ng": 3, "ngh": 3}


def short_money(plain: str, at: int) -> tuple[int, int] | None:
    """Return the power of ten and the end of đồng told in short at `at`: `tr.đ`, `trđ`, `ng.đ`."""
    m = _SHORT_MONEY.match(plain, at)
    return (_STEPS[m["step"].lower()], m.end()) if m else None


def percent(n: Number) -> Candidate | None:
    """`4,92 %`, `1 00%` split by OCR, `20 - 40%`, `1,2 điểm phần trăm`; but `18,2‰` is a quantity."""
    if m := _HUNDRED_SPLIT.match(n.plain, n.start):
        return Candidate(n.start, m.end(), m.end(), "percent", Decimal(100), "%", 0.95)
    if m := _PER_MILLE.match(n.plain, n.behind):
        return n.figure("quantity", "‰", m.end(), 0.9)._replace(end=m.end())
    m = _PERCENT.match(n.plain, n.behind)
    if m is None:
        return None
    return n.figure("percent", "%", m.end(), 0.9 if n.high else 0.97)._replace(end=m.end())


def glued_ratio(n: Number) -> Candidate | None:
    """`19MT/21CBCC`: both sides carry an abbreviation."""
    m = _GLUED_RATIO.match(n.plain, n.start)
    if not m or not parse_number(m[3]):
        return None
    unit = f"{n.text[m.start(2) : m.end(2)]}/{n.text[m.start(4) : m.end(4)]}"
    return Candidate(
        n.start, m.end(), m.end(), "ratio", Decimal(m[1]), unit, 0.9, denominator=parse_number(m[3])
    )


def ratio(n: Number) -> Candidate | None:
    """`14/14 xã`, `200 sản phẩm/502 sản phẩm`: a share of a whole, with what is counted."""
    at = n.end
    first = n.unit()
    if first and first.kind == "count" and _OVER.match(n.plain, first.end):
        at = first.end
    second = _second(n, at)
    if second is None or n.plain[second.end() : second.end() + 1] in ("/", "-"):
        return None
    whole = parse_number(second[0])
    if _is_part(n, whole, second.end()):
        return Candidate(
            n.start, second.end(), second.end(), "ratio", n.value, None, 0.8, denominator=whole
        )
    of_all = _OF_ALL.match(n.plain, second.end())
    behind = of_all.end() if of_all else second.end()
    unit = n.unit(behind) or n.words.guess_unit(n.text, behind)
    if unit is None or not _may_be_share(n, whole):
        return None
    if at != n.end and first and first.name != unit.name:
        return None  # "115 thuê bao/100 dân" is a rate, "03 lớp/120 người" tells of two things
    if not unit.known and (whole < n.value or unit.name[:1].isupper()):
        return None
    return Candidate(
        n.start, second.end(), unit.end, "ratio", n.value, unit.name,
        0.95 if unit.known else 0.75, denominator=whole,
    )  # fmt: skip


def machines_per_head(n: Number) -> Candidate | None:
    """`195 máy tính/122 biên chế`: as `19MT/21CBCC`, written out."""
    first = n.unit()
    second = _second(n, first.end) if first and key(first.name).startswith("may ") else None
    heads = n.unit(second.end()) if second else None
    if not first or not second or not heads or heads.name not in n.words.heads:
        return None
    whole, unit = parse_number(second[0]), f"{first.name}/{heads.name}"
    if not whole or not n.is_whole:
        return None
    return Candidate(
        n.start, second.end(), heads.end, "ratio", n.value, unit, 0.85, denominator=whole
    )


def _is_part(n: Number, whole: Decimal, end: int) -> bool:
    """Say whether a/b with nothing counted behind it is told.

    `xếp thứ 12/63`, `giảm 1/3 so với quy định`, or the percent beside it proves it: `20/21 (95,2%)`.
    """
    if not _may_be_share(n, whole):
        return False
    alone = n.plain.startswith(")", end)  # but "98,8% (512/518 cháu)" counts cháu
    before = n.right_behind(_PERCENT_BEFORE) if alone else None
    beside = before or _PERCENT_BEHIND.match(n.plain, end)
    if beside and abs(100 * n.value / whole - parse_number(beside["percent"])) <= _ROUNDED:
        return True
    if not _ENDS.match(n.plain, end):
        return False
    is_rank = n.words.has_before("rank_before", n.plain, n.start)
    is_fraction = n.value < whole <= _LARGEST_FRACTION and _FRACTION_CUE.search(
        n.plain[max(0, n.start - 30) : n.start].lower()
    )
    return is_rank or bool(is_fraction)


def _may_be_share(n: Number, whole: Decimal) -> bool:
    """Say whether n/whole counts: not "9,5 bác sĩ/10.000 dân", a price per one, or a day and month."""
    if n.high is not None or not n.is_whole or not whole or whole != int(whole):
        return False
    is_price = whole == 1 and n.value > 1
    is_date = whole < n.value <= 31 and whole <= 12
    return not is_price and not is_date


def _second(n: Number, at: int) -> re.Match[str] | None:
    """Return the number behind the slash at `at`."""
    over = _OVER.match(n.plain, at)
    return NUMBER.match(n.plain, over.end()) if over else None


def amount(n: Number) -> Candidate | None:
    """Money, and numbers with a multiplier: `8.699,28 triệu đồng`, `2 tỷ 100 triệu`, `4 triệu dân`."""
    if short := short_money(n.plain, n.behind):
        scale = Decimal(10) ** short[0]
        return n.figure("money", "VND", short[1], 0.9, scale=scale)._replace(end=short[1])
    unit = n.unit() or n.words.bent_multiplier(n.text, n.behind)
    if unit and unit.kind == "multiplier":
        return _multiplied(n, unit) if n.value else None
    if unit and unit.kind == "money":
        if n.paragraph.digits_doubtful and unit.name == "VND" and n.value < _LEAST_DONG:
            return None  # "12 đồng" was là đồng or là đóng
        return n.figure("money", unit.name, unit.end, 0.96)._replace(end=unit.end)
    if unit and key(n.text[n.behind : unit.end]) == "dong" and n.value >= _LEAST_BENT:
        return n.figure("money", "VND", unit.end, 0.8)._replace(end=unit.end)
    return None


def _multiplied(n: Number, unit: Unit) -> Candidate | None:
    scale, rest, at = _scale(n, unit)
    if scale >= 10**SURELY_MONEY and (dong := _DONG.match(n.text, at)):
        at = dong.end()  # "1,1 tỷ đồng chi phí" are no đồng chí
        found = n.figure("money", "VND", at, 0.96)
        high = None if n.high is None else n.high * scale
        return found._replace(value=n.value * scale + rest, value_high=high, end=at)
    counted = n.unit(at) or n.words.guess_unit(n.text, at)
    if counted is None or counted.kind == "multiplier":
        is_money = scale >= 10**SURELY_MONEY
        found = n.figure("money" if is_money else "count", "VND" if is_money else None, at, 0.6)
    elif counted.kind == "money":
        found = n.figure("money", counted.name, counted.end, 0.96)
        at = counted.end
    elif not counted.known and scale >= _BILLION and n.paragraph.digits_doubtful:
        return None  # "5.200 tỷ gặp" were tờ gấp
    else:
        sure = 0.9 if counted.known else 0.6
        kind = "quantity" if counted.kind == "quantity" else "count"
        name, end = counted.name, counted.end
        if kind == "quantity" and (per := per_what(n, end)):  # 1,4 triệu tấn/năm
            name, end = f"{name}/{per[0]}", per[1]
        found = n.figure(kind, name, end, sure)  # type: ignore[arg-type]
    high = None if n.high is None else n.high * scale
    return found._replace(value=n.value * scale + rest, value_high=high, end=at)


def _scale(n: Number, unit: Unit) -> tuple[Decimal, Decimal, int]:
    """Return the scale of `87 nghìn tỷ`, what `2 tỷ 100 triệu` adds to it, and where they end.

    Each further step must be a smaller one.
    """
    power, at = int(unit.name), unit.end
    while (more := n.unit(at)) and more.kind == "multiplier" and int(more.name) > power:
        power, at = power + int(more.name), more.end
    scale, rest = Decimal(10) ** power, Decimal(0)
    while m := _LOWER_STEP.match(n.plain, at):
        lower = n.unit(m.end())
        if lower is None or lower.kind != "multiplier" or int(lower.name) >= power:
            break
        power, at = int(lower.name), lower.end
        rest += Decimal(m[1].replace(" ", "")) * 10**power
    return scale, rest, at


def bent_dong(n: Number) -> Candidate | None:
    """`2.025.000.0004`: groups of three digits and one more, which OCR made of the đ of đồng."""
    m = _BENT_DONG.match(n.text, n.start)
    if m is None:
        return None
    return Candidate(n.start, m.end(), m.end(), "money", parse_number(m[1]), "VND", 0.6)


def score(n: Number) -> Candidate | None:
    """`6,25 điểm`, `82,6/100 điểm`; but `62 điểm quan trắc` are places, and `62 điểm` may be, too."""
    if marks := _out_of(n):
        return marks
    noun = _SCORE_NOUN.match(n.plain, n.behind)
    unit = n.unit()
    if noun is None or (unit and unit.kind == "count"):
        return None
    if n.is_whole and not _tells_score(n):
        return n.figure("count", "điểm", noun.end(), 0.7)
    return n.figure("score", "điểm", noun.end(), 0.93)


def _tells_score(n: Number) -> bool:
    """Say whether a whole number of điểm is a score, by its clause or by the score told before it."""
    if not _SCORE_BEHIND.match(n.text, n.behind) or _PLACE_CUE.search(
        n.plain, max(0, n.start - 12), n.start
    ):
        return False
    begin, _ = n.paragraph.clause(n.start, n.end)
    sentence, _ = n.paragraph.sentence(n.start)
    before = n.previous
    follows = before and before.kind == "score" and before.start >= sentence
    return bool(follows or _SCORE_CUE.search(n.plain, begin, n.start))


def _out_of(n: Number) -> Candidate | None:
    """`82,6/100 điểm`, or `82,6/100` where the clause speaks of điểm: a score out of full marks."""
    second = _second(n, n.end)
    whole = parse_number(second[0]) if second else None
    if second is None or whole not in _FULL_MARKS or n.value > whole:
        return None
    noun = _SCORE_NOUN.match(n.plain, second.end())
    counted = n.unit(second.end())
    if counted and counted.kind == "count":
        return None  # "xếp thứ 7/10 điểm đến"
    begin, _ = n.paragraph.clause(n.start, n.end)
    told = re.search(r"\bdiem\b", n.plain[begin : n.start].lower()) and not n.unit(second.end())
    if not noun and not told:
        return None
    end = noun.end() if noun else second.end()
    return Candidate(n.start, second.end(), end, "score", n.value, "điểm", 0.9, denominator=whole)
