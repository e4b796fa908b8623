"""Sheets -> images, as a perfect camera would see the paper."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from samples import fonts, marks
from samples.sheet import Sheet

INK = (24, 24, 26)


def render(sheet: Sheet, dpi: int, rng: np.random.Generator) -> Image.Image:
    """Return the RGB image of `sheet` at `dpi`, its marks included."""
    scale = dpi / 72
    size = (round(sheet.width * scale), round(sheet.height * scale))
    page = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(page)
    for rule in sheet.rules:
        box = (rule.x0 * scale, rule.y0 * scale, rule.x1 * scale, rule.y1 * scale)
        pen.line(box, INK, max(1, round(rule.thickness * scale)))
    for word in sheet.words:
        fonts.require(word.text, word.face)
        by_hand = word.face == "hand"
        font = fonts.at_size(word.face, word.size * scale)
        colour = marks.PEN if by_hand else INK
        y = word.y + (float(rng.uniform(-1, 1)) if by_hand else 0.0)
        # Letter by letter: the renderer rounds each advance to a pixel, which closes word spaces.
        for i, letter in enumerate(word.text):
            x = word.x + fonts.width(word.text[:i], word.face, word.size)
            pen.text((x * scale, y * scale), letter, colour, font, anchor="ls")
    for scrawl in sheet.scrawls:
        page = marks.sign(page, scrawl, dpi, rng)
    for seal in sheet.seals:
        page = marks.press_seal(page, seal, dpi, rng)
    return page
