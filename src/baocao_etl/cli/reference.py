"""The reference that is made from the code: data dictionary, JSON Schemas, the commands.

    python -m baocao_etl.cli.reference

writes it into the checkout; a test fails when it is stale.
"""

from __future__ import annotations

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from baocao_etl.cli.app import app
from baocao_etl.cli.events import json_schema
from baocao_etl.models import Document
from baocao_etl.settings import Settings
from baocao_etl.warehouse import open_warehouse, search
from baocao_etl.warehouse.query import data_dictionary, macros

ROOT = Path(__file__).resolve().parents[3]
_MADE = "Made by `python -m baocao_etl.cli.reference`; do not edit."


def reference() -> dict[Path, str]:
    """Return path (from the root of the checkout) -> content."""
    return {
        Path("schemas/data_dictionary.md"): _data_dictionary(),
        Path("schemas/document.schema.json"): _json(Document.model_json_schema()),
        Path("schemas/events.schema.json"): _json(json_schema()),
        Path("docs/cli.md"): _commands(),
    }


def _json(schema: dict[str, object]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _data_dictionary() -> str:
    lines = ["# Data dictionary", "", _MADE]
    with open_warehouse(":memory:") as connection:
        for table in data_dictionary(connection):
            lines += ["", f"## `{table.name}` ({table.kind})", "", f"{table.comment}.", ""]
            lines += ["| column | type | meaning |", "|---|---|---|"]
            lines += [f"| `{name}` | {type_} | {text} |" for name, type_, text in table.columns]
        search.load_extension(connection)
        search.build(connection)
        lines += [
            "",
            "## Macros",
            "",
            "`search` is a table: `FROM search('ho so truc tuyen')`.",
            "",
        ]
        lines += ["| macro | meaning |", "|---|---|"]
        lines += [f"| `{macro.call}` | {macro.comment} |" for macro in macros(connection)]
    return "\n".join(lines) + "\n"


def commands() -> list[tuple[str, ...]]:
    """Return the commands, each as its words: ("sql",), ("cache", "show")."""
    found: list[tuple[str, ...]] = []
    top = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name, command in top.items():
        found += [(name, below) for below in getattr(command, "commands", ())] or [(name,)]
    return found


def _commands() -> str:
    lines = ["# Commands", "", _MADE]
    runner = CliRunner(env={"COLUMNS": "96", "NO_COLOR": "1", "TERM": "dumb"})
    for words in commands():
        shown = runner.invoke(app, [*words, "--help"], prog_name="baocao").output.strip()
        lines += ["", f"## baocao {' '.join(words)}", "", "```", shown, "```"]
    return "\n".join([*lines, *_settings()]) + "\n"


def _settings() -> list[str]:
    lines = [
        "",
        "## Settings",
        "",
        "`--set KEY=VALUE`, `BAOCAO_KEY`, or a line of `baocao.toml`.",
        "",
    ]
    lines += ["| key | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        fixed = field.default_factory is None and field.default is not None
        default = f"`{json.dumps(field.default, default=str)}`" if fixed else ""
        lines.append(f"| `{name}` | {default} | {field.description} |")
    return lines


if __name__ == "__main__":
    for path, content in reference().items():
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(content, encoding="utf-8")
