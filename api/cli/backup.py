"""`jingwei backup` and `jingwei restore`: everything into a folder, and back to an empty place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.backups import Held, back_up, empty_engine, look_into, read_back
from api.cli.planning import DRY, Commit, opened
from api.settings import settings

Out = Annotated[Path, typer.Option("--out", help="写到哪个文件夹（不能已有） A new folder")]
Kept = Annotated[Path, typer.Argument(help="备份的文件夹 The folder of the backup")]


def backup(*, out: Out) -> None:
    """Write database and photos to a folder, as of one moment, while people go on working."""
    with opened() as store:
        held = back_up(store, settings(), out)
    _tell("已备份", "Kept", held)
    if held.keys:
        typer.echo(
            "密钥不在备份里，请另存一处：\nKeys are not in it; keep them elsewhere:\n  "
            + "\n  ".join(held.keys)
        )


def restore(folder: Kept, *, commit: Commit = False) -> None:
    """Check a backup; with --commit read it back into an empty database and data folder."""
    chosen = settings()
    if not commit:
        _tell("备份完好", "The backup is whole", look_into(folder))
        typer.echo(DRY)
        return
    owner = empty_engine(chosen)
    try:
        held = read_back(owner, chosen, folder)
    finally:
        owner.dispose()
    _tell("已恢复", "Restored", held)
    typer.echo(f"密钥放回 {chosen.home} 再启动。Put the keys back into {chosen.home}, then start.")


def _tell(zh: str, en: str, held: Held) -> None:
    typer.echo(
        f"{zh}：{held.made_at}，表结构 {held.schema}，{held.rows} 行，{held.photos} 张照片。\n"
        f"{en}: {held.made_at}, schema {held.schema}, {held.rows} rows, {held.photos} photos."
    )
