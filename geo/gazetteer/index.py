"""The gazetteer: candidates for an address, best first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process

from geo.gazetteer.choosing import SAME_SPOT, AddressRules, Candidate, metres
from geo.gazetteer.parsing import Address, parsed
from geo.gazetteer.scoring import Fit, Part, fit
from geo.gazetteer.sites import (
    Building,
    Site,
    area_sites,
    divisions,
    place_sites,
    road_lines,
    vocabulary,
)

Key = TypeVar("Key", str, tuple[str, str])

_ALIKE: Final = 60  # of 100: a slip of one letter in a name of three
_MOST_ALIKE: Final = 30
_MOST_SITES: Final = 200  # that one address is held against
_MEET: Final = 0.0003  # degrees: carriageways that end before they cross, some 30 m
_ONE_ROAD: Final = 0.002  # degrees: stretches of one road leave gaps no wider than some 400 m


class Gazetteer:
    """Names and points of a city, held so that an address finds what it may name.

    Built once for each revision of the areas; it never changes afterwards.

    Parameters
    ----------
    areas
        By the contract AREAS: divisions, estates, special grids, lanes, roads of the base map.
    places
        By the contract PLACES.
    history
        Codes and names that were replaced, as `geo.reference.code_history` returns them.

    >>> from geo.frames import AREAS, PLACES, conform
    >>> line = shapely.LineString([(117, 36), (117.01, 36)])
    >>> street = conform(gpd.GeoDataFrame({"net": ["lane"], "kind": ["lane"], "code": ["l"],
    ...     "name": ["青石巷"], "geometry": [line]}), AREAS)
    >>> house = conform(gpd.GeoDataFrame({"kind": ["building"], "code": ["b"], "name": ["3号楼"],
    ...     "address": ["青石巷5号富强悦府3号楼"], "geometry": [shapely.Point(117, 36)]}), PLACES)
    >>> rules = AddressRules(accept=0.9, lead=0.1, shown=0.45, most=8, precise=200)
    >>> found = Gazetteer(street, house).search("青石巷５号富强悦府三栋２单元", rules)
    >>> found[0].kind, found[0].code, found[0].score
    ('building', 'b', 1.0)
    """

    def __init__(
        self,
        areas: gpd.GeoDataFrame,
        places: gpd.GeoDataFrame,
        history: pd.DataFrame | None = None,
    ) -> None:
        admin = areas[areas["net"] == "admin"]
        self._here = divisions(admin)
        self._lines = road_lines(areas[areas["kind"].isin(["lane", "road"])])
        past = history if history is not None else pd.DataFrame(columns=["new_code"])
        words = vocabulary(admin, self._lines, past)
        drawn = area_sites(areas, self._here, words)
        estates = {site.code: site.title for site in drawn if site.kind == "estate"}
        doors = place_sites(places, estates, self._here, words)
        roads = words.roads | {site.road for site in doors if len(site.road) > 1}
        self._words = words._replace(roads=frozenset(roads))
        self._sites = [*_with_buildings(drawn, doors), *doors]
        self._found = _found_by(self._sites)

    def __len__(self) -> int:
        """Return how many sites there are."""
        return len(self._sites)

    def search(self, text: str, rules: AddressRules) -> tuple[Candidate, ...]:
        """Return what an address may name, best first; none where nothing is like it.

        Where no words fit well, those that are only alike are tried too.
        """
        said = parsed(text, self._words)
        found = self._candidates(said, wide=False)
        if not any(one.score >= rules.accept for one in found):
            found += self._candidates(said, wide=True)
        best: dict[tuple[str, str], Candidate] = {}
        for one in sorted(found, key=lambda c: -c.score):
            if one.score >= rules.shown:
                best.setdefault((one.kind, one.code), one)
        return _ranked(best.values())[: int(rules.most)]

    def _candidates(self, said: Address, *, wide: bool) -> list[Candidate]:
        if said.corner is not None:
            return self._corners(said, wide=wide)
        sure = self._is_one_road(said)
        return [
            one
            for k, alike in self._likely(said, wide=wide).items()
            for one in _fitting(said, self._sites[k], alike, sure=sure)
        ]

    def _likely(self, said: Address, *, wide: bool) -> dict[int, float]:
        """Return the sites that may be meant → how alike the words are they were found by."""
        by = self._found
        likely: dict[int, float] = {}
        roads = self._roads(said.road, wide=wide)
        for road, alike in roads if said.number else ():
            _note(likely, by.doors.get((road, said.number), ()), alike)
        for name, alike in self._names(said, wide=wide):
            _note(likely, by.names.get(name, ()), alike)
        if not (said.number or likely):
            for road, alike in roads:
                _note(likely, by.names.get(road, ()), alike)
        if not said.road:
            _note(likely, self._in_division(said), 1.0)
        return likely

    def _in_division(self, said: Address) -> Sequence[int]:
        """Return the sites that are named by their division alone, and the division itself."""
        lowest = list(said.divisions.values())[-1:]
        return [
            k
            for codes in lowest
            for code in sorted(codes)
            for k in self._found.divisions.get(code, ())
        ]

    def _is_one_road(self, said: Address) -> bool:
        """Tell whether a road's name, in the divisions that are named, is that of one road alone.

        Where it is not, a number that we know on one of them may be another's that we do not know.
        """
        lines = self._lines.get(said.road)
        if lines is None or {"subdistrict", "community"} & set(said.divisions):
            return True
        parts = shapely.get_parts(lines)
        stretches = shapely.union_all(shapely.buffer(parts, _ONE_ROAD))
        return len(shapely.get_parts(stretches)) == 1

    def _roads(self, road: str, *, wide: bool) -> list[tuple[str, float]]:
        if not road:
            return []
        return _similar(road, self._found.roads) if wide else [(road, 1.0)]

    def _names(self, said: Address, *, wide: bool) -> list[tuple[str, float]]:
        """Return names of sites: the one said, or what it begins with; or those like it."""
        name, known = said.name, self._found.names
        if len(name) < 2:  # noqa: PLR2004 one letter names nothing
            return []
        if wide:
            return _similar(name, self._found.named)
        return [(name[:end], 1.0) for end in range(len(name), 1, -1) if name[:end] in known][:1]

    def _corners(self, said: Address, *, wide: bool) -> list[Candidate]:
        """Return where two roads meet."""
        first, second = said.corner or ("", "")
        return [
            self._corner(said, (one, other), spot, like_one * like_other)
            for one, like_one in self._roads(first, wide=wide)
            for other, like_other in self._roads(second, wide=wide)
            for spot in self._meeting(one, other)
        ]

    def _corner(
        self, said: Address, roads: tuple[str, str], spot: tuple[float, float], alike: float
    ) -> Candidate:
        community = self._here.at(np.array([spot[0]]), np.array([spot[1]]))[0]
        title = f"{self._here.names.get(community, '')} {roads[0]}与{roads[1]}路口".strip()
        site = Site(
            kind="corner", code=f"{roads[0]}/{roads[1]}/{spot[0]:.5f},{spot[1]:.5f}", title=title,
            lon=spot[0], lat=spot[1], path=self._here.paths.get(community, {}),
        )  # fmt: skip
        where = Address(divisions=said.divisions, words=said.words, blurred=said.blurred)
        how, _ = fit(where, site, 1.0, sure=True)
        names = zip(said.corner or (), roads, strict=True)
        parts = tuple(Part("road", word, name) for word, name in names)
        same = alike == 1.0
        agree = how._replace(
            score=round(how.score * alike, 4),
            matched=how.matched + (parts if same else ()),
            contradicted=how.contradicted + (() if same else parts),
        )
        return _candidate(site, agree)

    def _meeting(self, one: str, other: str) -> list[tuple[float, float]]:
        """Return the points where two roads meet, those within some fifty metres once."""
        if one not in self._lines or other not in self._lines:
            return []
        first, second = self._lines[one], self._lines[other]
        shared = shapely.intersection(shapely.buffer(first, _MEET), second)
        parts = shapely.get_parts(shared)
        spots = [
            shapely.get_coordinates(shapely.centroid(part))[0]
            for part in parts
            if not part.is_empty
        ]
        kept: list[tuple[float, float]] = []
        for lon, lat in spots:
            if all(metres((lon, lat), there) > SAME_SPOT for there in kept):
                kept.append((float(lon), float(lat)))
        return kept


class _FoundBy(NamedTuple):
    """Numbers of sites by what finds them; and the words of each list, for what is only alike."""

    doors: Mapping[tuple[str, str], list[int]]
    names: Mapping[str, list[int]]
    divisions: Mapping[str, list[int]]
    roads: list[str]
    named: list[str]


def _found_by(sites: Sequence[Site]) -> _FoundBy:
    doors = _grouped(
        ((site.road, site.number), k) for k, site in enumerate(sites) if site.road and site.number
    )
    names = _grouped(
        (name, k)
        for k, site in enumerate(sites)
        if site.kind != "door" or not site.estate
        for name in site.names
    )
    inside = _grouped((where, k) for k, site in enumerate(sites) if (where := _division(site)))
    lanes = {name for site in sites if site.kind == "lane" for name in site.names}
    roads = sorted({road for road, _ in doors} | lanes)
    return _FoundBy(doors, names, inside, roads, sorted(names))


def _grouped(pairs: Iterable[tuple[Key, int]]) -> dict[Key, list[int]]:
    groups: dict[Key, list[int]] = defaultdict(list)
    for key, k in pairs:
        groups[key].append(k)
    return dict(groups)


def _division(site: Site) -> str:
    """Return the division by which alone a site is found: itself, or one whose houses it has."""
    if site.kind in ("district", "subdistrict", "community"):
        return site.code
    bare = site.kind == "door" and not (site.road or site.names)
    return site.path.get("community", "") if bare else ""


def _with_buildings(drawn: Sequence[Site], doors: Sequence[Site]) -> list[Site]:
    """Return the areas, each estate with its doors and the buildings at all of them."""
    own: dict[str, list[Site]] = defaultdict(list)
    for door in doors:
        own[door.estate].append(door)
    return [_gathered(site, own[site.code]) if site.kind == "estate" else site for site in drawn]


def _gathered(estate: Site, doors: Sequence[Site]) -> Site:
    held: dict[str, tuple[Building, ...]] = {}
    for door in doors:
        for label, buildings in door.buildings.items():
            held[label] = (*held.get(label, ()), *buildings)
    named = {(door.road, door.number) for door in (estate, *doors) if door.road and door.number}
    return replace(estate, buildings=held, doors=frozenset(named))


def _note(likely: dict[int, float], found: Iterable[int], alike: float) -> None:
    for k in list(found)[:_MOST_SITES]:
        likely[k] = max(alike, likely.get(k, 0.0))


def _similar(word: str, words: Sequence[str]) -> list[tuple[str, float]]:
    found = process.extract(word, words, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST_ALIKE)
    return [(name, score / 100.0) for name, score, _ in found]


def _fitting(said: Address, site: Site, alike: float, *, sure: bool) -> list[Candidate]:
    how, buildings = fit(said, site, alike, sure=sure)
    if not buildings:  # what has neither road nor name is no place by itself
        named = site.kind != "door" or site.road or site.names
        return [_candidate(site, how)] if named else []
    return [
        Candidate(
            kind="building", code=b.code, title=b.title, lon=float(b.lon), lat=float(b.lat),
            spread=0.0, score=how.score, matched=how.matched, contradicted=how.contradicted,
        )
        for b in buildings
    ]  # fmt: skip


def _candidate(site: Site, how: Fit) -> Candidate:
    return Candidate(
        kind=site.kind, code=site.code, title=site.title, lon=float(site.lon), lat=float(site.lat),
        spread=site.spread, score=how.score, matched=how.matched, contradicted=how.contradicted,
    )  # fmt: skip


def _ranked(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return candidates best first; of those alike in score the smallest thing first."""
    return tuple(sorted(found, key=lambda c: (-c.score, c.spread, c.kind, c.code)))
