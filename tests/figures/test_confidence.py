from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.figures.confidence import calibrated, score_of_cell
from baocao_etl.models import FigureKind

SCORES = st.floats(0, 1)


@given(SCORES, SCORES)
def test_a_better_score_is_never_less_probable(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= calibrated(low) <= calibrated(high) < 1


def test_ends() -> None:
    assert calibrated(0) == 0
    assert calibrated(-1) == 0
    assert calibrated(2) == calibrated(1) > 0.99


@pytest.mark.parametrize(
    ("kind", "value", "unit", "heading", "damaged", "doubtful"),
    [
        ("count", "42", "máy", "Số máy", False, False),
        ("count", "42", None, "Số lượng", False, False),
        ("count", "42", None, "Số lượng", True, True),
        ("count", "46.8", "nhà", "Tổng cộng", False, True),
        ("quantity", "46.8", "km", " | (3)", False, True),
        ("percent", "46.8", "%", "Tỷ lệ (%)", True, False),
    ],
)
def test_a_cell_whose_heading_says_little_is_doubtful(
    kind: FigureKind, value: str, unit: str | None, heading: str, damaged: bool, doubtful: bool
) -> None:
    score = score_of_cell(kind, Decimal(value), unit, heading, damaged=damaged)
    assert (calibrated(score) < 0.8) == doubtful
