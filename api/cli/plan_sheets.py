"""`jingwei plan sheets`: a sheet of A4 for each grid, for public notice or for hand-over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.planning import Number, Who, owner_engine, role_holder
from api.settings import settings
from geo.store.database import transaction

app = typer.Typer(no_args_is_help=True)


@app.command("sheets")
def sheets(
    plan: Number,
    *,
    out: Annotated[Path, typer.Option(help="写到哪个 .html 或 .pdf The page or PDF to write")],
    grid: Annotated[str | None, typer.Option(help="只印这个网格 Only this grid")] = None,
    community: Annotated[
        str | None, typer.Option(help="只印这个社区 Only of this community")
    ] = None,
    purpose: Annotated[
        Literal["notice", "handover"],
        typer.Option(help="公示（姓名隐去）| 移交 For notice, names hidden; for hand-over"),
    ] = "notice",
    lang: Annotated[Literal["zh-CN", "en"], typer.Option(help="语言 Language")] = "zh-CN",
    who: Who = None,
) -> None:
    """每个网格印一张：平面图、四至、楼栋、负责人。A sheet a grid, with map, bounds, buildings."""
    # Readers and drawing: not for whoever asks for help.
    from api.files.browsers import printed  # noqa: PLC0415 as said
    from api.files.replacing import replacing  # noqa: PLC0415 as said
    from api.sheets import Chosen, sheets_of, way_to  # noqa: PLC0415 as said
    from maps.sheets_page import sheets_file  # noqa: PLC0415 as said

    with owner_engine() as engine:
        person = who or (role_holder(engine, plan, "planner") if purpose == "handover" else "cli")
        with transaction(engine, person) as conn:
            way = way_to(settings(), "", plan, purpose)
            told = sheets_of(conn, plan, Chosen(purpose, grid, community), way)
    page = out.with_suffix(".html")
    with replacing(page) as draft:
        draft.write_text(sheets_file(told, lang=lang), encoding="utf-8")
    if out.suffix.lower() == ".pdf":
        with replacing(out) as draft:
            printed(page, draft)
    typer.echo(f"已写入 {out}：{len(told.sheets)} 张。Written: {len(told.sheets)} sheets.")
