"""A draft of grids, and the one function that answers an edit of it."""

from __future__ import annotations

from geo.edits.answering import answer, look
from geo.edits.answers import Answer, GridFigures, Offer
from geo.edits.draft import Draft
from geo.edits.keeping import Kept, kept, restored
from geo.edits.kinds import Edit, Lock, Merge, Move, Redo, Redraw, Special, Split, Undo, Unlock
from geo.edits.starting import begin

__all__ = [
    "Answer",
    "Draft",
    "Edit",
    "GridFigures",
    "Kept",
    "Lock",
    "Merge",
    "Move",
    "Offer",
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
