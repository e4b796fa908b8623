"""Rows of a table as a few blocks of bytes, which travel between processes and join at no cost.

Workers pack the documents that they finish, the writer strings the blocks of many files together and
hands them to DuckDB as Arrow columns. Pickled documents took twenty times as long to come across.
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
    from collections.abc import Iterable, Sequence

NONE = math.nan  # what stands for none among numbers and dates

_PRECISION, _SCALE = 38, 6  # of the decimal columns of the warehouse
_UNIT = Decimal(1).scaleb(-_SCALE)
_EXACT = decimal.Context(prec=_PRECISION, rounding=decimal.ROUND_HALF_UP)
_NO_DECIMAL = bytes(15) + b"\x80"  # the smallest of the 128-bit integers


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

    @property
    def width(self) -> int:
        """How many columns travel as numbers, dates among them."""
        return len(self.numbers) + len(self.dates)


class Block(NamedTuple):
    """Packed rows: column after column, value after value.

    `texts` are UTF-8, one for each column, `lengths` those of their values in bytes (int32, -1 for
    none); `numbers` are float64, dates among them; `decimals` are millionths as 128-bit integers.
    """

    rows: int
    texts: tuple[bytes, ...]
    lengths: bytes
    numbers: bytes
    decimals: bytes


def pack(layout: Layout, columns: Sequence[Sequence[Any]]) -> Block:
    """Return `columns`, in the order of the layout and all of one length, as a block.

    Half a surrogate pair, which broken PDFs hold and which is no character, becomes "?".

    Raises:
        ValueError: a Decimal has more digits than DECIMAL(38, 6), or is no number.
    """
    texts = len(layout.texts)
    numbers = list(chain.from_iterable(columns[texts : texts + layout.width]))
    return Block(
        len(columns[0]),
        *_pack_texts(columns[:texts]),
        struct.pack(f"{len(numbers)}d", *numbers),
        b"".join(map(_pack_decimals, columns[texts + layout.width :])),
    )


def pack_rows(layout: Layout, rows: Iterable[tuple[Any, ...]]) -> Block | None:
    """Return `rows` as a block, None where there are none; as `pack` does columns."""
    columns = list(zip(*rows, strict=True))
    return pack(layout, columns) if columns else None


def join(layout: Layout, blocks: Sequence[Block]) -> arrow.Columns:
    """Return the rows of all `blocks` (at least one) as Arrow columns."""
    lengths = np.concatenate([_table(block, block.lengths, np.int32) for block in blocks], axis=1)
    numbers = np.concatenate([_table(block, block.numbers, np.float64) for block in blocks], axis=1)
    halves = np.concatenate(
        [_table(block, block.decimals, np.int64, 2) for block in blocks], axis=1
    )
    dates = numbers[len(layout.numbers) :]
    columns = [
        *(
            arrow.text(name, lengths[i], b"".join([block.texts[i] for block in blocks]))
            for i, name in enumerate(layout.texts)
        ),
        *(arrow.number(name, numbers[i]) for i, name in enumerate(layout.numbers)),
        *(arrow.date(name, dates[i]) for i, name in enumerate(layout.dates)),
        *(arrow.decimal(name, halves[i]) for i, name in enumerate(layout.decimals)),
    ]
    return arrow.Columns(columns, sum(block.rows for block in blocks))


def _table(block: Block, data: bytes, kind: type, width: int = 1) -> arrow.Array:
    """Return packed values as an array of columns, of rows (of `width` items, where several)."""
    shape = (-1, block.rows) if width == 1 else (-1, block.rows, width)
    return np.frombuffer(data, kind).reshape(shape)


def _pack_texts(columns: Sequence[Sequence[str | None]]) -> tuple[tuple[bytes, ...], bytes]:
    """Return the bytes of each column, and the lengths of all values.

    This is where half the time of packing goes: a column is joined and encoded at once, and most
    columns, which hold ASCII alone and no None, are never looked at value by value.
    """
    texts: list[bytes] = []
    lengths: list[int] = []
    for values in columns:
        plain = cast("Sequence[str]", values)
        try:
            data = "".join(plain).encode()
        except TypeError:  # a None among them
            plain = [value or "" for value in values]
            data = _encode("".join(plain))
            sizes = map(len, map(_encode, plain))
            lengths += [-1 if v is None else n for v, n in zip(values, sizes, strict=True)]
        except UnicodeEncodeError:
            data = _encode("".join(plain))
            lengths += map(len, map(_encode, plain))
        else:
            lengths += map(len, plain if data.isascii() else map(str.encode, plain))
        texts.append(data)
    return tuple(texts), struct.pack(f"{len(lengths)}i", *lengths)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _pack_decimals(values: Sequence[Decimal | None]) -> bytes:
    if values.count(None) == len(values):
        return _NO_DECIMAL * len(values)
    quantize, scaleb = _EXACT.quantize, _EXACT.scaleb
    value: Decimal | None = None
    packed = []
    try:
        for value in values:
            if value is None:
                packed.append(_NO_DECIMAL)
            else:
                units = int(scaleb(quantize(value, _UNIT), _SCALE))
                packed.append(units.to_bytes(16, "little", signed=True))
    except (decimal.InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"{value} does not fit DECIMAL({_PRECISION}, {_SCALE})") from error
    return b"".join(packed)
