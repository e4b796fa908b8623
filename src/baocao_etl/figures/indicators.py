"""Which indicator (chỉ tiêu) a figure states: fuzzy phrases near the number, scored by how near.

A signal is one or more parts ("dịch vụ công & mức độ 3"). Each part is looked for in the words that
belong to the figure (from the mark behind the previous figure to the mark before the next one), then in
the sentence, then in the titles above it, and weighs less the farther it is. At least one part must
stand in the figure's own words. A figure with no signal strong enough has no indicator: none is better
than a wrong one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice, takewhile
from typing import NamedTuple

from rapidfuzz import fuzz

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.figures.context import titles_above
from baocao_etl.figures.own_words import (
    OwnWords,
    counted,
    is_change,
    is_former,
    numerals,
    own_words,
)
from baocao_etl.figures.vocabulary import key
from baocao_etl.models import Document, Figure
from baocao_etl.repair.orthography import is_bare_syllable

_SHARE = "_share"  # ends the id of an indicator that is the share of another
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
_NOT = re.compile(r"[^,;:(.\d]*?\b(chua|khong)\b")
_ABBREVIATION = re.compile(r"(?<!\w)[A-ZĐ][A-ZĐa-z&]*[A-ZĐ](?!\w)")
_INTRODUCED = re.compile(r"\s*\([A-ZĐ][A-ZĐa-z&]*[A-ZĐ]\)")  # "dịch vụ công (DVC) mức độ 3"


class Indicator(NamedTuple):
    """One row of the dictionary, ready for matching; signals and excludes are folded."""

    id: str
    units: frozenset[str]
    signals: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...]


class _Hit(NamedTuple):
    """Where a phrase was found in a text, and how well."""

    start: int
    end: int
    likeness: float


class _Hits(NamedTuple):
    """Where a phrase was found in a text, from left to right, and how well at its best place."""

    places: tuple[_Hit, ...]
    likeness: float

    def within(self, place: OwnWords) -> Iterator[_Hit]:
        """Yield the hits in a figure's own words."""
        first = bisect_left(self.places, (place.own_from,))
        return takewhile(lambda hit: hit.end <= place.own_to + 1, islice(self.places, first, None))


_NOWHERE = _Hits((), 0.0)


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
        units = {
            name: frozenset(map(key, filter(None, row["unit"].split("|"))))
            for name, row in rows.items()
        }
        for row in rows.values():
            indicator = Indicator(
                row["id"],
                units[row["id"]],
                tuple(
                    tuple(self.fold(part.strip()) for part in signal.split("&") if part.strip())
                    for signal in row["signals"].split("|")
                    if signal.strip(" &")
                ),
                tuple(self.fold(phrase) for phrase in row["excludes"].split("|") if phrase.strip()),
            )
            of_count = units.get(row["id"].removesuffix(_SHARE), frozenset())
            for kind in row["kind"].split("|"):
                of_kind = indicator
                if kind == "ratio":  # "6.871/7.010 hồ sơ" has the unit of what is counted
                    of_kind = indicator._replace(
                        units=indicator.units and indicator.units | of_count
                    )
                self._by_kind[kind].append(of_kind)
        self._shares = {name.removesuffix(_SHARE): name for name in rows if name.endswith(_SHARE)}
        self._phrases = {
            part: _trigrams(part)
            for indicators in self._by_kind.values()
            for indicator in indicators
            for part in (*(p for signal in indicator.signals for p in signal), *indicator.excludes)
        }
        self.hits = lru_cache(maxsize=512)(self._hits)

    def fold(self, text: str) -> str:
        """Return `text` in lower case without marks, its abbreviations written out where they are used."""
        text = _INTRODUCED.sub("", text)
        written_out = _ABBREVIATION.sub(lambda m: self._abbreviations.get(m[0], m[0]), text)
        return key(written_out)

    def _hits(self, text: str) -> Mapping[str, _Hits]:
        """Return where the phrases of all signals stand in `text` (folded)."""
        grams = _trigrams(text)
        found: dict[str, _Hits] = {}
        for phrase, own in self._phrases.items():
            if exact := tuple(_exact(phrase, text)):
                found[phrase] = _Hits(exact, 1.0)
            elif (
                len(phrase) >= _FUZZY_FROM
                and len(own & grams) >= _SHARED_TRIGRAMS * len(own)
                and (near := _near(phrase, text))
            ):
                found[phrase] = _Hits((near,), near.likeness)
        return found

    def share_of(self, counted: str | None) -> str | None:
        """Return the indicator of the share that belongs to that of a count: files_online_share."""
        return self._shares.get(counted or "")

    def best(self, figure: Figure, sentence: str, place: OwnWords, titles: str) -> str | None:
        """Return the id of the indicator that `figure` states, or None."""
        hits, above = self.hits(sentence), self.hits(titles)
        unit = key(figure.unit) if figure.unit else ""
        denied = _NOT.match(sentence, place.end) if place.end else None
        best: tuple[float, str] | None = None
        for indicator in self._by_kind[figure.kind]:
            fit = _unit_fit(indicator, unit)
            if not fit or any(any(hits.get(e, _NOWHERE).within(place)) for e in indicator.excludes):
                continue
            if denied and not _says(indicator, hits, denied.start(1)):
                continue  # "04 xã chưa có mạng LAN"
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
            place = OwnWords(0, 0, 0, len(sentence))
            names = [known.best(figure, sentence, place, above) for figure in group]
        else:
            names = _names(group, sentence, above, known)
        for figure, name in zip(group, names, strict=True):
            found.append(figure.model_copy(update={"indicator": name}) if name else figure)
    return found


def _names(
    group: Sequence[Figure], sentence: str, above: str, known: Indicators
) -> list[str | None]:
    """Return the indicator of each figure of a sentence."""
    numbers = list(numerals(sentence, group, known.fold))
    names: list[str | None] = []
    for i, place in enumerate(own_words(sentence, group, numbers)):
        if is_former(sentence, numbers[i]) or is_change(sentence, numbers[i]):
            names.append(None)  # neither is the value of an indicator
            continue
        name = known.best(group[i], sentence, place, above)
        if name is None and group[i].kind == "percent":
            whole = counted(sentence, numbers, i)
            name = known.share_of(names[whole]) if whole is not None else None
        names.append(name)
    return names


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


def _score(
    signal: tuple[str, ...],
    hits: Mapping[str, _Hits],
    above: Mapping[str, _Hits],
    place: OwnWords,
) -> float:
    """Return how well a signal fits, 0 to 1; longer phrases say a little more than short ones."""
    if not any(part in hits for part in signal):
        return 0.0
    own = [
        max((_nearness(hit, place) for hit in hits.get(part, _NOWHERE).within(place)), default=0.0)
        for part in signal
    ]
    if max(own) < _OWN_ENOUGH:
        return 0.0
    weighed = [
        max(
            near,
            _IN_SENTENCE * hits.get(part, _NOWHERE).likeness,
            _IN_TITLES * above.get(part, _NOWHERE).likeness,
        )
        for part, near in zip(signal, own, strict=True)
    ]
    if min(weighed) == 0.0:
        return 0.0
    length = sum(map(len, signal))
    return sum(weighed) / len(weighed) * (0.94 + 0.06 * min(length, 40) / 40)


def _nearness(hit: _Hit, place: OwnWords) -> float:
    """Return the weight of a phrase that stands in the figure's own words."""
    if place.start == place.end:
        return hit.likeness
    # What stands behind the number is bound closer to it: "49 dịch vụ công mức độ 3".
    distance = max(0, place.start - hit.end, (hit.start - place.end) // 3)
    return hit.likeness * (1 - _NEARNESS * min(distance, _FAR) / _FAR)


def _says(indicator: Indicator, hits: Mapping[str, _Hits], at: int) -> bool:
    """Say whether the word at `at` belongs to a signal of the indicator: `chưa đến hạn`."""
    parts = (part for signal in indicator.signals for part in signal)
    return any(
        hit.start <= at < hit.end for part in parts for hit in hits.get(part, _NOWHERE).places
    )


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
    if len(met) < len(words) and len("".join(met)) + 1 < len("".join(words)):
        return None  # a whole word is missing
    others = [bent for w in met if (bent := w.strip(".,;:()")) not in words]
    if any(map(str.isdigit, others)):
        return None
    if len(words) < _MANY_WORDS and any(map(is_bare_syllable, others)):
        return None
    return _Hit(found.dest_start, found.dest_end, found.score / 100)


def _trigrams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))
