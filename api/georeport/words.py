"""Rows of the store in the words of Open311: services, forms, requests; nothing about persons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from api.georeport.documents import Tree
from geo.issues.forms import Datatype, Question, form
from geo.issues.masking import masked, masked_address

MOST_LETTERS: Final = 4000  # of a description, by the standard
# All that anybody reads of how an issue was handled: no word that a person typed.
_NOTES: Final = {
    "new": "已受理，待派单。Received; not yet sent.",
    "sent": "已派单，待承办单位接单。Sent to whoever is responsible.",
    "taken": "办理中。Being worked on.",
    "returned": "正在确定承办单位。Finding out who is responsible.",
    "held": "暂时不能办结，已挂账，将定期复核。On hold, to be looked at again.",
    "done": "已处置，待核查。Done; to be verified.",
}
_OUTCOMES: Final = {
    "solved": "已解决。Solved.",
    "answered": "已答复。Answered.",
    "cancelled": "已注销。Cancelled.",
    "merged": "与另一件相同诉求合并办理。Handled together with another request.",
    "unfounded": "经核查不属实。Found to be unfounded.",
}
# What a reporter types where a form does not say it; some clients stop at an empty element.
_DATATYPES: Final[Mapping[Datatype, str]] = {
    "string": "一行文字 a line of text",
    "number": "数字 a number",
    "datetime": "时间，如 a time such as 2026-01-01T08:00:00+08:00",
    "text": "文字 text",
    "singlevaluelist": "选一项 one of the list",
    "multivaluelist": "可选多项 any of the list",
}
_CLOSED: Final = "已办结。Closed."
NOTICE: Final = (
    "已受理。描述和地址会公开，其中的电话、证件号和门牌会隐去；姓名和联系方式不会公开。"
    "Received. The description and the address are public, with numbers of persons hidden; "
    "names and contacts never are."
)


def services_told(offered: pd.DataFrame) -> Tree:
    """Return the services as the standard lists them."""
    return [
        {
            "service_code": row["code"],
            "service_name": row["name"],
            "description": row["name"],
            "metadata": bool(form(row["form"], row["code"])),
            "type": "realtime",
            "keywords": ", ".join(filter(None, (row["name"], row["group"]))),
            "group": row["group"] or row["name"],
        }
        for row in _rows(offered)
    ]


def definition_told(code: str, questions: tuple[Question, ...]) -> Tree:
    """Return the form of a service as the standard defines it."""
    attributes: list[Tree] = [
        _question_told(order, question) for order, question in enumerate(questions, start=1)
    ]
    return {"service_code": code, "attributes": attributes}


def _question_told(order: int, question: Question) -> Tree:
    told: dict[str, Tree] = {
        "variable": question.variable,
        "code": question.code,
        "datatype": question.datatype,
        "required": question.required,
        "datatype_description": question.datatype_description or _DATATYPES[question.datatype],
        "order": order,
        "description": question.description or question.code,
    }
    if question.options:
        told["values"] = [{"key": key, "name": name} for key, name in question.options]
    return told


def requests_told(issues: pd.DataFrame, names: Mapping[str, str]) -> list[Mapping[str, Tree]]:
    """Return public issues as the standard lists requests.

    Parameters
    ----------
    issues
        Of `geo.store.public.public_issues`.
    names
        Names of communities and subdistricts, by code.
    """
    return [_request_told(row, names) for row in _rows(issues)]


def _request_told(row: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Tree]:
    is_open = row["state"] != "closed"
    area = [names.get(row[kind], "") for kind in ("community", "subdistrict")]
    area = list(filter(None, area))
    return {
        "service_request_id": str(row["id"]),
        "status": "open" if is_open else "closed",
        "status_notes": _NOTES[row["state"]] if is_open else _OUTCOMES.get(row["outcome"], _CLOSED),
        "service_name": row["service_name"],
        "service_code": row["service"],
        "description": masked(row["text"])[:MOST_LETTERS] if row["text"] else None,
        "agency_responsible": row["agency"] or next(iter(area[1:]), None),
        "service_notice": None,
        "requested_datetime": w3(row["requested_at"]),
        "updated_datetime": w3(row["changed_at"] or row["received_at"]),
        "expected_datetime": w3(row["due_at"]),
        "address": masked_address(row["address"]) if row["address"] else ", ".join(area) or None,
        "address_id": None,
        "zipcode": None,
        "lat": _degrees(row["lat"]),
        "long": _degrees(row["lon"]),
        "media_url": row["media"],
    }


def _degrees(value: float | None) -> float | None:
    """Return degrees without what is left of reckoning behind the ninth place (a tenth of a mm).

    >>> _degrees(36.666000000000004), _degrees(None)
    (36.666, None)
    """
    return None if value is None else round(value, 9)


def w3(moment: datetime | None) -> str | None:
    """Return a moment as every client reads it: in UTC, for some know no other offset than Z.

    >>> w3(datetime.fromisoformat("2026-11-26T09:02:03.9+08:00")), w3(None)
    ('2026-11-26T01:02:03Z', None)
    """
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values, None where one is missing."""
    plain = frame.astype("object").where(frame.notna(), None)
    rows: list[dict[str, Any]] = plain.to_dict("records")
    return rows
