"""`jingwei plan recount`: a draft's households as those of its buildings are now."""

from __future__ import annotations

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
