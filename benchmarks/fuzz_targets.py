"""What `benchmarks/fuzz.py` feeds: one function per parser of bytes that come from outside.

Each takes bytes and returns if they were handled. Errors of ours (`BaocaoError`, `PageError`,
`OcrError`) are how bad input is to be told; any other exception, and any broken promise about what
comes out, is a finding.
"""

# ruff: noqa: S101 - broken promises are what is looked for

from __future__ import annotations

import io
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from baocao_etl import evaluation, settings
from baocao_etl.dictionaries import BUNDLED, Dictionaries, _rows
from baocao_etl.errors import BaocaoError
from baocao_etl.figures.indicators import Indicators
from baocao_etl.figures.mentions import _organisations, _systems
from baocao_etl.figures.places import Gazetteer
from baocao_etl.figures.vocabulary import Vocabulary
from baocao_etl.models import Box, Document, Page, Source
from baocao_etl.pipeline import assemble
from baocao_etl.reading import (
    cache,
    identify,
    images,
    page_numbers,
    pdf_layers,
    read_page,
    rendering,
    tesseract,
    text_files,
)
from baocao_etl.reading.engines import OcrError
from baocao_etl.reading.rendering import PageError
from baocao_etl.reading.tokens import compose
from baocao_etl.repair import repair_page, repair_text
from baocao_etl.repair.lexicon import Lexicon
from baocao_etl.repair.number_words import number_readings
from baocao_etl.structure.issuers import _is_title
from baocao_etl.structure.numbering import readings
from baocao_etl.structure.phrases import phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

OFF = settings.Settings(ocr="off", max_pixels=1_000_000)
_FOLDER = tempfile.TemporaryDirectory(prefix="baocao-fuzz-")
WORK = Path(_FOLDER.name)
# What reports are made of; a byte picks one, so that a few bytes make a document of many kinds of line.
FRAGMENTS = (
    "\n", " ", ". ", ", ", ": ", "\n- ", "\n+ ", "\f", "\t", "; ", "\n\n", "ỦY BAN NHÂN DÂN",
    "TỈNH HÀ GIANG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
    "Số: 118/BC-UBND", "Số:      /TTr-SNV", "Hà Nội, ngày 12 tháng 11 năm 2021",
    "ngày 30 tháng 2 năm 2021", "ngày    tháng    năm 2019", "BÁO CÁO", "QUYẾT ĐỊNH", "Kính gửi: ",
    "Nơi nhận:", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHỤ LỤC I", "Phụ lục 2",
    "Chương II", "Mục 1", "A. ", "B. ", "I. ", "II. ", "IV. ", "Il. ", "1. ", "2. ", "3. ", "1.1. ",
    "1.2 ", "4.1.1. ", "a) ", "b) ", "đ) ", "(1) ", "Điều 1. ", "Điều 5", "khoản 2", "điểm a",
    "4.210 hồ sơ", "1.305", "98,5%", "17 máy tính", "12/23 xã", "640 triệu đồng",
    "8.699,28 triệu đồng", "4.652.000.000đ (Bốn tỷ sáu trăm năm hai triệu đồng)", "từ 5 đến 10 %",
    "5-7 km", "hơn ", "khoảng ", "không quá ", "tăng 15%", "giảm 3 điểm", "thứ 88", "năm 2020",
    "6 tháng đầu năm 2019", "quý III/2020", "trong đó ", "bao gồm ", "tổng số ", "đạt ",
    "xã Đông Thanh", "Nghị định số 30/2020/NĐ-CP ngày 05/3/2020", "Quyết định 749/QĐ-TTg",
    "một cửa", "mức độ 3, 4", "mức độ 4", "Cổng Dịch vụ công",
    "TT\tNội dung\tSố lượng\n1\tHồ sơ\t12\n2\tXã\t30\nTổng\t\t42\n",
    "STT  Đơn vị  Năm 2019  Năm 2020", "0", "1", "9", "00", "1e5",
    "99999999999999999999999999999999999999999", "٣", "²", "½", "O", "l", "thwe hién",
    "djch vi cong trrc tuyn", "uy ban nhan dan", "c«ng t¸c", "Ã´ng", "\u0301", "\ufeff", "\u200b",
    "😀", "ﬁ",
)  # fmt: skip
CSV_FORM = b"section\tvalue\tkind\tunit\tcontext\nI.1\t14/14\tratio\tx\xc3\xa3\tt\xe1\xba\xa1i\n"


class Target(NamedTuple):
    """A parser under test, and inputs to start from."""

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]] = lambda: [b""]
    longest: int = 4096


def composed(data: bytes) -> str:
    """Return a text: of `data` itself where it begins with a zero, else of the fragments it picks."""
    if data[:1] == b"\0":
        return text_files.decode(data[1:])
    return "".join(FRAGMENTS[byte % len(FRAGMENTS)] for byte in data)


@contextmanager
def told() -> Iterator[None]:
    """Errors of ours are an answer."""
    with suppress(BaocaoError, PageError, OcrError):
        yield


def file_of(data: bytes, name: str) -> Path:
    """Write `data` where a parser that takes a path can read it."""
    path = WORK / name
    path.write_bytes(data)
    return path


def page_of(text: str, number: int = 1, line: int = 1) -> Page:
    """Return a page of a dump."""
    words = text_files.split_words(text, line)
    return Page(number=number, text_origin="text", raw_text=text, words=words)


def check_page(page: Page) -> None:
    """What `Page` promises of its words."""
    at = 0
    for word in page.words:
        assert word.offset >= at, "offsets rise"
        assert word.raw, "a word is never empty"
        assert page.raw_text[word.offset : word.end] == word.raw, "words stand where they say"
        assert 0.0 <= word.confidence <= 1.0, "a confidence is a probability"
        at = word.end
    assert 0.0 <= page.quality <= 1.0, "a quality is a probability"


def check_document(document: Document) -> None:
    """What `Document` promises of its figures and sections."""
    pages = {page.number: page for page in document.pages}
    ids = [section.section_id for section in document.sections]
    assert len(set(ids)) == len(ids), "section ids are unique"
    figures = [figure.figure_id for figure in document.figures]
    assert len(set(figures)) == len(figures), "figure ids are unique"
    for figure in document.figures:
        assert figure.value.is_finite(), "values are numbers"
        assert abs(figure.value) < 10**20, "values are such as a report can mean"
        assert 0.0 <= figure.confidence <= 1.0, "a confidence is a probability"
        words = pages[figure.page].words[figure.span.start : figure.span.end]
        assert figure.raw_text == " ".join(word.raw for word in words), (
            "a figure leads to its words"
        )
        assert figure.section_id is None or figure.section_id in set(ids), "sections are known"
    for finding in document.findings:
        assert set(finding.figure_ids) <= set(figures), "findings are about figures there are"


def text_dump(data: bytes) -> None:
    """Bytes of a text file to pages."""
    with told():
        source = identify(file_of(data, "dump.txt"))
        if source.media_type != "text/plain":
            return
        text = text_files.decode(data).replace("\r\n", "\n").replace("\r", "\n")
        numbers = page_numbers(source, OFF)
        for number in numbers[:50]:
            check_page(read_page(source, number, OFF))
        pages = text_files.split_pages(text)
        assert "".join(piece for _, piece in pages).strip("\f \n") in text.replace("\f", ""), (
            "nothing is lost"
        )


def report(data: bytes) -> None:
    """A text to documents, its structure and figures, nothing repaired."""
    with told():
        pages = [
            page_of(piece, number, line)
            for number, (line, piece) in enumerate(text_files.split_pages(composed(data)), 1)
        ]
        source = Source(path="fuzz.txt", sha256="0" * 64, size=len(data), media_type="text/plain")
        for document in assemble(source, pages, OFF):
            check_document(document)


def repair(data: bytes) -> None:
    """A text to its repaired form: words, offsets, line count."""
    with told():
        text = composed(data)
        check_page(repair_page(page_of(text), OFF))
        fixed, _ = repair_text(text, OFF)
        assert fixed.count("\n") == text.count("\n"), "as many lines out as in"


def numbering(data: bytes) -> None:
    """Labels, and numbers written in words."""
    text, _, raw = composed(data).partition("\f")
    for label in readings(text, raw):
        label.family.written(label.value)
        after = label.family.successor(label.value)
        assert label.family.predecessor(after) is not None, "what follows has a predecessor"
        label.family.skipped(label.value, after)
        assert 0 < label.length <= max(len(text), len(raw)), "a label stands in its line"
    assert all(value >= 0 for value in number_readings(text)), "words are a number or none"


def tsv(data: bytes) -> None:
    """What Tesseract prints."""
    with told():
        for line in tesseract._parse(data.decode("utf-8", "replace")):
            for word in line.words:
                assert word.text.split() == [word.text], "a word is one token"
                assert 0.0 <= word.confidence <= 1.0, "a confidence is a probability"


def pdf(data: bytes) -> None:
    """A PDF's pages and layers; nothing is rendered."""
    with told():
        source = identify(file_of(data, "file.pdf"))
        if source.media_type != "application/pdf":
            return
        try:
            for number in page_numbers(source, OFF)[:3]:
                check_page(read_page(source, number, OFF))
        finally:
            rendering.forget()


def _numbers(data: bytes, count: int) -> Iterator[list[float]]:
    for at in range(0, len(data) - count + 1, count):
        yield [float(byte) * 3 for byte in data[at : at + count]]


def layer(data: bytes) -> None:
    """Characters of a layer, anywhere on the page and in any direction, to words in reading order."""
    chars = [
        pdf_layers.Char(
            "a1 đ,\u0301"[int(kind) % 6],
            Box(x, y, x + w, y + w),
            y + w,
            x,
            x + w,
            w,
            "F",
            int(kind / 3) % 4,
        )
        for x, y, w, kind in _numbers(data, 4)
    ]
    cells = tuple(Box(x, y, x + w + 3, y + h + 3) for x, y, w, h in _numbers(data[-64:], 4))
    for tables in ((), (cells,)) if cells else ((),):
        text = compose(pdf_layers.parts(chars, (595.0, 842.0), tables))
        check_page(Page(number=1, text_origin="layer", raw_text=text.raw_text, words=text.words))


def image(data: bytes) -> None:
    """An image file to its pixels."""
    with told():
        source = identify(file_of(data, "file.bin"))
        if source.media_type.startswith("image/"):
            for number in range(1, min(3, images.count(source)) + 1):
                with suppress(PageError):
                    images.read(source, number, OFF.max_pixels)


def dictionary(data: bytes) -> None:
    """A user's table laid over the bundled ones, and the reader of that table."""
    readers: Sequence[tuple[str, Callable[[Dictionaries], object]]] = (
        ("units", Vocabulary), ("contexts", Vocabulary), ("words", Lexicon),
        ("abbreviations", lambda tables: Lexicon(tables).acronyms),
        ("indicators", Indicators), ("systems", _systems), ("organisations", _organisations),
        ("phrases", lambda tables: phrases(tables, "recipients")),
        ("document_types", lambda tables: _is_title("BAO CAO", tables)),
        ("places", lambda tables: Gazetteer(tables).province("01")),
    )  # fmt: skip
    name, reader = readers[data[0] % len(readers)] if data else readers[0]
    folder = WORK / "own"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.tsv"
    path.write_bytes(data[1:])
    _rows.cache_clear()
    for cached in (_systems, _organisations, phrases):
        getattr(cached, "cache_clear", lambda: None)()
    with told():
        reader(Dictionaries((BUNDLED, folder)))
    path.unlink()


def toml(data: bytes) -> None:
    """baocao.toml."""
    (WORK / "baocao.toml").write_bytes(data)
    with chdir(WORK), told():
        settings.load_settings()


def gold(data: bytes) -> None:
    """Gold tables of `baocao eval`."""
    path = file_of(data, "gold.tsv")
    with told():
        items = evaluation.read_gold(path)
        evaluation.evaluate(items, items[::2], [item.value for item in items])
    with told():
        evaluation.read_not_figures(path)


def kept(data: bytes) -> None:
    """A page of OCR in the cache, whatever became of its file."""
    key = cache.key_of(["x"])
    path = WORK / "cache" / key[:2] / f"{key[2:]}.ocr.z"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data[1:] if data[:1] == b"\0" else zlib.compress(data))
    cache.load(WORK / "cache", key)


def pages(data: bytes) -> None:
    """`--pages`."""
    source = identify(file_of(b"a\fb\fc\fd", "four.txt"))
    wanted = OFF.model_copy(update={"pages": data.decode("utf-8", "replace")})
    with told():
        assert set(page_numbers(source, wanted)) <= {1, 2, 3, 4}, "only pages there are"


def _pdf_seeds() -> list[bytes]:
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - a development dependency

    found = []
    for rotation in (0, 90):
        stream = io.BytesIO()
        canvas = Canvas(stream, pageCompression=0, invariant=1)
        canvas.setPageRotation(rotation)
        for i in range(12):
            canvas.drawString(72, 700 - 20 * i, f"{i}. Tiep nhan 4.210 ho so, dat 98,5%")
            canvas.line(60, 690 - 20 * i, 500, 690 - 20 * i)
        for x in (60, 280, 500):
            canvas.line(x, 470, x, 690)
        canvas.showPage()
        canvas.save()
        found.append(stream.getvalue())
    return found


def _image_seeds() -> list[bytes]:
    found = []
    for mode in ("1", "L", "RGB", "RGBA", "P", "I;16"):
        for kind in ("PNG", "TIFF", "JPEG"):
            stream = io.BytesIO()
            with suppress(OSError):
                Image.new(mode, (9, 7)).save(stream, kind, dpi=(300, 300))
                found.append(stream.getvalue())
    return found


def _table_seeds() -> list[bytes]:
    names = ("units", "contexts", "abbreviations", "indicators", "systems", "phrases", "places")
    order = (0, 1, 3, 4, 5, 7, 9)
    return [
        bytes([at]) + b"\n".join((BUNDLED / f"{name}.tsv").read_bytes().splitlines()[:20])
        for at, name in zip(order, names, strict=True)
    ]


TSV_FORM = tesseract._HEADING.encode() + b"\n5\t1\t1\t1\t1\t1\t10\t10\t30\t12\t95.5\tUBND\n"
KEPT_FORM = (
    b'{"readings": [[[0, [["a", 1, 2, 3, 4, 0.5]]]]], "dpi": 300, "size": [1, 2],'
    b' "turns": 0, "skew": 0, "steps": []}'
)
TARGETS = {
    "text_dump": Target(text_dump, lambda: ["Số 1\fhai".encode(), "á".encode("utf-16"), b"c\xabng"]),
    "report": Target(report, lambda: [bytes(range(11, len(FRAGMENTS))), b"\0I. A\n1. B 5%\n"], 600),
    "repair": Target(repair, lambda: [bytes(range(len(FRAGMENTS))), b"\0uy ban nhan dan"], 300),
    "numbering": Target(numbering, lambda: [bytes([i]) for i in range(31, 50)], 200),
    "tsv": Target(tsv, lambda: [TSV_FORM]),
    "pdf": Target(pdf, _pdf_seeds, 16_384),
    "layer": Target(layer, lambda: [bytes(range(64)) * 3], 800),
    "image": Target(image, _image_seeds, 2048),
    "dictionary": Target(dictionary, _table_seeds),
    "toml": Target(toml, lambda: [b"dpi = 200\nocr = 'off'\n", b"[tool.baocao]\njobs = 2\n"], 500),
    "gold": Target(gold, lambda: [CSV_FORM], 1000),
    "kept": Target(kept, lambda: [KEPT_FORM]),
    "pages": Target(pages, lambda: [b"1-3,7"], 50),
}  # fmt: skip
