"""What people put on paper: round red seals and signatures of the pen."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from samples import fonts
from samples.sheet import Scrawl, Seal

RED = (205, 28, 44)
PEN = (28, 38, 120)


def press_seal(page: Image.Image, seal: Seal, dpi: int, rng: np.random.Generator) -> Image.Image:
    """Return `page` with `seal` pressed on it: ink that lets the print below shine through."""
    scale = dpi / 72
    radius = round(seal.radius * scale)
    mask = _seal_mask(seal, radius).rotate(rng.uniform(-9, 9), Image.Resampling.BICUBIC)
    # Ink takes unevenly: coarse random spots, smoothed, thin it in places.
    side = mask.size[0]
    spots = Image.fromarray(rng.integers(140, 255, (14, 14), dtype=np.uint8))
    texture = np.asarray(spots.resize((side, side), Image.Resampling.BICUBIC), dtype=np.float32)
    ink = np.asarray(mask, dtype=np.float32) / 255 * (texture / 255) * 0.96
    left, top = round(seal.x * scale) - side // 2, round(seal.y * scale) - side // 2
    area = (left, top, left + side, top + side)
    below = np.asarray(page.crop(area), dtype=np.float32)
    colour = np.array(RED, dtype=np.float32) / 255
    pressed = below * (1 - ink[..., None] * (1 - colour))
    page.paste(Image.fromarray(pressed.astype(np.uint8)), area)
    return page


def _seal_mask(seal: Seal, radius: int) -> Image.Image:
    side = 2 * radius + 9
    centre = side / 2
    mask = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(mask)
    for share, thickness in ((1.0, 0.045), (0.91, 0.018), (0.60, 0.02)):
        r = radius * share
        box = (centre - r, centre - r, centre + r, centre + r)
        pen.ellipse(box, outline=255, width=max(1, round(radius * thickness)))
    _around(mask, seal.text, radius, centre)
    pen.polygon(_star(centre, centre - radius * 0.12, radius * 0.30), fill=255)
    font = fonts.at_size("sans-bold", radius * 0.15)
    pen.text((centre, centre + radius * 0.42), seal.centre, 255, font, anchor="ms")
    return mask


def _around(mask: Image.Image, text: str, radius: int, centre: float) -> None:
    """Write `text` between the rings, clockwise from the lower left."""
    fonts.require(text, "sans-bold")
    font = fonts.at_size("sans-bold", radius * 0.23)
    path = radius * 0.755
    widths = [float(font.getlength(c)) * 1.12 for c in text]
    angle = -sum(widths) / path / 2
    cell = radius // 2
    for letter, width in zip(text, widths, strict=True):
        middle = angle + width / path / 2
        stamp = Image.new("L", (cell, cell), 0)
        ImageDraw.Draw(stamp).text((cell / 2, cell / 2), letter, 255, font, anchor="mm")
        stamp = stamp.rotate(-math.degrees(middle), Image.Resampling.BICUBIC)
        x = round(centre + path * math.sin(middle) - cell / 2)
        y = round(centre - path * math.cos(middle) - cell / 2)
        mask.paste(255, (x, y), stamp)
        angle += width / path


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for i in range(10):
        r = radius if i % 2 == 0 else radius * 0.40
        points.append((x + r * math.sin(i * math.pi / 5), y - r * math.cos(i * math.pi / 5)))
    return points


def sign(page: Image.Image, scrawl: Scrawl, dpi: int, rng: np.random.Generator) -> Image.Image:
    """Return `page` with a signature: loops that run to the right and end in a long stroke."""
    scale = dpi / 72
    t = np.linspace(0, 1, 420)
    turns = rng.uniform(3.4, 5.2)
    swell = np.sin(np.pi * t) ** 0.6
    x = t * 0.72 + 0.085 * np.sin(2 * np.pi * turns * t + rng.uniform(0, 2))
    y = -0.17 * swell * np.cos(2 * np.pi * turns * t) - 0.10 * t + rng.uniform(-0.02, 0.02)
    tail = np.linspace(0, 1, 90)
    x = np.concatenate([x, x[-1] + tail * 0.45])
    y = np.concatenate([y, y[-1] - 0.20 * tail**1.5 + 0.04 * np.sin(3 * tail)])
    points = np.stack([scrawl.x + x * scrawl.width, scrawl.y + y * scrawl.width], axis=1) * scale
    layer = Image.new("L", page.size, 0)
    path = [(float(px), float(py)) for px, py in points]
    ImageDraw.Draw(layer).line(path, 235, max(2, round(1.1 * scale)), joint="curve")
    layer = layer.filter(ImageFilter.GaussianBlur(0.18 * scale))
    page.paste(PEN, (0, 0), layer)
    return page
