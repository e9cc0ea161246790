"""Open311 asked by a public client over a socket, and held against what public validators want.

Sources: georeport (PyPI); the rules of github.com/octolabs/open311-validator (test311.py), which
knows no other offset than Z, and stops at an empty element of a service or of its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from georeport import GeoReport

from api.app import create_app
from api.settings import Door
from geo.store.database import Store
from tests.api.georeport import TRIAL, V2, posted
from tests.serving import served

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?")


@pytest.fixture(scope="module")
def address(client: TestClient, city: Store) -> Iterator[str]:
    """Where the toy city listens, with a request in it."""
    posted(client, description="路灯 <不亮> & 坑")
    with served(create_app(city, person="planner", door=Door())) as address:
        yield address


@pytest.mark.parametrize("base", [V2, TRIAL])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_public_client_reads_services_forms_and_requests(
    address: str, base: str, form: str
) -> None:
    asked = GeoReport(address + base, output_format=form)
    services = {service["service_code"]: service for service in asked.get_service_list()}
    assert services.keys() == {"lamp", "pit"}
    assert all(
        value not in ("", None) for service in services.values() for value in service.values()
    )
    questions = asked.get_service_definition("lamp")["attributes"]
    asked_for = questions["attribute"] if form == "xml" else questions
    assert all(
        question[name] for question in asked_for for name in ("code", "datatype_description")
    )
    found = asked.get_service_requests(service_code="pit", status="open")
    one = found if isinstance(found, dict) else found[0]
    assert one["description"] == "路灯 <不亮> & 坑"
    assert asked.get_service_request(one["service_request_id"])
    told = [value for name, value in one.items() if name.endswith("_datetime") and value]
    assert told
    assert all(_MOMENT.fullmatch(moment) for moment in told)
