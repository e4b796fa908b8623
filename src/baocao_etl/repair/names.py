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
OWN_GAIN = 3.0
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
    own: bool


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
    starts = set(text.ends)
    spelled: dict[int, dict[str, int]] = {}

    def readings(i: int) -> dict[str, int]:
        if i not in spelled:
            spelled[i] = _spelled(option_of(i))
        return spelled[i]

    def matches(node: Node, path: tuple[tuple[int, int], ...], i: int) -> Iterator[Match]:
        if i not in wanted or text.pieces[i].kind != "word" or (path and i in starts):
            return
        if node is not names.own and path and not _may_go_on(text, i, path[0][0]):
            return
        here = readings(i)
        for word in node.on.keys() & here.keys():
            after = node.on[word]
            longer = (*path, (i, here[word]))
            for written, gain in after.ends.items():
                at, numbers = zip(*longer, strict=True)
                yield Match(at, numbers, tuple(written.split()), gain, gain == OWN_GAIN)
            yield from matches(after, longer, i + 1)

    gains: dict[int, dict[int, float]] = {}
    texts: dict[tuple[int, int], str] = {}
    for i in sorted(wanted):
        if text.pieces[i].kind != "word":
            continue
        root = names.places if text.pieces[i].core[0].isupper() else names.own
        for match in matches(root, (), i) if root.on else ():
            typed = i - 1 in wanted and not TYPES.isdisjoint(readings(i - 1))
            gain = match.gain + BEHIND_TYPE * typed
            for at, number, written in zip(*match[:3], strict=True):
                row = gains.setdefault(at, {})
                row[number] = max(row.get(number, 0.0), gain)
                if match.own:
                    texts[at, number] = written
    return {at: _gained(option_of(at), row, at, texts) for at, row in gains.items()}


def _may_go_on(text: Text, i: int, first: int) -> bool:
    """Say whether a name that began at `first` may go on: in capitals, as it began."""
    return text.pieces[i].core[0].isupper() or not text.pieces[first].core[0].isupper()


def _spelled(options: Options) -> dict[str, int]:
    """Return the readings of a piece by their normal form, the likelier ones first served."""
    found: dict[str, int] = {}
    for number, reading in enumerate(options.texts):
        found.setdefault(fold(reading.strip(_PUNCTUATION)), number)
    return found


def _gained(
    options: Options, gains: dict[int, float], at: int, texts: dict[tuple[int, int], str]
) -> Options:
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
