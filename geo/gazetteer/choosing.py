"""Which candidate of an address may be taken by itself: one that stands out, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from geo.gazetteer.scoring import Part
from geo.gazetteer.sites import METRES_A_DEGREE
from geo.reference import AREA_KINDS

SAME_SPOT: Final = 50.0  # metres: two entries of one place
_PRECISE: Final = ("building", "door", "estate", "grid", "corner")


class AddressRules(NamedTuple):
    """From which score, and how far above the next one, a candidate is taken by itself.

    Below `shown` one is not listed; at most `most` are. What spreads further than `precise` metres
    from its middle is no position.
    """

    accept: float
    lead: float
    shown: float
    most: float
    precise: float


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What an address may name: degrees in EPSG:4326, score from 0 to 1, spread in metres."""

    kind: str
    code: str
    title: str
    lon: float
    lat: float
    spread: float
    score: float
    matched: tuple[Part, ...]
    contradicted: tuple[Part, ...]


def taken(candidates: Sequence[Candidate], rules: AddressRules) -> Candidate | None:
    """Return the candidate that may be taken by itself: one that stands out; never the likeliest.

    It has the score, nothing contradicts it, it is a spot and not a street or a community, and what
    lies elsewhere scores clearly less.
    """
    if not candidates:
        return None
    first = candidates[0]
    others = [
        c for c in candidates[1:] if metres((c.lon, c.lat), (first.lon, first.lat)) > SAME_SPOT
    ]
    precise = first.kind in _PRECISE and first.spread <= rules.precise
    return first if precise and _stands_out(first, others, rules) else None


def area_meant(candidates: Sequence[Candidate], rules: AddressRules) -> Candidate | None:
    """Return the community or subdistrict that an address names, where it names nothing smaller.

    That is no position; whoever answers for the area finds out where in it.
    """
    if not candidates or candidates[0].kind not in AREA_KINDS:
        return None
    return candidates[0] if _stands_out(candidates[0], candidates[1:], rules) else None


def _stands_out(first: Candidate, others: Sequence[Candidate], rules: AddressRules) -> bool:
    ahead = not others or first.score - others[0].score >= rules.lead
    return first.score >= rules.accept and not first.contradicted and ahead


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far two points (degrees) near each other are apart."""
    scale = np.cos(np.radians((one[1] + other[1]) / 2))
    east, north = (one[0] - other[0]) * scale, one[1] - other[1]
    return float(np.hypot(east, north) * METRES_A_DEGREE)
