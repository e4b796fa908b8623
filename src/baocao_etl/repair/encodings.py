"""The first step of repair: text in a legacy or misread encoding becomes Unicode, NFC.

Clean text is recognised by two regular expressions and returned as it is. Else each word of a line is
read in every known encoding and the line decides (see `legacy.detect`); what most of the text is in
counts as evidence for its short lines. Words are never joined, split or reordered, and lines neither.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.repair.legacy.charsets import Font, font_hint
from baocao_etl.repair.legacy.detect import AS_IS, STATES, USUAL, Choice, Prior, detect
from baocao_etl.repair.legacy.mojibake import rejoin
from baocao_etl.repair.legacy.profile import is_known
from baocao_etl.repair.legacy.tcvn3 import case_back
from baocao_etl.repair.orthography import MARKED_LETTERS
from baocao_etl.repair.tidy import Tidied, join_loose_marks, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from baocao_etl.dictionaries import Dictionaries


class Mended(NamedTuple):
    """A text or a word in Unicode.

    `reason` names what was done, steps joined by "+": an encoding (`tcvn3`, `vni`, `vps`, `viscii`,
    `cp1258`, `utf8-cp1252`, `utf8-cp1258`), `capitals` (the case that a font carried), `nfc`,
    `lookalike`, `invisible`; None where nothing changed. `confidence` is the posterior probability
    of the reading.
    """

    text: str
    reason: str | None
    confidence: float


_LATIN1 = "".join(c for c in MARKED_LETTERS if ord(c) < 0x100)
_VIETNAMESE_ONLY = "".join(c for c in MARKED_LETTERS if ord(c) >= 0x100)
_QUOTES = "\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026"  # VPS and VISCII letters are read so
# What clean Vietnamese consists of; anything else deserves a closer look.
_UNCLEAN = re.compile(f"[^\\t-\\r -~{MARKED_LETTERS}{_QUOTES}°%²³½]")
_PLAIN_LINE = re.compile(f"^[^\\n{_VIETNAMESE_ONLY}]*+$", re.MULTILINE)
_DOUBTFUL = re.compile(f"[{_LATIN1}{_QUOTES}]")
_TOKEN = re.compile(r"[^ \t\n\r\f\v]+")

# Lines and what is known of their text (font, survey) -> their words mended.
_Known = dict[tuple[object, ...], list[Mended]]

_SURE = 0.9  # posterior that a word must have to be changed
_ROUNDS = 3
_SAMPLE = 30  # damaged lines that are looked at to know what a text is like
_HABIT = 0.2  # share of a page's words that makes an encoding one of the page's
_PAGE_WEIGHT = 2.0  # words that the usual expectation counts as, against those of the text itself
# A line that could be Unicode as it stands has to make a case: chance alone makes some readings good.
_SPELLED: Prior = {state: 1e-8 for state in STATES if state != AS_IS} | {
    AS_IS: 1 - 1e-8 * (len(STATES) - 1)
}


def is_suspicious(text: str) -> bool:
    """Say whether `text` might be mis-encoded or hold look-alikes; fast, and rather yes than no."""
    if _UNCLEAN.search(text):
        return True
    return not text.isascii() and any(map(_DOUBTFUL.search, _PLAIN_LINE.findall(text)))


def mend_encoding(raw: str, tables: Dictionaries, font: str | None = None) -> Mended:
    """Return `raw`, one line or many, in Unicode. The number of lines stays; nothing raises.

    Args:
        raw: the text as it was read.
        tables: the dictionaries (`settings.tables`).
        font: the name of the font that all of it is set in, if that is known.
    """
    if font is None and not is_suspicious(raw):
        return Mended(raw, None, 1.0)
    known: _Known = {}
    once = _mend_text(raw, tables, font, known)
    stable = once
    for _ in range(_ROUNDS):
        again = _mend_text(stable.text, tables, None, known)
        if again.text == stable.text:
            return stable
        stable = Mended(again.text, stable.reason or again.reason, stable.confidence)
    return Mended(raw, None, 0.5)  # going in circles: not ours to mend


def mend_words(
    words: Sequence[str],
    tables: Dictionaries,
    fonts: Sequence[str | None] | None = None,
    page: Counter[str] | None = None,
) -> list[Mended]:
    """Return each of the words of one line in Unicode; the line decides on the encoding.

    Args:
        words: the words as they were read, in reading order. Split them at ASCII white space only:
            some encodings have letters where Unicode has other spaces.
        tables: the dictionaries (`settings.tables`).
        fonts: for each word the name of its font, or None.
        page: what `survey` counted on the page, to decide lines that say too little by themselves.
    """
    hints = [font_hint(tables, font) if font else None for font in fonts or ()]
    if not any(hints):
        if not is_suspicious(" ".join(words)):
            return [Mended(word, None, 1.0) for word in words]
        if not is_suspicious(tidy(tables, " ".join(words)).text):
            tidied = [tidy(tables, word) for word in words]
            return [Mended(t.text, "+".join(t.steps) or None, 1.0) for t in tidied]
    hints = hints or [None] * len(words)
    return _apply(words, _choose(words, tables, hints, page), tables, hints)


def survey(lines: Iterable[Sequence[str]], tables: Dictionaries) -> Counter[str]:
    """Count, over the lines of a page, the words with marks that are surely in each encoding."""
    found: Counter[str] = Counter()
    for words in lines:
        if not is_suspicious(" ".join(words)):
            found[AS_IS] += sum(1 for word in words if not word.isascii())
            continue
        choices = _choose(words, tables, [None] * len(words), None)
        found.update(
            choice.state
            for word, choice in zip(words, choices, strict=True)
            if choice.confidence > _SURE and not word.isascii()
        )
    return found


def _choose(
    words: Sequence[str],
    tables: Dictionaries,
    hints: Sequence[Font | None],
    page: Counter[str] | None,
) -> list[Choice]:
    """Detect the encoding of each word, expecting what the page (if surveyed) is like."""
    told = any(hints) or _UNCLEAN.search(tidy(tables, " ".join(words)).text)
    base = USUAL if told else _SPELLED
    counts = page or Counter()
    # A few words found among many others are likelier mistakes than a habit.
    habits = {s: n for s, n in counts.items() if n >= _HABIT * counts.total()}
    total = _PAGE_WEIGHT + sum(habits.values())
    prior = {s: (_PAGE_WEIGHT * base[s] + habits.get(s, 0)) / total for s in STATES}
    return detect(words, tables, [hint.charset if hint else None for hint in hints], prior)


def _apply(
    words: Sequence[str],
    choices: Sequence[Choice],
    tables: Dictionaries,
    hints: Sequence[Font | None],
) -> list[Mended]:
    """Carry out the choices: decode, tidy, give the case back."""
    if all(choice.state == AS_IS for choice in choices) and not any(hints):
        return [_as_it_is(word, tables) for word in words]
    mended: list[Mended] = []
    for word, choice in zip(words, choices, strict=True):
        accepted = choice.state != AS_IS and choice.confidence >= _SURE
        decoded = choice.text if accepted else word
        done = tidy(tables, decoded) if _UNCLEAN.search(decoded) else Tidied(decoded, ())
        steps = ((choice.state,) if decoded != word else ()) + done.steps
        mended.append(Mended(done.text, "+".join(steps) or None, choice.confidence))
    tcvn3 = [choice.state == "tcvn3" for choice in choices]
    cased = case_back([m.text for m in mended]) if any(tcvn3) else [m.text for m in mended]
    return [
        _with_case(m, text if legacy else m.text, hint)
        for m, text, legacy, hint in zip(mended, cased, tcvn3, hints, strict=True)
    ]


@lru_cache(maxsize=1 << 15)
def _as_it_is(word: str, tables: Dictionaries) -> Mended:
    """Return a word that is in Unicode, tidied."""
    done = tidy(tables, word) if _UNCLEAN.search(word) else Tidied(word, ())
    return Mended(done.text, "+".join(done.steps) or None, 1.0)


def _with_case(mended: Mended, cased: str, font: Font | None) -> Mended:
    text = mended.text.upper() if font and font.capitals else cased
    if text == mended.text:
        return mended
    return mended._replace(text=text, reason="+".join(filter(None, (mended.reason, "capitals"))))


def _mend_text(raw: str, tables: Dictionaries, font: str | None, known: _Known) -> Mended:
    """Mend line by line, with what the whole text says as background; `known` is added to."""
    if font is None and not is_suspicious(raw):
        return Mended(raw, None, 1.0)
    lines = [join_loose_marks(line) for line in raw.split("\n")]
    damaged = [at for at, line in enumerate(lines) if font or is_suspicious(line)]
    for at in damaged:
        lines[at] = rejoin(lines[at], partial(is_known, tables))
    tokens = {at: _TOKEN.findall(lines[at]) for at in damaged}
    page = _survey_text(lines, tokens, tables) if len(lines) > 1 else None
    changed: list[Mended] = []
    background = font, frozenset(page.items()) if page else None
    for at, words in tokens.items():
        key = *background, *words
        if key not in known:
            known[key] = mend_words(words, tables, [font] * len(words) if font else None, page)
        mended = known[key]
        new = [m for m, word in zip(mended, words, strict=True) if m.text != word]
        if new:
            changed += new
            lines[at] = _splice(lines[at], mended)
    text = "\n".join(lines)
    if text == raw:
        return Mended(raw, None, 1.0)
    steps = Counter(step for m in changed for step in (m.reason or "").split("+") if step)
    confidence = sum(m.confidence for m in changed) / len(changed) if changed else 1.0
    return Mended(text, "+".join(step for step, _ in steps.most_common()) or "nfc", confidence)


def _splice(line: str, mended: Sequence[Mended]) -> str:
    """Put the mended words in the place of the line's, keeping its white space."""
    spaces = _TOKEN.split(line)
    texts = [m.text for m in mended]
    return "".join(
        itertools.chain.from_iterable(itertools.zip_longest(spaces, texts, fillvalue=""))
    )


def _survey_text(
    lines: Sequence[str], damaged: Mapping[int, Sequence[str]], tables: Dictionaries
) -> Counter[str]:
    """Survey a text by a sample of its damaged lines; the others are known to be as they are."""
    step = len(damaged) // _SAMPLE + 1
    found = survey(list(damaged.values())[::step], tables)
    for state in found:
        found[state] *= step
    found[AS_IS] += sum(
        line.count(" ") for at, line in enumerate(lines) if at not in damaged and not line.isascii()
    )
    return found
