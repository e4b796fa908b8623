"""How fast documents load, against DuckDB reading the same rows from Parquet with the same keys.

    python benchmarks/loading.py [--documents 20000] [--figures 50] [--jobs 2]

Workers pack the documents one after the other and send them, the one writer takes and commits them, at
the same time, as in `ingest`. Documents are made before the clock starts (20,000 take 6 GB in the
workers); it stops when all are committed and the log is folded into the file. Processor time is that of
the workers and the writer together. This is done twice: packing is within the clock, and it is not
(the rows are then there as bytes, as they are in a Parquet file). The index of `search` is timed by itself.

Prints one line a measurement: the Parquet baseline, loading both ways and its ratios to that, once
with the index, a second run that finds nothing new (the files themselves are not there: it is the
warehouse's share), `panel` and other views.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NamedTuple, cast

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
from baocao_etl.warehouse import (
    Loadable,
    Loader,
    Packed,
    open_warehouse,
    pack_documents,
    search,
)
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
ROUNDS = 2  # of packing and sending, and of sending alone
PAGES = (
    2_000  # that a worker makes; documents share them, since their words take most of the memory
)
KINDS = ("count", "percent", "ratio", "money")


def text(rng: random.Random, words: int) -> str:
    """Return random words."""
    return " ".join(rng.choices(SYLLABLES, k=words))


def document(number: int, figures: int, drawn: Sequence[Page]) -> Document:
    """A report of three of the `drawn` pages, twelve sections and `figures` figures."""
    rng = random.Random(number)
    doc_id = f"{rng.getrandbits(64):016x}"
    pages = tuple(rng.choice(drawn[n::3]) for n in range(3))
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


def page(number: int) -> Page:
    """Return a page of 250 words, a tenth of them corrected; every third is a first one."""
    rng = random.Random(number)
    number = 1 + number % 3
    words: list[Word] = []
    offset = 0
    for syllable in rng.choices(SYLLABLES, k=250):
        raw = syllable if len(words) % 10 else f"{syllable}~"
        words.append(Word(syllable, raw, offset, 1, Box(10, 10, 20, 20), 0.99))
        offset += len(raw) + 1
    corrections = tuple(
        Correction(
            page=number, offset=w.offset, raw=w.raw, text=w.text, reason="decoder", confidence=0.97
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


def serve(pipe: Connection, numbers: Sequence[int], figures: int) -> None:
    """Be a worker: make the documents, then pack and send one after the other, as they are asked for.

    When all are sent, do so once more, now that they are packed.
    """
    drawn = [page(number) for number in range(PAGES)]
    documents = [document(number, figures, drawn) for number in numbers]
    packed: dict[int, Packed] = {}
    gc.collect()
    gc.freeze()  # a real worker holds one document at a time, not thousands
    for _ in range(ROUNDS):
        pipe.send("ready")
        started = time.process_time()
        while (place := pipe.recv()) is not None:
            if place not in packed:
                packed[place] = pack_documents((documents[place],))
            pipe.send(packed[place])
        pipe.send(time.process_time() - started)


class Worker:
    """A process that serves, and the sources that are still to be asked of it."""

    def __init__(self, numbers: Sequence[int], figures: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        context.Process(target=serve, args=(theirs, numbers, figures), daemon=True).start()
        self._sources = [(place, source(number)) for place, number in enumerate(numbers)]
        self._left = iter(self._sources)

    def ready(self) -> None:
        """Wait until it can be asked for all its documents."""
        self.pipe.recv()
        self._left = iter(self._sources)

    def ask(self) -> Source | None:
        """Ask for the next document and return its source; None when there are no more."""
        place, wanted = next(self._left, (None, None))
        self.pipe.send(place)
        return wanted


def load(db: Path, workers: Sequence[Worker]) -> tuple[Took, float, Took]:
    """Load the documents of `workers`; return the times of loading, and of the index of `search`.

    Between them: how much of the processor time was the workers'.
    """
    for worker in workers:
        worker.ready()
    packing = 0.0
    with open_warehouse(db) as connection:
        loader = Loader(connection, Settings(db=db, jobs=len(workers))).__enter__()

        def work() -> None:
            nonlocal packing
            asked = {worker.pipe: (worker, worker.ask()) for worker in workers}
            while asked:
                for pipe in cast("list[Connection]", wait(list(asked))):
                    worker, wanted = asked[pipe]
                    sent = pipe.recv()
                    if wanted is None:
                        packing += sent
                        del asked[pipe]
                    else:
                        asked[pipe] = worker, worker.ask()
                        loader.add(Loadable(wanted, sent))
            loader.flush()
            connection.execute("CHECKPOINT")

        wall, cpu = timed(work)
        index = timed(lambda: loader.__exit__(None, None, None))
    return Took(wall, cpu + packing), packing, index


def from_parquet(db: Path, copy: Path, folder: Path) -> tuple[Took, Took]:
    """Copy the rows of `db` to Parquet, and return the times to read them into a new file and index them."""
    tables = (*DOCUMENT_TABLES, "sources", "run_files", "runs")
    with open_warehouse(db, read_only=True) as connection:
        for table in tables:
            connection.execute(f"COPY {table} TO '{folder}/{table}.parquet' (FORMAT parquet)")

    with open_warehouse(copy) as connection:

        def read() -> None:
            for table in tables:
                connection.execute(f"INSERT INTO {table} FROM '{folder}/{table}.parquet'")
            connection.execute("CHECKPOINT")

        took = timed(read)
        connection.execute("UPDATE runs SET searchable = false")
        return took, timed(lambda: search.refresh(connection))


class Took(NamedTuple):
    """Seconds on the clock, and of all this process's threads together."""

    wall: float
    cpu: float

    def __add__(self, other: object) -> Took:
        if not isinstance(other, Took):
            return NotImplemented
        return Took(self.wall + other.wall, self.cpu + other.cpu)

    def __str__(self) -> str:
        return f"{self.wall:.1f} s ({self.cpu:.1f} s CPU)"

    def over(self, other: Took) -> str:
        """Return the ratios of the two."""
        return f"{self.wall / other.wall:.2f} by the clock, {self.cpu / other.cpu:.2f} by CPU"


def timed(work: Callable[[], object]) -> Took:
    """Return the time that `work` takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--figures", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=2, help="worker processes that pack")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        numbers = range(wanted.documents)
        workers = [Worker(numbers[i :: wanted.jobs], wanted.figures) for i in range(wanted.jobs)]
        db = folder / "loaded.duckdb"
        loading, packing, index = load(db, workers)
        packed, sending, _ = load(folder / "packed.duckdb", workers)
        baseline, its_index = from_parquet(db, folder / "copy.duckdb", folder)
        print(f"{wanted.documents:,} documents, {wanted.documents * wanted.figures:,} figures")
        print(f"DuckDB from Parquet, same keys: {baseline}")
        print(f"loading documents: {loading}; ratio {loading.over(baseline)}")
        print(f"of it, packing and sending in the workers: {packing:.1f} s CPU")
        print(f"loading packed documents: {packed}; ratio {packed.over(baseline)}")
        print(f"of it, sending in the workers: {sending:.1f} s CPU")
        print(f"the index of search, and the end of the run: {index}; of the copy: {its_index}")
        print(f"ratio of documents with the index: {(loading + index).over(baseline + its_index)}")
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
        Loader(connection, Settings(db=db, jobs=1)) as loader,
    ):
        loaded = loader.current().loaded
        if any(loaded[source(n).path] != source(n).sha256 for n in range(documents)):
            raise SystemExit("a loaded file is not known")


def count(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Run `sql` to its end."""
    connection.execute(sql).fetchall()


if __name__ == "__main__":
    main()
