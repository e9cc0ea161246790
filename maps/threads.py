"""Comments on places of a plan, as maps and sheets for others show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Said(NamedTuple):
    """What somebody said: `at` is a moment of the city as people write it."""

    text: str
    name: str
    at: str


class Thread(NamedTuple):
    """What was said about a place (EPSG:4326) of a plan, and answered; `grid` is the one there."""

    lon: float
    lat: float
    grid: str
    is_settled: bool
    said: Sequence[Said]
