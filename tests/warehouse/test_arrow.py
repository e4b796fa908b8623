"""Columns reach DuckDB as they were, whatever they hold."""

from __future__ import annotations

import json
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.warehouse.arrow import Columns

KINDS = {
    "text": st.text(),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(allow_nan=False),
    "decimal": st.integers(-(10**38) + 1, 10**38 - 1).map(
        lambda n: Decimal((n < 0, tuple(map(int, str(abs(n)))), -6))
    ),
}
rows = st.lists(
    st.fixed_dictionaries({name: st.none() | kind for name, kind in KINDS.items()}), min_size=1
)


def read(columns: Columns) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.register("given_columns", columns)
        return connection.execute("FROM given_columns").fetchall()


@given(rows)
def test_values_come_back(rows: list[dict[str, object]]) -> None:
    columns = Columns({name: [row[name] for row in rows] for name in KINDS})
    assert read(columns) == [tuple(row[name] for name in KINDS) for row in rows]


def test_bools_and_nested_values() -> None:
    values = [{"a": ["x", None]}, None, []]
    columns = Columns({"flag": [True, None, False], "nested": values})
    assert columns.nested == {"nested"}
    found = read(columns)
    assert [row[0] for row in found] == [1, None, 0]
    assert [None if row[1] is None else json.loads(str(row[1])) for row in found] == values


def test_half_a_surrogate_pair() -> None:
    assert read(Columns({"a": ["x\ud800y"]})) == [("x?y",)]


def test_decimals_round_to_six_places() -> None:
    values = [Decimal("0.0000005"), Decimal("-0.0000005"), Decimal("1E+3"), Decimal("2.50")]
    assert [row[0] for row in read(Columns({"a": values}))] == [
        Decimal("0.000001"),
        Decimal("-0.000001"),
        Decimal(1000),
        Decimal("2.5"),
    ]


@pytest.mark.parametrize("value", ["1e32", "-1e40", "NaN", "Infinity"])
def test_decimals_that_do_not_fit(value: str) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Columns({"a": [None, Decimal(value)]})


def test_many_rows() -> None:
    count = 300_000
    columns = Columns({"n": list(range(count)), "t": [f"số {n}" for n in range(count)]})
    with duckdb.connect() as connection:
        connection.register("given_columns", columns)
        found = connection.execute(
            "SELECT count(*), count(DISTINCT t), bool_and(t = 'số ' || n) FROM given_columns"
        ).fetchone()
    assert found == (count, count, True)
