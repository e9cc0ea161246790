"""`jingwei plan recount`: a draft's households as those of its buildings are now."""

from __future__ import annotations

from typing import Any

import typer

from api.cli.plan_edit import tell
from api.cli.planning import Number, Who, owner_engine, role_holder
from geo.names import counted
from geo.store.database import transaction

app = typer.Typer(no_args_is_help=True)


@app.command()
def recount(plan: Number, *, who: Who = None) -> None:
    """按楼栋现在的户数重算草案，可撤销。Count a draft's households anew; undo takes it back."""
    from api.workbench import Workbench  # noqa: PLC0415 a compiler's library, here alone

    with owner_engine() as engine:
        person = who or role_holder(engine, plan, "planner")
        with transaction(engine, person) as conn:
            done = Workbench().recount(conn, plan, version=None)
    told = done.answer
    if not told.counts:
        typer.echo("户数与楼栋一致，没有改动。")
        typer.echo("The households are those of the buildings already: nothing was changed.")
        return
    tell(done)
    typer.echo(f"{len(told.counts):,} 个地块的户数按楼栋重算。撤销：jingwei plan edit undo {plan}")
    atoms = counted(len(told.counts), "atom")
    typer.echo(f"Households of {atoms} counted anew. Back: jingwei plan edit undo {plan}")
    if told.fallen:
        typer.echo(f"由此未达标的网格 Grids out of band by it: {', '.join(told.fallen)}")


def changed_under(plan: int, told: dict[str, Any]) -> list[str]:
    """Return what has changed under an open plan, and the command that takes it in.

    Parameters
    ----------
    told
        What `api.comparing.comparison` says of it.
    """
    lines: list[str] = []
    if stale := told["stale"]:
        grids = len(stale["areas"])
        lines.append(f"现行网格已改 {grids:,} 个。更新：jingwei plan rebase {plan}")
        lines.append(f"{counted(grids, 'grid')} in force changed since: jingwei plan rebase {plan}")
    if found := told["recounted"]:
        drawn, now, atoms = found["drawn"], found["now"], found["atoms"]
        lines.append(
            f"楼栋重新导入过：按 {drawn:,} 户画成，现为 {now:,} 户，{atoms:,} 个地块不同。"
            f"重算：jingwei plan recount {plan}"
        )
        lines.append(
            f"Drawn by {drawn:,} households, now {now:,}, other on {counted(atoms, 'atom')}: "
            f"jingwei plan recount {plan}"
        )
    return lines
