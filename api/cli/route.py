"""`jingwei route`: whose an issue would be, and why."""

from __future__ import annotations

from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.planning import owner_engine, print_rows
from api.explaining import explain
from geo.crs import Datum, to_wgs84
from geo.store.database import transaction

_REASONS: Final = {
    "zh": "理由 Rung",
    "area_name": "区域 Area",
    "service_name": "事项 Service",
    "party_name": "找到 Found",
}


def route(
    lon: Annotated[float, typer.Option("--lon", min=-180, max=180, help="经度 Longitude")],
    lat: Annotated[float, typer.Option("--lat", min=-90, max=90, help="纬度 Latitude")],
    datum: Annotated[Datum, typer.Option("--datum", help="坐标基准 Datum")],
    *,
    service: Annotated[str | None, typer.Option("--service", help="事项代码 Service")] = None,
    against: Annotated[
        list[str] | None, typer.Option("--against", help="被投诉的主体 Complained about")
    ] = None,
) -> None:
    """这件诉求归谁，为什么。Whose an issue would be, and the chain of reasons."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        told = explain(conn, to_wgs84(lon, lat, datum), service, against=against or [])
    typer.echo(f"网格 Grid {told['grid'] or '—'} · {' > '.join(told['path']) or '—'}")
    name = told["party_name"] or told["party"]
    doubt = "（属地兜底，待区县裁定）" if told["provisional"] else ""
    typer.echo(f"主办 Lead {name or '—'}{doubt}")
    if told["assists"]:
        typer.echo(
            "协办 Assist " + "、".join(one["name"] or one["party"] for one in told["assists"])
        )
    print_rows(pd.DataFrame(told["reasons"]), _REASONS)
