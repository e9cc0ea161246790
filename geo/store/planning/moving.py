"""Tasks that nobody has taken, moved to where their issue lies once the grids have changed.

Who owns each position is asked of the database where there are few, and of the grids around them in
memory where there are many: asking the database of each took most of the time of moving.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from geo.crs import Degrees
from geo.frames import Column, Contract
from geo.lookup import tree
from geo.lookup.coverage import Coverage, Objects
from geo.store.answers import question
from geo.store.net.lookup import MANY
from geo.store.net.revisions import number_at
from geo.store.staging import stage

# Numbers as they are in memory: ten thousands of rows cost more to take apart than to find.
_PLACED: Final = text(
    "select string_agg(int8send(id) || float8send(x) || float8send(y), '' order by id)"
    " from pg_temp.waiting where x is not null"
)
_ROW: Final = np.dtype([("id", ">i8"), ("x", ">f8"), ("y", ">f8")])
# Tasks that were looked at, as they were left; one that has changed since has another version.
_NONE_PLACED: Final = text(
    "create temporary table placed (id bigint, version bigint) on commit drop"
)
_LOOKED_AT: Final = text("insert into pg_temp.placed select id, version from pg_temp.waiting")
# That a number is told once shows in three thousand rows as well as in thirty thousand.
_FEW_SAMPLED: Final = (
    "alter table pg_temp.{0} alter {1} set statistics 10, alter {2} set statistics 10"
)
_PLACED_SAMPLED: Final = text(_FEW_SAMPLED.format("placed", "id", "version"))
_WAITING_SAMPLED: Final = text(_FEW_SAMPLED.format("waiting", "id", "area"))
# The index of paths lists what is new, and is sorted by whoever finds the list full: a move leaves
# its own, a third of a whole city's tasks, to whoever writes next.
_SORTED_LATER: Final = text("set local gin_pending_list_limit = '16MB'")
_LOCATED: Final = Contract(
    "located", ("id",), (Column("id", "int", required=True), Column("code", "text"))
)


def move_untaken(conn: Connection) -> int:
    """Return how many tasks went to the grid in force that their issue lies in now.

    The areas of `pg_temp.touched` are in force, and `pg_temp.shared` (of `succession.follow`) says
    who lives where; the acting person may change the tasks.
    """
    conn.execute(text("drop table if exists pg_temp.placed"))
    conn.execute(_NONE_PLACED)
    conn.execute(_PLACED_SAMPLED)
    conn.execute(text("analyze pg_temp.touched (old, old_code)"))  # shapes take thrice as long
    conn.execute(_SORTED_LATER)
    moved = _move(conn)
    conn.execute(text("analyze pg_temp.placed"))
    return moved


def move_late(conn: Connection) -> int:
    """Return how many tasks went that were made, or given back, since `move_untaken` looked."""
    return _move(conn)


def _move(conn: Connection) -> int:
    conn.execute(text("drop table if exists pg_temp.waiting"))
    if not conn.execute(question("waiting_tasks")).rowcount:
        return 0
    conn.execute(_LOOKED_AT)
    placed = np.frombuffer(conn.execute(_PLACED).scalar_one() or b"", _ROW)
    codes = owners_now(conn, placed["x"].astype(float), placed["y"].astype(float))
    located = pd.DataFrame({"id": placed["id"].astype(int), "code": codes})
    stage(conn, located, _LOCATED)
    conn.execute(_WAITING_SAMPLED)
    conn.execute(text("analyze pg_temp.waiting (id, area)"))
    return conn.execute(question("move_untaken_tasks")).rowcount


def owners_now(conn: Connection, lon: Degrees, lat: Degrees) -> Objects:
    """Return the code of the grid in force that owns each point (EPSG:4326), None where none does.

    The twin of `geo.store.net.lookup.owners_of` for one question of some ten thousands.
    """
    if len(lon) <= MANY:
        values = {"lons": lon.tolist(), "lats": lat.tolist(), "plan": None}
        number = number_at(conn, "grid", None)
        found = conn.execute(question("owners_of_points"), {**values, "number": number})
        return np.array([*found.scalars(), None], object)[:-1]
    box = {"west": lon.min(), "south": lat.min(), "east": lon.max(), "north": lat.max()}
    rows = conn.execute(question("grids_around"), {k: float(v) for k, v in box.items()}).all()
    codes, special, shapes = (
        np.array([row[n] for row in rows], kind) for n, kind in enumerate((object, bool, object))
    )
    grids = Coverage(codes, special, shapely.from_wkb(shapes))
    return np.append(codes, np.array([None], object))[tree.owners(grids, lon, lat)]
