"""Buildings of OpenStreetMap as places: outline, a point inside it, address, storeys."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from geo.load.files import Source
from geo.load.findings import RawLayer
from geo.load.readers import raw_layer, read_raw

BUILDINGS: Final = "building"
_LAYER: Final = "multipolygons"
_WHERE: Final = "building IS NOT NULL AND building <> 'no'"
# Tag → column of the contract of places; the rest is joined below.
_TAGS: Final = {
    "building:levels": "floors",
    "building:flats": "dwellings",
    "addr:city": "city",
    "addr:street": "street",
    "addr:housenumber": "housenumber",
}


def read_buildings(source: Source) -> RawLayer:
    """Return the buildings of an extract, columns named as in the contract of places.

    Codes are "way/…" and "relation/…": OpenStreetMap's own identifiers. Positions are WGS 84 by
    the map's own definition.
    """
    given = read_raw(source, _LAYER, where=_WHERE)
    raw = raw_layer(BUILDINGS, given)
    index = pd.RangeIndex(1, len(next(iter(given.columns.values()))) + 1)
    columns = {name: pd.Series(v, index=index, dtype="str") for name, v in given.columns.items()}
    tags = {tag: _tag(columns["other_tags"], tag) for tag in _TAGS}
    ids = _identifiers(columns)
    data = {
        "code": ids,
        "name": columns["name"],
        "address": _address(tags),
        "floors": _whole(tags["building:levels"]),
        "dwellings": _whole(tags["building:flats"]),
        "class": columns["building"].where(columns["building"] != "yes"),
    }
    frame = raw.frame[["geometry"]].join(pd.DataFrame(data))
    return replace(raw, frame=frame, features=ids, datum="wgs84")


def _tag(tags: pd.Series, key: str) -> pd.Series:
    """Return the value of one key of text in PostgreSQL's hstore form."""
    value = tags.str.extract(rf'"{key}"=>"((?:[^"\\]|\\.)*)"', expand=False)
    return value.str.replace(r"\\(.)", r"\1", regex=True)


def _address(tags: dict[str, pd.Series]) -> pd.Series:
    street = tags["addr:street"].str.cat(tags["addr:housenumber"].fillna(""), sep=" ").str.strip()
    both = street.str.cat(tags["addr:city"], sep=", ")
    return both.fillna(street).fillna("")


def _identifiers(columns: dict[str, pd.Series]) -> pd.Series:
    """Return "way/1" or "relation/2": an outline is one or the other."""
    way = "way/" + columns["osm_way_id"]
    return way.fillna("relation/" + columns["osm_id"])


def _whole(text: pd.Series) -> pd.Series:
    """Return whole numbers of hand-typed tags ("4", "4.5"); what is no number is missing."""
    numbers = pd.to_numeric(text, errors="coerce")
    return np.floor(numbers).where(numbers.between(0, 1000)).astype("Int64")
