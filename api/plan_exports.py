"""What a plan is, gathered for a file; and an assignment taken back into a draft."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from api.comparing import plan_row
from api.files.assignments import fitted
from api.files.plan_tables import PlanTables
from geo.comparison import owners
from geo.errors import BadDraftError
from geo.plan import PlanDiff, bounds_text, compare, ledger
from geo.store.database import Connection
from geo.store.net.areas import read_areas, read_beside
from geo.store.net.ground import read_ground
from geo.store.net.naming import party_names
from geo.store.net.people import read_duties
from geo.store.net.places import read_places
from geo.store.planning import plans
from geo.store.planning.standing import locked_plan
from geo.store.planning.tiling import broken_grids

# What names a side of a grid: of the base map, beside the lanes.
_BESIDE = ("road", "rail", "water")


def plan_tables(conn: Connection, plan: int) -> PlanTables:
    """Return a plan as tables: its atoms, the grids there would be, and their ledger.

    Raises
    ------
    MissingError
        When there is no such plan that the acting person may see.
    BadDraftError
        When nothing has been drawn in it.
    """
    row = plan_row(conn, plan)
    atoms, scope = _atoms(conn, plan), str(row["scope"])
    grids = read_areas(conn, net=str(row["net"]), kind="grid", scope=scope, plan=plan)
    places = read_places(conn, scope=scope, plan=plan)
    owned = places.assign(grid=owners(grids, places))
    weighed = _weighed(conn, grids, owned, scope)
    bounds = bounds_text(weighed, _beside(conn, scope, plan), around=read_beside(conn, scope))
    rows = ledger(weighed, owned, _duties(conn, weighed["code"]), bounds)
    columns = ["code", "name", "parent", "special", "rule", "households", "people", "geometry"]
    shown = weighed[columns].assign(bounds=bounds)
    return PlanTables(atoms.rename(columns={"code": "atom"}), shown, rows)


class Taken(NamedTuple):
    """What an assignment changes in a draft.

    Parameters
    ----------
    moves
        The atoms that change grid.
    broken
        Codes of the grids that are then in several pieces.
    loose
        How many atoms are then in no grid: such a draft is not to be submitted.
    """

    moves: PlanDiff
    broken: tuple[str, ...]
    loose: int


def take_back(conn: Connection, plan: int, table: pd.DataFrame, *, partial: bool) -> Taken:
    """Return what changes in a draft whose atoms go to the grids that a table names.

    Grids are numbered by the rule, whatever they are called in the table. A table that says what
    the plan says writes nothing.

    Parameters
    ----------
    table
        Columns `atom` and `grid` (missing: in no grid).
    partial
        Whether atoms may be left out of it: they stay where they are.

    Raises
    ------
    MissingError, NotAllowedError, PlanStepError
        When the plan is not to be seen, the acting person plans elsewhere, or it is no draft.
    BadAssignmentError, BadDraftError
        When the table does not fit the plan, or the grids are not possible.
    """
    row = locked_plan(conn, plan)
    before = _atoms(conn, plan)
    given = fitted(table, before["code"].tolist(), partial=partial)
    wanted = given.reindex(before["code"]).to_numpy(object)
    named = before["code"].isin(given.index)
    drawn = before.assign(grid=before["grid"].astype("object").mask(named, wanted).astype("str"))
    if not drawn["grid"].equals(before["grid"]):
        plans.save_assignment(conn, plan, drawn)
    was, will = (frame.set_index("code") for frame in (before, plans.read_atoms(conn, plan)))
    moves = compare(was["grid"], will["grid"], pd.DataFrame(was))
    broken = broken_grids(conn, net=row["net"], plan=plan, scope=row["scope"])
    return Taken(moves, tuple(sorted(broken.index)), int(will["grid"].isna().sum()))


def _atoms(conn: Connection, plan: int) -> gpd.GeoDataFrame:
    atoms = plans.read_atoms(conn, plan)
    if atoms.empty:
        raise BadDraftError(
            reason="nothing is drawn in it", reason_zh="方案里还没有地块", codes=plan
        )
    return atoms


def _weighed(
    conn: Connection, grids: gpd.GeoDataFrame, places: gpd.GeoDataFrame, scope: str
) -> gpd.GeoDataFrame:
    """Return the grids with rule, households and people: of the buildings, else of the atoms."""
    homes = places[places["kind"] == "building"]
    counts = homes.groupby("grid")[["households", "people"]].sum()
    lived = {name: grids["code"].map(counts[name]).astype("Int64") for name in counts}
    drawn = grids["households"] if homes.empty else 0
    communities = read_areas(conn, net="admin", kind="community", scope=scope).set_index("code")
    weighed: gpd.GeoDataFrame = grids.assign(
        rule=grids["rule"].fillna(grids["parent"].map(communities["rule"])),
        households=lived["households"].fillna(drawn).fillna(0).astype("int64"),
        people=lived["people"].fillna(0).astype("int64"),
    )
    return weighed


def _beside(conn: Connection, scope: str, plan: int) -> gpd.GeoDataFrame:
    ground = read_ground(conn, scope, plan=plan)
    return ground[ground["kind"].isin(_BESIDE)]


def _duties(conn: Connection, codes: pd.Series) -> pd.DataFrame:
    """Return the duties held today on grids, with the name of who holds each."""
    held = read_duties(conn, areas=codes)
    on_grids = held[held["net"] == "grid"]
    return on_grids.assign(name=on_grids["party"].map(party_names(conn, on_grids["party"])))
