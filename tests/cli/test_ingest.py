"""`baocao ingest`: what it loads, what it says, how it exits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from baocao_etl.errors import ExitCode
from baocao_etl.warehouse import open_warehouse
from tests.cli.conftest import Cli
from tests.reports import REPORT, content
from tests.warehouse.test_locking import held

DB = "baocao.duckdb"


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with open_warehouse(path, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with open_warehouse(path, read_only=True) as connection:
        return content(connection) | {"runs": connection.execute("FROM runs").fetchall()}


def test_a_folder_is_loaded_once(cli: Cli, folder: Path, tmp_path: Path) -> None:
    first = cli("ingest", folder)
    assert first.code == ExitCode.OK
    assert "1 document, 1 page" in first.err
    assert first.out == ""
    before = everything(tmp_path / DB)
    assert len(before["figures"]) > 5
    second = cli("ingest", folder)
    assert second.code == ExitCode.OK
    assert "Nothing new" in second.err
    assert everything(tmp_path / DB) == before


def test_force_digitises_again_to_the_same(cli: Cli, folder: Path, tmp_path: Path) -> None:
    cli("ingest", folder)
    before = everything(tmp_path / DB)
    again = cli("ingest", folder, "--force", "--json")
    assert json.loads(again.out.splitlines()[1])["outcome"] == "replaced"
    after = everything(tmp_path / DB)
    assert len(after.pop("runs")) == 1 + len(before.pop("runs"))
    assert after == before


def test_other_settings_load_again(cli: Cli, folder: Path) -> None:
    cli("ingest", folder)
    assert "replaced: 1 file." in cli("ingest", folder, "--ocr", "off").err


def test_an_unreadable_file_is_quarantined_and_cured(
    cli: Cli, folder: Path, broken: Path, tmp_path: Path
) -> None:
    first = cli("ingest", folder)
    assert first.code == ExitCode.QUARANTINED
    assert str(broken) in first.err
    found = rows(tmp_path / DB, "SELECT source_path, stage, error, length(remedy) FROM quarantine")
    assert [(row[0], row[2]) for row in found] == [(str(broken), "DamagedSource")]
    assert found[0][3]
    before = everything(tmp_path / DB)
    second = cli("ingest", folder)
    assert second.code == ExitCode.QUARANTINED
    assert "Nothing new" in second.err
    assert everything(tmp_path / DB) == before
    broken.unlink()
    broken.write_text(REPORT.replace("118/BC", "119/BC"), encoding="utf-8")
    cured = broken.rename(broken.with_suffix(".txt"))
    assert cli("ingest", cured).code == ExitCode.OK


def test_a_file_mended_in_place_leaves_quarantine(cli: Cli, folder: Path, tmp_path: Path) -> None:
    path = folder / "late.txt"
    path.write_bytes(b"")
    assert cli("ingest", folder).code == ExitCode.QUARANTINED
    path.write_text(REPORT.replace("118", "120"), encoding="utf-8")
    assert cli("ingest", folder).code == ExitCode.OK
    assert rows(tmp_path / DB, "FROM quarantine") == []
    assert len(rows(tmp_path / DB, "FROM documents")) == 2


def test_nothing_readable(cli: Cli, broken: Path) -> None:
    assert cli("ingest", broken).code == ExitCode.NOTHING_READABLE


def test_an_empty_folder(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = cli("ingest", tmp_path / "empty")
    assert ran.code == ExitCode.NOTHING_READABLE
    assert not (tmp_path / DB).exists()


def test_twins_become_one_document(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (folder / "copy.txt").write_text(REPORT, encoding="utf-8")
    (folder / "zz.txt").write_text(REPORT, encoding="utf-8")
    ran = cli("ingest", folder, "--json")
    outcomes = [e["outcome"] for e in map(json.loads, ran.out.splitlines()) if e["event"] == "file"]
    assert sorted(outcomes) == ["duplicate", "duplicate", "loaded"]
    assert len(rows(tmp_path / DB, "FROM documents")) == 1
    assert len(rows(tmp_path / DB, "FROM sources")) == 3
    assert "Nothing new" in cli("ingest", folder).err


def test_twins_of_a_broken_file_are_quarantined_too(
    cli: Cli, folder: Path, broken: Path, tmp_path: Path
) -> None:
    (folder / "broken-too.pdf").write_bytes(broken.read_bytes())
    assert cli("ingest", folder).code == ExitCode.QUARANTINED
    assert len(rows(tmp_path / DB, "FROM quarantine")) == 2


def test_events_are_one_json_object_a_line(cli: Cli, folder: Path, broken: Path) -> None:
    ran = cli("ingest", folder, "--json")
    events = [json.loads(line) for line in ran.out.splitlines()]
    assert [event["event"] for event in events] == ["start", "file", "file", "summary"]
    bad, good = sorted(events[1:3], key=lambda event: event["path"])
    assert (bad["outcome"], bad["error"], good["outcome"]) == (
        "quarantined",
        "DamagedSource",
        "loaded",
    )
    assert good["figures"] == events[-1]["figures"] > 5
    assert events[-1]["exit_code"] == ran.code == ExitCode.QUARANTINED


def test_quiet_says_nothing(cli: Cli, folder: Path) -> None:
    ran = cli("ingest", folder, "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_odd_names(cli: Cli, folder: Path, tmp_path: Path) -> None:
    names = [
        b"a\nb.txt",
        b"'; DROP TABLE documents; --.txt",
        "báo cáo 😀.txt".encode(),
        b"\xff.txt",
    ]
    for i, name in enumerate(names):
        path = os.path.join(os.fsencode(folder), name)  # noqa: PTH118 - bytes
        with open(path, "w", encoding="utf-8") as stream:  # noqa: PTH123
            stream.write(REPORT.replace("118/BC", f"{i}9/BC"))
    ran = cli("ingest", folder)
    assert ran.code == ExitCode.OK
    found = {str(path) for (path,) in rows(tmp_path / DB, "SELECT source_path FROM documents")}
    expected = {f"{folder}/{n.decode('utf-8', 'backslashreplace')}" for n in names}
    assert expected < found
    assert "Nothing new" in cli("ingest", folder).err


def test_a_locked_warehouse(cli: Cli, folder: Path, tmp_path: Path) -> None:
    with held(tmp_path / DB) as holder:
        ran = cli("ingest", folder)
        assert ran.code == ExitCode.LOCKED
        assert f"process {holder.pid}" in ran.err
        assert cli("sql", "SELECT 1").code == ExitCode.LOCKED


def test_usage_errors(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database")
    for args in (
        ["ingest"],
        ["ingest", tmp_path / "missing"],
        ["ingest", folder, "--ocr", "perhaps"],
        ["ingest", folder, "--db", tmp_path / "notes.txt"],
        ["ingest", folder, "--db", tmp_path / "no" / "such" / "folder.duckdb"],
        ["nonsense"],
    ):
        ran = cli(*args)
        assert ran.code == ExitCode.USAGE, args
        assert ran.err
        assert "Traceback" not in ran.err


def test_missing_dictionaries(cli: Cli, folder: Path) -> None:
    ran = cli("ingest", folder, "--dictionaries", folder / "nowhere")
    assert ran.code == ExitCode.MISSING


INTERRUPTED = """
import signal, sys
from baocao_etl.cli import main
from baocao_etl.running import runner

perform, before = runner.perform, iter(range(int(sys.argv.pop(1))))
def interrupting(task, settings):
    if next(before, None) is None:
        signal.raise_signal(signal.SIGINT)  # Ctrl-C
    return perform(task, settings)
runner.perform = interrupting
signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs in the background ignore it
main()
"""


def test_an_interrupted_run_goes_on(folder: Path, tmp_path: Path) -> None:
    for i in range(8):
        text = REPORT.replace("118/BC", f"{i + 200}/BC")
        (folder / f"r{i:02}.txt").write_text(text, encoding="utf-8")
    db = tmp_path / "w.duckdb"
    ingest = ["ingest", str(folder), "--db", str(db), "--jobs", "0"]
    command = [sys.executable, "-c", INTERRUPTED]
    stopped = subprocess.run(
        [*command, "16", *ingest], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert stopped.returncode == 130
    assert "Traceback" not in stopped.stderr
    assert rows(db, "SELECT count(*) FROM documents") == [(5,)]  # of three tasks each
    assert rows(db, "SELECT status FROM runs") == [("interrupted",)]
    done = subprocess.run(
        [*command, "1000", *ingest], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "Loaded already: 5 files" in done.stderr
    assert len(rows(db, "SELECT DISTINCT source_path FROM documents")) == 9


def test_a_full_disk_loses_nothing(folder: Path, tmp_path: Path) -> None:
    for i in range(3):
        text = REPORT.replace("118/BC", f"{i + 200}/BC") * 12
        (folder / f"r{i:02}.txt").write_text(text, encoding="utf-8")
    db = tmp_path / "w.duckdb"
    command = [sys.executable, "-c", "from baocao_etl.cli import main; main()", "ingest"]
    command += [str(folder), "--db", str(db), "--jobs", "0"]
    full = subprocess.run(
        ["bash", "-c", 'trap "" XFSZ; ulimit -f 300; exec "$@"', "-", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert full.returncode == ExitCode.UNEXPECTED
    assert "cannot be written" in full.stderr
    assert "Traceback" not in full.stderr
    subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)
    assert len(rows(db, "SELECT DISTINCT source_path FROM documents")) == 4


@pytest.mark.shared
def test_a_real_report(cli: Cli, shared: Path) -> None:
    ran = cli("ingest", *(shared / "seeds").glob("001*"), "--json")
    assert ran.code == ExitCode.OK
    assert json.loads(ran.out.splitlines()[-1])["figures"] > 40
    assert cli("show", "001").code == ExitCode.OK
