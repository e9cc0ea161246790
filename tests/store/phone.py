"""Phones and their links for tests: a server, tasks sent out, pages opened by a link."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from sqlalchemy import text

from api.acting import COOKIE
from api.links.giving import address
from geo.issues import Order
from geo.store.database import Store, transaction
from geo.store.working.links import link_to_day, link_to_task
from tests.photographed import exif, jpeg
from tests.store import toy
from tests.store.test_handling import LEADER, acted
from tests.store.test_issues import at, received

HOLDER: Final = LEADER
NAUGHTY: Final = "<img src=x onerror=alert(1)>井盖破损，夜间有人绊倒"
# Targets that a thumb would miss.
TOO_SMALL: Final = """() => [...document.querySelectorAll("button, a, input, select")]
    .filter(each => each.offsetParent && !each.disabled)
    .map(each => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
    .filter(([, box]) => box.height < 48 || box.width < 48)
    .map(([markup, box]) => `${markup} ${box.width} x ${box.height}`)"""
# How bright the page and its map are, 0 to 255: red of the body, and of a corner of the map.
BRIGHT: Final = """() => [
    Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]),
    document.querySelector(".land canvas").getContext("2d").getImageData(1, 1, 1, 1).data[0],
]"""
# Where the tip of the task's mark was drawn last, and how high the map was: [y, height] in px.
TIP: Final = """(() => {
    const pen = CanvasRenderingContext2D.prototype, curve = pen.bezierCurveTo;
    pen.bezierCurveTo = function (...to) {
        const { d, f } = this.getTransform();
        window.tip = [f / d, this.canvas.height / d];
        return curve.apply(this, to);
    };
})();"""
# Where the phone's own place was drawn last, on a map how large: [[x, y], [width, height]] in px.
SPOT: Final = """(() => {
    const pen = CanvasRenderingContext2D.prototype, arc = pen.arc;
    pen.arc = function (x, y, radius, ...angles) {
        const { a } = this.getTransform();
        if (radius === 6.5) window.spot = [[x, y], [this.canvas.width / a, this.canvas.height / a]];
        return arc.call(this, x, y, radius, ...angles);
    };
})();"""
APART: Final = """() => document.querySelector(".grid-name").getBoundingClientRect().right
    <= document.querySelector(".where").getBoundingClientRect().left"""
Site = tuple[TestClient, Store]


class Server(NamedTuple):
    """A running server on the toy city."""

    root: str
    store: Store
    app: Any


def sent(store: Store, mark: str) -> tuple[int, int]:
    """Return an issue sent to the leader of its grid, and its task."""
    issue = received(store, at(2.5, 0.5, mark)).id
    acted(store, "dispatcher", issue, Order(step="send"))
    with transaction(store.owner, "x") as conn:
        task = conn.execute(text("select id from task where issue = :i"), {"i": issue}).scalar_one()
    return issue, int(task)


def phone(client: TestClient) -> TestClient:
    """Return another device: the same server, no cookies of others."""
    return TestClient(client.app, client=("10.9.8.7", 5), follow_redirects=False)


def made(client: TestClient, task: int, who: str = "dispatcher") -> Any:
    return client.post(f"/api/tasks/{task}/links", headers={"cookie": f"{COOKIE}={who}"})


def opened(client: TestClient, url: str) -> TestClient:
    """Return the phone that opened a link, and was touched, first."""
    device = phone(client)
    answer = device.get(url.removeprefix("http://testserver"))
    assert answer.status_code == 303, answer.text
    clean = answer.headers["location"]
    assert device.get(clean).status_code == 200
    assert device.post(f"/api{clean}/device").status_code == 204
    return device


class Job(NamedTuple):
    """A task with its issue, and the address that opens it."""

    issue: int
    task: int
    url: str
    link: int


def job(
    server: Server, mark: str, words: str = NAUGHTY, *, place: tuple[float, float] = (2.5, 0.5)
) -> Job:
    issue = received(server.store, at(*place, mark, words)).id
    acted(server.store, "dispatcher", issue, Order(step="send"))
    with transaction(server.store.app, "dispatcher") as conn:
        asked = text("select id from task where issue = :i")
        task = int(conn.execute(asked, {"i": issue}).scalar_one())
        link = link_to_task(conn, task, datetime.now(UTC) + timedelta(hours=1))
    url = address(server.app.state.settings, server.root, link)
    return Job(issue, task, url, int(link["id"]))


def day_of(server: Server, party: str) -> str:
    """Return the address that opens a party's day."""
    with transaction(server.store.app, "dispatcher") as conn:
        today = conn.execute(text("select current_date")).scalar_one()
        link = link_to_day(conn, party, today, datetime.now(UTC) + timedelta(hours=1))
    return address(server.app.state.settings, server.root, link)


def shown(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("body[data-ready=phone]")
    return page


def happened(server: Server, issue: int) -> list[str]:
    with transaction(server.store.owner, "x") as conn:
        asked = text("select name from event where noun = 'issue' and subject = :i order by id")
        return [str(name) for name in conn.execute(asked, {"i": str(issue)}).scalars()]


def photograph(wide: int = 2000, tall: int = 1400) -> FilePayload:
    (there,) = toy.points((2.5, 0.5))
    noise = Image.effect_noise((wide // 8, tall // 8), 60).resize((wide, tall)).convert("RGB")
    held = io.BytesIO()
    noise.save(held, "JPEG", quality=92, exif=exif(there.x, there.y))
    return FilePayload(name="IMG.jpg", mimeType="image/jpeg", buffer=held.getvalue())


def small() -> FilePayload:
    return FilePayload(name="s.jpg", mimeType="image/jpeg", buffer=jpeg())


def waited(page: Page, holds: Callable[[], Any]) -> None:
    """Wait until something holds: a wait inside the page would need eval, which policy forbids."""
    for _ in range(1200):
        if holds():
            return
        page.wait_for_timeout(50)
    pytest.fail("what was waited for never came to hold")


def states(page: Page) -> list[tuple[str, str]]:
    """Return what waits and how it stands, all of one moment: the list is painted anew at any."""
    rows = page.evaluate("[...document.querySelectorAll('.queue li')].map(e => ({...e.dataset}))")
    return [(row["name"], row["state"]) for row in rows]


def sent_in(page: Page, count: int) -> None:
    expect(page.locator(".queue li[data-state=done]")).to_have_count(count)


def kept_for_later(page: Page) -> None:
    """Wait until the worker has the page: from then on it opens without a network."""
    held = "async () => !!(await caches.match(location.href, {ignoreSearch: true}))"
    waited(page, lambda: page.evaluate(held))


def closed_unheard(page: Page) -> None:
    """Close a page without a network: Chromium gives it one again before its scripts end."""
    page.evaluate("XMLHttpRequest.prototype.send = () => {}")
    page.close()
