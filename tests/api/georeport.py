"""GeoReport v2 as a client reads it: which fields there are, of which type; written from the spec.

Source: https://wiki.open311.org/GeoReport_v2 and Service_Discovery, both frozen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from xml.etree import ElementTree as ET

from fastapi.testclient import TestClient

XML: Final = "text/xml; charset=utf-8"
JSON: Final = "application/json; charset=utf-8"
W3: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
IMPOSSIBLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML 1.0
# Names of a list's entries in XML.
ENTRIES: Final = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
LEFT_OUT: Final = ("expected_datetime", "lat", "long")  # in XML, where there is none
Kind = type | tuple[type, ...]
TEXT: Final[Kind] = (str, type(None))
NUMBER: Final[Kind] = (float, int, type(None))
SERVICE: Final[Mapping[str, Kind]] = {
    "service_code": str,
    "service_name": str,
    "description": TEXT,
    "metadata": bool,
    "type": str,
    "keywords": TEXT,
    "group": TEXT,
}
ATTRIBUTE: Final[Mapping[str, Kind]] = {
    "variable": bool,
    "code": str,
    "datatype": str,
    "required": bool,
    "datatype_description": TEXT,
    "order": int,
    "description": TEXT,
}
REQUEST: Final[Mapping[str, Kind]] = {
    "service_request_id": str,
    "status": str,
    "status_notes": TEXT,
    "service_name": TEXT,
    "service_code": str,
    "description": TEXT,
    "agency_responsible": TEXT,
    "service_notice": TEXT,
    "requested_datetime": str,
    "updated_datetime": TEXT,
    "expected_datetime": TEXT,
    "address": TEXT,
    "address_id": TEXT,
    "zipcode": TEXT,
    "lat": NUMBER,
    "long": NUMBER,
    "media_url": TEXT,
}


def demand(row: Mapping[str, Any], fields: Mapping[str, Kind]) -> None:
    """Fail where a row has other fields than the standard's, or of other types."""
    assert row.keys() == fields.keys()
    wrong = {name: row[name] for name, kind in fields.items() if not isinstance(row[name], kind)}
    assert wrong == {}


def demand_request(row: Mapping[str, Any]) -> None:
    """Fail where a request is none by the standard."""
    demand(row, REQUEST)
    assert row["status"] in ("open", "closed")
    for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
        assert row[name] is None or (W3.fullmatch(row[name]) and datetime.fromisoformat(row[name]))


def from_xml(text: bytes) -> tuple[str, Any]:
    """Return the root's name and the tree of a document, as the Spark convention makes JSON of it.

    All its leaves are text; an empty element is None.
    """
    assert text.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    root = ET.fromstring(text)  # noqa: S314 our own server's
    return root.tag, _tree(root)


def as_text(tree: Any) -> Any:
    """Return a tree of JSON with its leaves as XML has them; moments and numbers left out."""
    match tree:
        case dict():
            return {
                name: as_text(value)
                for name, value in tree.items()
                if value is not None or name not in LEFT_OUT
            }
        case list():
            return [as_text(value) for value in tree] or None
        case bool():
            return str(tree).lower()
        case None | "":
            return None
        case _:
            return IMPOSSIBLE.sub("\ufffd", str(tree))


def _tree(element: ET.Element) -> Any:
    assert not element.attrib
    children = list(element)
    if not children:
        return element.text or None
    assert not (element.text or "").strip()
    if entry := ENTRIES.get(element.tag):
        assert {child.tag for child in children} == {entry}
        return [_tree(child) for child in children]
    assert len({child.tag for child in children}) == len(children)
    return {child.tag: _tree(child) for child in children}


V2, TRIAL = "/open311/v2", "/open311/test/v2"
FORM = [
    {
        "code": "extent",
        "datatype": "singlevaluelist",
        "required": True,
        "values": [{"key": "1", "name": "一盏"}, {"key": "2", "name": "几盏"}],
    },
    {"code": "danger", "datatype": "multivaluelist", "values": [{"key": "a", "name": "车"},
                                                                {"key": "b", "name": "人"}]},
    {"code": "deep", "datatype": "number"},
    {"code": "since", "datatype": "datetime"},
    {"code": "careful", "variable": False, "description": "小心"},
]  # fmt: skip
HERE_IT_IS = {"service_code": "pit", "lat": "36.605", "long": "117.005"}


def posted(client: TestClient, base: str = V2, /, **fields: Any) -> dict[str, Any]:
    answer = client.post(f"{base}/requests.json", data={**HERE_IT_IS, **fields})
    assert answer.status_code == 200, answer.text
    (receipt,) = answer.json()
    assert receipt.keys() == {"service_request_id", "service_notice", "account_id"}
    (told,) = client.get(f"{base}/requests/{receipt['service_request_id']}.json").json()
    return dict(told)


def read(client: TestClient, path: str) -> Any:
    """Return what JSON says, having seen that XML says the same."""
    head, _, query = path.partition("?")
    found = client.get(f"{head}.json?{query}")
    other = client.get(f"{head}.xml?{query}")
    assert (found.headers["content-type"], other.headers["content-type"]) == (JSON, XML)
    assert found.status_code == other.status_code
    tree = from_xml(other.content)[1]
    assert tree == as_text(found.json())
    return found.json()


def refused(client: TestClient, fields: dict[str, Any], status: int = 400) -> list[str]:
    answer = client.post(f"{V2}/requests.xml", data=fields)
    assert (answer.status_code, answer.headers["content-type"]) == (status, XML)
    root, errors = from_xml(answer.content)
    assert root == "errors"
    assert {error["code"] for error in errors} == {str(status)}
    return [error["description"] for error in errors]
