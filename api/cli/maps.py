"""`jingwei map`: one file with a map in it, and its picture, for those who have no account."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

import typer

_DAY: Final = ["%Y-%m-%d"]


Kind: TypeAlias = Annotated[
    Literal["plan", "balance", "issues", "net", "coverage"],
    typer.Argument(help="画什么：方案、户数、诉求热力、网格、覆盖 What to show"),
]
Out: TypeAlias = Annotated[Path, typer.Option(help="写到哪个 .html The page to write")]
Plan: TypeAlias = Annotated[int | None, typer.Option(help="方案编号 Number of the plan")]
Scope: TypeAlias = Annotated[str | None, typer.Option(help="区划代码，默认全部 Code of an area")]
Net: TypeAlias = Annotated[str, typer.Option(help="哪张网 Name of the net")]
Since: TypeAlias = Annotated[
    datetime | None, typer.Option("--from", formats=_DAY, help="诉求从哪天 From, included")
]
Until: TypeAlias = Annotated[
    datetime | None, typer.Option("--to", formats=_DAY, help="诉求到哪天 To, included")
]
Grids: TypeAlias = Annotated[
    Path | None, typer.Option(exists=True, help="不用数据库，画这个文件 A file instead")
]
Layers: TypeAlias = Annotated[list[str] | None, typer.Option(help="文件的图层 Layers of the file")]
Datum: TypeAlias = Annotated[str | None, typer.Option(help="文件的坐标基准 Datum of the file")]
Crs: TypeAlias = Annotated[str | None, typer.Option(help="文件的坐标系 CRS of the file")]
Code: TypeAlias = Annotated[str, typer.Option(help="文件的编码列 Column of codes of the file")]
Name: TypeAlias = Annotated[
    str | None, typer.Option(help="文件的名称列 Column of names of the file")
]
Png: TypeAlias = Annotated[Path | None, typer.Option(help="再存一张 PNG A picture, too")]
Pdf: TypeAlias = Annotated[Path | None, typer.Option(help="再存一份 PDF A page to print, too")]
Language: TypeAlias = Annotated[Literal["zh-CN", "en"], typer.Option(help="语言 Language")]


def map_(
    kind: Kind,
    *,
    out: Out,
    plan: Plan = None,
    scope: Scope = None,
    net: Net = "grid",
    since: Since = None,
    until: Until = None,
    grids: Grids = None,
    layer: Layers = None,
    datum: Datum = None,
    crs: Crs = None,
    code: Code = "code",
    name: Name = None,
    png: Png = None,
    pdf: Pdf = None,
    lang: Language = "zh-CN",
) -> None:
    """Write a map as one page that needs no network; PNG and PDF are taken by a browser."""
    # Readers, statistics and drawing: not for whoever asks for help.
    from api.files.grids import GridFile  # noqa: PLC0415 as said
    from api.files.replacing import replacing  # noqa: PLC0415 as said
    from geo.crs import parse_datum  # noqa: PLC0415 as said
    from maps.report_page import report_page  # noqa: PLC0415 as said

    if grids is not None:
        known = parse_datum(datum or "wgs84")
        file = GridFile(grids, layer or (), code, datum=known, crs=crs)
        shown = _of_file(kind, file, name)
    else:
        days = [day and day.date() for day in (since, until)]
        shown = _of_store(kind, scope=scope, plan=plan, net=net, since=days[0], until=days[1])
    with replacing(out) as draft:
        draft.write_text(report_page(shown, lang=lang), encoding="utf-8")
    typer.echo(f"已写入 {out}（{out.stat().st_size / 1e6:.1f} MB）。Written.")
    for target in (png, pdf):
        if target is not None:
            _taken(out, target, printed=target is pdf)


def _taken(page: Path, target: Path, *, printed: bool) -> None:
    """Write what a browser shows of a page as a picture, or as a page to print."""
    from api.files.browsers import picture, print_out  # noqa: PLC0415 heavy
    from api.files.replacing import replacing  # noqa: PLC0415 heavy

    with replacing(target) as draft:
        taken = draft.with_suffix(".taken.png")
        picture(page, taken)
        print_out(taken, draft) if printed else taken.replace(draft)
    typer.echo(f"已写入 {target}。Written.")


def _of_store(kind: Any, **asked: Any) -> Any:  # noqa: ANN401 loaded below
    from api.cli.planning import owner_engine  # noqa: PLC0415 heavy
    from api.mapping import Wanted, picture_of_store  # noqa: PLC0415 heavy
    from geo.store.database import transaction  # noqa: PLC0415 heavy

    with owner_engine() as engine, transaction(engine, "cli") as conn:
        return picture_of_store(conn, Wanted(kind, **asked))


def _of_file(kind: Any, file: Any, name: str | None) -> Any:  # noqa: ANN401 loaded below
    from api.files.mapped import grids_to_show  # noqa: PLC0415 heavy
    from api.mapping import picture_of_file  # noqa: PLC0415 heavy

    shown, remarks = grids_to_show(file, name=name)
    for remark in remarks:
        typer.echo(f"{remark.zh}\n{remark.en}", err=True)
    return picture_of_file(kind, shown, file.path.stem)
