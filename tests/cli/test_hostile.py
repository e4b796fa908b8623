"""Folders that were not made for us: links, names, files that cannot be read, secrets."""

from __future__ import annotations

import cProfile
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from baocao_etl.cli.events import Event
from baocao_etl.errors import ExitCode
from baocao_etl.reading import discover
from tests.cli.conftest import Cli, Ran
from tests.reports import REPORT


def write_pdf(path: Path, password: str | None = None) -> None:
    """A page with a layer, and a ruled table, which a second library reads."""
    encrypt = StandardEncryption(password, "owner", canCopy=0) if password else None
    canvas = Canvas("unused", encrypt=encrypt, invariant=1)
    for i in range(12):
        canvas.drawString(72, 700 - 20 * i, f"{i + 1}. Report 4.21{i} pages, 98,5%")
        canvas.line(60, 690 - 20 * i, 500, 690 - 20 * i)
    for x in (60, 280, 500):
        canvas.line(x, 470, x, 690)
    canvas.showPage()
    path.write_bytes(canvas.getpdfdata())


def files(ran: Ran) -> dict[str, dict[str, Any]]:
    """What became of each file, by the end of its name."""
    lines = [json.loads(line) for line in ran.out.splitlines()]
    return {Path(e["path"]).name: e for e in lines if e["event"] == "file"}


def test_links_out_of_the_folder_are_followed_only_if_told(
    cli: Cli, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(REPORT.replace("118", "1"), encoding="utf-8")
    (outside / "back").symlink_to(folder)  # and round in a circle
    (folder / "linked").symlink_to(outside)
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "inside.txt").symlink_to(folder / "thanh-son.txt")
    (folder / "loop").symlink_to("loop")
    (folder / "nowhere.txt").symlink_to("missing.txt")
    assert list(discover([folder])) == [folder / "inside.txt"]  # one of the two names
    assert list(files(cli("ingest", folder, "--json"))) == ["inside.txt"]
    told = files(cli("ingest", folder, "--json", "--follow-links"))
    assert {name: e["outcome"] for name, e in told.items()} == {
        "file.txt": "loaded",
        "inside.txt": "unchanged",
    }


def test_a_folder_of_links_alone_says_how_they_are_followed(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "a.txt").symlink_to("/etc/hostname")
    ran = cli("ingest", "links")
    assert (ran.code, "--follow-links" in ran.err) == (ExitCode.NOTHING_READABLE, True)


def test_folders_may_be_nested_as_deeply_as_they_like(tmp_path: Path) -> None:
    depth = sys.getrecursionlimit() + 50
    folder = tmp_path / "top"
    (folder / "z").mkdir(parents=True)
    (folder / "z" / "last.txt").touch()
    here = os.open(folder, os.O_RDONLY)  # step by step: no path may be so long at once
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        here, above = os.open("d", os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(os.open("deep.txt", os.O_CREAT, dir_fd=here))
    os.close(here)
    found = [str(path.relative_to(folder)) for path in discover([folder])]
    subprocess.run(["rm", "-r", folder], check=True)  # Python's own way recurses
    assert found == ["d/" * depth + "deep.txt", "z/last.txt"]


def test_names_of_pdfs_may_be_any_bytes(cli: Cli, folder: Path) -> None:
    names = [
        b"\xff\xfe.pdf",
        b"a\nb.pdf",
        b"\"'; DROP TABLE pages; --.pdf",
        "😀 báo cáo.pdf".encode(),
    ]
    names += [b"-h.pdf", b"~root.pdf", b"\x1b[31mred.pdf", b"%s$(id)`id`.pdf"]
    for i, name in enumerate(names):
        path = Path(os.fsdecode(os.path.join(os.fsencode(folder), name)))  # noqa: PTH118 - bytes
        write_pdf(path)
        path.write_bytes(path.read_bytes() + b"%" * (i + 1))  # else they would be twins
    ran = cli("ingest", folder, "--ocr", "off")
    assert ran.code == ExitCode.OK, ran.err
    assert "\x1b[31m" not in ran.err
    assert "a\\nb.pdf: loaded" in ran.err  # in one line, or a name could tell tales
    assert ran.err.count("loaded,") == len(names) + 1
    found = cli("sql", "SELECT count(*) AS n FROM documents", "--format", "json").out
    assert json.loads(found) == [{"n": len(names) + 1}]
    assert "Nothing new" in cli("ingest", folder, "--ocr", "off").err


def test_each_file_that_cannot_be_read_says_why(cli: Cli, folder: Path) -> None:
    (folder / "zero.pdf").touch()
    (folder / "picture.pdf").write_bytes(b"GIF89a" + bytes(40))
    (folder / "text.pdf").write_text(REPORT, encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "table.xlsx").write_bytes(b"PK\x03\x04" + bytes(40))
    os.mkfifo(folder / "pipe.txt")  # would wait for ever if it were opened
    ran = cli("ingest", folder, "--json")
    assert ran.code == ExitCode.QUARANTINED
    told = files(ran)
    assert set(told) == {
        *("zero.pdf", "picture.pdf", "text.pdf", "binary.txt", "table.xlsx", "thanh-son.txt")
    }
    for name, event in told.items():
        if name != "thanh-son.txt":
            assert event["outcome"] == "quarantined"
            assert name in event["message"]
            assert event["remedy"]
    assert "empty" in told["zero.pdf"]["message"]
    assert "GIF" in told["picture.pdf"]["message"]
    assert cli("ingest", folder / "pipe.txt").code == ExitCode.NOTHING_READABLE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_one_may_not_read_is_told(cli: Cli, folder: Path) -> None:
    (folder / "mine.txt").write_text("x")
    (folder / "mine.txt").chmod(0)
    (folder / "closed").mkdir(mode=0)
    told = files(cli("ingest", folder, "--json"))
    assert told["mine.txt"]["outcome"] == told["closed"]["outcome"] == "quarantined"
    (folder / "mine.txt").unlink()
    (folder / "closed").chmod(0o755)
    assert cli("retry").code == ExitCode.OK
    assert "Nothing to do" in cli("status").out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_where_one_may_not_write_is_told(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (folder / "closed").mkdir()
    (folder / "closed" / "empty.txt").touch()
    cli("ingest", folder)
    kept = tmp_path / "kept"
    kept.mkdir()
    db = (tmp_path / "baocao.duckdb").rename(kept / "w.duckdb")
    (folder / "closed").chmod(0o444)
    kept.chmod(0o555)
    for command in (["ingest", folder / "thanh-son.txt", "--force"], ["forget", "thanh-son"]):
        ran = cli(*command, "--db", db)
        assert ran.code == ExitCode.UNEXPECTED
        assert "cannot be written" in ran.err
        assert "Permission denied" in ran.err
    assert cli("retry", "--db", db).code == ExitCode.OK  # nothing that could be tried is there
    for name in ("f.csv", "f.xlsx", "f.parquet"):
        ran = cli("export", kept / name, "--db", db)
        assert ran.code == ExitCode.USAGE
        assert "cannot be written" in ran.err
    assert cli("sql", "SELECT count(*) FROM search('ho so')", "--db", db).code == ExitCode.OK
    assert cli("ingest", folder, "--db", kept / "new.duckdb").code == ExitCode.USAGE


def test_passwords_come_from_a_file_and_go_nowhere(cli: Cli, folder: Path, tmp_path: Path) -> None:
    write_pdf(folder / "closed.pdf", "hoa-sen")
    assert cli("ingest", folder, "--json").code == ExitCode.QUARANTINED
    secrets = tmp_path / "secrets.txt"
    secrets.write_text("wrong\n")
    ran = cli("retry", "--json", "--ocr", "off", "--password-file", secrets)
    told = files(ran)["closed.pdf"]
    assert (told["outcome"], told["error"]) == ("quarantined", "EncryptedSource")
    assert "none of the 1" in told["message"]
    assert "--password-file" in told["remedy"]
    secrets.write_text("wrong\nhoa-sen\n")
    again = cli("retry", "--json", "--ocr", "off", "--password-file", secrets)
    assert again.code == ExitCode.OK
    assert files(again)["closed.pdf"]["figures"] > 5
    everything = (tmp_path / "baocao.duckdb").read_bytes().decode("latin-1") + again.out + again.err
    assert "hoa-sen" not in everything


def test_a_run_that_cannot_begin_says_so_in_an_event(cli: Cli, tmp_path: Path) -> None:
    for arguments, code in (
        (["ingest", tmp_path / "missing"], ExitCode.USAGE),
        (["ingest", tmp_path, "--set", "dpi=x"], ExitCode.USAGE),
        (["retry"], ExitCode.USAGE),
    ):
        ran = cli(*arguments, "--json")
        (event,) = (TypeAdapter(Event).validate_json(line) for line in ran.out.splitlines())
        assert event.event == "error"
        assert event.exit_code == ran.code == code
        assert event.message in ran.err


@pytest.mark.skipif(sys.platform != "linux", reason="pseudo-terminals differ")
def test_bars_and_colours_are_for_terminals(cli: Cli, folder: Path, broken: Path) -> None:
    ran = cli("ingest", folder)
    assert ran.code == ExitCode.QUARANTINED
    assert "\x1b" not in ran.out + ran.err
    assert "\r" not in ran.out + ran.err
    assert broken.name in ran.err


def test_a_folder_of_many_entries_is_walked_quickly(tmp_path: Path) -> None:
    for i in range(1000):
        (tmp_path / f"{i:05}.txt").touch()
    with cProfile.Profile() as profile:
        found = list(discover([tmp_path]))
    assert found == sorted(tmp_path.iterdir())
    asked = [
        entry
        for entry in profile.getstats()
        if any(name in str(entry.code) for name in ("stat", "readlink", "scandir", "listdir"))
    ]
    # The kinds of its entries come with the listing: no call of the system for each.
    assert 0 < sum(entry.callcount for entry in asked) < 100
