"""What the tests of figures share."""

from __future__ import annotations

from pathlib import Path

from baocao_etl.figures import extract
from baocao_etl.models import Figure
from baocao_etl.settings import Settings
from tests.pages import documents_of


def figures_in(text: str, folder: Path) -> list[Figure]:
    documents = documents_of(text, folder, Settings())
    return [figure for d in documents for figure in extract(d, Settings()).figures]


def brief(figure: Figure) -> tuple[str, str, str | None]:
    value = f"{figure.value.normalize():f}"
    if figure.denominator is not None:
        value += f"/{figure.denominator.normalize():f}"
    return figure.kind, value, figure.unit
