"""Areas of every net as one frame: divisions, grids, estates, departments, lanes, base map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.city.buildings import Buildings
from geo.city.graph import parts
from geo.city.grids import Grids
from geo.city.land import ESTATES, GREEN, NUMBER, SPECIALS, USES, Land
from geo.city.names import estate_names
from geo.city.nets import Net, nets
from geo.city.noise import Bools, Ints, stream
from geo.city.rings import polygons
from geo.city.site import Site
from geo.city.streets import CLASSES, Streets
from geo.city.water import features
from geo.crs import WGS84
from geo.frames import AREAS, conform

_SPECIAL_NAMES: Final = {
    "school": "小学",
    "hospital": "医院",
    "market": "市场",
    "park": "公园",
    "business_park": "产业园",
}
_POND_SHARE = 0.45
_COUNTRY = 3  # the last zone of land


@dataclass(frozen=True)
class Town:
    """Everything decided about a city before it is put into frames."""

    seed: int
    site: Site
    land: Land
    buildings: Buildings
    grids: Grids
    streets: Streets
    divisions: pd.DataFrame  # of this city only; columns of `reference.divisions`

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of every division, by code."""
        return dict(zip(self.divisions["code"], self.divisions["name"], strict=True))

    @cached_property
    def districts(self) -> list[str]:
        """District codes in order."""
        return sorted(set(self.site.needs["district"]))

    @cached_property
    def subdistricts(self) -> list[str]:
        """Subdistrict codes in order."""
        return sorted(set(self.site.needs["subdistrict"]))

    @cached_property
    def communities(self) -> list[str]:
        """Community codes in order."""
        return list(self.site.needs["code"])

    @cached_property
    def nets(self) -> list[Net]:
        """The five departments' nets."""
        return nets(self.site, [self.names[code] for code in self.districts], self.seed)

    @cached_property
    def parcel_households(self) -> Ints:
        """Households of every parcel."""
        built = self.buildings
        held = np.bincount(built.parcel, built.households, len(self.land.use))
        return held.astype(np.int64)

    @cached_property
    def estate(self) -> Ints:
        """Estate of every parcel, numbered by community then parcel; -1 where there is none."""
        built = np.bincount(self.buildings.parcel, minlength=len(self.land.use)) > 0
        own = np.flatnonzero(np.isin(self.land.use, [NUMBER[n] for n in ESTATES]) & built)
        own = own[np.lexsort((own, self.site.community[own]))]
        found = np.full(len(self.land.use), -1, np.int64)
        found[own] = np.arange(len(own))
        return found

    @cached_property
    def estate_parcel(self) -> Ints:
        """Parcel of every estate."""
        own = np.flatnonzero(self.estate >= 0)
        return own[np.argsort(self.estate[own])]

    @cached_property
    def estate_code(self) -> list[str]:
        """Code of every estate: its community's and a number of its own."""
        community = pd.Series(self.site.community[self.estate_parcel])
        number = community.groupby(community).cumcount() + 1
        return [f"{self.communities[c]}E{n:03d}" for c, n in zip(community, number, strict=True)]

    @cached_property
    def estate_name(self) -> NDArray[np.object_]:
        """Name of every estate; an old courtyard is called by its street and number."""
        parcel = self.estate_parcel
        kind = np.searchsorted([NUMBER[n] for n in ESTATES], self.land.use[parcel])
        made = estate_names(kind, stream(self.seed, "estates"))
        return np.where(kind == len(ESTATES) - 1, self.door[parcel] + "院", made)

    @cached_property
    def door(self) -> NDArray[np.object_]:
        """Street and number of every parcel, empty where no street passes."""
        street = self.streets.parcel_street
        names = np.append(self.streets.name, "")
        number = self.streets.parcel_number.astype(str).astype(object)
        return np.where(street >= 0, names[street] + number + "号", "")

    def polygons(self, label: Ints) -> NDArray[np.object_]:
        """Return the polygons of areas numbered on parcels."""
        lattice = self.site.lattice
        return polygons(self.site.per_cell(label), lattice.lon, lattice.lat)


def areas(town: Town) -> gpd.GeoDataFrame:
    """Return every area of the city, by the contract of areas."""
    parts_ = [*_divisions(town), _grids(town), _estates(town), *_departments(town)]
    parts_ += [_lanes(town), _roads(town), _base(town), _green(town)]
    frames = [gpd.GeoDataFrame(part, geometry="geometry", crs=WGS84) for part in parts_]
    joined = pd.concat([conform(frame, AREAS) for frame in frames], ignore_index=True)
    return conform(joined, AREAS)


def _divisions(town: Town) -> list[dict[str, object]]:
    site = town.site
    levels: tuple[tuple[str, list[str], Ints], ...] = (
        ("city", ["3701"], np.zeros(len(site.needs), np.int64)),
        ("district", town.districts, site.district_of),
        ("subdistrict", town.subdistricts, site.subdistrict_of),
        ("community", town.communities, np.arange(len(site.needs))),
    )
    above = {4: None, 6: 4, 9: 6, 12: 9}
    found = []
    for kind, codes, of_community in levels:
        own: dict[str, object] = {
            "net": "admin",
            "kind": kind,
            "code": codes,
            "name": [town.names[code] for code in codes],
            "parent": [code[: above[len(code)]] if above[len(code)] else None for code in codes],
            "geometry": town.polygons(of_community[site.community]),
        }
        if kind == "community":
            own["rule"] = np.where(site.needs["urban"], "urban", "village")
        found.append(own)
    return found


def _grids(town: Town) -> dict[str, object]:
    own = town.grids
    community = [town.names[town.communities[c]] for c in own.community]
    first = np.zeros(len(own.code), np.int64)
    first[own.label] = np.arange(len(own.label))
    use = np.array([u.name for u in USES], object)[town.land.use[first]]
    lake = town.site.parcel_block[first] == town.site.lake if town.site.lake >= 0 else first < 0
    special = [
        "大明湖公园" if wet else f"{name.removesuffix('社区')}{_SPECIAL_NAMES.get(kind, '')}"
        for name, kind, wet in zip(community, use, lake, strict=True)
    ]
    ordinary = [f"{n}第{int(c[-3:])}网格" for n, c in zip(community, own.code, strict=True)]
    kinds = np.array([name for name, *_ in SPECIALS], object)[own.kind]
    return {
        "net": "grid",
        "kind": "grid",
        "code": own.code,
        "name": np.where(own.special, np.array(special, object), np.array(ordinary, object)),
        "parent": [code[:12] for code in own.code],
        "rule": pd.Series("special", index=range(len(own.code))).where(own.special),
        "special": own.special,
        "class": pd.Series(kinds).where(own.special),
        "geometry": town.polygons(own.label),
    }


def _estates(town: Town) -> dict[str, object]:
    return {
        "net": "estate",
        "kind": "estate",
        "code": town.estate_code,
        "name": town.estate_name,
        "parent": [code[:12] for code in town.estate_code],
        "class": np.array([u.name for u in USES], object)[town.land.use[town.estate_parcel]],
        "geometry": town.polygons(town.estate),
    }


def _departments(town: Town) -> list[dict[str, object]]:
    return [
        {
            "net": net.department.net,
            "kind": "grid",
            "code": net.code,
            "name": net.name,
            "geometry": town.polygons(net.label),
        }
        for net in town.nets
    ]


def _lanes(town: Town) -> dict[str, object]:
    """Return streets and lanes in towns as lines with a subdistrict each."""
    streets, site = town.streets, town.site
    steps = streets.steps
    subdistrict = site.subdistrict_of[site.community[steps.side]]
    chosen = _walked(town)
    lines, step = streets.lines(site, subdistrict, chosen)
    order = np.lexsort((np.arange(len(step)), subdistrict[step]))
    lines, step = lines[order], step[order]
    parent = pd.Series([town.subdistricts[s] for s in subdistrict[step]], dtype="str")
    number = parent.groupby(parent).cumcount() + 1
    return {
        "net": "lane",
        "kind": "lane",
        "code": list(parent + "L" + number.astype("str").str.zfill(4)),
        "name": streets.name[steps.segment[step]],
        "parent": list(parent),
        "class": np.array(CLASSES, object)[streets.rank[steps.segment[step]]],
        "geometry": lines,
    }


def _walked(town: Town) -> Bools:
    """Tell which road steps have a street manager: streets and lanes in urban communities."""
    steps = town.streets.steps
    low = town.streets.rank[steps.segment] >= CLASSES.index("collector")
    urban = town.site.needs["urban"].to_numpy()[town.site.community[steps.side]]
    found: Bools = low & urban & (town.land.zone[steps.side] < _COUNTRY)
    return found


def _roads(town: Town) -> dict[str, object]:
    streets = town.streets
    every = np.ones(len(streets.steps.segment), bool)
    lines, step = streets.lines(town.site, np.zeros(len(every), np.int64), every)
    segment = streets.steps.segment[step]
    order = np.lexsort((np.arange(len(step)), streets.rank[segment]))
    segment = segment[order]
    return {
        "net": "base",
        "kind": "road",
        "code": [f"R{n:06d}" for n in range(1, len(order) + 1)],
        "name": streets.name[segment],
        "class": np.array(CLASSES, object)[streets.rank[segment]],
        "geometry": lines[order],
    }


def _base(town: Town) -> dict[str, object]:
    width, height = town.site.sides
    park = (town.land.use == NUMBER["park"]) & (np.minimum(width, height) > 70.0)  # noqa: PLR2004 m
    if town.site.lake >= 0:
        park &= town.site.parcel_block != town.site.lake
    rng = stream(town.seed, "ponds")
    ponds = np.flatnonzero(park & (rng.random(len(park)) < _POND_SHARE))
    found = features(town.site, ponds, town.seed)
    return {
        "net": "base",
        "kind": [f.kind for f in found],
        "code": [f"{f.shape}-{n:05d}" for n, f in enumerate(found, 1)],
        "name": [f.name for f in found],
        "class": [f.shape for f in found],
        "geometry": [f.geometry for f in found],
    }


def _green(town: Town) -> dict[str, object]:
    """Return parks and hills, neighbouring parcels of one kind dissolved."""
    site, use = town.site, town.land.use
    own = np.where(np.isin(use, [NUMBER[name] for name in GREEN]), use, -1)
    part = parts(site.edges.within(own), len(use))
    kept, label = np.unique(np.where(own >= 0, part, -1), return_inverse=True)
    label = label.astype(np.int64) - int(kept[0] < 0)
    first = np.zeros(label.max() + 1, np.int64)
    first[label[label >= 0]] = use[label >= 0]
    shapes = town.polygons(label) if len(first) else shapely.points([]).ravel()
    return {
        "net": "base",
        "kind": "green",
        "code": [f"green-{n:06d}" for n in range(1, len(first) + 1)],
        "class": np.array([u.name for u in USES], object)[first],
        "geometry": shapes,
    }
