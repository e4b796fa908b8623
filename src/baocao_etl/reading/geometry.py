"""Boxes under rotation: by quarter turns of the page, and by the few degrees of a crooked scan."""

from __future__ import annotations

import math

from baocao_etl.models import Box


def turn(box: Box, quarter: int, size: tuple[float, float]) -> Box:
    """Turn `box` clockwise with a page of `size` (width, height), by `quarter` quarter turns."""
    width, height = size
    if quarter == 1:
        return Box(height - box.y1, box.x0, height - box.y0, box.x1)
    if quarter == 2:
        return Box(width - box.x1, height - box.y1, width - box.x0, height - box.y0)
    if quarter == 3:
        return Box(box.y0, width - box.x1, box.y1, width - box.x0)
    return box


def turn_back(box: Box, *, quarter: int, size: tuple[float, float]) -> Box:
    """Undo `turn`; `size` is that of the page before it was turned."""
    return turn(box, -quarter % 4, size[::-1] if quarter % 2 else size)


def rotate(box: Box, degrees: float, size: tuple[float, float]) -> Box:
    """Return the box around `box` turned counterclockwise by `degrees` about the middle."""
    mx, my = size[0] / 2, size[1] / 2
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    # The middle of the box moves; its sides stay, for a word leans by a few degrees at most.
    x, y = (box.x0 + box.x1) / 2 - mx, (box.y0 + box.y1) / 2 - my
    cx, cy = mx + x * cos + y * sin, my - x * sin + y * cos
    width = box.width * cos + box.height * abs(sin)
    height = box.height * cos + min(box.width, 4 * box.height) * abs(sin)
    return Box(cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
