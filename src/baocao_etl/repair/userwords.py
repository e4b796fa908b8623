"""A user's own words: kept in `words.tsv` of the user's dictionaries folder, known from then on."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from baocao_etl.errors import MissingError, UsageError
from baocao_etl.repair.lexicon import USER_WORDS, Lexicon
from baocao_etl.repair.orthography import fold, strip_diacritics
from baocao_etl.repair.tokens import plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from baocao_etl.settings import Settings

NEAREST = 5  # known words that are named for one that is unknown
_COLUMN = "word"
_NEW = (
    "# Words of your own, one a line; the repair knows them at once.\n"
    "# `baocao dictionary add` adds to this file.\n"
)

Kind = Literal["syllable", "own", "abbreviation", "other", "unknown"]


class Added(NamedTuple):
    """What became of the words: written to `path`, or there already."""

    path: Path
    added: tuple[str, ...]
    present: tuple[str, ...]


class Standing(NamedTuple):
    """What the lexicon says of a word; `nearest` names known words if it is unknown.

    `other` is a word that does not obey Vietnamese spelling: foreign words, names, letters.
    """

    word: str
    kind: Kind
    nearest: tuple[str, ...]


def folder_of(settings: Settings) -> Path:
    """Return the user's dictionaries folder, which need not exist yet.

    Raises:
        UsageError: none is set.
    """
    if settings.dictionaries is None:
        raise UsageError(
            "No folder for dictionaries of your own is set.",
            "Give --dictionaries DIR, set BAOCAO_DICTIONARIES, or write "
            '`dictionaries = "my-dictionaries"` into baocao.toml.',
        )
    return settings.dictionaries


def add_words(folder: Path, words: Iterable[str]) -> Added:
    """Add `words` to `words.tsv` in `folder`; both are made if they are missing.

    An entry may be a name of several words (Krông Búk); the repair takes it in one piece.
    Entries that differ only in case are one.

    Raises:
        UsageError: one of the words is none, or the file is no table of words; nothing is written.
        MissingError: the file cannot be written.
    """
    wanted = [" ".join(_checked(part) for part in word.split(" ") if part) for word in words]
    wanted = [entry for entry in wanted if entry]
    if not wanted:
        raise UsageError("There is no word to add.", "Give at least one word.")
    path = folder / f"{USER_WORDS}.tsv"
    try:
        text = path.read_bytes().decode() if path.exists() else ""
        column, there = _parsed(path, text)
        known = {fold(word) for word in there}
        new = {fold(word): word for word in reversed(wanted) if fold(word) not in known}
        added = tuple(dict.fromkeys(word for word in wanted if new.get(fold(word)) == word))
        if added:
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(_lines(text, column, added))
    except OSError as error:
        raise MissingError(
            f"{path} cannot be written: {error.strerror}.", "Check the folder and its permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8.", "Save it as UTF-8.") from error
    return Added(path, added, tuple(dict.fromkeys(w for w in wanted if fold(w) in known)))


def standings(lexicon: Lexicon, words: Iterable[str]) -> list[Standing]:
    """Return what `lexicon` knows of each word (text between white space) of `words`."""
    texts = [part for word in words for part in unicodedata.normalize("NFC", word).split()]
    own = _own(lexicon)
    kinds = [_kind(lexicon, own, text) for text in texts]
    known = _by_skeleton(lexicon) if "unknown" in kinds else {}
    return [
        Standing(text, kind, _nearest(text, known) if kind == "unknown" else ())
        for text, kind in zip(texts, kinds, strict=True)
    ]


def _checked(word: str) -> str:
    """Return `word` in NFC if the repair would look at it as one word."""
    composed = unicodedata.normalize("NFC", word)
    pieces = plan(composed).pieces if composed.isprintable() else ()
    cores = [piece.core for piece in pieces if piece.kind == "word"]
    if cores != [composed] or not composed[0].isalnum() or not any(c.isalpha() for c in composed):
        raise UsageError(
            f"{word!r} is no word.",
            "A word has a letter, and no punctuation, tab or line break; add its parts one by one.",
        )
    return composed


def _parsed(path: Path, text: str) -> tuple[int | None, list[str]]:
    """Return the place of the column `word` (None: no header yet) and the words in it."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        return None, []
    header, *rows = ([cell.strip() for cell in line.split("\t")] for line in lines)
    if _COLUMN not in header:
        raise UsageError(
            f"{path} has no column `{_COLUMN}`.",
            f"Its first line that is no comment names the columns; write `{_COLUMN}` there.",
        )
    at = header.index(_COLUMN)
    return at, [row[at] for row in rows if len(row) > at]


def _lines(text: str, column: int | None, added: Sequence[str]) -> str:
    """Return what to append to `text` for the words `added`."""
    start = "\n" if text and not text.endswith("\n") else "" if text else _NEW
    head = f"{_COLUMN}\n" if column is None else ""
    return start + head + "".join("\t" * (column or 0) + f"{word}\n" for word in added)


def _own(lexicon: Lexicon) -> frozenset[str]:
    """Return the normal forms of the user's words, also of those that are bundled anyway."""
    return frozenset(fold(word) for entry in lexicon.own_entries for word in entry.split())


def _kind(lexicon: Lexicon, own: frozenset[str], word: str) -> Kind:
    wanted = fold(word)
    written = lexicon.acronyms.get(wanted)
    if wanted in own:
        return "own"
    if written and (written == word or not lexicon.is_syllable(word)):
        return "abbreviation"
    if lexicon.is_syllable(word):
        return "syllable"
    return "other" if lexicon.is_word(word) else "unknown"


def _by_skeleton(lexicon: Lexicon) -> dict[str, list[str]]:
    """Return the known words by their letters without diacritics, the commonest first."""
    found: dict[str, list[str]] = {}
    words = [entry.word for entry in lexicon.entries]
    for word in [*lexicon.user_words.values(), *words, *lexicon.acronyms.values()]:
        found.setdefault(strip_diacritics(word.lower()), []).append(word)
    return found


def _nearest(word: str, known: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the known words nearest to `word`: by skeleton, then by diacritics, then commonness."""
    wanted = fold(word)
    skeleton = strip_diacritics(wanted)
    near = process.extract(
        skeleton,
        known.keys(),
        scorer=Levenshtein.distance,
        score_cutoff=max(1, len(skeleton) // 3),
        limit=None,
    )
    ranked = sorted(
        (distance, Levenshtein.distance(wanted, fold(candidate)), order, candidate)
        for found, distance, _ in near
        for order, candidate in enumerate(known[found])
    )
    return tuple(dict.fromkeys(candidate for *_, candidate in ranked))[:NEAREST]
