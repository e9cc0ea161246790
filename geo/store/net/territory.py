"""The areas in force as one index in memory: where each of many points lies, asked at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from geo.assign import Territory
from geo.crs import WGS84, Degrees
from geo.issues.policy import intake_policy
from geo.lookup import GridIndex
from geo.store.locating import Located
from geo.store.net.areas import read_areas, read_grids_since
from geo.store.net.revisions import lock_net
from geo.store.schema.tables import AREA, NET

# Nets that say where a point lies, in the order in which they are locked.
NETS: Final = ("admin", "grid", "lane")
_LEVELS: Final = ("grid", "community", "subdistrict", "lane")
_PATHS: Final = select(AREA.c.net, AREA.c.code, AREA.c.path).where(
    AREA.c.net.in_(("admin", "grid")), AREA.c.valid_to.is_(None)
)
# Where another revision of these begins, all areas are read anew.
_ABOVE: Final = ("admin", "lane")
_POLYGONS: Final = ("Polygon", "MultiPolygon")
Paths: TypeAlias = Mapping[tuple[str, str], tuple[str, ...]]
_NOBODY: Final = pd.DataFrame({"party": [], "role": [], "area": []}, dtype="str")


def locked_revisions(conn: Connection) -> dict[str, int]:
    """Return the newest revision of each of `NETS`, none of which changes in this transaction."""
    return {net: lock_net(conn, net) for net in NETS}


def territory(conn: Connection) -> Territory:
    """Return the areas in force as an index: the twin of grid_of_point.sql, for many points.

    It holds no duties: who answers for a point is asked when a task is made. Lock the nets first
    (`locked_revisions`), or what it says may be old when it is written down.
    """
    admin = read_areas(conn, net="admin")
    subdistricts = owning(admin[admin["kind"] == "subdistrict"])
    communities = owning(admin[admin["kind"] == "community"])
    grids = owning(read_areas(conn, net="grid"))
    return Territory(
        grids=_under(grids, communities),
        communities=_under(communities, subdistricts),
        subdistricts=subdistricts,
        lanes=read_areas(conn, net="lane"),
        duties=_NOBODY,
        lane_within=intake_policy().lanes.most,
    )


def owning(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas that can own a point: lines and points cannot."""
    return areas[areas.geom_type.isin(_POLYGONS)]


def _under(areas: gpd.GeoDataFrame, above: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas, with a parent only where that is one of those above."""
    return areas.assign(parent=areas["parent"].where(areas["parent"].isin(above["code"])))


@dataclass(frozen=True)
class InForce:
    """The areas in force at the newest revisions of the nets, kept in memory to be asked again.

    `paths` are those of areas of the admin and the grid net, by net and code.
    """

    numbers: Mapping[str, int]
    territory: Territory
    paths: Paths

    def located(self, lon: Sequence[float | None], lat: Sequence[float | None]) -> list[Located]:
        """Return where points lie, as `geo.store.locating.located` says of each."""
        x, y = np.array(lon, np.float64), np.array(lat, np.float64)
        known = self.territory
        grids = self._index.locate(x, y).tolist()
        communities = _filled(
            [self._communities.get(g) for g in grids], known.community_index, x, y
        )
        subdistricts = _filled(
            [self._subdistricts.get(c) for c in communities], known.subdistrict_index, x, y
        )
        lanes = known.lane_index.codes(x, y, subdistricts)
        rows = zip(grids, communities, subdistricts, lanes, strict=True)
        return [Located(g, c, s, n, self._path(g, c, s, n)) for g, c, s, n in rows]

    @cached_property
    def special(self) -> frozenset[str]:
        """Codes of the special grids."""
        grids = self.territory.grids
        return frozenset(grids["code"][grids["special"]].astype(object))

    @cached_property
    def places(self) -> frozenset[str]:
        """All codes that the path of a point may have."""
        lanes = (f"lane:{code}" for code in self.territory.lanes["code"])
        return frozenset().union(*self.paths.values(), lanes)

    @cached_property
    def _index(self) -> GridIndex:
        return self.territory.grid_index.sparing()

    @cached_property
    def _communities(self) -> dict[str | None, str]:
        return _mapped(self.territory.communities_of)

    @cached_property
    def _subdistricts(self) -> dict[str | None, str]:
        return _mapped(self.territory.subdistricts_of)

    def ready(self) -> InForce:
        """Return this with its indexes built, so that whoever asks first need not wait."""
        known = self.territory
        for index in (self._index, known.community_index, known.subdistrict_index):
            index.locate([0.0], [0.0])
        known.lane_index.nearest([0.0], [0.0], [None])
        return self

    def at(self, numbers: Mapping[str, int]) -> InForce:
        """Return the same areas as those of other revisions."""
        after = replace(self, numbers=numbers)
        own = {each.name for each in fields(self)}
        vars(after).update({name: made for name, made in vars(self).items() if name not in own})
        return after

    def with_grids(
        self, numbers: Mapping[str, int], changed: gpd.GeoDataFrame, paths: Paths
    ) -> InForce:
        """Return the areas with some grids changed, ready to be asked; this one stays.

        Parameters
        ----------
        changed
            By the contract AREAS: grids that are new, or other than here. One that has no path any
            more is gone.
        """
        known, fresh = self.territory, _under(owning(changed), self.territory.communities)
        named, was = {*changed["code"]}, known.grids["code"].tolist()
        stays = [code not in named and ("grid", code) in paths for code in was]
        grids = pd.concat([known.grids[stays], fresh]).sort_values("code", ignore_index=True)
        gone = sorted({*was} - {*grids["code"]})
        after = InForce(numbers, known.with_grids(grids), paths)
        vars(after)["_index"] = self._index.revised(_edits(fresh, gone))
        return after

    def placed(self, areas: pd.DataFrame) -> list[Located]:
        """Return points whose areas are known, by the columns grid to lane, with their paths."""
        rows = list(zip(*(_plain(areas[level]) for level in _LEVELS), strict=True))
        paths = {row: self._path(*row) for row in set(rows)}
        return [Located(g, c, s, n, paths[g, c, s, n]) for g, c, s, n in rows]

    def within(self, owners: pd.DataFrame, named: pd.Series) -> pd.DataFrame:
        """Return the areas of points, with those that are named instead of a point in their place.

        Parameters
        ----------
        named
            Codes of communities and subdistricts, missing where a point is known; aligned.
        """
        codes = named.dropna()
        above = codes.map(self._subdistricts)
        community = codes.where(codes.isin(self.territory.communities["code"]))
        known = codes.where(codes.isin(self.territory.subdistricts["code"]), above)
        at = owners.index[named.notna()]
        told = owners.copy()
        told.loc[at, "community"] = community.to_numpy(object)
        told.loc[at, "subdistrict"] = known.to_numpy(object)
        return told

    def _path(
        self, grid: str | None, community: str | None, subdistrict: str | None, lane: str | None
    ) -> tuple[str, ...]:
        """Return the chain of codes: as in grid_of_point.sql."""
        above = self._known("admin", community) or self._known("admin", subdistrict)
        whole = self._known("grid", grid)
        if not set(above) <= set(whole):
            whole = (*above, grid) if grid else above
        return (*whole, f"lane:{lane}") if lane else whole

    def _known(self, net: str, code: str | None) -> tuple[str, ...]:
        return self.paths.get((net, code), ()) if code else ()


def _filled(codes: list[str | None], index: GridIndex, x: Degrees, y: Degrees) -> list[str | None]:
    """Return the codes with the missing ones looked up by position: as `Territory.areas_of`."""
    missing = [n for n, code in enumerate(codes) if code is None]
    if not missing:
        return codes
    found = dict(zip(missing, index.locate(x[missing], y[missing]).tolist(), strict=True))
    return [found.get(n, code) for n, code in enumerate(codes)]


def _plain(codes: pd.Series) -> list[str | None]:
    known: list[str | None] = codes.astype(object).where(codes.notna(), None).tolist()
    return known


def _mapped(parents: pd.Series) -> dict[str | None, str]:
    known: dict[str | None, str] = parents.dropna().to_dict()
    return known


def _edits(fresh: gpd.GeoDataFrame, gone: Sequence[str]) -> gpd.GeoDataFrame:
    """Return grids as an index takes them: those that are gone without a shape."""
    marks = [*fresh["special"], *(False for _ in gone)]
    shapes = [*fresh.geometry, *(None for _ in gone)]
    codes = pd.Index([*fresh["code"], *gone], dtype="object")
    return gpd.GeoDataFrame({"special": marks}, index=codes, geometry=shapes, crs=WGS84)


def in_force(conn: Connection, held: InForce | None = None) -> InForce:
    """Return the areas in force: those held, with what has changed since, else read anew."""
    numbers, found = _numbers(conn), held
    while found is None or found.numbers != numbers:
        found = followed(conn, found, numbers) if found is not None else None
        found = found or InForce(numbers, territory(conn), _paths(conn))
        numbers = _numbers(conn)
    return found


def followed(conn: Connection, held: InForce, numbers: Mapping[str, int]) -> InForce | None:
    """Return the areas of later revisions by what has changed; None where more has than grids.

    A publication of a community's grids takes some milliseconds, where reading all areas of a city
    takes seconds.
    """
    if any(held.numbers.get(net) != numbers.get(net) for net in _ABOVE):
        return None
    since = held.numbers.get("grid", 0)
    if since == numbers.get("grid", 0):
        return held.at(numbers)
    return held.with_grids(numbers, read_grids_since(conn, since), _paths(conn))


def _paths(conn: Connection) -> Paths:
    return {(row.net, row.code): tuple(row.path) for row in conn.execute(_PATHS).all()}


def _numbers(conn: Connection) -> dict[str, int]:
    return {row.name: int(row.number) for row in conn.execute(select(NET.c.name, NET.c.number))}
