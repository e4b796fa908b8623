"""What a scanner and its operator do to a page.

The kinds of fault are those of document degradation models (Baird, "Document image defect models",
1992): rotation, blur, sensor noise, uneven light, specks, thresholding, lossy compression.
"""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

_WHITE = 255


class Scan(NamedTuple):
    """How a page was scanned. `skew` has degrees, counter-clockwise; pages take turns with it."""

    dpi: int = 200
    skew: tuple[float, ...] = (0.0,)
    blur: float = 0.0  # radius in pixels
    noise: float = 0.0  # standard deviation in grey levels
    shade: float = 0.0  # darkening of the worst corner in grey levels
    specks: int = 0
    grey: bool = False
    threshold: int | None = None  # of a 1-bit scan
    quality: int = 60  # of JPEG


def scanned(page: Image.Image, scan: Scan, skew: float, rng: np.random.Generator) -> Image.Image:
    """Return `page` (RGB) as `scan` would give it: mode RGB, L or 1."""
    if skew:
        page = page.rotate(skew, Image.Resampling.BICUBIC, fillcolor=(_WHITE, _WHITE, _WHITE))
    if scan.grey or scan.threshold is not None:
        page = page.convert("L")
    if scan.blur:
        page = page.filter(ImageFilter.GaussianBlur(scan.blur))
    if scan.shade or scan.noise:
        page = _lit(page, scan, rng)
    if scan.threshold is not None:
        limit = scan.threshold
        page = page.point(lambda level: _WHITE if level > limit else 0)
    if scan.specks:
        _speckle(page, scan, rng)
    return page.convert("1", dither=Image.Dither.NONE) if scan.threshold is not None else page


def _lit(page: Image.Image, scan: Scan, rng: np.random.Generator) -> Image.Image:
    """Add uneven light, in broad patches, and sensor noise."""
    pixels = np.asarray(page, dtype=np.float32)
    height, width = pixels.shape[:2]
    change = np.zeros((height, width), dtype=np.float32)
    if scan.shade:
        corners = Image.fromarray(rng.uniform(0, 1, (4, 3)).astype(np.float32))
        smooth = corners.resize((width, height), Image.Resampling.BICUBIC)
        change -= scan.shade * np.asarray(smooth, dtype=np.float32)
    if scan.noise:
        change += rng.standard_normal((height, width), dtype=np.float32) * scan.noise
    pixels = pixels + (change[..., None] if pixels.ndim == 3 else change)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _speckle(page: Image.Image, scan: Scan, rng: np.random.Generator) -> None:
    """Put small dark specks on the page, as dust on the glass does."""
    pen = ImageDraw.Draw(page)
    dark: int | tuple[int, int, int] = (60, 60, 60) if page.mode == "RGB" else 0
    for _ in range(scan.specks):
        x, y = rng.uniform(0, page.width), rng.uniform(0, page.height)
        r = rng.uniform(0.3, 1.1) * scan.dpi / 200
        pen.ellipse((x - r, y - r, x + r, y + r), fill=dark)


def jpeg(page: Image.Image, scan: Scan) -> bytes:
    """Return `page` as a JPEG file."""
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=scan.quality, dpi=(scan.dpi, scan.dpi), optimize=True)
    return stream.getvalue()
