"""A user's own words and the cache of OCR, and the flags that choose pages, engines and cache."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from baocao_etl.errors import ExitCode
from baocao_etl.reading import cache
from baocao_etl.reading.recognition import Observation
from tests.cli.conftest import Cli
from tests.reports import REPORT

NOTHING_SEEN = Observation(((),), 300.0, (595.0, 842.0), 0, 0.0, ())


def test_a_word_that_is_added_is_known(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own"
    assert cli("dictionary", "add", "Krôngbúk", "--dictionaries", own).code == ExitCode.OK
    told = cli("dictionary", "check", "krôngbúk", "UBND", "so", "hồsơ", "--dictionaries", own).out
    for word, kind in (
        ("krôngbúk", "word of your own"),
        ("UBND", "abbreviation"),
        ("so", "Vietnamese syllable"),
        ("hồsơ", "unknown"),
    ):
        assert re.search(rf"^{word} +{kind}", told, re.MULTILINE), told
    (tmp_path / "line.txt").write_text("thi xa Krôngbúk da tiep nhan 12 ho so cua cong dan\n")
    ran = cli("repair", tmp_path / "line.txt", "--dictionaries", own)
    assert "thị xã Krôngbúk đã tiếp nhận 12 hồ sơ" in ran.out


def test_a_misspelt_word_gets_its_neighbours(cli: Cli) -> None:
    told = cli("dictionary", "check", "nghiêmm").out
    assert re.search(r"^nghiêmm +unknown +nghiêm, ", told, re.MULTILINE)


def test_the_folder_of_words_may_be_a_setting(cli: Cli, tmp_path: Path) -> None:
    ran = cli("dictionary", "add", "Krôngbúk")
    assert ran.code == ExitCode.USAGE
    for remedy in ("--dictionaries", "BAOCAO_DICTIONARIES", "baocao.toml"):
        assert remedy in ran.err
    (tmp_path / "baocao.toml").write_text('dictionaries = "mine"\n')
    assert "added" in cli("dictionary", "add", "Krôngbúk").err
    assert "already" in cli("dictionary", "add", "Krôngbúk").err
    assert (tmp_path / "mine" / "words.tsv").read_text(encoding="utf-8").count("Krôngbúk") == 1
    assert cli("dictionary", "add", "12").code == ExitCode.USAGE


def test_the_cache_is_shown_and_cleared(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    for page in range(3):
        cache.save(folder, cache.key_of([page]), NOTHING_SEEN)
    (folder / "notes.txt").write_text("mine")
    assert "kept: 3 pages" in cli("cache", "show", "--cache", folder).out
    (tmp_path / "baocao.toml").write_text('cache_dir = "kept"\n')
    assert "kept: 3 pages" in cli("cache", "show").out
    assert "3 pages" in cli("cache", "clear").err
    assert "kept: 0 pages" in cli("cache", "show").out
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("what", ["show", "clear"])
def test_no_cache_is_set(cli: Cli, what: str) -> None:
    ran = cli("cache", what)
    assert ran.code == ExitCode.USAGE
    for remedy in ("--cache", "BAOCAO_CACHE_DIR", "baocao.toml"):
        assert remedy in ran.err


def test_only_the_pages_that_are_asked_for(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("\f".join([REPORT] * 5), encoding="utf-8")
    assert cli("ingest", path, "--pages", "1-2,4").code == ExitCode.OK
    found = cli("sql", "SELECT page FROM pages ORDER BY page", "--format", "csv").out
    assert found.split() == ["page", "1", "2", "4"]
    assert cli("ingest", path, "--pages", "first").code == ExitCode.USAGE
    assert cli("ingest", path, "--pages", "8").code == ExitCode.NOTHING_READABLE
    assert cli("retry", "--pages", "5").code == ExitCode.OK


def test_an_engine_that_there_is_not(cli: Cli, tmp_path: Path) -> None:
    Image.new("L", (800, 600), 255).save(tmp_path / "blank.png")
    ran = cli("ingest", tmp_path / "blank.png", "--ocr-engines", "tesseract,eyes")
    assert ran.code == ExitCode.USAGE
    assert "eyes" in ran.err
