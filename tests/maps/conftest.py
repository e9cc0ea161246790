"""The site of the toy city, and the tools for our own scripts."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from maps import assets
from tests.maps import toy
from tests.maps.server import Site, serve

KEPT = {"node_modules", "installed", "package.json", "package-lock.json"}  # of a workshop


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


@pytest.fixture(scope="session")
def workshop(front_end: Path) -> Path:
    """Sources, generated modules and the tools for developers, side by side."""
    assert front_end.exists()
    target = assets.ROOT / "build" / "web-dev"
    lock = (assets.ROOT / assets.WEB / "package-lock.json").read_bytes()
    mark, wanted = target / "installed", hashlib.sha256(lock).hexdigest()
    if not mark.exists() or mark.read_text() != wanted:
        assets.install(assets.ROOT, target)
        mark.write_text(wanted)
    for old in target.iterdir():
        if old.name not in KEPT:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(
        assets.ROOT / assets.WEB,
        target,
        ignore=shutil.ignore_patterns("package*"),
        dirs_exist_ok=True,
    )
    assets.write(assets.sources(), target)
    return target
