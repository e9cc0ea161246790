"""The site of the toy city, and the tools for our own scripts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from maps import assets
from tests.judged import developer_tools
from tests.maps import toy
from tests.maps.server import Site, serve
from tests.plugins.browser import Watched


@pytest.fixture(scope="session")
def served(front_end: object) -> Iterator[Site]:
    """Pages and data of the toy city, served on this machine."""
    assert front_end
    with serve() as running:
        yield running


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    """The same server; what a test replaced is put back."""
    yield served
    served.replaced.clear()
    served.posted.clear()
    served.bodies.clear()
    served.stream, served.fresh, served.retry = b"", [], 600_000
    served.issues = toy.issues()["features"]


@pytest.fixture
def drawn(page: Watched, site: Site) -> Page:
    """The draft, freshly opened on the page that draws it."""
    site.drawing.begin_again()
    return page.open(f"{site.address}/plans/{toy.PLAN}/draw", ready="draw")


@pytest.fixture(scope="session")
def workshop(front_end: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sources, generated modules and the tools for developers, side by side.

    A folder of this worker's own: another is at work at the same time.
    """
    assert front_end.exists()
    target = tmp_path_factory.mktemp("web")
    shutil.copytree(assets.ROOT / assets.WEB, target, dirs_exist_ok=True)
    assets.write(assets.sources(), target)
    (target / "node_modules").symlink_to(developer_tools() / "node_modules")
    return target
