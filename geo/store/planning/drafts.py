"""The inside of a draft: its atoms, the areas that follow from them, and the codes these get."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, RowMapping, delete, select, text

from geo.crs import WGS84
from geo.errors import BadDraftError
from geo.frames import Column, Contract
from geo.plan import grid_name, number_grids
from geo.store.answers import question, rows_of, shapes_of
from geo.store.merging import refusing
from geo.store.net.areas import read_areas
from geo.store.schema.tables import AREA, ATOM, DRAFT_AREA
from geo.store.staging import stage

_ATOMS: Final = Contract(
    "atoms",
    ("code",),
    (
        Column("code", "text", required=True),
        Column("households", "int", default=0),
        Column("within", "text", required=True),
        Column("estate", "text"),
        Column("grid", "text"),
        Column("previous", "text"),
        Column("geometry", "geometry", required=True),
    ),
)
_DRAFT_AREAS: Final = Contract(
    "draft_areas",
    ("code",),
    (
        Column("code", "text", required=True),
        Column("name", "text", default=""),
        Column("parent", "text", required=True),
        Column("rule", "text"),
        Column("special", "bool", default=False),
        Column("households", "int", default=0),
        Column("geometry", "geometry", required=True),
    ),
)
_SHOWN: Final = 5
SPECIAL_RULE: Final = "special"  # of the rules file


def keep_atoms(conn: Connection, plan: int, atoms: gpd.GeoDataFrame) -> list[str]:
    """Put a draft's atoms in place of those it had, with the grid of today of each.

    Returns
    -------
    list of str
        The communities in which an atom is new or has another grid than before.

    Raises
    ------
    BadFrameError, RefusedRowsError
        When the frame or one of its rows cannot be stored.
    """
    frame = atoms if "code" in atoms.columns else atoms.rename_axis("code").reset_index()
    texts = ("code", "grid", "previous", "estate", "within")
    named = {c: frame[c].astype("object").map(str, na_action="ignore") for c in texts if c in frame}
    staged = stage(conn, frame.set_geometry("geometry").to_crs(WGS84).assign(**named), _ATOMS)
    columns = "code, households, within, estate, grid, previous, geom"
    redrawn = _redrawn(conn, plan, staged)
    conn.execute(delete(ATOM).where(ATOM.c.plan == plan))
    order = f"insert into atom (plan, {columns}) select :plan, {columns} from {staged}"
    with refusing("atoms"):
        conn.execute(text(order), {"plan": plan})
    find_previous(conn, plan, anew=False)
    return redrawn


def _redrawn(conn: Connection, plan: int, staged: str) -> list[str]:
    asked = (
        f"select distinct s.within from {staged} as s"
        " left join atom as a on a.plan = :plan and a.code = s.code"
        " where a.code is null or a.grid is distinct from s.grid order by 1"
    )
    return list(conn.execute(text(asked), {"plan": plan}).scalars())


def find_previous(conn: Connection, plan: int, *, anew: bool) -> None:
    """Fill in which of today's grids each atom lies in; `anew`: also where it was known."""
    conn.execute(question("previous_grid_of_atoms"), {"plan": plan, "anew": anew})


def read_atoms(conn: Connection, plan: int) -> gpd.GeoDataFrame:
    """Return a draft's atoms, by code."""
    names = ("code", "households", "within", "estate", "grid", "previous")
    columns = (*(ATOM.c[name] for name in names), ATOM.c.geom.ST_AsBinary().label("geometry"))
    found = rows_of(conn, select(*columns).where(ATOM.c.plan == plan).order_by(ATOM.c.code))
    return shapes_of(found, "geometry")


def derive(conn: Connection, plan: RowMapping) -> gpd.GeoDataFrame:
    """Return a draft's areas, made of its atoms: dissolved, numbered by the rule, named, stored.

    The atoms' labels become the areas' codes.

    Raises
    ------
    BadDraftError
        When a grid lies in two communities, or an atom outside the scope.
    CodesExhaustedError
        When a community has no number left.
    """
    atoms = read_atoms(conn, plan["id"])
    communities = read_areas(conn, net="admin", kind="community", scope=plan["scope"])
    _demand_order(atoms, communities)
    special = special_grids(conn, plan["id"])
    areas = _dissolved(atoms[atoms["grid"].notna()])
    areas["special"] = areas["code"].isin(special)
    codes = _codes(conn, plan, areas, atoms)
    relabel(conn, plan["id"], atoms["code"], atoms["grid"].map(codes))
    known = communities.set_index("code")
    areas["code"] = areas["code"].map(codes)
    areas["rule"] = areas["parent"].map(known["rule"]).mask(areas["special"], SPECIAL_RULE)
    areas["name"] = [
        special.get(code) or grid_name(name, code)
        for name, code in zip(areas["parent"].map(known["name"]), areas["code"], strict=True)
    ]
    return _keep_areas(conn, plan["id"], areas.sort_values("code", ignore_index=True))


def special_grids(conn: Connection, plan: int) -> dict[str, str]:
    """Return the special grids cut out of the ground of a draft: name by code."""
    mine = (DRAFT_AREA.c.plan == plan, DRAFT_AREA.c.special)
    found = conn.execute(select(DRAFT_AREA.c.code, DRAFT_AREA.c.name).where(*mine))
    return {row.code: row.name for row in found}


def _demand_order(atoms: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> None:
    outside = sorted(set(atoms["within"]) - set(communities["code"]))
    if outside:
        raise BadDraftError(
            reason="atoms outside the scope",
            reason_zh="有地块不在方案范围内",
            codes=", ".join(outside[:_SHOWN]),
        )
    spread = atoms.groupby("grid")["within"].nunique()
    torn = [str(label) for label in spread.index[spread > 1]]
    if torn:
        raise BadDraftError(
            reason="grids in two communities",
            reason_zh="有网格跨社区",
            codes=", ".join(torn[:_SHOWN]),
        )


def _dissolved(atoms: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one row a label: code, parent, households, geometry."""
    rows = atoms[["grid", "within", "households", "geometry"]]
    how = {"within": "first", "households": "sum"}
    # A coverage's union is exact and fast; atoms that overlap show up as a torn tiling later.
    method = "coverage" if rows.geometry.is_valid_coverage() else "unary"
    made = rows.dissolve("grid", aggfunc=how, method=method, as_index=False)
    renamed: gpd.GeoDataFrame = made.rename(columns={"grid": "code", "within": "parent"})
    return renamed


def _codes(
    conn: Connection, plan: RowMapping, areas: gpd.GeoDataFrame, atoms: gpd.GeoDataFrame
) -> dict[str, str]:
    """Return the code of each label: kept where the grid is the same one, else never used."""
    now = read_areas(conn, net=plan["net"], kind="grid", scope=plan["scope"])
    ever = select(AREA.c.code).where(
        AREA.c.net == plan["net"], AREA.c.parent.in_(areas["parent"].unique().tolist())
    )
    used = conn.execute(ever.distinct()).scalars().all()
    lived = atoms.rename(columns={"grid": "new", "previous": "old"})
    codes = number_grids(
        areas[["code", "parent", "special", "geometry"]],
        now[["code", "parent", "special", "geometry"]],
        households=lived.loc[lived["new"].notna(), ["new", "old", "households"]],
        used_numbers=used,
    )
    return dict(zip(areas["code"], codes, strict=True))


def relabel(conn: Connection, plan: int, atoms: pd.Series, labels: pd.Series) -> None:
    """Give atoms of a draft, by code, other labels (missing: no grid)."""
    pairs = {"codes": atoms.tolist(), "labels": labels.astype("object").where(labels.notna(), None)}
    order = text(
        "update atom set grid = l.label"
        " from unnest(cast(:codes as text[]), cast(:labels as text[])) as l (code, label)"
        " where atom.plan = :plan and atom.code = l.code and atom.grid is distinct from l.label"
    )
    conn.execute(order, {"plan": plan, "codes": pairs["codes"], "labels": list(pairs["labels"])})


def _keep_areas(conn: Connection, plan: int, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    staged = stage(conn, areas, _DRAFT_AREAS)
    columns = "code, name, parent, rule, special, households, geom"
    conn.execute(delete(DRAFT_AREA).where(DRAFT_AREA.c.plan == plan))
    order = f"insert into draft_area (plan, {columns}) select :plan, {columns} from {staged}"
    with refusing("draft_areas"):
        conn.execute(text(order), {"plan": plan})
    return areas
