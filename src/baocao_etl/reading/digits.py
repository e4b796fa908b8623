"""Single digits written by hand: a small network over the directions of their strokes.

Offices fill in the number and the day of a document with a pen, and engines that read lines of print
make anything of that. A digit cut out by itself is an old and easy task: histograms of oriented
gradients (Dalal and Triggs 2005) and one hidden layer. `baocao_etl.reading.build.digits` trains it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

SIZE, INNER = 28, 20  # pixels of the frame, and of the digit's longer side in it: as MNIST has them
NOTHING = 10  # the class of what is no single digit
_DIRECTIONS, _CELLS = 8, 7
_MOST_SLANT = 0.8  # columns a row
_FAINT = 60  # of 255
_SPREAD = 1.4  # cells: how far the stroke at a place counts

Floats = NDArray[np.float32]


class Network(NamedTuple):
    """Weights of features -> hidden -> classes (ten digits and `NOTHING`)."""

    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats

    def probabilities(self, frames: Floats) -> Floats:
        """Return the probabilities of the classes of `frames` (n, 28, 28), ink 1 on 0: (n, 11)."""
        inner = np.maximum(features(frames) @ self.hidden + self.hidden_bias, 0.0)
        scores = inner @ self.out + self.out_bias
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float32)


@cache
def network(path: Path) -> Network:
    """Load the network that `build.digits` wrote."""
    with np.load(path) as stored:
        return Network(*(stored[name].astype(np.float32) for name in Network._fields))


def framed(ink: NDArray[np.bool_]) -> Floats:
    """Return a digit's ink as a frame: set upright, scaled to 20 pixels, its weight in the middle."""
    upright = _upright(ink)
    height, width = upright.shape
    scale = INNER / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = Image.fromarray(upright).resize(size, Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.float32) / 255
    weights = grey / max(float(grey.sum()), 1e-6)
    down = float((weights.sum(axis=1) * np.arange(size[1])).sum())
    across = float((weights.sum(axis=0) * np.arange(size[0])).sum())
    top = min(max(0, round(SIZE / 2 - 0.5 - down)), SIZE - size[1])
    left = min(max(0, round(SIZE / 2 - 0.5 - across)), SIZE - size[0])
    frame = np.zeros((SIZE, SIZE), dtype=np.float32)
    frame[top : top + size[1], left : left + size[0]] = grey
    return frame


def _upright(ink: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return ink, 255 on 0, cut out closely and without the slant that its moments tell of."""
    rows, columns = np.nonzero(ink)
    away = rows - rows.mean()
    spread = float((away**2).mean())
    slant = float((away * (columns - columns.mean())).mean()) / spread if spread else 0.0
    slant = min(max(slant, -_MOST_SLANT), _MOST_SLANT)
    shifts = slant * (np.arange(ink.shape[0]) - rows.mean())
    room = int(np.abs(shifts).max()) + 2
    wide = Image.fromarray(np.pad(ink.astype(np.uint8) * 255, ((0, 0), (room, room))))
    middle = float(rows.mean())
    straight = np.asarray(
        wide.transform(
            wide.size,
            Image.Transform.AFFINE,
            (1, slant, -slant * middle, 0, 1, 0),
            Image.Resampling.BILINEAR,
        )
    )
    used = np.flatnonzero((straight > _FAINT).any(axis=0))
    return straight[:, used[0] : used[-1] + 1] if used.size else straight


def features(frames: Floats) -> Floats:
    """Return how much stroke runs in each of 8 directions in each of 7 x 7 cells: (n, 392)."""
    down, across = np.gradient(_smooth(_smooth(frames, 1), 2), axis=(1, 2))
    strength = np.hypot(down, across)
    angle = np.arctan2(down, across) % np.pi * (_DIRECTIONS / np.pi)
    low = np.floor(angle)
    share = angle - low
    pool = _pooling()
    found = np.empty((len(frames), _DIRECTIONS, _CELLS, _CELLS), dtype=np.float32)
    for direction in range(_DIRECTIONS):
        at = np.where(low % _DIRECTIONS == direction, 1 - share, 0)
        at += np.where((low + 1) % _DIRECTIONS == direction, share, 0)
        found[:, direction] = pool @ (strength * at) @ pool.T
    flat = found.reshape(len(frames), -1)
    norm = np.sqrt((flat**2).sum(axis=1, keepdims=True)) + 1e-3
    return np.asarray(np.sqrt(flat / norm), dtype=np.float32)


def _smooth(frames: Floats, axis: int) -> Floats:
    """Return `frames` with edges as soft as those of any other resolution."""
    beside = np.roll(frames, 1, axis) + np.roll(frames, -1, axis)
    return np.asarray(frames / 2 + beside / 4, dtype=np.float32)


@cache
def _pooling() -> Floats:
    centres = (np.arange(_CELLS) + 0.5) * SIZE / _CELLS - 0.5
    away = np.abs(np.arange(SIZE)[None, :] - centres[:, None]) / (SIZE / _CELLS)
    return np.asarray(np.maximum(0.0, 1 - away / _SPREAD), dtype=np.float32)
