"""The board opens: list and map however long an answer takes, a card with what may be done."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.maps import toy, toy_entry
from tests.maps.server import Site
from tests.plugins.browser import Watched

SETTLED_MS = 400  # by then a map that moved has asked again: longer makes the test no weaker


def test_a_slow_view_of_the_map_is_waited_for_and_not_asked_for_twice(
    page: Watched, site: Site
) -> None:
    shown, held = page.page, list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    shown.route("**/api/board/cells?*", hold)
    page.open(f"{site.address}/issues")
    expect(shown.locator(".work").first).to_be_visible()
    shown.wait_for_timeout(SETTLED_MS)
    assert len(held) == 1
    assert shown.get_attribute("body", "data-ready") is None, "the map has no marks yet"
    held[0].continue_()
    shown.wait_for_selector("body[data-ready=board]")
    shown.unroute("**/api/board/cells?*")
    with shown.expect_response("**/api/board/cells?*"):
        shown.get_by_role("button", name="缩小").click()


def test_an_address_with_an_issue_opens_its_card(page: Watched, site: Site) -> None:
    fact = toy.issues()["features"][4]["properties"]
    shown = page.open(f"{site.address}/issues?issue={fact['id']}", ready="board")
    expect(shown.locator("#card .number")).to_have_text(fact["number"])


def test_what_the_rules_would_send_to_one_may_be_sent_to_another(page: Watched, site: Site) -> None:
    facts = (feature["properties"] for feature in toy.issues()["features"])
    new = next(fact for fact in facts if fact["state"] == "new")
    case = {**toy_entry.case(new["id"]), "state": "new"}
    send: dict[str, object] = {
        "step": "send",
        "task": None,
        "zh": "派单",
        "en": "send",
        "needs": [],
    }
    close = send | {"step": "answer", "zh": "直接答复", "needs": ["result"]}
    site.replaced[f"/api/issues/{new['id']}"] = (200, {**case, "steps": [send, close]})
    site.replaced[f"/api/issues/{new['id']}/steps"] = (200, {**case, "state": "closed"})
    found = [{"code": "D1", "name": "区城管局", "kind": "department", "above": None}]
    site.replaced["/api/parties"] = (200, found)
    shown = page.open(f"{site.address}/issues?issue={new['id']}", ready="board")
    expect(shown.locator(".deeds button").last).to_have_text("派给别人")
    shown.locator(".deeds [data-step=send]").click()
    shown.fill("#step-party", "城管")
    shown.locator("[role=option]").first.click()
    shown.locator("form.deed button.main").click()
    expect(shown.locator(".card-foot > button.main")).to_have_count(0)
    assert site.bodies[-1] == {"step": "send", "task": None, "party": "D1"}
