"""Draw corpus text, wear the pages, read them with OCR programs, and write what became of each word.

    python -m baocao_etl.repair.build.drawing CORPORA PAIRS [--pages 60]

For each engine a file PAIRS/ENGINE.tsv: a printed word and what was read for it, one pair a line.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from baocao_etl.errors import MissingError
from baocao_etl.repair.build import corpus, faces
from baocao_etl.repair.build.alignment import word_pairs
from baocao_etl.repair.build.channels import ENGINES

CORPORA = ("mixed_admin", "congbao", "phapdien")  # law, gazette and administrative text
PAGES = 300  # for each engine that has a channel to itself; the others share so many
SEED = 20251
WIDTH, HEIGHT, MARGIN = 1240, 1754, 110  # A4 at 150 dpi
SIZES = (25, 27, 29)  # 12 to 14 points
LINE = 1.5  # of the size from one line to the next
CAPITALS = 0.12  # share of the paragraphs set in capitals, as headings are
SAMPLE = 40  # one paragraph in so many is drawn
TIMEOUT = 120  # seconds for one page


def paragraphs(folder: Path) -> Iterator[str]:
    """Yield paragraphs to be drawn, from the corpora in turn, without end."""
    rng = np.random.default_rng(SEED)
    while True:
        for name in CORPORA:
            path = corpus.path_of(folder, name)
            for text in islice(corpus.paragraphs(path), int(rng.integers(SAMPLE)), 60_000, SAMPLE):
                yield text.upper() if rng.random() < CAPITALS else text


def set_page(texts: Iterator[str], face: str, size: int) -> list[list[str]]:
    """Return the lines (lists of words) that fill a page."""
    font = faces.at_size(face, size)
    space = font.getlength(" ")
    lines: list[list[str]] = []
    most = int((HEIGHT - 2 * MARGIN) / (size * LINE))
    while len(lines) < most:
        line: list[str] = []
        left = float(WIDTH - 2 * MARGIN)
        for word in next(texts).split()[:300]:
            width = font.getlength(word) + space
            if line and width > left:
                lines.append(line)
                line, left = [], float(WIDTH - 2 * MARGIN)
            line.append(word)
            left -= width
        lines.append(line)
    return lines[:most]


def drawn(lines: Sequence[Sequence[str]], face: str, size: int) -> Image.Image:
    """Draw the lines of a page, black on white."""
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    pen, font = ImageDraw.Draw(page), faces.at_size(face, size)
    for i, line in enumerate(lines):
        pen.text((MARGIN, MARGIN + i * size * LINE), " ".join(line), 20, font)
    return page


def worn(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return the page as a scanner gives it: askew, blurred, faded, with grain, some of it 1-bit."""
    page = page.resize((WIDTH * 2, HEIGHT * 2), Image.Resampling.BICUBIC)
    page = page.rotate(float(rng.uniform(-0.6, 0.6)), Image.Resampling.BICUBIC, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.6, 2.0))))
    grey = np.asarray(page, np.float32)
    grey = 255 - (255 - grey) * float(rng.uniform(0.6, 1.0))
    grey += rng.normal(0, float(rng.uniform(4, 22)), grey.shape)
    if rng.random() < 0.4:
        grey = np.where(grey < float(rng.uniform(120, 190)), 0, 255)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def read_tesseract(page: Image.Image, language: str, folder: Path) -> str:
    """Return what Tesseract reads on a page in one language."""
    image = folder / "page.png"
    page.save(image, dpi=(300, 300))
    return _run(["tesseract", str(image), "stdout", "-l", language, "--psm", "6"])


def read_plain(page: Image.Image, program: str, folder: Path) -> str:
    """Return what ocrad or gocr reads on a page, at half the size, for which they were made.

    Both write _ for a letter that they do not know, which here is a letter lost.
    """
    image = folder / "page.pgm"
    page.resize((WIDTH, HEIGHT), Image.Resampling.BOX).save(image)
    options = ["-F", "utf8"] if program == "ocrad" else ["-f", "UTF8", "-i"]
    return _run([program, *options, str(image)]).replace("_", "")


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=TIMEOUT, check=False, env={"OMP_THREAD_LIMIT": "1",
            "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
    except FileNotFoundError as error:
        raise MissingError(
            f"The program {command[0]} is missing.", "Debian, Ubuntu: apt install " + command[0]
        ) from error
    except subprocess.TimeoutExpired:
        return ""
    if done.returncode and not done.stdout:
        raise MissingError(
            f"{' '.join(command[:1] + command[3:])} failed: {done.stderr.decode().strip()[-200:]}",
            "Is the language installed? Debian, Ubuntu: apt install tesseract-ocr-fra ...",
        )
    return done.stdout.decode("utf-8", "replace")


def reader(engine: str) -> Callable[[Image.Image, str, Path], str]:
    """Return the function that reads a page with an engine."""
    return read_plain if engine in {"ocrad", "gocr"} else read_tesseract


def pairs(folder: Path, engine: str, pages: int) -> Iterator[tuple[str, str]]:
    """Yield what an engine made of each word on so many pages.

    Each engine reads pages of its own, so that the channels do not all know the same text.
    """
    texts = paragraphs(folder)
    rng = np.random.default_rng([SEED, *engine.encode()])
    skipped = int(rng.integers(0, 2000))
    texts = islice(texts, skipped, None)
    names = faces.installed()
    with tempfile.TemporaryDirectory() as scratch:
        for _ in range(pages):
            face, size = str(rng.choice(names)), int(rng.choice(SIZES))
            lines = set_page(texts, face, size)
            page = worn(drawn(lines, face, size), rng)
            seen = reader(engine)(page, engine, Path(scratch)).split()
            meant = [word for line in lines for word in line]
            for one, other in word_pairs(meant, seen):
                yield from cores(one, other)


def cores(meant: str, seen: str) -> Iterator[tuple[str, str]]:
    """Yield a pair without the punctuation around it, if what was printed is one word."""
    core = meant.strip(".,;:!?()[]\"'“”‘’…-–/")
    if not core.isalpha():
        return
    before, after = meant.index(core), len(meant) - meant.index(core) - len(core)
    if before and len(seen) > before and not seen[0].isalnum():
        seen = seen[before:]
    if after and len(seen) > after and not seen[-1].isalnum():
        seen = seen[:-after]
    if "\t" not in seen:
        yield core, seen


def build(corpora: Path, target: Path, pages: int = PAGES) -> None:
    """Write the pairs of all engines into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    for engines in ENGINES.values():
        share = max(1, pages // len(engines))
        for engine in engines:
            text = "".join(f"{a}\t{b}\n" for a, b in pairs(corpora, engine, share))
            (target / f"{engine}.tsv").write_text(text, encoding="utf-8")


def main() -> None:
    """Draw from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--pages", type=int, default=PAGES)
    arguments = parser.parse_args()
    build(arguments.corpora, arguments.pairs, arguments.pages)


if __name__ == "__main__":
    main()
