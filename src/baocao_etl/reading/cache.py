"""What OCR engines read, kept on disk: a changed dictionary or rule re-runs everything but OCR.

The key is everything that a reading depends on: the file's content, the page, the engines with
their versions and language data, the settings of the reader, and the version of this code. One
small compressed JSON file a page; a file that is damaged or of another form is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrLine, OcrWord, Rival
from baocao_etl.reading.recognition import Observation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Raise this when `recognition.observe` or `preparation` changes what engines are shown.
_FORM = 6
_SUFFIX = ".ocr.z"


class CacheState(NamedTuple):
    """How many pages a cache holds, and how many bytes they take."""

    folder: Path
    pages: int
    size: int


def key_of(parts: Iterable[object]) -> str:
    """Return the key of a reading that depends on `parts`."""
    return hashlib.sha256(json.dumps([_FORM, *map(str, parts)]).encode()).hexdigest()


def load(folder: Path | None, key: str) -> Observation | None:
    """Return the reading kept under `key`, or None."""
    if folder is None:
        return None
    try:
        data = json.loads(zlib.decompress(_path(folder, key).read_bytes()))
        return _unpacked(data)
    except (OSError, zlib.error, ValueError, KeyError, TypeError):
        return None


def save(folder: Path | None, key: str, seen: Observation) -> None:
    """Keep `seen` under `key`; a cache that cannot be written to is no reason to fail."""
    if folder is None:
        return
    path = _path(folder, key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and moved: another process may be reading or writing the same page.
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
            stream.write(zlib.compress(json.dumps(_packed(seen), ensure_ascii=False).encode()))
        Path(stream.name).replace(path)
    except OSError:
        return


def state(folder: Path) -> CacheState:
    """Return what the cache in `folder` holds."""
    sizes = [path.stat().st_size for path in _files(folder)]
    return CacheState(folder, len(sizes), sum(sizes))


def clear(folder: Path) -> CacheState:
    """Remove the kept pages of `folder`, nothing else, and return what was removed."""
    before = state(folder)
    for path in list(_files(folder)):
        path.unlink(missing_ok=True)
        if not os.listdir(path.parent):  # noqa: PTH208 - only whether there is one
            path.parent.rmdir()
    return before


def _path(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key[2:]}{_SUFFIX}"


def _files(folder: Path) -> Iterator[Path]:
    return folder.glob(f"??/*{_SUFFIX}")


def _packed(seen: Observation) -> dict[str, Any]:
    readings = [
        [
            [
                line.block,
                [[w.text, *w.box, w.confidence, w.rivals, w.raw] for w in line.words],
            ]
            for line in lines
        ]
        for lines in seen.readings
    ]
    return {**seen._asdict(), "readings": readings}


def _unpacked(data: dict[str, Any]) -> Observation:
    readings = tuple(
        tuple(
            OcrLine(tuple(_unpacked_word(*word) for word in words), int(block))
            for block, words in lines
        )
        for lines in data["readings"]
    )
    width, height = data["size"]
    return Observation(
        readings, float(data["dpi"]), (float(width), float(height)),
        int(data["turns"]), float(data["skew"]), tuple(map(str, data["steps"])),
        tuple(tuple(Box(*map(float, cell)) for cell in cells) for cells in data["tables"]),
    )  # fmt: skip


def _unpacked_word(
    text: str, x0: float, y0: float, x1: float, y1: float, sure: float, rivals: list[Any], raw: str
) -> OcrWord:
    box = Box(float(x0), float(y0), float(x1), float(y1))
    heard = tuple(Rival(str(other), float(logp)) for other, logp in rivals)
    return OcrWord(str(text), box, float(sure), heard, str(raw))
