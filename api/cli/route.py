"""`jingwei route`: whose an issue would be, and why."""

from __future__ import annotations

from typing import Annotated, Any, Final

import pandas as pd
import typer

from api.cli.planning import owner_engine, print_rows
from api.explaining import explain, explain_issue
from geo.crs import Datum, to_wgs84
from geo.store.database import transaction

_REASONS: Final = {
    "zh": "理由 Rung",
    "row": "清单行 Row",
    "basis": "依据 Basis",
    "area_name": "区域 Area",
    "service_name": "事项 Service",
    "party_name": "找到 Found",
}


Place = Annotated[float | None, typer.Option("--lon", min=-180, max=180, help="经度 Longitude")]
_WANTED: Final = (
    "请给出诉求编号（--issue），或一个位置和它的坐标基准（--lon、--lat、--datum）。"
    " Give --issue, or a position and its datum: --lon, --lat and --datum."
)
_NOWHERE: Final = "不在任何区划内，待认领 in no area of ours: it waits to be claimed"


def route(
    *,
    lon: Place = None,
    lat: Annotated[
        float | None, typer.Option("--lat", min=-90, max=90, help="纬度 Latitude")
    ] = None,
    datum: Annotated[Datum | None, typer.Option("--datum", help="坐标基准 Datum")] = None,
    service: Annotated[str | None, typer.Option("--service", help="事项代码 Service")] = None,
    against: Annotated[
        list[str] | None, typer.Option("--against", help="被投诉的主体 Complained about")
    ] = None,
    issue: Annotated[
        int | None, typer.Option("--issue", help="已受理的诉求编号 An issue that is there")
    ] = None,
) -> None:
    """这件诉求归谁，为什么。Whose an issue is or would be, and the chain of reasons."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        if issue is not None:
            _print(explain_issue(conn, issue))
        elif lon is None or lat is None or datum is None:
            raise typer.BadParameter(_WANTED)
        else:
            _print(explain(conn, to_wgs84(lon, lat, datum), service, against=against or []))


def _print(told: dict[str, Any]) -> None:
    typer.echo(f"网格 Grid {told['grid'] or '—'} · {' > '.join(told['path']) or _NOWHERE}")
    name = told["party_name"] or told["party"]
    doubt = "（属地兜底，待区县裁定）" if told["provisional"] else ""
    typer.echo(f"主办 Lead {name or '—'}{doubt}")
    if told["assists"]:
        typer.echo(
            "协办 Assist " + "、".join(one["name"] or one["party"] for one in told["assists"])
        )
    if told["reasons"]:
        rows = pd.DataFrame(told["reasons"])
        rows["row"] = [f"{row:.0f}" if pd.notna(row) else "" for row in rows["row"]]
        print_rows(rows, _REASONS)
    for step in told.get("sent", []):
        typer.echo(
            f"{step['at'][:16]} {step['step']} → {step['party_name'] or '—'} {step['reason']}"
        )
