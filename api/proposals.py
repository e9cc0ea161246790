"""A first draft by the machine: today's ground is read, drawn anew, and kept as a draft."""

from __future__ import annotations

from typing import Final

import geopandas as gpd

from geo.atoms import make_atoms
from geo.comparison import owners
from geo.redraw import Quality, Redrawn, redraw
from geo.rules import Rules
from geo.store.database import Connection
from geo.store.events import record
from geo.store.net.areas import read_areas
from geo.store.net.ground import BARRIERS, read_ground
from geo.store.net.places import read_places
from geo.store.net.revisions import At, demand_moment
from geo.store.planning import plans

REPORTED: Final = ("within", "in_band", "reason", "status", "zh", "en", "moved_households")


def atoms_of(conn: Connection, scope: str, at: At | None = None) -> gpd.GeoDataFrame:
    """Return the atoms of an area in force, as `geo.atoms.make_atoms` has them.

    None crosses a border of the grids of today, or of a revision or date, unless its estate does:
    they can be drawn again to the millimetre.
    """
    ground = read_ground(conn, scope)
    grids = read_areas(conn, net="grid", kind="grid", scope=scope)
    buildings = read_places(conn, kind="building", scope=scope)
    kept = grids if at is None else read_areas(conn, net="grid", kind="grid", scope=scope, at=at)
    return make_atoms(
        read_areas(conn, net="admin", kind="community", scope=scope),
        # The grid a building was imported with may be gone: what counts is the one in force.
        buildings.assign(grid=owners(grids, buildings)),
        estates=read_areas(conn, net="estate", scope=scope),
        barriers=ground[ground["kind"].isin(BARRIERS)],
        specials=grids[grids["special"].astype("bool")],
        grids=kept[~kept["special"].astype("bool")],
    )


def propose(
    conn: Connection,
    plan: int,
    atoms: gpd.GeoDataFrame,
    *,
    rules: Rules,
    barriers: gpd.GeoDataFrame | None = None,
    seed: int = 0,
    quality: Quality = "best",
) -> Redrawn:
    """Return the redraw of a draft's atoms, kept in the draft together with what it says."""
    drawn = redraw(
        atoms,
        weight="households",
        rules=rules,
        within="within",
        groups="estate",
        previous="previous",
        seed=seed,
        quality=quality,
        barriers=barriers,
    )
    keep = atoms.assign(code=atoms["atom"], grid=drawn.labels)
    plans.save_assignment(conn, plan, keep[~keep["special"].astype("bool")])
    said = drawn.report.communities[list(REPORTED)].to_dict("records")
    odd = drawn.report.remarks.to_dict("records")
    record(conn, "plan", plan, "propose", {"seed": seed, "communities": said, "remarks": odd})
    return drawn


def begin_as_was(conn: Connection, *, scope: str, title: str, at: At | None = None) -> int:
    """Return the number of a new draft with the grids in force.

    An atom goes to the grid its middle lies in. What may lie in several is an estate: it goes to
    the one in which most of its households live. One that no grid of its community has stays in
    none.

    Parameters
    ----------
    at
        The grids of that revision or date instead, by the middles of the atoms alone.

    Raises
    ------
    MissingError, PlanScopeError, NotAllowedError
        As `geo.store.planning.plans.create`; when there is no such revision.
    """
    demand_moment(conn, "grid", at)
    plan = plans.create(conn, net="grid", scope=scope, title=title)
    atoms = atoms_of(conn, scope, at)
    ordinary = atoms[~atoms["special"].astype("bool")]
    grids = read_areas(conn, net="grid", kind="grid", scope=scope, at=at)
    home = grids[~grids["special"].astype("bool")].set_index("code")["parent"]
    middle = gpd.GeoDataFrame(geometry=ordinary.representative_point())
    lived, grid = ordinary["previous"].astype("object"), owners(grids, middle).astype("object")
    if at is None:
        estate = ordinary["estate"].notna() & (lived.map(home) == ordinary["within"])
        grid = lived.where(estate, grid)
        ordinary = ordinary.assign(previous=grid)
    fits = grid.map(home) == ordinary["within"]
    plans.save_assignment(conn, plan, ordinary.assign(code=ordinary["atom"], grid=grid.where(fits)))
    return plan
