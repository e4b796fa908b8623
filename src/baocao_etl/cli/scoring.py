"""Commands that check: doctor for the machine, eval for what was extracted."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from baocao_etl.cli import console
from baocao_etl.cli.options import Db, Dictionaries, LockTimeout
from baocao_etl.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from baocao_etl.evaluation import (
        Evaluation,
        Expected,
        Item,
        Outcome,
        Score,
        SectionEvaluation,
        SectionItem,
    )
    from baocao_etl.models import Letterhead
    from baocao_etl.settings import Settings
    from baocao_etl.warehouse.query import Heading


def doctor(db: Db = None, dictionaries: Dictionaries = None) -> None:
    """Check what the machine needs, and say what to do.

    Looks at Tesseract, its languages, the dictionaries, permissions, and DuckDB.
    """
    from baocao_etl.doctor import examine  # noqa: PLC0415
    from baocao_etl.settings import load_settings  # noqa: PLC0415

    checks = examine(load_settings(db=db, dictionaries=dictionaries))
    for check in checks:
        console.write(f"{'ok     ' if check.ok else 'MISSING'}  {check.name}: {check.found}\n")
        if check.remedy:
            console.write(f"         {check.remedy}\n")
    if not all(check.ok for check in checks):
        raise typer.Exit(ExitCode.MISSING)


class Found(NamedTuple):
    """What came out of the documents that the gold is about."""

    figures: "list[Item]"
    sections: "list[SectionItem]"
    letterheads: "dict[tuple[str, int], Letterhead | Heading]"  # by source and part


class Gold(NamedTuple):
    """The gold tables of all kinds."""

    figures: "list[Item]"
    sections: "list[SectionItem]"
    letterheads: "list[Expected]"

    @property
    def sources(self) -> set[str]:
        """The documents that the tables name; the empty name stands for the only one."""
        return {item.source for items in self for item in items}


def evaluate(
    gold: Annotated[
        list[Path],
        typer.Argument(
            help="TSV tables: of figures (section or article, value, kind, unit, context), of "
            "sections (path, kind, title), of letterheads (number, symbol, ..., part)."
        ),
    ],
    *,
    db: Db = None,
    doc: Annotated[str | None, typer.Option(help="The document, as for `show`.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="Digitise this report instead of asking the warehouse.")
    ] = None,
    not_figures: Annotated[
        Path | None, typer.Option(help="TSV of values that must not come out.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Leave out sections whose path begins so (PL).")
    ] = None,
    dictionaries: Dictionaries = None,
    verbose: Annotated[bool, typer.Option(help="List misses and false alarms.")] = False,
    lock_timeout: LockTimeout = 0.0,
) -> None:
    """Score what was extracted against gold tables.

    These are of figures, section trees or letterheads.
    """
    from baocao_etl import evaluation  # noqa: PLC0415
    from baocao_etl.settings import load_settings  # noqa: PLC0415

    settings = load_settings(db=db, dictionaries=dictionaries)
    wanted = _read(gold)
    if file is not None:
        wanted = _about(wanted, file)
        found = _digitised(file, settings)
    else:
        names = {name: name or doc or "" for name in wanted.sources}
        found = _stored(names, settings.db, lock_timeout)
    left_out = tuple(without or ())
    if wanted.figures:
        banned = evaluation.read_not_figures(not_figures) if not_figures else []
        kept = [
            i for i in found.figures if not (left_out and (i.section or "").startswith(left_out))
        ]
        _print_figures(evaluation.evaluate(wanted.figures, kept, banned), verbose=verbose)
    if wanted.sections:
        here = [s for s in found.sections if not (left_out and s.path.startswith(left_out))]
        _print_sections(evaluation.evaluate_sections(wanted.sections, here), verbose=verbose)
    if wanted.letterheads:
        outcomes = [
            outcome
            for head in wanted.letterheads
            for outcome in evaluation.compare(head, found.letterheads.get((head.source, head.part)))
        ]
        _print_letterheads(outcomes, verbose=verbose)


def _read(paths: list[Path]) -> Gold:
    from baocao_etl import evaluation  # noqa: PLC0415

    gold = Gold([], [], [])
    for path in paths:
        kind = evaluation.kind_of(path)
        if kind == "figures":
            gold.figures.extend(evaluation.read_gold(path))
        elif kind == "sections":
            gold.sections.extend(evaluation.read_sections(path))
        else:
            gold.letterheads.extend(evaluation.read_letterheads(path))
    return gold


def _about(gold: Gold, file: Path) -> Gold:
    """Return what the gold says of `file`; its `source` is then of no more use."""
    return Gold(
        [item._replace(source="") for item in gold.figures if item.source in file.name],
        [item._replace(source="") for item in gold.sections if item.source in file.name],
        [head._replace(source="") for head in gold.letterheads if head.source in file.name],
    )


def _digitised(file: Path, settings: "Settings") -> Found:
    from baocao_etl.evaluation import Item, numbered  # noqa: PLC0415
    from baocao_etl.pipeline import digitise  # noqa: PLC0415
    from baocao_etl.reading import identify  # noqa: PLC0415

    documents = digitise(identify(file), settings)
    return Found(
        [Item.of(figure) for document in documents for figure in document.figures],
        [item for document in documents for item in numbered(document.sections)],
        {("", document.part): document.letterhead for document in documents},
    )


def _stored(names: dict[str, str], db: Path, lock_timeout: float) -> Found:
    """Return what is stored of the documents with these names, by source of the gold."""
    from baocao_etl.evaluation import Item, numbered  # noqa: PLC0415
    from baocao_etl.warehouse import open_warehouse  # noqa: PLC0415
    from baocao_etl.warehouse.query import find_documents, outline  # noqa: PLC0415

    found = Found([], [], {})
    with open_warehouse(db, read_only=True, lock_timeout=lock_timeout) as connection:
        for source, name in names.items():
            for document in _these(find_documents(connection, name), name):
                sections, figures = outline(connection, document.doc_id)
                found.figures.extend(
                    Item(
                        *(source, f.section_path, f.value, f.denominator),
                        *(f.kind, f.unit or "", f.sentence),
                    )
                    for f in figures
                )
                found.sections.extend(numbered(sections, source))
                found.letterheads[source, document.part] = document
    return found


def _these(documents: "list[Heading]", name: str) -> "list[Heading]":
    if documents:
        return documents
    raise UsageError(f"No document is called {name!r}.", "Say which one with --doc or --file.")


def _print_figures(found: "Evaluation", *, verbose: bool) -> None:
    rows = [("all", name, *_cells(score)) for name, score in found.levels.items()]
    rows += [("kind", name, *_cells(score)) for name, score in sorted(found.kinds.items())]
    rows += [("section", name, *_cells(score)) for name, score in found.sections.items()]
    console.print_table(
        ("figures", "", "gold", "extracted", "matched", "recall", "precision", "F1"), rows
    )
    lists = {"forbidden": found.forbidden}
    if verbose:
        lists |= {"missed": found.misses, "false alarm": found.false_alarms}
    for title, items in lists.items():
        for item in items:
            place = " ".join(part for part in (item.source, item.section) if part)
            _line(f"{title}: {place}  {item.number} {item.unit} [{item.kind}]  {item.context}")


def _print_sections(found: "SectionEvaluation", *, verbose: bool) -> None:
    rows = [(name, *_cells(score)) for name, score in found.levels.items()]
    console.print_table(("sections", "gold", "found", "matched", "recall", "precision", "F1"), rows)
    lists = {"missed": found.misses, "not in gold": found.strangers} if verbose else {}
    for title, items in lists.items():
        for item in items:
            _line(f"{title}: {item.source} {item.path} [{item.kind}]  {item.title}")


def _print_letterheads(outcomes: "list[Outcome]", *, verbose: bool) -> None:
    from baocao_etl.evaluation import score_fields  # noqa: PLC0415

    rows = [
        (name, score.expected, score.matched, f"{score.recall:.3f}")
        for name, score in score_fields(outcomes).items()
    ]
    console.print_table(("letterheads", "gold", "right", "share"), rows)
    for one in outcomes if verbose else ():
        if not one.right:
            pen = "(by hand)" if one.by_hand else ""
            place = f"{one.source} {one.part} {one.field} {pen}"
            _line(f"wrong: {place}: {one.found!r}, not {one.wanted!r}")


def _line(text: str) -> None:
    console.write(console.printable(" ".join(text.split())) + "\n")


def _cells(score: "Score") -> tuple[object, ...]:
    ratios = (f"{ratio:.3f}" for ratio in (score.recall, score.precision, score.f1))
    return (score.expected, score.extracted, score.matched, *ratios)
