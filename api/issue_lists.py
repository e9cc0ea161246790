"""Issues as a list to keep, print or hand on: columns that the importer takes back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

from api.files.lists import MOST_ROWS, write_list
from api.periods import between
from geo.scratch import scratch
from geo.store.database import CITY_TIME, Connection
from geo.store.net.naming import area_names, party_names, service_names
from geo.store.working.issues import read_issues

TITLE: Final = "诉求"
_ZONE: Final = ZoneInfo(CITY_TIME)
_TOLD: Final = ("received_at", "task_due")  # which the importer does not take back
# In the order of the sheet. The importer knows the headings of what it takes, and by the last two
# the datum; the others say how far an issue is.
HEADINGS: Final = {
    "reference": "工单编号",
    "source": "来源",
    "service": "诉求类别",
    "service_name": "类别名称",
    "text": "诉求内容",
    "address": "地址",
    "reported_at": "诉求时间",
    "due_at": "办理时限",
    "state": "状态",
    "outcome": "结果",
    "subdistrict": "街道编码",
    "subdistrict_name": "街道",
    "community": "社区编码",
    "community_name": "社区",
    "grid": "网格",
    "lane": "街巷编码",
    "party": "承办编码",
    "party_name": "承办",
    "task_due": "任务时限",
    "received_at": "入库时间",
    "id": "系统编号",
    "accuracy_m": "定位精度",
    "lon": "lon_wgs84",
    "lat": "lat_wgs84",
}


class Chosen(NamedTuple):
    """Which issues are listed; None: all. `since` and `until` are days in the city, both included.

    `scope` is the code of an area, of the admin or grid net, or "" for those nobody owns; a
    `service` stands for those below it too.
    """

    scope: str | None = None
    service: str | None = None
    state: str | None = None
    source: str | None = None
    since: date | None = None
    until: date | None = None


def issue_list(conn: Connection, chosen: Chosen, limit: int | None = None) -> pd.DataFrame:
    """Return issues that the acting person may see, the latest first, by the keys of HEADINGS.

    Raises
    ------
    BadPeriodError
        When the last day is before the first.
    """
    since, until = between(chosen.since, chosen.until)
    when = {"since": since, "until": until}
    found = read_issues(conn, limit=limit, **(chosen._asdict() | when))
    times = ("reported_at", "due_at", *_TOLD)
    table = pd.DataFrame(found.drop(columns="geometry")).assign(
        lon=found.geometry.x,
        lat=found.geometry.y,
        service_name=found["service"].map(service_names(conn, found["service"])),
        party_name=found["party"].map(party_names(conn, found["party"])),
        **{f"{kind}_name": found[kind].map(area_names(conn, "admin", found[kind]))
           for kind in ("subdistrict", "community")},
        **{name: pd.to_datetime(found[name], utc=True).dt.tz_convert(_ZONE) for name in times},
    )  # fmt: skip
    return table[list(HEADINGS)].assign(**{name: table[name].dt.floor("s") for name in _TOLD})


def write_issues(conn: Connection, chosen: Chosen, out: Path) -> int:
    """Write the issues that are chosen to a file, by its ending CSV or a workbook; return how many.

    Raises
    ------
    FileNotWrittenError
        When there are more than the form holds: choose fewer, or the other form.
    """
    most = MOST_ROWS.get(out.suffix.lower(), 0)
    table = issue_list(conn, chosen, limit=most + 1)
    write_list(table.rename(columns=HEADINGS), out, title=TITLE)
    return len(table)


def issues_as(conn: Connection, chosen: Chosen, form: str) -> bytes:
    """Return the issues that are chosen as the bytes of a file: csv or xlsx."""
    with scratch() as folder:
        path = folder / f"issues.{form}"
        write_issues(conn, chosen, path)
        return path.read_bytes()
