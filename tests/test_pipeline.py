"""The whole path, on the samples as they are drawn and on a real report."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from baocao_etl.evaluation import Item, evaluate, read_gold
from baocao_etl.models import Document
from baocao_etl.pipeline import digitise
from baocao_etl.reading import identify
from baocao_etl.running import Loaded, run
from baocao_etl.settings import Settings
from samples.draw import draw

EXPECTED = Path(__file__).resolve().parents[1] / "samples" / "expected"
# Drawn with handwriting on purpose: what no engine can be expected to read off the page alone.
BY_HAND = {
    "cong-van-du-lich": {"number", "issued_on"},
    "giao-duc": {"number", "issued_on"},
    "cong-nghe-thong-tin": {"number", "issued_on"},
}
Digitised = Callable[[str], Document]


@pytest.fixture(scope="module")
def digitised(tmp_path_factory: pytest.TempPathFactory) -> Digitised:
    """Draw a sample and digitise it, once per module."""
    folder = tmp_path_factory.mktemp("drawn")
    known: dict[str, Document] = {}

    def of(name: str) -> Document:
        if name not in known:
            (known[name],) = digitise(identify(draw(name, folder)), Settings())
        return known[name]

    return of


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def items(document: Document) -> list[Item]:
    return [Item.of(figure) for figure in document.figures]


@pytest.mark.parametrize("name", ["nong-nghiep", "thuy-loi", "ngan-sach"])
def test_what_needs_no_ocr_comes_out_exactly(name: str, digitised: Digitised) -> None:
    result = evaluate(read_gold(EXPECTED / f"{name}.figures.tsv"), items(digitised(name)))
    assert (result.misses, result.false_alarms) == ([], [])
    assert result.levels["strict"].f1 > 0.95


@pytest.mark.ocr
@pytest.mark.parametrize("name", ["giao-duc", "moi-truong", "cai-cach-hanh-chinh"])
def test_scans_come_out_nearly_whole(name: str, digitised: Digitised) -> None:
    result = evaluate(read_gold(EXPECTED / f"{name}.figures.tsv"), items(digitised(name)))
    assert result.levels["score"].recall >= 0.9
    assert result.levels["score"].precision >= 0.9


@pytest.mark.parametrize("name", ["nong-nghiep", "thuy-loi", "ngan-sach"])
def test_sections_are_those_of_the_paper(name: str, digitised: Digitised) -> None:
    expected = [(r["path"], r["kind"]) for r in rows(EXPECTED / f"{name}.sections.tsv")]
    found = [
        (s.path, s.kind)
        for s in digitised(name).sections
        if s.kind == "appendix" or (s.label and s.label not in "-+*")
    ]
    assert found == expected


@pytest.mark.parametrize("name", ["nong-nghiep", "thuy-loi", "ngan-sach", "giao-duc"])
def test_letterheads(name: str, digitised: Digitised) -> None:
    (expected,) = rows(EXPECTED / f"{name}.letterhead.tsv")
    head = digitised(name).letterhead
    for field in ("doc_type", "number", "symbol", "issued_on"):
        if field not in BY_HAND.get(name, ()):
            assert str(getattr(head, field) or "") == expected[field], field


def test_every_figure_leads_back_to_its_words_and_box(digitised: Digitised) -> None:
    document = digitised("nong-nghiep")
    pages = {page.number: page for page in document.pages}
    assert document.figures
    for figure in document.figures:
        words = document.words(figure.span)
        page = pages[figure.page]
        assert figure.raw_text == " ".join(word.raw for word in words)
        assert all(page.raw_text[w.offset : w.end] == w.raw for w in page.words)
        assert figure.box and page.width and page.height
        assert 0 <= figure.box.x0 < figure.box.x1 <= page.width
        assert 0 <= figure.box.y0 < figure.box.y1 <= page.height


@pytest.mark.ocr
def test_processes_and_the_serial_twin_agree(tmp_path: Path) -> None:
    path = draw("moi-truong", tmp_path)
    results = [list(run([path], Settings(jobs=jobs))) for jobs in (0, 2)]
    first, second = (outcome for (outcome,) in results)
    assert isinstance(first, Loaded)
    assert isinstance(second, Loaded)
    assert first.documents == second.documents


def test_a_real_report_that_is_clean_text(shared: Path) -> None:
    (path,) = (shared / "seeds").glob("001_*.txt")
    (document,) = digitise(identify(path), Settings())
    result = evaluate(read_gold(shared / "gold" / "001.figures.tsv"), items(document))
    assert result.levels["score"].recall >= 0.98
    assert result.levels["score"].precision >= 0.97
    assert result.levels["strict"].f1 >= 0.94
