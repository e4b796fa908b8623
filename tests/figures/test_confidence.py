from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.figures.confidence import calibrated

SCORES = st.floats(0, 1)


@given(SCORES, SCORES)
def test_a_better_score_is_never_less_probable(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= calibrated(low) <= calibrated(high) < 1


def test_ends() -> None:
    assert calibrated(0) == 0
    assert calibrated(-1) == 0
    assert calibrated(2) == calibrated(1) > 0.99
