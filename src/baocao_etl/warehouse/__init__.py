"""The DuckDB file: its schema, loading into it, and asking it. No other room knows DuckDB."""

from duckdb import DuckDBPyConnection as Connection

from baocao_etl.warehouse.connection import MEMORY, open_warehouse
from baocao_etl.warehouse.load import FileResult, Loadable, Rejected
from baocao_etl.warehouse.loader import Loader, misfit
from baocao_etl.warehouse.rows import Packed, on_disk, pack_documents, printable
from baocao_etl.warehouse.runs import fingerprint
from baocao_etl.warehouse.schema import SCHEMA_VERSION, ddl
from baocao_etl.warehouse.upkeep import quarantined

__all__ = [
    "MEMORY",
    "SCHEMA_VERSION",
    "Connection",
    "FileResult",
    "Loadable",
    "Loader",
    "Packed",
    "Rejected",
    "ddl",
    "fingerprint",
    "misfit",
    "on_disk",
    "open_warehouse",
    "pack_documents",
    "printable",
    "quarantined",
]
