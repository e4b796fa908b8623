"""Plain text: dumps of OCR layers, decoded and split into pages."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from statistics import median

from baocao_etl.errors import DamagedSource, OversizedSource
from baocao_etl.models import Page, Source, Word
from baocao_etl.reading.media import looks_like_text

# Forty thousand pages of dense text; a larger "text" is a log or a database dump.
_MAX_BYTES = 200_000_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is a prefix of it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GET_AGAIN = "Get the file again from where it came."
_SAMPLE = 20_000  # characters that suffice to tell one code page from another
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aăâeêioôơuưy"
_TOKEN = re.compile(r"\S+")
_MARK = re.compile(r"^ (?=\S)", re.MULTILINE)
_DEEPER = re.compile(r"^(?: {2,}|\t)\S", re.MULTILINE)
# Page marks: pages of an administrative report hold 20 to 60 lines, a dump with empty lines up to
# 200; a page of a picture and its caption may hold a few.
_LINES_PER_PAGE = (15, 200)
_FEWEST_LINES = 4


def decode(data: bytes) -> str:
    """Return the text of `data`: by its byte order mark, else UTF-8, UTF-16, or a code page.

    Windows-1258 writes tones behind their vowel, which no other encoding's bytes look like. What is
    neither is taken as Windows-1252, since the decoders of TCVN3 and VNI start from there.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if b"\x00" in data[:_SAMPLE]:
        even, odd = data[0:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
        return data.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A few broken bytes, or a last letter cut in two, do not make it another encoding.
        text = data.decode("utf-8", errors="replace")
        if error.start > _SAMPLE or text.count("�") * 50 < sum(ord(c) > 0x7F for c in text):
            return text
    vietnamese = data.decode("cp1258", errors="replace")
    if _has_tones_on_vowels(vietnamese[:_SAMPLE]):
        return unicodedata.normalize("NFC", vietnamese)
    return data.decode("cp1252", errors="replace")


def _has_tones_on_vowels(text: str) -> bool:
    """Return whether nearly all combining tone marks of `text` stand behind a vowel."""
    tones = [i for i, char in enumerate(text) if char in _TONES]
    fitting = sum(i > 0 and text[i - 1].lower() in _VOWELS for i in tones)
    return fitting > 0.95 * len(tones)


def split_pages(text: str) -> list[tuple[int, str]]:
    r"""Split a dump into pages, as (number of the first line in the file, raw text).

    Pages end at form feeds. A dump without any may mark a new page by a line that begins with
    exactly one space (a form feed turned into a space): believed only where such lines are rare
    and no other line is indented. Line feeds stay with the page they end, so the pages joined give
    the text back, form feeds apart.

    Args:
        text: with `\n` as its only line end.
    """
    pieces = text.split("\f") if "\f" in text else _split_at_marks(text)
    pages: list[tuple[int, str]] = []
    line = 1
    for i, piece in enumerate(pieces):
        # A form feed ends a page; what is left behind the last one is no page of its own.
        if i + 1 < len(pieces) or piece.strip() or not i:
            pages.append((line, piece))
        line += piece.count("\n")
    return pages


def _split_at_marks(text: str) -> list[str]:
    starts = [match.start() for match in _MARK.finditer(text)]
    if not starts or _DEEPER.search(text):
        return [text]
    ends = [0, *(start for start in starts if start), len(text)]
    pieces = [text[a:b] for a, b in pairwise(ends)]
    lengths = [piece.count("\n") for piece in pieces]
    shortest, longest = _LINES_PER_PAGE
    # The last page is as short as it happens to be.
    if min(lengths[:-1], default=0) < _FEWEST_LINES or not shortest <= median(lengths) <= longest:
        return [text]
    return pieces


def split_words(raw_text: str, first_line: int) -> tuple[Word, ...]:
    """Return the words of `raw_text`: split at white space, lines counted from `first_line`."""
    words: list[Word] = []
    line, at = first_line, 0
    for match in _TOKEN.finditer(raw_text):
        line += raw_text.count("\n", at, match.start())
        at = match.start()
        words.append(Word(match.group(), match.group(), at, line))
    return tuple(words)


@lru_cache(maxsize=2)
def _pages(path: str, sha256: str) -> list[tuple[int, str]]:
    """Return the pages of the file; `sha256` is there so that a changed file is read again."""
    del sha256
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise DamagedSource(f"{path} cannot be read: {error.strerror}.", _GET_AGAIN) from error
    if not looks_like_text(data[:_SAMPLE]):
        raise DamagedSource(f"{path} holds binary data.", _GET_AGAIN)
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise DamagedSource(f"{path} holds no text.", _GET_AGAIN)
    return split_pages(text)


def count(source: Source) -> int:
    """Return the number of pages of the dump.

    Raises:
        SourceError: the file cannot be read, is too large, or holds no text.
    """
    if source.size > _MAX_BYTES:
        raise OversizedSource(
            f"{source.path} has {source.size} bytes, more than {_MAX_BYTES}.",
            "Split the file, or leave it out.",
        )
    return len(_pages(source.path, source.sha256))


def read(source: Source, number: int) -> Page:
    """Return page `number` (from 1); its words have lines of the file and no boxes."""
    line, raw_text = _pages(source.path, source.sha256)[number - 1]
    words = split_words(raw_text, line)
    return Page(number=number, text_origin="text", raw_text=raw_text, words=words)
