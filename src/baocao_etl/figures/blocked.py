"""What is not a figure: dates, document numbers, articles, levels, versions, addresses, telephones.

The list is the design's. Each rule marks a stretch of the paragraph; a number inside one is no figure.
Patterns see the text without diacritics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from baocao_etl.figures.amounts import short_money
from baocao_etl.figures.paragraphs import Paragraph
from baocao_etl.figures.vocabulary import AMONG_ALL, Vocabulary, in_ranking, keeps_marks
from baocao_etl.repair.orthography import fold, is_wellformed_syllable

Stretch = tuple[int, int]

_YEAR = r"(?:19|20)\d{2}"
_BEFORE_YEAR = (
    "nam|trong|giai doan|nhiem ky|nien do|nien khoa|den|tu|cuoi|dau|he|vu|so voi|truoc|sau|qua"
)
_MORE_YEARS = rf"(?:(?:\s*[,\-–]\s*|\s+va\s+|\s+den\s+)(?:nam\s+)?{_YEAR})*\b"
_SPANS = r"(?:hon |gan |khoang |tren )?\d+\s(?:ngay|gio|phut|tuan)\b"
_CLOCK = r"\d{1,2}\s?(?:h|gio|g)\s?[0-5]\d(?:\s?(?:phut|p)\b)?"
_SOME_DAYS = r"(?:\d{1,2}\s?(?:-|–|va|,)\s?)*\d{1,2}"
_SCALE = r"1\s?[/:]\s?[125]\d{0,2}\.?0{2,3}"  # of a map or a plan
_MAPS = r"\b(?:ty le|ti le|ban do|quy hoach)\b[^.;()\d]{0,30}"
_ANY_CASE = (
    # web and mail addresses
    r"(?:https?:|www\.)\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)+\.(?:vn|com|org|net)\b\S*",
    # dates, months, quarters, years and stretches of years
    r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{4}",
    r"\bcac ngay\s+\d{1,2}(?:\s*(?:,|va|-)\s*\d{1,2}\b)*",
    r"\bngay\s+\d{1,2}(?:\s*[/.\-]\s*\d{1,2})?(?:\s*thang\s*\d{1,2})?",
    r"(?<!hang )(?<!moi )\bth(?:ang|g)\s+(?:\d{1,2}\s*[/\-.]\s*\d{4}|\d{1,2}(?![.,]?\d))(?!\s*%|\s\d\d?,\d)",
    r"\bquy\s+(?:[ivx]+|\d)(?:\s*[/\-]\s*\d{4})?\b",
    r"\b(?:0?[1-9]|1[0-2])\s*/\s*(?:19|20)\s?\d[\dJlIO]\b",  # OCR splits years: 5/20 19
    rf"\b(?:{_BEFORE_YEAR})\s+{_YEAR}{_MORE_YEARS}",
    rf"\b{_YEAR}\s*[\-–]\s*{_YEAR}\b",
    r"\b\d{1,2}\s*(?:thang|quy|tuan)\s+(?:dau|cuoi)\b",
    r"\bdinh ky\s+(?:hang\s+)?\d{1,2}\s+(?:thang|nam|tuan|ngay)\b",
    r"\b(?:ngay|den|tu|truoc|sau|het)\s+\d{1,2}\s*/\s*\d{1,2}\b(?!\s*[a-z])",
    r"\b(?:ngay|tu|tu ngay)\s+\d{1,2}\s*[-–]\s*\d{1,2}\s*/\s*\d{1,2}\b",
    # lists of clauses: khoản 2, 3 Điều 53
    r"\b(?:khoan|dieu|chuong|phu luc|bieu)\s+\d+[a-z]?(?:\s*(?:,|va|den|-|–)\s*\d{1,3}[a-z]?\b)+(?!\s*%)",
    # điểm 1.5 khoản 1 mục II
    r"(?<!\d)\d[\d.]*\s+(?=(?:khoan|dieu|muc|diem|chuong)\s+(?:\d|[ivx]+\b|[a-z]\b))",
    # round the clock, the fourth industrial revolution, one-stop shop, hours of the day
    r"\b24\s*/\s*(?:24|7)(?:\s*(?:h|gio))?\b",
    r"\b4\.0\b",
    # standards
    r"\b(?:iso|tcvn|qcvn|iec)[\s:/]*(?:iso|iec)?[\s:/]*\d+(?:[-:]\d+)*",
    r"\b0?1\s+cua\b",
    r"\b[\dl]{1,2}\s?(?:h|gio|g(?=\d))\s?[0-5]\d\b(?![.,]\d|\s?%)|\b\d{1,2}:\d{2}\b",
    r"\b\d{1,2}\s*(?:gio|h)\s*\d{1,2}\s*(?:phut|p)\b|\b(?:luc|hoi|vao|truoc)\s+\d{1,2}\s*(?:gio|h|g)\b",
    r"\bsau\s+(?:1[3-9]|2[0-4])\s*gio\b(?! (?:lam|ke tu|tinh tu))",
    r"\btu\s+\d{1,2}\s*(?:gio|h)\s+den\s+\d{1,2}\s*(?:gio|h)\b(?=\s*(?:[,.;)]|$|ngay|hang|moi))",
    r"\b(?:den|qua|sau|truoc)\s+\d{1,2}\s*(?:gio|h)\s+(?:cac|hang|moi)\s+(?:ngay|tuan|dem)\b",
    r"\b(?:hoat dong|mo cua|phuc vu|kinh doanh)\s+(?:den|qua|sau|truoc)\s+(?:1\d|2[0-4])\s*(?:gio|h)\b",
    r"\bkhung (?:thoi gian|gio)\s+(?:tu\s+)?\d{1,2}\s*(?:gio|h)\s*(?:den|-|–)\s*\d{1,2}\s*(?:gio|h)\b",
    # one with minutes makes a time of day of the other: "từ 7 giờ 30 đến 11 giờ"
    rf"{_CLOCK}\s?(?:-|–|den)\s?\d{{1,2}}\s?(?:gio|h|g)\b|\btu\s+\d{{1,2}}\s?(?:gio|h|g)?\s?(?:-|–|den)\s?{_CLOCK}\b",
    # the unit of a table: "Đơn vị tính: 1.000 đồng", or alone in brackets
    r"\b(?:(?:dvt|don vi tinh)\s*[:.]?|don vi\s*:)\s*\(?\s*1(?:[.,]?\s?000)+(?!\d)",
    r"^\(\s*1(?:[.,]?\s?000)+\s?[a-z]+(?:\s[a-z]+)?\s*\)$",
    # a sentence that begins with the time it speaks of: "Sau 3 ngày", "Trong 2 ngày 15 và 16/3"
    rf"(?:^|[.;:!?]\s+|^[-–+]\s+)(?:chi )?(?:sau|trong|qua)\s{_SPANS}(?! (?:lam|ke tu|tinh tu|phai)\b)",
    rf"\btrong\s{_SPANS}\s*,?\s?\(?(?:tu )?(?:ngay )?{_SOME_DAYS}\s?/\s?\d{{1,2}}\b",
    # marks on a road: km 78+300, Km 102, lý trình Km1055+400
    r"\bkm\s?\d+(?:[.,]\d+)?\s?\+\s?\d+(?:[.,]\d+)?(?:\s?m\b)?",
    r"\b\d{1,4}\+\d{3}\b(?:\s?m\b)?",
    r"(?<!\d )(?<!\d)(?<!so )\bkm\s?\d{1,4}\b(?![.,]\d)(?!\s*(?:%|km\b))",
    # laws that amend several others, resolutions of the Central Committee, the emergency numbers
    r"\bmot so dieu cua\s+(?:khoang )?\d+\s+(?:bo )?luat\b",
    r"\b(?:nghi quyet|hoi nghi|ket luan)\s+(?:ban chap hanh )?(?:trung uong|tw)\s+(?:lan thu\s+)?\d{1,2}\b",
    r"\b(?:canh sat|cap cuu|cuu hoa)\s+11[345]\b",
    # telephone numbers and hotlines
    r"\b(?:duong day nong|tong dai|dau so|hotline)[\s:]+(?:so\s+)?[\d.]+(?:\s\d{3,4}\b)*",
    r"\b(?:dien thoai|dt|sdt|tel|fax|hotline|zalo)\b[\s.:]*[\d.\s()+\-]{6,}",
    r"(?<![\d.,])0\d{2,3}[.\s]?\d{3}[.\s]?\d{3,4}\b",
    # scales of maps and plans: tỷ lệ 1/500, bản đồ 1:2.000 và 1:5.000
    rf"{_MAPS}{_SCALE}(?:(?:\s?,\s?|\s+va\s+){_SCALE})*(?![\d%])",
    # classes of voltage: trạm 110 kV, lưới 22kV, 110/22 kV
    r"(?<![\d.,])\d{1,3}(?:[.,]\d)?(?:\s?/\s?\d{1,3}(?:[.,]\d)?)*\s?kv\b",
    # how long before or after: tăng so với 3 ngày trước đó
    r"\b\d{1,2}\s+(?:ngay|tuan|thang|nam|gio)\s+(?:truoc|sau)\s+(?:do|day)\b",
    # holidays: trong 07 ngày nghỉ Tết
    r"\b\d{1,2}\s+ngay\s+(?:nghi|tet)\b",
    # number plates: 31A-5945, 29A1-123.45
    r"\b\d{2}[a-z]\d?\s?[-–]\s?\d{2,3}\.?\d{2}\b",
    # a letter glued to a number: F1, G8, Tk-05, IPv6
    r"\b[a-z]+[\-–.]?\d[\w.]*",
)
_AS_WRITTEN = (
    # document numbers and symbols: 43/2011/NĐ-CP, 1052/STTTT-KHTC
    r"(?<!\d)\d+[a-z%*'’]?\s*/\s*(?:\d{4}\s*/\s*)?[A-Z][A-Za-z&.]*(?:\s*[\-–]\s*[A-Z][\w&.]*)+",
    r"(?<!\d)\d+\s*/\s*\d{4}\s*/\s*[A-Z]\w+",
    r"(?<!\d)\d+\s*/\s*[A-Z]{2,}\w*\b",
    r"\b\d{1,2}[DGKP]\b",  # 4G, 3D
)
_PATTERNS = [
    *(re.compile(pattern, re.IGNORECASE) for pattern in _ANY_CASE),
    *(re.compile(pattern) for pattern in _AS_WRITTEN),
]
# An hour of the day, unless the words before it tell of something that lasted: "tắc đường 14 giờ ngày 24/5"
_HOUR = re.compile(
    r"\b\d{1,2}\s*(?:gio|h)\s+(?:cung )?(?:ngay|sang|trua|chieu|toi|dem)\b", re.IGNORECASE
)
# A day that is kept every year, unless something is counted behind it: "ngày hội 10/10", "dịp 30/4 và 1/5"
_FEAST = re.compile(
    r"\b(?:ngay|le|dip|nhan|ky niem|chao mung|huong ung|tet)\b[^,.;:()\d]{0,40}"
    r"(?P<days>\d{1,2}\s?[/-]\s?(?:0?[1-9]|1[0-2])(?![\d/.,%])(?:(?:\s?,\s|\s(?:va|-)\s)\d{1,2}/\d{1,2}\b)*)",
    re.IGNORECASE,
)
# An age is that of a class of people ("trẻ dưới 5 tuổi"), unless it is told as a mean.
_AGE = re.compile(
    r"(?<![\d.,])(?:\d{1,3}\s*(?:thang )?(?:-|–|,|den|va|toi)\s*)?\d{1,3}\s+(?:thang )?tuoi\b",
    re.IGNORECASE,
)
_MEAN_AGE = re.compile(r"\b(?:binh quan|trung binh|tuoi tho|tuoi doi)\b")
# A document's number: "số 12"; not "tổng số 12", "ký số 100%", "trụ sở 720 triệu đồng" or, có bent to số,
# "số 610 hồ sơ".
_NUMBERED = re.compile(
    r"(?<!tong )(?<!trong )(?<!mot )(?<!con )(?<!diem )(?<!doi )(?<!ky )\bso\s*:?\s*(?!\d[\d.,]*\s*%)"
    r"(?P<number>\d[\d.]*)(?P<symbol>\s*/\s*\S+)?",
    re.IGNORECASE,
)
_TO_NUMBER = re.compile(r"\d[\d.,]* (?:den|toi) \d")
_ITS_PART = re.compile(r"\s(?:[IVX]+|(?:19|20)\d\d)\b")  # Chương trình 135 giai đoạn II
_BEARERS = {"place", "body", "person"}  # whose programme it is: "Đề án 06 tỉnh"
_TIMES = {"ngày", "ngày làm việc", "giờ"}
_MORE_LEVELS = re.compile(
    r"\s*(?:,|/|va|va muc|va muc do|hoac|den|\-|–)\s*(?:muc (?:do )?)?[1-5]\b(?![.,]?\d)(?!\s*%)"
)
_LEVEL = re.compile(r"0?[1-5]\b(?![.,]\d)(?!\s*%)")
_RATIO = re.compile(r"\s?/\s?\d[\d.]*\s+(?=[a-z])", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_HIGHER = re.compile(r"\s?[-–]\s?\d+(?![\d/]|[.,]\d)")  # the upper end of a range


def blocked(paragraph: Paragraph, words: Vocabulary) -> list[Stretch]:
    """Return the stretches of `paragraph` in which no number is a figure."""
    plain = paragraph.plain
    found = [(m.start(), m.end()) for pattern in _PATTERNS for m in pattern.finditer(plain)]
    found += _times(paragraph, words)
    for m in _NUMBERED.finditer(plain):
        is_other_word = fold(paragraph.text[m.start() : m.start() + 2]) not in ("số", "so")
        unit = None if m["symbol"] else words.unit_at(paragraph.text, m.end("number"))
        names_document = unit is None or unit.name in _TIMES
        if names_document and not is_other_word:
            found.append(m.span())
    for m in _NUMBER.finditer(plain):
        found += _by_context(m.start(), m.end(), paragraph, words)
    label = paragraph.section.label
    if label and paragraph.text.startswith(label) and label not in "-–+*•":
        found.append((0, len(label)))
    return found


def _times(paragraph: Paragraph, words: Vocabulary) -> Iterator[Stretch]:
    """Yield hours of the day, days of remembrance and ages of a class: none of them is a result."""
    plain = paragraph.plain
    for m in _HOUR.finditer(plain):
        if not words.tells_duration(plain, m.start()):
            yield m.span()
    for m in _FEAST.finditer(plain):
        if words.unit_at(paragraph.text, m.end()) is None:
            yield m.span("days")
    for m in _AGE.finditer(plain):
        begin, _ = paragraph.clause(m.start(), m.end())
        if not _MEAN_AGE.search(plain[begin : m.start()].lower()):
            yield m.span()


def _by_context(start: int, end: int, paragraph: Paragraph, words: Vocabulary) -> Iterator[Stretch]:
    """Yield the stretch around one number if the words beside it say that it is a name."""
    plain, text = paragraph.plain, paragraph.text
    before = words.before("level_before", plain, start)
    gives = text[start] == "0" and words.unit_at(text, end) is not None  # "cấp 01 bộ tài liệu"
    if before is not None and not gives and (m := _LEVEL.match(plain, start)):
        end_of_list = m.end()
        while (more := _MORE_LEVELS.match(plain, end_of_list)) and not words.unit_at(
            text, more.end()
        ):
            end_of_list = more.end()
        yield before, end_of_list
        return
    if higher := _HIGHER.match(plain, end):
        end = higher.end()  # dứt điểm 2-3 vụ việc
    behind = text[end:].lstrip()
    unit = words.unit_at(text, end)
    if _is_before("name_before", text, plain, start, words) and text[start - 2].isalpha():
        yield start, end
        return
    is_ratio = _RATIO.match(plain, end)
    counts = is_ratio and words.unit_at(text, is_ratio.end())  # "kết luận 09/11 tổ chức"
    if (
        words.has_before("programme_before", plain, start)
        and not counts
        and (
            unit is None
            or unit.group in _BEARERS
            or text[start] == "0"
            or _ITS_PART.match(text, unit.end)
        )
    ):
        yield start, end
        return
    if unit and unit.group == "place" and words.has_before("ordinal_before", plain, start):
        is_named = text[unit.end : unit.end + 2].strip()[:1].isupper()
        if is_named:  # "cụm 5 xã Phụng Thượng"
            yield start, end
            return
    counted = behind[:1] == "%" or unit is not None or short_money(plain, end) is not None
    among_all = AMONG_ALL.match(plain, end) or in_ranking(
        plain, paragraph.sentence(start)[0], start
    )
    if counted or is_ratio or among_all or words.has_before("rank_before", plain, start):
        return
    if (
        _is_before("ordinal_before", text, plain, start, words)
        or _names_document(text, plain, start, words)
        or _names_product(text, start)
    ):
        yield start, end


def _is_before(role: str, text: str, plain: str, start: int, words: Vocabulary) -> bool:
    """`Điều 5`, `tầng 2`; but not `tăng 2`, `khoan 5`: one word must be that of `role` as it is written."""
    begin = words.before(role, plain, start)
    if begin is None:
        return False
    phrase = text[begin:start].strip()
    return " " in phrase or words.is_in(role, phrase, marked=keeps_marks(text))


def _names_document(text: str, plain: str, start: int, words: Vocabulary) -> bool:
    """`Nghị quyết 22`, `Quyết định 739`: a document type right before the number."""
    if text[:start].endswith("từ ") and _TO_NUMBER.match(plain, start):
        return False  # "băng thông từ 20 đến 50 Mbps" names no Thông tư
    left = plain[max(0, start - 30) : start].lower().rstrip()
    return any(left.endswith(name) for name in words.document_types if name)


def _names_product(text: str, start: int) -> bool:
    """`Autocad 2005`, `Windows 10`: a capitalised word right before that is not Vietnamese."""
    m = re.search(r"([^\W\d_]{3,})\s$", text[max(0, start - 24) : start])
    return bool(m and m[1][0].isupper() and not m[1].isupper() and not is_wellformed_syllable(m[1]))
