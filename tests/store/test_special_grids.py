"""A special grid cut out of a draft: kept, taken back, left alone by a redraw, put in force."""

from __future__ import annotations

from typing import Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from geo.store.database import Store, transaction
from geo.store.net.areas import read_areas
from geo.store.planning import plans
from tests.api.conftest import HERE
from tests.store import toy
from tests.store.test_list_keeping import CATALOGUE
from tests.store.test_plan_edits import A, B, Editor
from tests.store.test_plans import drawn, grids

SPECIAL = f"{toy.ONE}902"  # 901 is in force
SCHOOL = "<b>实验小学</b>"


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def client(store: Store) -> TestClient:
    return TestClient(create_app(store, person="planner"), client=HERE)


def placed(editor: Editor) -> dict[str, int]:
    """Atoms of each grid, as a server that has just started tells them."""
    told = editor.client.get(f"/api/plans/{editor.plan}/draft").json()
    return {grid["code"]: grid["atoms"] for grid in told["grids"]}


def test_a_special_grid_outlives_the_process_is_undone_redone_and_not_redrawn(store: Store) -> None:
    plan = drawn(store, toy.atoms())
    with client(store) as first:
        editor = Editor(first, plan)
        told = editor.done(kind="special", atoms=[f"{A}-0", f"{A}-1"], name=f" {SCHOOL} ")
        cut = {grid["code"]: (grid["name"], grid["special"]) for grid in told["grids"]}
        assert cut[SPECIAL] == (SCHOOL, True)
        assert not cut[A][1]
        wrongs: list[tuple[list[str], str]] = [
            ([f"{A}-2"], " "),
            ([f"{A}-2"], "x" * 101),
            ([], "x"),
            ([f"{A}-2"], "a\0b"),
        ]
        for atoms, name in wrongs:
            assert editor.send(kind="special", atoms=atoms, name=name).status_code == 422, name
        elsewhere = editor.send(kind="special", atoms=["nowhere"], name="x")
        assert elsewhere.json()["code"] == "UnknownAtom"
        editor.done(kind="undo")
        assert SPECIAL not in placed(editor)
    with client(store) as second:
        editor = Editor(second, plan)
        again = {grid["code"]: grid for grid in editor.done(kind="redo")["grids"]}
        assert (again[SPECIAL]["name"], again[SPECIAL]["special"]) == (SCHOOL, True)
        editor.done(kind="redraw", within=toy.ONE, seed=1)
        assert placed(editor)[SPECIAL] == 2
        editor.done(kind="move", atoms=[f"{A}-1"], grid=B)  # by hand it may change
        assert placed(editor)[SPECIAL] == 1
    with transaction(store.app, "planner") as conn:
        told = read_areas(conn, net="grid", plan=plan, scope=toy.ONE).set_index("code")
    assert told.loc[SPECIAL, ["name", "special", "rule"]].tolist() == [SCHOOL, True, "special"]


def test_a_special_grid_is_put_in_force_redrawn_by_a_fork_and_taken_back(store: Store) -> None:
    before, plan = grids(store), drawn(store, toy.atoms())
    with client(store) as browser:
        Editor(browser, plan).done(kind="special", atoms=[f"{A}-0"], name="小学")
    for person, step in (("planner", "submit"), ("checker", "check"), ("approver", "approve")):
        with transaction(store.app, person) as conn:
            plans.move(conn, plan, step)
    with transaction(store.app, "approver") as conn:
        done = plans.publish(conn, plan)
    assert (done.new, A in done.changed) == ((SPECIAL,), True)
    with transaction(store.app, "planner") as conn:
        now = read_areas(conn, net="grid", scope=toy.ONE).set_index("code")
        shown = read_areas(conn, net="grid", scope=toy.ONE, plan=plan)
    assert (now.loc[SPECIAL, "name"], bool(now.loc[SPECIAL, "special"])) == ("小学", True)
    assert shown["code"].tolist() == sorted(now.index), "each once"
    with client(store) as browser:
        fork = browser.post(f"/api/plans/{plan}/fork", json={}).json()["plan"]
        Editor(browser, fork).done(kind="move", atoms=[f"{A}-1"], grid=SPECIAL)
    for person, step in (("planner", "submit"), ("checker", "check"), ("approver", "approve")):
        with transaction(store.app, person) as conn:
            plans.move(conn, fork, step)
    with transaction(store.app, "approver") as conn:
        larger = plans.publish(conn, fork)
        assert set(larger.changed) == {A, SPECIAL}
        plans.rollback(conn, larger.revision)
        assert plans.rollback(conn, done.revision).gone == (SPECIAL,)
    assert grids(store).equals(before)


def in_force(store: Store, plan: int) -> plans.Published:
    for person, step in (("planner", "submit"), ("checker", "check"), ("approver", "approve")):
        with transaction(store.app, person) as conn:
            plans.move(conn, plan, step)
    with transaction(store.app, "approver") as conn:
        return plans.publish(conn, plan)


OWN: Final = text(
    "insert into duty (party, role, net, area, service, row_number)"
    " values ('power', 'department', 'grid', :grid, null, null),"
    " ('lamps', 'department', 'grid', :grid, 'lamp', 7),"
    " ('stranger', 'grid_worker', 'grid', :grid, null, null)"
)
HELD: Final = text(
    "select area, role, service, party, row_number from duty where net = 'grid' and"
    " (valid_to is null or valid_to > greatest(valid_from, current_date)) and area in (:one, :two)"
    " order by area, party"
)


def test_duties_go_on_with_a_special_grid_that_takes_its_ground_else_end_told_and_come_back(
    store: Store,
) -> None:
    other = f"{toy.ONE}903"
    with store.owner.begin() as conn:
        conn.exec_driver_sql(CATALOGUE)

    def held() -> list[tuple[object, ...]]:
        with transaction(store.owner, "audit") as conn:
            return [tuple(row) for row in conn.execute(HELD, {"one": SPECIAL, "two": other})]

    plan = drawn(store, toy.atoms())
    with client(store) as browser:
        Editor(browser, plan).done(kind="special", atoms=[f"{A}-0"], name="小学")
        first = in_force(store, plan)
        with store.owner.begin() as conn:
            conn.execute(OWN, {"grid": SPECIAL})
        began = held()
        assert [row[0] for row in began] == [SPECIAL] * 3
        fork = browser.post(f"/api/plans/{plan}/fork", json={}).json()["plan"]
        Editor(browser, fork).done(kind="special", atoms=[f"{A}-0"], name="中学")
        turned = in_force(store, fork)
        assert (turned.new, turned.gone, turned.ended) == ((other,), (SPECIAL,), ())
        assert held() == [(other, *row[1:]) for row in began]
        last = browser.post(f"/api/plans/{fork}/fork", json={}).json()["plan"]
        Editor(browser, last).done(kind="merge", grids=[A, other])
        over = in_force(store, last)
    assert (over.gone, A in over.changed, held()) == ((other,), True, [])
    assert [(each.area_name, each.party, each.service, each.row) for each in over.ended] == [
        ("中学", "power", None, None), ("中学", "stranger", None, None),
        ("中学", "lamps", "lamp", 7),
    ]  # fmt: skip
    for done, then in ((over, [(other, *row[1:]) for row in began]), (turned, began), (first, [])):
        with transaction(store.app, "approver") as conn:
            back = plans.rollback(conn, done.revision)
        assert held() == then
    assert [each.party for each in back.ended] == ["power", "stranger", "lamps"]
