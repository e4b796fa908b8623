"""Which files there are, and what they are: judged from their bytes, not only from their names."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from baocao_etl.errors import DamagedSource, UnsupportedMedia, UsageError
from baocao_etl.models import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
_HIDDEN_BY_WINDOWS = frozenset({"thumbs.db", "desktop.ini"})
_NAMED = {".pdf": PDF, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".tif": TIFF, ".tiff": TIFF}


def discover(paths: Sequence[Path], *, follow_links: bool = False) -> Iterator[Path]:
    """Yield the files that `paths` name: files as given, folders walked in a stable, sorted order.

    Hidden files and folders inside a folder are skipped, and no file is yielded twice. Symbolic
    links that lead out of the folder are followed only if `follow_links` says so. A folder that
    cannot be listed is yielded itself, so that `identify` tells why.

    Raises:
        UsageError: a path does not exist.
    """
    seen: set[str] = set()
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist.", "Check the path.")
        real = os.path.realpath(path)
        if path.is_dir():
            found = _walk(str(path), real, _Walk(real, follow_links, set()))
        else:
            found = iter(((str(path), real),))
        for file, where in found:
            if where not in seen:
                seen.add(where)
                yield Path(file)


class _Walk(NamedTuple):
    """The real folder that a walk began in, whether it may leave it, and the folders it has seen."""

    root: str
    follow_links: bool
    seen: set[str]

    def wants(self, entry: _Entry) -> bool:
        """Return whether to yield a file, or to enter a folder."""
        if entry.is_folder:  # inside the root it is met by its own name as well
            return self.follow_links or not entry.linked
        inside = entry.where.startswith(self.root.rstrip(os.sep) + os.sep)
        return not entry.linked or self.follow_links or inside


class _Entry(NamedTuple):
    """A file or folder of a walk: its path, where it really is, and whether a link leads there."""

    path: str
    where: str
    is_folder: bool
    linked: bool = False


def _walk(folder: str, real: str, walk: _Walk) -> Iterator[tuple[str, str]]:
    """Yield the files under `folder`, which is really at `real`, each with its real path."""
    waiting = [_Entry(folder, real, is_folder=True)]  # no recursion: folders may be nested deeply
    while waiting:
        entry = waiting.pop()
        if not entry.is_folder:
            yield entry.path, entry.where
        elif entry.where not in walk.seen:
            walk.seen.add(entry.where)
            try:
                found = _listed(entry.path, entry.where)
            except OSError:
                yield entry.path, entry.where
            else:
                waiting += reversed([entry for entry in found if walk.wants(entry)])


def _listed(folder: str, real: str) -> list[_Entry]:
    """Return the files and folders in `folder`, which is really at `real`, without hidden ones."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    found = []
    for entry in entries:
        is_file, is_folder = _is_kind(entry.is_file), _is_kind(entry.is_dir)
        if _is_hidden(entry.name) or not (is_file or is_folder):
            continue
        # Only a link makes the real path another; asking for it takes a call for every part of it.
        linked = entry.is_symlink()
        where = (
            os.path.realpath(entry.path) if linked else f"{real.rstrip(os.sep)}{os.sep}{entry.name}"
        )
        found.append(_Entry(entry.path, where, is_folder, linked))
    return found


def _is_hidden(name: str) -> bool:
    """Return whether people do not see the file: .name, and what Windows and Office hide."""
    return name.startswith((".", "~$")) or name.lower() in _HIDDEN_BY_WINDOWS


def _is_kind(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except OSError:  # a link that goes round, or leads where we may not look
        return False


def identify(path: Path) -> Source:
    """Return the identity of the file at `path`: SHA-256, size in bytes, and media type.

    Raises:
        UnsupportedMedia: the bytes are of a kind that no reader handles.
        DamagedSource: the file is empty, cannot be opened, or is not what its name says.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.scandir(path).close()  # `discover` yields a folder that cannot be listed
            raise UnsupportedMedia(
                f"{path} is a folder.", "Name a file in it, or ingest the folder."
            )
        if not stat.S_ISREG(mode):  # opening a pipe would wait for ever
            raise UnsupportedMedia(f"{path} is not a regular file.", "Leave it out.")
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
