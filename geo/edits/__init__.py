"""A draft of grids, and the one function that answers an edit of it."""

from __future__ import annotations

from geo.edits.answering import answer, look
from geo.edits.answers import Answer, GridFigures, Offer
from geo.edits.draft import Draft
from geo.edits.keeping import AnyKept, Kept, KeptCount, kept, restored
from geo.edits.kinds import (
    Edit,
    Lock,
    Merge,
    Move,
    Recount,
    Redo,
    Redraw,
    Special,
    Split,
    Undo,
    Unlock,
)
from geo.edits.starting import begin

__all__ = [
    "Answer",
    "AnyKept",
    "Draft",
    "Edit",
    "GridFigures",
    "Kept",
    "KeptCount",
    "Lock",
    "Merge",
    "Move",
    "Offer",
    "Recount",
    "Redo",
    "Redraw",
    "Special",
    "Split",
    "Undo",
    "Unlock",
    "answer",
    "begin",
    "kept",
    "look",
    "restored",
]
