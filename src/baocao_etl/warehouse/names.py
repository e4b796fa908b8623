"""Names of places and indicators, copied from the dictionaries so that SQL can show them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from baocao_etl.warehouse.bulk import insert_rows
from baocao_etl.warehouse.packing import NO_INTEGER, Layout

if TYPE_CHECKING:
    import duckdb

    from baocao_etl.dictionaries import Dictionaries

_PLACES = Layout(
    "places",
    texts=("code", "name", "type", "level", "parent"),
    dates=("valid_from", "valid_to"),
)
_INDICATORS = Layout(
    "indicators", texts=("indicator", "name", "name_en", "definition", "unit", "kind", "level")
)


def refresh(connection: duckdb.DuckDBPyConnection, tables: Dictionaries) -> None:
    """Fill `places` and `indicators` anew from the dictionaries, within a transaction."""
    places = (
        (
            *(row[name] for name in ("code", "name", "type", "level")),
            row["parent"] or None,
            _day(row["valid_from"]),
            _day(row["valid_to"]),
        )
        for row in tables.rows("places")
    )
    rows = {row["id"]: row for row in tables.rows("indicators")}  # a user's row replaces ours
    indicators = (
        (row["id"], row["name_vi"], *(row[name] or None for name in _INDICATORS.texts[2:]))
        for row in rows.values()
    )
    for layout, values in ((_PLACES, places), (_INDICATORS, indicators)):
        connection.execute(f"DELETE FROM {layout.table}")  # noqa: S608 - one of ours
        insert_rows(connection, layout, values)


def _day(iso: str) -> int:
    return date.fromisoformat(iso).toordinal() if iso else NO_INTEGER
