"""The recipe: which report becomes which file, with which faults.

    python -m samples.draw [--out FOLDER] [NAME ...]

Without names every sample is drawn. The same library versions write the same bytes.
"""

from __future__ import annotations

import argparse
import io
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from samples import faults, pdf, raster, report
from samples.faults import Scan
from samples.layout import lay_out
from samples.report import HERE, Report
from samples.sheet import Placed, Sheet

DRAWN = HERE / "drawn"
WIDE_GAP = 24.0  # points between words that belong to blocks side by side


@dataclass(frozen=True)
class Recipe:
    """How one report is drawn. `stamp` is the text that a signing program prints on the scan."""

    form: str
    scan: Scan = field(default_factory=Scan)
    stamp: tuple[str, ...] = ()


RECIPES: dict[str, Recipe] = {
    "ban-tin-van-hoa": Recipe(
        "scan.pdf", Scan(200, (-0.5, 0.4), blur=0.5, noise=6, shade=22, quality=55)
    ),
    "cai-cach-hanh-chinh": Recipe("tif", Scan(300, (0.7, -0.4), blur=0.8, noise=9, threshold=150)),
    "cong-van-du-lich": Recipe("png", Scan(300, (-1.1,), 1.0, 14, specks=260, threshold=140)),
    "cong-nghe-thong-tin": Recipe(
        "scan.pdf",
        Scan(300, (0.6, -0.3), blur=0.9, noise=5, shade=12, quality=38),
        stamp=(
            "Ký bởi: Ủy ban nhân dân huyện Phú Lâm",
            "Cơ quan: Tỉnh Tuyên Quang",
            "Thời gian ký: 27.11.2020 15:04:22 +07:00",
        ),
    ),
    "giao-duc": Recipe("jpg", Scan(200, (1.4,), blur=0.7, noise=8, shade=58, quality=48)),
    "moi-truong": Recipe("misread.pdf", Scan(200, (0.4,), 0.5, 4, grey=True, quality=50)),
    "ngan-sach": Recipe("tcvn3.pdf"),
    "nong-nghiep": Recipe("pdf"),
    "thuy-loi": Recipe("txt"),
    "y-te": Recipe("scan.pdf", Scan(200, (-0.8, 0.5, 0.3), 0.4, 5, 15, specks=60, grey=True)),
}


def draw(name: str, folder: Path) -> Path:
    """Draw the sample `name` into `folder` and return the file."""
    recipe, what = RECIPES[name], report.load(name)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.{recipe.form.rsplit('.', maxsplit=1)[-1]}"
    path.write_bytes(_FORMS[recipe.form](what, lay_out(what), recipe))
    return path


def _images(what: Report, sheets: list[Sheet], scan: Scan) -> list[tuple[Image.Image, float]]:
    """Return the scanned pages with the skew that each has."""
    rng = _generator(what.name)
    found = []
    for number, sheet in enumerate(sheets):
        skew = scan.skew[number % len(scan.skew)]
        page = raster.render(sheet, scan.dpi, rng)
        found.append((faults.scanned(page, scan, skew, rng), skew))
    return found


def _scan_pdf(what: Report, sheets: list[Sheet], recipe: Recipe) -> bytes:
    """Return a PDF of scans; the form says whether a misread layer lies below them."""
    rng = _generator(what.name + " layer")
    pictures = []
    for sheet, (image, skew) in zip(sheets, _images(what, sheets, recipe.scan), strict=True):
        layer = pdf.wrong_language(sheet, skew, rng) if recipe.form == "misread.pdf" else []
        data = faults.jpeg(image, recipe.scan)
        pictures.append(pdf.Picture(data, sheet.width, sheet.height, layer))
    return pdf.scan(pictures, what.name, list(recipe.stamp))


def _tiff(what: Report, sheets: list[Sheet], recipe: Recipe) -> bytes:
    """Return a multi-page TIFF, CCITT group 4."""
    first, *others = (image for image, _ in _images(what, sheets, recipe.scan))
    stream = io.BytesIO()
    dpi = (recipe.scan.dpi, recipe.scan.dpi)
    first.save(stream, "TIFF", compression="group4", save_all=True, append_images=others, dpi=dpi)
    return stream.getvalue()


def _png(what: Report, sheets: list[Sheet], recipe: Recipe) -> bytes:
    """Return the only page as PNG."""
    ((image, _),) = _images(what, sheets, recipe.scan)
    stream = io.BytesIO()
    image.save(stream, "PNG", dpi=(recipe.scan.dpi, recipe.scan.dpi))
    return stream.getvalue()


def _jpeg(what: Report, sheets: list[Sheet], recipe: Recipe) -> bytes:
    """Return the only page as JPEG."""
    ((image, _),) = _images(what, sheets, recipe.scan)
    return faults.jpeg(image, recipe.scan)


def _born_digital(what: Report, sheets: list[Sheet], recipe: Recipe) -> bytes:
    """Return a PDF with a true text layer, in Unicode or in TCVN3."""
    return pdf.born_digital(sheets, what.name, legacy=recipe.form == "tcvn3.pdf")


def _text(what: Report, sheets: list[Sheet], recipe: Recipe) -> bytes:
    del what, recipe
    return text_dump(sheets)


def text_dump(sheets: list[Sheet]) -> bytes:
    """Return a dump: line for line as printed, tabs between cells, form feeds between pages."""
    pages = []
    for sheet in sheets:
        lines = []
        for line in sheet.lines():
            text = "\t" * _column(line[0]) + line[0].text
            for before, word in pairwise(line):
                wide = word.x - before.x - before.width > WIDE_GAP
                gap = "\t" * (_column(word) - _column(before)) or ("    " if wide else " ")
                text += gap + word.text
            lines.append(text + "\n")
        pages.append("".join(lines))
    return "\f".join(pages).encode("utf-8")


def _column(word: Placed) -> int:
    return word.cell[1] if word.cell else 0


def _generator(name: str) -> np.random.Generator:
    """Return the random numbers of one sample, the same in every run."""
    return np.random.default_rng(zlib.crc32(name.encode("utf-8")))


_FORMS: dict[str, Callable[[Report, list[Sheet], Recipe], bytes]] = {
    "scan.pdf": _scan_pdf,
    "misread.pdf": _scan_pdf,
    "tif": _tiff,
    "png": _png,
    "jpg": _jpeg,
    "pdf": _born_digital,
    "tcvn3.pdf": _born_digital,
    "txt": _text,
}


def main(arguments: list[str] | None = None) -> int:
    """Draw the samples that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m samples.draw", description="Draw the samples.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(RECIPES)}")
    parser.add_argument("--out", type=Path, default=DRAWN, help="folder (default: samples/drawn)")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(RECIPES)
    if unknown:
        parser.error(f"unknown sample {', '.join(sorted(unknown))}")
    for name in options.names or RECIPES:
        path = draw(name, options.out)
        print(f"{path}  {path.stat().st_size / 1000:.0f} kB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
