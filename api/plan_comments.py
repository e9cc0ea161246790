"""Comments on places of a plan, as JSON and as a file that others read."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from api.comparing import plan_row
from api.files.lists import write_list
from api.rows import rows_in_json
from geo.scratch import scratch
from geo.store.database import CITY_TIME, Connection
from geo.store.net.naming import party_names
from geo.store.planning.comments import read_comments
from maps.threads import Said, Thread

_TITLE: Final = "批注"
_HEADINGS: Final = {
    "id": "编号",
    "answers": "答复的编号",
    "grid_name": "网格",
    "lon": "经度（WGS84）",
    "lat": "纬度（WGS84）",
    "text": "内容",
    "name": "批注人",
    "at": "时间",
    "settled_name": "解决人",
    "settled_at": "解决时间",
}


def comments_told(conn: Connection, plan: int) -> list[dict[str, Any]]:
    """Return the comments on a plan as JSON takes them: names beside codes of persons."""
    plan_row(conn, plan)
    return rows_in_json(_with_names(conn, plan))


def threads_told(conn: Connection, plan: int) -> list[Thread]:
    """Return the comments on a plan as a map for others shows them: open threads first."""
    found = _with_names(conn, plan)
    said = found.assign(at=_local(found["at"]), thread=found["answers"].fillna(found["id"]))
    of = said.groupby("thread", sort=False)
    threads = [_thread(of.get_group(number)) for number in said.loc[found["answers"].isna(), "id"]]
    return sorted(threads, key=lambda thread: thread.is_settled)


def _thread(rows: pd.DataFrame) -> Thread:
    first = rows.iloc[0]
    said = [Said(row["text"], row["name"], row["at"]) for row in rows.to_dict("records")]
    settled, grid = bool(pd.notna(first["settled_at"])), first["grid_name"] or ""
    return Thread(float(first["lon"]), float(first["lat"]), str(grid), settled, said)


def comments_file(conn: Connection, plan: int, form: str) -> bytes:
    """Return the comments on a plan as the bytes of a file: csv or xlsx; times of the city."""
    plan_row(conn, plan)
    found = _with_names(conn, plan)
    local = {name: _local(found[name]) for name in ("at", "settled_at")}
    table = found.assign(**local)[list(_HEADINGS)].rename(columns=_HEADINGS)
    with scratch() as folder:
        file = folder / f"comments.{form}"
        write_list(table, file, title=_TITLE)
        return file.read_bytes()


def _with_names(conn: Connection, plan: int) -> pd.DataFrame:
    found = read_comments(conn, plan).astype({"answers": "Int64"})
    said = pd.concat([found["person"], found["settled_by"].dropna()])
    names = party_names(conn, said, kind="person")
    return found.assign(
        name=found["person"].map(names).fillna(found["person"]),
        settled_name=found["settled_by"].map(names).fillna(found["settled_by"]),
    )


def _local(moments: pd.Series) -> pd.Series:
    return pd.to_datetime(moments, utc=True).dt.tz_convert(CITY_TIME).dt.strftime("%Y-%m-%d %H:%M")
