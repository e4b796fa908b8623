"""Text and names as SQL writes them, for the statements of DuckDB that take no parameters."""

from __future__ import annotations


def literal(text: object) -> str:
    """Return `text` as a string of SQL: o'clock becomes 'o''clock'."""
    return _quoted(str(text), "'")


def identifier(name: str) -> str:
    """Return `name` as a name of SQL, whatever stands in it."""
    return _quoted(name, '"')


def _quoted(text: str, mark: str) -> str:
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"
