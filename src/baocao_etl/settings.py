"""One Settings object flows through the whole pipeline: flags > BAOCAO_* > file > defaults.

The file is `baocao.toml` in the working folder or, where there is none, the table `[tool.baocao]` of
`pyproject.toml`.
"""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.errors import UsageError

CONFIG_FILE = Path("baocao.toml")
PROJECT_FILE = Path("pyproject.toml")
_PREFIX = "BAOCAO_"


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Settings(BaseSettings):
    """Everything that a user can set. Immutable: the same bytes and settings give the same tables."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid")

    db: Path = Field(Path("baocao.duckdb"), description="the DuckDB file to load into")
    ocr: Literal["auto", "force", "off"] = Field(
        "auto",
        description="auto: OCR the pages that have no usable text layer; force: all; off: none",
    )
    ocr_language: str = Field(
        "vie", description="Tesseract's language data, such as vie or vie+eng"
    )
    pages: str | None = Field(None, description="which pages of each file to read, such as 1-3,7")
    ocr_engines: str = Field(
        "tesseract",
        pattern=r"^(tesseract|trueocr)(,(tesseract|trueocr))?$",
        description="OCR engines, the leading one first: tesseract, trueocr, or both with a comma",
    )
    cache_dir: Path | None = Field(
        None,
        description="a folder that keeps what OCR read, so that later runs need not read again",
    )
    dpi: int = Field(
        300, ge=100, le=600, description="the finest resolution that PDF pages are rendered at"
    )
    max_pixels: int = Field(
        100_000_000, ge=1_000_000, description="a page of more pixels than this is not rendered"
    )
    page_timeout: float = Field(120.0, gt=0, description="seconds that OCR may take for one page")
    file_timeout: float = Field(
        1800.0,
        gt=0,
        description="seconds of a worker's time that one file may take, all its pages together",
    )
    worker_memory: int = Field(
        2048,
        ge=512,
        description="megabytes of address space that a worker process, and the OCR program that it"
        " starts, may have",
    )
    jobs: int = Field(
        default_factory=_processors,
        ge=0,
        description="worker processes; 0: none, all is done in the main process, without limits",
    )
    follow_links: bool = Field(
        False, description="follow symbolic links that lead out of the folder that is read"
    )
    password_file: Path | None = Field(
        None, description="a text file of passwords for encrypted PDFs, one a line"
    )
    dictionaries: Path | None = Field(
        None, description="a folder of your own tables, laid over the bundled dictionaries"
    )
    repair: bool = Field(True, description="repair the Vietnamese; false keeps the text as read")

    @field_validator("db", "cache_dir", "password_file", "dictionaries")
    @classmethod
    def _at_home(cls, path: Path | None) -> Path | None:
        """Write ~ out, which no shell does in a file or after an equals sign."""
        if path is None:
            return None
        try:
            return path.expanduser()
        except RuntimeError as error:
            raise ValueError(str(error)) from error

    @cached_property
    def tables(self) -> Dictionaries:
        """The dictionaries that these settings point at."""
        return Dictionaries.with_overlay(self.dictionaries)

    @cached_property
    def passwords(self) -> tuple[str, ...]:
        """The passwords to try on encrypted PDFs, as `password_file` lists them.

        Raises:
            UsageError: the file cannot be read.
        """
        if self.password_file is None:
            return ()
        try:
            lines = self.password_file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, ValueError) as error:
            raise UsageError(
                f"The password file {self.password_file} cannot be read: {error}.",
                "Give a text file in UTF-8, one password a line.",
            ) from error
        return tuple(dict.fromkeys(filter(None, lines)))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: flags, environment, file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, InitSettingsSource(settings_cls, _config().values)


class _Config(NamedTuple):
    """The settings of a file, and how it is named to the user."""

    place: str
    values: dict[str, Any]


def _config() -> _Config:
    """Return the settings of the working folder's file; none where there is no file.

    Raises:
        UsageError: the file is not valid TOML or cannot be read.
    """
    if CONFIG_FILE.exists():
        return _Config(str(CONFIG_FILE), _toml(CONFIG_FILE))
    place = f"[tool.baocao] of {PROJECT_FILE}"
    tool = _toml(PROJECT_FILE).get("tool", {}) if PROJECT_FILE.exists() else {}
    values = tool.get("baocao", {}) if isinstance(tool, dict) else {}
    if not isinstance(values, dict):
        raise UsageError(f"{place} is not a table.", "Write [tool.baocao], and the keys below it.")
    return _Config(place, values)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}.", "Mend the file.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Mend the file.") from error


def load_settings(**flags: Any) -> Settings:
    """Return the settings in force; flags that are None were not given.

    Raises:
        UsageError: a key is unknown or a value is not allowed; the message names the key, where it
            was set, and the nearest key that there is.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    for key, name in _variables().items():
        if key not in Settings.model_fields:
            raise _unknown(key, f"in the environment ({name})")
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        place = _place(key, given)
        if first["type"] == "extra_forbidden" and isinstance(first["input"], dict):
            raise UsageError(
                f"There is a table [{key}] {place}, and settings stand in none.",
                f"Write them above all tables, each on a line: {next(iter(first['input']), 'jobs')} = ...",
            ) from error
        if first["type"] == "extra_forbidden":
            raise _unknown(key, place) from error
        raise UsageError(
            f"The setting {key} {place} is wrong: {first['msg']}, not {first['input']!r}.",
            f"{key}: {Settings.model_fields[key].description}.",
        ) from error


def _variables() -> dict[str, str]:
    """Return key -> name of the variables that set one, whatever their case."""
    names = sorted(name for name in os.environ if name.upper().startswith(_PREFIX))
    return {name[len(_PREFIX) :].lower(): name for name in names}


def _place(key: str, flags: dict[str, Any]) -> str:
    """Return where the value of `key` in force was set."""
    if key in flags:
        return "among the arguments"
    variable = _variables().get(key)
    return f"in the environment ({variable})" if variable else f"in {_config().place}"


def _unknown(key: str, place: str) -> UsageError:
    near = get_close_matches(key, Settings.model_fields, n=1, cutoff=0.5)
    return UsageError(
        f"There is no setting {key!r}, which stands {place}.",
        f"Did you mean {near[0]}?" if near else f"There are {', '.join(Settings.model_fields)}.",
    )
