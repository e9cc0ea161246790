"""Grids drawn anew: in band, in one piece, tiling each community, with a reason where not."""

from __future__ import annotations

from geo.redraw.drawing import redraw
from geo.redraw.numbers import REASONS, Reason
from geo.redraw.result import Redrawn
from geo.redraw.solving import EFFORTS, Effort, Quality

__all__ = ["EFFORTS", "REASONS", "Effort", "Quality", "Reason", "Redrawn", "redraw"]
