"""The batch: files in, tables out; and what keeps it going: trying again, watching a folder."""

from baocao_etl.ingest.batch import Gate, Summary, Verdict, ingest, retry
from baocao_etl.ingest.watch import watch

__all__ = ["Gate", "Summary", "Verdict", "ingest", "retry", "watch"]
