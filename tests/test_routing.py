"""Whose an issue is, and why."""

from __future__ import annotations

from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from geo.routing import Holding, Spot, route

PATH: Final = ("3701", "370102", "370102001", "370102001003", "370102001003007", "lane:north")
AT: Final = Spot(PATH, None, "370102001")
PARK: Final = Spot((*PATH[:4], "370102001003901"), "370102001003901", "370102001")


def duty(
    party: str, role: str, area: str, service: str | None = None, *, lead: bool = True
) -> Holding:
    return Holding(party, role, area, service, lead)


def test_the_list_comes_first_on_the_smallest_area_and_says_who_assists() -> None:
    rows = [
        duty("district", "department", "370102", "lamp"),
        duty("post", "department", "370102001", "lamp"),
        duty("power", "department", "370102001", "lamp", lead=False),
        duty("wang", "grid_worker", PATH[4]),
    ]
    found = route(AT, ["lamp", "roads"], "grid_worker", rows)
    assert (found.party, found.assists, found.provisional) == ("post", ("power",), False)


def test_a_row_on_the_service_itself_comes_before_one_on_the_service_above_it() -> None:
    rows = [
        duty("roads", "department", "370102001", "roads"),
        duty("lamps", "department", "3701", "lamp"),
    ]
    assert route(AT, ["lamp", "roads"], "grid_worker", rows).party == "lamps"
    assert route(AT, ["kerb", "roads"], "grid_worker", rows).party == "roads"


def test_a_special_grids_own_unit_comes_before_the_role() -> None:
    rows = [
        duty("park", "department", "370102001003901"),
        duty("li", "grid_worker", "370102001003"),
    ]
    found = route(PARK, ["litter"], "grid_worker", rows)
    assert found.party == "park"
    assert [reason.rung for reason in found.reasons] == ["list", "special"]


def test_the_role_is_looked_for_from_the_smallest_area_up() -> None:
    above = duty("li", "grid_worker", "370102001003")
    leader = duty("wang", "grid_leader", PATH[4])
    assert route(AT, [], "grid_worker", [above]).party == "li"
    assert route(AT, [], "grid_worker", [above, leader]).party == "wang"
    lane = duty("zhao", "street_manager", "lane:north")
    assert route(AT, [], "street_manager", [above, leader, lane]).party == "zhao"


def test_what_nobody_owns_is_the_subdistricts_until_the_district_rules() -> None:
    found = route(AT, ["odd"], "grid_worker", [duty("desk", "dispatcher", "370102001")])
    assert (found.party, found.provisional) == ("desk", True)
    assert "兜底" in found.reasons[-1].zh
    assert "调度员 →" in found.reasons[-1].zh
    assert "dispatcher →" in found.reasons[-1].en
    nobody = route(AT, ["odd"], "grid_worker", [])
    assert (nobody.party, nobody.role, nobody.assists) == (None, None, ())


def test_a_row_that_cannot_be_evaluated_is_told_of_and_passed_by() -> None:
    two = [
        duty("lamps", "department", "370102001", "lamp")._replace(row=12, basis="职责规定第三条"),
        duty("power", "department", "370102001", "lamp")._replace(row=15),
        duty("district", "department", "370102", "lamp")._replace(row=3),
    ]
    found = route(AT, ["lamp"], "grid_worker", two)
    assert (found.party, found.attention) == ("district", True)
    assert found.reasons[0].faults == ("leads-clash",)
    assert "第 12 行" in found.reasons[0].zh
    assert "须处理" in found.reasons[0].zh
    ended = [two[0]._replace(fault="party-ended"), two[1]]
    assert route(AT, ["lamp"], "grid_worker", ended).party == "power"
    assert route(AT, ["lamp"], "grid_worker", ended).attention
    twice = [two[0], two[0]._replace(row=15)]
    assert not route(AT, ["lamp"], "grid_worker", twice).attention


def test_a_row_without_a_lead_or_a_place_is_told_of_before_the_next_rung() -> None:
    helper = duty("power", "department", "370102001", "lamp", lead=False)._replace(row=4)
    lost = duty("lamps", "department", "", "lamp")._replace(row=5, fault="area-unknown")
    wang = duty("wang", "grid_worker", PATH[4])
    found = route(AT, ["lamp"], "grid_worker", [helper, lost, wang])
    assert found.party == "wang"
    assert [(r.row, r.faults) for r in found.reasons] == [
        (4, ("lead-missing",)), (5, ("area-unknown",)), (None, ()), (None, ()),
    ]  # fmt: skip
    lead = duty("district", "department", "370102", "lamp")
    assert not route(AT, ["lamp"], "grid_worker", [lost, lead]).attention


roles = st.sampled_from(["grid_worker", "grid_leader", "department", "dispatcher"])
holdings = st.lists(
    st.builds(
        Holding,
        st.sampled_from("abcdef"),
        roles,
        st.sampled_from(PATH),
        st.sampled_from([None, "lamp", "roads"]),
        st.booleans(),
    ),
    max_size=12,
)


@given(holdings, st.sets(st.sampled_from("abcdef"), max_size=3))
def test_the_answer_holds_a_duty_there_is_not_complained_about_and_hangs_on_no_order(
    rows: list[Holding], against: set[str]
) -> None:
    found = route(AT, ["lamp", "roads"], "grid_worker", rows, against=against)
    assert found == route(AT, ["lamp", "roads"], "grid_worker", rows[::-1], against=against)
    assert found.party not in against
    assert not set(found.assists) & ({found.party} | against)
    if found.party is not None:
        assert any(h.party == found.party and h.role == found.role for h in rows)
        assert found.reasons[-1].party == found.party
