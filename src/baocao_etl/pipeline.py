"""The data path: source file -> pages -> repaired pages -> document -> figures -> checked figures.

Everything here is a pure function of (bytes, settings, dictionaries): no database, no clock, no global
state. So it runs in a process pool, in a test or in a notebook, and gives the same answer.
"""

from __future__ import annotations

from baocao_etl.checks import check
from baocao_etl.figures import extract
from baocao_etl.models import Document, Page, Source
from baocao_etl.reading import as_seen, page_numbers, read_page, upright
from baocao_etl.repair import repair_page
from baocao_etl.settings import Settings
from baocao_etl.structure import segment


def digitise(source: Source, settings: Settings) -> tuple[Document, ...]:
    """Turn one file into its documents; most files hold one, some hold several.

    Raises:
        SourceError: the file as a whole cannot be read. A page that fails only marks itself.
    """
    numbers = page_numbers(source, settings)
    return assemble(source, [digitise_page(source, n, settings) for n in numbers], settings)


def digitise_page(source: Source, number: int, settings: Settings) -> Page:
    """Read page `number` (from 1) and repair its Vietnamese. Pages are independent of each other."""
    page = read_page(source, number, settings)
    return repair_page(page, settings) if settings.repair else page


def assemble(source: Source, pages: list[Page], settings: Settings) -> tuple[Document, ...]:
    """Cut the pages into documents and sections, extract their figures, and check them."""
    documents = segment(source, [upright(page) for page in pages], settings)
    return tuple(as_seen(check(extract(document, settings))) for document in documents)
