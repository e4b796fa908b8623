"""Names of several words, taken in one piece: places of the gazetteer, and what a user added.

A name is offered where every one of its words is among the readings of a row of neighbours. Its
words then gain in the lattice; the n-grams still decide. A place is only looked for in capitals; what
the user added also without them, and it is written as the user writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair.cutting import Text
from baocao_etl.repair.lattice import Place
from baocao_etl.repair.lexicon import lexicon_of
from baocao_etl.repair.options import Options
from baocao_etl.repair.orthography import fold

# What each word of a name gains (log): by how well known the place is, more behind the word for its kind.
GAINS = {"province": 2.0, "district": 1.5, "commune": 0.8}
OWN_GAIN = 8.0
BEHIND_TYPE = 0.7
TYPES = frozenset(("tỉnh", "phố", "quận", "huyện", "xã", "phường", "trấn", "thôn", "bản", "ấp"))
_PUNCTUATION = ' .,;:!?()[]{}<>"“”‘’…«»*•+~|='


class Node(NamedTuple):
    """A beginning of names: how they go on, and what those that end here gain and are written like."""

    on: dict[str, Node]
    ends: dict[str, float]  # as written -> gain


class Names(NamedTuple):
    """The names that are looked for."""

    places: Node  # with the user's own
    own: Node


class Match(NamedTuple):
    """A name that may stand at `pieces`: for each the number of its reading, and how it is written."""

    pieces: tuple[int, ...]
    readings: tuple[int, ...]
    written: tuple[str, ...]
    gain: float


@lru_cache(maxsize=8)
def names_of(dictionaries: Dictionaries) -> Names:
    """Return the names of these dictionaries, those of several words."""
    found = Names(Node({}, {}), Node({}, {}))
    rows = dictionaries.rows("places") if dictionaries.files("places.tsv") else ()
    for row in rows:
        _add(found.places, row["name"], GAINS.get(row["level"], 0.0))
    for phrase in lexicon_of(dictionaries).own_entries:
        _add(found.places, phrase, OWN_GAIN)
        _add(found.own, phrase, OWN_GAIN)
    return found


def _add(root: Node, name: str, gain: float) -> None:
    words = name.split()
    if len(words) < 2 or not all(word.isalpha() for word in words):
        return
    node = root
    for word in words:
        node = node.on.setdefault(fold(word), Node({}, {}))
    node.ends[name] = max(gain, node.ends.get(name, 0.0))


def with_names(
    names: Names, text: Text, wanted: Collection[int], option_of: Callable[[int], Options]
) -> dict[int, Options]:
    """Return new options for those of the `wanted` pieces that may be parts of names."""
    finder = _Finder(names, text, wanted, option_of)
    gains: dict[int, dict[int, float]] = {}
    texts: dict[tuple[int, int], str] = {}
    for i in wanted:
        for match in finder.matches(i):
            gain = match.gain + BEHIND_TYPE * finder.is_behind_type(i)
            for at, number, written in zip(*match[:3], strict=True):
                row = gains.setdefault(at, {})
                row[number] = max(row.get(number, 0.0), gain)
                if match.gain == OWN_GAIN:
                    texts[at, number] = written
    return {at: _gained(option_of(at), row, at, texts) for at, row in gains.items()}


class _Finder:
    """Looks for names among the readings of the pieces of a text."""

    def __init__(
        self,
        names: Names,
        text: Text,
        wanted: Collection[int],
        option_of: Callable[[int], Options],
    ) -> None:
        self.names, self.pieces, self.wanted, self.option_of = names, text.pieces, wanted, option_of
        self.starts = set(text.ends)

    def readings(self, i: int) -> dict[str, int]:
        """Return the readings of a piece by their normal form, with their numbers."""
        return _spelled(self.option_of(i).texts)

    def is_behind_type(self, i: int) -> bool:
        """Say whether the word before may be the kind of a place: huyện, xã, ..."""
        return i - 1 in self.wanted and not TYPES.isdisjoint(self.readings(i - 1))

    def matches(self, i: int) -> Iterator[Match]:
        """Yield the names that may begin at a piece."""
        capital = self.pieces[i].core[:1].isupper()
        root = self.names.places if capital else self.names.own
        if root.on and self._goes_on(i, capital=capital):
            yield from self._walked(root, (), i, capital=capital)

    def _goes_on(self, i: int, *, capital: bool) -> bool:
        """Say whether the piece behind may belong to the same name by its looks."""
        if i + 1 not in self.wanted or i + 1 in self.starts:
            return False
        here, after = self.pieces[i], self.pieces[i + 1]
        return here.kind == after.kind == "word" and (after.core[0].isupper() or not capital)

    def _walked(
        self, node: Node, path: tuple[tuple[int, int], ...], i: int, *, capital: bool
    ) -> Iterator[Match]:
        here = self.readings(i)
        for word in node.on.keys() & here.keys():
            after = node.on[word]
            longer = (*path, (i, here[word]))
            for written, gain in after.ends.items():
                pieces, numbers = zip(*longer, strict=True)
                yield Match(pieces, numbers, tuple(written.split()), gain)
            if after.on and self._goes_on(i, capital=capital):
                yield from self._walked(after, longer, i + 1, capital=capital)


@lru_cache(maxsize=1 << 15)
def _spelled(texts: tuple[str, ...]) -> dict[str, int]:
    """Return the numbers of readings by their normal form, the likelier ones first served."""
    found: dict[str, int] = {}
    for number, reading in enumerate(texts):
        found.setdefault(fold(reading.strip(_PUNCTUATION)), number)
    return found


def _gained(
    options: Options, gains: dict[int, float], at: int, texts: dict[tuple[int, int], str]
) -> Options:
    """Return the options with what the names gain; what the user added is written as the user does."""
    logp = options.place.logp.copy()
    written = list(options.texts)
    for number, gain in gains.items():
        logp[number] += gain
        own = texts.get((at, number))
        if own and not _in_capitals(written[number]):
            core = written[number].strip(_PUNCTUATION)
            written[number] = written[number].replace(core, own)
    return options._replace(place=Place(options.place.words, logp), texts=tuple(written))


def _in_capitals(reading: str) -> bool:
    letters = [c for c in reading if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)
