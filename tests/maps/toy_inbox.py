"""The inbox of a department of the toy city, as the API would answer."""

from __future__ import annotations

from tests.maps import toy, toy_routes
from tests.maps.toy import SCOPE, Json


def month() -> Json:
    """How the department fared this month."""
    return {"due": 105, "taken": 103, "called": 9, "minutes": 24.3, "rated": 7, "score": 4.57}


def inbox() -> Json:
    """One of each that is owed, an emergency among them, one without a position."""
    owed = ("take", "take", "arrive", "report", "passed", "ruling", "held", "done")
    rows = [_row(n, owes) for n, owes in enumerate(owed, 1)]
    rows[0] |= {"arrive_by": "2026-11-23T10:30:00+08:00", "by": "2026-11-23T10:30:00+08:00"}
    rows[1] |= {"issue": None, "kind": "errand", "lon": None, "lat": None, "text": "代办"}
    return {
        "asked_at": "2026-11-23T10:00:00+08:00",
        "organisation": {"code": "D1", "name": "市政管护中心", "kind": "department", "area": SCOPE},
        "sections": [
            {"code": "D11", "name": "市政管护中心道桥科", "kind": "section"},
            {"code": "D12", "name": "市政管护中心照明一班", "kind": "section"},
        ],
        "total": 9,
        "owed": {owes: owed.count(owes) for owes in owed},
        "subdistricts": [
            {"code": SCOPE, "name": "柳岸街道", "n": 7},
            {"code": "370102002", "name": "镜湖街道", "n": 2},
        ],
        "rows": rows,
    }


def _row(number: int, owes: str) -> Json:
    state = {"take": "sent", "arrive": "taken", "report": "taken", "passed": "sent",
             "ruling": "returned"}.get(owes, owes)  # fmt: skip
    facts = toy.issues()["features"][number]
    lon, lat = facts["geometry"]["coordinates"]
    due = {"by": "2026-11-26T18:00:00+08:00", "due_at": "2026-11-26T18:00:00+08:00"}
    given = {"sent_at": "2026-11-23T09:00:00+08:00", "yellow_at": "2026-11-25T18:00:00+08:00"}
    none = dict.fromkeys(("arrive_by", "arrived_at", "community_name", "area_name"))
    return {
        **due,
        **given,
        **none,
        "task": number,
        "issue": 4,
        "version": 3,
        "kind": "whistle" if owes == "arrive" else "handle",
        "lead": number % 2 == 1,
        "state": state,
        "owes": owes,
        "party": "D1",
        "party_name": "市政管护中心",
        "asked": "",
        "signed": True,
        "number": f"JW-{number}",
        "text": toy_routes.NAUGHTY if number == 3 else facts["properties"]["text"],
        "address": facts["properties"]["address"],
        "service_name": "井盖",
        "source": "hotline",
        "area": "g",
        "grid": "g",
        "grid_name": facts["properties"]["grid_name"],
        "subdistrict": SCOPE,
        "subdistrict_name": "柳岸街道",
        "lon": lon,
        "lat": lat,
        "asker_name": "周宁",
        "card": "yellow" if number == 3 else None,
    }
