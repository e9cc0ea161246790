"""Many hand issues in at once: they share a commit, and nobody pays for a neighbour."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.intake_desk import IntakeDesk
from geo.errors import ConflictError
from geo.issues import Issue
from geo.store import imports
from geo.store.answers import rows_of
from geo.store.database import Store, transaction
from geo.store.incoming.intake import Receipt
from geo.store.incoming.joint_intake import Delivery, receive_together
from geo.store.planning import plans
from tests.store import toy
from tests.store.test_issues import at
from tests.store.test_plans import approved, merged

REPORT = {
    "source": "web", "reference": "W-1", "service": "lamp", "text": "路灯不亮", "datum": "wgs84",
    "lon": toy.WEST + 0.5 * toy.STEP, "lat": toy.SOUTH + 0.5 * toy.STEP,
}  # fmt: skip


@pytest.fixture
def store(toy_store: Store) -> Store:
    lamp = pd.DataFrame([("lamp", "路灯", True)], columns=["code", "name", "auto_send"])
    with transaction(toy_store.owner, "import") as conn:
        imports.commit_services(conn, lamp, imports.open_batch(conn, "toy"))
    return toy_store


def counted(store: Store, table: str) -> int:
    with transaction(store.owner, "audit") as conn:
        return int(conn.execute(text(f"select count(*) from {table}")).scalar_one())


def test_sixteen_deliveries_of_one_report_are_one_issue_with_one_answer(store: Store) -> None:
    with TestClient(create_app(store, person="dispatcher"), client=("127.0.0.1", 1)) as client:
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: client.post("/api/issues", json=REPORT), range(16)))
        other = client.post("/api/issues", json=REPORT | {"text": "另一件"})
    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert (other.status_code, other.json()["code"]) == (409, "Conflict")
    assert (counted(store, "issue"), counted(store, "task")) == (1, 1)


def test_each_acts_for_itself_and_fails_for_itself(store: Store) -> None:
    fine = at(0.5, 0.5, "1")
    deliveries = [
        Delivery("leader", fine),
        Delivery("stranger", replace(fine, text="other")),
        Delivery("", replace(fine, reference="2")),  # nobody acts: row-level security refuses
        Delivery("stranger", replace(fine, reference="3")),
        Delivery("leader", replace(fine, reference="4", service="lamp")),
    ]
    answers = receive_together(store.app, deliveries)
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds == ["Receipt", "ConflictError", "RowRefusedError", "Receipt", "Receipt"]
    with transaction(store.owner, "audit") as conn:
        asked = "select reference, received_by, state from issue order by reference"
        rows = [tuple(row) for row in rows_of(conn, text(asked)).itertuples(index=False)]
    assert rows == [("1", "leader", "new"), ("3", "stranger", "new"), ("4", "leader", "sent")]


def test_every_new_issue_has_one_grid_of_one_revision_while_grids_change(store: Store) -> None:
    desk = IntakeDesk(store)
    desk.ready()
    receipts: list[Receipt] = []
    for shape in (1, 2):
        plan = approved(store, merged(shape))
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(publish, store, plan)
            told = [desk.hand_in("leader", issue(len(receipts) + n)) for n in range(30)]
            done.result()
        told += [desk.hand_in("leader", issue(len(receipts) + n)) for n in range(30, 40)]
        receipts += [one.result() for one in told]
    with transaction(store.owner, "audit") as conn:
        owners = "select i.id from issue as i where (select count(*) from area as a"
        owners += " where a.net = 'grid' and a.code = i.grid and a.valid_from <= i.grid_revision"
        owners += " and (a.valid_to is null or a.valid_to > i.grid_revision)"
        owners += " and ST_Covers(a.geom, i.geom)) <> 1"
        lost = "select t.id from task as t where t.state = 'sent' and not exists (select from area"
        lost += " as a where a.net = 'grid' and a.code = t.area and a.valid_to is null"
        lost += " and ST_Covers(a.geom, (select geom from issue as i where i.id = t.issue)))"
        assert rows_of(conn, text(owners)).empty
        assert rows_of(conn, text(lost)).empty
    assert len({receipt.id for receipt in receipts}) == 80
    assert {receipt.grid_revision for receipt in receipts} == {1, 2, 3}


def publish(store: Store, plan: int) -> None:
    with transaction(store.app, "approver") as conn:
        plans.publish(conn, plan)


def issue(number: int) -> Issue:
    where = (0.7, 1.2) if number % 2 else (1.7, 1.7)
    return replace(at(*where, str(number)), service="lamp")


def test_what_nobody_foresaw_fails_alone(store: Store) -> None:
    desk = IntakeDesk(store)
    told = [desk.hand_in("leader", issue(n)) for n in range(5)]
    told.insert(3, desk.hand_in("leader", None))  # type: ignore[arg-type]
    told += [desk.hand_in("leader", issue(n)) for n in range(5, 10)]
    broken = told.pop(3)
    assert len({each.result(60).id for each in told}) == 10
    with pytest.raises(RuntimeError, match="writer"):
        broken.result(60)


def test_a_writer_that_breaks_leaves_nobody_waiting(store: Store) -> None:
    desk = IntakeDesk(store)
    broken = desk.hand_in("leader", None)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="writer"):
        broken.result(60)
    assert desk.hand_in("leader", at(0.5, 0.5, "2")).result(60).fresh
    with pytest.raises(ConflictError):
        desk.hand_in("leader", at(0.6, 0.5, "2")).result(60)
