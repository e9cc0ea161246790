"""Open311: who may come in, what comes out to anybody, and what a trial leaves."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Door
from geo.errors import BadFormError
from geo.issues import Issue
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.working.issues import receive
from tests.api.conftest import HERE
from tests.api.georeport import HERE_IT_IS, TRIAL, V2, demand_request, posted, read


def test_only_public_issues_come_out_and_of_others_no_word(client: TestClient, city: Store) -> None:
    place: dict[str, Any] = {"service": "pit", "text": "秘密", "address": "秘密"}
    place |= {"lon": 117.0051234, "lat": 36.6}
    made: dict[int, str] = {}
    more: dict[str, Any]
    with transaction(city.owner, "open311") as conn:
        for source, more in (
            ("hotline", {}), ("patrol", {}), ("open311", {"confidential": True}),
            ("open311", {"service": "tip"}), ("patrol", {"service": "没有的"}),
        ):  # fmt: skip
            issue = Issue(source=source, reference=f"secret-{len(made)}", **{**place, **more})
            made[len(made)] = str(receive(conn, issue).id)
    shown = {r["service_request_id"]: r for r in read(client, f"{V2}/requests?page_size=1000")}
    assert shown.keys() & set(made.values()) == {made[1]}
    assert "秘密" not in json.dumps(list(shown.values()), ensure_ascii=False)
    assert shown[made[1]]["long"] == 117.005
    for number in (made[0], *list(made.values())[2:]):
        assert client.get(f"{V2}/requests/{number}.json").status_code == 404
        assert client.get(f"{V2}/tokens/{number}.json").status_code == 404


def test_a_trial_goes_the_whole_way_and_leaves_nothing(client: TestClient, city: Store) -> None:
    before = len(client.get(f"{V2}/requests.json").json())
    told = posted(client, TRIAL, description="试试")
    demand_request(told)
    number = told["service_request_id"]
    assert read(client, f"{TRIAL}/tokens/{number}")[0]["service_request_id"] == number
    assert read(client, f"{TRIAL}/requests")[0] == told
    assert read(client, f"{TRIAL}/requests?status=closed") == read(
        client, f"{V2}/requests?status=closed"
    )
    assert client.get(f"{V2}/requests/{number}.json").status_code == 404
    assert len(client.get(f"{V2}/requests.json").json()) == before
    with transaction(city.owner, "x") as conn:
        asked = "select count(*) from issue where text = '试试'"
        assert conn.exec_driver_sql(asked).scalar() == 0


def test_one_idempotency_key_is_one_request(client: TestClient) -> None:
    def sent(text: str) -> Any:
        fields = {**HERE_IT_IS, "description": text}
        return client.post(f"{V2}/requests.json", data=fields, headers={"idempotency-key": "k"})

    first, again, other = sent("同一件"), sent("同一件"), sent("另一件")
    assert first.json() == again.json()
    assert (other.status_code, other.json()[0]["code"]) == (400, 409)
    assert posted(client) != posted(client)


def opened(city: Store, door: Door, where: tuple[str, int] = HERE) -> TestClient:
    return TestClient(create_app(city, person="planner", door=door), client=where)


FAR = ("10.1.2.3", 4000)


def test_keys_are_demanded_where_they_are_set_and_from_elsewhere(city: Store) -> None:
    keyed = opened(city, Door(keys=frozenset({"k1", "钥匙"}), opening="public"), FAR)
    assert keyed.get(f"{V2}/services.json").status_code == 200
    for key, status in (("", 403), ("k2", 403), ("k1", 200), ("钥匙", 200)):
        answer = keyed.post(f"{V2}/requests.json", data={**HERE_IT_IS, "api_key": key})
        assert answer.status_code == status
    assert opened(city, Door(opening="public"), FAR).post(
        f"{V2}/requests.json", data=HERE_IT_IS
    ).status_code == 403  # fmt: skip
    named = Door(opening="public", url="https://open.jinan.gov.cn/x")
    there = {"host": "open.jinan.gov.cn"}
    assert opened(city, named, FAR).get(f"{V2}/services.xml", headers=there).status_code == 200
    assert opened(city, named, FAR).get("/api/plans", headers=there).status_code == 403
    assert opened(city, Door()).get(f"{V2}/services.xml", headers=there).status_code == 400
    local = opened(city, Door())
    elsewhere = {"origin": "https://evil.example"}
    answer = local.post(f"{V2}/requests.json", data=HERE_IT_IS, headers=elsewhere)
    assert answer.status_code == 403


def test_the_door_can_be_shut_and_is_local_by_itself(city: Store) -> None:
    assert opened(city, Door(opening="off")).get("/open311/discovery.json").status_code == 404
    assert opened(city, Door(), FAR).get(f"{V2}/services.json").status_code == 403
    proxied = {"x-forwarded-for": "10.1.2.3"}
    assert opened(city, Door()).get(f"{V2}/services.xml", headers=proxied).status_code == 403


def test_another_jurisdiction_is_not_found(city: Store) -> None:
    client = opened(city, Door(jurisdiction="jinan.gov.cn"))
    for told, status in (("", 200), ("jinan.gov.cn", 200), ("city.gov", 404)):
        asked = f"{V2}/services.json?jurisdiction_id={told}"
        assert client.get(asked).status_code == status
        sent = client.post(f"{V2}/requests.json", data={**HERE_IT_IS, "jurisdiction_id": told})
        assert sent.status_code == status


BAD_FORMS = (
    "{",
    '{"code": "a"}',
    '[{"code": "a", "datatype": "x"}]',
    '[{"code": "media_url"}]',
    '[{"code": "a"}, {"code": "a"}]',
    '[{"code": "a", "datatype": "singlevaluelist"}]',
)


def test_a_form_that_is_none_is_refused_at_import(city: Store) -> None:
    for form in (
        "{",
        '{"code": "a"}',
        '[{"code": "a", "datatype": "x"}]',
        '[{"code": "media_url"}]',
        '[{"code": "a"}, {"code": "a"}]',
        '[{"code": "a", "datatype": "singlevaluelist"}]',
    ):
        frame = pd.DataFrame({"code": ["z"], "name": ["z"], "form": [form]})
        with pytest.raises(BadFormError), transaction(city.owner, "import") as conn:
            imports.commit_services(conn, frame, imports.open_batch(conn, "services"))
