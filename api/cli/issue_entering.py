"""`jingwei issue new` and `jingwei issue locate`: an issue handed in, and what to see with it."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Final, NamedTuple

import pandas as pd
import typer

from api.cli.issue_lists import KNOWN
from api.cli.planning import DRY, Commit, opened, owner_engine, print_rows
from api.cli.steps import Person
from api.gazetteers import Found, Gazetteers, contradictions, found_by, named, placed
from api.reporters import repeated, reporter_secret
from api.settings import settings
from api.waiting import nearby, neighbours_told
from geo.crs import parse_datum, to_wgs84
from geo.errors import NoDatumError
from geo.issues import Issue
from geo.issues.reporters import reporter_key
from geo.store.database import Connection, transaction
from geo.store.incoming.intake import Receipt
from geo.store.net.gazetteer import read_gazetteer
from geo.store.working.issues import receive

_CANDIDATES: Final = {
    "score": "得分 Score",
    "kind": "类别 Kind",
    "title": "候选 Candidate",
    "at": "经纬度 WGS 84",
    "against": "不符之处 Contradicts",
}
_NEARBY: Final = {
    "id": "诉求 Issue",
    "metres": "相距米 Metres",
    "state": "状态 State",
    "text": "内容 Text",
    "caller": "同一来电人 Caller",
}
_NONE_TAKEN: Final = (
    "没有唯一可信的候选，不采用；进入待认领。No candidate stands out; none is taken."
)
_LETTERS: Final = 40  # of what an issue nearby says


def locate(
    address: Annotated[str, typer.Argument(help="地址 An address")],
    *,
    who: Person = "cli",
) -> None:
    """按地址找位置：候选、得分、哪里不符；不猜。Find an address: candidates, never a guess."""
    with owner_engine() as engine, transaction(engine, who) as conn:
        found = found_by(read_gazetteer(conn), address)
    _print_found(found)


def new_issue(
    *,
    source: Annotated[str, typer.Option(help=f"来源 Source: {KNOWN}")],
    text: Annotated[str, typer.Option(help="诉求内容 What is reported")] = "",
    reference: Annotated[str | None, typer.Option(help="来源的编号 The source's number")] = None,
    service: Annotated[str | None, typer.Option(help="服务编码 Service")] = None,
    address: Annotated[str, typer.Option(help="地址 Address")] = "",
    lon: Annotated[float | None, typer.Option(help="经度 Longitude")] = None,
    lat: Annotated[float | None, typer.Option(help="纬度 Latitude")] = None,
    datum: Annotated[str | None, typer.Option(help="wgs84|cgcs2000|gcj02|bd09")] = None,
    accuracy: Annotated[float | None, typer.Option(help="定位精度（米）Accuracy, metres")] = None,
    contact: Annotated[str | None, typer.Option(help="来电号码，只留密钥 Kept as a key")] = None,
    against: Annotated[
        str | None, typer.Option(help="被投诉的单位 The party complained about")
    ] = None,
    confidential: Annotated[bool, typer.Option(help="保密 Confidential")] = False,
    who: Annotated[str, typer.Option("--as", help="由谁受理 Who receives it")] = "cli",
    commit: Commit = False,
) -> None:
    """受理一件诉求：没有坐标的按地址定位。Receive an issue: a dry run until --commit.

    同一来源、同一编号、同样内容，再来一次还是那一件。附近可能是同一件的、可能的相邻网格一并列出。
    """
    here = _position(lon, lat, datum)
    secret = reporter_secret(settings()) if contact else b""
    issue = Issue(
        source=source,
        reference=reference or f"cli-{secrets.token_hex(6)}",
        service=service,
        text=text,
        address=address,
        accuracy_m=accuracy,
        lon=here[0],
        lat=here[1],
        reporter=reporter_key(contact, secret),
        against=against,
        confidential=confidential,
    )
    _take_in(issue, who, commit=commit)
    if not commit:
        typer.echo(DRY)


def _take_in(issue: Issue, who: str, *, commit: bool) -> None:
    """Receive an issue, and print its receipt with what to see beside it."""
    with opened() as store, transaction(store.owner, who, commit=commit) as conn:
        issue, found = placed(conn, issue, Gazetteers().of)
        receipt = receive(conn, issue)
        beside = _beside(conn, issue, receipt.id)
    _print_receipt(issue, receipt)
    if found is not None:
        _print_found(found)
    _print_beside(beside)


def _position(
    lon: float | None, lat: float | None, datum: str | None
) -> tuple[float | None, float | None]:
    if lon is None or lat is None:
        return lon, lat
    if datum is None:
        raise NoDatumError(lon=lon, lat=lat)
    x, y = to_wgs84(lon, lat, parse_datum(datum))
    return float(x), float(y)


def _print_receipt(issue: Issue, receipt: Receipt) -> None:
    where = " · ".join(filter(None, (receipt.subdistrict, receipt.community, receipt.grid)))
    again = "" if receipt.fresh else "（早已受理 received before）"
    typer.echo(f"诉求 Issue {receipt.id} · {issue.source} {issue.reference}{again}")
    typer.echo(f"位置 Place: {where or '待认领 unclaimed'}")


def _print_found(found: Found) -> None:
    """Print what an address may name, and which of it is taken."""
    if found.candidates:
        rows = pd.DataFrame([vars(one) for one in found.candidates])
        rows["at"] = [f"{one.lon:.6f},{one.lat:.6f}" for one in found.candidates]
        rows["against"] = [contradictions(one) for one in found.candidates]
        print_rows(rows, _CANDIDATES)
    one = found.taken
    if one is None and found.area is not None:
        typer.echo(f"只知所在区域 Only the area: {found.area.title} ({named(found.area)})")
    else:
        typer.echo(f"采用 Taken: {one.title} ({named(one)})" if one else _NONE_TAKEN)


class _Beside(NamedTuple):
    """Who called before, which grids it may lie in as well, which open issue it may be."""

    caller: dict[str, Any] | None
    grids: list[dict[str, Any]]
    near: list[dict[str, Any]]


def _beside(conn: Connection, issue: Issue, number: int) -> _Beside:
    near = []
    if issue.lon is not None and issue.lat is not None:
        near = nearby(conn, issue.lon, issue.lat, issue, beside=number)
    return _Beside(repeated(conn, number), neighbours_told(conn, number), near)


def _print_beside(told: _Beside) -> None:
    if told.caller:
        typer.echo(f"{told.caller['zh']} {told.caller['en']}")
    for grid in told.grids:
        typer.echo(
            f"也可能在 May lie in: {grid['name']} {grid['code']} · {grid['metres']} m"
            f"（派单 send --grid {grid['code']}）"
        )
    if told.near:
        typer.echo("附近未办结的，可能是同一件（合并 merge --into）Open nearby, maybe the same:")
        print_rows(pd.DataFrame([_shown(row) for row in told.near]), _NEARBY)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"text": row["text"][:_LETTERS], "caller": "✓" if row["same_reporter"] else ""}
