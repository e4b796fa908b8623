"""Named systems, places and organisations (hệ thống, địa danh, tổ chức) in running text and in cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.figures.paragraphs import Paragraph
from baocao_etl.figures.phrase_finder import Found, PhraseFinder
from baocao_etl.figures.places import PlaceFound, gazetteer, home_province
from baocao_etl.figures.vocabulary import key
from baocao_etl.models import Document, Figure, Mention, MentionKind, Span

_SURE = 0.97
# Those whose names many bear; they are mentioned only with the place or the body behind them.
_NAMELESS = ("many", "yes", "party")
_OF = re.compile(r"\s*(?:cua\s+)?$")
_LEVEL_NAMES = {
    "tinh": "tỉnh", "thanh pho": "thành phố", "huyen": "huyện", "quan": "quận", "thi xa": "thị xã",
    "xa": "xã", "phuong": "phường", "thi tran": "thị trấn",
}  # fmt: skip
# "UBND tỉnh" names a body, "UBND xã, thị trấn" some.
_LEVEL = re.compile(
    rf"\s+({'|'.join(_LEVEL_NAMES)})\b(?!\s*(?:,|/|va\b|hoac\b)\s*(?:{'|'.join(_LEVEL_NAMES)})\b)"
)
_NO_BODY = re.compile(r"\s*(?:/\s*chinh quyen\s+)?(?:dien tu|so|kien tao)\b")  # Chính phủ điện tử
_ABOUT = re.compile(r"(?:(?<!hien )\btai|\bo|\bdia ban|\brieng|\bcua)\s+(?:ubnd\s+|dia ban\s+)?$")
_SOFTWARE = re.compile(r"\b(?:phan mem|he thong|csdl|co so du lieu)\b")


@cache
def _systems(tables: Dictionaries) -> tuple[PhraseFinder, PhraseFinder]:
    """Return the finders of systems by their names, and by names that only mean them behind "phần mềm"."""
    rows = tables.rows("systems")
    return (
        PhraseFinder((a, r["name"]) for r in rows for a in (r["name"], *r["aliases"].split("|"))),
        PhraseFinder((a, r["name"]) for r in rows for a in r["behind_software"].split("|")),
    )


@cache
def _organisations(tables: Dictionaries) -> PhraseFinder:
    heads = {row["name"] for row in tables.rows("organisations") if row["generic"] == "head"}
    names = {row["name"] for row in tables.rows("organisations")} - heads
    return PhraseFinder((name, name) for name in sorted(names))


@cache
def _nameless(tables: Dictionaries) -> frozenset[str]:
    rows = tables.rows("organisations")
    return frozenset(key(row["name"]) for row in rows if row["generic"] in _NAMELESS)


class MentionReader:
    """Reads the mentions of one document, whose date and province decide which places are meant."""

    def __init__(self, document: Document, tables: Dictionaries) -> None:
        self._tables = tables
        self._on = document.letterhead.issued_on
        self._home = home_province(document, tables)

    def places(self, text: str, plain: str) -> list[PlaceFound]:
        """Return the places in a text (`plain`: the same without diacritics)."""
        return list(gazetteer(self._tables).find(text, plain, self._on, self._home))

    def read(self, paragraph: Paragraph) -> Iterator[Mention]:
        """Yield the systems, organisations and places that a paragraph names."""
        text, plain = paragraph.text, paragraph.plain
        places = self.places(text, plain)
        for system in self._systems(paragraph):
            yield _mention(paragraph, "system", system.name, system, _SURE * system.likeness)
        for body in self._bodies(paragraph, places):
            yield _mention(paragraph, "organisation", body.name, body, _SURE * body.likeness)
        for place in places:
            yield _mention(paragraph, "place", place.name, place, place.confidence)

    def _systems(self, paragraph: Paragraph) -> Iterator[Found]:
        named, behind_software = _systems(self._tables)
        found = list(named.find(paragraph.text, paragraph.plain))
        yield from found
        for one in behind_software.find(paragraph.text, paragraph.plain):
            begin, _ = paragraph.sentence(one.start)
            apart = all(one.end <= other.start or other.end <= one.start for other in found)
            listed = any(begin <= other.start < one.start for other in found)
            if apart and (listed or _SOFTWARE.search(paragraph.plain.lower(), begin, one.start)):
                yield one

    def _bodies(self, paragraph: Paragraph, places: Sequence[PlaceFound]) -> Iterator[Found]:
        """Yield the organisations, two names in a row as one: Ủy ban Kiểm tra Thành ủy."""
        text, plain = paragraph.text, paragraph.plain.lower()
        joined: list[Found] = []
        for found in _organisations(self._tables).find(text, plain):
            before = joined[-1] if joined else None
            if before and not plain[before.end : found.start].strip():
                name = f"{before.name} {found.name}"
                joined[-1] = Found(before.start, found.end, name, before.likeness * found.likeness)
            elif text[found.start].isupper() and not _NO_BODY.match(plain, found.end):
                joined.append(found)
        for found in joined:
            if named := _named(found, places, plain, _nameless(self._tables)):
                yield named


def find_mentions(
    document: Document, paragraphs: Iterable[Paragraph], tables: Dictionaries
) -> list[Mention]:
    """Return the named systems, organisations and places of the document's paragraphs."""
    reader = MentionReader(document, tables)
    return [mention for paragraph in paragraphs for mention in reader.read(paragraph)]


def with_places(
    figures: Sequence[Figure], document: Document, tables: Dictionaries
) -> list[Figure]:
    """Return `figures` with the place that each is about, where its own clause names one.

    The place must be told as that of the figure ("tại huyện A", "trên địa bàn xã B"); a clause that
    names several gives none.
    """
    reader = MentionReader(document, tables)
    known: dict[str, str | None] = {}
    found: list[Figure] = []
    for figure in figures:
        subject = figure.subject or ""
        if subject not in known:
            known[subject] = _place_of(subject, reader)
        code = known[subject]
        found.append(figure.model_copy(update={"place_code": code}) if code else figure)
    return found


def _place_of(subject: str, reader: MentionReader) -> str | None:
    plain = key(subject)
    if len(plain) != len(subject):
        return None
    places = reader.places(subject, plain)
    codes = {place.code for place in places}
    if len(codes) != 1 or not places[0].code:
        return None
    if "(" in plain[: places[0].start]:
        return None
    stands_alone = (places[0].start, places[0].end) == (0, len(subject))
    about = stands_alone or _ABOUT.search(plain, 0, places[0].start)
    return places[0].code if about else None


def _named(
    found: Found, places: Sequence[PlaceFound], plain: str, nameless: frozenset[str]
) -> Found | None:
    """Return the organisation with its place or level behind it; None where only these would name it."""
    follows = next(
        (p for p in places if p.start >= found.end and _OF.match(plain, found.end, p.start)), None
    )
    if follows:
        return Found(found.start, follows.end, f"{found.name} {follows.name}", found.likeness)
    if level := _LEVEL.match(plain, found.end):
        name = f"{found.name} {_LEVEL_NAMES[level[1]]}"
        return Found(found.start, level.end(), name, found.likeness)
    return None if key(found.name) in nameless else found


def _mention(
    paragraph: Paragraph,
    kind: MentionKind,
    name: str,
    found: Found | PlaceFound,
    confidence: float,
) -> Mention:
    place = paragraph.place(found.start, found.end)
    read = min(word.confidence for word in place.words)
    return Mention(
        section_id=paragraph.section.section_id,
        span=Span(place.page, place.start, place.end),
        kind=kind,
        name=name,
        raw_text=" ".join(word.raw for word in place.words),
        confidence=round(confidence * read, 4),
    )
