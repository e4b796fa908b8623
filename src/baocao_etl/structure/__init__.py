"""Structure: the pages of a file in, its documents with letterhead, section tree and tables out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from baocao_etl.models import Document, Page, Source
from baocao_etl.settings import Settings
from baocao_etl.structure.furniture import is_furniture, is_stamp
from baocao_etl.structure.letterhead import Evidence, read_letterhead
from baocao_etl.structure.lines import Line, page_lines
from baocao_etl.structure.sections import TreeBuilder
from baocao_etl.structure.zones import Part, split_parts

__all__ = ["segment"]


def segment(source: Source, pages: Sequence[Page], settings: Settings) -> tuple[Document, ...]:
    """Cut the pages of one file into its documents: most files hold one, some hold several.

    Ids derive from the bytes and the place in the document alone, so they are the same everywhere.
    """
    tables = settings.tables
    every = [line for page in pages for line in page_lines(page)]
    dropped = is_furniture(every, tables)
    lines = [line for line, drop in zip(every, dropped, strict=True) if not drop]
    stamps = [line for line in every if is_stamp(line, tables)]
    parts = split_parts(lines, tables) if lines else [Part.empty()]
    owners = _page_owners(parts, pages)
    documents: list[Document] = []
    for number, part in enumerate(parts, start=1):
        doc_id = source.sha256[:16] + (f"-{number}" if number > 1 else "")
        tree = TreeBuilder(doc_id, tables)
        sections = tree.build(part)
        documents.append(
            Document(
                doc_id=doc_id,
                source=source,
                part=number,
                pages=tuple(page for page in pages if owners[page.number] == number),
                letterhead=read_letterhead(
                    part.main,
                    Evidence(
                        PurePath(source.path).name,
                        tuple(s.text for s in stamps if owners[s.span.page] == number),
                        part.attached_text(),
                        tuple(other.text() for other in parts if other is not part),
                    ),
                    tables,
                ),
                sections=sections,
                tables=tuple(tree.tables),
            )
        )
    return tuple(documents)


def _page_owners(parts: Sequence[Part], pages: Sequence[Page]) -> dict[int, int]:
    """Return which part each page belongs to; a page without lines goes with the one before it."""
    first_pages = [_first(part.lines()) for part in parts]
    owners: dict[int, int] = {}
    for page in pages:
        begun = [n for n, first in enumerate(first_pages, start=1) if first <= page.number]
        owners[page.number] = max(begun, default=1)
    return owners


def _first(lines: Sequence[Line]) -> int:
    return min((line.span.page for line in lines), default=1)
