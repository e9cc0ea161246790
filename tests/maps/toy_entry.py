"""What the API would answer while an issue of the toy city is entered."""

from __future__ import annotations

from maps import assets
from tests.maps import toy, toy_routes
from tests.maps.toy import Json


def services() -> list[Json]:
    """A catalogue of two branches."""
    rows = (("F1", "城市管理", None), ("F11", "路灯不亮", "F1"), ("F12", "井盖破损", "F1"))
    return [{"code": code, "name": name, "parent": parent} for code, name, parent in rows]


def foreseen() -> Json:
    """A place near a border, its owner, two like it nearby, a caller known here."""
    near = toy.issues()["features"][:2]
    grid = toy.grids("now")["features"][3]["properties"]
    lon, lat = near[0]["geometry"]["coordinates"]
    return {
        "located": {"taken": "b1", "candidates": [_candidate("b1", 1.0), _candidate("b2", 0.62)]},
        "here": {
            "lon": lon,
            "lat": lat,
            "grid": grid["code"],
            "subdistrict": toy.SCOPE,
            "grid_name": grid["name"],
            "community_name": "泉涌社区",
            "subdistrict_name": "柳岸街道",
            "lane_name": "文庙街",
            "unclaimed": False,
            "neighbours": [{"code": "x", "name": "泉涌社区第2网格", "metres": 12.4}],
        },
        "route": toy_routes.route(2),
        "due": {"due_at": "2026-12-03T18:00:00+08:00", "yellow_at": "2026-12-02T18:00:00+08:00"},
        "nearby": [_near(feature, n) for n, feature in enumerate(near)],
        "reporter": {"nth": 3, "zh": "老来电人：90 天内已有 2 件", "en": "known here: 2"},
    }


def _candidate(code: str, score: float) -> Json:
    against = [] if score == 1.0 else [{"zh": "门牌号", "en": "number", "said": "7", "known": "5"}]
    return {
        "as": f"building:{code}",
        "code": code,
        "kind": "building",
        "title": f"文庙街 5 号 {code}",
        "score": score,
        "lon": 117.02,
        "lat": 36.668,
        "matched": [],
        "contradicted": against,
    }


def _near(feature: Json, n: int) -> Json:
    lon, lat = feature["geometry"]["coordinates"]
    told = {key: feature["properties"][key] for key in ("text", "address", "state", "reported_at")}
    facts = {"id": 70 + n, "reference": f"JW-{n}", "service": "F11", "metres": 8.0 + n}
    return {
        **told,
        **facts,
        "likeness": 0.9 - n / 4,
        "same_reporter": n == 0,
        "lon": lon,
        "lat": lat,
    }


def case(number: int) -> Json:
    """An issue with two tasks, a photo taken elsewhere, a call-back, and what happened."""
    steps: tuple[tuple[str, int | None, list[str]], ...] = (
        ("take", 5, []),
        ("return", 5, ["reason"]),
        ("urge", None, []),
        ("finish", 6, ["result"]),
    )
    words = {"take": "接单", "return": "退单", "urge": "催办", "finish": "办结"}
    photo = {"zh": "照片距网格 230 米", "en": "230 m away", "finding": "away", "stage": "before"}
    review = {"kind": "call_back", "solved": False, "satisfied": None, "text": toy_routes.NAUGHTY}
    none = dict.fromkeys(("response", "quality", "score"))
    event = {"name": "urge", "zh": "催办", "en": "urge", "order": {"reason": toy_routes.NAUGHTY}}
    return {
        "id": number,
        "version": 3,
        "state": "sent",
        "source": "hotline",
        "outcome": None,
        "into": None,
        "needs_photo": True,
        "contact": True,
        "tasks": [_task(5, "区城管局", "sent"), _task(6, "供电所", "taken") | {"kind": "whistle"}],
        "steps": [
            {"step": step, "task": task, "zh": words[step], "en": step, "needs": needs}
            for step, task, needs in steps
        ],
        "neighbours": [{"code": "g2", "name": "泉涌社区第2网格", "metres": 12.4}],
        "photos": [photo | {"id": 1, "href": assets.href("web/mark.svg")}],
        "reviews": [review | none | {"id": 1, "rater": "reporter"}],
        "answers": [],
        "history": [
            event
            | {"id": 1, "person": "P2", "person_name": "陈静", "at": "2026-11-23T08:00:00+08:00"}
        ],
        "reporter": {"nth": 3, "days": 90, "zh": "同一来电人 · 90 天内第 3 次", "en": "third"},
        "located": None,
    }


def _task(number: int, name: str, state: str) -> Json:
    due = {"due_at": "2026-12-03T18:00:00+08:00", "card": None, "review_on": None}
    guessed = {"due_guessed": number == 5}
    said = {
        "asked": "",
        "appealed": "",
        "asked_days": 0,
        "result": "",
        "signed_by": None,
        "arrived_at": None,
    }
    what = {"kind": "handle", "party": "D1", "party_name": name, "lead": number == 5}
    return {"id": number, "state": state} | due | guessed | said | what
