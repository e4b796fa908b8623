"""Typefaces that hold every Vietnamese letter, and copies of them in the TCVN3 encoding.

The variable Noto and Caveat fonts are cut down to the letters in use and fixed at one weight and
width. Noto Serif is narrowed, which brings it near the Times New Roman that Nghị định 30/2020/NĐ-CP
asks for.
"""

from __future__ import annotations

import io
import string
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from PIL import ImageFont

_VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
_ASCII = "".join(c for c in string.printable if c.isprintable())
ALPHABET = _ASCII + _VOWELS + _VOWELS.upper() + "“”‘’–—…•²³°×·"
HAND_ALPHABET = string.digits + "/.- "

# The byte that TCVN 5712:1993 (VN3, "ABC" fonts) gives to each letter. Capitals with a tone mark have
# none: the font's capital twin (.VnTimeH) draws capitals at the bytes of the small letters.
_TCVN3 = {
    "Ă": 0xA1, "Â": 0xA2, "Ê": 0xA3, "Ô": 0xA4, "Ơ": 0xA5, "Ư": 0xA6, "Đ": 0xA7,
    "ă": 0xA8, "â": 0xA9, "ê": 0xAA, "ô": 0xAB, "ơ": 0xAC, "ư": 0xAD, "đ": 0xAE,
    "à": 0xB5, "ả": 0xB6, "ã": 0xB7, "á": 0xB8, "ạ": 0xB9,
    "ằ": 0xBB, "ẳ": 0xBC, "ẵ": 0xBD, "ắ": 0xBE, "ặ": 0xC6,
    "ầ": 0xC7, "ẩ": 0xC8, "ẫ": 0xC9, "ấ": 0xCA, "ậ": 0xCB,
    "è": 0xCC, "ẻ": 0xCE, "ẽ": 0xCF, "é": 0xD0, "ẹ": 0xD1,
    "ề": 0xD2, "ể": 0xD3, "ễ": 0xD4, "ế": 0xD5, "ệ": 0xD6,
    "ì": 0xD7, "ỉ": 0xD8, "ĩ": 0xDC, "í": 0xDD, "ị": 0xDE,
    "ò": 0xDF, "ỏ": 0xE1, "õ": 0xE2, "ó": 0xE3, "ọ": 0xE4,
    "ồ": 0xE5, "ổ": 0xE6, "ỗ": 0xE7, "ố": 0xE8, "ộ": 0xE9,
    "ờ": 0xEA, "ở": 0xEB, "ỡ": 0xEC, "ớ": 0xED, "ợ": 0xEE,
    "ù": 0xEF, "ủ": 0xF1, "ũ": 0xF2, "ú": 0xF3, "ụ": 0xF4,
    "ừ": 0xF5, "ử": 0xF6, "ữ": 0xF7, "ứ": 0xF8, "ự": 0xF9,
    "ỳ": 0xFA, "ỷ": 0xFB, "ỹ": 0xFC, "ý": 0xFD, "ỵ": 0xFE,
}  # fmt: skip


class GlyphMissingError(Exception):
    """A text needs a letter that its typeface or encoding does not have."""


class _Origin(NamedTuple):
    package: str
    file: str
    axes: dict[str, float]
    alphabet: str


_SERIF = ("fontpkg_noto_serif", "NotoSerif[wdth,wght].ttf")
_SERIF_ITALIC = ("fontpkg_noto_serif", "NotoSerif-Italic[wdth,wght].ttf")
_SANS = ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf")
FACES = {
    "serif": _Origin(*_SERIF, {"wdth": 86, "wght": 400}, ALPHABET),
    "serif-bold": _Origin(*_SERIF, {"wdth": 86, "wght": 700}, ALPHABET),
    "serif-italic": _Origin(*_SERIF_ITALIC, {"wdth": 86, "wght": 400}, ALPHABET),
    "sans": _Origin(*_SANS, {"wdth": 92, "wght": 400}, ALPHABET),
    "sans-bold": _Origin(*_SANS, {"wdth": 92, "wght": 700}, ALPHABET),
    "hand": _Origin("fontpkg_caveat", "Caveat[wght].ttf", {"wght": 600}, HAND_ALPHABET),
}
# What a word processor of the TCVN3 years called its fonts; the twin for capitals has an H.
LEGACY_NAMES = {
    "serif": ".VnTime",
    "serif-bold": ".VnTime-Bold",
    "serif-italic": ".VnTime-Italic",
}
_MEASURE = 200  # measured at this size, so that hinting does not show in the widths


@cache
def truetype(face: str) -> bytes:
    """Return the static TrueType font of `face`, holding its alphabet and nothing else."""
    origin = FACES[face]
    path = files(origin.package) / "files" / origin.file
    # The stored time stays: a font must not change from one run to the next.
    font = TTFont(str(path), recalcTimestamp=False)
    missing = {c for c in origin.alphabet if ord(c) not in font.getBestCmap()}
    if missing:
        raise GlyphMissingError(f"{origin.file} has no glyph for {''.join(sorted(missing))}")
    options = subset.Options()
    options.layout_features = []
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(c) for c in origin.alphabet])
    cutter.subset(font)
    instancer.instantiateVariableFont(font, origin.axes, inplace=True)
    _rename(font, f"Samples-{face.title()}")  # PDF writers tell fonts apart by this name
    return _saved(font)


@cache
def legacy_truetype(face: str, *, capitals: bool) -> bytes:
    """Return `face` re-encoded in TCVN3: the glyph of `á` answers to the character of byte B8.

    With `capitals` it is the twin font in which small letters look like capitals.
    """
    font = TTFont(io.BytesIO(truetype(face)), recalcTimestamp=False)
    glyphs = font.getBestCmap()
    mapping = {ord(c): glyphs[ord(c.upper() if capitals else c)] for c in _ASCII}
    for letter, byte in _TCVN3.items():
        mapping[byte] = glyphs[ord(letter.upper() if capitals else letter)]
    for table in font["cmap"].tables:
        table.cmap = dict(mapping)
    _rename(font, legacy_name(face, capitals=capitals))
    return _saved(font)


def legacy_name(face: str, *, capitals: bool) -> str:
    """Return the PostScript name of the TCVN3 copy of `face`."""
    name = LEGACY_NAMES[face]
    return name.replace(".VnTime", ".VnTimeH") if capitals else name


def to_tcvn3(text: str) -> tuple[str, bool]:
    """Return `text` as the characters its TCVN3 bytes stand for, and whether it needs the capital twin.

    Raises:
        GlyphMissingError: a letter cannot be written in TCVN3, such as a capital with a tone mark
            in a word of small letters.
    """
    marked = {c for c in text if ord(c) > 0x7E and c not in _TCVN3}
    letters = [c for c in text if c.isalpha()]
    capitals = bool(marked) and all(c.isupper() for c in letters)
    source = text.lower() if capitals else text
    missing = {c for c in source if ord(c) > 0x7E and c not in _TCVN3}
    if missing:
        raise GlyphMissingError(f"TCVN3 cannot write {''.join(sorted(missing))} in {text!r}")
    return "".join(chr(_TCVN3[c]) if c in _TCVN3 else c for c in source), capitals


def require(text: str, face: str) -> None:
    """Check that `face` can draw `text`.

    Raises:
        GlyphMissingError: it cannot; the message names the letters.
    """
    missing = set(text) - set(FACES[face].alphabet)
    if missing:
        raise GlyphMissingError(f"{face} has no glyph for {''.join(sorted(missing))} in {text!r}")


@cache
def at_size(face: str, pixels: float) -> ImageFont.FreeTypeFont:
    """Return `face` ready for drawing, `pixels` high."""
    stream = io.BytesIO(truetype(face))
    return ImageFont.truetype(stream, pixels, layout_engine=ImageFont.Layout.BASIC)


@cache
def width(text: str, face: str, size: float) -> float:
    """Return the width of `text` in the unit of `size`.

    Raises:
        GlyphMissingError: the face lacks one of its letters.
    """
    require(text, face)
    return float(at_size(face, _MEASURE).getlength(text)) * size / _MEASURE


def _rename(font: TTFont, name: str) -> None:
    for record in font["name"].names:
        record.string = name


def _saved(font: TTFont) -> bytes:
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()
