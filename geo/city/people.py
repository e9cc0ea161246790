"""Who answers for what: organisations, people, and the duties that tie them to areas."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.city.areas import Town
from geo.city.catalogue import AGENCIES, DEPARTMENTS, LEAVES, SECTIONS, leaf_codes
from geo.city.names import person_names
from geo.city.noise import Ints, stream
from geo.frames import DUTIES, PARTIES, conform

# Workers on a grid: one, two or three, so that 18,900 grids have about 42,000.
_WORKERS: Final = (0.18, 0.42, 0.40)
_LANES_A_MANAGER, _LANES_A_STEWARD = 8, 3
_POSTS: Final = {
    "city": ("planner", "dispatcher"),
    "district": ("planner", "dispatcher", "checker", "approver"),
    "subdistrict": ("planner", "dispatcher", "checker", "approver"),
}
# Who minds accounts beside her own post.
_BESIDE: Final = {"district": ("administrator", "approver")}
_COMMUNITY_POSTS: Final = ("planner",)  # the community proposes
_STAFFED: Final = ("department", "agency")  # each has a person who works on what comes to it


def people(town: Town, areas: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return parties and duties, by their contracts.

    Every grid has one leader and one to three workers, every lane a street manager, every
    department and agency somebody who works there; people are coded P and a number, organisations
    by a letter and their area's code.
    """
    rng = stream(town.seed, "people")
    admin, grid, lane = (areas[areas["net"] == net] for net in ("admin", "grid", "lane"))
    organisations = _organisations(town, grid)
    held = [_leaders(grid), _workers(grid, rng), *_walkers(lane), _posts(admin)]
    duties = pd.concat([*held, _proposing(admin), _beside(admin)], ignore_index=True)
    staff = _staff(organisations, _STAFFED)
    persons = pd.concat([duties[["person", "org"]], staff], ignore_index=True)
    persons = persons.drop_duplicates("person", ignore_index=True)
    names = person_names(len(persons), rng)
    below = _staff(organisations, ("section",))
    persons = pd.concat([persons, below], ignore_index=True)
    number = pd.Series(np.arange(1, len(persons) + 1), index=persons["person"].to_numpy())
    codes = "P" + number.astype("str").str.zfill(6)
    party = pd.DataFrame(
        {
            "code": codes.to_numpy(),
            "kind": "person",
            "name": np.concatenate([names, person_names(len(below), rng)]),
            "parent": persons["org"].to_numpy(),
        }
    )
    duties = duties.assign(party=codes.loc[duties["person"]].to_numpy())
    parties = pd.concat([organisations, party], ignore_index=True)
    every = pd.concat([duties, *_responsibility(town), _units(grid)], ignore_index=True)
    return conform(parties, PARTIES), conform(every, DUTIES)


def _held(role: str, area: pd.Series, person: pd.Series, org: pd.Series, net: str) -> pd.DataFrame:
    frame = {"role": role, "net": net, "area": area, "person": person, "org": org}
    return pd.DataFrame(frame).reset_index(drop=True)


def _leaders(grid: gpd.GeoDataFrame) -> pd.DataFrame:
    org = np.where(grid["special"], "U" + grid["code"], "C" + grid["parent"])
    org = pd.Series(org, index=grid.index)
    return _held("grid_leader", grid["code"], "L" + grid["code"], org, "grid")


def _workers(grid: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    count = rng.choice([1, 2, 3], len(grid), p=_WORKERS)
    row = np.repeat(np.arange(len(grid)), count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    own = grid.iloc[row]
    person = "W" + own["code"] + pd.Series(nth, index=own.index).astype("str")
    frame = _held("grid_worker", own["code"], person, "C" + own["parent"], "grid")
    return frame.assign(full_time=nth == 0)


def _walkers(lane: gpd.GeoDataFrame) -> list[pd.DataFrame]:
    """Return street managers of runs of lanes, and stewards of alleys."""
    found = []
    for role, lanes, run in (
        ("street_manager", lane, _LANES_A_MANAGER),
        ("alley_steward", lane[lane["class"] == "lane"], _LANES_A_STEWARD),
    ):
        nth = lanes.groupby("parent").cumcount() // run
        person = role + lanes["parent"] + "-" + nth.astype("str")
        found.append(_held(role, lanes["code"], person, "S" + lanes["parent"], "lane"))
    found[1]["full_time"] = False
    return found


def _posts(admin: gpd.GeoDataFrame) -> pd.DataFrame:
    parts = []
    for kind, roles in _POSTS.items():
        own = admin[admin["kind"] == kind]
        parts += [
            _held(role, own["code"], role + own["code"], "S" + own["code"], "admin")
            for role in roles
        ]
    return pd.concat(parts, ignore_index=True)


def _proposing(admin: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the posts of communities, which their committees hold."""
    own = admin[admin["kind"] == "community"]
    posts = [
        _held(role, own["code"], role + own["code"], "C" + own["code"], "admin")
        for role in _COMMUNITY_POSTS
    ]
    return pd.concat(posts, ignore_index=True)


def _beside(admin: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what some hold beside their posts."""
    parts = []
    for kind, (role, post) in _BESIDE.items():
        own = admin[admin["kind"] == kind]
        parts.append(_held(role, own["code"], post + own["code"], "S" + own["code"], "admin"))
    return pd.concat(parts, ignore_index=True)


def _staff(organisations: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Return who works at organisations of these kinds, without a duty: `person`, `org`."""
    org = organisations.loc[organisations["kind"].isin(kinds), "code"]
    return pd.DataFrame({"person": "K" + org, "org": org})


def _organisations(town: Town, grid: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return governments, departments, agencies, committees, units and sections, top first."""
    official = dict(zip(town.divisions["code"], town.divisions["official"], strict=True))
    rows: list[tuple[str, str, str, str | None]] = [("S3701", "government", "济南市人民政府", None)]
    for code in town.districts:
        rows.append((f"S{code}", "government", f"{town.names[code]}政府", "S3701"))
        rows += [
            (f"D{code}{n:02d}", "department", f"{town.names[code]}{name}", f"S{code}")
            for n, name in enumerate(DEPARTMENTS, 1)
        ]
    for code in town.subdistricts:
        short = town.names[code].removesuffix("街道")
        rows.append((f"S{code}", "office", f"{town.names[code]}办事处", f"S{code[:6]}"))
        rows += [
            (f"A{code}{n:02d}", "agency", f"{short}{name}", f"S{code}")
            for n, name in enumerate(AGENCIES, 1)
        ]
    rows += [(f"C{c}", "committee", official[c], f"S{c[:9]}") for c in town.communities]
    special = grid[grid["special"]]
    rows += [
        (f"U{code}", "unit", name, f"C{parent}")
        for code, name, parent in zip(
            special["code"], special["name"], special["parent"], strict=True
        )
    ]
    staffed = [row for row in rows if row[1] in _STAFFED]
    rows += [
        (f"{code}{n}", "section", f"{name}{section}", code)
        for code, kind, name, _ in staffed
        for n, section in enumerate(SECTIONS[kind], 1)
    ]
    return pd.DataFrame(rows, columns=["code", "kind", "name", "parent"])


def _units(grid: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the duty of each special grid's own unit."""
    special = grid[grid["special"]]
    frame = {"party": "U" + special["code"], "role": "department", "net": "grid"}
    return pd.DataFrame(frame | {"area": special["code"]})


def _responsibility(town: Town) -> list[pd.DataFrame]:
    """Return the responsibility list: departments on districts, agencies on subdistricts."""
    codes = leaf_codes()
    listed = []
    for leaf, code in zip(LEAVES, codes, strict=True):
        listed.append((code, DEPARTMENTS.index(leaf.lead) + 1, True))
        listed += [(code, DEPARTMENTS.index(name) + 1, False) for name in leaf.assist]
    acting = [
        (c, AGENCIES.index(leaf.agency) + 1, True) for leaf, c in zip(LEAVES, codes, strict=True)
    ]
    return [_listed("D", town.districts, listed), _listed("A", town.subdistricts, acting)]


def _listed(letter: str, areas: list[str], listed: list[tuple[str, int, bool]]) -> pd.DataFrame:
    place: Ints = np.repeat(np.arange(len(areas)), len(listed))
    row = np.tile(np.arange(len(listed)), len(areas))
    area = pd.Series([areas[p] for p in place], dtype="str")
    number = pd.Series([f"{listed[r][1]:02d}" for r in row], dtype="str")
    return pd.DataFrame(
        {
            "party": letter + area + number,
            "role": "department",
            "net": "admin",
            "area": area,
            "service": [listed[r][0] for r in row],
            "lead": [listed[r][2] for r in row],
        }
    )
