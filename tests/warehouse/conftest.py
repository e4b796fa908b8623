"""An empty warehouse, real documents, and a way to look at all of a warehouse's rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from baocao_etl.pipeline import digitise
from baocao_etl.settings import Settings
from baocao_etl.warehouse import open_warehouse
from tests.pages import text_source
from tests.reports import REPORT
from tests.warehouse.files import Digitised

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(db=tmp_path / "w.duckdb", jobs=0)


@pytest.fixture
def connection(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(settings.db) as opened:
        yield opened


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Digitised:
    """A report of a page or so, digitised by the real pipeline."""
    source = text_source(REPORT, tmp_path_factory.mktemp("reports"))
    return Digitised(source, digitise(source, Settings(jobs=0)))
