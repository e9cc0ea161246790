"""Whose an issue of the toy city is, as the API would say it."""

from __future__ import annotations

from tests.maps.toy import Json


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
        "zh": "", "en": "",
    }  # fmt: skip
    faults = {"faults": ["leads-clash"], "row": 15, "party": None}
    said = [{"fault": "leads-clash", "zh": "两个牵头单位", "en": "two lead"}]
    listed = leader | {
        "rung": "list", "party": "D1", "party_name": "区城管局", "service": "s",
        "service_name": "路灯不亮", "area_name": "柳岸街道",
    }  # fmt: skip
    by_list = [common | listed | {"row": 12, "basis": "照明条例第四条"}]
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
