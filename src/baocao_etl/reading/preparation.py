"""Images made ready for OCR: each step only where the page needs it, and each one undone for boxes.

1. Resolution. Tesseract's line recogniser scales every line to a fixed height of a few dozen pixels:
   more pixels than that cost time in layout analysis and keep the noise of scanners and faxes, which
   averaging removes.
2. Seals and signatures: large patches of coloured ink over black print give way to the print.
3. Background: shadows and grey paper are divided out.
4. Skew: found by the projection profile (Postl, 1986), undone by rotation.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from baocao_etl.models import Box
from baocao_etl.reading.geometry import rotate, turn
from baocao_etl.reading.ink import Ink, patches

if TYPE_CHECKING:
    import numpy.typing as npt


# Print of 13 points has capitals of 19 pixels at this resolution; see benchmarks/RESULTS.md.
READING_DPI = 160
_COARSE_DPI = 80  # enough to see lines of text, for skew
_COLOURED = 60  # between the strongest and the weakest channel, of 255
_TILE = 0.05  # inches: ink nearer than this belongs together
_SEAL = 0.7  # inches: coloured ink this large is a seal or a signature, smaller may be a number
_GREY_PAPER = 225  # paper darker than this, or this uneven (below), is evened
_UNEVEN = 30
_MOST_SKEW = 6.0  # degrees
_LEAST_SKEW = 1.2  # degrees: Tesseract follows baselines that slope less, and turning blurs

_BAND = 256  # rows that are worked on at a time


class Prepared(NamedTuple):
    """An image ready to be read ("L"), and the way back to the page as it is seen.

    `place` undoes skew and turns, in this order.
    """

    image: Any  # a PIL image; None where only the way back is wanted
    dpi: float
    size: tuple[float, float]  # of the page, in points
    turns: int = 0  # quarter turns clockwise that set the page upright
    skew: float = 0.0  # degrees that it was turned counterclockwise to set its lines level
    slope: float = 0.0  # degrees that its lines still fall to the right
    steps: tuple[str, ...] = ()  # what was done to it

    def place(self, box: Box) -> Box:
        """Take a box from pixels of the image to points of the page as it is seen."""
        scale = 72.0 / self.dpi
        box = Box(*(side * scale for side in box))
        upright = self.size[::-1] if self.turns % 2 else self.size
        if self.skew:
            box = rotate(box, -self.skew, upright)
        return turn(box, -self.turns % 4, upright)

    def find(self, box: Box) -> Box:
        """Take a box from points of the page as it is seen to pixels of the image."""
        upright = self.size[::-1] if self.turns % 2 else self.size
        box = turn(box, self.turns, self.size)
        if self.skew:
            box = rotate(box, self.skew, upright)
        return Box(*(side * self.dpi / 72.0 for side in box))

    def level(self, box: Box) -> Box:
        """Take a box from pixels of the image to pixels of `levelled()`."""
        return rotate(box, self.slope, self.image.size) if self.slope else box

    def levelled(self, *, drawn: bool = True) -> Prepared:
        """Return the image with its lines quite level; not `drawn`, only the way back from it."""
        if not self.slope:
            return self
        image = (
            self.image.rotate(self.slope, Image.Resampling.BICUBIC, fillcolor=255)
            if drawn
            else None
        )
        steps = (*self.steps, f"deskewed by {self.slope:.1f} degrees")
        return self._replace(image=image, skew=self.skew + self.slope, slope=0.0, steps=steps)

    def turned(self, quarters: int) -> Prepared:
        """Return the image turned clockwise by another `quarters` quarter turns."""
        methods = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180,
                   3: Image.Transpose.ROTATE_90}  # fmt: skip
        if quarters % 4 == 0:
            return self
        # Skew in a picture that was turned sideways is still skew, by the same angle.
        image = self.image.transpose(methods[quarters % 4])
        steps = (*self.steps, f"turned by {90 * quarters} degrees")
        return self._replace(image=image, turns=(self.turns + quarters) % 4, steps=steps)


def prepare(image: Image.Image, dpi: float, *, reading_dpi: float = READING_DPI) -> Prepared:
    """Make `image` ("L" or "RGB", `dpi` dots per inch) ready to be read at `reading_dpi`."""
    size = (image.width * 72.0 / dpi, image.height * 72.0 / dpi)
    image, dpi = _resized(image, dpi, reading_dpi)
    steps = []
    if image.mode == "RGB":
        image, lifted = lift_colour(image, dpi)
        steps += ["seal lifted"] * lifted
    grey, evened = even_background(image)
    steps += ["background evened"] * evened
    made = Prepared(grey, dpi, size, 0, 0.0, -find_skew(grey, dpi), tuple(steps))
    return made.levelled() if abs(made.slope) >= _LEAST_SKEW else made


def _resized(image: Image.Image, dpi: float, to: float) -> tuple[Image.Image, float]:
    """Scale `image` to about `to` dots per inch; by an even division where that comes near."""
    factor = round(dpi / to)
    if factor >= 2 and abs(dpi / factor - to) <= 0.15 * to:
        return image.reduce(factor), dpi / factor
    if abs(dpi - to) <= 0.15 * to:
        return image, dpi
    size = (max(1, round(image.width * to / dpi)), max(1, round(image.height * to / dpi)))
    method = Image.Resampling.LANCZOS if to < dpi else Image.Resampling.BICUBIC
    return image.resize(size, method, reducing_gap=3.0), image.width and size[0] * dpi / image.width


def lift_colour(image: Image.Image, dpi: float) -> tuple[Image.Image, bool]:
    """Return `image` in grey without its seals and signatures, and whether it had any.

    Red, blue or green ink is light in one channel; black print under it is dark in all of them.
    So within a patch of coloured ink the lightest channel shows the print alone. Small patches
    stay: a document's number is often written by hand in blue.
    """
    grey = image.convert("L")
    # The palette of a page of black on white has no colour worth a closer look.
    thumb = np.asarray(image.reduce(max(1, round(dpi / 40))), dtype=np.int16)
    if np.count_nonzero(thumb.max(axis=2) - thumb.min(axis=2) > _COLOURED // 2) < 10:
        return grey, False
    pixels = np.asarray(image)
    high = pixels.max(axis=2)
    coloured = (high - pixels.min(axis=2) > _COLOURED) & (high > 90)
    tile = max(1, round(_TILE * dpi))
    seals = _large_patches(_tiles(coloured, tile), round(_SEAL / _TILE))
    if not seals.any():
        return grey, False
    mask = np.kron(seals, np.ones((tile, tile), dtype=bool))[: high.shape[0], : high.shape[1]]
    levels = np.asarray(grey).copy()
    part = mask[: levels.shape[0], : levels.shape[1]]
    rows, columns = part.shape
    levels[:rows, :columns][part] = high[:rows, :columns][part]
    return Image.fromarray(levels), True


def _tiles(mask: Ink, tile: int) -> Ink:
    """Return which tiles of `mask` hold at least a few set pixels."""
    rows, columns = (-(-side // tile) for side in mask.shape)
    padded = np.zeros((rows * tile, columns * tile), dtype=bool)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    counts = padded.reshape(rows, tile, columns, tile).sum(axis=(1, 3))
    found: Ink = counts >= max(1, tile // 3)
    return found


def _large_patches(tiles: Ink, least: int) -> Ink:
    """Return the connected patches of `tiles` that are `least` tiles wide or high, grown by one."""
    kept = np.zeros_like(tiles)
    for patch in patches(tiles):
        if max(patch.box.width, patch.box.height) >= least:
            for y, start, end in patch.runs:
                kept[max(0, y - 1) : y + 2, max(0, start - 1) : end + 1] = True
    return kept


def even_background(image: Image.Image) -> tuple[Image.Image, bool]:
    """Return `image` with its paper white, and whether it had to be changed."""
    small = image.reduce(8) if min(image.size) >= 64 else image
    # The lightest level around each place is paper; the blur joins the places.
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(4))
    levels = np.asarray(paper)
    low, middle = np.percentile(levels, (5, 50))
    if middle >= _GREY_PAPER and middle - low < _UNEVEN:
        return image, False
    ground = np.asarray(paper.resize(image.size, Image.Resampling.BILINEAR))
    even = np.asarray(image).copy()
    for top in range(0, len(even), _BAND):  # floats of a whole poster would take a gigabyte
        band = slice(top, top + _BAND)
        scale = 255.0 / np.maximum(ground[band].astype(np.float32), 40.0)
        even[band] = np.minimum(even[band] * scale, 255.0).astype(np.uint8)
    return Image.fromarray(even), True


def find_skew(image: Image.Image, dpi: float) -> float:
    """Return by how many degrees clockwise the lines of `image` must be turned to be level.

    The rows of a level text are either full or empty, so the squared differences of neighbouring
    row sums are greatest at the right angle (Postl, 1986).
    """
    factor = max(1, round(dpi / _COARSE_DPI))
    ink = np.asarray(image.reduce(factor)) < 160
    # Lines and dark edges of the scan say more about its frame than about its text.
    ink[:, ink.mean(axis=0) > 0.5] = False
    ys, xs = np.nonzero(ink)
    if len(ys) < 500:
        return 0.0
    xs = xs - ink.shape[1] / 2
    coarse = np.arange(-_MOST_SKEW, _MOST_SKEW + 0.01, 0.5)
    best = max(coarse, key=lambda angle: _levelness(ys, xs, angle, ink.shape))
    fine = best + np.arange(-0.4, 0.41, 0.1)
    best = max(fine, key=lambda angle: _levelness(ys, xs, angle, ink.shape))
    level = _levelness(ys, xs, 0.0, ink.shape)
    if _levelness(ys, xs, best, ink.shape) < 1.05 * level:
        return 0.0
    return float(best)


def looks_sideways(image: Image.Image, dpi: float) -> bool:
    """Return whether the lines of `image` run from top to bottom rather than across."""
    ink = np.asarray(image.reduce(max(1, round(dpi / _COARSE_DPI)))) < 160
    # White rows between lines make the row sums rough; within a line nothing does so as much.
    rows, columns = (np.square(np.diff(ink.sum(axis=axis))).mean() for axis in (1, 0))
    return bool(columns / ink.shape[0] > 1.5 * rows / ink.shape[1])


def _levelness(
    ys: npt.NDArray[np.intp], xs: npt.NDArray[np.float64], angle: float, shape: tuple[int, ...]
) -> float:
    slope = math.tan(math.radians(angle))
    margin = int(shape[1] * abs(slope)) + 2
    rows = np.bincount((ys + xs * slope + margin).astype(np.intp), minlength=shape[0] + 2 * margin)
    return float(np.square(np.diff(rows)).sum())
