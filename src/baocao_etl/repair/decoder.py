"""Repair one page: cut words into pieces, decode them together, put back what is sure enough."""

from __future__ import annotations

import string
from collections.abc import Collection, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Correction, Page, Word
from baocao_etl.repair import damage
from baocao_etl.repair.channel import channel
from baocao_etl.repair.cutting import COMMA, Text, cut_up
from baocao_etl.repair.discourse import Phrases, agreed
from baocao_etl.repair.encodings import mend_encoding
from baocao_etl.repair.lattice import Place, Ranked, posteriors
from baocao_etl.repair.legacy import font_hint
from baocao_etl.repair.lexicon import COMMA_ID, Lexicon, lexicon_of
from baocao_etl.repair.names import names_of, with_names
from baocao_etl.repair.options import Options, OptionSource, option_source
from baocao_etl.repair.rivals import Heard, heard_on, in_doubt, with_rivals
from baocao_etl.repair.spacing import respaced
from baocao_etl.repair.tokens import Piece

# Posterior that a change needs, by kind of damage and origin of the text: the cleaner the page, the surer we
# have to be. Chosen on 22,000 clean syllables (2 in 10,000 changed) and on pages read by Tesseract.
THRESHOLD = {
    (damage.CLEAN, ""): 0.99,
    (damage.CLEAN, "ocr"): 0.8,
    (damage.CLEAN, "both"): 0.95,
    (damage.SLIPS, ""): 0.9,
}
CONTEXT = 5  # pieces on either side that a doubtful piece of a clean page is decoded with
# A digit is never changed lightly. Of 1,100 short numbers on pages read by Tesseract (simulated and real) 50
# were changed at 0.9 or more, all of them words; 0.95 leaves a margin.
NUMBER_THRESHOLD = 0.95
DOUBT = 0.1  # posterior of a word from which on the number that stays in its place is in doubt
LISTED = 5  # alternatives recorded with a correction
LEAST_LISTED = 0.001
SURE = 0.9995  # posterior beside which no alternative can reach that
CHANNEL_OF = {damage.CLEAN: "slips", damage.SLIPS: "slips"}
HOPELESS = 0.05  # quality after repair below which a page is left as it was read
ROUNDS = 3  # passes after the first, so that repairing what was repaired changes nothing
NAMED = 0.05  # share of a page's words in an encoding from which the page is said to be in it
_RAISED = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_TIDYING = {"nfc", "invisible", "lookalike", "unicode"}  # not worth naming as a page's damage
RESPACED = {damage.STRIPPED, damage.DROPPED}
Decoded = dict[int, tuple[tuple[str, float], ...]]  # offset of a word -> its alternatives
_CERTAIN = np.zeros(1, np.float32)
_COMMA = Place(np.array([COMMA_ID], np.uint16), _CERTAIN)


class Mended(NamedTuple):
    """The words of a page in Unicode: their texts, and why each was changed (None: it was not)."""

    words: list[Word]
    reasons: dict[int, str]  # by the word's offset
    encoding: str | None  # what most of the changed words were in, None if nothing worth naming


class State(NamedTuple):
    """The words of a page as they stand now, and how they read."""

    words: list[Word]
    text: Text
    reading: damage.Reading

    @classmethod
    def of(cls, words: list[Word], lexicon: Lexicon) -> State:
        """Cut up and read the words."""
        text = cut_up(words, lexicon)
        return cls(words, text, damage.read_as_is(lexicon, text))

    def suspects(self, lexicon: Lexicon) -> set[int]:
        """Return the pieces that are worth a look on a clean page."""
        misspelt, outdone = damage.misspelt(self.text), damage.outdone(lexicon, self.text)
        return {*self.reading.odd, *misspelt, *outdone}


class Pass(NamedTuple):
    """What one pass of the decoder made of the words."""

    state: State
    decoded: Decoded  # the changed words
    kind: str
    doubts: Decoded  # the numbers that stay and may have been words


class Verdict(NamedTuple):
    """What was decided about one piece."""

    text: str
    posterior: float
    alternatives: tuple[tuple[str, float], ...]


def mended(
    words: Sequence[Word], dictionaries: Dictionaries, fonts: Sequence[str | None] = ()
) -> Mended:
    """Bring the words into Unicode: legacy fonts, mojibake, loose marks, look-alikes.

    Args:
        words: the words of a page.
        dictionaries: the tables.
        fonts: for each word the name of its font, or nothing; some draw small letters as capitals.
    """
    drawn = _as_drawn(words, fonts, dictionaries)
    reasons = {b.offset: "capitals" for a, b in zip(words, drawn, strict=True) if a is not b}
    lines = groupby(drawn, key=attrgetter("line"))
    text = "\n".join([" ".join([word.text for word in line]) for _, line in lines])
    found = mend_encoding(text, dictionaries)
    if found.text == text:
        return Mended(drawn, reasons, None)
    texts = [part for line in found.text.split("\n") for part in line.split(" ")]
    if len(texts) != len(drawn):
        return Mended(drawn, reasons, None)
    sure = found.confidence
    new = [
        word if word.text == text else _reworded(word, text, sure)
        for word, text in zip(drawn, texts, strict=True)
    ]
    reason = found.reason or "unicode"
    changed = {b.offset: reason for a, b in zip(drawn, new, strict=True) if a.text != b.text}
    real = set(reason.split("+")) - _TIDYING
    many = len(changed) >= NAMED * len(words)
    return Mended(new, reasons | changed, reason if real and many else None)


def _as_drawn(
    words: Sequence[Word], fonts: Sequence[str | None], dictionaries: Dictionaries
) -> list[Word]:
    """Write in capitals what a legacy font for capitals (.VnTimeH) drew from small letters.

    The ASCII letters only: they show the case of the codes beside them, which is given back with
    the encoding.
    """
    hints = {font: font_hint(dictionaries, font) for font in set(fonts) if font}
    capitals = {font for font, hint in hints.items() if hint and hint.capitals}
    if not capitals:
        return list(words)
    raised = [word.text.translate(_RAISED) for word in words]
    return [
        word._replace(text=text) if font in capitals and text != word.text else word
        for word, text, font in zip(words, raised, fonts, strict=True)
    ]


def repair_words(page: Page, dictionaries: Dictionaries) -> Page:
    """Return `page` with its words decoded, its damage named and its quality judged."""
    start = mended(page.words, dictionaries, page.fonts)
    state = State.of(start.words, lexicon_of(dictionaries))
    first = last = _decoded(state, page, dictionaries)
    decoded, doubts = dict(first.decoded), dict(first.doubts)
    for _ in range(ROUNDS):  # what is repaired reads better, and may show what else is odd
        if not last.decoded:
            break
        last = _decoded(last.state, page, dictionaries)
        decoded |= last.decoded
        doubts |= last.doubts
    names = [name for name in (start.encoding, first.kind) if name and name != damage.CLEAN]
    words = tuple(last.state.words)
    made = corrections(page, words, start.reasons, decoded, doubts)
    return page.model_copy(
        update={
            "words": words,
            "corrections": (*page.corrections, *made),
            "damage": "+".join(names) or damage.CLEAN,
            "quality": damage.quality_of(last.state.reading),
            "rivals": (),
        }
    )


def _decoded(state: State, page: Page, dictionaries: Dictionaries) -> Pass:
    """Judge the words as they stand now, and decode what is doubtful."""
    lexicon = lexicon_of(dictionaries)
    as_read = state
    kind = _damage(state, dictionaries)
    heard = heard_on(page, state.words)
    suspects = state.suspects(lexicon) if kind == damage.CLEAN else set()
    if kind == damage.CLEAN and not heard and not suspects:
        return Pass(state, {}, kind, {})
    source = option_source(CHANNEL_OF.get(kind, kind), dictionaries)
    odd = None if kind in RESPACED else {state.text.words[i] for i in state.reading.odd}
    words = respaced(state.words, page.raw_text, source, odd)
    if words != state.words:
        state = State.of(words, lexicon)
        heard = heard_on(page, words)
        suspects = state.suspects(lexicon) if kind == damage.CLEAN else set()
    doubtful: Collection[int] = range(len(state.text.pieces))
    if kind == damage.CLEAN:
        doubtful = in_doubt(state.text, heard).union(suspects)
    threshold = THRESHOLD.get((kind, page.text_origin), THRESHOLD.get((kind, ""), 0.0))
    verdicts = decide(source, state, doubtful, threshold, heard)
    new, decoded = applied(words, state.text, verdicts)
    doubts = _doubts(words, state.text, verdicts)
    state = State.of(new, lexicon) if decoded else state._replace(words=new)
    if damage.quality_of(state.reading) < HOPELESS:
        # Another language, or too broken: better as it stands than invented.
        return Pass(as_read, {}, damage.UNREADABLE, {})
    return Pass(state, decoded, kind, doubts)


def _doubts(words: Sequence[Word], text: Text, verdicts: dict[int, Verdict]) -> Decoded:
    """Return the numbers that stay as they were read though a word is likely, by their offsets."""
    return {
        words[text.words[i]].offset: verdict.alternatives
        for i, verdict in verdicts.items()
        if verdict.alternatives
        and verdict.alternatives[0][1] >= DOUBT
        and text.pieces[i].kind == "number"
        and verdict.text.startswith(text.pieces[i].core)
    }


def _damage(state: State, dictionaries: Dictionaries) -> str:
    """Name the kind of damage of a text."""
    kind, pieces = damage.kind_of(state.reading), state.text.pieces
    if kind == damage.BARE and not damage.is_bare(channel(kind, dictionaries), pieces):
        kind = damage.STRIPPED
    if kind == damage.STRIPPED:
        rivals = [channel(name, dictionaries) for name in (damage.STRIPPED, damage.DROPPED)]
        kind = damage.likelier_channel(rivals, pieces)
    return kind


def decide(
    source: OptionSource,
    state: State,
    doubtful: Collection[int],
    threshold: float,
    heard: Heard,
) -> dict[int, Verdict]:
    """Decode the `doubtful` pieces in their context; return the verdict on each.

    A change needs a posterior above `threshold`; `heard` are rival readings of words.
    """
    text = state.text
    wanted = set(doubtful)
    near = wanted
    if len(wanted) < len(text.pieces):
        near = {j for i in doubtful for j in range(max(0, i - CONTEXT), i + CONTEXT + 1)}
    starts = set(text.ends)
    names = names_of(source.lexicon.dictionaries)
    named = with_names(names, text, wanted, lambda i: _options(source, text, starts, i))
    places: list[Place] = []
    firsts: list[int] = []
    chosen: list[tuple[int, int, Options]] = []  # piece, its place, its options
    last = -1
    for i in sorted(near):
        if i >= len(text.pieces):
            break
        piece = text.pieces[i]
        if i not in wanted:
            option = source.fixed(piece)
        elif rivals := heard.get(text.words[i]):
            option = with_rivals(source, piece, state.words[text.words[i]].text, rivals)
        else:
            option = named.get(i) or _options(source, text, starts, i)
        if places and (i in starts or i != last + 1):
            firsts.append(len(places))
        last = i
        if option.context:
            places += [Place(np.array([word], np.uint16), _CERTAIN) for word in option.context]
        if i in wanted:
            chosen.append((i, len(places), option))
        places.append(option.place)
        if source.commas and text.looks[i] & COMMA:
            places.append(_COMMA)
    ngrams = source.lexicon.ngrams
    found = agreed(ngrams, places, posteriors(ngrams, places, firsts))
    if len(wanted) < len(text.pieces):  # the page reads well
        phrases = Phrases(text.ids.tolist())
        spoken = {at: i for i, at, _ in chosen if text.pieces[i].kind == "word"}
        found = phrases.weighed(places, found, spoken)
    return {
        i: _verdict(text.pieces[i], option, found[at], _needed(text.pieces[i], threshold))
        for i, at, option in chosen
    }


def _options(source: OptionSource, text: Text, starts: Collection[int], i: int) -> Options:
    """Return the options of a piece; inside a sentence, right behind a word, its case tells."""
    if (
        i in starts
        or i == 0
        or text.lines[i] != text.lines[i - 1]
        or text.pieces[i - 1].kind != "word"
    ):
        return source.options(text.pieces[i])
    return source.options_inside(text.pieces[i])


def _needed(piece: Piece, threshold: float) -> float:
    return NUMBER_THRESHOLD if piece.kind == "number" else threshold


def _verdict(piece: Piece, option: Options, found: Ranked, needed: float) -> Verdict:
    """Decide for the likeliest candidate, or for what stands there where that is not sure enough."""
    if len(option.texts) == 1:
        return Verdict(option.texts[0], 1.0, ())
    candidates, p = found
    sure = max(p)
    best = candidates[p.index(sure)]
    if sure < needed and best != option.same:
        if option.same < 0:  # no word at all
            return Verdict(
                piece.lead + piece.core + piece.trail, 1 - sure, _listed(option, found, -1)
            )
        best = option.same
        sure = p[candidates.index(best)] if best in candidates else 0.0
    if sure > SURE:
        return Verdict(option.texts[best], sure, ())
    return Verdict(option.texts[best], sure, _listed(option, found, best))


def _listed(option: Options, found: Ranked, best: int) -> tuple[tuple[str, float], ...]:
    """Return the likeliest texts other than `best`, with their posteriors."""
    candidates, p = found
    ranked = sorted(zip(p, candidates, strict=True), key=lambda pair: (-pair[0], pair[1]))
    others = [
        (option.texts[i], round(value, 4))
        for value, i in ranked
        if value >= LEAST_LISTED and i != best
    ]
    return tuple(others[:LISTED])


def applied(
    words: Sequence[Word], text: Text, verdicts: dict[int, Verdict]
) -> tuple[list[Word], Decoded]:
    """Put the verdicts into the words; return them, and for each changed one its alternatives."""
    new = list(words)
    changed: Decoded = {}
    for at, group in groupby(verdicts, key=text.words.__getitem__):
        word = words[at]
        found = [(text.pieces[i], verdicts[i]) for i in group]
        if len(found) == 1:
            piece, verdict = found[0]
            whole = word.text[: piece.start] + verdict.text + word.text[piece.end :]
            posterior = verdict.posterior
        else:
            whole = _put_together(word.text, found)
            posterior = min([verdict.posterior for _, verdict in found])
        if whole != word.text:
            changed[word.offset] = found[0][1].alternatives if len(found) == 1 else ()
        elif posterior == 1.0:
            continue
        new[at] = _reworded(word, whole, posterior)
    return new, changed


def _put_together(raw: str, found: Sequence[tuple[Piece, Verdict]]) -> str:
    """Return the text of a word of several pieces."""
    text, end = "", 0
    for piece, verdict in found:
        text += raw[end : piece.start] + verdict.text
        end = piece.end
    return text + raw[end:]


def _reworded(word: Word, text: str, sure: float) -> Word:
    """Return the word with another text (quicker than `_replace`, and this is called often)."""
    return Word(text, word.raw, word.offset, word.line, word.box, word.confidence * sure)


def corrections(
    page: Page,
    words: Sequence[Word],
    reasons: dict[int, str],
    decoded: Decoded,
    doubts: Decoded,
) -> list[Correction]:
    """Return a correction for each word that is not what it was, and for each number in doubt."""
    kept = set(map(id, page.words)).intersection(map(id, words))
    old = {w.offset: w for w in page.words if id(w) not in kept}
    found: list[Correction] = []
    for word in words:
        if id(word) in kept:
            continue
        before = old.get(word.offset)
        text = before.text if before and before.raw == word.raw else None
        doubt = doubts.get(word.offset, ()) if text == word.text else ()
        if text == word.text and not doubt:
            continue
        steps = [reasons.get(word.offset), None if text else "spacing", "doubt" if doubt else None]
        steps.append("decoder" if word.offset in decoded else None)
        found.append(
            Correction(
                page=page.number, offset=word.offset, raw=word.raw, text=word.text,
                reason="+".join(filter(None, steps)),
                confidence=round(min(1.0, word.confidence), 4),
                alternatives=doubt or decoded.get(word.offset, ()),
            )
        )  # fmt: skip
    return found
