"""`jingwei plan export` and `import`: a plan to a file, and an assignment back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.planning import DRY, Commit, Number, Who, owner_engine, print_rows, role_holder
from geo.names import counted
from geo.store.database import transaction

if TYPE_CHECKING:
    from api.plan_exports import Taken

app = typer.Typer(no_args_is_help=True)

_SHOWN: Final = 20
_MOVES: Final = {
    "atom": "地块 Atom",
    "old": "原网格 From",
    "new": "新网格 To",
    "households": "户 Households",
}


@app.command("export")
def exported(
    plan: Number,
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out", help="写到哪里：.csv 归属表，.gpkg，.parquet，.xlsx 网格台账 Where to"
        ),
    ],
    who: Who = None,
) -> None:
    """导出方案：归属表、图层或网格台账。Export a plan by the file's ending."""
    from api.files.plan_tables import write_plan_tables, writer_of  # noqa: PLC0415 start-up time
    from api.plan_exports import plan_tables  # noqa: PLC0415 as above

    writer_of(out)  # a form that is not known is said before anything is read
    with owner_engine() as engine, transaction(engine, who or "cli") as conn:
        tables = plan_tables(conn, plan)
    write_plan_tables(tables, out)
    grids, atoms = len(tables.grids), len(tables.atoms)
    typer.echo(f"已写入 {out}：{grids:,} 个网格，{atoms:,} 个地块。")
    typer.echo(f"Written to {out}: {counted(grids, 'grid')}, {counted(atoms, 'atom')}.")


@app.command("import")
def imported(
    plan: Number,
    file: Annotated[Path, typer.Argument(help="归属表：地块、网格两列 Two columns: atom, grid")],
    *,
    partial: Annotated[
        bool, typer.Option("--partial", help="未列出的地块不动 Atoms left out stay where they are")
    ] = False,
    commit: Commit = False,
    who: Who = None,
) -> None:
    """导入归属表到草案。Take an assignment back into a draft: a dry run until --commit."""
    from api.files.assignments import read_assignment  # noqa: PLC0415 start-up time
    from api.plan_exports import take_back  # noqa: PLC0415 as above

    table = read_assignment(file)
    with owner_engine() as engine:
        person = who or role_holder(engine, plan, "planner")
        with transaction(engine, person, commit=commit) as conn:
            changes = take_back(conn, plan, table, partial=partial)
    _tell(changes)
    if not commit and not changes.moves.moves.empty:
        typer.echo(DRY)


def _tell(taken: Taken) -> None:
    changes, moves = taken.moves, taken.moves.moves
    if moves.empty:
        typer.echo("与方案一致，没有变化。The same as the plan: nothing changes.")
        return
    print_rows(moves.head(_SHOWN).rename_axis("atom").reset_index(), _MOVES)
    atoms, homes = counted(len(moves), "atom"), counted(changes.households, "household")
    typer.echo(f"共 {len(moves):,} 个地块、{changes.households:,} 户换网格。")
    typer.echo(f"To another grid: {atoms} with {homes}.")
    typer.echo(f"新增 New: {', '.join(changes.fresh) or '–'}")
    typer.echo(f"撤销 Gone: {', '.join(changes.gone) or '–'}")
    if taken.broken:
        typer.echo(f"不连片的网格 Grids in several pieces: {', '.join(taken.broken)}")
    if taken.loose:
        typer.echo(f"{taken.loose:,} 个地块不在任何网格 atoms are in no grid.")
