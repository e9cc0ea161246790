"""A resident's browser reports, follows and answers at the word of our own pages alone."""

from __future__ import annotations

from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import HERE
from tests.store.phone import Site
from tests.store.test_residents import PLACE, handled, own, sent

FOREIGN: Final[tuple[dict[str, str], ...]] = (
    {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    {"sec-fetch-site": "same-site", "origin": "https://other.example.cn"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
)


@pytest.fixture
def resident(site: Site) -> TestClient:
    """A browser that follows a report of its own, which is done."""
    client, store = site
    browser = TestClient(client.app, client=HERE, follow_redirects=False)
    assert sent(browser).status_code == 303
    handled(store, own(browser)["number"])
    return browser


def test_no_other_site_reports_follows_or_answers_for_a_resident(resident: TestClient) -> None:
    judged = {"solved": "true", "satisfied": "true"}
    asked: dict[str, Any] = {"/api/report": {"key": "k" * 24, "text": "x", **PLACE}}
    asked |= {"/report/follow": own(resident), "/report/mine/answer": judged}
    asked |= {"/report/mine/reopen": {"words": "x"}}
    for address, form in asked.items():
        for told in FOREIGN:
            refused = resident.post(address, data=form, headers=told)
            assert (refused.status_code, refused.json()["code"]) == (403, "OtherSite"), address
    # No link stands in these addresses; without a referrer a form would not say where it is from.
    for page in ("/report", "/report/mine"):
        assert resident.get(page).headers["referrer-policy"] == "same-origin"
    ours = {"origin": "http://testserver"}
    assert resident.post("/report/mine/answer", data=judged, headers=ours).status_code == 303
