"""The kinds of finding about points, polygons, coverages, datums and codes."""

from __future__ import annotations

from typing import Final

from geo.load.kinds import FindingKind

DEFECT_KINDS: Final[tuple[FindingKind, ...]] = ()
