"""`jingwei audit`: what happened, sealed and checked; on the server itself, by whoever runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.planning import opened
from api.sealing import seal_waiting
from api.verdicts import verdict_told
from geo.errors import FileNotWrittenError
from geo.seals import read_seals as seals_of_file
from geo.seals import write_seals
from geo.store.database import transaction
from geo.store.seals import read_seals, verify

app = typer.Typer(no_args_is_help=True)

_ACTS = "cli"
Held = Annotated[
    Path | None, typer.Option("--seals", help="别人保管的封存文件 Seals that somebody else kept")
]
Out = Annotated[Path, typer.Option("--out", help="写到哪个文件（CSV） The file to write (CSV)")]
After = Annotated[int, typer.Option(min=0, help="只要这个号以后的 Only those after this number")]


@app.command("verify")
def verified(*, seals: Held = None) -> None:
    """核验：记录是否与封存时一致，第一处不一致在哪里。Check history against its seals."""
    held = seals_of_file(seals) if seals else []
    with opened() as store, transaction(store.owner, _ACTS) as conn:
        verdict = verify(conn, held)
    told = verdict_told(verdict)
    typer.echo(f"{told['zh']}\n{told['en']}")
    raise typer.Exit(1 if verdict.breach else 0)


@app.command("seals")
def written(*, out: Out, after: After = 0) -> None:
    """导出封存，交给别人保管。Write the seals to a file for somebody else to keep."""
    with opened() as store, transaction(store.owner, _ACTS) as conn:
        try:
            count = write_seals(read_seals(conn, after=after), out)
        except OSError as error:
            raise FileNotWrittenError(path=out, reason=error.strerror or str(error)) from error
    typer.echo(f"写出 {count} 个封存：{out}。{count} seals written.")


@app.command("seal")
def sealed() -> None:
    """现在就封存（平时由工人进程每分钟做）。Seal now; the worker does it every minute."""
    with opened() as store:
        count = seal_waiting(store.owner)
    typer.echo(f"新增 {count} 个封存。{count} seals made.")
