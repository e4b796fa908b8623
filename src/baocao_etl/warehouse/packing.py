"""Rows of a table as a few blocks of bytes, which travel between processes and join at no cost.

Workers pack the documents that they finish, the writer strings the blocks of many files together and
hands them to DuckDB as Arrow columns. Pickled documents took twenty times as long to come across.
"""

from __future__ import annotations

import decimal
import math
import struct
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from baocao_etl.warehouse import arrow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NONE = math.nan  # what stands for none among numbers and dates

_PRECISION, _SCALE = 38, 6  # of the decimal columns of the warehouse
_UNIT = Decimal(1).scaleb(-_SCALE)
_EXACT = decimal.Context(prec=_PRECISION, rounding=decimal.ROUND_HALF_UP)
_NO_TEXT = struct.pack("i", -1)
_NO_WIDE = bytes(15) + b"\x80"  # the smallest of the 128-bit integers
_NO_NARROW = -(1 << 63)  # and of those of 64 bits
_NARROW_SIZE = 8  # bytes
_PER_ONE = 10**_SCALE
_NARROW = Decimal(1 << 63) / _PER_ONE


class Layout(NamedTuple):
    """The columns of a table, by how their values travel.

    The columns stand in this order: `texts` (str or None), `numbers` (int, float, bool,
    or `NONE`), `dates` (ordinals or `NONE`), `decimals` (Decimal or None). The texts named in
    `nested` are JSON, which DuckDB casts to the list or struct of the column.
    """

    table: str
    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    decimals: tuple[str, ...] = ()
    nested: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns in their order."""
        return self.texts + self.numbers + self.dates + self.decimals


class Block(NamedTuple):
    """Packed rows, column after column.

    `texts` are the UTF-8 of all values of a column, `lengths` the bytes of each (int32, -1 for none);
    `numbers` are float64, dates among them; `decimals` are millionths, as 64-bit integers where all
    of a column's values fit, else as 128-bit ones.
    """

    rows: int
    texts: tuple[bytes, ...]
    lengths: tuple[bytes, ...]
    numbers: tuple[bytes, ...]
    decimals: tuple[bytes, ...]


def pack(layout: Layout, columns: Sequence[Sequence[Any]]) -> Block:
    """Return `columns`, in the order of the layout and all of one length, as a block.

    Half a surrogate pair, which broken PDFs hold and which is no character, becomes "?".

    Raises:
        ValueError: a Decimal has more digits than DECIMAL(38, 6), or is no number.
    """
    texts = len(layout.texts)
    numbers = texts + len(layout.numbers) + len(layout.dates)
    packed = [_pack_text(values) for values in columns[:texts]]
    return Block(
        len(columns[0]),
        tuple(data for data, _ in packed),
        tuple(lengths for _, lengths in packed),
        tuple(struct.pack(f"{len(values)}d", *values) for values in columns[texts:numbers]),
        tuple(_pack_decimals(values) for values in columns[numbers:]),
    )


def pack_rows(layout: Layout, rows: Iterable[tuple[Any, ...]]) -> Block | None:
    """Return `rows` as a block, None where there are none; as `pack` does columns."""
    columns = list(zip(*rows, strict=True))
    return pack(layout, columns) if columns else None


def join(layout: Layout, blocks: Sequence[Block]) -> arrow.Columns:
    """Return the rows of all `blocks` (at least one) as Arrow columns."""
    columns = []
    for i, name in enumerate(layout.texts):
        lengths = np.frombuffer(b"".join([block.lengths[i] for block in blocks]), np.int32)
        columns.append(arrow.text(name, lengths, b"".join([block.texts[i] for block in blocks])))
    for i, name in enumerate((*layout.numbers, *layout.dates)):
        values = np.frombuffer(b"".join([block.numbers[i] for block in blocks]), np.float64)
        column = arrow.number if i < len(layout.numbers) else arrow.date
        columns.append(column(name, values))
    for i, name in enumerate(layout.decimals):
        columns.append(arrow.decimal(name, _halves(blocks, i)))
    return arrow.Columns(columns, sum(block.rows for block in blocks))


def _halves(blocks: Sequence[Block], column: int) -> arrow.Array:
    """Return packed decimals as an array of rows, of the low and the high half of each."""
    wide = any(len(block.decimals[column]) > _NARROW_SIZE * block.rows for block in blocks)
    if wide:
        return np.concatenate([_widened(block.decimals[column], block.rows) for block in blocks])
    packed = b"".join([block.decimals[column] for block in blocks])
    return _widened(packed, len(packed) // _NARROW_SIZE)


def _widened(packed: bytes, rows: int) -> arrow.Array:
    units = np.frombuffer(packed, np.int64)
    if len(units) != rows:
        return units.reshape(-1, 2)
    # The smallest of the narrow integers is none, and so is the smallest of the wide ones.
    none = units == _NO_NARROW
    return np.stack((np.where(none, 0, units), np.where(none, units, units >> 63)), axis=1)


def _pack_text(values: Sequence[str | None]) -> tuple[bytes, bytes]:
    """Return the bytes of a column and the lengths of its values.

    Most columns hold ASCII alone, or None alone, and are not looked at value by value.
    """
    nones = values.count(None)
    if nones == len(values):
        return b"", _NO_TEXT * nones
    plain = cast("Sequence[str]", [value or "" for value in values] if nones else values)
    text = "".join(plain)
    if text.isascii():
        data, lengths = text.encode(), list(map(len, plain))
    else:
        encoded = _encode(plain)
        data, lengths = b"".join(encoded), list(map(len, encoded))
    if nones:
        lengths = [-1 if v is None else n for v, n in zip(values, lengths, strict=True)]
    return data, struct.pack(f"{len(lengths)}i", *lengths)


def _encode(values: Sequence[str]) -> list[bytes]:
    try:
        return list(map(str.encode, values))
    except UnicodeEncodeError:
        return [value.encode("utf-8", "replace") for value in values]


def _pack_decimals(values: Sequence[Decimal | None]) -> bytes:
    given = [value for value in values if value is not None]
    try:
        if not given or (min(given) > -_NARROW and max(given) < _NARROW):
            # Of the 28 digits that Decimal keeps, nine are left for what will be rounded away.
            scaled = [_NO_NARROW if value is None else value * _PER_ONE for value in values]
            units = list(map(int, scaled))
            if units == scaled:
                return struct.pack(f"{len(units)}q", *units)
    except decimal.InvalidOperation:  # NaN cannot be compared: told below
        pass
    return b"".join(map(_pack_wide, values))


def _pack_wide(value: Decimal | None) -> bytes:
    if value is None:
        return _NO_WIDE
    try:
        units = int(_EXACT.scaleb(_EXACT.quantize(value, _UNIT), _SCALE))
        return units.to_bytes(16, "little", signed=True)
    except (decimal.InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"{value} does not fit DECIMAL({_PRECISION}, {_SCALE})") from error
