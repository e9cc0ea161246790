"""`jingwei issue list` and `jingwei issue new`: issues shown, written to a file, handed in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.planning import DRY, Commit, opened, print_rows
from api.gazetteers import Gazetteers, placed
from api.issue_lists import Chosen, issue_list, write_issues
from api.replies import Asked, write_replies
from api.reporters import reporter_secret
from api.settings import settings
from geo.crs import parse_datum, to_wgs84
from geo.errors import NoDatumError
from geo.issues import Issue
from geo.issues.reporters import reporter_key
from geo.reference import sources
from geo.store.database import Connection, transaction
from geo.store.working.issues import receive

_SHOWN: Final = 30
_COLUMNS: Final = {
    "id": "诉求 Issue",
    "source": "来源 Source",
    "reference": "编号 Number",
    "state": "状态 State",
    "service_name": "类别 Service",
    "community_name": "社区 Community",
    "party_name": "承办 Holder",
    "when": "时间 When",
}
_DAYS: Final = ["%Y-%m-%d"]
Day = Annotated[datetime | None, typer.Option(formats=_DAYS, help="日期，含当日 A day, included")]
_KNOWN: Final = "|".join(sources())


def list_issues(
    *,
    scope: Annotated[
        str | None, typer.Option(help="区域编码；空为待认领 Area; '' unclaimed")
    ] = None,
    service: Annotated[
        str | None, typer.Option(help="服务编码，含下级 Service, or above it")
    ] = None,
    state: Annotated[str | None, typer.Option(help="状态 State")] = None,
    source: Annotated[str | None, typer.Option(help=f"来源 Source: {_KNOWN}")] = None,
    since: Day = None,
    until: Day = None,
    out: Annotated[Path | None, typer.Option(help="写成 .csv 或 .xlsx Write a file")] = None,
    limit: Annotated[int, typer.Option(min=1, help="屏幕上最多几件 Most shown")] = _SHOWN,
    who: Annotated[
        str | None, typer.Option("--as", help="只看此人可见的 Only what this person may see")
    ] = None,
) -> None:
    """列出诉求，最近的在前；--out 写成文件。List issues, the latest first, or write a file."""
    days = (day and day.date() for day in (since, until))
    chosen = Chosen(scope, service, state, source, *days)
    with _reading(who) as conn:
        if out is not None:
            count = write_issues(conn, chosen, out)
            typer.echo(f"{out}：{count:,} 件 issues")
            return
        found = issue_list(conn, chosen, limit=limit)
    told = found["reported_at"].fillna(found["received_at"]).dt.strftime("%Y-%m-%d %H:%M")
    print_rows(found.assign(when=told), _COLUMNS)


def write_answers(
    *,
    source: Annotated[str, typer.Option(help=f"来源 Source: {_KNOWN}")],
    out: Annotated[Path, typer.Option(help="写成 .csv 或 .xlsx Write a file")],
    since: Day = None,
    until: Day = None,
    who: Annotated[
        str | None, typer.Option("--as", help="只看此人可见的 Only what this person may see")
    ] = None,
) -> None:
    """办结的答复写成文件，原编号、原时限。Write the replies that go back to a source."""
    days = (day and day.date() for day in (since, until))
    with _reading(who) as conn:
        count = write_replies(conn, Asked(source, *days), out)
    typer.echo(f"{out}：{count:,} 件 replies")


@contextmanager
def _reading(who: str | None) -> Iterator[Connection]:
    """Open a transaction: as a person by row-level security, else as whoever keeps the data."""
    with (
        opened() as store,
        transaction(store.app if who else store.owner, who or "cli") as conn,
    ):
        yield conn


def new_issue(
    *,
    source: Annotated[str, typer.Option(help=f"来源 Source: {_KNOWN}")],
    text: Annotated[str, typer.Option(help="诉求内容 What is reported")] = "",
    reference: Annotated[str | None, typer.Option(help="来源的编号 The source's number")] = None,
    service: Annotated[str | None, typer.Option(help="服务编码 Service")] = None,
    address: Annotated[str, typer.Option(help="地址 Address")] = "",
    lon: Annotated[float | None, typer.Option(help="经度 Longitude")] = None,
    lat: Annotated[float | None, typer.Option(help="纬度 Latitude")] = None,
    datum: Annotated[str | None, typer.Option(help="wgs84|cgcs2000|gcj02|bd09")] = None,
    accuracy: Annotated[float | None, typer.Option(help="定位精度（米）Accuracy, metres")] = None,
    contact: Annotated[str | None, typer.Option(help="来电号码，只留密钥 Kept as a key")] = None,
    confidential: Annotated[bool, typer.Option(help="保密 Confidential")] = False,
    who: Annotated[str, typer.Option("--as", help="由谁受理 Who receives it")] = "cli",
    commit: Commit = False,
) -> None:
    """受理一件诉求：没有坐标的按地址定位。Receive an issue: a dry run until --commit.

    同一来源、同一编号、同样内容，再来一次还是那一件。
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
        confidential=confidential,
    )
    with opened() as store, transaction(store.owner, who, commit=commit) as conn:
        issue, _ = placed(conn, issue, Gazetteers().of)
        receipt = receive(conn, issue)
    where = " · ".join(filter(None, (receipt.subdistrict, receipt.community, receipt.grid)))
    again = "" if receipt.fresh else "（早已受理 received before）"
    typer.echo(f"诉求 Issue {receipt.id} · {issue.source} {issue.reference}{again}")
    typer.echo(f"位置 Place: {where or '待认领 unclaimed'}")
    if not commit:
        typer.echo(DRY)


def _position(
    lon: float | None, lat: float | None, datum: str | None
) -> tuple[float | None, float | None]:
    if lon is None or lat is None:
        return lon, lat
    if datum is None:
        raise NoDatumError(lon=lon, lat=lat)
    x, y = to_wgs84(lon, lat, parse_datum(datum))
    return float(x), float(y)
