"""The site of the toy city."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.maps.server import Site, serve


@pytest.fixture
def site(front_end: object) -> Iterator[Site]:
    """Pages and data of the toy city, served on this machine."""
    assert front_end
    with serve() as running:
        yield running
