"""Whose an issue of the toy city is, as the API would say it."""

from __future__ import annotations

from typing import Final

import shapely

from tests.maps import toy
from tests.maps.toy import Json

NAUGHTY: Final = "<img src=x onerror=alert(1)>${alert(2)}"


def route(number: int) -> Json:
    """Whose an issue is: by the list where its number is even, else the grid leader's."""
    common: Json = {
        "faults": [],
        "faults_said": [],
        "passed_over_names": [],
        "basis": "",
        "row": None,
    }
    leader = {
        "rung": "role", "party": "P9", "party_name": "刘洋", "role": "grid_leader",
        "area": "g", "area_name": "文庙社区第3网格", "service": None, "service_name": None,
        "zh": "事项的承办岗位 · g grid_leader → P9", "en": "the service's role · g → P9",
    }  # fmt: skip
    faults = {"faults": ["leads-clash"], "row": 15, "party": None}
    said = [{"fault": "leads-clash", "zh": "两个牵头单位", "en": "two lead"}]
    listed = leader | {
        "rung": "list", "party": "D1", "party_name": "区城管局", "service": "s",
        "service_name": "路灯不亮", "area_name": "柳岸街道",
    }  # fmt: skip
    words = {"zh": "责任清单第 12 行 · g s → D1", "en": "responsibility list, row 12 · g s → D1"}
    by_list = [common | listed | words | {"row": 12, "basis": "照明条例第四条"}]
    by_role = [common | listed | faults | {"faults_said": said}, common | leader]
    even = number % 2 == 0
    lead = listed if even else leader
    return {
        "party": lead["party"],
        "party_name": lead["party_name"],
        "assists": [{"party": "D2", "name": "供电所"}] if even else [],
        "provisional": False,
        "attention": not even,
        "reasons": by_list if even else by_role,
        "sent": [],
    }


def why(number: int) -> Json:
    """All that the page to print asks for."""
    facts = toy.issues()["features"][number]
    grids = toy.ANSWERS["grid", "now"]()["features"][:6]
    lon, lat = facts["geometry"]["coordinates"]
    about = {
        **{name: facts["properties"][name] for name in ("address", "reported_at")},
        "reference": "JW-1",
        "service_name": "路灯不亮",
        "lon": lon,
        "lat": lat,
        "accuracy_m": 40.0,
    }
    sent = {"step": "send", "at": "2026-11-23T10:00:00+08:00", "person": "P1", "reason": ""}
    named = {"person_name": "赵", "party": "D1", "party_name": "区城管局"}
    told = route(number)
    along = shapely.LineString([(lon - 0.002, lat), (lon + 0.002, lat)])
    return {
        **told,
        "about": about,
        "places": ["历下区", "柳岸街道", "文庙社区", "文庙社区第3网格"],
        "bounds": "东至历山路，南至泺源大街，西至文庙街，北至明湖路",
        "grids": {"type": "FeatureCollection", "features": grids},
        "ground": toy.ground(),
        "lane": toy.collection([toy.feature(along, {"code": "l1", "name": "文庙街"})]),
        "walkers": [{"role": "street_manager", "party": "P7", "name": NAUGHTY}],
        "sent": [
            sent | named | {"parties": []},
            sent | named | {"parties": [], "step": "hand_over", "reason": NAUGHTY},
            sent
            | named
            | {"step": "whistle", "party": None, "party_name": None}
            | {"parties": [{"party": "D2", "name": "供电所"}, {"party": "D3", "name": None}]},
        ],
    }
