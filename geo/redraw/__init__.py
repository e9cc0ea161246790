"""Grids drawn anew: in band, in one piece, tiling each community, with a reason where not."""

from __future__ import annotations

from geo.redraw.drawing import Search, draw, draw_rows, redraw, warm
from geo.redraw.efforts import EFFORTS, Effort, Quality
from geo.redraw.jit import is_ready
from geo.redraw.numbers import REASONS, Reason
from geo.redraw.result import Redrawn, Report

__all__ = [
    "EFFORTS",
    "REASONS",
    "Effort",
    "Quality",
    "Reason",
    "Redrawn",
    "Report",
    "Search",
    "draw",
    "draw_rows",
    "is_ready",
    "redraw",
    "warm",
]
