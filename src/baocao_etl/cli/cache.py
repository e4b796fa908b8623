"""Commands for the folder that keeps what OCR read: cache show, cache clear."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from baocao_etl.cli import console
from baocao_etl.cli.options import Cache
from baocao_etl.errors import MissingError, UsageError

if TYPE_CHECKING:
    from baocao_etl.reading.cache import CacheState

app = typer.Typer(
    help="Look at, or empty, the folder that keeps what OCR read.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def show(cache: Cache = None) -> None:
    """Print how many pages are kept, and how much room they take."""
    from baocao_etl.reading.cache import state  # noqa: PLC0415

    console.write(f"{_told(state(_folder(cache)))}\n")


@app.command()
def clear(cache: Cache = None) -> None:
    """Remove the pages that are kept, nothing else; later runs read them again."""
    from baocao_etl.reading.cache import clear as remove  # noqa: PLC0415

    folder = _folder(cache)
    try:
        removed = remove(folder)
    except OSError as error:
        raise MissingError(
            f"{folder} cannot be emptied: {error.strerror}.", "Check its permissions."
        ) from error
    console.note(f"Removed from {_told(removed)}")


def _folder(given: Path | None) -> Path:
    from baocao_etl.settings import load_settings  # noqa: PLC0415

    folder = load_settings(cache_dir=given).cache_dir
    if folder is None:
        raise UsageError(
            "No folder is set that keeps what OCR read.",
            "Give --cache DIR, set BAOCAO_CACHE_DIR, or write "
            '`cache_dir = "ocr-cache"` into baocao.toml.',
        )
    return folder


def _told(state: "CacheState") -> str:
    return console.printable(
        f"{state.folder}: {console.some(state.pages, 'page')}, {state.size / 1e6:.1f} MB"
    )
