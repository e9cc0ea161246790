"""Buildings as a frame of places, with addresses as people write them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.city.areas import Town
from geo.city.land import NUMBER, USES
from geo.city.noise import Ints
from geo.crs import WGS84
from geo.frames import PLACES, conform

_PUBLIC = {
    "school": "教学楼",
    "hospital": "门诊楼",
    "market": "市场大厅",
    "park": "管理房",
    "business_park": "研发楼",
    "office": "写字楼",
    "shop": "商铺",
    "industry": "厂房",
    "construction": "工地板房",
    "farmland": "看护房",
    "hill": "护林房",
}


def places(town: Town) -> gpd.GeoDataFrame:
    """Return the buildings, by the contract of places; points, with `footprint` polygons."""
    built, site = town.buildings, town.site
    estate = town.estate[built.parcel]
    frame = pd.DataFrame(
        {
            "kind": pd.Categorical.from_codes(np.zeros(len(built.use), np.int8), ["building"]),
            "code": _codes(town),
            "name": _text(_names(town), pa.string()),
            "address": _text(_addresses(town), pa.string()),
            "households": built.households,
            "dwellings": built.dwellings,
            "people": built.people,
            "floors": built.floors,
            "units": built.units,
            "estate": _looked_up(town.estate_code, estate),
            "grid": _looked_up(town.grids.code, town.grids.label[built.parcel]),
            "class": _looked_up([use.name for use in USES], built.use),
        }
    )
    frame["footprint"] = gpd.GeoSeries(built.footprints(site), crs=WGS84)
    frame["geometry"] = built.points(site)
    return conform(gpd.GeoDataFrame(frame, geometry="geometry", crs=WGS84), PLACES)


def _looked_up(values: list[str], number: Ints) -> pd.Series:
    """Return values by number, missing where it is negative."""
    index = pa.array(number, mask=number < 0)
    return _text(pa.array(values, pa.string()).take(index), pa.string())


def _text(values: pa.Array, kind: pa.DataType) -> pd.Series:
    return pd.Series(pd.array(values.cast(kind), dtype="str"))


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _codes(town: Town) -> pd.Series:
    """Return codes: the community's and a number within it."""
    community = pd.Series(town.site.community[town.buildings.parcel])
    number = (community.groupby(community).cumcount() + 1).to_numpy()
    prefix = pa.array(town.communities, pa.string()).take(pa.array(community.to_numpy()))
    digits = pc.utf8_lpad(pa.array(number).cast(pa.string()), width=5, padding="0")
    return _text(_joined(prefix, "B", digits), pa.string())


def _names(town: Town) -> pa.Array:
    built = town.buildings
    ends = ["号楼" if use.doors else _PUBLIC[use.name] for use in USES]
    ends[NUMBER["village"]] = "号"
    end = pa.array(ends, pa.string()).take(pa.array(built.use))
    number = pa.array(built.number).cast(pa.string())
    public = pa.array(np.array([use.doors == 0 for use in USES])[built.use])
    return pc.if_else(public, _joined(end, number), _joined(number, end))


def _addresses(town: Town) -> pa.Array:
    """Return 区 + 街道 + 社区, then street and number, then the estate and the building."""
    built = town.buildings
    where = pa.array(parcel_addresses(town), pa.string()).take(pa.array(built.parcel))
    return _joined(where, " ", _names(town))


def parcel_addresses(town: Town) -> list[str]:
    """Return the address of every parcel, without the building."""
    site = town.site
    prefix = np.array([division_names(town, code) for code in town.communities], object)
    village = town.land.use == NUMBER["village"]
    name = np.append(town.estate_name, "")[town.estate]
    courtyard = town.land.use == NUMBER["courtyard"]
    inner = np.where(courtyard & (name != ""), name, town.door + name)
    inner = np.where(village | (inner == ""), "", " " + inner)
    return list(prefix[site.community] + inner)


def division_names(town: Town, community: str) -> str:
    """Return 区 + 街道 + 社区 of a community."""
    return "".join(town.names[community[:digits]] for digits in (6, 9, 12))
