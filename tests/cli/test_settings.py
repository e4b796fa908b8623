"""Settings: flags over environment over baocao.toml over defaults; mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from baocao_etl.errors import ExitCode, UsageError
from baocao_etl.settings import load_settings
from tests.cli.conftest import Cli


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().dpi == 300
    (tmp_path / "baocao.toml").write_text("dpi = 200\n")
    assert load_settings().dpi == 200
    monkeypatch.setenv("BAOCAO_DPI", "250")
    assert load_settings().dpi == 250
    assert load_settings(dpi=400).dpi == 400


@pytest.mark.parametrize(
    ("toml", "parts"),
    [
        ("ocr_langage = 'vie'", ["ocr_langage", "baocao.toml", "ocr_language"]),
        ("dpi = 'many'", ["dpi", "baocao.toml", "many"]),
        ("ocr = 'perhaps'", ["ocr", "baocao.toml", "perhaps", "auto"]),
        ("dpi = ", ["baocao.toml", "TOML"]),
    ],
)
def test_mistakes_in_the_file(tmp_path: Path, toml: str, parts: list[str]) -> None:
    (tmp_path / "baocao.toml").write_text(toml)
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert [part for part in parts if part not in str(caught.value)] == []


def test_mistakes_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOCAO_DPIS", "200")
    with pytest.raises(UsageError, match=r"BAOCAO_DPIS.*Did you mean dpi"):
        load_settings()
    monkeypatch.delenv("BAOCAO_DPIS")
    monkeypatch.setenv("BAOCAO_DPI", "5")
    with pytest.raises(UsageError, match="BAOCAO_DPI"):
        load_settings()


def test_set_reaches_every_setting(cli: Cli, folder: Path) -> None:
    assert cli("ingest", folder, "--set", "repair=false", "--quiet").code == ExitCode.OK
    text = cli("sql", "SELECT count(*) AS n FROM corrections", "--format", "csv").out
    assert text.split() == ["n", "0"]
    for wrong in ("repair", "repare=false", "dpi=x"):
        assert cli("ingest", folder, "--set", wrong).code == ExitCode.USAGE
