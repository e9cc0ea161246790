"""Areas read: as they are, as they were at a revision or date, or as a draft would have them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Connection, func, select

from geo.errors import MissingError
from geo.frames import AREAS, DEPARTMENT, conform
from geo.store.answers import question, rows_of, shapes_of
from geo.store.events import record
from geo.store.net.revisions import At, number_at, number_beside
from geo.store.schema.tables import AREA, NET, PLAN

_METRES_PER_DEGREE: Final = 111_320.0  # of latitude; of longitude it is less, so borders stay finer
_CORNERED: Final = 1e-8  # degrees; further from what is new no edge gets a corner
_SIDES: Final = ("west", "south", "east", "north")
_EXTRA: Final = ("valid_from", "valid_to", "households")


def net_names(conn: Connection) -> list[str]:
    """Return the names of the nets that have areas, in order."""
    return list(conn.execute(select(NET.c.name).order_by(NET.c.name)).scalars())


def departmental_nets(conn: Connection) -> list[dict[str, str]]:
    """Return the nets of departments that are in force: `net` (code) and `name`, as people say.

    In the order of their codes; the name of one that nobody has called is its code.
    """
    asked = select(NET.c.name, NET.c.title).where(NET.c.name.startswith(DEPARTMENT))
    rows = conn.execute(asked.order_by(NET.c.name))
    return [{"net": row.name, "name": row.title or row.name} for row in rows]


def call_net(conn: Connection, net: str, title: str) -> None:
    """Call a net by a name; '' takes it away.

    Raises
    ------
    MissingError
        When there is no such net.
    """
    named = NET.update().where(NET.c.name == net).values(title=title.strip())
    if not conn.execute(named).rowcount:
        raise MissingError(noun="net", noun_zh="网", key=net)
    record(conn, "net", net, "call", {"title": title.strip()})


def read_over(conn: Connection, net: str, scope: str) -> gpd.GeoDataFrame:
    """Return the areas of a net in force that share ground with an area: code, name, geometry.

    Departments' areas nest in no community, so they are found by where they lie.

    Parameters
    ----------
    scope
        Code of an area of the admin net.
    """
    ground = select(AREA.c.geom).where(
        AREA.c.net == "admin", AREA.c.code == scope, AREA.c.valid_to.is_(None)
    )
    shape = AREA.c.geom.ST_AsBinary().label("geometry")
    # The box by itself: under row-level security ST_Intersects finds no index.
    near = AREA.c.geom.intersects(ground.scalar_subquery())
    over = AREA.c.geom.ST_Intersects(ground.scalar_subquery())
    here = (AREA.c.net == net, AREA.c.valid_to.is_(None), near, over)
    asked = select(AREA.c.code, AREA.c.name, shape).where(*here).order_by(AREA.c.code)
    return shapes_of(rows_of(conn, asked), "geometry")


def read_beside(conn: Connection, scope: str) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return what an area of the admin net borders on: grids in force, then areas of its own kind.

    Columns code, name, geometry. Its own grids are among the first.
    """
    own = AREA.alias("own")
    here = (own.c.net == "admin", own.c.code == scope, own.c.valid_to.is_(None))
    shape = AREA.c.geom.ST_AsBinary().label("geometry")
    asked = (
        select(AREA.c.code, AREA.c.name, shape)
        .join(own, AREA.c.geom.intersects(own.c.geom) & AREA.c.geom.ST_Intersects(own.c.geom))
        .where(*here, AREA.c.net == "admin", AREA.c.valid_to.is_(None), AREA.c.kind == own.c.kind)
        .where(AREA.c.code != own.c.code)
        .order_by(AREA.c.code)
    )
    return read_over(conn, "grid", scope), shapes_of(rows_of(conn, asked), "geometry")


def read_touching(conn: Connection, grid: str | None) -> gpd.GeoDataFrame:
    """Return a grid in force and those that touch it, of any community, by the contract AREAS.

    Itself first, then by the length of the border they share; those at a corner last. Empty where
    there is no such grid.
    """
    found = rows_of(conn, question("grids_beside"), grid=grid)
    return conform(shapes_of(found, "geometry"), AREAS)


def read_lane(conn: Connection, lane: str | None) -> gpd.GeoDataFrame:
    """Return a lane in force: code, name, geometry (a line); empty where there is no such lane."""
    shape = func.ST_AsBinary(AREA.c.geom).label("geometry")
    asked = select(AREA.c.code, AREA.c.name, shape)
    asked = asked.where(AREA.c.net == "lane", AREA.c.code == lane, AREA.c.valid_to.is_(None))
    return shapes_of(rows_of(conn, asked), "geometry")


def read_areas(
    conn: Connection,
    *,
    net: str,
    kind: str | None = None,
    scope: str | None = None,
    at: At | None = None,
    plan: int | None = None,
    simplify: float | None = None,
) -> gpd.GeoDataFrame:
    """Return areas of a net by the contract AREAS, with `valid_from` and `valid_to` (revisions).

    Parameters
    ----------
    scope
        Code of an area of the admin net: what lies under it, itself included.
    at
        Date or revision number; now by default.
    plan
        As if this draft were in force: its areas, with `households`, beside the special ones within
        its scope and what lies beyond it. Nets that it is not drawn for are as they are now.
    simplify
        Metres: borders simplified as a coverage, so that neighbours keep sharing them.

    Raises
    ------
    MissingError
        When there is no such revision, or no such plan that the acting person may see.
    """
    where = {"kind": kind, "scope": scope}
    if plan is not None and net_of_plan(conn, plan) == net:
        found = rows_of(conn, question("areas_of_plan"), plan=plan, **where)
    elif at is None or scope is None:
        number = number_at(conn, net, at)
        found = rows_of(conn, question("areas_in_force"), net=net, number=number, **where)
    else:
        admin = number_beside(conn, "admin", at, of=net)
        numbers = {"number": number_at(conn, net, at), "admin": admin}
        found = rows_of(conn, question("areas_at"), net=net, **numbers, **where)
    frame = _typed(found)
    return frame if simplify is None else _simplified(frame, simplify / _METRES_PER_DEGREE)


def read_grids_since(conn: Connection, since: int) -> gpd.GeoDataFrame:
    """Return the grids in force that are others than at a revision, as `read_areas` does.

    Those beside them too: a publication may put corners on their edges.
    """
    return _typed(rows_of(conn, question("grids_since"), since=since, reach=_CORNERED))


def count_areas(
    conn: Connection, *, net: str, kind: str | None = None, scope: str | None = None
) -> int:
    """Return how many areas `read_areas` would return of those in force, quickly."""
    found = rows_of(conn, question("areas_counted"), net=net, kind=kind, scope=scope)
    return int(found["n"].iloc[0])


def areas_called(
    conn: Connection, words: str, limit: int, *, kind: str | None = None
) -> list[dict[str, Any]]:
    """Return areas and grids in force with these letters in the name, or this beginning of a code.

    Of one kind alone, where that is named.

    Returns
    -------
    list of dict
        `kind`, `code`, `name`, `within` (names above it, from the top down), `box` (west, south,
        east, north) and `at` (a place inside) in degrees, EPSG:4326.
    """
    quoted = re.sub(r"([\\%_])", r"\\\1", words.strip())
    asked = {"words": words.strip(), "like": quoted, "most": limit, "kind": kind}
    found = conn.execute(question("areas_named"), asked)
    told = ("kind", "code", "name", "within")
    return [
        {name: row[name] for name in told}
        | {"box": [row[side] for side in _SIDES], "at": [row["lon"], row["lat"]]}
        for row in found.mappings()
    ]


def ancestry(conn: Connection, code: str, *, nets: Sequence[str] = ("admin",)) -> list[str]:
    """Return the codes from the top down to an area, of the admin net unless others are named.

    Raises
    ------
    MissingError
        When there is no such area.
    """
    now = (AREA.c.net.in_(nets), AREA.c.code == code, AREA.c.valid_to.is_(None))
    path = conn.execute(select(AREA.c.path).where(*now)).scalar()
    if path is None:
        raise MissingError(noun="area", noun_zh="区划", key=code)
    return list(path)


def net_of_plan(conn: Connection, plan: int) -> str:
    """Return the net a plan is drawn for.

    Raises
    ------
    MissingError
        When there is no such plan that the acting person may see.
    """
    net: str | None = conn.execute(select(PLAN.c.net).where(PLAN.c.id == plan)).scalar()
    if net is None:
        raise MissingError(noun="plan", noun_zh="方案", key=plan)
    return net


def _typed(found: pd.DataFrame) -> gpd.GeoDataFrame:
    shaped = shapes_of(found, "geometry")
    extra = {name: found[name].astype("Int64") for name in _EXTRA if name in found.columns}
    frame: gpd.GeoDataFrame = conform(shaped, AREAS).assign(**extra)
    return frame


def _simplified(frame: gpd.GeoDataFrame, tolerance: float) -> gpd.GeoDataFrame:
    shapes = frame.geometry.to_numpy()
    polygonal = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 polygons have two dimensions
    thinner = shapes.copy()
    thinner[polygonal] = shapely.coverage_simplify(shapes[polygonal], tolerance)
    thinner[~polygonal] = shapely.simplify(shapes[~polygonal], tolerance)
    return frame.set_geometry(gpd.GeoSeries(thinner, frame.index, crs=frame.crs))
