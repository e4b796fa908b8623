"""Pages for tests, made from plain text by the real reader of text files."""

from __future__ import annotations

from pathlib import Path

from baocao_etl.models import Document, Page, Source
from baocao_etl.reading import identify, page_count, read_page
from baocao_etl.settings import Settings
from baocao_etl.structure import segment


def text_source(text: str, folder: Path, name: str = "report.txt") -> Source:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return identify(path)


def pages_of(source: Source, settings: Settings) -> list[Page]:
    return [read_page(source, n, settings) for n in range(1, page_count(source, settings) + 1)]


def documents_of(text: str, folder: Path, settings: Settings) -> tuple[Document, ...]:
    source = text_source(text, folder)
    return segment(source, pages_of(source, settings), settings)
