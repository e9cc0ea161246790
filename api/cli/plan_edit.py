"""`jingwei plan edit …`: one edit of a draft, answered with the grids it touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import pandas as pd
import shapely
import typer

from api.cli.planning import Number, Who, owner_engine, print_rows, role_holder
from geo.crs import parse_datum, to_wgs84
from geo.errors import BadLineError, BadOptionError
from geo.names import counted
from geo.store.database import transaction

if TYPE_CHECKING:
    from api.workbench import Done
    from geo.edits import Edit

app = typer.Typer(
    name="edit",
    no_args_is_help=True,
    help="改草案：移、拆、并、锁、重划、撤销，每步即存。Edit a draft; each step is kept.",
)
_GRIDS: Final = {
    "code": "网格 Grid",
    "households": "户 Households",
    "atoms": "地块 Atoms",
    "compactness": "紧凑度 Compact",
    "broken": "断开 Broken",
    "in_band": "达标 In_band",
    "locked": "锁定 Locked",
    "special": "专属 Special",
}
_SHOWN: Final = 60
Grids = Annotated[list[str], typer.Argument(help="网格代码 Codes of grids")]


@app.command()
def show(plan: Number, *, who: Who = None) -> None:
    """各网格现状。The grids as they stand."""
    from api.workbench import Workbench  # noqa: PLC0415 a compiler's library, for these alone

    with owner_engine() as engine, transaction(engine, who or "cli") as conn:
        tell(Workbench().look(conn, plan))


@app.command()
def move(
    plan: Number,
    atoms: Annotated[list[str], typer.Argument(help="地块 Atoms")],
    *,
    to: Annotated[str | None, typer.Option(help="到哪个网格；不写则新建 Else a new grid")] = None,
    who: Who = None,
) -> None:
    """把地块移到另一网格。Move atoms to another grid."""
    from geo import edits  # noqa: PLC0415 as said

    _edit(plan, edits.Move(tuple(atoms), to), who)


@app.command()
def split(
    plan: Number,
    grid: Annotated[str, typer.Argument(help="网格代码 Code of the grid")],
    *,
    along: Annotated[str, typer.Option(help='折线 A line: "117.0,36.6 117.1,36.7"')],
    datum: Annotated[str, typer.Option(help="折线的坐标系 Its datum: wgs84, gcj02, …")],
    who: Who = None,
) -> None:
    """沿折线把网格一分为二。Part a grid along a line."""
    from geo import edits  # noqa: PLC0415 as said

    _edit(plan, edits.Split(grid, _line(along, datum)), who)


@app.command()
def merge(plan: Number, grids: Grids, *, who: Who = None) -> None:
    """把网格并为一个，用第一个的代码。Make grids one, under the first one's code."""
    from geo import edits  # noqa: PLC0415 as said

    _edit(plan, edits.Merge(tuple(grids)), who)


@app.command()
def special(
    plan: Number,
    atoms: Annotated[list[str], typer.Argument(help="地块 Atoms")],
    *,
    name: Annotated[str, typer.Option(help="名称，如 解放桥产业园 What it is called")],
    who: Who = None,
) -> None:
    """把地块划为专属网格，重划不动它。Cut atoms out as a special grid, which no redraw touches."""
    from geo import edits  # noqa: PLC0415 as said

    _edit(plan, edits.Special(tuple(atoms), name), who)


@app.command()
def lock(plan: Number, grids: Grids, *, who: Who = None) -> None:
    """锁定网格，不再变动。Lock grids: nothing enters or leaves."""
    from geo import edits  # noqa: PLC0415 as said

    _edit(plan, edits.Lock(tuple(grids)), who)


@app.command()
def unlock(
    plan: Number,
    grids: Annotated[list[str] | None, typer.Argument(help="网格代码 Codes of grids")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="全部解锁 All that are locked")] = False,
    who: Who = None,
) -> None:
    """解除锁定。Unlock grids."""
    from geo import edits  # noqa: PLC0415 as said

    if every == bool(grids):
        raise BadOptionError(option="--all", found=grids, expected="网格代码 codes | --all")
    codes = tuple(grids or _locked(plan, who))
    if not codes:
        typer.echo("没有锁定的网格。No grid is locked.")
        return
    _edit(plan, edits.Unlock(codes), who)


@app.command()
def redraw(
    plan: Number,
    within: Annotated[str, typer.Argument(help="社区或街道代码 A community or subdistrict")],
    *,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    who: Who = None,
) -> None:
    """绕开锁定的网格，重划一个社区或街道。Draw an area anew around what is locked."""
    from geo import edits  # noqa: PLC0415 as said

    _edit(plan, edits.Redraw(within, seed), who)


@app.command()
def undo(plan: Number, *, who: Who = None) -> None:
    """撤销一步。Take back the last change."""
    from geo import edits  # noqa: PLC0415 as said

    _edit(plan, edits.Undo(), who)


@app.command()
def redo(plan: Number, *, who: Who = None) -> None:
    """重做一步。Make again the change last taken back."""
    from geo import edits  # noqa: PLC0415 as said

    _edit(plan, edits.Redo(), who)


def _edit(plan: int, edit: Edit, who: str | None) -> None:
    from api.workbench import Workbench  # noqa: PLC0415 as said

    with owner_engine() as engine:
        person = who or role_holder(engine, plan, "planner")
        with transaction(engine, person) as conn:
            done = Workbench().edit(conn, plan, edit, version=None)
    tell(done)


def _locked(plan: int, who: str | None) -> list[str]:
    """Return the grids that a draft has locked, by code."""
    from api.workbench import Workbench  # noqa: PLC0415 as said

    with owner_engine() as engine, transaction(engine, who or "cli") as conn:
        return sorted(Workbench().look(conn, plan).bench.draft.locked)


def _line(text: str, datum: str) -> shapely.LineString:
    """Return a line typed as pairs of longitude and latitude, in WGS 84."""
    known = parse_datum(datum)
    try:
        points = [[float(part) for part in pair.split(",")] for pair in text.split()]
        lon, lat = zip(*points, strict=True)
    except ValueError as error:
        raise BadLineError(found=text[:60]) from error
    if len(lon) == 1:
        raise BadLineError(found=text[:60])
    return shapely.linestrings(*to_wgs84(lon, lat, known))


def tell(done: Done) -> None:
    """Say what an edit did: the grids it touched, and how to mend what it broke."""
    told = done.answer
    rows = pd.DataFrame([grid._asdict() for grid in told.grids], columns=list(_GRIDS))
    marks = {
        name: rows[name].map({True: "●", False: ""}) for name in ("in_band", "locked", "special")
    }
    figures = {
        "households": rows["households"].map("{:,.10g}".format),
        "compactness": rows["compactness"].round(3),
    }
    shown = rows.assign(**figures, **marks)
    print_rows(shown.head(_SHOWN), _GRIDS)
    if (more := len(rows) - _SHOWN) > 0:
        typer.echo(f"……还有 {more} 个。… and {more} more.")
    if told.atoms:
        atoms = counted(len(told.atoms), "atom")
        homes = counted(round(told.households), "household")
        typer.echo(f"{len(told.atoms):,} 个地块、{told.households:,.0f} 户换网格。")
        typer.echo(f"To another grid: {atoms} with {homes}.")
    if told.gone:
        typer.echo(f"撤销的网格 Grids gone: {', '.join(told.gone)}")
    for offer in told.offers:
        atoms = " ".join(offer.edit.atoms)
        typer.echo(f"修补 To mend {offer.code}: move {atoms} --to {offer.edit.grid}")
    if locked := sorted(done.bench.draft.locked):
        typer.echo(f"锁定的网格 Grids locked: {', '.join(locked)}")
