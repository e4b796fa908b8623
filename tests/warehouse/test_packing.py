"""Packed columns reach DuckDB as they were, whatever they hold, and however many blocks they came in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from baocao_etl.warehouse import open_warehouse
from baocao_etl.warehouse.packing import NO_INTEGER, NO_REAL, Layout, join, pack
from baocao_etl.warehouse.rows import DOCUMENT_LAYOUTS

LAYOUT = Layout(
    "given_rows",
    texts=("a", "b"),
    integers=("i", "j"),
    dates=("day",),
    reals=("x",),
    decimals=("value", "other"),
)
integers = st.integers(NO_INTEGER + 1, 2**63 - 1)
decimals = st.integers(-(10**38) + 1, 10**38 - 1).map(
    lambda n: Decimal((n < 0, tuple(map(int, str(abs(n)))), -6))
)
rows = st.lists(
    st.tuples(
        st.text(),
        st.none() | st.text(),
        integers,
        st.none() | integers,
        st.none() | st.dates(),
        st.none() | st.floats(allow_nan=False),
        decimals,
        st.none() | decimals,
    ),
    min_size=1,
)


def packable(row: tuple[object, ...]) -> tuple[object, ...]:
    a, b, i, j, day, real, *others = row
    days = NO_INTEGER if day is None else day.toordinal()  # type: ignore[attr-defined]
    return a, b, i, NO_INTEGER if j is None else j, days, NO_REAL if real is None else real, *others


def read(layout: Layout, *blocks: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    packed = [pack([(layout, list(zip(*rows, strict=True)))]) for rows in blocks]
    [(_, columns)] = join([layout], packed)
    with duckdb.connect() as connection:
        connection.register("given_rows", columns)
        return connection.execute("FROM given_rows").fetchall()


@profile(max_examples=60)
@given(st.lists(rows, min_size=1, max_size=3))
def test_values_come_back(blocks: list[list[tuple[object, ...]]]) -> None:
    found = read(LAYOUT, *[[packable(row) for row in block] for block in blocks])
    # Text that cannot be encoded is the next test's.
    assert found == [
        tuple(v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in row)
        for block in blocks
        for row in block
    ]


@profile(max_examples=60)
@given(st.lists(st.tuples(rows | st.just([]), rows | st.just([]), rows | st.just([]))))
def test_tables_travel_together(blocks: list[tuple[list[tuple[object, ...]], ...]]) -> None:
    """Each table comes back with the rows that it had in all blocks, and only if it had any."""
    layouts = [replace(LAYOUT, table=name) for name in ("first", "second", "third")]
    packed = [
        pack(
            (layout, list(zip(*map(packable, rows), strict=True)))
            for layout, rows in zip(layouts, tables, strict=True)
        )
        for tables in blocks
    ]
    found = {}
    with duckdb.connect() as connection:
        for layout, columns in join(layouts, packed):
            connection.register("given_rows", columns)
            found[layout.table] = connection.execute("FROM given_rows").fetchall()
    given_rows = {
        layout.table: [
            tuple(v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in row)
            for tables in blocks
            for row in tables[at]
        ]
        for at, layout in enumerate(layouts)
    }
    assert found == {table: rows for table, rows in given_rows.items() if rows}


def test_half_a_surrogate_pair_beside_other_text() -> None:
    layout = Layout("given_rows", texts=("a", "b"))
    given_rows = [("x\ud800y", None), ("số", "\udc00"), ("\x00", "")]
    assert read(layout, given_rows) == [("x?y", None), ("số", "?"), ("\x00", "")]


def test_decimals_round_to_six_places() -> None:
    values = [Decimal("0.0000005"), Decimal("-0.0000005"), Decimal("1E+3"), Decimal("2.50")]
    found = read(Layout("given_rows", decimals=("value",)), [(value,) for value in values])
    assert [row[0] for row in found] == [
        Decimal("0.000001"),
        Decimal("-0.000001"),
        Decimal(1000),
        Decimal("2.5"),
    ]


def test_decimals_of_any_size_stand_together() -> None:
    """Columns travel narrow where all of their values fit 64 bits, and blocks of both sizes join."""
    layout = Layout("given_rows", decimals=("value",))
    most = Decimal(2**63 - 1).scaleb(-6)
    blocks = [
        [None, Decimal("-0.000001"), most, -most],
        [None, most + Decimal("0.000001"), -most - Decimal("0.000001"), Decimal(5)],
        [None],
        [-(10**31) - Decimal("0.5"), Decimal("0.9999994"), Decimal("9.9999995")],
        [
            Decimal("1.0000005000000000000000000000000000001"),
            Decimal("0.00000049999999999999999999999"),
        ],
    ]
    found = read(layout, *[[(value,) for value in block] for block in blocks])
    assert [row[0] for row in found] == [
        *blocks[0],
        *blocks[1],
        None,
        *(blocks[3][0], Decimal("0.999999"), Decimal(10)),
        *(Decimal("1.000001"), Decimal(0)),
    ]


@pytest.mark.parametrize("value", ["1e32", "-1e40", "1e999999", "NaN", "Infinity"])
def test_decimals_that_do_not_fit(value: str) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        pack([(Layout("given_rows", decimals=("value",)), [[None, Decimal(value)]])])


@pytest.mark.parametrize("constant", [None, "", "BC", "báo cáo", "\ud800"])
def test_a_text_that_stands_in_all_rows(constant: str | None) -> None:
    layout = Layout("given_rows", texts=("a", "b"))
    blocks = [[(constant, "x"), (constant, None)], [("số", constant)], [(constant, constant)] * 3]
    told = constant if constant != "\ud800" else "?"
    assert read(layout, *blocks) == [
        *((told, "x"), (told, None)),
        *(("số", told), *[(told, told)] * 3),
    ]


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 0.5])
def test_integers_that_do_not_fit(value: float) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        pack([(Layout("given_rows", integers=("value",)), [[value]])])


def test_many_rows() -> None:
    count = 300_000
    layout = Layout("given_rows", texts=("t",), integers=("n",))
    block = pack([(layout, [[f"số {n}" for n in range(count)], list(range(count))])])
    [(_, columns)] = join([layout], [block])
    with duckdb.connect() as connection:
        connection.register("given_rows", columns)
        found = connection.execute(
            "SELECT count(*), count(DISTINCT t), bool_and(t = 'số ' || n) FROM given_rows"
        ).fetchone()
    assert found == (count, count, True)


def test_the_layouts_are_those_of_the_schema() -> None:
    with open_warehouse(":memory:") as connection:
        for layout in DOCUMENT_LAYOUTS:
            columns = connection.execute(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE NOT internal AND table_name = ?",
                [layout.table],
            ).fetchall()
            types = dict(columns)
            written_later = {"run_id", "ingested_at"} if layout.table == "documents" else set()
            assert set(layout.columns) == set(types) - written_later, layout.table
            assert len(layout.columns) == len(set(layout.columns))
            assert {types[name] for name in layout.dates} <= {"DATE"}
            assert {types[name] for name in layout.decimals} <= {"DECIMAL(38,6)"}
            assert {types[name] for name in layout.integers} <= {"INTEGER", "BOOLEAN"}
            assert {types[name] for name in layout.reals} <= {"DOUBLE"}
            plain = set(layout.texts) - layout.nested
            assert {types[name] for name in plain} <= {"VARCHAR"}, layout.table
