from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import WrongPlanError
from geo.redraw import Redrawn, draw, redraw
from geo.redraw.audit import audit, audit_points
from geo.redraw.columns import Columns
from geo.redraw.drawing import Search
from geo.rules import one_band
from tests.redraw.toy import town

RULES = one_band(300, 500)
NAMES = Columns("households", "within", "estate", "today", "lock", "seat")
Fault = Callable[[Redrawn], Redrawn]


def ground() -> gpd.GeoDataFrame:
    """Return two communities with estates, a special grid, a lock and an anchor."""
    one = town("aa......\naa....##\n........\nbb..3...")
    two = town("cc......\n......dd", within="370102001002")
    two.geometry = two.geometry.translate(xoff=2000)
    both = gpd.GeoDataFrame(pd.concat([one, two.assign(atom="x" + two["atom"])], ignore_index=True))
    return both.assign(
        today=np.where(both["special"], "370102001001901", "A"),
        lock=both.index == 20,
        seat=["B" if row == 24 else None for row in both.index],
    )


ATOMS = ground()
DRAWN = draw(ATOMS, NAMES, RULES, Search(1, "fast"))


def moved(atom: int, to: int) -> Fault:
    """Return a fault: an atom is said to be in the grid of another one."""

    def tamper(drawn: Redrawn) -> Redrawn:
        labels = drawn.labels.copy()
        labels.iloc[atom] = labels.iloc[to]
        return replace(drawn, labels=labels)

    return tamper


def grids(**columns: Callable[[gpd.GeoDataFrame], object]) -> Fault:
    """Return a fault: columns of the grids are others."""
    return lambda drawn: replace(drawn, grids=drawn.grids.assign(**columns))


def other_grid(atom: int) -> int:
    """Return an atom of the same community in another ordinary grid."""
    same = (ATOMS["within"] == ATOMS["within"][atom]) & ~ATOMS["special"]
    return int(np.flatnonzero(same & (DRAWN.labels != DRAWN.labels[atom]))[-1])


def test_a_plan_as_drawn_passes_and_says_so() -> None:
    told = DRAWN.report.audit
    assert told["passed"]
    assert (told["atoms"], told["grids"]) == (len(ATOMS), len(DRAWN.grids))
    zero = set(told) - {"passed", "atoms", "grids", "seconds", "area_error", "grid_area_error"}
    assert {told[name] for name in zero} == {0}
    assert told["area_error"] <= 1e-9


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (grids(code=lambda g: g["code"].iloc[0]), "repeated_codes"),
        (grids(households=lambda g: g["households"] + 1), "lost_households"),
        (grids(in_band=lambda g: ~g["in_band"]), "misjudged_bands"),
        (grids(geometry=lambda g: g.geometry.buffer(-1)), "area_error"),
        (grids(geometry=lambda g: g.geometry.buffer(1)), "misfitting_borders"),
        (moved(0, other_grid(0)), "split_groups"),
        (moved(20, other_grid(20)), "lost_households"),
        (moved(0, len(ATOMS) - 1), "grids_across_communities"),
        (moved(14, 0), "touched_specials"),
        (lambda drawn: replace(drawn, labels=drawn.labels + "x"), "atoms_without_grid"),
    ],
)
def test_a_plan_that_breaks_what_every_plan_holds_is_refused_by_name(
    fault: Fault, name: str
) -> None:
    with pytest.raises(WrongPlanError, match=name):
        audit(ATOMS, NAMES, RULES, fault(DRAWN))


def test_locks_and_anchors_not_kept_are_found() -> None:
    free = draw(ATOMS, Columns("households", "within"), RULES, Search(1, "fast"))
    apart = ATOMS.assign(lock=True)
    with pytest.raises(WrongPlanError, match="broken_locks"):
        audit(apart, NAMES, RULES, free)
    together = ATOMS.assign(lock=False, seat=[str(n) for n in range(len(ATOMS))])
    with pytest.raises(WrongPlanError, match="broken_locks"):
        audit(together, NAMES, RULES, free)


def test_grids_in_pieces_are_found_and_bridges_and_atoms_in_pieces_are_none() -> None:
    atoms = town("3  3").assign(within="a")
    drawn = draw(atoms, Columns("households", "within"), one_band(500, 700), Search(1, "fast"))
    assert len(drawn.grids) == 1
    bare = replace(drawn, report=replace(drawn.report, bridges=drawn.report.bridges.iloc[:0]))
    with pytest.raises(WrongPlanError, match="broken_grids 1"):
        audit(atoms, Columns("households", "within"), one_band(500, 700), bare)
    one = gpd.GeoDataFrame(
        {"households": [600]}, geometry=[shapely.union_all(atoms.geometry)], crs=atoms.crs
    )
    assert draw(one, Columns("households"), one_band(500, 700), Search()).report.audit["passed"]


def test_shapes_that_round_what_is_made_of_them_are_read_as_they_are() -> None:
    thin = shapely.Polygon([(117.00452, 36.58605), (117.00449, 36.58604), (117.00448, 36.58606)])
    near = (
        shapely.box(117.001, 36.58, 117.003, 36.582),
        shapely.box(117.003, 36.58, 117.004, 36.582),
    )
    shapes = shapely.set_precision([shapely.MultiPolygon([near[0], thin]), near[1]], 1e-5)
    atoms = gpd.GeoDataFrame({"households": [40, 40]}, geometry=shapes, crs=4326)
    drawn = redraw(atoms, weight="households", rules=one_band(60, 100), quality="draft")
    assert len(set(drawn.labels)) == 1
    assert drawn.report.audit["passed"]


def test_buildings_are_counted_too() -> None:
    points = ATOMS.assign(geometry=ATOMS.centroid)
    told = audit_points(points, NAMES, DRAWN)
    assert told["points"] == len(points)
    with pytest.raises(WrongPlanError, match="lost_households"):
        audit_points(points.assign(households=1), NAMES, DRAWN)
    with pytest.raises(WrongPlanError, match="points_without_grid"):
        audit_points(points, NAMES, replace(DRAWN, labels=DRAWN.labels + "x"))
