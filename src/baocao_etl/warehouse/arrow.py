"""Columns of Python values as an Arrow stream, which DuckDB reads in one scan.

The Arrow C data and C stream interfaces (https://arrow.apache.org/docs/format/CDataInterface.html),
as far as loading needs them: one batch of text, integer and floating columns. DuckDB asks an object
for `__arrow_c_stream__` (the Arrow PyCapsule interface), so no Arrow library has to be installed.
"""

from __future__ import annotations

import ctypes
import decimal
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Buffer = np.ndarray[Any, Any] | None


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
_TEXT, _INTEGER, _FLOAT = b"U", b"l", b"g"  # large UTF-8, int64, float64
_PRECISION, _SCALE = 38, 6  # of the decimal columns of the warehouse
_DECIMAL = f"d:{_PRECISION},{_SCALE}".encode()
_UNIT = Decimal(1).scaleb(-_SCALE)
_EXACT = decimal.Context(prec=_PRECISION, rounding=decimal.ROUND_HALF_UP)

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


class Columns:
    """Named columns of equal length, at least one; keep it until DuckDB has read it.

    The values of a column are of one kind, or None: text, bool and int, float, Decimal, or what
    JSON can hold (lists and dicts), which travels as JSON text; `nested` names those columns. Half
    a surrogate pair, which broken PDFs hold and which is no character, becomes "?".

    Raises:
        ValueError: a Decimal has more digits than DECIMAL(38, 6), or is no number.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self.nested: set[str] = set()
        self._length = len(next(iter(columns.values())))
        self._columns = [self._column(name, values) for name, values in columns.items()]
        self._kept: list[object] = []

    def _column(self, name: str, values: Sequence[Any]) -> tuple[bytes, bytes, int, list[Buffer]]:
        """Return name, format, number of nulls, and buffers: validity, then the values."""
        nulls = sum(value is None for value in values)
        kind: type[Any] = next((type(value) for value in values if value is not None), str)
        validity = None
        if nulls:
            there = np.fromiter((value is not None for value in values), bool, len(values))
            validity = np.packbits(there, bitorder="little")
        if kind in {bool, int, float}:
            plain = [0 if value is None else value for value in values] if nulls else values
            form, dtype = (_FLOAT, np.float64) if kind is float else (_INTEGER, np.int64)
            return name.encode(), form, nulls, [validity, np.array(plain, dtype)]
        if kind is Decimal:
            return name.encode(), _DECIMAL, nulls, [validity, _decimals(values)]
        if kind is not str:
            self.nested.add(name)
            values = [None if v is None else json.dumps(v, ensure_ascii=False) for v in values]
        return name.encode(), _TEXT, nulls, [validity, *_text(values)]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the capsule that the Arrow PyCapsule interface asks for."""
        batches = iter([self._columns])

        def get_schema(_: object, out: Any) -> int:
            out[0] = self._schema(b"", b"+s", [self._schema(c[0], c[1]) for c in self._columns])
            return 0

        def get_next(_: object, out: Any) -> int:
            columns = next(batches, None)
            if columns is None:
                out[0].release = _RELEASE_ARRAY()  # the mark of the end
            else:
                children = [self._array(nulls, buffers) for *_, nulls, buffers in columns]
                out[0] = self._array(0, [None], children)
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
        self, nulls: int, buffers: Sequence[Buffer], children: Sequence[_Array] = ()
    ) -> _Array:
        made = _Array(length=self._length, null_count=nulls, n_children=len(children))
        places = [None if buffer is None else buffer.ctypes.data for buffer in buffers]
        made.n_buffers = len(buffers)
        made.buffers = (ctypes.c_void_p * len(buffers))(*places)
        made.children = (_ARRAY * len(children))(*[ctypes.pointer(child) for child in children])
        made.release = _release_array
        self._kept.append(made)
        return made


def _text(values: Sequence[str | None]) -> tuple[Buffer, Buffer]:
    """Return the offsets and the bytes of a column of text."""
    encoded = [b"" if value is None else value.encode("utf-8", "replace") for value in values]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
    return offsets, np.frombuffer(b"".join(encoded) or b"\0", np.uint8)


def _decimals(values: Sequence[Decimal | None]) -> Buffer:
    """Return the 128-bit integers that count units of the last decimal place."""
    return np.frombuffer(b"".join(map(_decimal, values)), np.uint8)


def _decimal(value: Decimal | None) -> bytes:
    if value is None:
        return bytes(16)
    try:
        units = int(_EXACT.quantize(value, _UNIT).scaleb(_SCALE, _EXACT))
    except (decimal.InvalidOperation, ValueError) as error:  # the latter for NaN
        raise ValueError(f"{value} does not fit DECIMAL({_PRECISION}, {_SCALE})") from error
    return units.to_bytes(16, "little", signed=True)
