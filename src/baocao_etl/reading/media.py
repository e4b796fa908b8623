"""Which files there are, and what they are: judged from their bytes, not only from their names."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.errors import DamagedSource, UnsupportedMedia, UsageError
from baocao_etl.models import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
TEXT = "text/plain"
IMAGES = frozenset({PNG, JPEG, TIFF})

_HEAD = 4096
_CHUNK = 1 << 20
# The PDF reference lets the header stand anywhere in the first 1024 bytes (Adobe's implementation
# note 13); some scanners write their own lines before it.
_PDF_HEADER_WITHIN = 1024
_TEXT_SUFFIXES = frozenset({"", ".txt", ".text", ".ocr"})
_CONTROLS_OF_TEXT = frozenset(b"\t\n\v\f\r\x1a\x1b")


class _Magic(NamedTuple):
    """What a kind of file begins with. `media_type` is None for kinds that no reader handles."""

    start: bytes
    media_type: str | None
    name: str


_MAGIC = (
    _Magic(b"\x89PNG\r\n\x1a\n", PNG, "PNG image"),
    _Magic(b"\xff\xd8\xff", JPEG, "JPEG image"),
    _Magic(b"II*\x00", TIFF, "TIFF image"),
    _Magic(b"MM\x00*", TIFF, "TIFF image"),
    _Magic(b"II+\x00", TIFF, "TIFF image"),
    _Magic(b"MM\x00+", TIFF, "TIFF image"),
    _Magic(b"PK\x03\x04", None, "ZIP archive or Office document"),
    _Magic(b"\xd0\xcf\x11\xe0", None, "Word, Excel or PowerPoint 97-2003 document"),
    _Magic(b"{\\rtf", None, "RTF document"),
    _Magic(b"GIF8", None, "GIF image"),
    _Magic(b"BM", None, "BMP image"),
    _Magic(b"RIFF", None, "WebP image or other RIFF file"),
    _Magic(b"AT&TFORM", None, "DjVu document"),
    _Magic(b"\x00\x00\x00\x0cjP", None, "JPEG 2000 image"),
)
_NAMED = {".pdf": PDF, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".tif": TIFF, ".tiff": TIFF}

_log = logging.getLogger(__name__)


def discover(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files that `paths` name: files as given, folders walked in a stable, sorted order.

    Hidden files and folders inside a folder are skipped, symbolic links that lead out of the folder
    are not followed, and no file is yielded twice.

    Raises:
        UsageError: a path does not exist.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist.", "Check the path.")
        found = _walk(path, path.resolve()) if path.is_dir() else iter((path,))
        for file in found:
            real = file.resolve()
            if real not in seen:
                seen.add(real)
                yield file


def _walk(folder: Path, root: Path) -> Iterator[Path]:
    """Yield the files under `folder`, none of them outside `root`."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        _log.warning("folder %s cannot be listed: %s", folder, error.strerror)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            # A linked folder inside the root is met by its own name as well; following it here
            # could only find files twice or never end.
            if entry.is_file() and entry.resolve().is_relative_to(root):
                yield entry
        elif entry.is_dir():
            yield from _walk(entry, root)
        elif entry.is_file():
            yield entry


def identify(path: Path) -> Source:
    """Return the identity of the file at `path`: SHA-256, size in bytes, and media type.

    Raises:
        UnsupportedMedia: the bytes are of a kind that no reader handles.
        DamagedSource: the file is empty, cannot be opened, or is not what its name says.
    """
    if path.exists() and not path.is_file():
        raise UnsupportedMedia(f"{path} is not a regular file.", "Give a file or a folder.")
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            digest = hashlib.sha256(head)
            size = len(head)
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise DamagedSource(
            f"{path} cannot be opened: {error.strerror}.", "Check the file and its permissions."
        ) from error
    if not size:
        raise DamagedSource(f"{path} is empty.", "Get the file again from where it came.")
    media_type = _media_type(path, head)
    return Source(path=str(path), sha256=digest.hexdigest(), size=size, media_type=media_type)


def _media_type(path: Path, head: bytes) -> str:
    suffix = path.suffix.lower()
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN]:
        return PDF
    for magic in _MAGIC:
        if head.startswith(magic.start):
            if magic.media_type:
                return magic.media_type
            raise UnsupportedMedia(
                f"{path} is a {magic.name}.", "Print or export it to PDF and ingest that."
            )
    if suffix in _NAMED:
        raise DamagedSource(
            f"{path} is not the {suffix[1:].upper()} file that its name says.",
            "Get the file again from where it came.",
        )
    if suffix in _TEXT_SUFFIXES and looks_like_text(head):
        return TEXT
    raise UnsupportedMedia(
        f"{path} is not a PDF, PNG, JPEG, TIFF or plain text (.txt) file.",
        "Print or export it to PDF and ingest that.",
    )


def looks_like_text(head: bytes) -> bool:
    """Return whether `head`, the first bytes of a file, can be text in any encoding we read."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    nulls = head.count(0)
    if nulls:  # UTF-16 without a mark: every second byte of Latin letters is zero
        return nulls * 5 > len(head) and b"\x00\x00\x00" not in head
    return not any(byte < 0x20 and byte not in _CONTROLS_OF_TEXT for byte in head)
