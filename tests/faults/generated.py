"""A generated city in a database, its people, and a plan that joins grids all over it."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text

from geo.city import City, build
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.net import areas
from geo.store.planning import plans
from tests.faults.conftest import SERVICES
from tests.store import toy

ROLES: Final = ("planner", "checker", "dispatcher", "approver")
NETS: Final = ("admin", "grid")


def filled(store: Store, size: str) -> City:
    """Import a city's areas, the leaders of its grids, and people with every desk of it."""
    city = build(size, 7)
    root = city.areas.code[city.areas.kind == "city"].iloc[0]
    with transaction(store.owner, "import") as conn:
        batch = imports.open_batch(conn, "city")
        for net in NETS:
            imports.commit_areas(conn, city.areas[city.areas.net == net], batch)
        imports.commit_people(conn, city.parties, batch)
        held = city.duties[(city.duties.role == "grid_leader") & city.duties.service.isna()]
        imports.commit_people(conn, held[["party", "role", "net", "area"]], batch)
        imports.commit_services(conn, SERVICES, batch)
    toy.load_people(store, list(ROLES), [(role, role, "admin", root) for role in ROLES])
    return city


def reports(store: Store, count: int, label: str) -> gpd.GeoDataFrame:
    """So many issues, each inside a random grid in force."""
    draw = np.random.default_rng(count)
    with transaction(store.owner, "test") as conn:
        grids = areas.read_areas(conn, net="grid")
    inside = grids.geometry.representative_point().iloc[draw.integers(0, len(grids), count)]
    rows = {"source": "web", "service": "lamp", "text": "路灯不亮"}
    numbers = [f"{label}-{n}" for n in range(count)]
    told = pd.DataFrame({"reference": numbers, **rows})
    return gpd.GeoDataFrame(told, geometry=inside.to_numpy(), crs="EPSG:4326")


def joined(store: Store, scope: str) -> int:
    """The number of an approved plan in which two neighbours of each second community are one."""
    with transaction(store.owner, "test") as conn:
        grids = areas.read_areas(conn, net="grid", scope=scope)
    ordinary = grids[~grids.special].reset_index(drop=True)
    label = ordinary.code.copy()
    for community, own in list(ordinary.groupby("parent"))[::2]:
        pair = neighbours(own)
        label[pair] = f"joined {community}"
    atoms = gpd.GeoDataFrame(
        {"code": "atom-" + ordinary.code, "households": 100, "within": ordinary.parent,
         "grid": label}, geometry=ordinary.geometry, crs="EPSG:4326",
    )  # fmt: skip
    with transaction(store.app, "planner") as conn:
        plan = plans.create(conn, net="grid", scope=scope, title="合并")
        plans.save_assignment(conn, plan, atoms)
    for person, edge in (("planner", "submit"), ("checker", "check"), ("approver", "approve")):
        with transaction(store.app, person) as conn:
            plans.move(conn, plan, edge)
    return plan


def neighbours(own: gpd.GeoDataFrame) -> list[Any]:
    """The rows of two grids of a community that share a border; none where there are none."""
    first = own.index[0]
    border = shapely.intersection(own.geometry.to_numpy(), own.geometry[first])
    beside = own.index[(shapely.length(border) > 0) & (own.index != first)]
    return [first, beside[0]] if len(beside) else []


HASHES: Final = {
    "areas": "select md5(string_agg(md5(a::text), '' order by code)) from (select code, name,"
    " parent, kind, special, path, ST_AsBinary(geom) as geom from area"
    " where net = 'grid' and valid_to is null) as a",
    "duties": "select md5(string_agg(d::text, '' order by d::text)) from (select party, role, net,"
    " area, lead from duty where valid_to is null) as d",
    # Moved there and back a task has the place it had, though not the version.
    "tasks": "select md5(string_agg(t::text, '' order by id)) from (select id, issue, party, role,"
    " net, area, state from task where id <= :task) as t",
    "events": "select md5(string_agg(md5(e::text), '' order by id)) from event as e"
    " where id <= :event",
}


def newest(store: Store) -> dict[str, int]:
    """The newest task and event."""
    with transaction(store.owner, "test") as conn:
        asked = "select max(id), (select max(id) from event) from task"
        task, event = conn.execute(text(asked)).one()
    return {"task": task or 0, "event": event}


def hashes(store: Store, upto: dict[str, int]) -> dict[str, str]:
    """What is in force, and what had happened, as one number each."""
    with transaction(store.owner, "test") as conn:
        return {
            name: conn.execute(text(asked), {k: v for k, v in upto.items() if f":{k}" in asked})
            .scalar_one()
            for name, asked in HASHES.items()
        }  # fmt: skip
