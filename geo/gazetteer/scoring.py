"""How well an address fits what it may name: a score, what agrees, what contradicts."""

from __future__ import annotations

from typing import Final, NamedTuple

from rapidfuzz.fuzz import ratio

from geo.gazetteer.parsing import LEVELS, Address
from geo.gazetteer.sites import Building, Site

# What each disagreement leaves of the score. Own figures, tried on the generator's medium city
# (benchmarks/gazetteer.py): with any contradiction a candidate stays below what is taken by itself.
_OTHER_DIVISION: Final = 0.5
_OTHER_NUMBER: Final = 0.6
_OTHER_NAME: Final = 0.7
_NAME_UNKNOWN: Final = 0.88  # a shop at a door that is known
_DOOR_UNKNOWN: Final = 0.85  # something of which no door is known
_OTHER_ROAD: Final = 0.85
_SEVERAL_ROADS: Final = 0.85
_NO_SUCH_BUILDING: Final = 0.8
_NO_BUILDINGS: Final = 0.9
_BLURRED: Final = 0.8
_FOREIGN: Final = 0.3
_VOUCHED: Final = 0.92  # a slip of the pen in one part, while another part by itself agrees
_SLIP: Final = 0.6
_ANY_ESTATE: Final = "小区"  # said of any estate, whether its name has it or not


class Part(NamedTuple):
    """One part of an address: which, as it was said, and as it is known ("" where it is not)."""

    part: str
    said: str
    known: str


class Fit(NamedTuple):
    """How well an address fits: 0 to 1, the parts that agree, and those that do not."""

    score: float
    matched: tuple[Part, ...]
    contradicted: tuple[Part, ...]


def fit(said: Address, site: Site, alike: float, *, sure: bool) -> tuple[Fit, tuple[Building, ...]]:
    """Return how well an address fits a site, and the buildings of it that the address names.

    Parameters
    ----------
    alike
        How alike the words are by which the site was found (1: the same).
    sure
        Whether the road's name is that of one road alone, where the address says it is.
    """
    buildings, found = _building(said, site)
    parts = [*_divisions(said, site), *_road(said, site, alike), *_name(said, site, alike), *found]
    score = 1.0
    for _, factor in parts:
        score *= factor
    against = [part for part, factor in parts if factor < _VOUCHED]
    for unsure, factor, part in (
        (said.blurred, _BLURRED, Part("near", "附近", "")),
        (bool(said.foreign), _FOREIGN, Part("city", said.foreign, "")),
        (not sure and not _has_name(said, site), _SEVERAL_ROADS, Part("several", said.road, "")),
    ):
        if unsure:
            score *= factor
            against.append(part)
    matched = tuple(part for part, factor in parts if factor >= _VOUCHED)
    return Fit(round(score, 4), matched, tuple(against)), buildings


def _divisions(said: Address, site: Site) -> list[tuple[Part, float]]:
    words = dict(zip(said.divisions, said.words, strict=True))
    return [
        (
            Part(level, words[level], site.path.get(level, "")),
            1.0 if site.path.get(level) in codes else _OTHER_DIVISION,
        )
        for level in LEVELS
        if (codes := said.divisions.get(level)) is not None
    ]


def _is_door(said: Address, site: Site) -> bool:
    """Tell whether road and number are the site's, or one of its doors."""
    door = (said.road, said.number)
    return bool(said.number) and (door == (site.road, site.number) or door in site.doors)


def _has_name(said: Address, site: Site) -> bool:
    """Tell whether the name said is the site's own, alone or before the label of a building."""
    name = next((name for name in site.names if said.name.startswith(name)), "")
    rest = said.name[len(name) :]
    return bool(name) and (rest in ("", _ANY_ESTATE) or _is_label(said, rest, site))


def _is_label(said: Address, words: str, site: Site) -> bool:
    """Tell whether words, alone or with the building's number, are a building's: 教学楼1."""
    return words in site.buildings or words + said.building in site.buildings


def _road(said: Address, site: Site, alike: float) -> list[tuple[Part, float]]:
    """Return how road and number agree."""
    if not said.road:
        return []
    road, number = Part("road", said.road, site.road), Part("number", said.number, site.number)
    if _is_door(said, site):
        return [(road, 1.0), (number, 1.0)]
    if site.kind == "lane":
        return [(road, alike)] + [(number, _OTHER_NUMBER)] * bool(said.number)
    roads = {site.road, *(road for road, _ in site.doors)} - {""}
    if said.road in roads:
        return [(road, 1.0)] + [(number, _OTHER_NUMBER)] * bool(said.number)
    return [(road, _other_road(said, site, alike) if roads else _DOOR_UNKNOWN)]


def _other_road(said: Address, site: Site, alike: float) -> float:
    """Return how a road agrees that is not the site's; name and number vouch for a slip in it."""
    vouched = said.number == site.number and _has_name(said, site) and alike >= _SLIP
    return _VOUCHED if vouched else min(alike, _OTHER_ROAD)


def _name(said: Address, site: Site, alike: float) -> list[tuple[Part, float]]:
    """Return how the name agrees; a slip in it is vouched for by road and number."""
    if not said.name or _is_label(said, said.name, site):
        return []
    if _has_name(said, site):
        return [(Part("name", said.name, said.name), 1.0)]
    door = _is_door(said, site)
    name = Part("name", said.name, site.names[0] if site.names else "")
    if not site.names:
        return [(name, _NAME_UNKNOWN if door else _OTHER_NAME)]
    near = _alike(said.name, site.names)
    if door:
        return [(name, _VOUCHED if near >= _SLIP else _OTHER_NAME)]
    return [(name, min(near, alike, _OTHER_ROAD))]


def _alike(name: str, names: tuple[str, ...]) -> float:
    return max(ratio(name, other) / 100.0 for other in names)


def _building(said: Address, site: Site) -> tuple[tuple[Building, ...], list[tuple[Part, float]]]:
    """Return the buildings named, and how that agrees with what the site has."""
    own = next((name for name in site.names if said.name.startswith(name)), "")
    labels = (said.building, said.name, said.name[len(own) :] + said.building)
    label = next((label for label in labels if label and label in site.buildings), "")
    if label:
        return site.buildings[label], [(Part("building", label, label), 1.0)]
    if not said.building:
        return (), []
    known = "" if not site.buildings else "、".join(sorted(site.buildings)[:5])
    factor = _NO_SUCH_BUILDING if site.buildings else _NO_BUILDINGS
    return (), [(Part("building", said.building, known), factor)]
