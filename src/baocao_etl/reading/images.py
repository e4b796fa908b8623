"""Image files through Pillow: PNG, JPEG, and TIFF with several pages."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from baocao_etl.errors import DamagedSource, OversizedSource
from baocao_etl.reading.media import TIFF
from baocao_etl.reading.rendering import POINTS_PER_INCH, PageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baocao_etl.models import Source

_A4_SHORT_SIDE = 595.0  # points
_PLAUSIBLE_SHORT_SIDE = (3.5, 14.0)  # inches: from a notebook's leaf to A3 with bleed
_FORMATS = ("PNG", "JPEG", "TIFF")


class Scan(NamedTuple):
    """A page that is an image, upright as a viewer shows it, and its resolution."""

    image: Image.Image
    dpi: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        width, height = self.image.size
        return width * POINTS_PER_INCH / self.dpi, height * POINTS_PER_INCH / self.dpi


# What Pillow raises on files that are truncated or were made to break it.
_PILLOW_ERRORS = (OSError, SyntaxError, ValueError, TypeError, EOFError, OverflowError,
                  KeyError, IndexError, ArithmeticError, AttributeError)  # fmt: skip


@contextmanager
def _opened(source: Source) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        # Our own limit is checked before decoding; metadata that is a little off is no matter.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(source.path, formats=_FORMATS)
        except Image.DecompressionBombError as error:
            raise OversizedSource(
                f"{source.path} is too large an image: {error}.", "Scan it at 300 dpi."
            ) from error
        except (UnidentifiedImageError, *_PILLOW_ERRORS) as error:
            raise DamagedSource(
                f"{source.path} is not a readable image: {error}.",
                "Get the file again from where it came.",
            ) from error
        with image:
            yield image


def count(source: Source) -> int:
    """Return the number of pages: the frames of a TIFF, else 1.

    Raises:
        DamagedSource: the file cannot be opened.
        OversizedSource: it has so many pixels that Pillow refuses it.
    """
    with _opened(source) as image:
        if source.media_type != TIFF:
            return 1
        try:
            return max(1, int(getattr(image, "n_frames", 1)))
        except _PILLOW_ERRORS as error:
            raise DamagedSource(
                f"The pages of {source.path} cannot be counted: {error}.",
                "Get the file again from where it came.",
            ) from error


def read(source: Source, number: int, max_pixels: int) -> Scan:
    """Return page `number` (from 1), turned as its EXIF orientation says.

    Raises:
        PageError: it has more than `max_pixels` pixels (checked before decoding) or is damaged.
        SourceError: the file cannot be opened.
    """
    with _opened(source) as image:
        try:
            image.seek(number - 1)
            width, height = image.size
            if width * height > max_pixels:
                raise PageError(
                    f"the image has {width} x {height} pixels, more than max_pixels ({max_pixels})"
                )
            if not width or not height:
                raise PageError("the image has no pixels")
            dpi = _resolution(image)
            upright = ImageOps.exif_transpose(_flat(image))
        except _PILLOW_ERRORS as error:
            raise PageError(f"the image is damaged: {error}") from error
    return Scan(upright, dpi)


def _flat(image: Image.Image) -> Image.Image:
    """Return `image` as "L" or "RGB", what is transparent as white paper."""
    if image.mode in {"1", "L"}:
        return image.convert("L")
    if image.mode.startswith(("I", "F")):  # 16 bits and more: Pillow's own conversion clips them
        levels = np.asarray(image, dtype=np.float64)
        low, high = float(levels.min()), float(levels.max())
        scaled = (levels - low) * (255.0 / (high - low)) if high > low else levels * 0 + 255
        return Image.fromarray(scaled.astype(np.uint8))
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        ink = image.convert("RGBA")
        paper = Image.new("RGBA", ink.size, "white")
        return Image.alpha_composite(paper, ink).convert("RGB")
    return image.convert("RGB")


def _resolution(image: Image.Image) -> float:
    """Return the file's own dpi if it makes a plausible page, else the dpi that makes A4 of it."""
    short = min(image.size)
    try:
        dpi = float(min(image.info.get("dpi", (0, 0))))
    except (TypeError, ValueError, ArithmeticError):
        dpi = 0.0
    least, most = _PLAUSIBLE_SHORT_SIDE
    if dpi > 0 and least <= short / dpi <= most:
        return dpi
    return short * POINTS_PER_INCH / _A4_SHORT_SIDE
