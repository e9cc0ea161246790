"""What the API would answer while an issue of the toy city is entered."""

from __future__ import annotations

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
