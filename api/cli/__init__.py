"""The command line: `jingwei`. One module a command; this one only puts them together."""

from __future__ import annotations

import sys

import typer

from api.cli import assign, city, db, demo, imports, plans, redraw, serve
from geo.errors import JingweiError

app = typer.Typer(
    name="jingwei",
    help="经纬：划网格，派诉求。Draws a city's grids and sends every issue to the right one.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(db.app)
app.add_typer(imports.app)
app.add_typer(plans.app)
app.command()(demo.demo)
app.command()(serve.serve)
app.command()(assign.assign)
app.command()(city.city)
app.command()(redraw.redraw)


def main() -> None:
    """Run the command line; a failure a person can mend is two sentences and exit status 1."""
    try:
        app()
    except JingweiError as error:
        sys.stderr.write(f"{error.sentence_zh}\n{error.sentence_en}\n")
        raise SystemExit(1) from error
