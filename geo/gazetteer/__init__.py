"""Addresses found in our own tables: candidates with scores, never a silent best guess."""

from geo.gazetteer.index import AddressRules, Candidate, Gazetteer, taken
from geo.gazetteer.scoring import Part

__all__ = ["AddressRules", "Candidate", "Gazetteer", "Part", "taken"]
