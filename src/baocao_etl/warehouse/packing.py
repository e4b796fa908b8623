"""Rows of a table as a few blocks of bytes, which travel between processes and join at no cost.

Workers pack the documents that they finish, the writer strings the blocks of many files together and
hands them to DuckDB as Arrow columns. Pickled documents took twenty times as long to come across.
A document is a few dozen rows in many columns, so what counts is the number of calls: all numbers of
a table are packed at once, and a text that stands in all rows is looked at once.
"""

from __future__ import annotations

import decimal
import math
import struct
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from baocao_etl.warehouse import arrow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from baocao_etl.warehouse.arrow import Array

NO_INTEGER = -(1 << 63)  # what stands for none among integers and dates
NO_REAL = math.nan  # and among reals

_PRECISION, _SCALE = 38, 6  # of the decimal columns of the warehouse
_UNIT = Decimal(1).scaleb(-_SCALE)
_EXACT = decimal.Context(prec=_PRECISION, rounding=decimal.ROUND_HALF_UP)
_NO_WIDE = bytes(15) + b"\x80"  # the smallest of the 128-bit integers
_NO_NARROW = struct.pack("q", NO_INTEGER)  # and of those of 64 bits
_NARROW_SIZE = len(_NO_NARROW)
_PER_ONE = 10**_SCALE
_NARROW = Decimal(1 << 63) / _PER_ONE


class Layout(NamedTuple):
    """The columns of a table, by how their values travel.

    The columns stand in this order: `texts` (str or None), `integers` (int, bool, or `NO_INTEGER`),
    `dates` (ordinals or `NO_INTEGER`), `reals` (float or `NO_REAL`), `decimals` (Decimal or None). The
    texts named in `nested` are JSON, which DuckDB casts to the list or struct of the column.
    """

    table: str
    texts: tuple[str, ...] = ()
    integers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    reals: tuple[str, ...] = ()
    decimals: tuple[str, ...] = ()
    nested: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns in their order."""
        return self.texts + self.integers + self.dates + self.reals + self.decimals


class Block(NamedTuple):
    """Packed rows: the columns of each kind, one after the other.

    `texts` is the UTF-8 of all values, `lengths` the bytes of each (int32, -1 for none); `integers`
    are int64, dates among them, `reals` float64; `decimals` are millionths, as 64-bit integers where
    all of them fit, else as 128-bit ones.
    """

    rows: int
    texts: bytes
    lengths: bytes
    integers: bytes
    reals: bytes
    decimals: bytes


def pack(layout: Layout, columns: Sequence[Sequence[Any]]) -> Block:
    """Return `columns`, in the order of the layout and all of one length, as a block.

    Half a surrogate pair, which broken PDFs hold and which is no character, becomes "?".

    Raises:
        ValueError: a Decimal has more digits than DECIMAL(38, 6), or is no number; or an integer
            does not fit 64 bits.
    """
    texts = len(layout.texts)
    integers = texts + len(layout.integers) + len(layout.dates)
    reals = integers + len(layout.reals)
    return Block(
        len(columns[0]),
        *_pack_texts(columns[:texts]),
        _pack_numbers("q", columns[texts:integers]),
        _pack_numbers("d", columns[integers:reals]),
        _pack_decimals(columns[reals:]),
    )


def pack_rows(layout: Layout, rows: Iterable[tuple[Any, ...]]) -> Block | None:
    """Return `rows` as a block, None where there are none; as `pack` does columns."""
    columns = list(zip(*rows, strict=True))
    return pack(layout, columns) if columns else None


def _pack_texts(columns: Iterable[Sequence[str | None]]) -> tuple[bytes, bytes]:
    """Return the bytes of text columns and the lengths of their values.

    Most columns hold ASCII alone, or one value alone, and are not looked at value by value.
    """
    data: list[bytes] = []
    lengths: list[int] = []
    for values in columns:
        first = values[0]
        if first == values[-1] and values.count(first) == len(values):
            encoded = b"" if first is None else _encode((first,))[0]
            data.append(encoded * len(values))
            lengths += [-1 if first is None else len(encoded)] * len(values)
            continue
        plain = cast("Sequence[str]", values)
        try:
            text = "".join(plain)
        except TypeError:  # None is among them
            plain = [value or "" for value in values]
            text = "".join(plain)
        if text.isascii():
            data.append(text.encode())
            sizes = map(len, plain)
        else:
            encodings = _encode(plain)
            data += encodings
            sizes = map(len, encodings)
        if plain is values:
            lengths += sizes
        else:
            lengths += [-1 if v is None else n for v, n in zip(values, sizes, strict=True)]
    return b"".join(data), struct.pack(f"{len(lengths)}i", *lengths)


def _encode(values: Sequence[str]) -> list[bytes]:
    try:
        return list(map(str.encode, values))
    except UnicodeEncodeError:
        return [value.encode("utf-8", "replace") for value in values]


def _pack_numbers(kind: str, columns: Sequence[Sequence[float]]) -> bytes:
    values = list(chain.from_iterable(columns))
    try:
        return struct.pack(f"{len(values)}{kind}", *values)
    except struct.error as error:
        raise ValueError(f"a number does not fit its column: {error}") from error


def _pack_decimals(columns: Sequence[Sequence[Decimal | None]]) -> bytes:
    try:
        return b"".join(map(_pack_narrow, columns))
    except (OverflowError, decimal.InvalidOperation):  # the latter of NaN: told below
        return b"".join(map(_pack_wide, chain.from_iterable(columns)))


def _pack_narrow(values: Sequence[Decimal | None]) -> bytes:
    """Return `values` as 64-bit integers.

    Raises:
        OverflowError: one does not fit, or has more decimal places than its column.
        decimal.InvalidOperation: one is no number.
    """
    given = [value for value in values if value is not None]
    if not given:
        return _NO_NARROW * len(values)
    if min(given) <= -_NARROW or max(given) >= _NARROW:
        raise OverflowError
    # Of the 28 digits that Decimal keeps, nine are left for what would be rounded away.
    scaled = [NO_INTEGER if value is None else value * _PER_ONE for value in values]
    units = list(map(int, scaled))
    if units != scaled:
        raise OverflowError
    return struct.pack(f"{len(units)}q", *units)


def _pack_wide(value: Decimal | None) -> bytes:
    if value is None:
        return _NO_WIDE
    try:
        units = int(_EXACT.scaleb(_EXACT.quantize(value, _UNIT), _SCALE))
        return units.to_bytes(16, "little", signed=True)
    except (decimal.InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"{value} does not fit DECIMAL({_PRECISION}, {_SCALE})") from error


def join(layout: Layout, blocks: Sequence[Block]) -> arrow.Columns:
    """Return the rows of all `blocks` (at least one) as Arrow columns."""
    rows = np.array([block.rows for block in blocks])
    columns = list(map(arrow.text, layout.texts, *zip(*_texts(blocks, rows), strict=True)))
    integers = _columns(_values([block.integers for block in blocks], np.int64), rows)
    columns += map(arrow.integer, layout.integers, integers)
    columns += map(arrow.date, layout.dates, integers)
    reals = _columns(_values([block.reals for block in blocks], np.float64), rows)
    columns += map(arrow.real, layout.reals, reals)
    columns += map(
        arrow.decimal, layout.decimals, _columns(_decimals(blocks, len(layout.decimals)), rows)
    )
    return arrow.Columns(columns, int(rows.sum()))


def _values(packed: Sequence[bytes], kind: type[np.generic]) -> Array:
    return np.frombuffer(b"".join(packed), kind)


def _columns(values: Array, rows: Array) -> Iterator[Array]:
    """Yield the columns of `values`, which hold those of a block of `rows[0]` rows, of the next, ..."""
    total = int(rows.sum())
    width = len(values) // total
    before = np.cumsum(rows) - rows  # rows before each block
    place = np.arange(total) + np.repeat((width - 1) * before, rows)
    step = np.repeat(rows, rows)
    for _ in range(width):
        yield values[place]
        place += step


def _texts(blocks: Sequence[Block], rows: Array) -> Iterator[tuple[Array, bytes]]:
    """Yield the lengths of the values of each text column, and their bytes."""
    lengths = _values([block.lengths for block in blocks], np.int32)
    width = len(lengths) // int(rows.sum())
    ends = np.concatenate(([0], np.cumsum(np.maximum(lengths, 0))))
    first = width * (np.cumsum(rows) - rows)
    cuts = [(ends[first + i * rows] - ends[first]).tolist() for i in range(width + 1)]
    texts = [block.texts for block in blocks]
    for column, begin, end in zip(_columns(lengths, rows), cuts, cuts[1:], strict=False):
        yield column, b"".join([t[a:b] for t, a, b in zip(texts, begin, end, strict=True)])


def _decimals(blocks: Sequence[Block], columns: int) -> Array:
    """Return the decimals as the low and the high half of each."""
    narrow = [_NARROW_SIZE * columns * block.rows == len(block.decimals) for block in blocks]
    if all(narrow):
        return _widened(_values([block.decimals for block in blocks], np.int64))
    halves = [np.frombuffer(block.decimals, np.int64) for block in blocks]
    return np.concatenate(
        [_widened(h) if n else h.reshape(-1, 2) for h, n in zip(halves, narrow, strict=True)]
    )


def _widened(units: Array) -> Array:
    # The smallest of the narrow integers is none, and so is the smallest of the wide ones.
    none = units == NO_INTEGER
    return np.stack((np.where(none, 0, units), np.where(none, units, units >> 63)), axis=1)
