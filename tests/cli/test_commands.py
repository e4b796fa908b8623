"""The other commands, and what is promised of all of them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from baocao_etl import doctor
from baocao_etl.cli.events import Event
from baocao_etl.cli.reference import ROOT, commands, reference
from baocao_etl.errors import ExitCode
from baocao_etl.settings import Settings
from tests.cli.conftest import Cli

README = Path(__file__).resolve().parents[2] / "README.md"
COMMANDS = [" ".join(words) for words in commands()]


@pytest.fixture
def loaded(cli: Cli, folder: Path) -> Cli:
    assert cli("ingest", folder, "--quiet").code == ExitCode.OK
    return cli


def test_sql_formats(loaded: Cli) -> None:
    query = "SELECT value, unit, kind FROM figures WHERE value IN (4210, 98.5) ORDER BY value"
    assert json.loads(loaded("sql", query, "--format", "json").out) == [
        {"value": 98.5, "unit": "%", "kind": "percent"},
        {"value": 4210, "unit": "hồ sơ", "kind": "count"},
    ]
    text = loaded("sql", query, "--format", "csv").out
    assert list(csv.reader(io.StringIO(text)))[1:] == [
        ["98.5", "%", "percent"],
        ["4210", "hồ sơ", "count"],
    ]
    assert re.search(r"4210\W+hồ sơ\W+count", loaded("sql", query).out)


def test_json_of_sql_is_json_whatever_the_answer(loaded: Cli) -> None:
    sql = "SELECT 1 AS a, 2 AS a, 'nan'::DOUBLE AS b, ['inf'::DOUBLE, 1] AS c, MAP {1: 2.5} AS d"
    assert json.loads(loaded("sql", sql, "--format", "json").out, parse_constant=pytest.fail) == [
        {"a": 1, "a_1": 2, "b": None, "c": [None, 1], "d": {"1": 2.5}}
    ]


@pytest.mark.parametrize("sql", ["", " ;", "-- nothing", "SELECT 1; SELECT 2"])
def test_sql_that_has_no_answer_to_write(loaded: Cli, tmp_path: Path, sql: str) -> None:
    several = sql.endswith("2")
    assert loaded("sql", sql).code == (ExitCode.OK if several else ExitCode.USAGE)
    assert loaded("sql", sql, "--format", "parquet", "-o", "x.parquet").code == ExitCode.USAGE
    assert not (tmp_path / "x.parquet").exists()


def test_sql_to_parquet_may_end_as_it_likes(loaded: Cli, tmp_path: Path) -> None:
    for sql in ("SELECT 1 AS a -- one", "SELECT ';' AS a; -- one", "FROM figures;;"):
        ran = loaded("sql", sql, "--format", "parquet", "-o", tmp_path / "x.parquet")
        assert ran.code == ExitCode.OK, ran.err
    for place in (tmp_path, tmp_path / "no" / "x.parquet"):
        ran = loaded("sql", "FROM figures", "--format", "parquet", "-o", place)
        assert ran.code == ExitCode.USAGE
        assert f"{place} cannot be written" in ran.err


@pytest.mark.parametrize("command", COMMANDS)
def test_who_opens_the_warehouse_may_wait_for_it(cli: Cli, command: str) -> None:
    """What the message of a locked file advises, every command knows."""
    told = cli(*command.split(), "--help").out
    assert ("--lock-timeout" in told) == ("--db" in told and command != "doctor")


def test_sql_cannot_change_anything(loaded: Cli) -> None:
    for statement in ("DELETE FROM figures", "DROP TABLE figures", "CREATE TABLE t (a INT)"):
        ran = loaded("sql", statement)
        assert ran.code == ExitCode.USAGE
        assert "--write lets SQL change" in ran.err
    assert json.loads(loaded("sql", "SELECT count(*) AS n FROM figures", "--format", "json").out)[
        0
    ]["n"]


def test_sql_may_write_when_told(loaded: Cli) -> None:
    assert loaded("sql", "--write", "UPDATE figures SET review = 'confirmed'").code == ExitCode.OK
    rows = json.loads(loaded("sql", "SELECT DISTINCT review FROM figures", "--format", "json").out)
    assert rows == [{"review": "confirmed"}]


def test_sql_that_duckdb_rejects(loaded: Cli) -> None:
    ran = loaded("sql", "SELEKT 1")
    assert ran.code == ExitCode.USAGE
    assert "SELEKT" in ran.err
    assert "Traceback" not in ran.err


def test_what_the_shell_gives_need_not_be_utf_8(loaded: Cli) -> None:
    stray = os.fsdecode(b"\xff")
    for command in (("sql", f"SELECT '{stray}'"), ("show", stray)):
        ran = loaded(*command)
        assert (ran.code, "unexpected" in ran.err) == (ExitCode.USAGE, False)


def test_the_table_is_utf_8_whatever_the_locale_says(loaded: Cli) -> None:
    del loaded  # its warehouse is in the working folder
    code = "from baocao_etl.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, "sql", "SELECT 'Sở Nội vụ' AS name"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert "Sở Nội vụ" in ran.stdout.decode()


def test_sql_without_a_warehouse(cli: Cli) -> None:
    ran = cli("sql", "SELECT 1", "--db", "nothing.duckdb")
    assert ran.code == ExitCode.USAGE
    assert "baocao ingest" in ran.err


@pytest.mark.parametrize("name", ["thanh-son.txt", "thanh-son", "thanh", "118"])
def test_show_by_many_names(loaded: Cli, name: str) -> None:
    ran = loaded("show", name)
    assert ran.code == ExitCode.OK
    assert "I.1" in ran.out
    assert "4210 hồ sơ" in ran.out
    assert "12/23 xã" in ran.out


def test_show_by_id_and_unknown_names(loaded: Cli) -> None:
    doc_id = loaded("show", "thanh-son").out.split()[0]
    assert loaded("show", doc_id[:8]).out == loaded("show", "thanh-son").out
    ran = loaded("show", "no-such")
    assert ran.code == ExitCode.USAGE
    assert "no-such" in ran.err


def test_show_of_several(loaded: Cli, folder: Path) -> None:
    text = (folder / "thanh-son.txt").read_text(encoding="utf-8")
    (folder / "thanh-son-2.txt").write_text(text + "\n", encoding="utf-8")
    loaded("ingest", folder)
    ran = loaded("show", "118")
    assert ran.code == ExitCode.USAGE
    assert "2 documents" in ran.err


def test_schema_makes_the_tables(cli: Cli) -> None:
    assert "CREATE TABLE figures" in cli("schema").out


def test_eval_of_a_loaded_document_and_of_a_file(loaded: Cli, folder: Path) -> None:
    gold = folder.parent / "gold.tsv"
    gold.write_text(
        "section\tvalue\tkind\tunit\tcontext\nI.1\t4210\tcount\thồ sơ\ttiếp nhận 4.210 hồ sơ\n"
        "I.2\t12/23\tratio\txã\ttại 12/23 xã\nII\t5\tcount\txã\tkhông có\n",
        encoding="utf-8",
    )
    banned = folder.parent / "not.tsv"
    banned.write_text("value\tcontext\n2021\tnăm\n", encoding="utf-8")
    stored = loaded("eval", gold, "--doc", "thanh-son", "--not-figures", banned, "--verbose")
    fresh = loaded("eval", gold, "--file", folder / "thanh-son.txt", "--verbose")
    assert stored.out == fresh.out
    assert re.search(r"score\W+3\W+\d+\W+2\W+0\.667", stored.out)
    assert "missed: II 5 xã" in stored.out
    assert loaded("eval", gold, "--doc", "nothing").code == ExitCode.USAGE


def test_eval_of_sections_and_letterheads(loaded: Cli, folder: Path) -> None:
    sections, heads = folder.parent / "sections.tsv", folder.parent / "heads.tsv"
    sections.write_text(
        "path\tkind\ttitle\nI\tpart\tKẾT QUẢ THỰC HIỆN\nI.1\tsection\t\nIII\tpart\tKHÔNG CÓ\n",
        encoding="utf-8",
    )
    heads.write_text(
        "number\tsymbol\tissued_on\tissued_place\n118\tBC-UBND\t2021-11-13\tThanh Sơn\n",
        encoding="utf-8",
    )
    stored = loaded("eval", sections, heads, "--doc", "thanh-son", "--verbose")
    fresh = loaded("eval", sections, heads, "--file", folder / "thanh-son.txt", "--verbose")
    assert stored.out == fresh.out
    assert re.search(r"path\W+3\W+4\W+2\W+0\.667", stored.out)
    assert "missed: III [part] KHÔNG CÓ" in stored.out
    assert re.search(r"all\W+4\W+3\W+0\.750", stored.out)
    assert "wrong: 1 issued_on : '2021-11-12', not '2021-11-13'" in stored.out
    assert "figures" not in stored.out


def test_eval_of_a_gold_of_several_documents(loaded: Cli, folder: Path) -> None:
    gold = folder.parent / "gold.tsv"
    gold.write_text(
        "source\tsection\tvalue\tkind\nthanh-son\tI.1\t4210\tcount\nother\t\t1\tcount\n",
        encoding="utf-8",
    )
    ran = loaded("eval", gold, "--file", folder / "thanh-son.txt")
    assert re.search(r"score\W+1\W+\d+\W+1\W+1\.000", ran.out)
    assert loaded("eval", gold).code == ExitCode.USAGE  # `other` is not loaded
    gold.write_text(
        gold.read_text(encoding="utf-8").replace("other", "thanh-son"), encoding="utf-8"
    )
    assert re.search(r"score\W+2\W+\d+\W+1\W+0\.500", loaded("eval", gold).out)


def test_doctor(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    healthy = cli("doctor").out
    assert "Tesseract" in healthy
    assert "MISSING  Dictionary" not in healthy
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = cli("doctor")
    assert ran.code == ExitCode.MISSING
    assert "tesseract-ocr" in ran.out or "tesseract-lang" in ran.out or "dnf" in ran.out


def test_doctor_tells_of_a_search_that_does_not_load(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "Search: DuckDB's fts: loads" in cli("doctor").out
    package = tmp_path / "duckdb_extension_fts"
    (package / "extensions" / "v0").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "extensions" / "v0" / "fts.duckdb_extension").write_bytes(b"of another DuckDB")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "duckdb_extension_fts", raising=False)
    ran = cli("doctor")
    assert ran.code == ExitCode.MISSING
    assert "Reinstall baocao-etl" in ran.out


def test_doctor_tells_an_old_tesseract_and_its_languages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "tesseract"
    program.write_text(
        "#!/bin/sh\ncase $1 in --version) echo tesseract 4.1.1;; *) echo eng;; esac\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    checks = {check.name: check for check in doctor.examine(Settings(ocr_language="vie+eng"))}
    old = checks["Tesseract 5 or newer"]
    assert (old.ok, "4.1.1" in old.found, bool(old.remedy)) == (False, True, True)
    assert not checks["Tesseract language data: vie"].ok
    assert "vie" in checks["Tesseract language data: vie"].remedy
    assert checks["Tesseract language data: eng"].ok


def test_doctor_sees_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    checks = doctor.examine(Settings(db=tmp_path / "no" / "such.duckdb"))
    written = next(check for check in checks if "Permission" in check.name)
    assert not written.ok
    assert written.remedy


def test_doctor_tells_of_a_machine_without_duckdb() -> None:
    script = """
import sys
sys.modules["duckdb"] = None  # its import fails, as where it is missing
from baocao_etl.doctor import examine
from baocao_etl.settings import Settings
print([check.found for check in examine(Settings()) if "fts" in check.name])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("['not installed']\n", "")


def test_the_questions_of_the_readme_can_be_asked(loaded: Cli) -> None:
    section = (
        README.read_text(encoding="utf-8").partition("A few questions:")[2].partition("\n#")[0]
    )
    block = "\n".join(line for line in section.splitlines() if line.startswith("    "))
    questions = [question for question in block.split(";") if question.strip()]
    assert len(questions) >= 4
    for question in questions:
        assert loaded("sql", question.strip("\n")).code == ExitCode.OK, question


def test_the_readme_documents_every_command_and_exit_code() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"baocao {name}" not in text] == []
    table = text.partition("### Exit codes")[2].partition("\n## ")[0]
    described = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    assert described == set(map(int, ExitCode))


def test_every_command_has_help(cli: Cli) -> None:
    for name in COMMANDS:
        ran = cli(*name.split(), "--help")
        assert ran.code == ExitCode.OK
        assert ran.out


def test_help_is_quick() -> None:
    """Seconds depend on what else the machine does; what is loaded for `--help` does not."""
    code = (
        "import sys; from baocao_etl.cli import main; sys.argv = ['baocao', 'ingest', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('loaded:', *sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.rpartition("loaded:")[2].split())
    assert "baocao_etl.cli.app" in loaded
    heavy = {"duckdb", "numpy", "PIL", "pypdfium2", "pdfplumber", "ftfy", "xlsxwriter"}
    assert loaded & heavy == set()
    assert loaded & {"baocao_etl.pipeline", "baocao_etl.warehouse", "baocao_etl.settings"} == set()


def test_an_unexpected_error_is_told_in_a_line(tmp_path: Path) -> None:
    code = (
        "import sys; from baocao_etl import ingest\n"
        "def wrong(*_, **__): raise RuntimeError('no way')\n"
        "ingest.ingest = wrong\n"
        "from baocao_etl.cli import main; main()"
    )
    for debug, traceback in (([], False), (["--debug"], True)):
        command = [sys.executable, "-c", code, *debug, "ingest", str(tmp_path)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == ExitCode.UNEXPECTED
        assert "no way" in ran.stderr
        assert ("Traceback" in ran.stderr) == traceback


def test_the_reference_is_not_stale() -> None:
    stale = [
        str(path)
        for path, content in reference().items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text(encoding="utf-8") != content
    ]
    assert stale == [], "run `python -m baocao_etl.cli.reference`"


def test_events_fit_their_schema(cli: Cli, folder: Path, broken: Path) -> None:
    lines = TypeAdapter(Event)
    ran = cli("ingest", folder, "--json")
    kinds = [type(lines.validate_json(line)).__name__ for line in ran.out.splitlines()]
    assert sorted(kinds) == ["FileEvent", "FileEvent", "StartEvent", "SummaryEvent"]
    del broken
