"""Proposed grids: every grid in one piece, in band where that can be."""
