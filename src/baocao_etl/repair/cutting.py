"""A page as one row of pieces, with what is known of each in arrays: made for reading it at a glance.

Reports say the same words over and over, so what a word is cut into, and what the lexicon knows of
the pieces, is found out once in a process; a page is then put together without a look at its letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baocao_etl.models import Word
from baocao_etl.repair.kept import Kept
from baocao_etl.repair.lexicon import NUMBER_ID, Lexicon
from baocao_etl.repair.orthography import is_wellformed_syllable
from baocao_etl.repair.tokens import Piece, plan

WORD, COMMA, MARKED, WORTH_A_LOOK = 1, 2, 4, 8  # bits of a piece's looks
_BEFORE, _AFTER = 1, 2  # bits of a word's edges: a sentence ends there
_MOST = 200_000  # words remembered
_STRINGING = (",", ";")
_SPELLED = 3  # letters of a word among whose letters a digit may be a slip

_texts, _lines = itemgetter(Word._fields.index("text")), itemgetter(Word._fields.index("line"))
_ids, _looks, _edges, _pieces = map(itemgetter, range(4))  # the fields of `Cut`


class Cut(NamedTuple):
    """How one word is cut up, and what is known of its pieces, ready to be strung together."""

    ids: bytes  # of each piece, as uint16
    looks: bytes  # one byte a piece: WORD, a COMMA behind it, MARKED (no ASCII), WORTH_A_LOOK
    edges: bytes  # one byte
    pieces: tuple[Piece, ...]


class Text(NamedTuple):
    """The pieces of a page in reading order."""

    pieces: list[Piece]
    words: list[int]  # for each piece, the index of the word that it is a part of
    lines: list[int]  # and the line that it stands on
    ids: npt.NDArray[np.uint16]  # in the lexicon
    looks: npt.NDArray[np.uint8]
    ends: list[int]  # the indices, rising, at which a new sentence begins


def identity(lexicon: Lexicon, piece: Piece) -> int:
    """Return the word id of a piece as it stands."""
    if piece.kind == "number":
        return NUMBER_ID
    return lexicon.word_id(piece.core)


def cut_up(words: Sequence[Word], lexicon: Lexicon) -> Text:
    """Return all pieces of a page.

    A sentence also ends where lines were left out, and around the numbers of a row of a table.
    """
    known = _cuts(lexicon)
    cuts = [known[text] for text in map(_texts, words)]
    looks = list(map(_looks, cuts))
    counts = np.fromiter(map(len, looks), np.intp, len(cuts))
    edges = np.frombuffer(b"".join(map(_edges, cuts)), np.uint8)
    lines = np.fromiter(map(_lines, words), np.int64, len(cuts))
    behind = np.cumsum(counts)
    apart = np.diff(lines, prepend=0) > 1
    pieces = list(chain.from_iterable(map(_pieces, cuts)))
    ids = np.frombuffer(b"".join(map(_ids, cuts)), np.uint16)
    line_of = np.repeat(lines, counts)
    ends = np.unique(
        np.concatenate(
            (
                (behind - counts)[apart | (edges & _BEFORE > 0)],
                behind[edges & _AFTER > 0],
                _row_ends(pieces, ids == NUMBER_ID, line_of),
            )
        )
    )
    return Text(
        pieces,
        np.repeat(np.arange(len(cuts)), counts).tolist(),
        line_of.tolist(),
        ids,
        np.frombuffer(b"".join(looks), np.uint8),
        ends[(ends > 0) & (ends < len(pieces))].tolist(),
    )


def _row_ends(
    pieces: Sequence[Piece], numbers: npt.NDArray[np.bool_], lines: npt.NDArray[np.int64]
) -> npt.NDArray[np.intp]:
    """Return where runs of two numbers and more begin that end their line, and where they end.

    They are the cells of a row: no sentence goes on from its label to them, nor from them to the next
    row. Numbers that commas string together are those of a sentence.
    """
    beside = numbers[:-1] & numbers[1:] & (lines[:-1] == lines[1:])  # a number with one behind it
    found: list[int] = []
    for last in np.flatnonzero(beside & np.append(lines[1:-1] != lines[2:], True)):
        first = last
        while first and beside[first - 1]:
            first -= 1
        if not any(pieces[i].trail[:1] in _STRINGING for i in range(first, last + 1)):
            found += [int(first), int(last) + 2]
    return np.array(found, np.intp)


@lru_cache(maxsize=8)
def _cuts(lexicon: Lexicon) -> Kept[str, Cut]:
    """Return the words that were cut up, by their texts."""
    return Kept(partial(_cut, lexicon), _MOST)


def _cut(lexicon: Lexicon, raw: str) -> Cut:
    cut = plan(raw)
    ids = np.array([identity(lexicon, piece) for piece in cut.pieces], np.uint16)
    looks = bytes(map(_looks_of, cut.pieces))
    edges = bytes([_BEFORE * cut.before + _AFTER * cut.after])
    return Cut(ids.tobytes(), looks, edges, cut.pieces)


def _looks_of(piece: Piece) -> int:
    comma = piece.trail[:1] == "," and piece.kind != "number"
    return (
        WORD * (piece.kind == "word")
        + COMMA * comma
        + MARKED * (not piece.core.isascii())
        + WORTH_A_LOOK * _may_be_wrong(piece)
    )


def _may_be_wrong(piece: Piece) -> bool:
    """Say whether a lonely piece is worth a look: no number, label (b.2), measure or abbreviation."""
    core = piece.core
    capitals = core.isascii() and core.isupper() and not is_wellformed_syllable(core)
    coded = any(map(str.isdigit, core)) and sum(map(str.isalpha, core)) < _SPELLED
    return piece.kind == "word" and len(core) > 1 and not capitals and not coded
