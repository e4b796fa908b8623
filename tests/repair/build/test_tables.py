"""The smaller tables that are counted or collected."""

from __future__ import annotations

import lzma
from pathlib import Path

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair.build import phrases, profile


def rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]


def test_the_profile_counts_marked_words_in_ten_million(tmp_path: Path) -> None:
    text = "Ủy ban nhân dân TỈNH, hoà bình hòa 2019 abc"
    for name in profile.CORPORA:
        with lzma.open(tmp_path / f"{name}.txt.xz", "wt", encoding="utf-8") as stream:
            stream.write(f"{text}\n" * 3)
    profile.build(tmp_path, tmp_path)
    found = dict(rows(tmp_path / "encodings" / "profile.tsv"))
    assert found == {"hòa": "2222222", "bình": "1111111", "nhân": "1111111",
                     "dân": "1111111", "tỉnh": "1111111",
                     "ủy": "1111111"}  # fmt: skip
    assert next(iter(found)) == "hòa", "the commonest first"


def test_phrases_of_several_words_are_collected_once(tmp_path: Path) -> None:
    for table, columns in phrases.TABLES.items():
        lines = [
            "\t".join(columns),
            "\t".join(["Hồ sơ đúng hạn|hồ sơ đúng hạn & xã"] * len(columns)),
        ]
        (tmp_path / f"{table}.tsv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    phrases.build(tmp_path)
    assert rows(tmp_path / "report_phrases.tsv") == [["hồ sơ đúng hạn"]]
    assert [r["phrase"] for r in Dictionaries((tmp_path,)).rows("report_phrases")] == [
        "hồ sơ đúng hạn"
    ]
