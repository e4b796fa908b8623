"""The command line: parse, call, print. What is done is done elsewhere."""

from __future__ import annotations


def main() -> None:
    """Run the `baocao` command."""
    from baocao_etl.cli.app import run  # noqa: PLC0415 - the rest is loaded when it is needed

    run()
