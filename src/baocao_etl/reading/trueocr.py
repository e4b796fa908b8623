"""trueocr, a small Vietnamese recogniser (CTC on ONNX Runtime); the extra `[trueocr]` installs it.

Its weights lie in its package, so it needs no other data and no network. It finds lines and reads
them; the words' boxes come from the time steps at which their letters were emitted.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import unicodedata
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from baocao_etl.errors import MissingError
from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrError, OcrLine, OcrWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

# The recogniser's own margin around a line, in line heights; it must know to place the words.
_MARGIN = 0.3
_BATCH = 32
# Shared area, over the area of both, from which two boxes are of one line.
_SAME_LINE = 0.5


class TrueOcr(NamedTuple):
    """The engine; its model is loaded on first use and kept."""

    @property
    def name(self) -> str:
        """The engine's name in settings."""
        return "trueocr"

    def version(self) -> str:
        """Return the package's version, which fixes its weights."""
        _models()
        return f"trueocr {version('trueocr')}"

    def read(
        self, image: Image.Image, dpi: float, *, timeout: float, plain: bool = False
    ) -> list[OcrLine]:
        """Read a page; see `OcrEngine.read`. It needs no resolution and has no second way."""
        del dpi, timeout, plain
        boxes = sorted(_detected(image), key=lambda box: (box.y0, box.x0))
        lines = self._read(image, boxes)
        return [OcrLine(words, i) for i, words in enumerate(lines) if words]

    def read_lines(
        self, image: Image.Image, boxes: Sequence[Box], *, timeout: float, digits: bool = False
    ) -> list[tuple[OcrWord, ...]]:
        """Read single lines; see `OcrEngine.read_lines`. It takes milliseconds a line.

        It reads a line best in the box that its own detector draws, so that is used where it
        found the same line.
        """
        del timeout, digits
        found = _detected(image) if boxes else []
        return self._read(image, [_same_line(box, found) for box in boxes])

    def _read(self, image: Image.Image, boxes: Sequence[Box]) -> list[tuple[OcrWord, ...]]:
        """Read what is in `boxes`."""
        models = _models()
        grey = np.asarray(image)
        spots = [
            (max(0, math.floor(b.x0)), max(0, math.floor(b.y0)), math.ceil(b.x1), math.ceil(b.y1))
            for b in boxes
        ]
        try:
            maps = [
                models.preprocess.prepare_gray(
                    grey[y0:y1, x0:x1], max_width=models.lines.max_width,
                    pad_y=models.lines.pad_y, pad_x=models.lines.pad_x,
                )
                for x0, y0, x1, y1 in spots
            ]  # fmt: skip
            read: list[tuple[OcrWord, ...]] = [() for _ in maps]
            for batch in models.preprocess.width_batches([m.shape[1] for m in maps], _BATCH):
                tensor, widths = models.preprocess.pad_batch([maps[i] for i in batch])
                ids, peaks, lengths = models.lines.session.run(
                    ["ids", "conf", "lengths"], {"x": tensor, "widths": widths}
                )
                for row, i in enumerate(batch):
                    steps = int(lengths[row])
                    letters = _letters(models.lines.chars, ids[row, :steps], peaks[row, :steps])
                    read[i] = tuple(_words(letters, steps, boxes[i]))
        except (RuntimeError, ValueError) as error:
            raise OcrError(f"trueocr failed: {error}") from error
        return read


def _detected(image: Image.Image) -> list[Box]:
    """Return the boxes of the lines on a page."""
    boxes = []
    for found in _models().page.detect(np.asarray(image)):
        x0, y0, x1, y1 = (float(side) for side in found[:4])
        box = Box(max(0.0, x0), max(0.0, y0), min(image.width, x1), min(image.height, y1))
        if box.width >= 1 and box.height >= 1:
            boxes.append(box)
    return boxes


def _same_line(box: Box, found: Sequence[Box]) -> Box:
    """Return that of `found` which covers nearly the same as `box`, else `box`."""

    def shared(other: Box) -> float:
        across = min(box.x1, other.x1) - max(box.x0, other.x0)
        down = min(box.y1, other.y1) - max(box.y0, other.y0)
        both = max(0.0, across) * max(0.0, down)
        return both / (box.width * box.height + other.width * other.height - both)

    best = max(found, key=shared, default=box)
    return best if shared(best) > _SAME_LINE else box


class _Models(NamedTuple):
    """The optional package's parts."""

    lines: Any
    page: Any
    preprocess: Any


@lru_cache(maxsize=1)
def _models() -> _Models:
    if importlib.util.find_spec("trueocr") is None:
        raise MissingError(
            "The OCR engine trueocr is not installed.",
            'Install it: `pip install "baocao-etl[trueocr]"`, or take it out of ocr_engines.',
        )
    package = importlib.import_module("trueocr")
    folder = Path(str(package.__file__)).parent / "models"
    page = importlib.import_module("trueocr.page").PageEngine(folder, threads=1)
    preprocess = importlib.import_module("trueocr.preprocess")
    return _Models(package.Recognizer(folder, threads=1), page, preprocess)


class _Letter(NamedTuple):
    text: str
    step: int
    confidence: float


def _letters(chars: Sequence[str], ids: Any, peaks: Any) -> Iterator[_Letter]:
    """Decode greedily (Graves, 2006): equal labels in a row are one, blanks (0) are none."""
    before = 0
    for step, label in enumerate(ids.tolist()):
        if label not in {0, before}:
            yield _Letter(chars[label - 1], step, float(peaks[step]))
        before = label


def _words(letters: Iterator[_Letter], steps: int, box: Box) -> Iterator[OcrWord]:
    """Cut the letters of a line at its spaces, and place the words along its box."""
    margin = _MARGIN * box.height
    width = box.width + 2 * margin
    word: list[_Letter] = []
    for letter in (*letters, _Letter(" ", steps, 1.0)):
        if letter.text.strip():
            word.append(letter)
        elif word:
            left = box.x0 - margin + width * (word[0].step - 0.5) / steps
            right = box.x0 - margin + width * (word[-1].step + 1.5) / steps
            place = Box(max(box.x0, left), box.y0, min(box.x1, max(right, left + 1)), box.y1)
            text = unicodedata.normalize("NFC", "".join(item.text for item in word))
            logs = sum(math.log(max(item.confidence, 1e-4)) for item in word)
            yield OcrWord(text, place, math.exp(logs / len(word)))
            word = []
