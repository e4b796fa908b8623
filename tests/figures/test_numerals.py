from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.figures.numerals import parse_number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.995", "1995"),
        ("4,92", "4.92"),
        ("0.01", "0.01"),
        ("8.699,28", "8699.28"),
        ("2.025.000.000", "2025000000"),
        ("05", "5"),
        ("12,345,678.5", "12345678.5"),
        ("1,234.5", "1234.5"),
        ("0,995", "0.995"),
        ("0.995", "0.995"),
        ("100", "100"),
    ],
)
def test_numbers_as_documents_write_them(written: str, value: str) -> None:
    assert parse_number(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "1.2.3", "12/5", "abc", "1..5", "-3"])
def test_what_is_no_number(written: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(written)


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_a_number_written_the_vietnamese_way_comes_back(whole: int, cents: int) -> None:
    assert parse_number(f"{whole:,}".replace(",", ".")) == whole
    written = f"{whole:,}".replace(",", ".") + f",{cents:02d}"
    assert parse_number(written) == Decimal(f"{whole}.{cents:02d}")
