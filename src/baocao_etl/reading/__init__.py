"""Reading: bytes in, pages out. Text layers, images, plain text, OCR, and the judge of them.

`discover` finds files, `identify` says what one is, `page_count` and `read_page` open it. What
cannot be read as a whole raises a `SourceError`; a page that cannot be read is a `Page` with an
`error`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baocao_etl.errors import DamagedSource, UsageError
from baocao_etl.reading import images, pages, rendering, text_files
from baocao_etl.reading.media import IMAGES, PDF, discover, identify
from baocao_etl.reading.turning import as_seen, upright

if TYPE_CHECKING:
    from baocao_etl.models import Page, Source
    from baocao_etl.settings import Settings

__all__ = [
    "as_seen", "discover", "identify", "page_count", "page_numbers", "read_page", "upright",
]  # fmt: skip


def page_count(source: Source, settings: Settings) -> int:
    """Return the number of pages of `source`, at least 1.

    Raises:
        SourceError: the file as a whole cannot be read.
    """
    if source.media_type == PDF:
        return rendering.count(source, settings)
    if source.media_type in IMAGES:
        return images.count(source)
    return text_files.count(source)


def page_numbers(source: Source, settings: Settings) -> tuple[int, ...]:
    """Return the numbers (from 1) of the pages of `source` that `settings.pages` asks for.

    Raises:
        SourceError: the file as a whole cannot be read, or has none of these pages.
        UsageError: `settings.pages` is not a list of pages.
    """
    total = page_count(source, settings)
    if settings.pages is None:
        return tuple(range(1, total + 1))
    wanted: set[int] = set()
    for part in settings.pages.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise UsageError(
                f"{settings.pages!r} is not a list of pages.", "Write it like this: 1-3,7."
            )
        wanted.update(range(int(first), min(int(last) if dash else int(first), total) + 1))
    found = tuple(sorted(n for n in wanted if 1 <= n <= total))
    if not found:
        raise DamagedSource(
            f"{source.path} has {total} pages, none of {settings.pages}.", "Check --pages."
        )
    return found


def read_page(source: Source, number: int, settings: Settings) -> Page:
    """Return page `number` (from 1) of `source` as it was read, nothing repaired.

    A page that cannot be read comes back with an `error` and without words.

    Raises:
        SourceError: the file as a whole cannot be read, or has no such page.
        MissingError: OCR is needed and Tesseract or its language data is not there.
    """
    if not 1 <= number <= (total := page_count(source, settings)):
        raise DamagedSource(f"{source.path} has {total} pages, not {number}.", "Check --pages.")
    if source.media_type == PDF:
        return pages.read_pdf_page(source, number, settings)
    if source.media_type in IMAGES:
        return pages.read_image_page(source, number, settings)
    return text_files.read(source, number)
