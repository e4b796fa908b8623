"""Commands for a user's own words: dictionary add, dictionary check."""

from typing import Annotated

import typer

from baocao_etl.cli import console
from baocao_etl.cli.options import Dictionaries

app = typer.Typer(
    help="Add words of your own, or look words up.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_MEANING = {
    "syllable": "Vietnamese syllable",
    "own": "word of your own",
    "abbreviation": "abbreviation",
    "other": "other word",
    "unknown": "unknown",
}


@app.command()
def add(
    words: Annotated[
        list[str], typer.Argument(help='Words as you write them; "a name of several" is one.')
    ],
    dictionaries: Dictionaries = None,
) -> None:
    """Add words of your own; they are known at once.

    They are kept in words.tsv in your dictionaries folder. A name of several words, given in quotes, is
    repaired in one piece and in your case.
    """
    from baocao_etl.repair.userwords import add_words, folder_of  # noqa: PLC0415
    from baocao_etl.settings import load_settings  # noqa: PLC0415

    done = add_words(folder_of(load_settings(dictionaries=dictionaries)), words)
    for word in done.present:
        console.note(f"{word}: is in {done.path} already")
    for word in done.added:
        console.note(f"{word}: added to {done.path}")


@app.command()
def check(
    words: Annotated[list[str], typer.Argument(help="Words to look up.")],
    dictionaries: Dictionaries = None,
) -> None:
    """Say what words are, and what is nearest to unknown ones."""
    from baocao_etl.repair import lexicon  # noqa: PLC0415
    from baocao_etl.repair.userwords import standings  # noqa: PLC0415
    from baocao_etl.settings import load_settings  # noqa: PLC0415

    found = standings(lexicon(load_settings(dictionaries=dictionaries)), words)
    rows = [(word, _MEANING[kind], ", ".join(nearest)) for word, kind, nearest in found]
    console.print_table(("word", "is", "nearest"), rows)
