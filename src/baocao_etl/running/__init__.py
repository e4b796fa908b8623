"""Running: where pages are digitised. Here: the processes of this machine.

`run(paths, settings)` maps the pipeline over files and yields an outcome for each.
"""

from __future__ import annotations

from baocao_etl.running.outcomes import Event, Failure, Loaded, Outcome
from baocao_etl.running.runner import run

__all__ = ["Event", "Failure", "Loaded", "Outcome", "run"]
