"""The site of the toy city."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.maps.server import Site, serve


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
