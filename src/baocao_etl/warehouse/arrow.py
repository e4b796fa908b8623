"""Columns of values as an Arrow stream, which DuckDB reads in one scan, without a copy.

The Arrow C data and C stream interfaces (https://arrow.apache.org/docs/format/CDataInterface.html),
as far as loading needs them: batches of columns of text, numbers, dates and decimals. DuckDB asks
an object for `__arrow_c_stream__` (the Arrow PyCapsule interface), so no Arrow library has to be
installed.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    Array = np.ndarray[Any, Any]


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_SCHEMA = ctypes.POINTER(_Schema)
_ARRAY = ctypes.POINTER(_Array)
_STREAM = ctypes.POINTER(_Stream)
_RELEASE_SCHEMA = ctypes.CFUNCTYPE(None, _SCHEMA)
_RELEASE_ARRAY = ctypes.CFUNCTYPE(None, _ARRAY)
_RELEASE_STREAM = ctypes.CFUNCTYPE(None, _STREAM)
_GET_SCHEMA = ctypes.CFUNCTYPE(ctypes.c_int, _STREAM, _SCHEMA)
_GET_NEXT = ctypes.CFUNCTYPE(ctypes.c_int, _STREAM, _ARRAY)
_GET_LAST_ERROR = ctypes.CFUNCTYPE(ctypes.c_char_p, _STREAM)

# The fields and their order are those of the specification.
_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(_SCHEMA)),
    ("dictionary", _SCHEMA),
    ("release", _RELEASE_SCHEMA),
    ("private_data", ctypes.c_void_p),
]
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(_ARRAY)),
    ("dictionary", _ARRAY),
    ("release", _RELEASE_ARRAY),
    ("private_data", ctypes.c_void_p),
]
_Stream._fields_ = [
    ("get_schema", _GET_SCHEMA),
    ("get_next", _GET_NEXT),
    ("get_last_error", _GET_LAST_ERROR),
    ("release", _RELEASE_STREAM),
    ("private_data", ctypes.c_void_p),
]
_NULLABLE = 2  # ARROW_FLAG_NULLABLE
_ORDINAL_1970 = 719_163  # date(1970, 1, 1).toordinal()
_NO_INTEGER = np.iinfo(np.int64).min
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


# The memory belongs to `Columns`, so releasing is only the mark that the specification asks for.
def _mark_schema(schema: Any) -> None:
    schema.contents.release = _RELEASE_SCHEMA()


def _mark_array(array: Any) -> None:
    array.contents.release = _RELEASE_ARRAY()


def _mark_stream(stream: Any) -> None:
    stream.contents.release = _RELEASE_STREAM()


_release_schema = _RELEASE_SCHEMA(_mark_schema)
_release_array = _RELEASE_ARRAY(_mark_array)
_release_stream = _RELEASE_STREAM(_mark_stream)
_no_error = _GET_LAST_ERROR(lambda _: None)


class Column(NamedTuple):
    """A column: its name, Arrow format string, number of nulls, and buffers.

    The buffers are the validity bits (None where nothing is null) and then the values.
    """

    name: str
    form: bytes
    nulls: int
    buffers: tuple[Array | None, ...]


def text(name: str, lengths: Array, data: bytes) -> Column:
    """Return a column of the UTF-8 texts that follow each other in `data`.

    `lengths` are in bytes, -1 for none.
    """
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(np.maximum(lengths, 0), out=offsets[1:])
    return _column(name, b"U", lengths < 0, offsets, np.frombuffer(data or b"\0", np.uint8))


def integer(name: str, values: Array) -> Column:
    """Return a column of 64-bit integers, the smallest of them for none."""
    return _column(name, b"l", values == _NO_INTEGER, values)


def real(name: str, values: Array) -> Column:
    """Return a column of 64-bit floats, NaN for none."""
    return _column(name, b"g", np.isnan(values), values)


def date(name: str, days: Array) -> Column:
    """Return a column of dates from their proleptic Gregorian ordinals, as of `integer`."""
    none = days == _NO_INTEGER
    return _column(name, b"tdD", none, np.where(none, 0, days - _ORDINAL_1970).astype(np.int32))


def decimal(name: str, units: Array) -> Column:
    """Return a column of DECIMAL(38, 6) from millionths: 128-bit integers as (low, high) halves.

    The smallest of them all is none.
    """
    return _column(name, b"d:38,6", units[:, 1] == _NO_INTEGER, units)


def _column(name: str, form: bytes, none: Array, *values: Array) -> Column:
    nulls = int(none.sum())
    validity = np.packbits(~none, bitorder="little") if nulls else None
    return Column(name, form, nulls, (validity, *map(np.ascontiguousarray, values)))


class Batch(NamedTuple):
    """Columns of `length` rows."""

    columns: Sequence[Column]
    length: int


class Columns:
    """Batches (at least one) of the same columns; keep it until DuckDB has read them."""

    def __init__(self, batches: Sequence[Batch]) -> None:
        self._batches = batches
        self._kept: list[object] = []

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the capsule that the Arrow PyCapsule interface asks for."""
        batches = iter(self._batches)

        def get_schema(_: object, out: Any) -> int:
            columns = self._batches[0].columns
            out[0] = self._schema(
                b"", b"+s", [self._schema(c.name.encode(), c.form) for c in columns]
            )
            return 0

        def get_next(_: object, out: Any) -> int:
            batch = next(batches, None)
            if batch is None:
                out[0].release = _RELEASE_ARRAY()  # the mark of the end
            else:
                children = [self._array(batch.length, c.nulls, c.buffers) for c in batch.columns]
                out[0] = self._array(batch.length, 0, [None], children)
            return 0

        stream = _Stream(_GET_SCHEMA(get_schema), _GET_NEXT(get_next), _no_error, _release_stream)
        self._kept.append(stream)
        return _new_capsule(ctypes.addressof(stream), b"arrow_array_stream", None)

    def _schema(self, name: bytes, form: bytes, children: Sequence[_Schema] = ()) -> _Schema:
        made = _Schema(format=form, name=name, flags=_NULLABLE, n_children=len(children))
        made.children = (_SCHEMA * len(children))(*[ctypes.pointer(child) for child in children])
        made.release = _release_schema
        self._kept.append(made)
        return made

    def _array(
        self,
        length: int,
        nulls: int,
        buffers: Sequence[Array | None],
        children: Sequence[_Array] = (),
    ) -> _Array:
        made = _Array(length=length, null_count=nulls, n_children=len(children))
        places = [None if buffer is None else buffer.ctypes.data for buffer in buffers]
        made.n_buffers = len(buffers)
        made.buffers = (ctypes.c_void_p * len(buffers))(*places)
        made.children = (_ARRAY * len(children))(*[ctypes.pointer(child) for child in children])
        made.release = _release_array
        self._kept.append(made)
        return made
