"""How fast and how well pages are read, side by side with plain Tesseract and ocrmypdf.

    python -m benchmarks.reading [--shared ../shared] [--engines tesseract,trueocr] [--part NAME ...]

All parts of a table are measured in one run, one after the other, on the same pages. Comparators that
are not installed are left out, and the table says so. The results go to benchmarks/RESULTS.md, between
the marks of this script, and to the terminal.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from rapidfuzz.distance import Levenshtein

from baocao_etl.pipeline import digitise_page
from baocao_etl.reading import discover, identify, page_count, read_page
from baocao_etl.repair import repair_page
from baocao_etl.running import Event, run
from baocao_etl.settings import Settings
from benchmarks.edits import infix_distance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from baocao_etl.models import Page

ROOT = Path(__file__).resolve().parent
RESULTS = ROOT / "RESULTS.md"
SCANS = ("16CT*.pdf", "10209610.pdf", "10209608.pdf", "10209630.pdf")  # 24 pages
TYPED = ("10209608", "10209630")
LAYERS = ("scans/vht534*.pdf", "legacy_pdf/*.pdf")
Row = tuple[str, str, str]


def normal(text: str) -> str:
    """Normalise what is a matter of style: tone placement, dashes, quotation marks, white space."""
    text = unicodedata.normalize("NFD", text)
    # A tone mark behind the last vowel of oa, oe, uy moves to the first.
    text = re.sub(r"([oOuU])([aeyAEY])([\u0300\u0301\u0303\u0309\u0323])", r"\1\3\2", text)
    text = unicodedata.normalize("NFC", text)
    for old, new in zip("–—“”‘’", "--\"\"''", strict=True):
        text = text.replace(old, new)
    return " ".join(text.replace("…", "...").split())


def block_error(gold: str, text: str) -> float:
    """Return the character error of `gold`'s paragraphs, each found wherever it stands in `text`.

    The body only: whoever typed the text set heads and titles anew, in capitals and in one line.
    """
    text = normal(text)
    lines = [normal(line) for line in gold.split("\n")]
    blocks = [line for line in lines if len(line) >= 30 and not line.isupper()]
    letters = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    return sum(infix_distance([*map(ord, b)], letters) for b in blocks) / sum(map(len, blocks))


def read_all(path: Path, settings: Settings) -> list[Page]:
    """Read all pages of a file, nothing repaired."""
    source = identify(path)
    count = page_count(source, settings)
    return [read_page(source, number, settings) for number in range(1, count + 1)]


def accuracy(shared: Path, settings: Settings) -> Iterable[Row]:
    """Measure the character error before and after repair."""
    for suffix, bar in (("", "0.6 %"), ("_deg", "1.5 %")):
        errors, letters = [0, 0], 0
        for gold in sorted((shared / "pages").glob("*.gold.txt")):
            wanted = normal(gold.read_text(encoding="utf-8"))
            name = gold.name.removesuffix(".gold.txt")
            page = read_all(shared / "pages" / f"{name}{suffix}.png", settings)[0]
            for i, text in enumerate((page.raw_text, repair_page(page, settings).text)):
                errors[i] += Levenshtein.distance(wanted, normal(text))
            letters += len(wanted)
        raw, repaired = (f"{error / letters:.2%}" for error in errors)
        yield f"character error, pages{suffix}", f"{raw} read, {repaired} repaired", bar
    for name in TYPED:
        gold_text = (shared / "typed" / f"{name}.txt").read_text(encoding="utf-8")
        pages = read_all(shared / "scans" / f"{name}.pdf", settings)
        read = block_error(gold_text, "\n".join(page.raw_text for page in pages))
        mended = block_error(gold_text, "\n".join(repair_page(p, settings).text for p in pages))
        yield f"character error, {name}", f"{read:.2%} read, {mended:.2%} repaired", "0.6 %"


def speed(shared: Path, settings: Settings) -> Iterable[Row]:
    """Measure the wall time of 24 scanned pages on two processes."""
    files = [path for pattern in SCANS for path in sorted((shared / "scans").glob(pattern))]
    settings = settings.model_copy(update={"jobs": 2, "cache_dir": None})
    pages = 0

    def count(event: Event) -> None:
        nonlocal pages
        pages += event.kind == "page"

    ours = timed(lambda: list(run(files, settings, on_event=count)))
    yield f"{pages} scanned pages, baocao, 2 processes", f"{ours:.1f} s", ""
    with tempfile.TemporaryDirectory() as folder:
        images = rendered(files, Path(folder))
        busy = processor_time()
        plain = timed(lambda: plain_tesseract(images))
        plain_busy = processor_time() - busy
    yield "the same, plain tesseract (300 dpi grey)", f"{plain:.1f} s", ""
    yield "baocao / plain tesseract", f"{ours / plain:.2f}", "at most 1.10"
    busy = processor_time()
    list(run(files, settings.model_copy(update={"jobs": 0})))  # in this process, to be counted
    ours_busy = processor_time() - busy
    yield "the same by processor time", f"{ours_busy / plain_busy:.2f}", ""
    ocrmypdf = shutil.which("ocrmypdf") or shutil.which(
        "ocrmypdf", path=Path(sys.executable).parent
    )
    if ocrmypdf is None:
        yield "ocrmypdf / baocao", "ocrmypdf is not installed", "at least 2.0"
        return
    # One that is not signed: ocrmypdf does not touch signed files.
    file = next((shared / "scans").glob("10209610.pdf"))
    one = timed(lambda: list(run([file], settings)))
    with tempfile.TemporaryDirectory() as folder:
        command = [ocrmypdf, "-l", "vie", "--jobs", "2", "--force-ocr", "-q", str(file)]
        theirs = timed(lambda: subprocess.run([*command, str(Path(folder, "out.pdf"))], check=True))
    yield f"ocrmypdf / baocao on {file.name}", f"{theirs / one:.2f}", "at least 2.0"


def processor_time() -> float:
    """Return the seconds that this process and its ended children have worked."""
    mine, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def rendered(files: Iterable[Path], folder: Path) -> list[Path]:
    """Render all pages at 300 dpi grey, as a user of plain Tesseract would."""
    paths = []
    for file in files:
        for number, page in enumerate(pdfium.PdfDocument(file), 1):
            paths.append(folder / f"{file.stem}-{number}.png")
            page.render(scale=300 / 72, grayscale=True).to_pil().save(paths[-1])
    return paths


def plain_tesseract(images: Iterable[Path]) -> None:
    """Run one Tesseract per image, two at a time, one thread each."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}

    def read(image: Path) -> None:
        command = ["tesseract", str(image), str(image.with_suffix("")), "-l", "vie", "tsv"]
        subprocess.run(command, env=environment, check=True, capture_output=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(read, images))


def layers(shared: Path, settings: Settings) -> Iterable[Row]:
    """Measure how many pages with a good or decodable layer one core digitises in a second."""
    files = [path for pattern in LAYERS for path in sorted(shared.glob(pattern))]
    work = []
    for source in map(identify, files):
        work += [(source, n) for n in range(1, page_count(source, settings) + 1)]
    digitise_page(*work[0], settings)  # loads the language model
    reading = timed(lambda: [read_page(source, n, settings) for source, n in work])
    whole = timed(lambda: [digitise_page(source, n, settings) for source, n in work])
    yield f"{len(work)} pages with text layers, read", f"{len(work) / reading:.0f} pages/s", ""
    yield "the same, read and repaired", f"{len(work) / whole:.0f} pages/s", "15 pages/s"


def again(shared: Path, settings: Settings) -> Iterable[Row]:
    """Measure how fast files that are loaded already are recognised and skipped."""
    with tempfile.TemporaryDirectory() as folder:
        originals = list(discover([shared / "scans", shared / "seeds"]))
        for i in range(400):
            original = originals[i % len(originals)]
            Path(folder, f"{i:04}{original.suffix}").symlink_to(original)
        files = sorted(Path(folder).iterdir())
        seconds = timed(lambda: list(run(files, settings, skip=lambda _: True)))
    yield "files already loaded, skipped", f"{len(files) / seconds:.0f} files/s", "300 files/s"


def stamps(shared: Path, settings: Settings) -> Iterable[Row]:
    """Count the pages with a layer of at most 150 characters that were OCRed."""
    settings = settings.model_copy(update={"cache_dir": None})
    total = read = 0
    for path in sorted((shared / "scans").glob("*.pdf")):
        short = [
            number
            for number, page in enumerate(pdfium.PdfDocument(path), 1)
            if 0 < page.get_textpage().count_chars() <= 150
        ]
        for number in short:
            total += 1
            read += read_page(identify(path), number, settings).text_origin == "ocr"
    yield "pages with only a stamp or watermark that were OCRed", f"{read} of {total}", "all"


def memory(shared: Path, settings: Settings) -> Iterable[Row]:
    """Measure the peak memory of a process that reads a long PDF, and a huge page."""
    with tempfile.TemporaryDirectory() as folder:
        long, huge = Path(folder, "long.pdf"), Path(folder, "huge.png")
        joined = pdfium.PdfDocument.new()
        scan = pdfium.PdfDocument(next((shared / "scans").glob("vht534*.pdf")))
        for _ in range(125):
            joined.import_pages(scan)
        joined.save(long)
        noise = np.random.default_rng(1).integers(0, 2, (10_000, 10_000), dtype=np.uint8)
        Image.fromarray(noise * 255).convert("1").save(huge)
        for name, path in (("a PDF of 500 pages", long), ("a page of 10,000 x 10,000", huge)):
            peak = in_process(_peak, path, settings)
            yield f"peak memory, {name}", f"{peak:.0f} MB", "500 MB"


def _peak(path: Path, settings: Settings) -> float:
    source = identify(path)
    for number in range(1, page_count(source, settings) + 1):
        read_page(source, number, settings)  # a worker sends its pages away
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return max(_own_peak(), children)


def _own_peak() -> float:
    """Return the most memory in MB that this program had since it was started.

    `ru_maxrss` will not do: a process inherits the peak of the one that it was forked from, and
    execve does not reset it. VmHWM belongs to the program's own memory (proc(5)).
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]


def in_process(work: Callable[[Path, Settings], float], path: Path, settings: Settings) -> float:
    """Return what `work` returns in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, path, settings).result()


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


PARTS = {
    "speed": speed, "accuracy": accuracy, "layers": layers, "again": again, "stamps": stamps,
    "memory": memory,
}  # fmt: skip


def written(rows: Iterable[Row], settings: Settings) -> str:
    """Return `rows` as the section of RESULTS.md."""
    begin, end = marks(settings)
    lines = [begin, f"## Reading ({settings.ocr_engines}; {os.cpu_count()} cores)", "",
             "| what | measured | bar |", "|---|---|---|"]  # fmt: skip
    lines += [f"| {what} | {value} | {bar} |" for what, value, bar in rows]
    return "\n".join([*lines, end])


def marks(settings: Settings) -> tuple[str, str]:
    """Return the comments between which the results of these engines stand."""
    name = f"reading with {settings.ocr_engines}"
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def main() -> None:
    """Measure the parts that were asked for and write them down."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parents[1] / "shared")
    parser.add_argument("--engines", default="tesseract")
    parser.add_argument("--part", choices=PARTS, action="append")
    options = parser.parse_args()
    settings = Settings(ocr_engines=options.engines)
    rows: list[Row] = []
    for name in options.part or PARTS:
        for row in PARTS[name](options.shared, settings):
            print("  ".join(row), flush=True)
            rows.append(row)
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n"
    section = written(rows, settings)
    begin, end = marks(settings)
    if begin in before:
        head, _, rest = before.partition(begin)
        before = head + section + rest.partition(end)[2]
    else:
        before = before.rstrip() + "\n\n" + section + "\n"
    RESULTS.write_text(before, encoding="utf-8")


if __name__ == "__main__":
    main()
