"""The options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
Jobs = Annotated[int | None, typer.Option(min=1, help="Worker processes; without it, one a core.")]
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


def settings_of(more: list[str] | None, **flags: object) -> "Settings":
    """Return the settings that the flags and `--set KEY=VALUE` give.

    Raises:
        UsageError: a key or a value is wrong.
    """
    from baocao_etl.errors import UsageError  # noqa: PLC0415
    from baocao_etl.settings import load_settings  # noqa: PLC0415

    for pair in more or ():
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--set {pair} has no value.", "Write --set KEY=VALUE.")
        flags[key] = value
    return load_settings(**flags)
