"""PDF files with layers: born digital, in TCVN3 fonts, or scans with or without a text below them."""

from __future__ import annotations

import io
import math
from typing import NamedTuple

import numpy as np
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from samples import fonts
from samples.misread import misread
from samples.sheet import Sheet

rl_config.useA85 = 0  # binary streams: a quarter smaller
INVISIBLE = 3  # PDF 32000-1, 9.3.6: text rendering mode 3 draws neither fill nor stroke


class Text(NamedTuple):
    """A word of a layer: its baseline begins at (x, y), it is `width` wide, in points."""

    text: str
    x: float
    y: float
    width: float
    size: float


class Picture(NamedTuple):
    """A scanned page: an image file, its size in points, and an invisible layer."""

    image: bytes
    width: float
    height: float
    layer: list[Text]


def born_digital(sheets: list[Sheet], title: str, *, legacy: bool = False) -> bytes:
    """Return a PDF that a word processor would write; with `legacy` in TCVN3 fonts."""
    stream, canvas = _canvas(title)
    for sheet in sheets:
        canvas.setPageSize((sheet.width, sheet.height))
        for rule in sheet.rules:
            canvas.setLineWidth(rule.thickness)
            canvas.line(rule.x0, sheet.height - rule.y0, rule.x1, sheet.height - rule.y1)
        for line in sheet.lines():
            for word in line:
                fonts.require(word.text, word.face)
                text, capitals = fonts.to_tcvn3(word.text) if legacy else (word.text, False)
                name = _registered(word.face, legacy=legacy, capitals=capitals)
                canvas.setFont(name, word.size)
                canvas.drawString(word.x, sheet.height - word.y, text + " ")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def scan(pictures: list[Picture], title: str, stamp: list[str] | None = None) -> bytes:
    """Return a PDF of scanned pages; `stamp` is printed as real text on the first, top left.

    That is what signing programs leave behind: a text layer that holds nothing but their own lines.
    """
    stream, canvas = _canvas(title)
    for number, picture in enumerate(pictures):
        canvas.setPageSize((picture.width, picture.height))
        for word in picture.layer:
            text = canvas.beginText(word.x, picture.height - word.y)
            text.setTextRenderMode(INVISIBLE)
            text.setFont("Times-Roman", word.size)
            natural = pdfmetrics.stringWidth(word.text, "Times-Roman", word.size)
            text.setHorizScale(100 * word.width / natural if natural else 100)
            text.textOut(word.text + " ")
            canvas.drawText(text)
        image = ImageReader(io.BytesIO(picture.image))
        canvas.drawImage(image, 0, 0, picture.width, picture.height)
        if stamp and number == 0:
            canvas.setFont(_registered("sans", legacy=False, capitals=False), 6.5)
            for i, line in enumerate(stamp):
                fonts.require(line, "sans")
                canvas.drawString(24, picture.height - 18 - 8.5 * i, line)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def wrong_language(sheet: Sheet, skew: float, rng: np.random.Generator) -> list[Text]:
    """Return the layer that an English OCR run would have put below the scan of `sheet`.

    The words stand where the scan shows them, turned by `skew` degrees with the page.
    """
    turn = math.radians(skew)
    cos, sin = math.cos(turn), math.sin(turn)
    middle_x, middle_y = sheet.width / 2, sheet.height / 2
    found = []
    for line in sheet.lines():
        for word in line:
            dx, dy = word.x - middle_x, word.y - middle_y
            x, y = middle_x + dx * cos + dy * sin, middle_y - dx * sin + dy * cos
            found.append(Text(misread(word.text, rng), x, y, word.width, word.size))
    return found


def _canvas(title: str) -> tuple[io.BytesIO, Canvas]:
    stream = io.BytesIO()
    # invariant: no clock and no random id in the file
    canvas = Canvas(stream, pageCompression=1, invariant=1)
    canvas.setTitle(title)
    return stream, canvas


def _registered(face: str, *, legacy: bool, capitals: bool) -> str:
    """Register `face` with reportlab, once, and return the name it goes by."""
    name = fonts.legacy_name(face, capitals=capitals) if legacy else f"samples-{face}"
    if name not in pdfmetrics.getRegisteredFontNames():
        data = fonts.legacy_truetype(face, capitals=capitals) if legacy else fonts.truetype(face)
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))
    return name
