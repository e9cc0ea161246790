"""What the maps for others show of the store."""

from __future__ import annotations

import pytest

from api.mapping import Wanted, picture_of_store
from geo.errors import MapNeedsError, MissingError
from geo.store.database import Store, transaction
from geo.store.planning.comments import answer_thread, begin_thread, settle
from maps.report_page import report_page
from tests.store import toy
from tests.store.test_issues import at, received
from tests.store.test_plans import drawn, merged


def commented(store: Store, plan: int) -> tuple[list[str], list[str]]:
    """Two threads on a plan: a settled one, and one with an answer."""
    settled, open_ = ["这里有墙"], ["<b>走北门</b>", "=1+1 已核"]
    lon, lat = toy.WEST + 0.5 * toy.STEP, toy.SOUTH + 0.5 * toy.STEP
    with transaction(store.app, "planner") as conn:
        settle(conn, plan, begin_thread(conn, plan, settled[0], lon, lat), settled=True)
        answer_thread(conn, plan, open_[1], begin_thread(conn, plan, open_[0], lon, lat))
    return settled, open_


def test_each_map_of_the_store_shows_what_it_is_of(toy_store: Store) -> None:
    plan = drawn(toy_store, merged(1))
    received(toy_store, at(0.5, 0.5))
    settled, open_ = commented(toy_store, plan)
    wanted = (
        Wanted("plan", plan=plan),
        Wanted("balance", toy.SUBDISTRICT),
        Wanted("issues", toy.ONE),
        Wanted("net"),
        Wanted("coverage"),
    )
    with transaction(toy_store.owner, "tests") as conn:
        shown = {each.kind: picture_of_store(conn, each) for each in wanted}
    changed = shown["plan"].areas.set_index("code")["changed"]
    assert changed[[f"{toy.ONE}001", f"{toy.ONE}002"]].all()
    assert not changed[f"{toy.ONE}901"]
    said = [(each.is_settled, [one.text for one in each.said]) for each in shown["plan"].comments]
    assert said == [(False, open_), (True, settled)], "what is open stands first"
    assert shown["plan"].comments[0].grid == "甲社区第3网格"
    assert not shown["balance"].comments
    assert shown["balance"].figures[0] == ("report.grids", "9")
    assert shown["issues"].figures == [("report.issues-n", "1")]
    assert shown["issues"].areas.set_index("code").loc[toy.ONE, "issues"] == 1
    assert len(shown["net"].areas) == 9
    assert shown["coverage"].faults.empty
    assert all(report_page(picture) for picture in shown.values())


def test_a_map_of_what_is_not_there_is_refused(toy_store: Store) -> None:
    with transaction(toy_store.owner, "tests") as conn:
        with pytest.raises(MapNeedsError):
            picture_of_store(conn, Wanted("plan"))
        for wrong in (Wanted("net", "nowhere"), Wanted("net", net="none"), Wanted("plan", plan=9)):
            with pytest.raises(MissingError):
                picture_of_store(conn, wrong)
