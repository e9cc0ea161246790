"""Forms of the catalogue: what else a reporter of some services may say, by the service's name.

None of it is required: whoever is on the telephone may not know.
"""

from __future__ import annotations

import json
from typing import Final

_FORMS: Final = {
    "路灯不亮": [
        {
            "code": "extent",
            "datatype": "singlevaluelist",
            "description": "不亮的有多少？ How many are out?",
            "values": [
                {"key": "one", "name": "一盏 one"},
                {"key": "several", "name": "几盏 several"},
                {"key": "street", "name": "整条街 the whole street"},
            ],
        },
        {
            "code": "pole",
            "datatype": "string",
            "description": "灯杆编号（如有） Number of the pole, if there is one",
        },
    ],
    "井盖缺失破损": [
        {
            "code": "harm",
            "datatype": "multivaluelist",
            "description": "有什么危险？ What is the danger?",
            "values": [
                {"key": "car", "name": "车辆 cars"},
                {"key": "foot", "name": "行人 people on foot"},
                {"key": "night", "name": "夜间看不见 unseen at night"},
            ],
        },
        {
            "code": "warning",
            "variable": False,
            "datatype": "text",
            "description": "请勿靠近敞开的井口。 Keep away from the open shaft.",
        },
    ],
}


def form_of(service: str) -> str:
    """Return the form of a service as JSON, by the service's name; blank where it has none.

    >>> form_of("路灯不亮")[:21], form_of("占道经营")
    ('[{"code": "extent", "', '')
    """
    asked = _FORMS.get(service)
    return json.dumps(asked, ensure_ascii=False) if asked else ""
