"""Tesseract 4 and 5: TSV out, so that every word has a box and a confidence.

The engine runs inside this process (tesserocr): the model is loaded once, nothing is written to
disk, and the letters that lost against those read can be asked for. Where that cannot be, because
the package or its language data is not found, pytesseract starts the program for every page; it
reads the same, slower and without rivals.
"""

from __future__ import annotations

import csv
import importlib
import os
import tempfile
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytesseract

from baocao_etl.errors import MissingError
from baocao_etl.models import Box
from baocao_etl.reading.engines import OcrError, OcrLine, OcrWord, cut, moved
from baocao_etl.reading.rivals import rivals_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

    from baocao_etl.reading.rivals import Choices

# Page segmentation modes: 3 finds columns and blocks by itself; 6 takes the page for one block of
# text, which survives layouts that mode 3 chokes on; 7 is a single line.
AUTOMATIC, ONE_BLOCK, ONE_LINE = 3, 6, 7
_DIGITS = "0123456789.,/%-+"
_WORD_LEVEL = "5"
_LINE_KEY = ("block_num", "par_num", "line_num")
# How often the search is repeated without the letters found before, to learn what else they may
# have been: a tenth of a page's time, and half of its errors once repair has weighed them.
_CHOICE_ROUNDS = 3
_LINE_MARGIN = 0.25  # line heights: letters that touch the edge of a crop are read badly
_CROP_DPI = 160
_INSTALL = (
    "Install Tesseract 5 and its Vietnamese data: Debian and Ubuntu `apt install tesseract-ocr"
    " tesseract-ocr-vie`, Fedora `dnf install tesseract tesseract-langpack-vie`, macOS `brew"
    " install tesseract tesseract-lang`. `baocao doctor` checks it."
)
_DATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tesseract/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)  # fmt: skip


class Tesseract(NamedTuple):
    """The engine with its language data (such as `vie` or `vie+eng`), one thread each.

    Tesseract's own threads cost 2.5 times the processor time for a page; one process a core does
    the same work for less.
    """

    language: str
    in_process: bool

    @classmethod
    def of(cls, language: str) -> Tesseract:
        """Return the engine, inside this process if that can be."""
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        return cls(language, _data_folder(language) is not None)

    @property
    def name(self) -> str:
        """The engine's name in settings."""
        return "tesseract"

    def version(self) -> str:
        """Return the program's version, the language and the size of its data."""
        return f"tesseract {_version(in_process=self.in_process)} {self.language}"

    def read(
        self, image: Image.Image, dpi: float, *, timeout: float, plain: bool = False
    ) -> list[OcrLine]:
        """Read a page; see `OcrEngine.read`."""
        psm = ONE_BLOCK if plain else AUTOMATIC
        if self.in_process:
            return _run_inside(self.language, image, psm, dpi, timeout)
        with tempfile.TemporaryDirectory(prefix="baocao-") as folder:
            # A plain bitmap: packing a page as PNG takes a tenth of the time that reading it takes.
            path = Path(folder, "page.pgm")
            image.save(path)
            return _parse(_run(path, self.language, f"--psm {psm} --dpi {round(dpi)}", timeout))

    def read_lines(
        self, image: Image.Image, boxes: Sequence[Box], *, timeout: float, digits: bool = False
    ) -> list[tuple[OcrWord, ...]]:
        """Read single lines; see `OcrEngine.read_lines`."""
        crops = [cut(image, box, _LINE_MARGIN) for box in boxes]
        if self.in_process:
            tables = [
                _run_inside(self.language, crop, ONE_LINE, _CROP_DPI, timeout, digits)
                for crop, _, _ in crops
            ]
        else:
            tables = self._run_crops([crop for crop, _, _ in crops], timeout, digits=digits)
        return [
            tuple(moved(word, x, y) for line in lines for word in line.words)
            for lines, (_, x, y) in zip(tables, crops, strict=True)
        ]

    def _run_crops(
        self, crops: Sequence[Image.Image], timeout: float, *, digits: bool
    ) -> list[list[OcrLine]]:
        """Read all crops in one run of the program: it takes a list of files as one document."""
        if not crops:
            return []
        config = f"--psm {ONE_LINE} --dpi {_CROP_DPI}"
        if digits:
            config += f" -c tessedit_char_whitelist={_DIGITS}"
        with tempfile.TemporaryDirectory(prefix="baocao-") as folder:
            paths = [Path(folder, f"{i:05}.pgm") for i in range(len(crops))]
            for path, crop in zip(paths, crops, strict=True):
                crop.save(path)
            listing = Path(folder, "lines.txt")
            listing.write_text("\n".join(map(str, paths)) + "\n", encoding="utf-8")
            table = _run(listing, self.language, config, timeout)
        return [_parse(table, page=i + 1) for i in range(len(crops))]


@lru_cache(maxsize=2)
def _version(*, in_process: bool) -> str:
    if in_process:
        return str(_tesserocr().tesseract_version()).split("\n", maxsplit=1)[0]
    try:
        return str(pytesseract.get_tesseract_version())
    except (pytesseract.TesseractNotFoundError, SystemExit) as error:
        raise MissingError("Tesseract is not installed.", _INSTALL) from error


@lru_cache(maxsize=1)
def _tesserocr() -> Any:
    """Return the package, or None where it is not installed or does not fit this system."""
    try:
        return importlib.import_module("tesserocr")
    except ImportError:
        return None


@lru_cache(maxsize=4)
def _data_folder(language: str) -> str | None:
    """Return where the data of `language` lies, if tesserocr is there to use it."""
    if _tesserocr() is None:
        return None
    folders = (os.environ.get("TESSDATA_PREFIX", ""), *_DATA_FOLDERS)
    for folder in filter(None, folders):
        if all(Path(folder, f"{part}.traineddata").is_file() for part in language.split("+")):
            return folder
    return None


@lru_cache(maxsize=4)
def _loaded(language: str, psm: int, *, digits: bool) -> Any:
    api = _tesserocr().PyTessBaseAPI(path=_data_folder(language), lang=language, psm=psm)
    if digits:
        api.SetVariable("tessedit_char_whitelist", _DIGITS)
    else:
        api.SetVariable("lstm_choice_mode", "2")
        api.SetVariable("lstm_choice_iterations", str(_CHOICE_ROUNDS))
    return api


def _run_inside(
    language: str, image: Image.Image, psm: int, dpi: float, timeout: float, digits: bool = False
) -> list[OcrLine]:
    api = _loaded(language, psm, digits=digits)
    try:
        api.SetImage(image)
        api.SetSourceResolution(round(dpi))
        if not api.Recognize(round(timeout * 1000)):
            raise OcrError(f"Tesseract took more than {timeout:.0f} s")
        # Without the heading that the program itself prints.
        table = f"{_HEADING}\n{api.GetTSVText(0)}"
        return _parse(table, choices=() if digits else api.GetBestLSTMSymbolChoices())
    except RuntimeError as error:
        raise OcrError(f"Tesseract failed: {error}") from error
    finally:
        api.Clear()


_HEADING = (
    "level page_num block_num par_num line_num word_num left top width height conf text"
).replace(" ", "\t")


def _run(path: Path, language: str, config: str, timeout: float) -> str:
    try:
        return str(
            pytesseract.image_to_data(str(path), lang=language, config=config, timeout=timeout)
        )
    except pytesseract.TesseractNotFoundError as error:
        raise MissingError("Tesseract is not installed.", _INSTALL) from error
    except pytesseract.TesseractError as error:
        if "language" in error.message and "load" in error.message:
            raise MissingError(
                f"Tesseract has no data for the language {language!r}.", _INSTALL
            ) from error
        raise OcrError(f"Tesseract failed: {error.message[:200]}") from error
    except RuntimeError as error:  # how pytesseract tells a timeout
        raise OcrError(f"Tesseract took more than {timeout:.0f} s") from error


def _parse(table: str, page: int = 1, choices: Sequence[Choices] = ()) -> list[OcrLine]:
    """Return the lines of Tesseract's TSV, in its reading order.

    `choices` are the letters that were weighed for each word of the table; empty if not known.

    Raises:
        OcrError: it is no such table.
    """
    try:
        return list(_lines(table, page, choices))
    except (csv.Error, KeyError, TypeError, ValueError) as error:
        raise OcrError(f"Tesseract wrote a table that cannot be read: {error}") from error


def _lines(table: str, page: int, choices: Sequence[Choices]) -> Iterator[OcrLine]:
    rows = csv.DictReader(table.split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE)
    number = {"0", "1"} if page == 1 else {str(page)}  # the library counts pages from 0
    words = [row for row in rows if row["level"] == _WORD_LEVEL and row["page_num"] in number]
    weighed = choices if len(choices) == len(words) else [()] * len(words)
    read = [
        (row, _word(row, letters))
        for row, letters in zip(words, weighed, strict=True)
        if (row["text"] or "").strip()
    ]
    for key, group in groupby(read, key=lambda item: [item[0][name] for name in _LINE_KEY]):
        yield OcrLine(tuple(word for _, word in group), int(key[0]))


def _word(row: dict[str, str], choices: Choices) -> OcrWord:
    left, top = int(row["left"]), int(row["top"])
    box = Box(left, top, left + int(row["width"]), top + int(row["height"]))
    # The text can hold spaces of its own where the model wrote one inside a word.
    text = "".join(row["text"].split())
    sure = min(1.0, max(0.0, float(row["conf"]) / 100))
    return OcrWord(text, box, sure, rivals_of(text, choices))
