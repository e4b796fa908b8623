from __future__ import annotations

import pytest

from baocao_etl.settings import Settings


@pytest.fixture
def settings() -> Settings:
    return Settings(dpi=200, jobs=0)
