"""Fonts of this machine that hold every Vietnamese letter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

from baocao_etl.errors import MissingError
from baocao_etl.repair.orthography import MARKED_LETTERS

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"))
FACES = (
    "LiberationSerif-Regular", "LiberationSerif-Bold", "LiberationSerif-Italic",
    "LiberationSans-Regular", "LiberationSans-Bold", "DejaVuSerif", "DejaVuSans",
)  # fmt: skip
"""Metric twins of Times New Roman and Arial, in which reports are written, and two others."""


@cache
def path_of(face: str) -> Path:
    """Return the file of a face that has all Vietnamese letters (Liberation 1 lacks 54 of them).

    Raises:
        MissingError: no such file is installed.
    """
    for folder in FOLDERS:
        for path in sorted(folder.rglob(f"{face}.ttf")):
            if lacking(path) == "":
                return path
    raise MissingError(
        f"No font {face} with all Vietnamese letters is installed.",
        "Debian, Ubuntu: apt install fonts-liberation2 fonts-dejavu",
    )


def lacking(path: Path) -> str:
    """Return the Vietnamese letters that a font file has no glyph for."""
    with TTFont(str(path), lazy=True) as font:
        cmap = font.getBestCmap()
    return "".join(letter for letter in MARKED_LETTERS if ord(letter) not in cmap)


@cache
def at_size(face: str, pixels: int) -> ImageFont.FreeTypeFont:
    """Return a face at a size, laid out letter by letter (the same on every machine)."""
    return ImageFont.truetype(str(path_of(face)), pixels, layout_engine=ImageFont.Layout.BASIC)


def installed(faces: Sequence[str] = FACES) -> list[str]:
    """Return the faces, after a look whether all of them are there."""
    for face in faces:
        path_of(face)
    return list(faces)
