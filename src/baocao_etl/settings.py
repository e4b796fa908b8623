"""One Settings object flows through the whole pipeline: flags > BAOCAO_* > baocao.toml > defaults."""

from __future__ import annotations

import os
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
    dpi: int = Field(300, ge=100, le=600, description="resolution that PDF pages are rendered at")
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
        UsageError: a key is unknown or a value is not allowed; the message names both.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise UsageError(
            f"A setting is wrong: {problems}.",
            f"Known settings: {', '.join(sorted(Settings.model_fields))}.",
        ) from error
    except ValueError as error:  # TOML that does not parse
        raise UsageError(f"{CONFIG_FILE} is not valid TOML: {error}.", "Mend the file.") from error
