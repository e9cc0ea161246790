"""A worker's day over HTTP: grids, doors, visits, what was found on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import geopandas as gpd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select, text

from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.schema.tables import ISSUE
from geo.store.working.alone import NewTask, new_task
from tests.photographed import jpeg
from tests.store import toy
from tests.store.phone import HOLDER, Site, made, opened, sent


@pytest.fixture(scope="module")
def day(site: Site) -> tuple[TestClient, str, Store]:
    """A phone that opened its holder's day, over a building of two stairs and two floors."""
    client, store = site
    places = [
        {"kind": "building", "code": "B1", "name": "文庙里 12 号楼", "units": 2, "floors": 2,
         "dwellings": 8, "households": 8},
        {"kind": "station", "code": "S1", "name": "微型消防站"},
        {"kind": "building", "code": "B2", "name": "教学楼", "class": "school"},
    ]  # fmt: skip
    here = toy.points((2.4, 0.4), (2.6, 0.6), (2.5, 0.7))
    with transaction(store.owner, "import") as conn:
        batch = imports.open_batch(conn, "places")
        frame = gpd.GeoDataFrame(places, geometry=here, crs="EPSG:4326")
        imports.commit_places(conn, frame, batch)
        today = conn.execute(text("select current_date")).scalar_one().isoformat()
    link = client.post(f"/api/parties/{HOLDER}/links", json={"day": today}).json()
    return opened(client, link["url"]), f"/api/phone/{link['id']}", store


def key(name: str) -> dict[str, str]:
    return {"idempotency-key": f"key-{name}-1"}


def test_a_day_shows_its_grids_with_buildings_and_key_places(
    day: tuple[TestClient, str, Store],
) -> None:
    device, root, _ = day
    (grid,) = device.get(f"{root}/grids").json()
    assert grid["code"] == f"{toy.TWO}003"
    assert [each["name"] for each in grid["buildings"]] == ["教学楼", "文庙里 12 号楼"]
    assert [each["name"] for each in grid["places"]] == ["微型消防站", "教学楼"], "as in its ledger"
    assert len(grid["ground"]["buildings"]) == 2


def test_what_is_found_at_a_door_is_a_visit_that_is_done_and_written_down_once(
    day: tuple[TestClient, str, Store],
) -> None:
    device, root, store = day
    chart = device.get(f"{root}/doors?building=B1").json()
    assert [door["number"] for door in chart["doors"]] == ["101", "102", "201", "202"] * 2
    assert chart["next"][0] == "B1-1-101"
    for found, door in (("nobody", "B1-1-101"), ("visited", "B1-1-102"), ("refused", "B1-2-202")):
        told = {"building": "B1", "door": door, "found": found, "note": "晚间再来"}
        for _ in range(2):
            answer = device.post(f"{root}/visits", json=told, headers=key(found))
            assert answer.status_code == 201, answer.text
    chart = answer.json()
    doors = {door["code"]: door["found"] for door in chart["doors"] if door["found"]}
    assert doors == {"B1-1-101": "nobody", "B1-1-102": "visited", "B1-2-202": "refused"}
    assert chart["next"][-1] == "B1-1-101"
    assert not {"B1-1-102", "B1-2-202"} & set(chart["next"])
    assert device.get(root).json()["tasks"] == [], "charts show them, not the list of what is to do"
    with transaction(store.owner, "x") as conn:
        asked = text("select state, party, text, result from task where kind = 'visit' order by id")
        rows = conn.execute(asked).all()
    assert len(rows) == 3
    assert rows[0] == ("closed", HOLDER, "走访 文庙里 12 号楼 1 单元 101", "无人；晚间再来")


def test_what_was_done_without_a_network_is_of_when_it_was_done(
    day: tuple[TestClient, str, Store],
) -> None:
    device, root, store = day
    now = datetime.now(UTC)
    early, ahead, never = (now + timedelta(hours=hours) for hours in (-3, 30, -24 * 30))
    for n, (door, found, noted) in enumerate((
        ("B1-2-101", "nobody", early), ("B1-2-102", "visited", ahead), ("B1-1-201", "let", never),
        ("B1-1-202", "visited", None), ("B1-1-202", "nobody", early),
    )):  # fmt: skip
        told = {"building": "B1", "door": door, "found": found}
        told |= {"noted_at": noted.isoformat()} if noted else {}
        answer = device.post(f"{root}/visits", json=told, headers=key(f"late-{n}"))
        assert answer.status_code == 201, answer.text
    chart = {door["code"]: door for door in answer.json()["doors"]}
    when = {code: datetime.fromisoformat(chart[code]["at"]) for code in chart if chart[code]["at"]}
    assert when["B1-2-101"] == early
    assert chart["B1-1-202"]["found"] == "visited", "what came later was found before"
    for door in ("B1-2-102", "B1-1-201"):
        assert timedelta() <= when[door] - now < timedelta(minutes=5), "a clock that cannot be"
    told = {"text": "路灯不亮", "address": "文庙里", "noted_at": early.isoformat()}
    issue = device.post(f"{root}/reports", json=told, headers=key("late")).json()["issue"]
    with transaction(store.owner, "x") as conn:
        asked = select(ISSUE.c.reported_at, ISSUE.c.received_at).where(ISSUE.c.id == issue)
        reported, received = conn.execute(asked).one()
    assert reported == early < received


def test_doors_of_other_buildings_and_what_is_none_are_refused(
    day: tuple[TestClient, str, Store], site: Site
) -> None:
    device, root, store = day
    assert device.get(f"{root}/doors?building=B9").status_code == 404
    told = {"building": "B1", "door": "B1-9-999", "found": "nobody"}
    assert device.post(f"{root}/visits", json=told, headers=key("none")).status_code == 404
    odd = {**told, "found": "dead"}
    assert device.post(f"{root}/visits", json=odd, headers=key("odd")).status_code == 422
    assert device.post(f"{root}/visits", json=told).status_code == 422, "a key is needed"
    _, task = sent(store, "one task")
    link = made(site[0], task).json()
    alone = opened(site[0], link["url"])
    for way in ("grids", "doors?building=B1"):
        assert alone.get(f"/api/phone/{link['id']}/{way}").json()["code"] == "NotOfLink"


def test_what_is_found_on_the_way_is_an_issue_with_its_accuracy_and_photo(
    day: tuple[TestClient, str, Store],
) -> None:
    device, root, store = day
    (there,) = toy.points((2.5, 0.5))
    told = {"text": "井盖松动", "lon": there.x, "lat": there.y, "accuracy_m": 12.5}
    first, again = (
        device.post(f"{root}/reports", json=told, headers=key("report")) for _ in range(2)
    )
    assert first.status_code == again.status_code == 201, again.text
    assert first.json() == again.json()
    way = f"{root}/reports/{first.json()['reference']}/photos?stage=before"
    kept = device.post(way, content=jpeg(), headers={"content-type": "image/jpeg"})
    assert kept.status_code == 201, kept.text
    strange = way.replace("key-report-1", "key-strange-1")
    kind = {"content-type": "image/jpeg"}
    assert device.post(strange, content=jpeg(), headers=kind).status_code == 404
    with transaction(store.owner, "x") as conn:
        asked = text("select source, accuracy_m, grid, received_by from issue where id = :i")
        row = conn.execute(asked, {"i": first.json()["issue"]}).one()
    assert row == ("patrol", 12.5, f"{toy.TWO}003", HOLDER)


@pytest.mark.parametrize(
    ("where", "status"),
    [
        ({"address": "哪里也不是 88 号"}, 201),
        ({"address": "哪里也不是 88 号", "lon": None, "lat": None, "accuracy_m": None}, 201),
        ({}, 422),
        ({"address": " "}, 422),
        ({"lon": 117.0}, 422),
        ({"address": "文庙里", "lon": 117.0}, 422),
        ({"address": "\x00", "lon": 117.0, "lat": 36.0}, 422),
        ({"address": "长" * 301}, 422),
    ],
)
def test_what_is_found_is_taken_in_with_a_position_or_an_address(
    day: tuple[TestClient, str, Store], where: dict[str, object], status: int
) -> None:
    device, root, _ = day
    name = f"where-{abs(hash(str(where)))}"
    told = {"text": "井盖松动", **where}
    first, again = (device.post(f"{root}/reports", json=told, headers=key(name)) for _ in "12")
    assert (first.status_code, again.status_code) == (status, status), first.text
    assert first.json() == again.json() or status != 201


def test_a_day_of_many_tasks_takes_as_many_questions_as_one_of_few_and_tells_each_alike(
    day: tuple[TestClient, str, Store],
) -> None:
    device, root, store = day
    asked: list[str] = []

    def note(*told: Any) -> None:
        asked.append(told[2])

    def more(mark: str) -> int:
        _, task = sent(store, f"day {mark}")
        with transaction(store.app, "dispatcher") as conn:
            new_task(conn, NewTask(kind="errand", party=HOLDER, area=toy.TWO, text=mark))
        kind = {"content-type": "image/jpeg"}
        way = f"{root}/tasks/{task}/photos?stage=before"
        kept = device.post(way, content=jpeg(), headers=kind)
        assert kept.status_code == 201, kept.text
        return len(told())

    def told() -> list[dict[str, Any]]:
        asked.clear()
        tasks: list[dict[str, Any]] = device.get(root).json()["tasks"]
        return tasks

    event.listen(store.app, "before_cursor_execute", note)
    try:
        few, questions = more("first"), len(asked)
        many = [more(mark) for mark in ("second", "third", "fourth")][-1]
        assert (many, len(asked)) == (few + 6, questions)
    finally:
        event.remove(store.app, "before_cursor_execute", note)
    (edge,) = toy.points((2.01, 0.5))
    for mark, *how in (("second", 400.0, None), ("third", None, "corner:甲街/乙街/117.01,36.005")):
        with transaction(store.owner, "x") as conn:  # how sure of its place each is, is its own
            change = ISSUE.update().where(ISSUE.c.reference == f"day {mark}")
            known = {"accuracy_m": how[0], "located_as": how[1], "geom": f"SRID=4326;{edge.wkt}"}
            conn.execute(change.values(known))
    tasks = told()
    assert sum(bool(each["near"]) for each in tasks) == 2
    assert sum(len(each["photos"]) for each in tasks) == 4
    assert tasks == [device.get(f"{root}/tasks/{each['task']}").json() for each in tasks]


def test_what_is_to_be_done_comes_first_and_says_where_it_would_be_reported_up_to(
    day: tuple[TestClient, str, Store],
) -> None:
    device, root, store = day
    for mark in "12":
        sent(store, f"turn {mark}")
    tasks = device.get(root).json()["tasks"]
    above = [each["above"] for each in tasks if each["issue"]]
    assert above[0] == {"kind": "subdistrict", "name": "龙洞街道"}, "no community dispatches here"
    assert above == above[:1] * len(above)
    step, seen = {"step": "return", "reason": "不归我"}, f'"{tasks[0]["version"]}"'
    way = f"{root}/tasks/{tasks[0]['task']}/steps"
    assert device.post(way, json=step, headers={"if-match": seen}).status_code == 200
    now = device.get(root).json()["tasks"]
    assert [each["task"] for each in now] == [each["task"] for each in (*tasks[1:], tasks[0])]
