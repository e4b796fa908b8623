"""What Python programs use: `digitise` one file, a `Pipeline` over many, `open_warehouse` to ask.

The names of `__all__` and their parameters are pinned by a test; everything else may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baocao_etl import pipeline, warehouse
from baocao_etl.errors import BaocaoError, SourceError
from baocao_etl.ingest import Summary, ingest
from baocao_etl.models import (
    Box,
    Cell,
    Citation,
    Correction,
    Document,
    Figure,
    Finding,
    Letterhead,
    Mention,
    Page,
    Section,
    Source,
    Span,
    Table,
    Word,
)
from baocao_etl.reading import discover, identify
from baocao_etl.running import Failure, Loaded, run
from baocao_etl.settings import Settings, load_settings
from baocao_etl.warehouse import FileResult, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from baocao_etl.warehouse import Connection

__all__ = [
    "BaocaoError",
    "Box",
    "Cell",
    "Citation",
    "Correction",
    "Document",
    "Failure",
    "Figure",
    "FileResult",
    "Finding",
    "Letterhead",
    "Loaded",
    "Mention",
    "Page",
    "Pipeline",
    "Section",
    "Settings",
    "Source",
    "SourceError",
    "Span",
    "Summary",
    "Table",
    "Word",
    "digitise",
    "open_warehouse",
]


class Pipeline:
    """The data path with one set of settings.

    Args:
        **settings: as on the command line (`ocr="off"`, `jobs=4`); what is not given comes from
            `BAOCAO_*`, the settings file of the working folder, or the defaults.

    Raises:
        UsageError: a setting is unknown or its value wrong.
    """

    def __init__(self, **settings: Any) -> None:
        self.settings: Settings = load_settings(**settings)

    def digitise(self, path: Path | str) -> tuple[Document, ...]:
        """Return the documents that the file at `path` holds; mostly one. Works in this process.

        Raises:
            SourceError: the file cannot be read. A page that fails only says so in its `error`.
            MissingError: the machine lacks something that the file needs, such as Tesseract.
        """
        return pipeline.digitise(identify(Path(path)), self.settings)

    def run(self, paths: Iterable[Path | str] | Path | str) -> Iterator[Loaded | Failure]:
        """Digitise files and folders in `settings.jobs` processes; yield each as it is finished.

        One path may stand for a list of one.

        With processes, a script must guard its own start with `if __name__ == "__main__":`, since
        they import it.

        Raises:
            UsageError: a path does not exist.
            MissingError: the machine lacks something that the files need.
        """
        found = discover(_listed(paths), follow_links=self.settings.follow_links)
        return run(found, self.settings)

    def ingest(
        self,
        paths: Iterable[Path | str] | Path | str,
        *,
        force: bool = False,
        lock_timeout: float = 0.0,
        on_file: Callable[[FileResult], None] = lambda _: None,
    ) -> Summary:
        """Load files and folders into the warehouse `settings.db`, as `baocao ingest` does.

        Args:
            paths: files, and folders that are walked; one path may stand for a list of one.
            force: digitise again what is loaded already.
            lock_timeout: seconds to wait while another process holds the warehouse.
            on_file: told what became of each file, once it is committed.

        Raises:
            UsageError: a path does not exist, or `settings.db` is no warehouse.
            NothingReadable: there is no file at all.
            MissingError: the machine lacks something that every file would need.
            DatabaseLocked: another process holds the warehouse.
        """
        return ingest(
            _listed(paths),
            self.settings,
            force=force,
            lock_timeout=lock_timeout,
            on_file=on_file,
        )


def digitise(path: Path | str, **settings: Any) -> tuple[Document, ...]:
    """Return the documents that the file at `path` holds; `Pipeline(**settings).digitise(path)`."""
    return Pipeline(**settings).digitise(path)


def open_warehouse(
    path: Path | str, *, read_only: bool = False, lock_timeout: float = 0.0
) -> Connection:
    """Open (to write: create, upgrade) the warehouse at `path`, `search()` included.

    Args:
        path: the DuckDB file.
        read_only: fail instead of creating the file; several readers may share it.
        lock_timeout: seconds to wait while another process holds the file.

    Raises:
        UsageError: there is no such file, or it is not a warehouse that this version can use.
        DatabaseLocked: another process holds the file; the message names it.
    """
    connection = warehouse.open_warehouse(path, read_only=read_only, lock_timeout=lock_timeout)
    search.load_extension(connection)
    return connection


def _listed(paths: Iterable[Path | str] | Path | str) -> list[Path]:
    """Return the paths as a list; a string is a path, not its letters."""
    return [Path(p) for p in ([paths] if isinstance(paths, Path | str) else paths)]
