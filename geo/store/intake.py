"""Issues taken in: one by one or as a frame, once each, assigned where they are stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

import pandas as pd
from sqlalchemy import Connection, RowMapping, text

from geo.crs import metric_crs
from geo.errors import ConflictError
from geo.frames import ISSUES, Column, Contract
from geo.issues import Issue
from geo.store.answers import question, rows_of
from geo.store.events import record
from geo.store.merging import refusing
from geo.store.staging import stage
from geo.store.territory import locked_revisions, territory

_POSITIONS: Final = text(
    "select id, ST_X(geom) as lon, ST_Y(geom) as lat from pg_temp.unlocated order by id"
)
# Where the new issues of a batch lie, by their number in it.
_OWNERS: Final = Contract(
    "owners",
    ("id",),
    (
        Column("id", "int", required=True),
        *(Column(name, "text") for name in ("grid", "community", "subdistrict", "lane")),
    ),
)


@dataclass(frozen=True)
class Receipt:
    """The answer to an issue: where it lay when it came in, frozen with the revisions of the nets.

    `path` is the chain of codes from the top area down, then `lane:…`; empty: nobody owns it, and
    the issue is in the unclaimed queue. `fresh` tells the first delivery from a repeated one.
    """

    id: int
    grid: str | None
    community: str | None
    subdistrict: str | None
    lane: str | None
    path: tuple[str, ...]
    grid_revision: int
    admin_revision: int
    received_at: datetime
    fresh: bool = field(compare=False)


def receive(conn: Connection, issue: Issue) -> Receipt:
    """Return the receipt of an issue: stored now, or at its first delivery if it came before.

    Raises
    ------
    ConflictError
        When the reference is there with other content, or is somebody else's to see.
    """
    values = asdict(issue) | {"metric_srid": metric_srid(conn)}
    order = question("receive_issue").text.replace("{located}", question("grid_of_point").text)
    with refusing(ISSUES.name):
        stored = conn.execute(text(order), values).mappings().one_or_none()
    if stored is not None:
        record(conn, "issue", stored["id"], "receive", path=stored["path"])
        return _receipt(stored, fresh=True)
    known = conn.execute(question("received_issue"), asdict(issue)).mappings().one_or_none()
    if known is None or not known["same"]:
        raise ConflictError(source=issue.source, reference=issue.reference)
    return _receipt(known, fresh=False)


def receive_frame(
    conn: Connection, frame: pd.DataFrame, batch: int
) -> tuple[int, int, tuple[str, ...]]:
    """Return how many issues of a frame were new and the same, and the references in conflict.

    Raises
    ------
    BadFrameError, RefusedRowsError
        When the frame or one of its rows cannot be stored.
    """
    stage(conn, frame, ISSUES)
    conn.execute(text("drop table if exists pg_temp.unlocated"))
    fresh = conn.execute(question("gather_unlocated")).rowcount
    new = _located(conn, batch) if fresh else 0
    conflicts = tuple(conn.execute(question("issues_in_conflict")).scalars())
    if new:
        conn.execute(text("analyze issue"))
    return new, len(frame) - new - len(conflicts), conflicts


def _located(conn: Connection, batch: int) -> int:
    """Return how many issues of `pg_temp.unlocated` were stored, each where it lies now.

    The nets stay locked until the transaction ends, so that what the index says holds when the
    rows are written.
    """
    revisions = locked_revisions(conn)
    rows = rows_of(conn, _POSITIONS).astype({"lon": "float64", "lat": "float64"})
    owners = territory(conn).areas_of(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    stage(conn, owners.assign(id=rows["id"]), _OWNERS)
    values = {f"{net}_revision": revisions[net] for net in ("grid", "admin")}
    with refusing(ISSUES.name):
        return conn.execute(question("insert_located"), {"batch": batch, **values}).rowcount


def metric_srid(conn: Connection) -> int:
    """Return the EPSG code of the system that distances to the lanes in force are measured in."""
    asked = (
        "select ST_XMin(e) + ST_XMax(e), ST_YMin(e) + ST_YMax(e) from (select ST_Extent(geom)"
        " as e from area where net = 'lane' and valid_to is null) as lanes"
    )
    twice_lon, twice_lat = conn.execute(text(asked)).one()
    return int(metric_crs((twice_lon or 0.0) / 2, (twice_lat or 0.0) / 2).removeprefix("EPSG:"))


def _receipt(row: RowMapping, *, fresh: bool) -> Receipt:
    names = ("id", "grid", "community", "subdistrict", "lane")
    later = ("grid_revision", "admin_revision", "received_at")
    kept = {name: row[name] for name in (*names, *later)}
    return Receipt(**kept, path=tuple(row["path"]), fresh=fresh)
