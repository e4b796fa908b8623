"""PDF files through pypdfium2: open, count, measure, render.

PDFium is not thread-safe and a hostile file can crash it: that is one reason why pages are read in
worker processes (`running`).
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2 as pdfium

from baocao_etl.errors import DamagedSource, EncryptedSource
from baocao_etl.models import Box, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

    from baocao_etl.settings import Settings

POINTS_PER_INCH = 72.0
_LEAST_DPI = 100  # below this, letters of 13 points have too few pixels to be read


class PageError(Exception):
    """One page cannot be read; the message says why. Its document goes on."""


class Geometry(NamedTuple):
    """How a page's user space lies under the page as it is seen: visible area and /Rotate."""

    x0: float
    y0: float
    x1: float
    y1: float
    rotation: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points of the page as it is seen."""
        across, up = self.x1 - self.x0, self.y1 - self.y0
        return (up, across) if self.rotation in {90, 270} else (across, up)

    def place(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Take a rectangle from user space (origin bottom left) to the page as it is seen."""
        if self.rotation == 90:
            return Box(bottom - self.y0, left - self.x0, top - self.y0, right - self.x0)
        if self.rotation == 180:
            return Box(self.x1 - right, bottom - self.y0, self.x1 - left, top - self.y0)
        if self.rotation == 270:
            return Box(self.y1 - top, self.x1 - right, self.y1 - bottom, self.x1 - left)
        return Box(left - self.x0, self.y1 - top, right - self.x0, self.y1 - bottom)


class Opened(NamedTuple):
    """An open file, and the password that opened it; None where it wants none."""

    document: pdfium.PdfDocument
    password: str | None


@lru_cache(maxsize=2)
def _open(path: str, sha256: str, passwords: tuple[str, ...]) -> Opened:
    """Open the file, kept for the next page of it; `sha256` tells a changed file."""
    del sha256
    for password in (None, *passwords):
        try:
            return Opened(_load(path, password), password)
        except (pdfium.PdfiumError, OSError) as error:
            if "password" not in str(error).lower():
                raise DamagedSource(
                    f"{path} is not a readable PDF: {str(error).rstrip('.')}.",
                    "Get the file again from where it came.",
                ) from error
    tried = f"; none of the {len(passwords)} in password_file opens it" if passwords else ""
    raise EncryptedSource(
        f"{path} wants a password{tried}.",
        "Write it into a text file, name that with --password-file, and run `baocao retry`.",
    )


def _load(path: str, password: str | None) -> pdfium.PdfDocument:
    try:
        path.encode()
    except UnicodeEncodeError:  # the name is not UTF-8, and PDFium takes no other
        return pdfium.PdfDocument(Path(path).open("rb"), password, autoclose=True)
    return pdfium.PdfDocument(path, password)


def password_of(source: Source, settings: Settings) -> str | None:
    """Return the password that opens the PDF; None where it wants none.

    Raises:
        SourceError: the file cannot be opened.
    """
    return _open(source.path, source.sha256, settings.passwords).password


def forget() -> None:
    """Close the files kept open."""
    _open.cache_clear()


def count(source: Source, settings: Settings) -> int:
    """Return the number of pages of the PDF.

    Raises:
        EncryptedSource: it wants a password.
        DamagedSource: it cannot be opened or has no pages.
    """
    pages = len(_open(source.path, source.sha256, settings.passwords).document)
    if pages < 1:
        raise DamagedSource(f"{source.path} has no pages.", "Get the file again from its source.")
    return pages


@contextmanager
def opened(source: Source, number: int, settings: Settings) -> Iterator[pdfium.PdfPage]:
    """Open page `number` (from 1) for as long as the block runs.

    Raises:
        PageError: the page cannot be loaded, or PDFium failed on it inside the block.
    """
    document = _open(source.path, source.sha256, settings.passwords).document
    try:
        page = document[number - 1]
    except (pdfium.PdfiumError, IndexError) as error:
        raise PageError(f"the page cannot be loaded: {error}") from error
    try:
        yield page
    except pdfium.PdfiumError as error:
        raise PageError(f"PDFium cannot read the page: {error}") from error
    finally:
        page.close()


def geometry(page: pdfium.PdfPage) -> Geometry:
    """Return the visible area of `page` and its rotation in degrees, clockwise.

    Raises:
        PageError: nothing of the page is visible.
    """
    # Only the part of the crop box inside the media box is shown (PDF 32000-1, 14.11.2).
    crop, media = page.get_cropbox(), page.get_mediabox()
    x0, y0 = max(crop[0], media[0]), max(crop[1], media[1])
    x1, y1 = min(crop[2], media[2]), min(crop[3], media[3])
    if not (x1 - x0 >= 1 and y1 - y0 >= 1):
        raise PageError("the page has no visible area")
    return Geometry(x0, y0, x1, y1, page.get_rotation() % 360)


def affordable_dpi(page: pdfium.PdfPage, dpi: float, max_pixels: int) -> float:
    """Return `dpi`, or the lower resolution at which `page` (a plan, a poster) has `max_pixels`.

    Raises:
        PageError: at that resolution no text could be read.
    """
    width, height = (side / POINTS_PER_INCH for side in page.get_size())
    most = math.sqrt(max_pixels / (width * height))
    if most < min(dpi, _LEAST_DPI):
        raise PageError(
            f"the page measures {width:.0f} x {height:.0f} inches: at {_LEAST_DPI} dpi it has more"
            f" than max_pixels ({max_pixels}) pixels"
        )
    return min(dpi, most)


def render(page: pdfium.PdfPage, dpi: float, *, grey: bool = True) -> Image.Image:
    """Render `page` at `dpi`, as "L" or "RGB"."""
    mode = "L" if grey else "RGB"
    bitmap = page.render(scale=dpi / POINTS_PER_INCH, grayscale=grey, rev_byteorder=True)
    try:
        image: Image.Image = bitmap.to_pil()
        if image.mode != mode or image.readonly:  # read-only: it still lies in PDFium's memory
            image = image.convert(mode)
    finally:
        bitmap.close()
    return image
