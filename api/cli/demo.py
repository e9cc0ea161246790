"""`jingwei demo`: the whole flow on a small city, then the pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Annotated

import typer

from api.cli import serve


def demo(
    *,
    pages: Annotated[
        bool, typer.Option("--serve/--no-serve", help="然后打开网页服务 Then serve the pages")
    ] = True,
    host: Annotated[str, typer.Option(help="监听地址 Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口 Port")] = serve.DEFAULT_PORT,
) -> None:
    """Run the whole flow on a small city; run again, it keeps its data."""
    from api.demo import run  # noqa: PLC0415 start-up time of every other command
    from api.opening import open_store  # noqa: PLC0415 the same
    from api.settings import settings  # noqa: PLC0415 the same

    chosen, started = settings(), perf_counter()
    with _step("启动数据库", "Starting the database"):
        store = open_store(chosen)
    try:
        shown = run(store, chosen.home / "demo", say=_step)
    finally:
        store.close()
    typer.echo(
        f"完成，共 {perf_counter() - started:.1f} 秒：诉求 {shown.issues:,} 件，"
        f"待认领 {shown.unclaimed:,} 件。\n"
        f"Done: {shown.issues:,} issues, {shown.unclaimed:,} unclaimed."
    )
    where = f"http://{host}:{port}"
    typer.echo(f"  首页      Start       {where}/")
    typer.echo(f"  方案对比  The plan    {where}/plans/{shown.plan}")
    typer.echo(f"  诉求地图  Issues      {where}/issues?scope={shown.scope}")
    if pages:
        # Addresses stand above: no line a request pushes them away, unless one is asked for.
        serve.run(settings({"JINGWEI_LOG": "off", **os.environ}), host, port)


@contextmanager
def _step(zh: str, en: str) -> Iterator[None]:
    typer.echo(f"· {zh}… {en}…", nl=False)
    started = perf_counter()
    yield
    typer.echo(f" {perf_counter() - started:.1f} s")
