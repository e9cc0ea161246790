"""Photos kept with issues over HTTP: once, beside their grid, for those alone who see the issue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.acting import COOKIE
from api.app import create_app
from api.settings import Settings
from geo.errors import StepRefusedError
from geo.issues import Order
from geo.store import events
from geo.store.database import Store, transaction
from tests.api.conftest import HERE
from tests.photographed import exif, jpeg
from tests.plugins.database import Databases
from tests.store import toy
from tests.store.test_handling import LEADER, acted
from tests.store.test_issues import at, received

(INSIDE,) = toy.points((2.5, 0.5))
(NORTH,) = toy.points((2.5, 1.25))  # a quarter of a cell north of the grid's edge
Client = tuple[TestClient, Store, Path]


@pytest.fixture(scope="module")
def asking(
    databases: Databases, toy_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    name, store = databases.make(toy_database)
    folder: Final = tmp_path_factory.mktemp("photos")
    app = create_app(store, person="dispatcher", chosen=Settings(folder))
    with TestClient(app, client=HERE) as client:
        yield client, store, folder
    store.close()
    databases.drop(name)


def sent(
    client: TestClient,
    number: int,
    data: bytes,
    stage: str = "before",
    who: str = LEADER,
    *,
    noun: str = "issues",
) -> Any:
    headers = {"cookie": f"{COOKIE}={who}", "content-type": "image/jpeg"}
    return client.post(f"/api/{noun}/{number}/photos?stage={stage}", content=data, headers=headers)


def photo(point: Any = INSIDE, shade: int = 90) -> bytes:
    return jpeg(exif=exif(point.x, point.y), shade=shade)


def test_a_photo_says_whether_it_was_taken_in_the_grid_and_is_on_the_card(asking: Client) -> None:
    client, store, folder = asking
    issue = received(store, at(2.5, 0.5, "p1")).id
    answer = sent(client, issue, photo())
    assert answer.status_code == 201
    told = answer.json()
    assert (told["finding"], told["away_m"], told["zh"]) == ("inside", 0.0, "照片在网格内")
    away = sent(client, issue, photo(NORTH), "after").json()
    assert away["finding"] == "away"
    assert away["away_m"] == pytest.approx(0.0025 * 110_960, rel=0.01)
    assert away["zh"] == f"照片距网格 {round(away['away_m'])} 米"
    assert sent(client, issue, jpeg(), "other").json()["zh"] == "照片无位置"
    card = client.get(f"/api/issues/{issue}").json()
    assert [each["stage"] for each in card["photos"]] == ["before", "after", "other"]
    assert client.get(f"/api/issues/{issue}/photos").json() == card["photos"]
    assert not [
        file
        for file in folder.rglob("*")
        if b"SECRET" in ((file.is_file() and file.read_bytes()) or b"")
    ]


def test_an_issue_that_lies_nowhere_has_no_grid_to_compare_with(asking: Client) -> None:
    client, store, _ = asking
    issue = received(store, at(9.0, 9.0, "p2")).id
    assert sent(client, issue, photo(), who="dispatcher").json()["finding"] == "no_grid"


def test_the_same_photo_twice_gets_the_same_answer_and_one_row(asking: Client) -> None:
    client, store, _ = asking
    issue = received(store, at(2.5, 0.5, "p3")).id
    first, second = (sent(client, issue, photo()).json() for _ in range(2))
    form = {"file": ("照片.jpg", photo(), "image/jpeg")}
    address = f"/api/issues/{issue}/photos?stage=before"
    third = client.post(address, files=form, headers={"cookie": f"{COOKIE}={LEADER}"}).json()
    assert first == second == third
    other = sent(client, issue, photo(), "after")
    assert (other.status_code, other.json()["code"]) == (409, "PhotoElsewhere")
    assert "作为“处置前”收到过，不能又作为“处置后”" in other.json()["zh"]
    with transaction(store.owner, "audit") as conn:
        assert events.history(conn, "issue", issue).name.tolist() == ["receive", "photo"]


def test_a_photo_is_shown_to_those_alone_who_see_its_issue(asking: Client) -> None:
    client, store, _ = asking
    issue = received(store, at(2.5, 0.5, "p4")).id
    told = sent(client, issue, photo(shade=91)).json()
    shown = client.get(told["href"], headers={"cookie": f"{COOKIE}={LEADER}"})
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"].startswith("private")
    assert shown.content.startswith(b"\xff\xd8")
    for who, status in (("stranger", 404), ("nobody", 403)):
        for address in (told["href"], f"/api/issues/{issue}/photos"):
            answer = client.get(address, headers={"cookie": f"{COOKIE}={who}"})
            assert answer.status_code == status
        assert sent(client, issue, photo(shade=92), who=who).status_code == status
    with store.app.connect() as conn:
        conn.execute(text("select set_config('jingwei.person', 'stranger', false)"))
        assert conn.execute(text("select count(*) from attachment")).scalar_one() == 0
        row = "insert into attachment (issue, stage, sha256, stored, kind, size, width, height,"
        row += " finding, made_by) values (:i, 'after', :d, :d, 'x', 1, 1, 1, 'inside', 'stranger')"
        with pytest.raises(DBAPIError, match="row-level security"):
            conn.execute(text(row), {"i": issue, "d": "0" * 64})


def errand(client: TestClient, kind: str = "errand", area: str = f"{toy.TWO}003") -> int:
    told = {"kind": kind, "party": LEADER, "area": area, "text": "代领养老金"}
    answer = client.post("/api/tasks", json=told)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_a_photo_of_an_errand_is_on_its_card_and_for_those_alone_who_read_it(
    asking: Client,
) -> None:
    client, store, _ = asking
    task, secret = errand(client), errand(client, "mediate")
    told = sent(client, task, photo(), noun="tasks").json()
    assert (told["finding"], told["away_m"]) == ("inside", 0.0)
    assert sent(client, task, photo(), noun="tasks").json() == told
    assert sent(client, task, photo(NORTH), "after", noun="tasks").json()["finding"] == "away"
    place = errand(client, area=toy.TWO)
    assert sent(client, place, photo(), noun="tasks").json()["zh"] == "没有网格可核对"
    card = client.get(f"/api/tasks/{task}").json()
    assert [each["stage"] for each in card["photos"]] == ["before", "after"]
    assert [each["zh"] for each in card["history"]] == ["派单", "上传照片", "上传照片"]
    hidden = sent(client, secret, photo(), noun="tasks").json()
    assert client.get(told["href"]).content.startswith(b"\xff\xd8")
    checker = {"cookie": f"{COOKIE}=checker"}
    assert client.get(told["href"], headers=checker).status_code == 200
    assert client.get(hidden["href"], headers=checker).status_code == 404
    for number in (task, secret):
        assert sent(client, number, photo(), who="stranger", noun="tasks").status_code == 404
    issue = received(store, at(2.5, 0.5, "p8")).id
    acted(store, "dispatcher", issue, Order(step="send"))
    with transaction(store.owner, "audit") as conn:
        asked = text("select id from task where issue = :i")
        of_issue = conn.execute(asked, {"i": issue}).scalar_one()
        named = text("select path from event where noun = 'task' and name = 'photo'"
                     " and subject = :task")  # fmt: skip
        assert conn.execute(named, {"task": str(secret)}).scalars().all() == [[]]
    assert sent(client, of_issue, photo(), noun="tasks").status_code == 404, "an issue's own"


def test_what_is_no_photo_is_refused_and_nothing_is_kept(asking: Client) -> None:
    client, store, _ = asking
    issue = received(store, at(2.5, 0.5, "p5")).id
    for data, status in ((b"<svg/>", 422), (b"", 422), (b"\0" * (22 * 2**20), 413)):
        assert sent(client, issue, data).status_code == status
    assert sent(client, issue, photo(), "sideways").status_code == 422
    empty = client.post(f"/api/issues/{issue}/photos?stage=before", files={}, data={"a": "b"})
    assert empty.status_code == 422
    for said in ("multipart/form-data", "multipart/form-data; boundary=x"):
        torn = {"cookie": f"{COOKIE}={LEADER}", "content-type": said}
        answer = client.post(f"/api/issues/{issue}/photos?stage=before", content=b"-", headers=torn)
        assert (answer.status_code, answer.json()["code"]) == (422, "BadPhoto")
    assert client.get(f"/api/issues/{issue}").json()["photos"] == []


def test_a_file_that_was_changed_on_the_disk_is_not_shown(asking: Client) -> None:
    client, store, folder = asking
    issue = received(store, at(2.5, 0.5, "p6")).id
    told = sent(client, issue, photo(shade=93)).json()
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"other")
    assert client.get(told["href"]).status_code == 404


def test_a_photo_of_the_result_lets_a_service_finish_that_wants_one(asking: Client) -> None:
    client, store, _ = asking
    with store.owner.begin() as conn:
        conn.execute(
            text("insert into service (code, name, needs_photo) values ('w', '井盖', true)")
        )
        issue_of = text("update issue set service = 'w' where id = :id")
        number = received(store, at(2.5, 0.5, "p7")).id
        conn.execute(issue_of, {"id": number})
    for who, step in (("dispatcher", "send"), (LEADER, "take")):
        acted(store, who, number, Order(step=step, party=LEADER if step == "send" else None))
    finish = Order(step="finish", result="已换")
    with pytest.raises(StepRefusedError, match="photo"):
        acted(store, LEADER, number, finish)
    sent(client, number, photo(shade=94), "after")
    assert acted(store, LEADER, number, finish).state == "done"
