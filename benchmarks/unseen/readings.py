"""Four readings of a report: a clean dump, two damaged dumps that were really read, and a scan.

    clean     the text, line for line as printed or paragraph for paragraph as the report says
    scan      PDF of the worn page images
    eng       the worn page images, read by Tesseract with the English model
    dropped   pale copies of the pages, read by ocrad, which knows Latin-9 alone: it drops what it does not
              know, as the reader of seed 000 did ("thu tiic hành chInh", "h thông"). ocrad is poor at
              numbers, which that reader was not: words with digits are put in as printed, but for a
              space here and there.

Each is a file; the same report and the same code write the same bytes (Tesseract's and ocrad's versions
being the same), so they are kept below build/.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.unseen.source import Source
from samples import draw, faults, pdf, raster
from samples.faults import Scan
from samples.layout import lay_out
from samples.report import Report, dateline, plain, table_of
from samples.sheet import Placed, Sheet

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "unseen"
READINGS = ("clean", "eng", "dropped", "scan")
SUFFIX = {"clean": "txt", "eng": "txt", "dropped": "txt", "scan": "pdf"}
# How offices scan; a report's name says which of them it gets.
WEAR = (
    Scan(300, (0.4, -0.3), blur=0.8, noise=6, shade=14, quality=45),
    Scan(200, (-0.6, 0.5), blur=0.4, noise=5, grey=True, quality=55),
    Scan(300, (0.9, 0.2), blur=0.8, noise=9, specks=120, threshold=150),
    Scan(200, (0.3, -0.7), blur=0.5, noise=7, shade=30, specks=40, quality=50),
    Scan(250, (-1.1, 0.6), blur=0.7, noise=6, shade=20, grey=True, quality=50),
)
_DPI = 300  # of the pages that ocrad reads
_SPLIT = 0.02  # share of the numbers into which a space comes, as in seed 000
_BLANK_LINE = 1.25  # where the next line is so many leadings away, a line is left blank


class ProgramMissingError(Exception):
    """A program that reads pages is not installed."""


def make(source: Source, reading: str, kept: Path = KEPT) -> Path:
    """Return the file of one reading, drawn or read now if `kept` has it not."""
    printed = repr((source.report, source.dump)).encode()
    folder = kept / hashlib.sha256(printed + _code()).hexdigest()[:16]
    path = folder / f"{source.report.name}.{reading}.{SUFFIX[reading]}"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        data = _MAKERS[reading](source)
        partial = path.with_suffix(".part")
        partial.write_bytes(data)
        partial.rename(path)
    return path


@cache
def _code() -> bytes:
    """Return the code on which the drawing depends."""
    samples = sorted((ROOT / "samples").glob("*.py"))
    return b"".join(path.read_bytes() for path in [Path(__file__), *samples])


def _clean(source: Source) -> bytes:
    if source.dump == "paragraphs":
        return "\n\n".join(_paragraphs(source.report)).encode("utf-8") + b"\n"
    sheets = lay_out(source.report)
    if not source.report.masthead:
        return draw.text_dump(sheets)
    pages = ["\n".join(_text(line) for line in _segments(sheet)) for sheet in sheets]
    return "\n\f".join(pages).encode("utf-8") + b"\n"


def _paragraphs(report: Report) -> Iterator[str]:
    """Yield what a word processor's text export has: paragraphs, tables with tabs, boxes one by one."""
    head = report.letterhead
    if head:
        yield "\n".join([*head.superior, *head.issuer])
        yield head.reference
        yield "\n".join([*head.state, dateline(head)])
        yield "\n".join([*([head.type] if head.type else []), *head.subject])
        if head.authority:
            yield head.authority
        yield from head.to
    if report.masthead:
        yield "\n".join([report.masthead.title, *report.masthead.lines])
    for line in report.body:
        if line.startswith("@table"):
            table = table_of(report, line)
            rows = [table.columns, *table.more_columns, *table.rows]
            yield "\n".join("\t".join(c if c not in ("<", "^") else "" for c in r) for r in rows)
        elif line == "@sign" and report.signature:
            yield "\n".join(report.recipients)
            yield "\n".join(report.signature.capacity)
            yield report.signature.name
        elif text := plain(line):
            yield text


def _images(source: Source) -> list[Image.Image]:
    """Return the worn pages."""
    scan = _wear(source)
    rng = np.random.default_rng(zlib.crc32(source.report.name.encode()))
    images = []
    for number, sheet in enumerate(lay_out(source.report)):
        page = raster.render(sheet, scan.dpi, rng)
        images.append(faults.scanned(page, scan, scan.skew[number % len(scan.skew)], rng))
    return images


def _wear(source: Source) -> Scan:
    return WEAR[zlib.crc32(source.report.name.encode()) % len(WEAR)]


def _scan(source: Source) -> bytes:
    scan = _wear(source)
    pictures = []
    for image, sheet in zip(_images(source), lay_out(source.report), strict=True):
        data = _png(image) if image.mode == "1" else faults.jpeg(image, scan)
        pictures.append(pdf.Picture(data, sheet.width, sheet.height, []))
    return pdf.scan(pictures, source.report.name)


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _eng(source: Source) -> bytes:
    dpi = str(_wear(source).dpi)
    command = ["tesseract", "stdin", "stdout", "-l", "eng", "--dpi", dpi]
    return b"\f".join(_run(command, _png(image)).rstrip(b"\f") for image in _images(source))


def _dropped(source: Source) -> bytes:
    rng = np.random.default_rng(zlib.crc32(source.report.name.encode()))
    pages = []
    for sheet in lay_out(source.report):
        lines = _segments(sheet)
        page = _without_numbers(sheet, rng)
        rows = ((line, " ".join(_misread(page, line, rng))) for line in lines)
        pages.append("".join(_spaced(list(rows))))
    return "\f".join(pages).encode("utf-8")


def _segments(sheet: Sheet) -> list[list[Placed]]:
    """Return the words of each line in the order of drawing: blocks and columns one after another."""
    return [list(words) for _, words in groupby(sheet.words, lambda word: (word.y, word.cell))]


def _text(line: list[Placed]) -> str:
    return " ".join(word.text for word in line)


def _spaced(rows: list[tuple[list[Placed], str]]) -> Iterator[str]:
    """Yield the lines of a page: cells of a row in one, blank lines where the page has a gap."""
    before: Placed | None = None
    for line, text in rows:
        first = line[0]
        if before is None:
            yield text
        elif first.cell and before.cell and first.cell[0] == before.cell[0]:
            yield " " + text
        else:
            gap = (first.y - before.y) / (1.4 * first.size)
            yield ("\n\n" if gap > _BLANK_LINE or gap < 0 else "\n") + text
        before = first
    yield "\n"


def _without_numbers(sheet: Sheet, rng: np.random.Generator) -> Image.Image:
    """Return a pale copy of the page, of one bit; words with digits, rules and seals are left out."""
    words = [word for word in sheet.words if not re.search(r"\d", word.text)]
    page = raster.render(Sheet(sheet.width, sheet.height, words), _DPI, rng)
    return faults.scanned(page, Scan(_DPI, blur=0.8, noise=6, threshold=121), 0.0, rng)


def _misread(page: Image.Image, line: list[Placed], rng: np.random.Generator) -> list[str]:
    """Return the words of a line: what ocrad reads, and those with digits where they stand."""
    scale = _DPI / 72
    first, last = line[0], line[-1]
    left, top = first.x - 4, first.y - 1.05 * first.size
    box = (left, top, last.x + last.width + 4, first.y + 0.38 * first.size)
    found = [(word.x, _number(word.text, rng)) for word in line if re.search(r"\d", word.text)]
    if len(found) < len(line):
        crop = page.crop((box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale))
        found += [(left + x / scale, word) for x, word in _ocrad(crop)]
    return [word for _, word in sorted(found) if word]


def _ocrad(image: Image.Image) -> Iterator[tuple[int, str]]:
    """Yield the words that ocrad reads, with the pixel where each begins; unknown letters are dropped."""
    stream = io.BytesIO()
    image.convert("L").save(stream, "PPM")
    word, begin = "", 0
    for line in _run(["ocrad", "-x", "-"], stream.getvalue()).decode("iso-8859-15").splitlines():
        char = re.match(r" *(\d+) +\d+ +\d+ +\d+; (\d+)(?:, '(.)')?", line)
        if not char:
            continue
        letter = (char[3] or "") if char[2] != "0" else ""
        if letter == " ":
            if word:
                yield begin, word
            word = ""
        else:
            begin = begin if word else int(char[1])
            word += "" if letter in "_?" else letter
    if word:
        yield begin, word


def _number(text: str, rng: np.random.Generator) -> str:
    """Return a word with digits as an engine without Vietnamese letters gives it."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    digits = re.search(r"\d\d+", plain)
    if digits and rng.random() < _SPLIT:
        at = int(rng.integers(digits.start() + 1, digits.end()))
        plain = f"{plain[:at]} {plain[at:]}"
    return plain


def _run(command: list[str], data: bytes) -> bytes:
    if not shutil.which(command[0]):
        raise ProgramMissingError(f"{command[0]} is missing: apt-get install {command[0]}")
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, input=data, capture_output=True, check=True, env=environment)
    return done.stdout


_MAKERS: dict[str, Callable[[Source], bytes]] = {
    "clean": _clean,
    "eng": _eng,
    "dropped": _dropped,
    "scan": _scan,
}
