"""The grid that owns a point."""

from geo.lookup.index import GridIndex

__all__ = ["GridIndex"]
