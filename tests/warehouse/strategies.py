"""Documents of every shape that the models allow, for hypothesis."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from hypothesis import strategies as st

from baocao_etl import models
from baocao_etl.models import Box, Document, Page, Source, Span, Word

words_ = st.text(min_size=1, max_size=8).filter(lambda s: not any(c.isspace() for c in s))
texts = st.text(max_size=30)
maybe = st.none() | texts
probabilities = st.floats(0, 1)
points = st.floats(0, 5000)
boxes = st.none() | st.builds(Box, points, points, points, points)
days = st.none() | st.dates()
values = st.decimals(
    Decimal(-(10**30)), Decimal(10**30), allow_nan=False, allow_infinity=False, places=6
)


def literals(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(get_args(getattr(models, name)))


@st.composite
def pages(draw: st.DrawFn, number: int) -> Page:
    found: list[Word] = []
    raw_text = ""
    for raw in draw(st.lists(words_, min_size=1, max_size=6)):
        raw_text += draw(st.sampled_from(["", " ", "\n"]))
        text = draw(st.just(raw) | words_)
        found.append(Word(text, raw, len(raw_text), 1, draw(boxes), draw(probabilities)))
        raw_text += raw
    corrections = [
        models.Correction(
            page=number,
            offset=word.offset,
            raw=word.raw,
            text=word.text,
            reason="test",
            confidence=word.confidence,
            alternatives=draw(st.lists(st.tuples(texts, probabilities), max_size=2)),
        )
        for word in found
        if word.text != word.raw
    ]
    return Page(
        number=number,
        width=draw(st.none() | points),
        height=draw(st.none() | points),
        text_origin=draw(literals("TextOrigin")),
        damage=draw(maybe),
        quality=draw(probabilities),
        raw_text=raw_text,
        words=tuple(found),
        corrections=tuple(corrections),
        error=draw(maybe),
    )


@st.composite
def spans(draw: st.DrawFn, of: tuple[Page, ...]) -> Span:
    page = draw(st.sampled_from(of))
    start = draw(st.integers(0, len(page.words) - 1))
    return Span(page.number, start, draw(st.integers(start + 1, len(page.words))))


@st.composite
def figures(draw: st.DrawFn, figure_id: str, of: tuple[Page, ...]) -> models.Figure:
    span = draw(spans(of))
    return models.Figure(
        figure_id=figure_id,
        section_id=draw(maybe),
        section_path=draw(texts),
        table_id=draw(maybe),
        page=span.page,
        line=draw(st.integers(1, 100)),
        box=draw(boxes),
        span=span,
        raw_text=draw(texts),
        text=draw(texts),
        sentence=draw(texts),
        kind=draw(literals("FigureKind")),
        value=draw(values),
        denominator=draw(st.none() | values),
        value_high=draw(st.none() | values),
        qualifier=draw(literals("Qualifier")),
        unit=draw(maybe),
        subject=draw(maybe),
        indicator=draw(maybe),
        place_code=draw(maybe),
        level=draw(maybe),
        period_from=draw(days),
        period_to=draw(days),
        is_target=draw(st.booleans()),
        confidence=draw(probabilities),
        review=draw(maybe),
    )


@st.composite
def tables(draw: st.DrawFn, table_id: str, of: tuple[Page, ...]) -> models.Table:
    cells = [
        models.Cell(
            row=row,
            column=column,
            text=draw(texts),
            spans=tuple(draw(st.lists(spans(of), max_size=2))),
            box=draw(boxes),
            is_header=draw(st.booleans()),
        )
        for row in range(draw(st.integers(0, 2)))
        for column in range(2)
    ]
    return models.Table(
        table_id=table_id,
        section_id=draw(maybe),
        ordinal=draw(st.integers(0, 9)),
        page_from=1,
        page_to=2,
        title=draw(maybe),
        rows=2,
        columns=2,
        cells=tuple(cells),
        problem=draw(maybe),
    )


@st.composite
def sections(draw: st.DrawFn, section_id: str, of: tuple[Page, ...]) -> models.Section:
    return models.Section(
        section_id=section_id,
        parent_id=draw(maybe),
        ordinal=draw(st.integers(0, 999)),
        kind=draw(literals("SectionKind")),
        label=draw(maybe),
        path=draw(texts),
        title=draw(texts),
        text=draw(texts),
        paragraphs=((draw(spans(of)),),),
        page_from=1,
        page_to=2,
    )


@st.composite
def letterheads(draw: st.DrawFn) -> models.Letterhead:
    every = models.Letterhead.model_fields
    plain = {name: draw(maybe) for name, f in every.items() if f.annotation == str | None}
    return models.Letterhead(
        **plain,
        issued_on=draw(days),
        addressees=tuple(draw(st.lists(texts, max_size=2))),
        recipients=tuple(draw(st.lists(texts, max_size=2))),
        evidence=draw(st.dictionaries(texts, texts, max_size=2)),
    )


@st.composite
def documents(draw: st.DrawFn, name: str = "a") -> Document:
    """A document whose ids begin with `name`, as the ids of one file do."""
    found = tuple(draw(pages(n)) for n in range(1, draw(st.integers(1, 3)) + 1))

    def several(make: object, letter: str) -> tuple[object, ...]:
        count = draw(st.integers(0, 3))
        return tuple(draw(make(f"{name}-{letter}{n}", found)) for n in range(count))  # type: ignore[operator]

    return Document(
        doc_id=name,
        source=Source(path=f"/reports/{name}.pdf", sha256=name, size=1, media_type="text/plain"),
        part=1,
        pages=found,
        letterhead=draw(letterheads()),
        sections=several(sections, "s"),
        tables=several(tables, "t"),
        figures=several(figures, "f"),
        citations=tuple(
            models.Citation(
                section_id=draw(maybe),
                span=draw(spans(found)),
                raw_text=draw(texts),
                text=draw(texts),
                doc_type=draw(maybe),
                number=draw(maybe),
                symbol=draw(maybe),
                issuer=draw(maybe),
                issued_on=draw(days),
                clause=draw(maybe),
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
        mentions=tuple(
            models.Mention(
                section_id=draw(maybe),
                span=draw(spans(found)),
                kind=draw(literals("MentionKind")),
                name=draw(texts),
                raw_text=draw(texts),
                confidence=draw(probabilities),
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
        findings=tuple(
            models.Finding(
                rule=draw(texts),
                figure_ids=tuple(draw(st.lists(texts, max_size=2))),
                verdict=draw(literals("Verdict")),
                message=draw(texts),
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
    )
