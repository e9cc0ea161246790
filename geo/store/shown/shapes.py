"""Shapes that tiles draw, made from the nets in force: an edition each time they change.

An edition is never changed, so a tile of it may be kept for ever. What did not change is shared
between them; one that was followed by the next a day ago is no longer sent, after two it is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely
from sqlalchemy import Connection, func, select, text

from geo.comparison import side_of
from geo.rules import load_rules
from geo.store.answers import question, rows_of, run_parts
from geo.store.net.areas import read_areas
from geo.store.net.places import read_loads
from geo.store.schema.support_tables import EDITION
from geo.store.schema.tables import IMPORT_BATCH, NET
from geo.tiles import LAYERS, in_mercator, levels_of, plainer_areas, plainer_ground

_NETS: Final = ("admin", "grid", "base")
_ADMIN: Final = ("district", "subdistrict", "community")
_MAKING: Final = 0x74696C65  # one makes shapes at a time
_FIGURES: Final = ("households", "low", "high", "grids", "in_band")
_COLUMNS: Final = ("kind", "level", "code", "name", "class", "parent", "special", *_FIGURES, "mark")
_SRID: Final = 3857
# Hours after an edition was followed by another: until a page that was open then has read the new
# one; until its shapes are thrown away. Between both lies what a process may not have heard of.
SENT_HOURS: Final = 24
KEPT_HOURS: Final = 48


class Edition(NamedTuple):
    """What tiles are drawn of: its number, 0 before the first; whether something changed since."""

    number: int
    is_current: bool


def edition(conn: Connection) -> Edition:
    """Return the newest edition."""
    newest = _newest(conn)
    if newest is None:
        return Edition(0, is_current=False)
    return Edition(newest.number, (newest.revisions, newest.batch) == _state(conn))


def newest_edition(conn: Connection) -> int:
    """Return the number of the newest edition, 0 where there is none."""
    return int(conn.execute(select(func.coalesce(func.max(EDITION.c.number), 0))).scalar_one())


def oldest_edition(conn: Connection) -> int:
    """Return the number of the oldest edition that is still sent, 0 where none has aged."""
    aged = EDITION.c.made_at <= func.now() - func.make_interval(0, 0, 0, 0, SENT_HOURS)
    oldest = select(func.coalesce(func.max(EDITION.c.number), 0)).where(aged)
    return int(conn.execute(oldest).scalar_one())


def make_edition(conn: Connection) -> Edition:
    """Return the edition of the nets in force, made unless it is there; by the owner's role."""
    conn.execute(select(func.pg_advisory_xact_lock(_MAKING)))
    before = edition(conn)
    if before.is_current:
        return before
    revisions, batch = _state(conn)
    number = before.number + 1
    row = {"number": number, "revisions": revisions, "batch": batch}
    conn.execute(EDITION.insert().values(**row))
    _stage(conn, pd.concat(list(_drawn(conn)), ignore_index=True))
    run_parts(conn, "shapes_fresh", edition=number)
    conn.execute(question("shapes_gone"), {"hours": KEPT_HOURS})
    return Edition(number, is_current=True)


def extent(conn: Connection, number: int) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north (EPSG:4326) of what an edition draws; None: nothing."""
    found = rows_of(conn, question("extent_of_edition"), edition=number)
    sides = found.iloc[0].to_numpy(float)
    return None if np.isnan(sides).any() else tuple(sides.round(6).tolist())


def _newest(conn: Connection) -> Any:  # noqa: ANN401 a row of EDITION
    return conn.execute(select(EDITION).order_by(EDITION.c.number.desc()).limit(1)).first()


def _state(conn: Connection) -> tuple[dict[str, int], int]:
    """Return what shapes are made of: the revisions of the nets, the newest import of places."""
    numbers = select(NET.c.name, NET.c.number).where(NET.c.name.in_(_NETS))
    batch = select(func.coalesce(func.max(IMPORT_BATCH.c.id), 0)).where(
        IMPORT_BATCH.c.noun == "places"
    )
    revisions = {row.name: int(row.number) for row in conn.execute(numbers)}
    return revisions, int(conn.execute(batch).scalar_one())


def _drawn(conn: Connection) -> Iterator[pd.DataFrame]:
    """Yield rows of `shape`, a level of a kind at a time."""
    admin, grids = (read_areas(conn, net=net) for net in ("admin", "grid"))
    weighed = _weighed(conn, admin, grids)
    figures = _figures_above(admin, weighed)
    yield from _levels(weighed, "grid")
    for kind in _ADMIN:
        areas = admin[admin["kind"] == kind]
        yield from _levels(areas.join(figures, on="code"), kind)
    yield from _ground(read_areas(conn, net="base"))


def _weighed(
    conn: Connection, admin: gpd.GeoDataFrame, grids: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    communities = admin[admin["kind"] == "community"]
    buildings = read_loads(conn, kind="building")
    weighed = side_of(grids, buildings, communities=communities, rules=load_rules()).grids
    fits = weighed["households"].between(weighed["low"], weighed["high"])
    banded = weighed["low"].notna() & ~weighed["special"].astype("bool")
    return weighed.assign(grids=banded.astype(int), in_band=(fits & banded).astype(int))


def _figures_above(admin: gpd.GeoDataFrame, grids: pd.DataFrame) -> pd.DataFrame:
    """Return, of each area above grids, households, grids with a band, those in it, mean limits."""
    limits = {name: grids[name].where(grids["grids"] > 0, 0) for name in ("low", "high")}
    above = admin.set_index("code")["parent"]
    counted = grids.assign(**limits).groupby("parent")[list(_FIGURES)].sum()
    told = [counted]
    for _ in _ADMIN[1:]:
        counted = counted.groupby(above.reindex(counted.index)).sum()
        told.append(counted)
    summed = pd.concat(told).groupby(level=0).sum()
    mean = {name: summed[name] / summed["grids"].where(summed["grids"] > 0) for name in limits}
    return summed.assign(**mean)


def _levels(areas: gpd.GeoDataFrame, kind: str) -> Iterator[pd.DataFrame]:
    whole = in_mercator(areas.geometry)
    for level in levels_of(kind):
        yield _rows(areas, plainer_areas(whole, level), level)


def _ground(base: gpd.GeoDataFrame) -> Iterator[pd.DataFrame]:
    whole = in_mercator(base.geometry)
    for level in LAYERS["base"].levels:
        plain, seen = plainer_ground(whole, level)
        yield _rows(base[seen], plain[seen], level)


def _rows(areas: pd.DataFrame, shapes: Any, level: int) -> pd.DataFrame:  # noqa: ANN401 an array
    """Return rows of `shape`; `mark` is a hash of all that a tile shows of them."""
    kept = pd.DataFrame(areas.drop(columns="geometry")).reindex(columns=list(_COLUMNS[:-1]))
    kept = kept.assign(level=level, special=kept["special"].fillna(value=False).astype(bool))
    codes = shapely.to_wkb(shapely.set_srid(shapes, _SRID), include_srid=True)
    numbers = kept[list(_FIGURES)].astype("float64").round().astype("Int64")
    kept = kept.assign(**{name: numbers[name].astype(object) for name in _FIGURES}, geom=codes)
    kept = kept.astype(object).where(kept.notna(), None)
    return kept.assign(mark=[_mark(row) for row in kept.itertuples(index=False)])


def _mark(row: tuple[Any, ...]) -> str:
    return hashlib.md5(repr(row).encode(), usedforsecurity=False).hexdigest()


def _stage(conn: Connection, rows: pd.DataFrame) -> None:
    columns = [*_COLUMNS, "geom"]
    conn.execute(text("drop table if exists pg_temp.fresh_shape"))
    like = f"select {', '.join(columns)} from shape limit 0"
    conn.execute(text(f"create temporary table fresh_shape on commit drop as {like}"))
    driver = conn.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(type(driver))
    order = f"copy fresh_shape ({', '.join(columns)}) from stdin"
    with driver.cursor() as cursor, cursor.copy(order.encode()) as copy:
        for row in rows.assign(geom=[code.hex() for code in rows["geom"]])[columns].itertuples(
            index=False
        ):
            copy.write_row(row)
    conn.execute(text("analyze fresh_shape (kind, level, code, mark)"))
