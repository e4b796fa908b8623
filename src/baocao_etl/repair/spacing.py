"""Words that OCR split or joined: decide where white space was printed, before the words are decoded.

A site is a pair of neighbouring fragments that might be one syllable, or a token that might be two.
Both spellings are weighed with their neighbours by all that they might mean; white space is only
moved where the other spelling explains what was seen clearly better.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from baocao_etl.models import Box, Word
from baocao_etl.repair.channel import LONGEST_SEEN
from baocao_etl.repair.lattice import Place, evidence
from baocao_etl.repair.options import OptionSource
from baocao_etl.repair.orthography import strip_diacritics
from baocao_etl.repair.tokens import Piece, plan

JOIN, SPLIT = math.log(0.01), math.log(0.005)  # that OCR put white space where none was, or lost it
GAIN = 2.0  # log of how much better the other spelling must explain what was seen
POOR = -5.0  # log P of the best candidate from which on a token may be a fragment
BROKEN = -8.0  # the same, from which on a token may be two words
HOPELESS = -2.5  # the same gain without a look at the neighbours, below which they are not asked
LONGEST_JOINED, SHORTEST_SPLIT = 9, 4
NEIGHBOURS = 3


class Site(NamedTuple):
    """White space that might be wrong: `words[at:end]` as `cores` instead of what stands there."""

    at: int
    end: int
    cores: tuple[str, ...]
    prior: float


def respaced(
    words: Sequence[Word], raw_text: str, source: OptionSource, odd: Iterable[int] | None = None
) -> list[Word]:
    """Return the words with wrong white space between or inside them mended.

    Where `odd` is given, only sites that touch these words (by their indices) are looked at.

    A joined word's raw text spans the white space; a split word's raw text and box are divided.
    """
    sites = list(_sites(words, source, odd))
    if not sites:
        return list(words)
    places: dict[int, Place] = {}

    def standing(start: int, end: int) -> list[Place]:
        span = range(max(0, start), min(end, len(words)))
        for i in span:
            if i not in places:
                places[i] = _place(_single(words[i]), source)
        return [places[i] for i in span]

    segments: list[Sequence[Place]] = []
    for site in sites:
        left = standing(site.at - NEIGHBOURS, site.at)
        right = standing(site.end, site.end + NEIGHBOURS)
        new = [source.options(_piece(core)).place for core in site.cores]
        segments += [[*left, *standing(site.at, site.end), *right], [*left, *new, *right]]
    found = evidence(source.lexicon.ngrams, segments)
    gains = [
        (new - old + site.prior, site)
        for site, old, new in zip(sites, found[::2], found[1::2], strict=True)
    ]
    return _moved(words, raw_text, [pair for pair in gains if pair[0] > GAIN])


def _single(word: Word) -> Piece | None:
    """Return the only piece of a word that nothing was done to yet."""
    return _only_piece(word.text) if word.text == word.raw else None


def _only_piece(text: str) -> Piece | None:
    pieces = plan(text).pieces
    return pieces[0] if len(pieces) == 1 else None


def _place(piece: Piece | None, source: OptionSource) -> Place:
    if piece is None:
        return Place(np.array([2], np.uint16), np.zeros(1, np.float32))
    return source.options(piece).place


def _piece(core: str) -> Piece:
    return _only_piece(core) or Piece("fixed", 0, len(core), core, "", "")


def _sites(
    words: Sequence[Word], source: OptionSource, odd: Iterable[int] | None
) -> Iterator[Site]:
    near = range(len(words)) if odd is None else sorted({j for i in odd for j in (i - 1, i)})
    for i in near:
        word = words[i] if i >= 0 else None
        if word is None or word.text != word.raw:
            continue
        for halves in _splits(source, word.text):
            yield Site(i, i + 1, halves, SPLIT)
        after = words[i + 1] if i + 1 < len(words) else word
        if after.line == word.line and after.text == after.raw and after is not word:
            joined = _join(source, word.text, after.text)
            if joined is not None:
                yield Site(i, i + 2, (joined,), JOIN)


@lru_cache(maxsize=1 << 17)
def _join(source: OptionSource, left: str, right: str) -> str | None:
    """Return two neighbours as one token if they may be fragments of one, else None."""
    piece, after = _only_piece(left), _only_piece(right)
    if piece is None or after is None or not _joinable(piece, after):
        return None
    joined = piece.core + after.core
    apart = [source.channel.fit(each.core) for each in (piece, after)]
    broken = min(apart) < POOR and source.channel.fit(joined) > min(apart)
    if not broken and strip_diacritics(joined).lower() not in source.lexicon.bare_syllables:
        return None
    gain = source.evidence(joined) - source.evidence(left) - source.evidence(right)
    return joined + after.trail if gain + JOIN > HOPELESS else None


def _joinable(piece: Piece, after: Piece) -> bool:
    """Say whether two neighbours may be fragments of one word, by their looks."""
    if piece.kind != "word" or after.kind != "word" or piece.trail or piece.lead or after.lead:
        return False
    if len(piece.core) + len(after.core) > LONGEST_JOINED:
        return False
    return not after.core[0].isupper() or piece.core.isupper()


@lru_cache(maxsize=1 << 17)
def _splits(source: OptionSource, text: str) -> tuple[tuple[str, str], ...]:
    """Return the ways to cut a token in two that may be how it was printed."""
    piece = _only_piece(text)
    # Of a longer one, a half at least would be too long to be explained.
    fits = SHORTEST_SPLIT <= len(text) <= 2 * LONGEST_SEEN
    if not fits or piece is None or piece.kind != "word" or piece.core != text:
        return ()
    fit = source.channel.fit(text)
    if fit >= BROKEN:
        return ()
    found = []
    for halves in ((text[:cut], text[cut:]) for cut in range(1, len(text))):
        if not all(any(c.isalpha() for c in half) for half in halves):
            continue
        if sum(map(source.channel.fit, halves)) <= fit + 2.0:
            continue
        if sum(map(source.evidence, halves)) - source.evidence(text) + SPLIT > HOPELESS:
            found.append(halves)
    return tuple(found)


def _moved(words: Sequence[Word], raw_text: str, gains: list[tuple[float, Site]]) -> list[Word]:
    """Apply the best sites that do not overlap."""
    taken: set[int] = set()
    new: dict[int, list[Word]] = {}
    for _, site in sorted(gains, key=lambda pair: (-pair[0], pair[1].at)):
        span = range(site.at, site.end)
        if taken.isdisjoint(span):
            taken.update(span)
            new |= {i: [] for i in span}
            old = words[site.at : site.end]
            new[site.at] = _split(old[0], site) if len(old) == 1 else [_joined(old, raw_text)]
    return [made for i, word in enumerate(words) for made in new.get(i, [word])]


def _joined(old: Sequence[Word], raw_text: str) -> Word:
    first, last = old[0], old[-1]
    boxes = [word.box for word in old if word.box is not None]
    return Word(
        "".join(word.text for word in old),
        raw_text[first.offset : last.end],
        first.offset,
        first.line,
        Box.around(boxes) if len(boxes) == len(old) else None,
        min(word.confidence for word in old),
    )


def _split(word: Word, site: Site) -> list[Word]:
    made: list[Word] = []
    start = 0
    for core in site.cores:
        end = start + len(core)
        made.append(
            Word(
                core, word.raw[start:end], word.offset + start, word.line,
                _share(word.box, start / len(word.raw), end / len(word.raw)), word.confidence,
            )
        )  # fmt: skip
        start = end
    return made


def _share(box: Box | None, start: float, end: float) -> Box | None:
    if box is None:
        return None
    return Box(box.x0 + start * box.width, box.y0, box.x0 + end * box.width, box.y1)
