"""A deterministic Chinese city whose layers are valid coverages by construction."""

from __future__ import annotations

from geo.city.building import City, build
from geo.city.oracle import Truth
from geo.city.sizes import SIZES
from geo.city.writing import write

__all__ = ["SIZES", "City", "Truth", "build", "write"]
