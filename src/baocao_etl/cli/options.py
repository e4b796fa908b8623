"""The options that several commands share, and the way from them to settings."""

import inspect
from collections.abc import Callable
from enum import Enum, StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from baocao_etl.settings import Settings


class Ocr(StrEnum):
    """When pages are read by OCR."""

    AUTO = "auto"
    FORCE = "force"
    OFF = "off"


Db = Annotated[
    Path | None,
    typer.Option(help="The DuckDB file; without it BAOCAO_DB, baocao.toml, or baocao.duckdb."),
]
Jobs = Annotated[
    int | None,
    typer.Option(min=0, help="Worker processes; without it, one a core; 0: none (for debugging)."),
]
FileTimeout = Annotated[
    float | None,
    typer.Option("--file-timeout", help="Seconds of a worker's time that one file may take."),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help="A text file of passwords for PDFs, one a line."),
]
FollowLinks = Annotated[
    bool | None,
    typer.Option("--follow-links", help="Follow symbolic links that lead out of the folder."),
]
Dictionaries = Annotated[
    Path | None, typer.Option(help="A folder of your own tables, laid over the bundled ones.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only data and errors.")]
LockTimeout = Annotated[
    float, typer.Option(min=0, help="Seconds to wait while another process has the warehouse.")
]
OcrOption = Annotated[
    Ocr | None, typer.Option("--ocr", help="auto: pages without a usable text layer; force: all.")
]
OcrEngines = Annotated[
    str | None,
    typer.Option(
        "--ocr-engines", help="tesseract, trueocr, or both with a comma: the first leads."
    ),
]
Pages = Annotated[
    str | None, typer.Option("--pages", help="Which pages of each file to read, such as 1-3,7.")
]
Cache = Annotated[
    Path | None,
    typer.Option("--cache", help="A folder that keeps what OCR read, for later runs."),
]
Json = Annotated[bool, typer.Option("--json", help="One event a line, on stdout.")]
MaxQuarantined = Annotated[
    int, typer.Option(min=0, help="Exit with 0 while no more files than this are in quarantine.")
]
MinQuality = Annotated[
    float, typer.Option(min=0, max=1, help="Exit with 6 if a document is of lower quality.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 6 if a page or a check failed.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Any other setting, such as dpi=200 (repeatable)."
    ),
]


# The options of every command that reads files; each is named like the setting that it sets.
_READING: dict[str, Any] = {
    "db": Db,
    "ocr": OcrOption,
    "ocr_engines": OcrEngines,
    "pages": Pages,
    "cache_dir": Cache,
    "jobs": Jobs,
    "file_timeout": FileTimeout,
    "password_file": PasswordFile,
    "follow_links": FollowLinks,
    "dictionaries": Dictionaries,
    "set": Set,
}
_TELLING: dict[str, Any] = {"json": Json, "quiet": Quiet}


def reads(*, bar: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a command of a function: add the options of reading and telling to its own.

    The function is called with the settings that these give and a `Reporter`, then with its own
    arguments. Its first two parameters are therefore no options.

    Args:
        bar: whether a progress bar fits the command (a terminal permitting).
    """

    def of(function: Callable[..., None]) -> Callable[..., None]:
        _, _, *own = inspect.signature(function).parameters.values()
        shared = [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind
            )
            for options, default in ((_READING, None), (_TELLING, False))
            for name, kind in options.items()
        ]

        @wraps(function)
        def command(**given: Any) -> None:
            from baocao_etl.cli.progress import reporter  # noqa: PLC0415

            told = {name: given.pop(name) for name in _TELLING}
            flags = {name: given.pop(name) for name in _READING}
            with reporter(bar=bar, **told) as report:
                function(settings_of(flags.pop("set"), **flags), report, **given)

        # What typer looks at.
        signature = inspect.Signature([*own, *shared])
        command.__signature__ = signature  # type: ignore[attr-defined]
        command.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
        return command

    return of


def settings_of(more: list[str] | None, **flags: object) -> "Settings":
    """Return the settings that the flags and `--set KEY=VALUE` give.

    Raises:
        UsageError: a key or a value is wrong.
    """
    from baocao_etl.errors import UsageError  # noqa: PLC0415
    from baocao_etl.settings import load_settings  # noqa: PLC0415

    given = {key: flag.value if isinstance(flag, Enum) else flag for key, flag in flags.items()}
    for pair in more or ():
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--set {pair} has no value.", "Write --set KEY=VALUE.")
        given[key] = value
    return load_settings(**given)
