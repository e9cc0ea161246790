"""Open311 GeoReport v2, asked as its clients and validators ask, on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from api.answer_words import answers_told
from geo.issues import Order
from geo.store.database import Store, transaction
from geo.store.public import answers_of
from geo.store.working.handling import act
from geo.store.working.photos import photos_of
from tests.api.georeport import (
    ATTRIBUTE,
    HERE_IT_IS,
    JSON,
    SERVICE,
    TRIAL,
    V2,
    XML,
    demand,
    demand_request,
    from_xml,
    posted,
    read,
    refused,
)
from tests.photographed import jpeg


def test_discovery_names_two_endpoints_that_are_there(client: TestClient) -> None:
    told = read(client, "/open311/discovery")
    assert told.keys() == {"changeset", "contact", "key_service", "endpoints"}
    assert told["contact"]
    assert told["key_service"]
    assert [endpoint["type"] for endpoint in told["endpoints"]] == ["production", "test"]
    for endpoint in told["endpoints"]:
        assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert endpoint["formats"] == ["text/xml", "application/json"]
        assert datetime.fromisoformat(endpoint["changeset"]) < datetime.now(UTC)
        assert read(client, f"{endpoint['url']}/services")
    assert client.get(f"{V2}/discovery.json").json() == told


def test_services_are_the_public_leaves_and_their_forms_are_defined(client: TestClient) -> None:
    services = read(client, f"{V2}/services")
    assert [(s["service_code"], s["metadata"], s["group"]) for s in services] == [
        ("lamp", True, "道路"),
        ("pit", False, "道路"),
    ]
    for service in services:
        demand(service, SERVICE)
        defined = read(client, f"{V2}/services/{service['service_code']}")
        assert defined["service_code"] == service["service_code"]
        assert bool(defined["attributes"]) is service["metadata"]
        for order, attribute in enumerate(defined["attributes"], start=1):
            demand({k: v for k, v in attribute.items() if k != "values"}, ATTRIBUTE)
            assert ("values" in attribute) is attribute["datatype"].endswith("list")
            assert attribute["order"] == order
    for unknown in ("tip", "road", "nothing"):
        assert read(client, f"{V2}/services/{unknown}")[0]["code"] == 404


def test_a_request_is_received_read_back_and_assigned(client: TestClient, city: Store) -> None:
    told = posted(client, description="坑 \r\n]]>\x01<b>😀 ال", media_url="https://x.cn/a.jpg")
    demand_request(told)
    assert told["description"] == "坑 \r\n]]>\x01<b>😀 ال"
    assert (told["lat"], told["long"], told["status"]) == (36.605, 117.005, "open")
    assert (told["media_url"], told["address"]) == ("https://x.cn/a.jpg", "甲社区, 龙洞街道")
    number = told["service_request_id"]
    xml = client.get(f"{V2}/requests/{number}.xml")
    assert from_xml(xml.content)[1][0]["description"] == "坑 \r\n]]>�<b>😀 ال"
    assert read(client, f"{V2}/tokens/{number}") == [
        {"service_request_id": number, "token": number}
    ]
    assert read(client, f"{V2}/tokens/nothing")[0]["code"] == 404
    with transaction(city.app, "dispatcher") as conn:
        act(conn, int(number), Order(step="send"))
        act(conn, int(number), Order(step="cancel", reason="张三的电话 13805310000"))
    after = client.get(f"{V2}/requests/{number}.json")
    demand_request(after.json()[0])
    assert after.json()[0]["status"] == "closed"
    assert "张三" not in after.text


def test_who_reports_is_a_key_and_nothing_of_it_comes_out(client: TestClient, city: Store) -> None:
    person = {
        "phone": "138-0531-0000",
        "email": "zhang@x.cn",
        "first_name": "三",
        "account_id": "u",
    }
    told = posted(
        client,
        **person,
        description="电话 13805310000，身份证 37010219900101123X，zhang@x.cn",
        address_string="解放路 12 号 3 号楼 2 单元 501 室",
    )
    assert told["description"] == "电话 ***，身份证 ***，***"
    assert told["address"] == "解放路 12 号 3 号楼 ***"
    with transaction(city.owner, "x") as conn:
        row = conn.exec_driver_sql(
            "select reporter, text, received_by from issue order by id desc limit 1"
        ).one()
    assert len(row[0]) == 32
    assert row[1].startswith("电话 13805310000")  # kept byte for byte for whoever handles it
    assert row[2] == "open311"


def test_an_address_or_its_number_gives_the_place(client: TestClient) -> None:
    nowhere = {"lat": "", "long": ""}
    by_number = posted(client, **nowhere, address_id="B1")
    by_words = posted(client, **nowhere, address_string="龙洞街道甲社区解放路12号")
    for told in (by_number, by_words):
        assert (told["lat"], told["long"]) == pytest.approx((36.605, 117.005))
    assert by_number["address"] == "历下区龙洞街道甲社区 解放路 12 号"
    unplaced = posted(client, **nowhere, address_string="不知道的地方")
    assert unplaced["lat"] is None
    xml = client.get(f"{V2}/requests/{unplaced['service_request_id']}.xml").text
    assert not any(f"<{name}" in xml for name in ("lat", "long", "expected_datetime"))
    assert "<zipcode/>" in xml


def test_answers_are_held_against_the_form_and_kept(client: TestClient, city: Store) -> None:
    lamp = {**HERE_IT_IS, "service_code": "lamp"}
    assert "extent" in refused(client, lamp)[0]
    wrong = {"attribute[extent]": "9", "attribute[deep]": "x", "attribute[since]": "y",
             "attribute[careful]": "ok", "attribute[other]": "1"}  # fmt: skip
    assert len(refused(client, {**lamp, **wrong})) == 5
    told = posted(
        client,
        service_code="lamp",
        **{"attribute[extent]": "2", "attribute[danger][]": ["a", "b"], "attribute[deep]": "-1.5",
           "attribute[since]": "2026-11-26T08:00:00Z", "attribute[careful]": ""},
    )  # fmt: skip
    number = told["service_request_id"]
    with transaction(city.owner, "x") as conn:
        assert answers_of(conn, int(number)) == {
            "danger": ["a", "b"],
            "deep": ["-1.5"],
            "extent": ["2"],
            "since": ["2026-11-26T08:00:00Z"],
        }
        shown = answers_told(conn, int(number))
    assert [(row["question"], row["answers"]) for row in shown[:2]] == [
        ("extent", ["几盏"]),
        ("danger", ["车", "人"]),
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "service_code"),
        ({"service_code": "pit"}, "lat, long"),
        ({"service_code": "pit", "lat": "36.6"}, "lat, long"),
        ({"service_code": "pit", "lat": "", "long": "", "address_string": " "}, "lat, long"),
        ({**HERE_IT_IS, "lat": "117.0", "long": "36.6"}, "lat"),
        ({**HERE_IT_IS, "lat": "nan"}, "lat"),
        ({**HERE_IT_IS, "long": "1e9999"}, "long"),
        ({**HERE_IT_IS, "long": "1_1"}, "long"),
        ({**HERE_IT_IS, "description": "坑" * 4001}, "description"),
        ({**HERE_IT_IS, "description": "\0"}, "text"),
        ({**HERE_IT_IS, "media_url": "javascript:alert(1)"}, "media_url"),
        ({"service_code": "pit", "address_id": "none"}, "address_id"),
    ],
)
def test_what_cannot_be_received_is_a_400_with_a_sentence(
    client: TestClient, fields: dict[str, str], field: str
) -> None:
    assert field in refused(client, fields)[0]


def test_an_unknown_service_or_resource_is_a_404(client: TestClient) -> None:
    assert refused(client, {**HERE_IT_IS, "service_code": "tip"}, 404)
    for path in ("nothing", "requests/999999999999999999", "requests/x", "services/"):
        assert client.get(f"{V2}/{path}.xml").status_code == 404
    for path in ("services.", "services.yaml", "requests..xml", ".xml"):
        assert client.get(f"{V2}/{path}").headers["content-type"] == XML
    assert client.get("/open311/nothing.json").headers["content-type"] == JSON


def test_without_an_ending_xml_is_answered_unless_json_alone_is_accepted(
    client: TestClient,
) -> None:
    for accept, media in (("*/*", XML), ("application/json", JSON), ("text/html", XML)):
        answer = client.get(f"{V2}/services", headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)


def test_other_bodies_methods_and_sizes_are_refused_in_the_same_form(client: TestClient) -> None:
    path = f"{V2}/requests.xml"
    answers = {
        400: client.post(path, json={"service_code": "pit"}),
        405: client.delete(path),
    }
    form = {"content-type": "application/x-www-form-urlencoded"}
    answers[401] = client.post(path, content=b"description=%ff", headers=form)
    large = client.post(path, content=b"x" * 22_100_000, headers=form)
    for status, answer in answers.items():
        assert answer.status_code == (400 if status == 401 else status)
        assert from_xml(answer.content)[0] == "errors"
    assert (large.status_code, from_xml(large.content)[1][0]["code"]) == (400, "413")
    assert client.head(path).status_code == 200


def test_a_service_is_known_by_its_name_too_where_one_bears_it(client: TestClient) -> None:
    place = {"lat": "36.605", "long": "117.005"}
    for said in ({"service_name": "坑洼"}, {"service_code": "坑洼"}, {"service_code": "道路/坑洼"}):
        (receipt,) = client.post(f"{V2}/requests.json", data={**place, **said}).json()
        told = read(client, f"{V2}/requests/{receipt['service_request_id']}")[0]
        assert (told["service_code"], told["service_name"]) == ("pit", "坑洼")
    assert read(client, f"{V2}/services/路灯")["service_code"] == "lamp"
    assert "没有的" in refused(client, {**place, "service_name": "没有的"}, 404)[0]


def test_a_form_in_parts_brings_photos_that_who_handles_it_sees(
    client: TestClient, city: Store
) -> None:
    path, parts = f"{V2}/requests.json", {**HERE_IT_IS, "description": "café 坑"}
    sent = client.post(path, data=parts, files={"media": ("a.jpg", jpeg(), "image/jpeg")})
    (receipt,) = sent.json()
    with transaction(city.owner, "x") as conn:
        kept = photos_of(conn, int(receipt["service_request_id"]))
    assert kept["stage"].tolist() == ["before"]
    told = read(client, f"{V2}/requests/{receipt['service_request_id']}")[0]
    assert (told["description"], told["media_url"]) == ("café 坑", None)
    for files in ({"media": ("a.jpg", b"no photo")}, {"description": (None, b"\xb5\xc6")}):
        for base in (V2, TRIAL):
            answer = client.post(f"{base}/requests.json", data=HERE_IT_IS, files=files)
            assert (answer.status_code, answer.headers["content-type"]) == (400, JSON), answer.text


def test_requests_are_filtered_as_the_standard_says(client: TestClient) -> None:
    mine = [posted(client, description=f"第 {n} 件")["service_request_id"] for n in range(3)]
    path = f"{V2}/requests"
    assert [r["service_request_id"] for r in read(client, f"{path}?page_size=2")] == mine[:0:-1]
    second = read(client, f"{path}?page_size=2&page=2")
    assert second[0]["service_request_id"] == mine[0]
    posted(client, service_code="lamp", **{"attribute[extent]": "1"})
    asked = f"{path}?service_request_id={mine[0]},{mine[1]},7x&status=closed&service_code=lamp"
    assert {r["service_request_id"] for r in read(client, asked)} == set(mine[:2])
    assert {r["status"] for r in read(client, f"{path}?status=closed")} <= {"closed"}
    everything = read(client, f"{path}?status=&service_code=&start_date=&jurisdiction_id=")
    assert everything == read(client, path) == read(client, f"{path}?status=open,closed")
    assert {r["service_code"] for r in read(client, f"{path}?service_code=lamp,none")} == {"lamp"}
    assert read(client, f"{path}?service_code=none") == []
    now = datetime.now(UTC)
    long_ago, soon = now - timedelta(days=80), now + timedelta(days=1)
    day = f"{path}?start_date={long_ago:%Y-%m-%dT%H:%M:%SZ}&end_date={soon:%Y-%m-%dT%H:%M:%SZ}"
    assert read(client, day) == everything
    assert read(client, f"{path}?end_date={long_ago:%Y-%m-%dT%H:%M:%S+00:00}") == []
    assert read(client, f"{path}?start_date=2010-01-01") == []


@pytest.mark.parametrize(
    "asked",
    [
        "start_date=x",
        "start_date=2026-13-01",
        "start_date=0001-01-01T00:00:00Z",
        "start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z",
        "start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z",
        "status=done",
        "page=0",
        "page_size=1001",
        "page_size=-1",
        "service_request_id=" + ",".join(["1"] * 1001),
        "service_code=%00",
    ],
)
def test_a_question_that_cannot_be_answered_is_a_400(client: TestClient, asked: str) -> None:
    assert read(client, f"{V2}/requests?{asked}")[0]["code"] == 400


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@settings(max_examples=25, deadline=None)
@given(text=TEXTS)
def test_any_text_makes_well_formed_xml_and_comes_back_in_json(
    client: TestClient, text: str
) -> None:
    told = posted(client, TRIAL, description=text, address_string="路" + text)
    number = told["service_request_id"]
    assert from_xml(client.get(f"{TRIAL}/requests/{number}.xml").content)[0] == "service_requests"
    if "***" not in (told["description"] or ""):
        assert told["description"] == (text or None)
