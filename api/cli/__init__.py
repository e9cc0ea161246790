"""The command line: `jingwei`. One module a command, loaded when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command

from geo.errors import JingweiError

# Command → the module that has it, and the function or group in there; in the order of the flow.
COMMANDS: Final = {
    "demo": ("demo", "demo"),
    "serve": ("serve", "serve"),
    "city": ("city", "city"),
    "import": ("imports", "app"),
    "redraw": ("redraw", "redraw"),
    "plan": ("plans", "app"),
    "assign": ("assign", "assign"),
    "db": ("db", "app"),
}


class _Commands(TyperGroup):
    """Commands that are imported when asked for: half of them need seconds of libraries."""

    # The library's own types of context and command are private to it.
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002
        """Return the names, in the order of the flow."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Return a command, or None where there is no such one."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        found = getattr(import_module(f"api.cli.{module}"), name)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(pretty_exceptions_enable=False)
            alone.command(cmd_name)(found)
            found = alone
        return get_command(found)


app = typer.Typer(
    name="jingwei",
    cls=_Commands,
    help="经纬：划网格，派诉求。Draws a city's grids and sends every issue to the right one.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _jingwei() -> None:
    """经纬：划网格，派诉求。Draws a city's grids and sends every issue to the right one."""


def main() -> None:
    """Run the command line; a failure a person can mend is two sentences and exit status 1."""
    try:
        app()
    except JingweiError as error:
        sys.stderr.write(f"{error.sentence_zh}\n{error.sentence_en}\n")
        raise SystemExit(1) from error
