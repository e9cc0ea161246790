"""A real Chromium for benchmarks of pages: what a step took, by the clock and of the processor."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run")
SIZE: Final = {"width": 1440, "height": 900}


class Step(NamedTuple):
    """What one step of a page took: seconds by the clock; of the page's process; of its scripts."""

    clock: float
    process: float
    script: float


class Watch:
    """A page, and the time it has taken so far."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._told: CDPSession = page.context.new_cdp_session(page)
        self._told.send("Performance.enable")

    def spent(self) -> tuple[float, float]:
        """Return the processor seconds of the page's process, and the seconds of its scripts."""
        told = {
            one["name"]: one["value"]
            for one in self._told.send("Performance.getMetrics")["metrics"]
        }
        return float(told["ProcessTime"]), float(told["ScriptDuration"])

    def step(self, action: str, argument: object = None) -> Step:
        """Return what an asynchronous function of the page took, which answers milliseconds."""
        process, script = self.spent()
        clock = float(self.page.evaluate(action, argument))
        after, scripts = self.spent()
        return Step(clock / 1000, after - process, scripts - script)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser; that of JINGWEI_CHROMIUM, or the first that is found."""
    found = (path for name in PROGRAMS if (path := shutil.which(name)))
    path = os.environ.get("JINGWEI_CHROMIUM") or next(found, None)
    with sync_playwright() as tool:
        started = tool.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@contextmanager
def page_of(browser: Browser) -> Iterator[Watch]:
    """Give a page that has kept nothing yet, at desktop size."""
    context = browser.new_context(viewport=SIZE, locale="zh-CN")  # type: ignore[arg-type]
    yield Watch(context.new_page())
    context.close()


def told(what: str, steps: list[Step], goal_ms: int | None = None) -> None:
    """Print the median and the worst of steps alike, and what they should take."""
    clock, process, script = (np.array(column) * 1000 for column in zip(*steps, strict=True))
    goal = f" (goal {goal_ms})" if goal_ms else ""
    print(
        f"{what:<34}{np.median(clock):7.0f} ms{goal} (worst {clock.max():.0f}), processor"
        f" {np.median(process):.0f} ms, scripts {np.median(script):.0f} ms, of {len(steps)}"
    )
