"""status, retry, forget, export, watch, and the gates of batch jobs."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import zipfile
from pathlib import Path

import duckdb
import pytest
from pydantic import TypeAdapter

from baocao_etl.cli.events import Event
from baocao_etl.errors import DatabaseLocked, ExitCode
from baocao_etl.ingest import Gate, Summary, watch
from baocao_etl.ingest.watch import Looks
from baocao_etl.settings import Settings
from baocao_etl.warehouse import open_warehouse
from tests.cli.conftest import Cli
from tests.reports import REPORT
from tests.warehouse.test_locking import held


def test_status_tells_what_to_do(cli: Cli, folder: Path, broken: Path) -> None:
    cli("ingest", folder)
    ran = cli("status")
    assert ran.code == ExitCode.OK
    assert "1 file, 1 document, 1 page" in ran.out
    assert str(broken) in ran.out
    assert "baocao retry" in ran.out
    found = json.loads(cli("status", "--json").out)
    TypeAdapter(Event).validate_python(found)  # as the schema says
    assert found["next"][0].startswith("mend the files in quarantine")
    assert (found["files"], len(found["quarantine"]), len(found["runs"])) == (1, 1, 1)


def test_show_tells_of_a_file_that_is_in_quarantine(cli: Cli, folder: Path, broken: Path) -> None:
    cli("ingest", folder)
    for name in (broken.name, broken.stem, broken):
        ran = cli("show", name)
        assert (ran.code, "is in quarantine" in ran.err) == (ExitCode.USAGE, True)
    assert "No document is called" in cli("show", "nothing").err


def test_retry_mends_what_can_be_read_now(cli: Cli, folder: Path, broken: Path) -> None:
    cli("ingest", folder)
    assert cli("retry").code == ExitCode.NOTHING_READABLE
    broken.write_text(REPORT.replace("118", "121"), encoding="utf-8")
    good = broken.rename(folder / "mended.txt")
    broken.symlink_to(good)
    cli("ingest", folder, "--quiet")
    broken.unlink()
    assert cli("retry", "--quiet").code == ExitCode.OK


def test_retry_of_nothing(cli: Cli, folder: Path) -> None:
    cli("ingest", folder)
    ran = cli("retry")
    assert ran.code == ExitCode.OK
    assert "no file in quarantine" in ran.err


def test_what_is_gone_leaves_quarantine(cli: Cli, folder: Path, broken: Path) -> None:
    other = folder / "other.pdf"
    other.write_bytes(b"")
    odd = folder / os.fsdecode(b"\xe9t\xe9.pdf")
    odd.write_bytes(b"")
    assert cli("ingest", folder).code == ExitCode.QUARANTINED
    assert quarantine(cli) == ["\\xe9t\\xe9.pdf", broken.name, other.name]
    broken.unlink()
    assert "1 file left quarantine" in cli("ingest", folder).err
    assert quarantine(cli) == ["\\xe9t\\xe9.pdf", other.name]
    other.unlink()
    odd.write_text(REPORT.replace("118", "122"), encoding="utf-8")
    odd.rename(odd.with_suffix(".txt"))
    cli("ingest", folder / "thanh-son.txt")
    assert len(quarantine(cli)) == 2  # nobody looked
    ran = cli("retry")
    assert (ran.code, quarantine(cli)) == (ExitCode.OK, [])


def test_retry_finds_names_that_are_no_utf_8(cli: Cli, folder: Path) -> None:
    odd = folder / os.fsdecode(b"n\xe0m.txt")
    odd.write_bytes(b"")
    cli("ingest", folder)
    odd.write_text(REPORT.replace("118", "123"), encoding="utf-8")
    assert "loaded" in cli("retry").err
    assert quarantine(cli) == []


def test_earlier_bytes_that_are_back_are_loaded_and_not_in_quarantine(
    cli: Cli, folder: Path
) -> None:
    file = folder / "thanh-son.txt"
    cli("ingest", folder)
    good = file.read_bytes()
    file.write_bytes(b"")
    cli("ingest", folder)
    assert quarantine(cli) == [file.name]
    file.write_bytes(good)
    assert cli("ingest", folder).code == ExitCode.OK
    assert quarantine(cli) == []


def test_retry_reads_nothing_again_that_is_loaded(cli: Cli, folder: Path, broken: Path) -> None:
    cli("ingest", folder)
    assert cli("retry", "--json").out.count('"event":"file"') == 1


def quarantine(cli: Cli) -> list[str]:
    """The names in quarantine."""
    found = json.loads(cli("status", "--json").out)["quarantine"]
    return [str(row["source_path"]).rpartition("/")[2] for row in found]


def test_compact_says_what_it_gave_back(cli: Cli, folder: Path, tmp_path: Path) -> None:
    cli("ingest", folder)
    assert "compact" not in cli("status").out
    for _ in range(2):
        cli("ingest", folder, "--force")
    assert "baocao compact" in cli("status").out
    ran = cli("compact")
    assert ran.code == ExitCode.OK
    assert "MB before" in ran.err
    assert "baocao compact" not in cli("status").out
    assert cli("compact", "--db", tmp_path / "none.duckdb").code == ExitCode.USAGE


def test_forget_takes_a_document_out(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (folder / "copy.txt").write_text(REPORT, encoding="utf-8")
    cli("ingest", folder)
    assert "forgotten" in cli("forget", "118").err
    with open_warehouse(tmp_path / "baocao.duckdb", read_only=True) as connection:
        for table in ("documents", "pages", "sections", "figures", "corrections", "sources"):
            assert connection.execute(f"FROM {table}").fetchall() == []
    assert cli("forget", "118").code == ExitCode.USAGE
    assert cli("ingest", folder, "--json").out.count('"loaded"') == 2  # the file, and its count
    assert cli("forget", "118", "--db", "none.duckdb").code == ExitCode.USAGE
    assert not (tmp_path / "none.duckdb").exists()


HOSTILE = "=HYPERLINK(1)"


@pytest.fixture
def hostile(cli: Cli, folder: Path, tmp_path: Path) -> Cli:
    """A warehouse with text that spreadsheets would take for a formula."""
    cli("ingest", folder)
    with open_warehouse(tmp_path / "baocao.duckdb") as connection:
        connection.execute("UPDATE figures SET sentence = ? WHERE value = 4210", [HOSTILE])
    return cli


def test_csv_opens_in_excel_and_holds_no_formula(hostile: Cli, tmp_path: Path) -> None:
    assert hostile("export", "figures.csv").code == ExitCode.OK
    data = (tmp_path / "figures.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    row = next(row for row in found if row["value"] == "4210")
    assert (row["unit"], row["sentence"]) == ("hồ sơ", f"'{HOSTILE}")


@pytest.mark.parametrize("text", [HOSTILE, "-1+cmd", "\n=1", "\uff1d1+1"])
def test_csv_of_sql_holds_no_formula(hostile: Cli, text: str) -> None:
    ran = hostile("sql", f"SELECT '{text}' AS \"{text}\", -4.5 AS b", "--format", "csv")
    found = list(csv.reader(ran.out.splitlines(keepends=True)))
    assert found == [[f"'{text}", "b"], [f"'{text}", "-4.5"]]


def test_csv_holds_no_formula_where_semicolons_separate(hostile: Cli) -> None:
    # As spreadsheets do where the comma is the decimal mark.
    ran = hostile("sql", "SELECT 'máy in;=1+1' AS a, 'tăng; -5 máy' AS b", "--format", "csv")
    assert "máy in;'=1+1,tăng; -5 máy" in ran.out


def test_exports_of_the_same_rows_are_the_same_and_in_reading_order(
    hostile: Cli, tmp_path: Path
) -> None:
    with open_warehouse(tmp_path / "baocao.duckdb") as connection:
        connection.execute("UPDATE figures SET indicator = 'x' || value WHERE kind = 'count'")
        found = connection.execute(
            "SELECT figure_id FROM figures ORDER BY page, raw_from"
        ).fetchall()
        # As another run might have left them.
        connection.execute("CREATE TABLE turned AS FROM figures ORDER BY rowid DESC")
        connection.execute("DELETE FROM figures; INSERT INTO figures FROM turned")
    assert hostile("export", "csv").code == ExitCode.OK
    figures, panel = (
        list(csv.DictReader((tmp_path / "csv" / name).read_text("utf-8-sig").splitlines()))
        for name in ("figures.csv", "panel.csv")
    )
    assert [(row["figure_id"],) for row in figures] == found
    assert list(panel[0])[:8] == [
        *("indicator", "indicator_name", "place", "level", "period", "value", "unit", "document")
    ]
    indicators = [row["indicator"] for row in panel]
    assert len(indicators) > 1
    assert indicators == sorted(indicators)


def test_lists_are_json_in_every_program(hostile: Cli, tmp_path: Path) -> None:
    query = "SELECT [{'tên': 'Sở', 'value': 1.50::DECIMAL(9, 6)}] AS a"
    shown = '[{"tên": "Sở", "value": 1.5}]'
    assert next(csv.DictReader(hostile("sql", query, "--format", "csv").out.splitlines())) == {
        "a": shown
    }
    assert shown in hostile("sql", query).out
    with open_warehouse(tmp_path / "baocao.duckdb") as connection:
        connection.execute("UPDATE documents SET recipients = ['UBND tỉnh', 'Lưu: VT']")
    hostile("export", "all.xlsx")
    with zipfile.ZipFile(tmp_path / "all.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet3.xml").decode()
    assert html.unescape(sheet).count('["UBND tỉnh", "Lưu: VT"]') == 1


def test_parquet_is_typed(hostile: Cli, tmp_path: Path) -> None:
    assert hostile("export", "out/parquet").code == ExitCode.OK
    files = sorted(path.name for path in (tmp_path / "out" / "parquet").iterdir())
    assert files == ["documents.parquet", "figures.parquet", "findings.parquet", "panel.parquet"]
    path = str(tmp_path / "out/parquet/figures.parquet")
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT typeof(value), typeof(period_from) FROM read_parquet(?)", [path]
        )
        assert found.fetchone() == ("DECIMAL(38,6)", "DATE")
        found = connection.execute("SELECT key, value FROM parquet_kv_metadata(?)", [path])
        about = {key.decode(): value.decode() for key, value in found.fetchall()}
    assert about["title"] == "v_figures"
    assert about["creator"].startswith("baocao-etl ")
    assert about["description"].startswith("Figures (số liệu)")
    assert json.loads(about["columns"])["file"] == "Name of the file, without its folder"


def test_workbook(hostile: Cli, tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "baocao.duckdb") as connection:
        connection.execute(
            "INSERT INTO documents SELECT * REPLACE ('other' AS doc_id, '/r/=cmd.txt' AS source_path) "
            "FROM documents; "
            "INSERT INTO figures SELECT * REPLACE ('other' AS figure_id, 'other' AS doc_id) "
            "FROM figures WHERE value = 1305"
        )
    assert hostile("export", "báo cáo.xlsx").code == ExitCode.OK
    with zipfile.ZipFile(tmp_path / "báo cáo.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.read("xl/workbook.xml").decode()
        links = [book.read(f"xl/worksheets/_rels/sheet{n}.xml.rels").decode() for n in (1, 2, 3)]
        cells = re.findall(r'<c r="\w+" s="(\d+)" t="inlineStr"><is><t>(.*?)</t>', sheet)
        styles = re.search(r"<cellXfs.*?</cellXfs>", book.read("xl/styles.xml").decode())
    assert all(f'name="{name}"' in names for name in ("figures", "panel", "documents", "findings"))
    assert "<f>" not in sheet
    assert styles
    looks = re.findall(r"<xf .*?>", styles[0])
    # What looks like a formula stays text when somebody edits the cell; links, too.
    risky = {text for look, text in cells if 'quotePrefix="1"' in looks[int(look)]}
    assert risky == {HOSTILE, "=cmd.txt"}
    assert HOSTILE in sheet
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    for (
        found
    ) in links:  # every sheet with rows leads to the files, in a form that all programs understand
        assert re.search(r'Target="FILE:///[^"\\]+/thanh-son\.txt"', found)
    assert 'location="page=1"' in sheet
    assert "<v>4210</v>" in sheet
    assert [p.name for p in tmp_path.iterdir() if "partial" in p.name] == []


def test_export_says_what_it_can_write(hostile: Cli, tmp_path: Path) -> None:
    assert hostile("export", "figures.doc").code == ExitCode.USAGE
    assert hostile("export", tmp_path / "no" / "figures.csv").code == ExitCode.USAGE


def test_sql_to_parquet(hostile: Cli, tmp_path: Path) -> None:
    query = "SELECT value FROM figures;"
    assert hostile("sql", query, "--format", "parquet", "-o", "o'k.parquet").code == ExitCode.OK
    assert (tmp_path / "o'k.parquet").is_file()
    assert hostile("sql", query, "--format", "parquet").code == ExitCode.USAGE
    assert hostile("sql", query, "-o", "like-its-name.parquet").code == ExitCode.OK
    assert (tmp_path / "like-its-name.parquet").read_bytes().startswith(b"PAR1")
    assert hostile("sql", "nonsense", "--format", "parquet", "-o", "x").code == ExitCode.USAGE


def test_sql_to_a_file_that_excel_and_programs_open(hostile: Cli, tmp_path: Path) -> None:
    query = "SELECT sentence, unit FROM figures WHERE value = 4210"
    assert hostile("sql", query, "-o", "ô.CSV") == (ExitCode.OK, "", "")
    told = f"sentence,unit\r\n'{HOSTILE},hồ sơ\r\n"
    assert (tmp_path / "ô.CSV").read_bytes() == b"\xef\xbb\xbf" + told.encode()
    assert hostile("sql", query, "-o", "answer", "--format", "json").code == ExitCode.OK
    found = json.loads((tmp_path / "answer").read_text(encoding="utf-8"))
    assert found == [{"sentence": HOSTILE, "unit": "hồ sơ"}]
    for wrong in (("-o", "answer.doc"), ("-o", "a.csv", "--format", "table"), ("-o", "no/a.csv")):
        assert hostile("sql", query, *wrong).code == ExitCode.USAGE


def test_gates() -> None:
    summary = Summary(pages_failed=1, quality=0.5)
    summary.outcomes.update(loaded=3, quarantined=2)
    codes = {
        Gate(): ExitCode.QUARANTINED,
        Gate(max_quarantined=2): ExitCode.OK,
        Gate(max_quarantined=2, strict=True): ExitCode.FINDINGS,
        Gate(max_quarantined=2, min_quality=0.6): ExitCode.FINDINGS,
        Gate(max_quarantined=2, min_quality=0.5): ExitCode.OK,
    }
    assert {gate: gate.judge(summary).code for gate in codes} == codes
    reasons = [gate.judge(summary).reason or "" for gate in codes]
    words = [
        "allows (0)",
        "",
        "pages that could not be read: 1",
        "quality of a document is 0.500",
        "",
    ]
    assert [word in reason for word, reason in zip(words, reasons, strict=True)] == [True] * 5
    assert [bool(reason) for reason in reasons] == [True, False, True, True, False]


def test_what_is_allowed_to_fail_may_be_all_there_is(cli: Cli, broken: Path) -> None:
    assert cli("ingest", broken).code == ExitCode.NOTHING_READABLE
    for command in (("ingest", broken), ("retry",)):
        assert cli(*command, "--max-quarantined", 1).code == ExitCode.OK


def test_a_gate_that_shuts_says_why(cli: Cli, folder: Path, broken: Path) -> None:
    assert "Exit code 5: more files are in quarantine" in cli("ingest", folder).err
    broken.unlink()
    gated = ("ingest", folder, "--force", "--min-quality", 1)
    ran = cli(*gated)
    assert ran.code == ExitCode.FINDINGS
    assert "Exit code 6: the lowest quality of a document is 0.9" in ran.err
    end = json.loads(cli(*gated, "--json").out.splitlines()[-1])
    assert (end["exit_code"], "--min-quality asks for 1" in end["reason"]) == (6, True)
    assert json.loads(cli("ingest", folder, "--json").out.splitlines()[-1])["reason"] is None


def test_gate_flags(cli: Cli, folder: Path, broken: Path) -> None:
    assert cli("ingest", folder, "--max-quarantined", 1).code == ExitCode.OK
    assert cli("ingest", folder).code == ExitCode.QUARANTINED
    assert cli("ingest", folder, "--max-quarantined", 1, "--force", "--min-quality", 1).code in {
        ExitCode.OK,
        ExitCode.FINDINGS,
    }
    del broken


def test_watch_waits_until_a_file_is_whole() -> None:
    scan, other = Path("scan.pdf"), Path("other.pdf")
    looks = Looks()

    def ready(**now: tuple[int, int]) -> list[Path]:
        found = looks.ready({Path(f"{name}.pdf"): state for name, state in now.items()})
        looks.loaded(found)
        return found

    assert ready(scan=(10, 1)) == []
    assert ready(scan=(20, 2)) == []  # still growing
    assert ready(scan=(20, 2), other=(5, 2)) == [scan]
    assert ready(scan=(20, 2), other=(5, 2)) == [other]
    assert ready(scan=(20, 2), other=(5, 2)) == []
    assert ready(scan=(30, 3)) == []
    assert ready(scan=(30, 3), other=(5, 2)) == [scan]
    assert ready(scan=(30, 3), other=(5, 2)) == [other]  # it was away


def test_watch_loads_what_arrives(cli: Cli, folder: Path) -> None:
    ran = cli("watch", folder, "--interval", 0.1, "--rounds", 3, "--json")
    events = [json.loads(line) for line in ran.out.splitlines()]
    assert [event["event"] for event in events] == ["start", "file", "summary"]
    assert ran.code == ExitCode.OK


def test_what_is_taken_away_leaves_quarantine_under_watch(
    cli: Cli, folder: Path, broken: Path, tmp_path: Path
) -> None:
    earlier, stays = folder / "earlier.pdf", folder / "stays.pdf"
    earlier.write_bytes(b"%PDF-1.7\nnothing follows, earlier")
    stays.write_bytes(b"%PDF-1.7\nnothing follows either")
    cli("ingest", folder)
    earlier.unlink()  # before anybody watched
    settings = Settings(db=tmp_path / "baocao.duckdb", jobs=0)
    batches = watch([folder], settings, interval=0, rounds=5)
    first = next(batches)
    assert (first.files, first.nothing_new, first.released) == (3, True, 1)
    assert quarantine(cli) == [broken.name, stays.name]
    broken.unlink()
    second = next(batches)
    assert (second.files, second.released) == (0, 1)
    assert quarantine(cli) == [stays.name]
    assert list(batches) == []


def test_watch_names_files_as_ingest_does(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (folder / "link.txt").symlink_to(folder / "thanh-son.txt")
    (tmp_path / "way").symlink_to(folder)
    cli("ingest", "reports")
    ran = cli("watch", "way", "--interval", 0.1, "--rounds", 2)
    assert "loaded already in baocao.duckdb: 1 file." in ran.err


def test_a_file_that_vanishes_does_not_end_the_watch(folder: Path, tmp_path: Path) -> None:
    fleeting = folder / "a.txt"
    fleeting.write_text(REPORT, encoding="utf-8")
    settings = Settings(db=tmp_path / "w.duckdb", jobs=0)
    batches = watch(
        [folder],
        settings,
        interval=0,
        rounds=4,
        on_start=lambda _: fleeting.unlink(missing_ok=True),
    )
    outcomes = [(dict(batch.outcomes), batch.released) for batch in batches]
    assert outcomes == [({"quarantined": 1, "loaded": 1}, 0), ({}, 1)]


def test_files_wait_while_another_process_has_the_warehouse(
    cli: Cli, folder: Path, broken: Path, tmp_path: Path
) -> None:
    db = tmp_path / "baocao.duckdb"
    cli("ingest", folder)
    told: list[str] = []

    def let_go(error: DatabaseLocked) -> None:
        told.append(error.message)
        holder.kill()
        holder.wait()

    settings = Settings(db=db, jobs=0)
    batches = watch([folder], settings, interval=0, rounds=9, on_locked=let_go)
    assert next(batches).nothing_new
    (folder / "new.txt").write_text(REPORT.replace("118", "7"), encoding="utf-8")
    broken.unlink()
    with held(db) as holder:
        found = next(batches)
    assert (len(told), f"process {holder.pid}" in told[0]) == (1, True)
    assert (found.released, found.outcomes["loaded"]) == (1, 1)
    assert list(batches) == []
