"""Fixtures that every room's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared test material beside the project; without it, its tests skip."""
    if not SHARED.is_dir():
        pytest.skip("the shared test material (../shared) is not here")
    return SHARED
