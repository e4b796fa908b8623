"""Which indicator (chỉ tiêu) a figure states: fuzzy phrases near the number, scored by how near.

A signal is one or more parts ("dịch vụ công & mức độ 3"). Each part is looked for in the words that
belong to the figure (from the mark behind the previous figure to the mark before the next one), then in
the sentence, then in the titles above it, and weighs less the farther it is. At least one part must
stand in the figure's own words. A figure with no signal strong enough has no indicator: none is better
than a wrong one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.figures.context import titles_above
from baocao_etl.figures.vocabulary import key
from baocao_etl.models import Document, Figure
from baocao_etl.repair.orthography import is_wellformed_syllable

_IN_SENTENCE = 0.5
_IN_TITLES = 0.5
_FAR = 120  # characters at which a part in the figure's own words has lost all that nearness gives
_NEARNESS = 0.15
_ENOUGH = 0.74
_OWN_ENOUGH = 0.7
_FUZZY = 90.0  # partial ratio at which a bent phrase still counts
_FUZZY_FROM = 11  # characters; shorter phrases must be met exactly
_MANY_WORDS = 4  # a phrase of so many words is known even where one of them became another word
_SHARED_TRIGRAMS = 0.6
_MARK = re.compile(r"[,;:(]|\.\s")
_AND = re.compile(r"\bva\b|\bcung voi\b")
_FORMER = re.compile(r"\(\s*nam|\bso voi\b|\bcung ky\b")
_CHANGE = re.compile(
    r"\b(?:tang|giam|vuot|hut|cao hon|thap hon)(?:\s+(?:them|gan|hon|khoang|tren))*\s*$"
)
_SHARE_OF_BEFORE = re.compile(r"\b(?:dat|chiem|ty le|ti le|tuong ung|bang)\b|\(\s*$")
_JOINED = re.compile(r"\bva\s*$")
_JOINED_WITHIN = 40
_STOP = re.compile(r"[;]|\.\s|\.$")
_NUMBER = re.compile(r"\d[\d.,]*(?:\s*/\s*\d[\d.,]*)?")
_ABBREVIATION = re.compile(r"(?<!\w)[A-ZĐ][A-ZĐa-z&]*[A-ZĐ](?!\w)")


class Indicator(NamedTuple):
    """One row of the dictionary, ready for matching; signals and excludes are folded."""

    id: str
    units: frozenset[str]
    signals: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...]


Fold = Callable[[str], str]


class _Hit(NamedTuple):
    """Where a phrase was found in a text, and how well."""

    start: int
    end: int
    likeness: float


class _Place(NamedTuple):
    """A figure in its folded sentence: its number, and the words around it that are its own."""

    start: int
    end: int
    own_from: int
    own_to: int


class Indicators:
    """The indicators of one set of dictionaries."""

    def __init__(self, tables: Dictionaries) -> None:
        self._abbreviations = {
            row["abbreviation"]: row["expansion"]
            for row in tables.rows("abbreviations")
            if len(row["abbreviation"]) > 2
        }
        self._by_kind: dict[str, list[Indicator]] = defaultdict(list)
        rows = {row["id"]: row for row in tables.rows("indicators")}  # the user's replace ours
        for row in rows.values():
            indicator = Indicator(
                row["id"],
                frozenset(map(key, filter(None, row["unit"].split("|")))),
                tuple(
                    tuple(self.fold(part.strip()) for part in signal.split("&") if part.strip())
                    for signal in row["signals"].split("|")
                    if signal.strip(" &")
                ),
                tuple(self.fold(phrase) for phrase in row["excludes"].split("|") if phrase.strip()),
            )
            for kind in row["kind"].split("|"):
                self._by_kind[kind].append(indicator)
        self._phrases = {
            part: _trigrams(part)
            for indicators in self._by_kind.values()
            for indicator in indicators
            for part in (*(p for signal in indicator.signals for p in signal), *indicator.excludes)
        }
        self.hits = lru_cache(maxsize=512)(self._hits)

    def fold(self, text: str) -> str:
        """Return `text` in lower case without marks, its abbreviations written out."""
        written_out = _ABBREVIATION.sub(lambda m: self._abbreviations.get(m[0], m[0]), text)
        return key(written_out)

    def _hits(self, text: str) -> Mapping[str, tuple[_Hit, ...]]:
        """Return where the phrases of all signals stand in `text` (folded)."""
        grams = _trigrams(text)
        found: dict[str, tuple[_Hit, ...]] = {}
        for phrase, own in self._phrases.items():
            if exact := tuple(_exact(phrase, text)):
                found[phrase] = exact
            elif (
                len(phrase) >= _FUZZY_FROM
                and len(own & grams) >= _SHARED_TRIGRAMS * len(own)
                and (near := _near(phrase, text))
            ):
                found[phrase] = (near,)
        return found

    def best(self, figure: Figure, sentence: str, place: _Place, titles: str) -> str | None:
        """Return the id of the indicator that `figure` states, or None."""
        if place.end and _CHANGE.search(sentence, max(0, place.start - 30), place.start):
            return None  # a change of an indicator is not its value
        hits, above = self.hits(sentence), self.hits(titles)
        unit = key(figure.unit) if figure.unit else ""
        best: tuple[float, str] | None = None
        for indicator in self._by_kind[figure.kind]:
            fit = _unit_fit(indicator, unit)
            if not fit or any(_stands_in(place, hits.get(e, ())) for e in indicator.excludes):
                continue
            scores = (_score(signal, hits, above, place) for signal in indicator.signals)
            score = max(scores, default=0.0) * fit
            if score >= _ENOUGH and (best is None or score > best[0]):
                best = (score, indicator.id)
        return best[1] if best else None


@cache
def indicators(tables: Dictionaries) -> Indicators:
    """Return the indicators of `tables`, made once."""
    return Indicators(tables)


def with_indicators(
    figures: Sequence[Figure], document: Document, tables: Dictionaries
) -> list[Figure]:
    """Return `figures` with the indicator of each, where one is recognised."""
    known = indicators(tables)
    titles = {
        section_id: known.fold(" | ".join(chain))
        for section_id, chain in titles_above(document.sections).items()
    }
    captions = {table.table_id: known.fold(table.title or "") for table in document.tables}
    found: list[Figure] = []
    for group in _by_sentence(figures):
        sentence = known.fold(group[0].sentence)
        above = titles.get(group[0].section_id or "", "")
        if group[0].table_id:
            above = f"{above} | {captions.get(group[0].table_id, '')}"
            places = [_Place(0, 0, 0, len(sentence))] * len(group)
        else:
            places = list(_places(sentence, group, known.fold))
        for figure, place in zip(group, places, strict=True):
            name = known.best(figure, sentence, place, above)
            found.append(figure.model_copy(update={"indicator": name}) if name else figure)
    return found


def _by_sentence(figures: Sequence[Figure]) -> Iterator[list[Figure]]:
    group: list[Figure] = []
    for figure in figures:
        same = group and (group[0].section_id, group[0].sentence, group[0].table_id) == (
            figure.section_id, figure.sentence, figure.table_id,
        )  # fmt: skip
        if group and not same:
            yield group
            group = []
        group.append(figure)
    if group:
        yield group


def _places(sentence: str, group: Sequence[Figure], fold: Fold) -> Iterator[_Place]:
    """Yield each figure's place; what lies between two figures is shared out at its marks."""
    numbers = list(_numbers(sentence, group, fold))
    borders = [_border(sentence, one, other) for one, other in pairwise(numbers)]
    begins = [0, *(begin for _, begin in borders)]
    ends = [*(end for end, _ in borders), len(sentence)]
    own_from = 0
    for i, number in enumerate(numbers):
        if not (i and _carries_on(sentence, group, numbers, i)):
            own_from = begins[i]
        own_to = ends[i]
        if i + 1 < len(numbers):
            gap = sentence[number.end : numbers[i + 1].start]
            if len(gap) <= _JOINED_WITHIN and _JOINED.search(gap):
                own_to = ends[i + 1]  # "18/18 huyện và 244/244 xã thực hiện cơ chế một cửa"
        stop = _STOP.search(sentence, number.end, own_to)
        own_to = min(stop.start() if stop else own_to, number.end + 2 * _FAR)
        yield _Place(number.start, number.end, min(own_from, number.start), max(own_to, number.end))


class _Numeral(NamedTuple):
    """Where a figure's number stands in its folded sentence, and where its unit ends."""

    start: int
    end: int
    unit_end: int


def _numbers(sentence: str, group: Sequence[Figure], fold: Fold) -> Iterator[_Numeral]:
    at = 0
    for figure in group:
        m = _NUMBER.search(figure.text)
        start = sentence.find(m[0], at) if m else -1
        if m is None or start < 0:
            yield _Numeral(at, at, at)
            continue
        at = start + len(m[0])
        unit = fold(figure.text[m.end() :])
        gap = len(sentence[at:]) - len(sentence[at:].lstrip())
        named = bool(unit) and sentence.startswith(unit, at + gap)
        yield _Numeral(start, at, at + gap + len(unit) if named else at)


def _carries_on(
    sentence: str, group: Sequence[Figure], numbers: Sequence[_Numeral], i: int
) -> bool:
    """Say whether a figure tells of what the one before it does: its share, or its former value."""
    before = sentence[numbers[i - 1].end : numbers[i].start]
    if group[i].kind == "percent" and _SHARE_OF_BEFORE.search(before):
        return True
    both_ranks = group[i].kind == group[i - 1].kind == "rank"
    return both_ranks or bool(_FORMER.search(before))


def _border(sentence: str, one: _Numeral, other: _Numeral) -> tuple[int, int]:
    """Return where between two figures the words of the first end and those of the second begin.

    They part at the first mark behind the first figure's unit, or else at the last "và". Where there is
    neither, the words between belong to both.
    """
    gap = (min(one.unit_end, other.start), other.start)
    mark = _MARK.search(sentence, *gap)
    if mark and not sentence[mark.end() : other.start].strip() and mark[0] == ":":
        mark = None
    joined = [m.start() for m in _AND.finditer(sentence, *gap)]
    if mark:
        return mark.start(), mark.end()
    return (joined[-1], joined[-1]) if joined else (other.start, one.end)


def _score(
    signal: tuple[str, ...],
    hits: Mapping[str, tuple[_Hit, ...]],
    above: Mapping[str, tuple[_Hit, ...]],
    place: _Place,
) -> float:
    """Return how well a signal fits, 0 to 1; longer phrases say a little more than short ones."""
    if not any(part in hits for part in signal):
        return 0.0
    own = [
        max((_nearness(hit, place) for hit in hits.get(part, ())), default=0.0) for part in signal
    ]
    if max(own) < _OWN_ENOUGH:
        return 0.0
    weighed = [
        max(
            near,
            _IN_SENTENCE * max((hit.likeness for hit in hits.get(part, ())), default=0.0),
            _IN_TITLES * max((hit.likeness for hit in above.get(part, ())), default=0.0),
        )
        for part, near in zip(signal, own, strict=True)
    ]
    if min(weighed) == 0.0:
        return 0.0
    length = sum(map(len, signal))
    return sum(weighed) / len(weighed) * (0.94 + 0.06 * min(length, 40) / 40)


def _nearness(hit: _Hit, place: _Place) -> float:
    """Return the weight of a phrase in the figure's own words; 0 outside of them."""
    if hit.start < place.own_from or hit.end > place.own_to + 1:
        return 0.0
    if place.start == place.end:
        return hit.likeness
    # What stands behind the number is bound closer to it: "49 dịch vụ công mức độ 3".
    distance = max(0, place.start - hit.end, (hit.start - place.end) // 3)
    return hit.likeness * (1 - _NEARNESS * min(distance, _FAR) / _FAR)


def _stands_in(place: _Place, hits: Iterable[_Hit]) -> bool:
    return any(place.own_from <= hit.start and hit.end <= place.own_to + 1 for hit in hits)


def _unit_fit(indicator: Indicator, unit: str) -> float:
    """Return 0 where the unit rules the indicator out, and a little under 1 where it says nothing."""
    if not indicator.units:
        return 0.98
    if not unit:
        return 0.96
    fits = any(
        unit == known or unit.startswith((f"{known} ", f"{known},")) for known in indicator.units
    )
    return 1.0 if fits else 0.0


def _exact(phrase: str, text: str) -> Iterator[_Hit]:
    at = text.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            yield _Hit(at, end, 1.0)
        at = text.find(phrase, end)


def _near(phrase: str, text: str) -> _Hit | None:
    """Return where `phrase` stands bent in `text`; a word that is good Vietnamese is another word."""
    found = fuzz.partial_ratio_alignment(phrase, text, score_cutoff=_FUZZY)
    if found is None or found.dest_end - found.dest_start < len(phrase) - 2:
        return None
    start = text.rfind(" ", 0, found.dest_start + 1) + 1
    end = text.find(" ", found.dest_end - 1)
    met = text[start : end if end >= 0 else len(text)].split()
    words = phrase.split()
    others = [w for w in met if w.strip(".,;:()") not in words]
    if len(words) < _MANY_WORDS and any(is_wellformed_syllable(w.strip(".,;:()")) for w in others):
        return None
    return _Hit(found.dest_start, found.dest_end, found.score / 100)


def _trigrams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))
