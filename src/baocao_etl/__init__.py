"""Digitise Vietnamese administrative reports into DuckDB tables of traceable figures.

The names of `baocao_etl.api` can be imported from here; it is loaded when one of them is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baocao_etl.api import *  # noqa: F403


def __getattr__(name: str) -> Any:
    # Modules of this package are looked for as attributes first, so those are let pass.
    if name == "__all__" or name[:1].isupper() or name in {"digitise", "open_warehouse"}:
        from baocao_etl import api  # noqa: PLC0415 - the command line starts without it

        return api.__all__ if name == "__all__" else getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    from baocao_etl import api  # noqa: PLC0415 - for notebooks that complete names

    return sorted({*globals(), *api.__all__})
