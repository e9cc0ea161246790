"""The board is ready once the list and the map are there, however long an answer takes."""

from __future__ import annotations

from playwright.sync_api import Route, expect

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
