"""Nets of several departments merged into one (多网融合)."""

from __future__ import annotations

from geo.nets.merging import TOLERANCE_M, Facts, Merged, merge
from geo.nets.proposal import Kept, Priced, Watch
from geo.nets.tables import CONFLICT_COLUMNS, TABLE_COLUMNS

__all__ = [
    "CONFLICT_COLUMNS",
    "TABLE_COLUMNS",
    "TOLERANCE_M",
    "Facts",
    "Kept",
    "Merged",
    "Priced",
    "Watch",
    "merge",
]
