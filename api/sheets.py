"""Sheets of a plan's grids for notice boards and for hand-over; names masked by purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from api.comparing import plan_row
from api.links.giving import code_of
from api.plan_changes import Sides, sides
from api.plan_comments import threads_told
from api.settings import Settings
from geo.comparison import descent, owners
from geo.crs import WGS84, metric_crs
from geo.duties import holders
from geo.errors import MissingError, TooManySheetsError
from geo.plan import bounds_text
from geo.replay import successors_in_charge
from geo.store.database import Connection
from geo.store.net.areas import ancestry, read_areas, read_beside
from geo.store.net.ground import read_ground
from geo.store.net.naming import area_names, party_names
from geo.store.net.people import read_duties
from geo.store.net.places import read_places
from geo.store.planning.succession import NEVER_VACANT
from geo.store.working.tasks import demand_duty
from maps.sheets_page import Contact, Purpose, Sheet, Sheets
from maps.threads import Thread

# Who takes a grid over from whom is for those who plan and decide there.
_HANDING_OVER: Final = ("planner", "checker", "approver")
_WALKING: Final = ("street_manager", "alley_steward")
_BESIDE: Final = ("road", "rail", "water")
_HECTARE: Final = 10_000
MOST: Final = 400  # sheets at once: a page of more takes minutes to lay out


@dataclass(frozen=True)
class Chosen:
    """Which sheets of a plan: of one grid, of one community, or all."""

    purpose: Purpose = "notice"
    grid: str | None = None
    community: str | None = None


@dataclass(frozen=True, eq=False)
class _Around:
    """What every sheet of a plan is made from; frames in EPSG:4326."""

    grids: gpd.GeoDataFrame
    bounds: pd.Series
    buildings: gpd.GeoDataFrame
    ground: gpd.GeoDataFrame
    lanes: gpd.GeoDataFrame
    walkers: dict[str, pd.Series]
    now: dict[str, pd.Series]
    coming: dict[str, pd.Series]
    names: pd.Series
    places: dict[str, list[str]]
    said: dict[str, list[Thread]]
    purpose: Purpose


def sheets_of(conn: Connection, plan: int, chosen: Chosen, way: str = "") -> Sheets:
    """Return the sheets of a plan's grids, by code; `way` is the address in their QR code.

    For a notice board persons keep their family name alone, and nobody is told how many people live
    in a building, nor what was said while it was drawn; for a hand-over all is said, to whoever
    plans, checks or approves there.

    Raises
    ------
    MissingError
        When there is no such plan that the acting person may see, or no such grid in it.
    NotAllowedError
        When sheets for a hand-over are asked for by somebody who has no part in the plan.
    TooManySheetsError
        When there are more than a page holds.
    """
    row = plan_row(conn, plan)
    if chosen.purpose == "handover":
        demand_duty(conn, _HANDING_OVER, ancestry(conn, str(row["scope"])))
    both = sides(conn, plan)
    kept = _chosen(both.will.grids, chosen)
    around = _around(conn, both, chosen.purpose, _said(conn, plan, both, chosen.purpose))
    made = [_sheet(around, code) for code in kept["code"].sort_values()]
    standing, drawn = _standing(row), code_of(way, sized=False).decode() if way else ""
    named = (str(row["title"]), str(row["state"]), standing, chosen.purpose)
    return Sheets(plan, *named, made, way, drawn)


def way_to(settings: Settings, here: str, plan: int, purpose: Purpose) -> str:
    """Return where a sheet's QR code leads, '' where nobody who reads it could go.

    From a notice board to the page where residents report, if it is open to the public; from a
    hand-over to the plan on the map. `here` is where the server was asked, '' where it was not.
    """
    root = (settings.url or here).rstrip("/")
    if not root or (purpose == "notice" and settings.residents != "public"):
        return ""
    return f"{root}/report" if purpose == "notice" else f"{root}/plans/{plan}"


def family_name(name: str) -> str:
    """Return a person's name as a notice board has it: the first character, the rest hidden.

    >>> family_name("王晓东"), family_name("欧阳春"), family_name(" ")
    ('王**', '欧**', '')
    """
    bare = name.strip()
    return f"{bare[0]}**" if bare else ""


def _chosen(grids: gpd.GeoDataFrame, chosen: Chosen) -> gpd.GeoDataFrame:
    kept = grids
    for column, code in (("code", chosen.grid), ("parent", chosen.community)):
        kept = kept if code is None else kept[kept[column] == code]
    if kept.empty:
        key = chosen.grid or chosen.community or "–"
        raise MissingError(noun="grid in this plan", noun_zh="网格（在这个方案里）", key=key)
    if len(kept) > MOST:
        raise TooManySheetsError(count=len(kept), most=MOST)
    return kept


def _standing(row: pd.Series) -> str:
    day, number = row["effective_on"], row["revision"]
    told = [f"#{row.name}"]
    told += [] if pd.isna(number) else [f"第 {int(number)} 次公布 publication {int(number)}"]
    told += [] if day is None or pd.isna(day) else [f"{day.isoformat()} 起施行 in force"]
    return " · ".join(told)


def _said(conn: Connection, plan: int, both: Sides, purpose: Purpose) -> dict[str, list[Thread]]:
    """Return what was said about places of each grid; nothing for a notice board."""
    threads = threads_told(conn, plan) if purpose == "handover" else []
    points = gpd.points_from_xy([each.lon for each in threads], [each.lat for each in threads])
    owned = owners(both.will.grids, gpd.GeoDataFrame(geometry=points, crs=WGS84))
    found: dict[str, list[Thread]] = {}
    for code, thread in zip(owned, threads, strict=True):
        found.setdefault(str(code), []).append(thread)
    return found


def _around(
    conn: Connection, both: Sides, purpose: Purpose, said: dict[str, list[Thread]]
) -> _Around:
    grids, scope = both.will.grids, both.scope
    ground = read_ground(conn, scope)
    lanes = read_areas(conn, net="lane", scope=scope)
    duties = read_duties(conn, areas=[*both.was.grids["code"], *grids["code"], *lanes["code"]])
    shares = descent(both.was, both.will, both.buildings).lineage
    held, walking = duties[duties["net"] == "grid"], duties[duties["net"] == "lane"]
    was = both.was.grids["code"]
    now = {role: _by_code(held, role, grids["code"]) for role in NEVER_VACANT}
    coming = {
        role: successors_in_charge(shares, _by_code(held, role, was)) for role in NEVER_VACANT
    }
    buildings = read_places(conn, kind="building", scope=scope)
    return _Around(
        grids=grids.set_index("code", drop=False),
        bounds=bounds_text(
            grids, ground[ground["kind"].isin(_BESIDE)], around=read_beside(conn, scope)
        ).set_axis(grids["code"]),
        buildings=buildings.assign(name=_building_names(buildings), owner=owners(grids, buildings)),
        ground=ground,
        lanes=lanes,
        walkers={role: _by_code(walking, role, lanes["code"]) for role in _WALKING},
        now=now,
        coming=coming,
        names=party_names(conn, duties["party"].unique()),
        places=_places(conn, grids),
        said=said,
        purpose=purpose,
    )


def _by_code(duties: pd.DataFrame, role: str, codes: pd.Series) -> pd.Series:
    """Return who holds a role, by code of the grid; grids without anybody are left out."""
    return holders(duties, role, codes).set_axis(codes.to_numpy()).dropna()


def _building_names(buildings: gpd.GeoDataFrame) -> pd.Series:
    """Return what a building is called on a list: its address, else its name, else its code."""
    said = buildings["address"].where(buildings["address"].str.strip() != "", buildings["name"])
    return said.where(said.str.strip() != "", buildings["code"])


def _places(conn: Connection, grids: gpd.GeoDataFrame) -> dict[str, list[str]]:
    """Return the names from the top down to each community."""
    paths = {code: ancestry(conn, code) for code in grids["parent"].dropna().unique()}
    names = area_names(conn, "admin", {code for path in paths.values() for code in path})
    return {code: [str(names.get(each, each)) for each in path] for code, path in paths.items()}


def _sheet(around: _Around, code: str) -> Sheet:
    grid = around.grids.loc[code]
    view = gpd.GeoSeries([grid.geometry], crs=WGS84).total_bounds
    seen = shapely.box(*_wider(*view))
    others = around.grids[around.grids["code"] != code]
    places = around.places.get(grid["parent"], [])
    buildings = _listed(around.buildings[around.buildings["owner"] == code], places)
    return Sheet(
        code,
        str(grid["name"] or code),
        places,
        _figures(grid, buildings, around.purpose),
        str(around.bounds.loc[code]),
        buildings,
        list(_contacts(around, grid)),
        grid.geometry,
        others.iloc[others.sindex.query(seen)],
        around.ground.iloc[around.ground.sindex.query(seen)],
        around.said.get(code, []),
    )


def _listed(buildings: gpd.GeoDataFrame, places: list[str]) -> gpd.GeoDataFrame:
    """Return buildings in the order of their names, without the places the sheet says above."""
    short = reduce(lambda names, place: names.str.removeprefix(place), places, buildings["name"])
    bare = short.str.strip()
    named = buildings.assign(name=bare.where(bare != "", buildings["name"]))
    order = named["name"].map(_in_order)
    return named.iloc[sorted(range(len(named)), key=lambda row: order.iloc[row])]


def _in_order(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Return what sorts 2号楼 before 10号楼."""
    parts = re.findall(r"\d+|\D+", name)
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def _wider(west: float, south: float, east: float, north: float) -> tuple[float, ...]:
    across, down = (east - west) or 1e-4, (north - south) or 1e-4
    most = max(across, down)
    return west - most, south - most, east + most, north + most


def _figures(
    grid: pd.Series, buildings: gpd.GeoDataFrame, purpose: Purpose
) -> list[tuple[str, str]]:
    at = shapely.get_coordinates(shapely.centroid(grid.geometry))[0]
    shape = gpd.GeoSeries([grid.geometry], crs=WGS84).to_crs(metric_crs(*at))
    people = [("sheets.people", f"{int(grid['people']):,}")] if purpose == "handover" else []
    return [
        ("sheets.households", f"{int(grid['households']):,}"),
        *people,
        ("sheets.buildings", f"{len(buildings):,}"),
        ("sheets.hectares", f"{shape.area.iloc[0] / _HECTARE:,.1f}"),
    ]


def _contacts(around: _Around, grid: pd.Series) -> Iterator[Contact]:
    """Return who answers for a grid, then who walks the lanes in it."""
    code = grid["code"]
    for role in NEVER_VACANT:
        now, coming = around.now[role].get(code), around.coming[role].get(code)
        if party := now or coming:
            yield Contact(role, _called(around, party), coming=now is None)
    lanes = around.lanes.iloc[around.lanes.sindex.query(grid.geometry, predicate="intersects")]
    for role in _WALKING:
        walked = lanes.assign(party=lanes["code"].map(around.walkers[role])).dropna(subset="party")
        for party, theirs in walked.sort_values("code").groupby("party"):
            yield Contact(role, _called(around, str(party)), of="、".join(theirs["name"]))


def _called(around: _Around, party: str) -> str:
    name = str(around.names.get(party, party))
    return name if around.purpose == "handover" else family_name(name)
