"""Generated cities, made once a session: they are frozen, so tests may share them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from geo.city import City


@pytest.fixture(scope="session")
def small_city() -> City:
    """One subdistrict: 5 communities, about 1,450 buildings."""
    from geo.city import build  # noqa: PLC0415 plugins load before coverage starts to count

    return build("small", 1)


@pytest.fixture(scope="session")
def medium_city() -> City:
    """One district: 13 subdistricts, 139 communities, 28,000 buildings."""
    from geo.city import build  # noqa: PLC0415 plugins load before coverage starts to count

    return build("medium", 2)
