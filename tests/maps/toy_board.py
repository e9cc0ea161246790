"""What the API would answer about the board of the toy city: its filters, in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from tests.maps import toy
from tests.maps.toy import Json

QUEUES: Final = ("sent", "new", "returned", "soon", "done", "unclaimed")
FEW: Final = 500


def waits_in(facts: Json, queue: str) -> bool:
    """Whether an issue waits in a queue."""
    is_open = facts["state"] != "closed"
    if queue == "soon":
        return bool(facts["card"]) and is_open
    if queue == "unclaimed":
        return not facts["grid"] and is_open
    return bool(facts["state"] == queue)


def day_of(facts: Json) -> date:
    """The day of the city on which an issue was reported."""
    return datetime.fromisoformat(facts["reported_at"]).date()


def chosen(issues: list[Json], query: Mapping[str, str]) -> list[Json]:
    """The issues that the filters leave, but for the queue."""
    found = []
    for feature in issues:
        facts = feature["properties"]
        told = " ".join(str(facts[key]) for key in ("number", "text", "address"))
        same = (facts[key] == query[key] for key in ("source", "state", "card") if query.get(key))
        moment = datetime.fromisoformat(facts["reported_at"])
        since, until = query.get("since"), query.get("until")
        if (
            all(same)
            and query.get("words", "").lower() in told.lower()
            and (query.get("is_open") != "true" or facts["state"] != "closed")
            and (not since or moment >= datetime.fromisoformat(since))
            and (not until or moment < datetime.fromisoformat(until))
        ):
            found.append(feature)
    return found


def board(issues: list[Json], query: Mapping[str, str]) -> Json:
    """Queues, states, sources, days; with `days` the period they make."""
    every = chosen(issues, {k: v for k, v in query.items() if k not in ("since", "until")})
    days = Counter(day_of(feature["properties"]) for feature in every)
    period = {"since": query.get("since"), "until": query.get("until")}
    if query.get("days") and days:
        last = max(day_of(feature["properties"]) for feature in issues)
        first = last - timedelta(days=int(query["days"]) - 1)
        ends = last + timedelta(days=1)
        period = {"since": f"{first}T00:00:00+08:00", "until": f"{ends}T00:00:00+08:00"}
    told = {key: value for key, value in period.items() if value}
    within = [feature["properties"] for feature in chosen(issues, {**query, **told})]
    count = {key: Counter(f[key] for f in within if f[key]) for key in ("state", "card", "source")}
    return {
        "scope_name": "柳岸街道",
        "asked_at": toy.NOON.isoformat(),
        **period,
        "total": len(within),
        "reporters": (len(within) + 1) // 2 if query.get("people") else None,
        "queues": {queue: sum(waits_in(f, queue) for f in within) for queue in QUEUES},
        **{f"{key}s": dict(counted) for key, counted in count.items()},
        "days": [[str(day), n, n] for day, n in sorted(days.items())],
    }


def listed(issues: list[Json], query: Mapping[str, str]) -> Json:
    """The next rows of a queue."""
    queue = query.get("queue")
    found = [f for f in chosen(issues, query) if not queue or waits_in(f["properties"], queue)]
    away = int(query.get("away", "0"))
    return toy.collection(found[away : away + 60]) | {"asked_at": toy.NOON.isoformat()}


def cells(issues: list[Json], query: Mapping[str, str]) -> Json:
    """Each issue a cell of its own; marks where they are few."""
    queue = query.get("queue")
    found = [
        f
        for f in chosen(issues, query)
        if f["geometry"] and (not queue or waits_in(f["properties"], queue))
    ]
    points = [(*f["geometry"]["coordinates"], f["properties"]) for f in found]
    marks = [
        {"id": p["id"], "lon": x, "lat": y, "state": p["state"], "card": p["card"]}
        for x, y, p in points
    ]
    return {
        "total": len(points),
        "cells": [[x, y, 1, 1] for x, y, _ in points],
        "marks": marks if len(marks) < FEW else None,
    }


def areas(issues: list[Json], query: Mapping[str, str]) -> list[Json]:
    """Issues of each grid."""
    counts = Counter(
        str(f["properties"]["grid"]) for f in chosen(issues, query) if f["properties"]["grid"]
    )
    return [
        {
            "code": code,
            "n": n,
            "is_open": n,
            "overdue": n // 4,
            "reporters": (n + 1) // 2,
            "solved_in_grid": 0.63,
        }
        for code, n in sorted(counts.items())
    ]


def spots(issues: list[Json], query: Mapping[str, str]) -> list[Json]:
    """The three heaps of the toy city."""
    if not query.get("since") or not issues:
        return []
    heaps = (
        (13, 22, 31, 19, "文庙东巷"),
        (27, 12, 22, 17, "钟楼夜市"),
        (22, 6, 18, 22, "青石桥头"),
    )
    return [
        {"rank": rank, "lon": toy.node(x, y)[0], "lat": toy.node(x, y)[1], "n": n,
         "before": before, "reach_m": 150.0, "name": name, "services": ["路灯", "占道经营"],
         "subdistrict": "柳岸街道"}
        for rank, (x, y, n, before, name) in enumerate(heaps, 1)
    ]  # fmt: skip


def newest(issues: list[Json], query: Mapping[str, str]) -> list[Json]:
    """The last to come, without words."""
    found = [feature["properties"] for feature in chosen(issues, query)]
    return [
        {"at": f["reported_at"], "state": f["state"], "service": "F1", "grid": f["grid"],
         "service_name": f["service"], "grid_name": f["grid_name"]}
        for f in found[: int(query.get("limit", "6"))]
    ]  # fmt: skip


def figures(_: list[Json], __: Mapping[str, str]) -> Json:
    """Rates of eight days, as if most went well."""
    days = [
        {"day": f"2026-11-{16 + n}", "issues": 40 + n, "on_time": 0.95 + n / 500,
         "solved_in_grid": 0.6 + n / 200, "satisfaction": 0.93 + n % 3 / 100}
        for n in range(8)
    ]  # fmt: skip
    whole = {"on_time": 0.968, "solved_in_grid": 0.631, "solved_in_grid_verified": 0.587,
             "satisfaction": 0.942, "due": 310, "called": 812}  # fmt: skip
    came = [{"day": day["day"], "called": 6, "arrived": 5, "minutes": 27.0} for day in days]
    return {"days": days, "all": whole, "arrivals": came, "today": 34, "same_time_last_week": 32}


def rates(_: list[Json], __: Mapping[str, str]) -> Json:
    """Those of a month; nobody was called back."""
    row = {"on_time": 0.968, "due": 310, "solved_in_grid": 0.631, "done": 1020}
    return {"rows": [{**row, "satisfaction": None, "called": 0}]}


ANSWERS: Final = {
    "/api/rates": rates,
    "/api/board": board,
    "/api/board/issues": listed,
    "/api/board/cells": cells,
    "/api/board/areas": areas,
    "/api/board/spots": spots,
    "/api/board/newest": newest,
    "/api/board/figures": figures,
}
