"""Number, symbol and date of a document: boxes 3 and 4, and what else may tell them.

Offices fill in the number and the day by hand. OCR rarely reads that, so other evidence counts: the
name of the file, the stamp of a digital signature, an appendix that says what it is attached to, or
another letter in the same file that cites this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import PurePath
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.structure.lines import Line
from baocao_etl.structure.phrases import squeezed
from baocao_etl.structure.pieces import Piece
from baocao_etl.structure.zones import ATTACHED, NUMBER

DATE = re.compile(
    r"ng[aàáâä]y\s*(?P<day>\S{0,4}?)[\s.…\[\]|(]*th[aáàâ]ng\s*"
    r"(?P<month>\S{0,4}?)[\s.…]*(?:n[aăãäâ]m\s*(?P<plain>\d{4})|n\S{2,4}\s+(?P<bent>20\d\d|19\d\d))",
    re.IGNORECASE,
)
_MARKS, _MARK_BEHIND = re.compile(r"[,;:\t]"), re.compile(r"[,.;]$")
_BENT_SLASH = re.compile(
    r"\bS[ốôoóòõ6ổồộơ4ỏ]\s?[:.;]\s*(?P<number>\d{1,5})\s*[!|\\lI]\s?"
    r"(?P<symbol>[A-ZĐÐ][\wĐÐ&]+\s?[-–]\s?[A-ZĐÐ][\wĐÐ&]+)"
)
_NUMERIC_DATE = r"(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4})"
_SIGNED_ON = re.compile(rf"\b{_NUMERIC_DATE}\b")
_CITED = re.compile(
    rf"(?P<number>\d{{1,5}})\s?/\s?(?P<symbol>[A-ZĐ]\S*?(?:\s?-\s?[A-ZĐ]\w*)*)\W{{1,3}}ng[aà]y\s+"
    rf"(?:{_NUMERIC_DATE}|(\d{{1,2}}) tháng (\d{{1,2}}) năm (\d{{4}}))"
)
_SURE = 0.97  # above this, a word was printed, not read off handwriting
_FREE = 0.9  # a lone digit that is less sure than this is not all of the day
# A day or number that is less sure than this is no evidence: a wrong one is worse than none.
_LEAST, _LEAST_NUMBER = 0.75, 0.6
_ONES_AND_NOUGHTS = str.maketrans("OoDIl|][!i", "0001111111")


class Evidence(NamedTuple):
    """What else may tell a field that is written by hand.

    `stamps` are the lines of digital signatures; `attached` the text behind the signature;
    `elsewhere` the texts of the other documents in the same file.
    """

    file_name: str
    stamps: tuple[str, ...] = ()
    attached: str = ""
    elsewhere: tuple[str, ...] = ()


class Reference(NamedTuple):
    """Number and symbol as they were read; `sure` if the number was printed, not written by hand.

    `confidence` is that of the number as it was read.
    """

    number: str | None
    symbol: str | None
    sure: bool
    confidence: float = 1.0

    def may_be(self, number: str) -> bool:
        """Say whether `number` may be what stands there: nothing sure was read, or nearly this."""
        return not self.sure or Levenshtein.distance(self.number or "", number) <= 1


class PrintedDate(NamedTuple):
    """Box 4: `day` is None where it cannot be read; `doubtful` if letters had to pass for digits.

    `confidence` is that of the day as it was read.
    """

    place: str | None
    year: int
    month: int | None
    day: int | None
    doubtful: bool = False
    confidence: float = 1.0

    def whole(self) -> date | None:
        """Return the date, if all of it could be read and it exists."""
        if self.day and self.month:
            with suppress(ValueError):
                return date(self.year, self.month, self.day)
        return None

    def allows(self, other: date) -> bool:
        """Say whether what is legible agrees with `other`."""
        return self.year == other.year and self.month in (None, other.month)


def read_reference(lines: Sequence[Line], tables: Dictionaries) -> Reference:
    """Return number and symbol; what repair did to a symbol counts only if it restored marks."""
    for line in lines:
        repaired, raw = _symbol_in(line.text, tables), _symbol_in(line.raw, tables)
        if found := repaired or raw:
            if repaired and raw and squeezed(repaired[1]) != squeezed(raw[1]):
                found = raw
            number = found[0] if re.fullmatch(r"\d{1,5}(?:/\d{4})?", found[0]) else None
            sure = number is not None and all(w.confidence > _SURE for w in line.words)
            read = [w.confidence for w in line.words if number and number in w.text and w.box]
            confidence = min(read, default=1.0)
            legible = number if confidence >= _LEAST_NUMBER else None
            return Reference(legible, found[1], sure, confidence)
    return Reference(None, None, False)


def _symbol_in(text: str, tables: Dictionaries) -> tuple[str, str] | None:
    """Return the number as printed and the symbol, white space and the spelling of Đ mended."""
    m = NUMBER.search(text) or _handwritten(tables).search(text) or _BENT_SLASH.search(text)
    if m is None:
        return None
    symbol = re.sub(r"\s*([-–—/])\s*", r"\1", m["symbol"]).replace("Ð", "Đ")
    symbol = re.sub("[–—]", "-", symbol)
    symbol = re.sub(r"^([A-ZĐ][A-ZĐa-zđy]{1,3})\.(?=[A-ZĐ]{2})", r"\1-", symbol)  # BC.UBND
    year = f"/{y}" if (y := m.groupdict().get("year")) else ""
    return re.sub(r"[\s_]", "", m["number"]) + year, symbol


@cache
def _handwritten(tables: Dictionaries) -> re.Pattern[str]:
    """A number by hand often swallows the slash; the type code behind it is printed.

    A công văn has no type code: its symbol begins with the issuer.
    """
    types = {r["code"] for r in tables.rows("document_types")} - {""}
    codes = "|".join(sorted(types | {"UBND", "HĐND"}))
    return re.compile(
        rf"\bS[ốôoóòõ6ổồộơ4ỏ]\s?[:.;]\s*(?P<number>[^\s-]{{0,6}})\s*[I/l|1]?"
        rf"(?P<symbol>(?:{codes})\s?[-–]\s?[A-ZĐÐ][\wĐÐ&]+)",
        re.IGNORECASE,
    )


def number_of_file(file_name: str, symbol: str | None) -> str | None:
    """Return the number that a file is named after, as in `22_TTR.pdf`, `574_UB.pdf`, `05CT.pdf`.

    The letters beside it must be those that the symbol begins with.
    """
    code = squeezed(symbol or "")
    first = squeezed((symbol or "").split("-")[0])
    for m in re.finditer(r"(?<!\d)(\d{1,5})[\s_-]?([A-Za-zĐđ]{2,5})", PurePath(file_name).stem):
        letters = squeezed(m[2])
        if code and (code.startswith(letters) or letters.startswith(first)):
            return m[1]
    return None


def read_date(pieces: Sequence[Sequence[Piece]]) -> PrintedDate | None:
    """Return the place and date line: `Phú Yên, ngày 05 tháng 7 năm 2021`."""
    found = next(((m, p) for row in pieces for p in row if (m := DATE.search(p.text))), None)
    if found is None:
        return None
    m, piece = found
    place = _place_before(piece.text[: m.start()])
    day, month = _digits(m["day"]), _digits(m["month"])
    sure = _confidence(m["day"], piece)
    if day and (sure < _LEAST or (day < 10 and len(m["day"]) == 1 and sure < _FREE)):
        day = None
    doubtful = not (m["day"].isdecimal() and m["month"].isdecimal())
    return PrintedDate(
        place=place,
        year=int(m["plain"] or m["bent"]),
        month=month if month and month <= 12 else None,
        day=day if day and day <= 31 else None,
        doubtful=doubtful,
        confidence=sure,
    )


def _place_before(text: str) -> str | None:
    """Return the place that stands before a date: behind the last mark, or a symbol in the same line."""
    place = _MARKS.split(_MARK_BEHIND.sub("", text.rstrip()))[-1]
    return re.sub(r"^.*(?:/|[A-ZĐ]{2,}-)\S*\s+", "", place).strip(" .,-|_") or None


def _confidence(day: str, piece: Piece) -> float:
    """Return how surely a day was read from a page image.

    Rules want "05", so of a lone digit a pen may have lost the other: it is believed if it stands by itself.
    """
    found = [w.confidence for w in piece.words if w.text.strip(".") == day and w.box]
    lone = 0.0 if len(day) == 1 and any(w.box for w in piece.words) else 1.0
    return max(found, default=lone)


def _digits(text: str) -> int | None:
    """Read digits, letters that OCR takes for 0 and 1 included."""
    plain = text.translate(_ONES_AND_NOUGHTS)
    return int(plain) if re.fullmatch(r"[0-9]{1,2}", plain) else None


def signed_on(printed: PrintedDate, stamps: Iterable[str]) -> date | None:
    """Return the day of the digital signature, if what is legible of the date agrees."""
    for m in filter(None, map(_SIGNED_ON.search, stamps)):
        signed = _date(*m.groups())
        if signed and printed.allows(signed):
            return signed
    return None


def year_that_can_be(printed: date, subject: str | None, opening: str) -> date | None:
    """Return `printed` in the year of the subject, if the text cites documents later than `printed`.

    A document cites nothing that was written after it. The year read and the subject's must differ in
    one digit, as a misread one does (2013 for 2019).
    """
    cited = max((d for m in _CITED.finditer(opening) if (d := _cited_date(m))), default=None)
    if cited is None or cited.year <= printed.year:
        return None
    for year in re.findall(r"\b(?:19|20)\d\d\b", subject or ""):
        unlike = sum(a != b for a, b in zip(year, str(printed.year), strict=True))
        mended = _date(str(printed.day), str(printed.month), year)
        if unlike == 1 and mended and mended >= cited:
            return mended
    return None


def cited_as(
    symbol: str | None, printed: PrintedDate, evidence: Evidence
) -> tuple[str, date, str] | None:
    """Return number, date and source where this document is named elsewhere in its file.

    An appendix says what it is attached to ("Kèm theo Quyết định số 12/QĐ-UBND ngày ..."); another
    letter of the file may answer this one. All such mentions must agree.
    """
    places = [(evidence.attached, "appendix", True)]
    places += [(text, "citation in the same file", False) for text in evidence.elsewhere]
    for text, source, must_be_attached in places if symbol else ():
        found = {
            (m["number"], when)
            for m in _CITED.finditer(text)
            if squeezed(m["symbol"]) == squeezed(symbol or "")
            and (not must_be_attached or ATTACHED.search(text[max(0, m.start() - 60) : m.start()]))
            and (when := _cited_date(m))
            and printed.allows(when)
        }
        if len(found) == 1:
            return (*found.pop(), source)
    return None


def _cited_date(m: re.Match[str]) -> date | None:
    return _date(*(m[i] or m[i + 3] for i in (3, 4, 5)))


def _date(day: str, month: str, year: str) -> date | None:
    with suppress(ValueError):
        return date(int(year), int(month), int(day))
    return None
