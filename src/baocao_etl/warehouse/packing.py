"""Rows of tables as a few blocks of bytes, which travel between processes and join at no cost.

Workers pack the documents that they finish, the writer strings the blocks of many documents together
and hands them to DuckDB as Arrow columns. Pickled documents took twenty times as long to come across.
A document is a few dozen rows in many columns of ten tables, so what counts is the number of calls: all
numbers of a document are packed at once, and a text that stands in all rows is looked at once.
"""

from __future__ import annotations

import decimal
import math
import struct
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
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
_TOGETHER = 256  # blocks joined at once: thousands of documents take twice the time, out of cache


@dataclass(frozen=True)
class Layout:
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

    @cached_property
    def ends(self) -> tuple[int, int, int]:
        """Where the columns of texts, of integers and dates, and of reals end."""
        texts = len(self.texts)
        integers = texts + len(self.integers) + len(self.dates)
        return texts, integers, integers + len(self.reals)


class Block(NamedTuple):
    """Packed rows of one table or several: the columns of each kind, one after the other.

    `rows` counts those of each table. `texts` is the UTF-8 of all values, `lengths` the bytes of each
    (int32, -1 for none); `integers` are int64, dates among them, `reals` float64; `decimals` are
    millionths, as 64-bit integers where all of them fit, else as 128-bit ones.
    """

    rows: tuple[int, ...]
    texts: bytes
    lengths: bytes
    integers: bytes
    reals: bytes
    decimals: bytes


def pack(tables: Iterable[tuple[Layout, Sequence[Sequence[Any]]]]) -> Block:
    """Return the columns of `tables` as a block.

    The columns of a table are in the order of its layout and all of one length; a table without rows
    has no columns. Half a surrogate pair, which broken PDFs hold and which is no character, becomes "?".

    Raises:
        ValueError: a Decimal has more digits than DECIMAL(38, 6), or is no number; or an integer
            does not fit 64 bits.
    """
    rows: list[int] = []
    texts: list[Sequence[str | None]] = []
    integers: list[Sequence[int]] = []
    reals: list[Sequence[float]] = []
    decimals: list[Sequence[Decimal | None]] = []
    for layout, columns in tables:
        rows.append(len(columns[0]) if columns else 0)
        first, second, third = layout.ends
        texts += columns[:first]
        integers += columns[first:second]
        reals += columns[second:third]
        decimals += columns[third:]
    return Block(
        tuple(rows),
        *_pack_texts(texts),
        _pack_numbers("q", integers),
        _pack_numbers("d", reals),
        _pack_decimals(decimals),
    )


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


def join(
    layouts: Sequence[Layout], blocks: Sequence[Block]
) -> Iterator[tuple[Layout, arrow.Columns]]:
    """Yield the rows of all `blocks`, packed from tables of `layouts`, as Arrow columns of each table.

    A table without rows is left out.
    """
    parts = [_Part.of(layouts, blocks[i : i + _TOGETHER]) for i in range(0, len(blocks), _TOGETHER)]
    for table, layout in enumerate(layouts):
        batches = [batch for part in parts if (batch := part.batch(table, layout)).length]
        if batches:
            yield layout, arrow.Columns(batches)


class _Part(NamedTuple):
    """Some of the blocks, as many as the caches of a processor hold: their values by kind."""

    texts: _Texts
    integers: _Values
    reals: _Values
    decimals: _Values

    @classmethod
    def of(cls, layouts: Sequence[Layout], blocks: Sequence[Block]) -> _Part:
        rows = np.array([block.rows for block in blocks])
        ends = np.array([layout.ends for layout in layouts])
        lengths = _Values.of([block.lengths for block in blocks], np.int32, rows, ends[:, 0])
        return cls(
            _Texts([block.texts for block in blocks], lengths),
            _Values.of([b.integers for b in blocks], np.int64, rows, ends[:, 1] - ends[:, 0]),
            _Values.of([b.reals for b in blocks], np.float64, rows, ends[:, 2] - ends[:, 1]),
            _decimals(blocks, rows, np.array([len(layout.decimals) for layout in layouts])),
        )

    def batch(self, table: int, layout: Layout) -> arrow.Batch:
        """Return the rows of a table."""
        columns = list(map(arrow.text, layout.texts, *zip(*self.texts.columns(table), strict=True)))
        numbers = self.integers.columns(table)
        columns += map(arrow.integer, layout.integers, numbers)
        columns += map(arrow.date, layout.dates, numbers)
        columns += map(arrow.real, layout.reals, self.reals.columns(table))
        columns += map(arrow.decimal, layout.decimals, self.decimals.columns(table))
        return arrow.Batch(columns, int(self.integers.rows[:, table].sum()))


class _Values(NamedTuple):
    """The values of one kind in many blocks.

    `rows` counts the rows of a block (first axis) in a table (second); there, the values of its first
    column start at `starts`, and those of the next one follow, `widths` columns in all.
    """

    values: Array
    rows: Array
    starts: Array
    widths: Array

    @classmethod
    def of(
        cls, packed: Sequence[bytes], kind: type[np.generic], rows: Array, widths: Array
    ) -> _Values:
        return cls.laid_out(np.frombuffer(b"".join(packed), kind), rows, widths)

    @classmethod
    def laid_out(cls, values: Array, rows: Array, widths: Array) -> _Values:
        sizes = rows * widths
        starts = (np.cumsum(sizes) - sizes.ravel()).reshape(sizes.shape)
        return cls(values, rows, starts, widths)

    def columns(self, table: int) -> Iterator[Array]:
        """Yield the columns of a table."""
        rows = self.rows[:, table]
        before = np.cumsum(rows) - rows  # rows in the blocks before
        place = np.arange(int(rows.sum())) + np.repeat(self.starts[:, table] - before, rows)
        step = np.repeat(rows, rows)
        for _ in range(self.widths[table]):
            yield self.values[place]
            place += step


class _Texts:
    """The texts of many blocks, and the lengths of their values."""

    def __init__(self, texts: Sequence[bytes], lengths: _Values) -> None:
        self._texts = texts
        self._lengths = lengths
        self._ends = np.concatenate(([0], np.cumsum(np.maximum(lengths.values, 0))))
        self._begin = self._ends[lengths.starts[:, 0]]  # of each block

    def columns(self, table: int) -> Iterator[tuple[Array, bytes]]:
        """Yield the lengths of the values of each column of a table, and their bytes."""
        lengths = self._lengths
        first, rows = lengths.starts[:, table], lengths.rows[:, table]
        cuts = [
            (self._ends[first + i * rows] - self._begin).tolist()
            for i in range(lengths.widths[table] + 1)
        ]
        for column, begin, end in zip(lengths.columns(table), cuts, cuts[1:], strict=False):
            pieces = zip(self._texts, begin, end, strict=True)
            yield column, b"".join([text[a:b] for text, a, b in pieces])


def _decimals(blocks: Sequence[Block], rows: Array, widths: Array) -> _Values:
    """Return the decimals as the low and the high half of each."""
    counts = (rows @ widths).tolist()
    narrow = [
        _NARROW_SIZE * count == len(block.decimals)
        for count, block in zip(counts, blocks, strict=True)
    ]
    if all(narrow):
        units = _widened(np.frombuffer(b"".join([b.decimals for b in blocks]), np.int64))
    else:
        halves = [np.frombuffer(block.decimals, np.int64) for block in blocks]
        units = np.concatenate(
            [_widened(h) if n else h.reshape(-1, 2) for h, n in zip(halves, narrow, strict=True)]
        )
    return _Values.laid_out(units, rows, widths)


def _widened(units: Array) -> Array:
    # The smallest of the narrow integers is none, and so is the smallest of the wide ones.
    none = units == NO_INTEGER
    return np.stack((np.where(none, 0, units), np.where(none, units, units >> 63)), axis=1)
