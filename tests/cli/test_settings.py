"""Settings: flags over environment over baocao.toml over defaults; mistakes are named."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao_etl.cli.reference import ROOT
from baocao_etl.errors import ExitCode, UsageError
from baocao_etl.settings import Settings, load_settings
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
        ("[baocao]\ndpi = 200", ["table [baocao]", "baocao.toml", "above all tables", "dpi = "]),
    ],
)
def test_mistakes_in_the_file(tmp_path: Path, toml: str, parts: list[str]) -> None:
    (tmp_path / "baocao.toml").write_text(toml)
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert [part for part in parts if part not in str(caught.value)] == []


def test_home_is_written_out(
    cli: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "baocao.toml").write_text("db = '~/mine.duckdb'\ncache_dir = '~/cache'\n")
    assert load_settings().cache_dir == tmp_path / "cache"
    cli("ingest", folder)
    assert (tmp_path / "mine.duckdb").is_file()
    assert cli("status").code == ExitCode.OK


@pytest.mark.parametrize("name", ["md:reports", "postgres:reports", "x?y.duckdb"])
def test_a_warehouse_is_a_file_whatever_it_is_called(
    cli: Cli, folder: Path, tmp_path: Path, name: str
) -> None:
    assert cli("ingest", folder, "--db", name).code == ExitCode.OK
    assert (tmp_path / name).is_file()
    assert cli("status", "--db", name).code == ExitCode.OK


def test_nothing_is_loaded_into_thin_air(cli: Cli, folder: Path) -> None:
    ran = cli("ingest", folder, "--db", ":memory:")
    assert (ran.code, "--db" in ran.err) == (ExitCode.USAGE, True)


def test_mistakes_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOCAO_DPIS", "200")
    with pytest.raises(UsageError, match=r"BAOCAO_DPIS.*Did you mean dpi"):
        load_settings()
    monkeypatch.delenv("BAOCAO_DPIS")
    monkeypatch.setenv("BAOCAO_DPI", "5")
    with pytest.raises(UsageError, match="BAOCAO_DPI"):
        load_settings()


def test_the_environment_may_be_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("baocao_dpi", "5")
    with pytest.raises(UsageError, match=r"in the environment \(baocao_dpi\)"):
        load_settings()
    monkeypatch.setenv("baocao_dpi", "250")
    assert load_settings().dpi == 250
    monkeypatch.setenv("baocao_dpis", "250")
    with pytest.raises(UsageError, match=r"baocao_dpis.*Did you mean dpi"):
        load_settings()


def test_a_wrong_password_file_is_told_before_the_work(cli: Cli, folder: Path) -> None:
    ran = cli("ingest", folder, "--password-file", "missing.txt")  # and no PDF would ask for it
    assert (ran.code, "missing.txt cannot be read" in ran.err) == (ExitCode.USAGE, True)


def test_set_reaches_every_setting(cli: Cli, folder: Path) -> None:
    assert cli("ingest", folder, "--set", "repair=false", "--quiet").code == ExitCode.OK
    text = cli("sql", "SELECT count(*) AS n FROM corrections", "--format", "csv").out
    assert text.split() == ["n", "0"]
    for wrong in ("repair", "repare=false", "dpi=x"):
        assert cli("ingest", folder, "--set", wrong).code == ExitCode.USAGE


def test_pyproject_serves_where_there_is_no_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other]\nx = 1\n[tool.baocao]\ndpi = 210\n")
    assert load_settings().dpi == 210
    (tmp_path / "baocao.toml").write_text("jobs = 3\n")
    assert (load_settings().dpi, load_settings().jobs) == (300, 3)


@pytest.mark.parametrize(
    ("toml", "parts"),
    [
        ("[tool.baocao]\ndpis = 200", ["dpis", "pyproject.toml", "[tool.baocao]", "mean dpi"]),
        ("[tool.baocao]\njobs = -1", ["jobs", "pyproject.toml", "-1"]),
        ("[tool]\nbaocao = 3", ["pyproject.toml", "not a table"]),
        ("[tool", ["pyproject.toml", "TOML"]),
    ],
)
def test_mistakes_in_pyproject(tmp_path: Path, toml: str, parts: list[str]) -> None:
    (tmp_path / "pyproject.toml").write_text(toml)
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert [part for part in parts if part not in str(caught.value)] == []


@settings(max_examples=60)
@given(st.binary(max_size=60) | st.builds(str.encode, st.text(st.sampled_from('[]ab="\n.1{}'))))
def test_whatever_the_file_holds(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "baocao.toml").write_bytes(data)
    with contextlib.suppress(UsageError):  # anything else fails
        assert isinstance(load_settings(), Settings)


def test_passwords_are_lines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "passwords.txt"
    path.write_text("\ufeffmật khẩu\n\n two words \nmật khẩu\n", encoding="utf-8")
    assert load_settings(password_file=path).passwords == ("mật khẩu", " two words ")
    for wrong in (tmp_path / "missing.txt", tmp_path):
        with pytest.raises(UsageError, match="password file"):
            _ = load_settings(password_file=wrong).passwords


def test_the_reference_lists_every_setting() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"| `{name}` |" not in page] == []
