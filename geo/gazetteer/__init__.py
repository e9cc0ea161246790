"""Addresses found in our own tables: candidates with scores, never a silent best guess."""

from geo.gazetteer.choosing import AddressRules, Candidate, area_meant, taken
from geo.gazetteer.index import Gazetteer
from geo.gazetteer.scoring import Part

__all__ = ["AddressRules", "Candidate", "Gazetteer", "Part", "area_meant", "taken"]
