"""One toy city, drawn in ASCII: each letter is a grid of one square, on a lattice of 0.01 degrees.

a b | c d      row 1        community 001: a b e f      community 002: c d g h
e f | g h      row 0        f holds a special grid, its south-western quarter
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.store import imports
from geo.store.database import Store, transaction

WEST: Final = 117.0
SOUTH: Final = 36.6
STEP: Final = 0.01
SUBDISTRICT: Final = "370102001"
ONE: Final = f"{SUBDISTRICT}001"
TWO: Final = f"{SUBDISTRICT}002"
PEOPLE: Final = ("planner", "checker", "approver", "dispatcher", "leader", "stranger")


def square(column: float, row: float, width: float = 1, height: float = 1) -> shapely.Polygon:
    """Return a rectangle of the lattice, its corners rounded so that neighbours share them."""
    west, south = WEST + column * STEP, SOUTH + row * STEP
    east, north = WEST + (column + width) * STEP, SOUTH + (row + height) * STEP
    return shapely.box(*(round(v, 9) for v in (west, south, east, north)))


SPECIAL: Final = square(1, 0, 0.5, 0.5)
GRIDS: Final = {
    f"{ONE}001": square(0, 1),
    f"{ONE}002": square(1, 1),
    f"{ONE}003": square(0, 0),
    f"{ONE}004": shapely.difference(square(1, 0), SPECIAL),
    f"{ONE}901": SPECIAL,
    f"{TWO}001": square(2, 1),
    f"{TWO}002": square(3, 1),
    f"{TWO}003": square(2, 0),
    f"{TWO}004": square(3, 0),
}


def frame(rows: list[tuple[object, ...]], columns: str) -> gpd.GeoDataFrame:
    """Return a frame of rows with columns named in one text, the last its geometry."""
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=columns.split()), geometry="geometry", crs="EPSG:4326"
    )


BOXES: Final = {ONE: (0, 0, 2, 2), TWO: (2, 0, 2, 2)}  # column, row, width, height


def admin() -> gpd.GeoDataFrame:
    """Return the city, its district, subdistrict and two communities."""
    whole = square(0, 0, 4, 2)
    # The subdistrict's border has the communities' corners, as a coverage has.
    rows: list[tuple[object, ...]] = [
        ("admin", "city", "3701", "济南市", None, whole),
        ("admin", "district", "370102", "历下区", "3701", whole),
        ("admin", "subdistrict", SUBDISTRICT, "龙洞街道", "370102", whole),
        ("admin", "community", ONE, "甲社区", SUBDISTRICT, square(0, 0, 2, 2)),
        ("admin", "community", TWO, "乙社区", SUBDISTRICT, square(2, 0, 2, 2)),
    ]
    return frame(rows, "net kind code name parent geometry")


def grids() -> gpd.GeoDataFrame:
    """Return the nine grids, one of them special."""
    rows: list[tuple[object, ...]] = [
        ("grid", "grid", code, f"网格{code[-3:]}", code[:12], code.endswith("901"), shape)
        for code, shape in GRIDS.items()
    ]
    return frame(rows, "net kind code name parent special geometry")


def lanes() -> gpd.GeoDataFrame:
    """Return two lanes: one along the middle, one along the southern edge."""
    rows: list[tuple[object, ...]] = [
        ("north", "甲街", SUBDISTRICT, _line(0, 1, 4, 1)),
        ("south", "乙街", SUBDISTRICT, _line(0, 0, 4, 0)),
    ]
    return frame(rows, "code name parent geometry")


def parties() -> pd.DataFrame:
    """Return a person of each role, one without any duty, and a leader for each grid."""
    named = [(code, "person", code) for code in (*PEOPLE, *(f"leader-{code}" for code in GRIDS))]
    return pd.DataFrame(named, columns=["code", "kind", "name"])


def duties() -> pd.DataFrame:
    """Return the duties: planning and dispatching over the subdistrict, a leader on each grid."""
    above = [(role, role, "admin", SUBDISTRICT) for role in ("planner", "checker", "dispatcher")]
    above += [("approver", "approver", "admin", "370102"), ("leader", "grid_leader", "admin", TWO)]
    led = [(f"leader-{code}", "grid_leader", "grid", code) for code in GRIDS]
    return pd.DataFrame([*above, *led], columns=["party", "role", "net", "area"])


def atoms() -> gpd.GeoDataFrame:
    """Return atoms of community 001: each ordinary grid in four, 100 households each."""
    return quartered(ONE)


def quartered(community: str) -> gpd.GeoDataFrame:
    """Return atoms of a community: each ordinary grid in four, 100 households each."""
    rows: list[tuple[object, ...]] = []
    for code in sorted(GRIDS):
        if code.startswith(community) and not code.endswith("901"):
            rows.extend(_quarters(code, GRIDS[code]))
    return frame(rows, "code households within grid geometry")


def other_atoms() -> gpd.GeoDataFrame:
    """Return atoms of community 002: each of its grids one, all given to one grid."""
    rows: list[tuple[object, ...]] = [
        (f"atom-{code}", 100, TWO, "one", shape)
        for code, shape in GRIDS.items()
        if code.startswith(TWO)
    ]
    return frame(rows, "code households within grid geometry")


def whole_atoms() -> gpd.GeoDataFrame:
    """Return the atoms of both communities."""
    return gpd.GeoDataFrame(pd.concat([atoms(), other_atoms()], ignore_index=True))


def load(store: Store) -> None:
    """Import the whole city into an empty store."""
    with transaction(store.owner, "import") as conn:
        batch = imports.open_batch(conn, "toy")
        imports.commit_areas(conn, admin(), batch)
        imports.commit_areas(conn, grids(), batch)
        imports.commit_lanes(conn, lanes(), batch)
        imports.commit_people(conn, parties(), batch)
        imports.commit_people(conn, duties(), batch)


def load_people(store: Store, codes: list[str], duties: list[tuple[str, str, str, str]]) -> None:
    """Import more persons, and duties as party, role, net and area."""
    persons = pd.DataFrame({"code": codes, "kind": "person", "name": codes})
    held = pd.DataFrame(duties, columns=["party", "role", "net", "area"])
    with transaction(store.owner, "import") as conn:
        batch = imports.open_batch(conn, "toy")
        imports.commit_people(conn, persons, batch)
        imports.commit_people(conn, held, batch)


def points(*places: tuple[float, float]) -> list[BaseGeometry]:
    """Return points at columns and rows of the lattice."""
    return [shapely.Point(WEST + x * STEP, SOUTH + y * STEP) for x, y in places]


def _quarters(code: str, shape: BaseGeometry) -> list[tuple[object, ...]]:
    west, south, _, _ = shape.bounds
    column, row = round((west - WEST) / STEP, 3), round((south - SOUTH) / STEP, 3)
    column, row = int(column), int(row)
    quarters = [square(column + x, row + y, 0.5, 0.5) for y in (0, 0.5) for x in (0, 0.5)]
    kept = [part for part in quarters if shapely.contains(shape, part.centroid)]
    return [(f"{code}-{i}", 100, code[:12], code, part) for i, part in enumerate(kept)]


def _line(x1: float, y1: float, x2: float, y2: float) -> shapely.LineString:
    return shapely.LineString(points((x1, y1), (x2, y2)))
