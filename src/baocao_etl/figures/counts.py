"""Rules for numbers that only the words beside them make figures: ranks, measures, counts.

Each rule looks at one number and says what figure it is, or passes. Precision matters as much as recall:
a bare number is a figure only where a cue says so.
"""

from __future__ import annotations

import re

from baocao_etl.figures.number import Candidate, Number, per_what
from baocao_etl.figures.paragraphs import LOWER, UPPER
from baocao_etl.figures.vocabulary import AMONG_ALL, in_ranking, key
from baocao_etl.repair.orthography import is_wellformed_syllable

_WORD_BEHIND = re.compile(r"\s*([^\W\d_]+)")
_DEGREES = re.compile(r"\s?[°º]\s?(?:C\b|€)")  # OCR takes a bold C for €
# A rate is taken per ten thousand people.
_BASE = re.compile(r"1(?:\.?0+)+\s|(?:vạn|nghìn|ngàn|triệu)\b")
_LIKE_A_WORD = re.compile(r"1[1-9]{0,2}")  # what là, lý, lỗ, lời become where l is read as 1
_LIKE_LA = re.compile(r"1[124]?")
_LIKE_O = "6"  # what ở, ô, ổ become
_BARE_THOUSANDS = re.compile(r"\d{4}")
_SPAN = re.compile(
    r"\s(tháng|năm|tuần)\b(?!\s(?:đầu|cuối|qua|nay|tới|gần|liên|trước|sau|năm|học|\d))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_YEAR_LABEL = re.compile(r"\b(?:19|20)\d\d\s?:\s*$")
_NAME_BEFORE = re.compile(rf"[^\s.:;!?]\s+[{UPPER}][{LOWER}]+\s$")
_LABEL = rf"((?:[{LOWER}]+ ){{1,6}})"
_LONGEST_LABEL = 4  # words before a number that may be none; one with a mark of thousands is sure
_FIRST_PART = re.compile(
    rf"(?:[^.;:(]{{0,40}}(?:\s?\(|[,;.]? (?:trong đó|gồm|bao gồm)\s?:?)|\s?:)\s?(?:có )?{_LABEL}",
    re.IGNORECASE,
)
_NEXT_PART = re.compile(rf"(?:[,;]| và) {_LABEL}", re.IGNORECASE)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_GROWN = re.compile(r"\b(?:tang|giam)(?: them)? $", re.IGNORECASE)
_THAN = re.compile(r" so (?:voi|cung ky)\b", re.IGNORECASE)
_LABEL_ALONE = re.compile(r"\s?(?:[^\W\d_]+ ){1,6}")
_LIKE_LABEL = 4  # words before a count, the first of which a part of its like repeats
# "mức độ 3 có 12": of the services
_LEVEL_HAS = re.compile(r"\bmuc (?:do )?[1-4]\s?(?:co|:)\s*$", re.IGNORECASE)

_AT_PLACE = re.compile(r"\b(?:thu|hang)\s*$", re.IGNORECASE)
_SCORED = re.compile(r"\b(?:diem(?: so)?|chi so) [^\d]{0,60}$")  # Điểm trung bình đạt 7,25
_PART_ENDS = re.compile(r"\s?(?:[,;)]|\.(?:\s|$)|$|và\s)")
_UNLIKELY = 0.1  # the repair thinks that another reading was printed
_DOUBTFUL = 0.3  # for a 6; where offices write 06 twice as much
_FEW = 12  # so many things at most are points of an argument ("3 yếu tố")
_BENT_MEASURE = re.compile(r"\s?(?P<name>[^\W\d_]{2,6})/(?=[^\W\d_])")
_AREAS = {"km2", "m2", "m3", "ha", "km"}  # per which whole things are counted
_BENT_SQUARE = ("?", "°", "*", "’", "'")  # what OCR makes of ²


def rank(n: Number) -> Candidate | None:
    """`xếp vị trí thứ 23`, and the ranks of other years behind it: `(2016: 89; 2014: 99)`."""
    if not n.is_whole or n.high is not None:
        return None
    in_all = n.right_behind(_AT_PLACE) and AMONG_ALL.match(n.plain, n.end)
    is_former = in_ranking(n.plain, n.paragraph.sentence(n.start)[0], n.start)
    if not in_all and not is_former and not n.words.has_before("rank_before", n.plain, n.start):
        return None
    unit = None if n.right_behind(_AT_PLACE) else n.unit()
    if unit and unit.kind == "count" and unit.group not in ("place", "body"):
        return None  # "chuyển đổi vị trí 16 công chức"
    return n.figure("rank", None, n.end, 0.9)


def measured(n: Number) -> Candidate | None:
    """A measure or a count; a measure, a mean or a density keeps what it is taken per: `tấn/ngày`, `con/m2`.

    A mean is a measure (`1,8 giáo viên/lớp`), as is what is counted per so many (`thuê bao/100 dân`).
    """
    if m := _DEGREES.match(n.text, n.behind):
        return n.figure("quantity", "°C", m.end(), 0.9)
    unit = n.unit()
    if unit is None or unit.kind not in ("quantity", "count") or _is_label(n):
        return None
    kind, name, end = unit.kind, unit.name, unit.end
    if name in ("m", "km") and n.text[end : end + 1] in _BENT_SQUARE:
        name, end = f"{name}2", end + 1
    per = per_what(n, end)
    is_rate = per and _BASE.match(per[0])
    if per and (kind == "quantity" or not n.is_whole or is_rate or per[0] in _AREAS):
        kind = "quantity" if is_rate or not n.is_whole else kind
        name, end = f"{name}/{per[0]}", per[1]
    elif kind == "count" and (_is_label_of(n) or _is_talk(n, unit.name)):
        return None
    if _YEAR.fullmatch(n.digits) and n.text[n.behind :].lstrip()[:2].istitle():
        return None  # "giai đoạn 2016 - 2020 Phòng Tư pháp": a year, and the body behind it
    sure = 0.95 if n.plain[n.end : n.end + 1] in " \n" else 0.85
    return n.figure(kind, name, end, sure)


def measured_per(n: Number) -> Candidate | None:
    """A measure that no dictionary knows, or that OCR bent, per one that is known: `0,4 kwWh/m3`."""
    m = _BENT_MEASURE.match(n.text, n.behind)
    if m is None or n.is_whole:
        return None
    per = n.unit(m.end())
    if per is None or per.kind != "quantity":
        return None
    return n.figure("quantity", n.text[m.start("name") : per.end], per.end, 0.6)


def _is_label_of(n: Number) -> bool:
    """Say whether this labels a title: `2.1 Tổ chức`; "gấp 2,4 lần" and "đạt 0.98 máy" do not."""
    is_told = n.words.has_before("cue_before", n.plain, n.start)
    return not n.is_whole and "." in n.digits and not is_told


def _is_label(n: Number) -> bool:
    """Say whether this numbers a row of a table read as running text: `2 Phòng Tài chính 11 10 6`."""
    behind = n.text[n.behind :].lstrip()[:2]
    is_title = behind[:1].isupper() and behind[1:].islower()
    return is_title and len(n.digits) <= 2 and n.digits[0] != "0" and n.paragraph.is_flat_table


def lasting(n: Number) -> Candidate | None:
    """`chậm 04 tháng`, `thời hạn là 36 tháng`: a duration that is told; `6 tháng đầu năm` is none."""
    m = _SPAN.match(n.text, n.behind)
    if m is None:
        return None
    before = n.previous
    follows = before and before.unit == m[1].lower() and n.start - before.unit_end < 8
    if not follows and not n.words.tells_duration(n.plain, n.start):
        return None
    return n.figure("quantity", m[1].lower(), m.end(), 0.85)


def _is_talk(n: Number, name: str) -> bool:
    """Say whether a unit is no thing counted: a point of an argument, or (on bent pages) `3 cấp`."""
    folded = key(name)
    if n.paragraph.digits_doubtful and folded in n.words.roles["not_unit"]:
        return True
    return n.value <= _FEW and folded in n.words.roles["discourse"]


def cued(n: Number) -> Candidate | None:
    """A number with nothing behind it counts where a cue stands before it: `... là 1952, ...`."""
    behind = n.plain[n.end : n.end + 2].strip()
    if (
        behind
        and behind[0] not in ",.;)(-–"
        and not n.plain[n.end :].lstrip().lower().startswith("va ")
    ):
        return None
    of_level = n.right_behind(_LEVEL_HAS)
    if not of_level and not n.words.has_before("cue_before", n.plain, n.start):
        return None
    if _is_former_rank(n):
        return n.figure("rank", None, n.end, 0.8)
    clause, _ = n.paragraph.clause(n.start, n.end)
    if not n.is_whole and _SCORED.search(n.plain[clause : n.start].lower()):
        return n.figure("score", "điểm", n.end, 0.7)
    after_colon = n.plain[: n.start].rstrip().endswith(":")
    unit = _unit_before(n, is_label=after_colon)
    if (unit is None or after_colon) and _YEAR.fullmatch(n.digits):
        return None  # "thời gian thực hiện: 2010"
    return n.figure("count", unit, n.end, 0.7 if unit else 0.55)


def listed(n: Number) -> Candidate | None:
    """What the count before it comes to in each of a list: `41 chợ ...: Lục Nam (21), Lạng Giang (20)`."""
    whole = _whole_before(n)
    if whole is None or not whole.unit or _YEAR.fullmatch(n.digits):
        return None
    in_list = n.paragraph.lists_in_brackets(n.start)
    return n.figure("count", whole.unit, n.end, 0.8) if in_list else None


def _whole_before(n: Number) -> Candidate | None:
    """Return the count told before in the sentence, of which a bare whole number may be a part."""
    before = n.previous
    if before is None or before.kind != "count" or not n.is_whole or n.high is not None:
        return None
    begin, _ = n.paragraph.sentence(n.start)
    return before if before.start >= begin else None


def part(n: Number) -> Candidate | None:
    """A part of the count before it, told by its name alone: `27 nhiệm vụ (trong hạn 25, quá hạn 2)`."""
    before = _whole_before(n)
    if before is None or not n.is_surely_read:
        return None
    label = n.text[before.unit_end : n.start]
    is_further = before.unit_end == before.end  # the one before is a part itself
    m = (_NEXT_PART if is_further else _FIRST_PART).fullmatch(label)
    if not m and not is_further and (m := _NEXT_PART.fullmatch(label)):
        clause, _ = n.paragraph.clause(before.start, before.end)
        own = n.text[clause : before.start].lower().split()[-_LIKE_LABEL:]
        is_like = m[1].split()[0].lower() in own  # cấp tỉnh 12 đơn; cấp huyện 9
        m = m if is_like or n.words.is_in("part", m[1].strip()) else None
    if m is None or not _PART_ENDS.match(n.text, n.end):
        return None
    if len(m[1].split()) > _LONGEST_LABEL and "." not in n.digits:
        return None
    if not is_further and n.value > before.value and _FIRST_PART.fullmatch(label):
        return None
    return n.figure("count", before.unit, n.end, 0.7)


def grown(n: Number) -> Candidate | None:
    """By how many the count before it grew or shrank: `04 vụ (tăng 01 so với tháng trước)`."""
    before = _whole_before(n)
    is_told = n.right_behind(_GROWN) and _THAN.match(n.plain, n.end)
    if before is None or not is_told:
        return None
    return n.figure("count", before.unit, n.end, 0.6)


def headed(n: Number) -> Candidate | None:
    """A large number behind its thing, alone in its clause: `; hồ sơ nộp trực tuyến 5.214, tăng ...`."""
    if n.high is not None or not _THOUSANDS.fullmatch(n.digits):
        return None
    begin, _ = n.paragraph.clause(n.start, n.end)
    label = n.text[begin : n.start]
    unit = n.words.unit_at(n.text[: n.start], begin)
    is_alone = _PART_ENDS.match(n.text, n.end) and _LABEL_ALONE.fullmatch(label)
    if unit is None or unit.kind != "count" or not is_alone:
        return None
    name = unit.name[0].lower() + unit.name[1:]  # which may begin the sentence
    return n.figure("count", name, n.end, 0.6)


def _is_former_rank(n: Number) -> bool:
    """`vị trí thứ 88, tăng 1 bậc (2016: 89; 2014: 99)`: a year labels the number, and ranks were told."""
    before = n.previous
    if before is None or not n.right_behind(_YEAR_LABEL):
        return False
    begin, _ = n.paragraph.sentence(n.start)
    return before.start >= begin and (before.kind == "rank" or key(before.unit or "") == "bac")


def _unit_before(n: Number, *, is_label: bool) -> str | None:
    """Return what the clause before the number names, else the unit of the figure before.

    Failing both, the first thing of the sentence: "tổng hồ sơ ... các dịch vụ công là 1952" counts hồ sơ;
    but not behind a label ("THPT: 200; tổng số: 440").
    """
    begin, _ = n.paragraph.sentence(n.start)
    clause, _ = n.paragraph.clause(n.start, n.end)
    if unit := _first_unit(n, clause):
        return unit
    before = n.previous
    if before and before.start >= begin and before.kind == "count" and before.unit_end > before.end:
        return before.unit
    return None if is_label else _first_unit(n, begin)


def _first_unit(n: Number, begin: int) -> str | None:
    for m in re.finditer(r"(?<!\w)[^\W\d_]", n.text[begin : n.start]):
        unit = n.words.unit_at(n.text[: n.start], begin + m.start())
        if unit and unit.kind == "count" and unit.name.lower() != "số":
            return unit.name
    return None


def guessed(n: Number) -> Candidate | None:
    """A count of something that no dictionary knows: `17 Tplink`."""
    unit = None if _no_unit_word(n) else n.words.guess_unit(n.text, n.behind)
    if unit is None or not n.is_whole or n.digits in ("0", "1") or _BARE_THOUSANDS.match(n.digits):
        return None  # offices write 01 and 1.022; a lone 1 before no known unit is an l or an I
    first = unit.name.split()[0]
    is_glued = n.text[n.end] != " " and not first[0].isupper()
    is_title = first[0].isupper() and not first.isupper() and is_wellformed_syllable(first)
    if is_glued or is_title or len(first) == 1 or _is_talk(n, unit.name) or _is_talk(n, first):
        return None  # "huyện 30a", "mùng 5 Tết", "3 khía cạnh"
    if n.digits[0] != "0" and _NAME_BEFORE.search(n.text, max(0, n.start - 24), n.start):
        return None  # "ấp Bình Tây 2 thuộc xã"
    is_word = n.paragraph.digits_doubtful and _LIKE_A_WORD.fullmatch(n.digits)
    if is_word and is_wellformed_syllable(first):
        return None  # "CPĐT 12 cung cấp khả năng": là cung cấp
    return n.figure("count", unit.name, unit.end, 0.6)


def _no_unit_word(n: Number) -> bool:
    m = _WORD_BEHIND.match(n.plain, n.end)
    return bool(m and n.words.is_in("not_unit", n.text[slice(*m.span(1))]))


def is_probably_a_word(n: Number) -> bool:
    """Say whether a short number on a badly read page is likelier a word that OCR bent: là as 12, ở as 6."""
    if not n.paragraph.digits_doubtful:
        return False
    sure = min(w.confidence for w in n.paragraph.place(n.start, n.end).words)
    if n.digits == _LIKE_O:
        return sure < _DOUBTFUL * (2 if n.paragraph.pads_numbers else 1)
    return bool(_LIKE_LA.fullmatch(n.digits)) and sure < _UNLIKELY
