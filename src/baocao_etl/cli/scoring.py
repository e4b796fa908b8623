"""Commands that check: doctor for the machine, eval for the figures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baocao_etl.cli import console
from baocao_etl.cli.options import Db, Dictionaries
from baocao_etl.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from baocao_etl.evaluation import Evaluation, Item, Score
    from baocao_etl.settings import Settings
    from baocao_etl.warehouse.query import Heading


def doctor(db: Db = None, dictionaries: Dictionaries = None) -> None:
    """Check the machine: Tesseract, its languages, the dictionaries, permissions."""
    from baocao_etl.doctor import examine  # noqa: PLC0415
    from baocao_etl.settings import load_settings  # noqa: PLC0415

    checks = examine(load_settings(db=db, dictionaries=dictionaries))
    for check in checks:
        console.write(f"{'ok     ' if check.ok else 'MISSING'}  {check.name}: {check.found}\n")
        if check.remedy:
            console.write(f"         {check.remedy}\n")
    if not all(check.ok for check in checks):
        raise typer.Exit(ExitCode.MISSING)


def evaluate(
    gold: Annotated[
        list[Path], typer.Argument(help="TSV: section (or article), value, kind, unit, context.")
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
) -> None:
    """Score extracted figures against gold tables: recall, precision, F1."""
    from baocao_etl import evaluation  # noqa: PLC0415
    from baocao_etl.settings import load_settings  # noqa: PLC0415

    settings = load_settings(db=db, dictionaries=dictionaries)
    wanted = [item for path in gold for item in evaluation.read_gold(path)]
    sources = {item.source for item in wanted}
    if file is not None:
        wanted = [item._replace(source="") for item in wanted if item.source in file.name]
        found = _digitised(file, settings)
    else:
        found = _stored({name: name or doc or "" for name in sources}, settings)
    if without:
        found = [item for item in found if not (item.section or "").startswith(tuple(without))]
    banned = evaluation.read_not_figures(not_figures) if not_figures else []
    _print(evaluation.evaluate(wanted, found, banned), verbose=verbose)


def _digitised(file: Path, settings: "Settings") -> "list[Item]":
    from baocao_etl.evaluation import Item  # noqa: PLC0415
    from baocao_etl.pipeline import digitise  # noqa: PLC0415
    from baocao_etl.reading import identify  # noqa: PLC0415

    documents = digitise(identify(file), settings)
    return [Item.of(figure) for document in documents for figure in document.figures]


def _stored(names: dict[str, str], settings: "Settings") -> "list[Item]":
    """Return the figures of the documents with these names, by source of the gold."""
    from baocao_etl.evaluation import Item  # noqa: PLC0415
    from baocao_etl.warehouse import open_warehouse  # noqa: PLC0415
    from baocao_etl.warehouse.query import find_documents, stored_figures  # noqa: PLC0415

    with open_warehouse(settings.db, read_only=True) as connection:
        return [
            Item(source, f.section_path, f.value, f.denominator, f.kind, f.unit or "", f.sentence)
            for source, name in names.items()
            for document in _these(find_documents(connection, name), name)
            for f in stored_figures(connection, [document.doc_id])
        ]


def _these(documents: "list[Heading]", name: str) -> "list[Heading]":
    if documents:
        return documents
    raise UsageError(f"No document is called {name!r}.", "Say which one with --doc or --file.")


def _print(found: "Evaluation", *, verbose: bool) -> None:
    rows = [("all", name, *_cells(score)) for name, score in found.levels.items()]
    rows += [("kind", name, *_cells(score)) for name, score in sorted(found.kinds.items())]
    rows += [("section", name, *_cells(score)) for name, score in found.sections.items()]
    console.print_table(("", "", "gold", "extracted", "matched", "recall", "precision", "F1"), rows)
    lists = {"forbidden": found.forbidden}
    if verbose:
        lists |= {"missed": found.misses, "false alarm": found.false_alarms}
    for title, items in lists.items():
        for item in items:
            place = " ".join(part for part in (item.source, item.section) if part)
            line = f"{title}: {place}  {item.number} {item.unit} [{item.kind}]  {item.context}"
            console.write(console.printable(" ".join(line.split())) + "\n")


def _cells(score: "Score") -> tuple[object, ...]:
    ratios = (f"{ratio:.3f}" for ratio in (score.recall, score.precision, score.f1))
    return (score.expected, score.extracted, score.matched, *ratios)
