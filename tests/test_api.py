"""The public API: its names and parameters stay, and docs/api.md runs."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import baocao_etl
from baocao_etl import api
from tests.reports import REPORT

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"
# Programs depend on these: add to them, but do not take away or rename.
SIGNATURES = {
    "digitise": "(path, **settings)",
    "Pipeline": "(**settings)",
    "Pipeline.digitise": "(self, path)",
    "Pipeline.run": "(self, paths)",
    "Pipeline.ingest": "(self, paths, *, force=False, lock_timeout=0.0, on_file=...)",
    "open_warehouse": "(path, *, read_only=False, lock_timeout=0.0)",
}
MODELS = {
    *("Box", "Cell", "Citation", "Correction", "Document", "Figure", "Finding", "Letterhead"),
    *("Mention", "Page", "Section", "Source", "Span", "Table", "Word"),
}
RESULTS = {"Failure", "Loaded", "FileResult", "Summary", "Settings", "BaocaoError", "SourceError"}


def signature(thing: object) -> str:
    found = inspect.signature(thing)  # type: ignore[arg-type]
    parameters = [
        p.replace(
            annotation=inspect.Parameter.empty,
            default=... if callable(p.default) and p.default is not p.empty else p.default,
        )
        for p in found.parameters.values()
    ]
    text = str(inspect.Signature(parameters))
    return text.replace("Ellipsis", "...")


def test_the_names_are_pinned() -> None:
    functions = {name for name in SIGNATURES if "." not in name}
    assert set(baocao_etl.__all__) == functions | MODELS | RESULTS
    for name in baocao_etl.__all__:
        assert getattr(baocao_etl, name) is getattr(api, name)
    public = {name for name in vars(api.Pipeline) if not name.startswith("_")}
    assert {f"Pipeline.{name}" for name in public} <= set(SIGNATURES)


def test_names_can_be_completed() -> None:
    assert set(baocao_etl.__all__) <= set(dir(baocao_etl))


@pytest.mark.parametrize("name", SIGNATURES)
def test_the_parameters_are_pinned(name: str) -> None:
    first, _, method = name.partition(".")
    thing = getattr(api, first)
    assert signature(getattr(thing, method) if method else thing) == SIGNATURES[name]


def test_the_package_is_light_until_it_is_used() -> None:
    code = "import sys, baocao_etl; print([m for m in sys.modules if m.startswith('baocao_etl.')])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="no_such"):
        _ = baocao_etl.no_such


def test_one_path_is_a_list_of_one(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text(REPORT, encoding="utf-8")
    pipeline = api.Pipeline(jobs=0, db=tmp_path / "w.duckdb")
    assert pipeline.ingest(str(report)).documents == 1
    (outcome,) = pipeline.run(report)
    assert isinstance(outcome, api.Loaded)


def test_the_warehouse_is_searched_without_a_network(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text(REPORT, encoding="utf-8")
    api.Pipeline(jobs=0, db=tmp_path / "w.duckdb").ingest([report])
    code = (
        "import sys; from baocao_etl import open_warehouse\n"
        "with open_warehouse(sys.argv[1], read_only=True) as connection:\n"
        "    connection.execute('SET autoinstall_known_extensions = false')\n"
        "    print(len(connection.execute('FROM search(?)', ['ho so truc tuyen']).fetchall()))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "w.duckdb")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(ran.stdout) >= 2


def test_a_folder_is_told_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(api.SourceError, match="is a folder"):
        api.digitise(tmp_path)


def test_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "thanh-son.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "reports" / "empty.txt").touch()
    page = PAGE.read_text(encoding="utf-8")
    namespace: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(block, namespace)  # noqa: S102 - our own page
    said = capsys.readouterr().out
    assert "118 BC-UBND" in said
    assert "4210" in said
    assert "empty.txt is empty" in said
    assert "1 documents" in said
    assert [name for name in baocao_etl.__all__ if f"`{name}" not in page] == []
