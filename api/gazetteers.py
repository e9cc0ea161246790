"""The gazetteer kept in memory, and issues placed by their addresses."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from threading import Lock
from typing import Any, Final, NamedTuple, TypeAlias

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.errors import JingweiError, MissingError
from geo.gazetteer import Candidate, Gazetteer, Part, area_meant, taken
from geo.issues import Issue
from geo.issues.policy import intake_policy
from geo.reference import AREA_KINDS
from geo.store.database import Connection, Store, transaction
from geo.store.net.gazetteer import Mark, address_of, gazetteer_mark, read_gazetteer

# Parts of an address in words, as the screens say them.
PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "city": ("市", "city"),
    "district": ("区县", "district"),
    "subdistrict": ("街道", "subdistrict"),
    "community": ("社区", "community"),
    "road": ("道路", "road"),
    "number": ("门牌号", "number"),
    "name": ("名称", "name"),
    "building": ("楼号", "building"),
    "near": ("方位", "where beside it"),
    "several": ("同名道路不止一条", "several roads of that name"),
}


class Gazetteers:
    """The gazetteer of one database, made anew when what it is made of has changed.

    It is a cache: positions it gives are located by the database, which owns what is in force.
    """

    def __init__(self) -> None:
        self._making = Lock()
        self._held: tuple[Mark, Gazetteer] | None = None

    def of(self, conn: Connection) -> Gazetteer:
        """Return the gazetteer of now; whoever comes first after a change waits for it."""
        mark = gazetteer_mark(conn)
        held = self._held
        if held is not None and held[0] == mark:
            return held[1]
        with self._making:
            held = self._held
            if held is None or held[0] != mark:
                held = self._held = (mark, read_gazetteer(conn))
                _keep_from_collections()
        return held[1]

    def ready(self, store: Store) -> None:
        """Make it now, so that the first addresses need not wait; later if that cannot be."""
        try:
            with transaction(store.app, _READER) as conn:
                self.of(conn)
        except JingweiError as error:
            _LOG.warning("%s", error.sentence_en)


def _keep_from_collections() -> None:
    """Let full collections of garbage pass over what was just made, and all else that is there.

    Of a million places they took 0.7 s of looking at objects that never change, and nobody was
    answered meanwhile. What is frozen is still freed when nothing refers to it.
    """
    gc.collect(_YOUNG)
    gc.freeze()


class Found(NamedTuple):
    """What an address may name, best first, and the one that may be taken by itself.

    `area` is the community or subdistrict it means, where it names nothing smaller.
    """

    candidates: tuple[Candidate, ...]
    taken: Candidate | None
    area: Candidate | None = None

    @property
    def how(self) -> dict[str, Any]:
        """What follows for an issue: a position, or the area that it lies in; nothing for none."""
        one = self.taken or self.area
        if one is None:
            return {}
        told = {"located_by": "address", "located_as": named(one), "located_score": one.score}
        return told | ({"lon": one.lon, "lat": one.lat} if self.taken else {})


_READER: Final = "intake"  # who reads names and points: anybody may
_LOG: Final = logging.getLogger("jingwei.gazetteer")
_HOW: Final = ("located_by", "located_as", "located_score")
_YOUNG: Final = 1  # generations below it hold what was made last
_CODE: Final = 128  # letters of a code

Known: TypeAlias = Callable[[Connection], Gazetteer]


def found_by(gazetteer: Gazetteer, address: str) -> Found:
    """Return what an address may name, by the policy of `intake.toml`."""
    rules = intake_policy().address
    candidates = gazetteer.search(address, rules)
    return Found(candidates, taken(candidates, rules), area_meant(candidates, rules))


def named(one: Candidate) -> str:
    """Return a candidate as an issue remembers it: its kind and code."""
    return f"{one.kind}:{one.code}"[:_CODE]


def needs_place(issue: Issue) -> bool:
    """Tell whether an issue has an address and no position."""
    return issue.lon is None and bool(issue.address.strip())


def placed(conn: Connection, issue: Issue, known: Known) -> tuple[Issue, Found | None]:
    """Return an issue without a position placed by its address, and what the address may name.

    Where no candidate stands out it stays without, and goes to the unclaimed queue with its
    candidates; one that has a position, or no address, is as it was.
    """
    if not needs_place(issue):
        return issue, None
    found = found_by(known(conn), issue.address)
    return replace(issue, **found.how), found


def told(found: Found) -> dict[str, Any]:
    """Return what an address may name as JSON takes it."""
    one, area = found.taken, found.area
    return {
        "taken": None if one is None else one.code,
        "area": None if area is None else {"as": named(area), "title": area.title},
        "candidates": [_candidate(candidate) for candidate in found.candidates],
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    plain = asdict(one) | {"as": f"{one.kind}:{one.code}"}
    return plain | {
        "matched": [_part(part) for part in one.matched],
        "contradicted": [_part(part) for part in one.contradicted],
    }


def _part(part: Part) -> dict[str, str]:
    zh, en = PARTS[part.part]
    return {**part._asdict(), "zh": zh, "en": en}


def contradictions(one: Candidate) -> str:
    """Return what contradicts a candidate, in words."""
    said = [
        f"{PARTS[part.part][0]} {part.said}" + (f" ≠ {part.known}" if part.known else "")
        for part in one.contradicted
    ]
    return "；".join(said)


def placed_rows(conn: Connection, rows: pd.DataFrame, known: Known) -> gpd.GeoDataFrame:
    """Return issues of a file, those without a position placed by their addresses as `placed` does.

    Each distinct address is asked once.
    """
    nowhere = pd.Series(None, index=rows.index, dtype="object")
    points = rows.get("geometry", nowhere)
    addresses = rows.get("address", nowhere).fillna("")
    lacking = points.isna() & (addresses.str.strip() != "")
    if not lacking.any():
        return rows
    gazetteer = known(conn)
    found = {address: found_by(gazetteer, address).how for address in addresses[lacking].unique()}
    ones = addresses[lacking].map(found)
    ones = ones[ones.map(bool)]
    kept = points.astype("object")
    kept[ones.index] = [
        shapely.Point(one["lon"], one["lat"]) if "lon" in one else None for one in ones
    ]
    told = rows.assign(
        **{name: ones.map(lambda one, name=name: one[name]) for name in _HOW},
    )
    return gpd.GeoDataFrame(told.drop(columns="geometry", errors="ignore"), geometry=list(kept),
                            crs=WGS84)  # fmt: skip


def spot_of(conn: Connection, issue: int, candidate: str, known: Known) -> dict[str, Any]:
    """Return where a candidate of an issue's address is, as an order says it.

    Raises
    ------
    MissingError
        When the issue is not there to see, or its address names no such candidate.
    """
    address = address_of(conn, issue)
    for one in found_by(known(conn), address).candidates:
        if named(one) == candidate[:_CODE]:
            where = (
                {"area": one.code} if one.kind in AREA_KINDS else {"lon": one.lon, "lat": one.lat}
            )
            return {**where, "located_as": named(one), "located_score": one.score}
    raise MissingError(noun="candidate", noun_zh="候选", key=candidate[:_CODE])
