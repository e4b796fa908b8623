"""Draw letters and what an OCR program may write for them, and see which look alike.

python -m baocao_etl.repair.build.shapes DICTIONARIES
"""

from __future__ import annotations

import math
import sys
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from baocao_etl.repair.build import faces
from baocao_etl.repair.channel import LETTERS

FACES = ("LiberationSerif-Regular", "LiberationSans-Regular")
SIZE = 40  # pixels
BOX = (48, 72)  # width and height that a drawing is laid into
SHARPNESS = 14.0  # how fast likelihood falls with the share of ink that differs
KEPT = 150  # strings for each letter
_STROKES = "ijlrtI|!()[].,:;'"
_HEADER = """\
# Which strings look like which Vietnamese letters, drawn in Liberation Serif and Sans by
# baocao_etl.repair.build.shapes. logp: natural logarithm of P(seen | letter) if looks were all.
letter	seen	logp
"""

Ink = npt.NDArray[np.float32]


def strings() -> list[str]:
    """Return what may be seen: one character of ASCII or Latin-1, or two of which one is a stroke."""
    single = [chr(c) for c in [*range(0x21, 0x7F), *range(0xC0, 0x100), 0xA2, 0xA3]]
    small = [c for c in single if c.isascii() and c.islower()] + ["ç", "0", "6"]
    pairs = {a + b for a, b in product(small, _STROKES)} | {
        b + a for a, b in product(small, _STROKES)
    }
    pairs |= {a + b for a, b in product(_STROKES, repeat=2)}
    return single + sorted(pairs)


@cache
def ink(text: str, face: str) -> Ink:
    """Draw a string in the middle of the box; return the share of ink at each pixel (blurred)."""
    font = faces.at_size(face, SIZE)
    image = Image.new("L", BOX, 0)
    x = (BOX[0] - font.getlength(text)) / 2
    ImageDraw.Draw(image).text((x, 54), text, 255, font, anchor="ls")
    small = image.resize((BOX[0] // 2, BOX[1] // 2), Image.Resampling.BOX)
    return np.asarray(small, np.float32).ravel() / np.float32(255)


def likelihoods(letters: str = LETTERS) -> dict[str, list[tuple[str, float]]]:
    """Return for each letter the strings that look like it, likeliest first, with their log P."""
    seen = strings()
    found: dict[str, list[tuple[str, float]]] = {}
    total = np.zeros((len(letters), len(seen)))
    for face in FACES:
        drawn = np.stack([ink(text, face) for text in seen])
        for i, letter in enumerate(letters):
            mine = ink(letter, face)
            apart = np.abs(drawn - mine).sum(axis=1) / (drawn.sum(axis=1) + mine.sum())
            total[i] += np.exp(-SHARPNESS * apart) / len(FACES)
    total /= total.sum(axis=1, keepdims=True)
    for letter, row in zip(letters, total, strict=True):
        best = np.argsort(-row, kind="stable")[:KEPT]
        found[letter] = [(seen[i], math.log(row[i])) for i in best.tolist()]
    return found


def build(target: Path) -> None:
    """Write `channels/shapes.tsv` into the dictionaries `target`."""
    rows = "".join(
        f"{letter}\t{seen}\t{logp:.2f}\n"
        for letter, alike in likelihoods().items()
        for seen, logp in alike
    )
    (target / "channels").mkdir(parents=True, exist_ok=True)
    (target / "channels" / "shapes.tsv").write_text(_HEADER + rows, encoding="utf-8")


def main() -> None:
    """Draw from the command line."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    build(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
