"""Figures: out of the words of a document, the numbers that it states and what they count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from baocao_etl.figures.candidates import Candidate, candidates
from baocao_etl.figures.cells import CellFigure
from baocao_etl.figures.citations import citations_of
from baocao_etl.figures.confidence import calibrated, score_of_cell
from baocao_etl.figures.context import (
    Surroundings,
    is_target,
    is_target_column,
    level_in,
    level_of,
    period_in,
    period_of,
    subject_of,
    titles_above,
)
from baocao_etl.figures.indicators import with_indicators
from baocao_etl.figures.mentions import find_mentions, with_places
from baocao_etl.figures.paragraphs import Paragraph, Place, cells, is_misread, paragraphs
from baocao_etl.figures.quotes import quoted_from
from baocao_etl.figures.tables import cell_figures, told_in_cells
from baocao_etl.figures.vocabulary import Vocabulary, vocabulary
from baocao_etl.models import Box, Document, Figure, Page, Section, Table
from baocao_etl.settings import Settings

__all__ = ["extract"]


def extract(document: Document, settings: Settings) -> Document:
    """Return `document` with its figures (in running text, then in tables), citations and mentions."""
    words = vocabulary(settings.tables)
    blocks = list(paragraphs(document))
    ids = (f"{document.doc_id}-f{n:05d}" for n in count())
    titles = titles_above(document.sections)
    figures = [
        *(figure for block in blocks for figure in _figures(block, titles, document, ids, words)),
        *_table_figures(document, titles, ids, words),
    ]
    figures = with_places(figures, document, settings.tables)
    figures = with_indicators(figures, document, settings.tables)
    citations = citations_of(document, blocks, settings.tables)
    mentions = find_mentions(document, [*blocks, *cells(document)], settings.tables)
    return document.model_copy(
        update={
            "figures": tuple(figures),
            "citations": citations,
            "mentions": tuple(mentions),
        }
    )


def _figures(
    paragraph: Paragraph,
    titles: Mapping[str, tuple[str, ...]],
    document: Document,
    ids: Iterator[str],
    words: Vocabulary,
) -> Iterator[Figure]:
    """Yield the figures of a paragraph."""
    above = titles[paragraph.section.section_id]
    if above and paragraph.text.endswith(above[-1]):
        above = above[:-1]  # the paragraph is the title itself
    around = Surroundings(above, document.letterhead)
    previous: Candidate | None = None
    level: str | None = None
    for found in candidates(paragraph, words):
        level = level_of(paragraph, found, previous, level)
        yield _figure(next(ids), found, level, paragraph, around, words)
        previous = found


def _figure(
    figure_id: str,
    found: Candidate,
    level: str | None,
    paragraph: Paragraph,
    around: Surroundings,
    words: Vocabulary,
) -> Figure:
    place = paragraph.place(found.start, found.end)
    begin, end = paragraph.sentence(found.start)
    period = period_of(paragraph, found, around)
    return Figure(
        figure_id=figure_id,
        section_id=paragraph.section.section_id,
        section_path=paragraph.section.path,
        page=place.page,
        line=place.words[0].line,
        box=_box(place),
        span=(place.page, place.start, place.end),
        raw_text=" ".join(word.raw for word in place.words),
        text=paragraph.text[found.start : found.unit_end],
        sentence=paragraph.text[begin:end].strip(),
        kind=found.kind,
        value=found.value,
        denominator=found.denominator,
        value_high=found.value_high,
        qualifier=found.qualifier,
        unit=found.unit,
        subject=subject_of(paragraph, found),
        level=level,
        period_from=period[0],
        period_to=period[1],
        is_target=is_target(paragraph, found, period, around, words),
        confidence=calibrated(found.confidence * min(word.confidence for word in place.words)),
        quoted_from=quoted_from(paragraph, found, around.letterhead, words),
    )


def _box(place: Place) -> Box | None:
    """Return the box of the number: on its first line only, where it runs over two."""
    line = place.words[0].line
    boxes = [word.box for word in place.words if word.box is not None and word.line == line]
    return Box.around(boxes) if boxes else None


def _table_figures(
    document: Document,
    titles: Mapping[str, tuple[str, ...]],
    ids: Iterator[str],
    words: Vocabulary,
) -> Iterator[Figure]:
    pages = {page.number: page for page in document.pages}
    sections = {section.section_id: section for section in document.sections}
    for table in document.tables:
        section = sections[table.section_id] if table.section_id else None
        around = Surroundings(titles.get(table.section_id or "", ()), document.letterhead)
        numbers = cell_figures(table, words)
        for found in numbers:
            figure = _table_figure(next(ids), found, table, section, pages, around)
            is_aim = is_target_column(found.heading, words)
            yield figure.model_copy(update={"is_target": True}) if is_aim else figure
        if section:
            read = {(found.cell.row, found.cell.column) for found in numbers}
            for cell, label in told_in_cells(table, read):
                block = Paragraph(section, cell.spans, pages)
                for figure in _figures(block, titles, document, ids, words):
                    update = {"table_id": table.table_id, "subject": f"{label}: {figure.subject}"}
                    yield figure.model_copy(update=update)


def _table_figure(
    figure_id: str,
    found: CellFigure,
    table: Table,
    section: Section | None,
    pages: Mapping[int, Page],
    around: Surroundings,
) -> Figure:
    group = f" ({found.group})" if found.group else ""
    named = (found.heading, found.row_label, found.group, table.title or "")
    period = period_in(named, around)
    span = next(s for s in found.cell.spans if s.end > s.start)
    page = pages[span.page]
    words = page.words[span.start : span.end]
    score = score_of_cell(
        found.kind, found.value, found.unit, found.heading, damaged=is_misread(page)
    )
    return Figure(
        figure_id=figure_id,
        section_id=table.section_id,
        section_path=section.path if section else "",
        table_id=table.table_id,
        page=span.page,
        line=words[0].line,
        box=found.cell.box,
        span=span,
        raw_text=" ".join(word.raw for word in words),
        text=found.cell.text,
        sentence=f"{found.row_label} | {found.heading}",
        kind=found.kind,
        value=found.value,
        denominator=found.denominator,
        unit=found.unit,
        subject=found.row_label + group,
        level=level_in(found.group) or level_in(found.row_label) or level_in(found.heading),
        period_from=period[0],
        period_to=period[1],
        confidence=calibrated(score * min(word.confidence for word in words)),
    )
