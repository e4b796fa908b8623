"""Fixtures that every room's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# What is drawn is the same everywhere and no clock judges it: a test that fails on one machine fails
# on all. `pytest --hypothesis-profile=default` draws anew.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("steady")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared test material beside the project; without it, its tests skip."""
    if not SHARED.is_dir():
        pytest.skip("the shared test material (../shared) is not here")
    return SHARED
