"""What addresses name, gathered from our own tables: doors, estates, buildings, places, roads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.gazetteer.parsing import LEVELS, ROADLIKE, Address, Vocabulary, label_of, parsed
from geo.gazetteer.wording import plain
from geo.lookup import GridIndex

METRES_A_DEGREE: Final = 111_320.0
# What people leave away or add when they name a division.
_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "city": ("市",),
    "district": ("区", "县", "市"),
    "subdistrict": ("街道办事处", "街道办", "街道", "办事处", "镇", "乡"),
    "community": ("社区居委会", "社区", "居委会", "村委会", "村"),
}
_BARE: Final = ("city", "district")  # 济南, 历下; 泉城路 alone is a road, not 泉城路街道


class Building(NamedTuple):
    """A building of a site: its code, what it is called, degrees (EPSG:4326)."""

    code: str
    title: str
    lon: float
    lat: float


@dataclass(frozen=True, kw_only=True)
class Site:
    """Something an address can name.

    Parameters
    ----------
    kind, code
        "estate", "grid" (a special one), "lane", "community" … with the code of that area; "door"
        for road and number, with a code made of them.
    names
        What it is called, as `plain` writes it, the first its own.
    path
        Level → code of the division it lies in.
    spread
        Metres from its middle to its furthest part.
    doors
        Road and number of each door of an estate.
    buildings
        Label → those that bear it.
    """

    kind: str
    code: str
    title: str
    names: tuple[str, ...] = ()
    road: str = ""
    number: str = ""
    path: Mapping[str, str] = field(default_factory=dict, repr=False)
    lon: float = 0.0
    lat: float = 0.0
    spread: float = 0.0
    estate: str = ""
    doors: frozenset[tuple[str, str]] = frozenset()
    buildings: Mapping[str, tuple[Building, ...]] = field(default_factory=dict, repr=False)


class Divisions(NamedTuple):
    """Divisions in force: code → level → code, itself and those above; names; who owns a point."""

    paths: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]
    owners: GridIndex | None

    def at(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str]:
        """Return the code of the community that owns each point, "" where none does."""
        if self.owners is None:
            return [""] * len(lon)
        return [code or "" for code in self.owners.locate(lon, lat).tolist()]


def divisions(admin: gpd.GeoDataFrame) -> Divisions:
    """Return the divisions of areas of the net admin."""
    parents = dict(zip(admin["code"], admin["parent"], strict=True))
    kinds = dict(zip(admin["code"], admin["kind"], strict=True))
    paths: dict[str, dict[str, str]] = {}
    for code in admin["code"]:
        path, above = {}, code
        while above in kinds and kinds[above] not in path:
            path[kinds[above]] = above
            above = parents[above]
        paths[code] = path
    lowest = admin[
        (admin["kind"] == "community") & admin.geom_type.isin(["Polygon", "MultiPolygon"])
    ]
    index = GridIndex(lowest.set_index("code")[["geometry"]]) if len(lowest) else None
    return Divisions(paths, dict(zip(admin["code"], admin["name"], strict=True)), index)


def vocabulary(admin: gpd.GeoDataFrame, roads: Iterable[str], history: pd.DataFrame) -> Vocabulary:
    """Return the words of divisions, old names among them, and of roads."""
    words: dict[str, tuple[str, set[str]]] = {}
    for code, name, level in zip(admin["code"], admin["name"], admin["kind"], strict=True):
        if level in LEVELS:
            _add(words, name, level, {code})
    by_code = dict(zip(admin["code"], admin["kind"], strict=True))
    for old in history.itertuples(index=False):
        level = by_code.get(old.new_code)
        if level is not None and old.old_name != old.new_name:
            _add(words, old.old_name, level, {old.new_code})
    known = {word: (level, frozenset(codes)) for word, (level, codes) in words.items()}
    return Vocabulary(known, frozenset(road for road in roads if len(road) > 1))


def _add(words: dict[str, tuple[str, set[str]]], name: str, level: str, codes: set[str]) -> None:
    for word in _said(plain(name), level):
        there = words.get(word)
        if there is None or LEVELS.index(level) < LEVELS.index(there[0]):
            words[word] = (level, set(codes))
        elif there[0] == level:
            there[1].update(codes)


def _said(name: str, level: str) -> set[str]:
    """Return the ways a division's name is said."""
    ends = _ENDS[level]
    stem = next((name.removesuffix(end) for end in ends if name.endswith(end)), name)
    said = {stem + end for end in ends if level not in _BARE} | {name}
    if level in _BARE or stem == name:
        said.add(stem)
    # 文化东路社区 may be listed as 文化东路: that is a road, until 社区 is said.
    bare = {word for word in said if word == stem and ROADLIKE.fullmatch(word)}
    return {word for word in said - bare if len(word) > 1}


def road_lines(areas: gpd.GeoDataFrame) -> dict[str, shapely.MultiLineString]:
    """Return the lines of each road's name, of lanes and of the base map."""
    lines = areas[areas.geom_type.isin(["LineString", "MultiLineString"]) & (areas["name"] != "")]
    named = pd.Series(lines.geometry.to_numpy(object)).groupby(lines["name"].map(plain).to_numpy())
    return {name: shapely.union_all(shapes.to_numpy(object)) for name, shapes in named}


def area_sites(areas: gpd.GeoDataFrame, here: Divisions, words: Vocabulary) -> list[Site]:
    """Return estates, special grids, lanes and divisions as sites."""
    special = areas["special"].fillna(value=False).astype(bool)
    kept = areas[areas["kind"].isin(["estate", "lane", *LEVELS]) | special]
    kept = kept[kept["name"].fillna("") != ""]
    spots = shapely.point_on_surface(kept.geometry.to_numpy(object))
    lon, lat = shapely.get_x(spots), shapely.get_y(spots)
    own = [
        here.paths.get(code, here.paths.get(parent, {}))
        for code, parent in zip(kept["code"], kept["parent"], strict=True)
    ]
    found = here.at(lon, lat)
    spread = _half_diagonals(kept)
    rows = zip(kept["kind"], kept["code"], kept["name"], own, found, lon, lat, spread, strict=True)
    return [
        _area_site(
            (kind, code, name),
            path=path or here.paths.get(at, {}),
            spot=(x, y, far),
            said=parsed(name, words) if kind == "estate" else Address(),
        )
        for kind, code, name, path, at, x, y, far in rows
    ]


def _area_site(
    which: tuple[str, str, str],
    *,
    path: Mapping[str, str],
    spot: tuple[float, float, float],
    said: Address,
) -> Site:
    kind, code, name = which
    return Site(
        kind=kind, code=code, title=name, names=(plain(name),), road=said.road,
        number=said.number, path=path, lon=spot[0], lat=spot[1], spread=spot[2],
        estate=code if kind == "estate" else "",
    )  # fmt: skip


def _half_diagonals(areas: gpd.GeoDataFrame) -> NDArray[np.float64]:
    bounds = areas.geometry.bounds.to_numpy()
    scale = np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2))
    wide = (bounds[:, 2] - bounds[:, 0]) * scale
    found: NDArray[np.float64] = np.hypot(wide, bounds[:, 3] - bounds[:, 1]) * METRES_A_DEGREE / 2
    return found


def place_sites(
    places: gpd.GeoDataFrame, estates: Mapping[str, str], here: Divisions, words: Vocabulary
) -> list[Site]:
    """Return the doors and places that the addresses of buildings and stations name.

    Parameters
    ----------
    places
        By the contract PLACES.
    estates
        Code → name.
    """
    rows = _taken_apart(places, here, words)
    keys = ["community", "estate", "road", "number", "name"]
    groups = rows.groupby(keys, sort=False).indices
    columns = {name: rows[name].to_numpy() for name in rows.columns}
    return [
        _door(dict(zip(keys, key, strict=True)), where, columns, estates, here)
        for key, where in groups.items()
    ]


def _taken_apart(places: gpd.GeoDataFrame, here: Divisions, words: Vocabulary) -> pd.DataFrame:
    """Return what each place's address says: road, number, name, label; where it lies."""
    names, addresses = places["name"].fillna("").tolist(), places["address"].fillna("").tolist()
    kinds = places["kind"].tolist()
    known: dict[str, Address] = {}
    labels: dict[str, str] = {}
    parts = []
    for name, address, kind in zip(names, addresses, kinds, strict=True):
        head = address[: -len(name)] if name and address.endswith(name) else address
        said = known.get(head)
        if said is None:
            said = known[head] = parsed(head, words)
        label = labels.get(name)
        if label is None:
            label = labels[name] = label_of(name)
        if kind == "building":
            parts.append((said.road, said.number, said.name, said.building or label))
        else:  # a station has a name of its own, which its address may end with
            parts.append((said.road, said.number, plain(name) or said.name, ""))
    lon, lat = places.geometry.x.to_numpy(), places.geometry.y.to_numpy()
    told = pd.DataFrame(parts, columns=["road", "number", "name", "label"], dtype="object")
    return told.assign(
        code=places["code"].to_numpy(), kind=kinds, title=names,
        address=addresses, estate=places["estate"].fillna("").to_numpy(), lon=lon, lat=lat,
        community=here.at(lon, lat),
    )  # fmt: skip


def _door(
    key: Mapping[str, str],
    where: NDArray[np.intp],
    columns: Mapping[str, NDArray[np.object_]],
    estates: Mapping[str, str],
    here: Divisions,
) -> Site:
    lon, lat = columns["lon"][where].astype(float), columns["lat"][where].astype(float)
    middle, spread = _middle(lon, lat)
    buildings: dict[str, tuple[Building, ...]] = {}
    for row in where:
        title = f"{columns['address'][row]}".strip() or str(columns["title"][row])
        one = Building(columns["code"][row], title, columns["lon"][row], columns["lat"][row])
        label = columns["label"][row]
        buildings[label] = (*buildings.get(label, ()), one)
    estate = plain(estates.get(key["estate"], ""))
    names = tuple(dict.fromkeys(name for name in (key["name"], estate) if name))
    community = here.names.get(key["community"], "")
    number = f"{key['number']}号" if key["number"] else ""
    inner = f"{key['road']}{number}{key['name']}" or estates.get(key["estate"], "")
    return Site(
        kind="door", code=f"{key['community']}/{inner}", title=f"{community} {inner}".strip(),
        names=names, road=key["road"], number=key["number"],
        path=here.paths.get(key["community"], {}), lon=middle[0], lat=middle[1], spread=spread,
        estate=key["estate"], buildings=buildings,
    )  # fmt: skip


def _middle(
    lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[tuple[float, float], float]:
    """Return the point nearest to the middle of points, and how far the furthest is from it."""
    scale = np.cos(np.radians(lat.mean()))
    away = np.hypot((lon - lon.mean()) * scale, lat - lat.mean())
    k = int(away.argmin())
    far = np.hypot((lon - lon[k]) * scale, lat - lat[k]).max() * METRES_A_DEGREE
    return (float(lon[k]), float(lat[k])), float(far)
