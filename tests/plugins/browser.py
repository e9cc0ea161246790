"""Real Chromium for the tests of pages: no request may leave the page's own origin.

`page` is a fresh browser page. When the test ends it fails if the page asked any other server for
something, or if the console held an error; `quiet` lists the errors a test expects.

`JINGWEI_TEST_SLOW=6` makes the browser's processor six times slower and lets every answer wait a
while, each another while: what fails then waits for a state that also held before its step.
`JINGWEI_TEST_PICTURES=1` keeps pictures of the screens in `tests/screenshots`, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from bootstrap import machine
from maps import assets
from tests.memory import passing_folder

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
PICTURES = os.environ.get("JINGWEI_TEST_PICTURES") == "1"
DESKTOP = (1440, 900)
PHONE = (390, 844)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOW = float(os.environ.get("JINGWEI_TEST_SLOW", "1"))  # how many times slower than it is
LATENCY = 0.1 * (SLOW - 1)  # s that an answer waits at most: each another while
PATIENCE = max(60_000, 20_000 * SLOW)  # ms, on a machine that others use as well
# Where a place [lon, lat] is on the screen.
PIXEL = """([lon, lat]) => {
  const map = window[JSON.parse(document.getElementById('config').textContent).map];
  const box = map.getContainer().getBoundingClientRect();
  const at = map.latLngToContainerPoint([lat, lon]);
  return [at.x + box.left, at.y + box.top];
}"""


class Watched:
    """A page with the log of what it asked for and what its console said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.quiet: tuple[str, ...] = ()  # parts of console errors this test expects
        page.on("request", self._note_request)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, address: str, *, ready: str | None = None) -> Page:
        """Go there; `ready` is what the page writes on its body once its data is shown."""
        self.page.goto(address)
        if ready:
            self.page.wait_for_selector(f"body[data-ready={ready}]")
        return self.page

    def shoot(self, name: str, size: tuple[int, int] = DESKTOP) -> None:
        """Show the page at this size, and keep a picture of it where pictures are wanted."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        pictured(self.page, f"{name}-{size[0]}x{size[1]}")

    def outside(self) -> list[str]:
        """Requests that left the origin of the first address."""
        if not self.requests:
            return []
        own = _origin(self.requests[0])
        return [url for url in self.requests if not _held(url) and _origin(url) != own]

    def unexpected(self) -> list[str]:
        """Console errors the test did not expect."""
        return [said for said in self.errors if not any(part in said for part in self.quiet)]

    def _note_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)


@pytest.fixture(scope="session")
def front_end() -> Path:
    """The built front-end, as the packaging hook leaves it."""
    return assets.build()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    path = machine.browser()
    if path is None:
        pytest.fail("Chromium was not found: run `make setup` or set JINGWEI_CHROMIUM.")
    expect.set_options(timeout=PATIENCE)
    with passing_folder() as folder, pytest.MonkeyPatch.context() as around:
        around.setenv("TMPDIR", str(folder))
        with sync_playwright() as tool:
            around.undo()
            started = tool.chromium.launch(executable_path=path, args=FLAGS)
            yield started
            started.close()


@pytest.fixture
def page(browser: Browser, front_end: Path) -> Iterator[Watched]:
    """A fresh page at desktop size, watched until the test ends."""
    assert front_end.exists()
    with _watched(browser, DESKTOP) as watched:
        yield watched


@pytest.fixture
def phone(browser: Browser, front_end: Path) -> Iterator[Watched]:
    """A fresh page at phone size, watched until the test ends."""
    assert front_end.exists()
    with _watched(browser, PHONE) as watched:
        yield watched


def pictured(page: Page, name: str) -> None:
    """Keep a picture of what is seen, where pictures are wanted."""
    if PICTURES:
        page.wait_for_timeout(150)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")


def slowed(context: BrowserContext) -> BrowserContext:
    """The context; its pages are as slow as the run asks for."""
    context.set_default_timeout(PATIENCE)
    if SLOW > 1:
        context.on("page", _slow)
    return context


def _slow(page: Page) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW})


@contextmanager
def _watched(browser: Browser, size: tuple[int, int]) -> Iterator[Watched]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    watched = Watched(slowed(context).new_page())
    yield watched
    outside, errors = watched.outside(), watched.unexpected()
    context.close()
    assert not outside, f"requests left the server: {outside}"
    assert not errors, f"the console held errors: {errors}"


def _held(url: str) -> bool:
    return urlsplit(url).scheme in ("data", "blob", "about")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
