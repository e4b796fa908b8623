from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from baocao_etl.errors import DamagedSource, UnsupportedMedia, UsageError
from baocao_etl.reading import discover, identify

from .drawing import Pdf, page_image

if TYPE_CHECKING:
    from pathlib import Path


def test_folders_are_walked_in_a_stable_order_without_hidden_files(tmp_path: Path) -> None:
    hidden = (".hidden", ".git/x.txt", "Thumbs.db", "a/desktop.ini", "~$report.docx")
    for name in ("b.txt", "a/2.txt", "a/1.txt", "a.txt", *hidden):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    found = [str(path.relative_to(tmp_path)) for path in discover([tmp_path])]
    assert found == ["a/1.txt", "a/2.txt", "a.txt", "b.txt"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("x")
    (inside / "real.txt").write_text("x")
    (inside / "link.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "broken.txt").symlink_to(inside / "nothing")
    assert [path.name for path in discover([inside])] == ["real.txt"]


def test_a_file_named_twice_is_found_once(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    assert list(discover([file, tmp_path])) == [file]


def test_a_path_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        list(discover([tmp_path / "nothing"]))


def test_the_bytes_say_what_a_file_is(tmp_path: Path) -> None:
    pdf = Pdf(tmp_path / "report.txt").lines().save()
    image = tmp_path / "photo.dat"
    page_image().save(image, "JPEG")
    text = tmp_path / "dump.txt"
    text.write_text("Báo cáo", encoding="utf-8")
    source = identify(pdf)
    assert source.media_type == "application/pdf"
    assert source.sha256 == hashlib.sha256(pdf.read_bytes()).hexdigest()
    assert source.size == pdf.stat().st_size
    assert identify(image).media_type == "image/jpeg"
    assert identify(text).media_type == "text/plain"


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("empty.pdf", b"", DamagedSource),
        ("not.pdf", b"just text", DamagedSource),
        ("not.png", b"\x00\x01\x02", DamagedSource),
        ("report.docx", b"PK\x03\x04\x14\x00", UnsupportedMedia),
        ("report.doc", b"\xd0\xcf\x11\xe0\xa1\xb1", UnsupportedMedia),
        ("binary.txt", b"\x00\x01\x02\x03abc", UnsupportedMedia),
        ("table.csv", b"a,b\n", UnsupportedMedia),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(
    tmp_path: Path, name: str, data: bytes, error: type[DamagedSource]
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(error) as caught:
        identify(file)
    assert name in caught.value.message
    assert caught.value.remedy


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia, match="is a folder"):
        identify(tmp_path)
