"""Pages that were scanned lying on their side or head: set upright to be understood, and back again.

Boxes are on the page as it is seen. Columns, headings and tables are found by what stands beside
or above what, which only makes sense where the text stands upright.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from baocao_etl.reading.geometry import turn, turn_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from baocao_etl.models import Box, Document, Figure, Page, Table


def upright(page: Page) -> Page:
    """Return `page` with its boxes as they are when its text stands upright; see `Page.turns`."""
    if not page.turns or page.width is None or page.height is None:
        return page
    size = page.width, page.height
    return _moved(page, lambda box: turn(box, page.turns, size))


def as_seen(document: Document) -> Document:
    """Return `document`, made from `upright` pages, with all boxes on the pages as they are seen."""
    turned = {p.number: p for p in document.pages if p.turns and p.width and p.height}
    if not turned:
        return document
    tables = tuple(_table(table, turned) for table in document.tables)
    figures = tuple(_figure(figure, turned) for figure in document.figures)
    pages = tuple(
        _moved(page, partial(_back, page=page)) if page.number in turned else page
        for page in document.pages
    )
    return document.model_copy(update={"pages": pages, "tables": tables, "figures": figures})


def _back(box: Box | None, page: Page) -> Box | None:
    """Take a box on `page`, which is upright, to the page as it is seen."""
    if box is None or page.width is None or page.height is None:
        return None
    size = (page.width, page.height)
    return turn_back(box, quarter=page.turns, size=size[::-1] if page.turns % 2 else size)


def _moved(page: Page, move: Callable[[Box], Box | None]) -> Page:
    """Return `page` after its turns, or before them: its boxes moved, its sides exchanged."""
    words = tuple(word._replace(box=word.box and move(word.box)) for word in page.words)
    size = (page.width, page.height)
    width, height = reversed(size) if page.turns % 2 else size
    return page.model_copy(update={"words": words, "width": width, "height": height})


def _figure(figure: Figure, turned: dict[int, Page]) -> Figure:
    page = turned.get(figure.page)
    return figure.model_copy(update={"box": _back(figure.box, page)}) if page else figure


def _table(table: Table, turned: dict[int, Page]) -> Table:
    if turned.keys().isdisjoint(range(table.page_from, table.page_to + 1)):
        return table
    cells = []
    for cell in table.cells:
        page = turned.get(cell.spans[0].page) if cell.spans else None
        cells.append(cell.model_copy(update={"box": _back(cell.box, page)}) if page else cell)
    return table.model_copy(update={"cells": tuple(cells)})
