"""How fast documents load, against DuckDB reading the same rows from Parquet with the same keys.

    python benchmarks/loading.py [--documents 20000] [--figures 50]

Prints one line a measurement: loading, the Parquet baseline and their ratio, a second run that finds
nothing new (the files themselves are not there: it is the warehouse's share), `panel`, `search`.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import duckdb

from baocao_etl.models import (
    Box,
    Correction,
    Document,
    Figure,
    Letterhead,
    Page,
    Section,
    Source,
    Span,
    Word,
)
from baocao_etl.settings import Settings
from baocao_etl.warehouse import Loadable, Loader, open_warehouse
from baocao_etl.warehouse.rows import DOCUMENT_TABLES

SYLLABLES = (  # noqa: SIM905 - as words they read better
    "hồ sơ thủ tục hành chính công dịch vụ trực tuyến tiếp nhận giải quyết đúng hạn cán bộ "
    "huyện xã thị trấn báo cáo kết quả thực hiện nhiệm vụ năm văn bản điện tử phần mềm"
).split()
QUERIES = {
    "panel": "SELECT count(*), sum(value) FROM panel",
    "v_figures, all of it": "SELECT max(section_titles) FROM v_figures",
    "v_doubtful, the first 100": "FROM v_doubtful LIMIT 100",
}
KINDS = ("count", "percent", "ratio", "money")


def text(rng: random.Random, words: int) -> str:
    """Return random words."""
    return " ".join(rng.choices(SYLLABLES, k=words))


def document(number: int, figures: int) -> Document:
    """A report of three pages, twelve sections and `figures` figures."""
    rng = random.Random(number)
    doc_id = f"{rng.getrandbits(64):016x}"
    pages = tuple(page(rng, n) for n in (1, 2, 3))
    sections = tuple(section(rng, doc_id, n) for n in range(12))
    return Document(
        doc_id=doc_id,
        source=source(number),
        part=1,
        pages=pages,
        letterhead=Letterhead(
            issuer=f"UBND huyện {number % 700}",
            number=str(number),
            symbol="BC-UBND",
            issued_on=date(2015 + number % 10, 1 + number % 12, 1),
            issuer_place_code=f"{number % 700:03}",
            subject=text(rng, 12),
        ),
        sections=sections,
        figures=tuple(figure(rng, doc_id, n, sections) for n in range(figures)),
    )


def source(number: int) -> Source:
    """Return the identity of file `number`."""
    sha256 = f"{random.Random(-number - 1).getrandbits(256):064x}"
    return Source(path=f"/reports/{number}.pdf", sha256=sha256, size=1, media_type="text/plain")


def page(rng: random.Random, number: int) -> Page:
    """Return a page of 250 words, a tenth of them corrected."""
    words, offset = [], 0
    for syllable in rng.choices(SYLLABLES, k=250):
        words.append(Word(syllable, syllable, offset, 1, Box(10, 10, 20, 20), 0.99))
        offset += len(syllable) + 1
    corrections = tuple(
        Correction(
            page=number, offset=w.offset, raw="x", text=w.text, reason="decoder", confidence=0.97
        )
        for w in words[::10]
    )
    return Page(
        number=number,
        width=595,
        height=842,
        text_origin="ocr",
        damage="slips",
        quality=0.9,
        raw_text=" ".join(word.raw for word in words),
        words=tuple(words),
        corrections=corrections,
    )


def section(rng: random.Random, doc_id: str, number: int) -> Section:
    """Return a section of 60 words."""
    return Section(
        section_id=f"{doc_id}-s{number:04}",
        parent_id=f"{doc_id}-s{number // 2:04}" if number else None,
        ordinal=number,
        kind="section",
        label=f"{number}.",
        path=f"I.{number}",
        title=text(rng, 8),
        text=text(rng, 60),
        paragraphs=(),
        page_from=1,
        page_to=1,
    )


def figure(rng: random.Random, doc_id: str, number: int, sections: tuple[Section, ...]) -> Figure:
    """Return a figure in one of `sections`."""
    year = rng.randrange(2015, 2025)
    start = rng.randrange(240)
    return Figure(
        figure_id=f"{doc_id}-f{number:05}",
        section_id=sections[number % 12].section_id,
        section_path=sections[number % 12].path,
        page=1 + number % 3,
        line=number,
        box=Box(rng.uniform(0, 500), rng.uniform(0, 800), 500, 800),
        span=Span(1 + number % 3, start, start + 1),
        raw_text=str(rng.randrange(10**6)),
        text=text(rng, 3),
        sentence=text(rng, 25),
        kind=rng.choice(KINDS),
        value=Decimal(rng.randrange(10**9)) / 100,
        unit="hồ sơ",
        subject=text(rng, 5),
        indicator=f"indicator-{rng.randrange(80)}" if rng.random() < 0.5 else None,
        period_from=date(year, 1, 1),
        period_to=date(year, 12, 31),
        confidence=rng.random(),
    )


def load(db: Path, documents: Iterator[Document]) -> Took:
    """Load `documents`; return the time that it took, making them and the index left out."""
    spent = []
    with open_warehouse(db) as connection:
        loader = Loader(connection, Settings(db=db, jobs=0))
        while ready := [Loadable(made.source, (made,)) for made in islice(documents, 500)]:
            spent.append(timed(partial(add_all, loader, ready)))
        spent.append(timed(loader.flush))
        ended = timed(lambda: loader.__exit__(None, None, None))
        print(f"end of the run, mostly the search index: {ended}")
    return Took(*map(sum, zip(*spent, strict=True)))


def add_all(loader: Loader, files: list[Loadable]) -> None:
    """Give `files` to the loader."""
    for file in files:
        loader.add(file)


def from_parquet(db: Path, copy: Path, folder: Path) -> Took:
    """Copy the rows of `db` to Parquet, and return the time to read them into a new file."""
    tables = (*DOCUMENT_TABLES, "sources", "run_files")
    with open_warehouse(db, read_only=True) as connection:
        for table in tables:
            connection.execute(f"COPY {table} TO '{folder}/{table}.parquet' (FORMAT parquet)")

    def read() -> None:
        with open_warehouse(copy) as connection:
            for table in tables:
                connection.execute(f"INSERT INTO {table} FROM '{folder}/{table}.parquet'")
            connection.execute("CHECKPOINT")

    return timed(read)


class Took(NamedTuple):
    """Seconds on the clock, and of all this process's threads together."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} s ({self.cpu:.1f} s CPU)"


def timed(work: Callable[[], object]) -> Took:
    """Return the time that `work` takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def main() -> None:
    """Measure and print."""
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--figures", type=int, default=50)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db = folder / "loaded.duckdb"
        loading = load(db, (document(n, wanted.figures) for n in range(wanted.documents)))
        baseline = from_parquet(db, folder / "copy.duckdb", folder)
        total = wanted.documents * wanted.figures
        print(f"loading {total:,} figures of {wanted.documents:,} documents: {loading}")
        ratios = (mine / theirs for mine, theirs in zip(loading, baseline, strict=True))
        told = "{:.1f} by the clock, {:.1f} by CPU".format(*ratios)
        print(f"DuckDB from Parquet, same keys: {baseline}; ratio {told}")
        print(f"nothing new: {timed(lambda: nothing_new(db, wanted.documents))}")
        with open_warehouse(db, read_only=True) as connection:
            for view, sql in QUERIES.items():
                print(f"{view}: {timed(partial(count, connection, sql))}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory: {peak:.0f} MB; database {db.stat().st_size / 1e6:.0f} MB")


def nothing_new(db: Path, documents: int) -> None:
    """Ask for each file whether it is loaded, as `ingest` does, the reading of its bytes aside."""
    with (
        open_warehouse(db) as connection,
        Loader(connection, Settings(db=db, jobs=0)) as loader,
    ):
        loaded = loader.current().loaded
        if any(loaded[source(n).path] != source(n).sha256 for n in range(documents)):
            raise SystemExit("a loaded file is not known")


def count(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Run `sql` to its end."""
    connection.execute(sql).fetchall()


if __name__ == "__main__":
    main()
