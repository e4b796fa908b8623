"""One Settings object flows through the whole pipeline: flags > BAOCAO_* > baocao.toml > defaults."""

from __future__ import annotations

import os
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.errors import UsageError

CONFIG_FILE = Path("baocao.toml")


class Settings(BaseSettings):
    """Everything that a user can set. Immutable: the same bytes and settings give the same tables."""

    model_config = SettingsConfigDict(
        env_prefix="BAOCAO_", toml_file=CONFIG_FILE, frozen=True, extra="forbid"
    )

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
    jobs: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="worker processes; 1: none"
    )
    dictionaries: Path | None = Field(
        None, description="a folder of your own tables, laid over the bundled dictionaries"
    )
    repair: bool = Field(True, description="repair the Vietnamese; false keeps the text as read")

    @cached_property
    def tables(self) -> Dictionaries:
        """The dictionaries that these settings point at."""
        return Dictionaries.with_overlay(self.dictionaries)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: flags, environment, baocao.toml."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**flags: Any) -> Settings:
    """Return the settings in force; flags that are None were not given.

    Raises:
        UsageError: a key is unknown or a value is not allowed; the message names the key, where it
            was set, and the nearest key that there is.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    prefix = str(Settings.model_config["env_prefix"])
    for name in sorted(os.environ):
        if (
            name.startswith(prefix)
            and name.removeprefix(prefix).lower() not in Settings.model_fields
        ):
            raise _unknown(name.removeprefix(prefix).lower(), f"the environment ({name})")
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        place = _place(key, given, prefix)
        if first["type"] == "extra_forbidden":
            raise _unknown(key, place) from error
        raise UsageError(
            f"The setting {key} in {place} is wrong: {first['msg']}, not {first['input']!r}.",
            f"{key}: {Settings.model_fields[key].description}.",
        ) from error
    except ValueError as error:  # TOML that does not parse
        raise UsageError(f"{CONFIG_FILE} is not valid TOML: {error}.", "Mend the file.") from error


def _place(key: str, flags: dict[str, Any], prefix: str) -> str:
    """Return where the value of `key` in force was set."""
    if key in flags:
        return "the command line"
    variable = f"{prefix}{key.upper()}"
    return f"the environment ({variable})" if variable in os.environ else str(CONFIG_FILE)


def _unknown(key: str, place: str) -> UsageError:
    near = get_close_matches(key, Settings.model_fields, n=1, cutoff=0.5)
    return UsageError(
        f"There is no setting {key!r}, which {place} has.",
        f"Did you mean {near[0]}?" if near else f"There are {', '.join(Settings.model_fields)}.",
    )
