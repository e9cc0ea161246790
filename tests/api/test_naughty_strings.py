"""The Big List of Naughty Strings comes back as it was typed, from every door and file."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api.acting import COOKIE
from geo.load.guards import from_workbook, unguarded
from geo.store.database import Store
from tests.api.georeport import V2, as_text, from_xml, posted
from tests.naughty import STRINGS

AS = {"cookie": f"{COOKIE}=dispatcher"}
ALL = "\n".join(STRINGS)
PLACE = {"source": "hotline", "service": "pit", "datum": "wgs84", "lon": 117.005, "lat": 36.605}
ASKED = {"datum": "wgs84", "timezone": "Asia/Shanghai"}


def file_of(texts: tuple[str, ...]) -> bytes:
    """A table of issues, as a program writes one that quotes what it must."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(("reference", "source", "service", "text", "address", "lon", "lat", "reporter"))
    for number, text in enumerate(texts):
        rows.writerow((f"N-{number}", "hotline", "pit", text, text, 117.005, 36.605, text))
    return out.getvalue().encode()


def taken_in(client: TestClient, name: str, content: bytes) -> dict[str, Any]:
    query = ASKED | {"commit": "true", "name": name}
    answer = client.post("/api/issues/import", params=query, content=content, headers=AS)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def listed(client: TestClient) -> dict[str, tuple[str, str]]:
    """Reference → text and address, as the issues are told to pages."""
    found = client.get("/api/issues.geojson", params={"limit": 5000}, headers=AS).json()["features"]
    told = (each["properties"] for each in found)
    return {each["number"]: (each["text"], each["address"]) for each in told}


def from_csv(content: bytes) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return [[unguarded(cell) for cell in row] for row in rows]


def from_excel(content: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    cells = ([str(c or "") for c in row] for row in sheet.iter_rows(values_only=True))
    return [[unguarded(from_workbook(cell)) for cell in row] for row in cells]


def test_what_is_taken_in_comes_back_in_every_form(client: TestClient, city: Store) -> None:
    """Whether it came in a file or was typed; files give back what they hold, no other issue."""
    assert city
    wanted = {f"N-{n}": (text, text) for n, text in enumerate(STRINGS)}
    done = taken_in(client, "naughty.csv", file_of(STRINGS))
    assert done["committed"]["new"] == len(STRINGS)
    typed = {**PLACE, "text": ALL[:10_000], "address": ALL[:1000], "reference": "N-typed"}
    assert client.post("/api/issues", json=typed, headers=AS).status_code == 201
    wanted["N-typed"] = (ALL[:10_000], ALL[:1000])
    assert listed(client) == wanted
    blank = {f"hotline {n}" for n, (text, _) in wanted.items() if text and not text.strip()}
    for form, rows in (("csv", from_csv), ("xlsx", from_excel)):
        content = client.get(f"/api/issues.{form}", headers=AS).content
        heads, *table = rows(content)
        number, text, address = (heads.index(name) for name in ("工单编号", "诉求内容", "地址"))
        assert {row[number]: (row[text], row[address]) for row in table} == wanted
        again = taken_in(client, f"again.{form}", content)["committed"]
        empty = blank if form == "xlsx" else set()  # a workbook's cell of blanks alone is none
        assert set(again["conflicts"]) == empty
        assert (again["new"], again["same"]) == (0, len(wanted) - len(empty))


def test_what_is_reported_openly_is_told_openly_in_both_forms(client: TestClient) -> None:
    shown = "\n".join(text for text in STRINGS if not re.search(r"\d", text))  # numbers are veiled
    for part in (shown[n : n + 4000] for n in range(0, len(shown), 4000)):
        told = posted(client, description=part, first_name=part[:50])
        assert told["description"] == part
        xml = client.get(f"{V2}/requests/{told['service_request_id']}.xml").content
        assert from_xml(xml)[1] == as_text([told])
