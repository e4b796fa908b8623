"""The commands, and the one place that turns an error into a message and an exit code."""

import atexit
import signal
import sys
from types import TracebackType
from typing import Annotated

import typer

from baocao_etl.cli import (
    asking,
    cache,
    checking,
    console,
    dictionary,
    keeping,
    loading,
    repairing,
    scoring,
)
from baocao_etl.errors import BaocaoError, ExitCode

app = typer.Typer(
    help="Digitise Vietnamese administrative reports: scans and broken PDFs in, "
    "DuckDB tables of traceable figures out.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)
app.command("ingest")(loading.ingest)
app.command("retry")(loading.retry)
app.command("watch")(loading.watch)
app.command("status")(keeping.status)
app.command("show")(asking.show)
app.command("sql")(asking.sql)
app.command("export")(keeping.export)
app.command("forget")(keeping.forget)
app.command("compact")(keeping.compact)
app.command("repair")(repairing.repair)
app.add_typer(dictionary.app, name="dictionary")
app.add_typer(cache.app, name="cache")
app.command("check")(checking.check)
app.command("eval")(scoring.evaluate)
app.command("schema")(asking.schema)
app.command("doctor")(scoring.doctor)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415

        console.write(f"baocao-etl {version('baocao-etl')}\n")
        raise typer.Exit


@app.callback()
def _global(
    *,
    debug: Annotated[bool, typer.Option(help="Show where an unexpected error came from.")] = False,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_version)] = False,
) -> None:
    del version
    sys.excepthook = sys.__excepthook__ if debug else _unexpected


def _unexpected(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Say what happened in a line; Python then exits with 1 (`ExitCode.UNEXPECTED`)."""
    del traceback
    what = f"{kind.__name__}: {error}" if str(error) else kind.__name__
    console.fail(
        BaocaoError(
            f"Something unexpected went wrong: {what}",
            "The warehouse is consistent. Run it again as `baocao --debug ...` to see where, "
            "and report that.",
        )
    )


def run() -> None:
    """Run the command line and exit with the code that `ExitCode` says."""
    # Once the work is over, Ctrl-C while Python tidies up must not change the exit code.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    command = typer.main.get_command(app)
    try:
        command(prog_name="baocao")
    except BaocaoError as error:
        console.fail(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # `baocao sql ... | head`
        sys.stderr.close()
        sys.exit(ExitCode.OK)
    except KeyboardInterrupt:  # where typer does not look
        sys.exit(ExitCode.INTERRUPTED)
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # what DuckDB makes of Ctrl-C
            raise
        sys.exit(ExitCode.INTERRUPTED)
