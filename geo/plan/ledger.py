"""The grid ledger (网格台账): one row a grid, in the words of the form that offices keep."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import pandas as pd

# Identifier → heading, in the order of the form.
LEDGER_COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "code": "网格编码",
        "name": "网格名称",
        "kind": "网格类型",
        "bounds": "四至",
        "buildings": "楼栋数",
        "households": "户数",
        "people": "人数",
        "grid_leader": "网格长",
        "full_time_workers": "专职网格员",
        "part_time_workers": "兼职网格员",
        "grid_branch": "党组织",
        "branch_secretary": "党组织书记",
        "key_places": "重点场所",
    }
)
# What an office looks after by name, beside service points and stations.
KEY_CLASSES: Final = ("school", "hospital", "market", "business_park", "industry", "construction")
_KEY_KINDS: Final = ("service_point", "station")
_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {"urban": "城市网格", "village": "农村网格", "special": "专属网格"}
)
_BETWEEN: Final = "、"


def ledger(
    grids: pd.DataFrame, places: gpd.GeoDataFrame, duties: pd.DataFrame, bounds: pd.Series
) -> pd.DataFrame:
    """Return the ledger of some grids, by code: the columns of `LEDGER_COLUMNS`.

    Parameters
    ----------
    grids
        `code`, `name`, `special`, `rule`, and `households` and `people` as they are to be written.
    places
        `kind`, `class`, `name`, and `grid`: the code of the grid that owns each.
    duties
        `area` (grid code), `role`, `full_time`, `lead` and `name` of who holds it; those of other
        areas are passed over.
    bounds
        The four sides in words, indexed like `grids`.
    """
    codes = grids["code"]
    buildings = places.loc[places["kind"] == "building", "grid"].value_counts()
    people = _persons(duties)
    columns = {
        "code": codes,
        "name": grids["name"],
        "kind": _kinds(grids),
        "bounds": bounds,
        "buildings": codes.map(buildings).fillna(0).astype("int64"),
        "households": grids["households"],
        "people": grids["people"],
        **{column: _beside(codes, names) for column, names in people.items()},
        "key_places": _beside(codes, _key_places(places)),
    }
    return pd.DataFrame(columns)[list(LEDGER_COLUMNS)].sort_values("code", ignore_index=True)


def _beside(codes: pd.Series, names: pd.Series) -> pd.Series:
    return codes.map(names).astype("object").fillna("").astype("str")


def _kinds(grids: pd.DataFrame) -> pd.Series:
    rule = grids["rule"].mask(grids["special"].astype("bool"), "special").fillna("urban")
    return rule.map(_RULES).fillna(rule)


def _persons(duties: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the names of each post by grid, who leads first."""
    ranked = duties.sort_values(["area", "lead", "name"], ascending=[True, False, True])
    full, role = ranked["full_time"].astype("bool"), ranked["role"]
    posts = {
        "grid_leader": role == "grid_leader",
        "full_time_workers": (role == "grid_worker") & full,
        "part_time_workers": (role == "grid_worker") & ~full,
        "grid_branch": role == "grid_branch",
        "branch_secretary": role == "branch_secretary",
    }
    return {post: _joined(ranked[held], "area") for post, held in posts.items()}


def is_key(places: gpd.GeoDataFrame) -> pd.Series:
    """Return which places an office looks after: service points, stations, schools, sites."""
    return places["kind"].isin(_KEY_KINDS) | places["class"].isin(KEY_CLASSES)


def _key_places(places: gpd.GeoDataFrame) -> pd.Series:
    named = places[is_key(places) & places["name"].fillna("").ne("")]
    return _joined(named.sort_values("name"), "grid")


def _joined(rows: pd.DataFrame, by: str) -> pd.Series:
    """Return the names by group, each once, in the order of the rows."""
    once = rows.drop_duplicates([by, "name"])
    return once.groupby(by)["name"].agg(_BETWEEN.join).astype("str")
