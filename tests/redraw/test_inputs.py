from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.affinity

from geo.atoms.adjacency import borders_of
from geo.atoms.edges import edges_of
from geo.atoms.slits import slits
from geo.errors import (
    BadFlagError,
    BadOptionError,
    BadPointsError,
    BadPolygonsError,
    BadRulesError,
    BadWeightError,
    LockedNowhereError,
    LocksNeedPreviousError,
    NoCommunityError,
    NoPlaneError,
    NoRowsError,
    NoShapesError,
    NoSuchColumnsError,
    OverlapError,
    RepeatedAtomError,
    RepeatedColumnError,
    UnknownRuleError,
    WrongColumnError,
)
from geo.redraw import Search, draw_rows, redraw
from geo.redraw.inputs import Columns
from geo.rules import load_rules, one_band
from tests.redraw.toy import town

RULES = load_rules()


def test_points_without_coordinates_are_refused_with_their_row() -> None:
    atoms = town("....").drop(columns="special")
    for lost in (shapely.Point(), shapely.Point(np.nan, 1), shapely.Point(np.inf, 1)):
        points = _with(atoms.assign(geometry=atoms.geometry.centroid), 2, lost)
        with pytest.raises(BadPointsError, match="3"):
            redraw(points, weight="households", rules=RULES)


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf, 1e300, "many"])
def test_weights_that_are_no_numbers_are_refused_with_their_row(value: object) -> None:
    atoms = town("....").astype({"households": "object"})
    atoms.loc[2, "households"] = value
    with pytest.raises(BadWeightError, match="3"):
        redraw(atoms, weight="households", rules=RULES)


def test_columns_that_are_not_there_are_named() -> None:
    with pytest.raises(NoSuchColumnsError, match=r"people, community"):
        redraw(town(".."), weight="people", within="community", rules=RULES)
    with pytest.raises(NoRowsError):
        redraw(town("..").iloc[:0], weight="households", rules=RULES)
    atoms = town("..").assign(within=["a", None])
    with pytest.raises(NoCommunityError, match="rows 2"):
        redraw(atoms, weight="households", within="within", rules=RULES)


def test_locks_without_the_grids_of_today_and_flags_of_other_words_are_refused() -> None:
    atoms = town("..").assign(lock=["是", "perhaps"], grid="A")
    with pytest.raises(LocksNeedPreviousError):
        redraw(atoms, weight="households", locked="lock", rules=RULES)
    with pytest.raises(BadFlagError, match="perhaps"):
        redraw(atoms, weight="households", locked="lock", previous="grid", rules=RULES)


def test_shapes_that_are_no_polygons_or_overlap_are_refused() -> None:
    atoms = town("...")
    bow = shapely.from_wkt("POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))")
    for shape in (None, shapely.Polygon(), shapely.Point(0, 0), bow):
        with pytest.raises(BadPolygonsError, match="2"):
            redraw(_with(atoms, 1, shape), weight="households", rules=RULES)
    over = shapely.box(50, 100, 180, 200)
    with pytest.raises(OverlapError, match="1 and 2"):
        redraw(_with(atoms, 1, over), weight="households", rules=RULES)


def test_unknown_rules_qualities_and_seeds_are_refused() -> None:
    with pytest.raises(UnknownRuleError, match="suburb"):
        redraw(town("..").assign(rule="suburb"), weight="households", rules=RULES)
    with pytest.raises(BadOptionError, match="seed"):
        redraw(town(".."), weight="households", rules=RULES, seed=-1)
    with pytest.raises(BadOptionError, match="quality"):
        redraw(town(".."), weight="households", rules=RULES, quality="slow")  # type: ignore[arg-type]


def test_tables_that_are_no_maps_and_columns_there_twice_are_refused() -> None:
    atoms = town("..")
    for table in (pd.DataFrame(atoms), gpd.GeoDataFrame({"households": [1]})):
        with pytest.raises(NoShapesError):
            redraw(table, weight="households", rules=RULES)
        with pytest.raises(NoShapesError):
            redraw(atoms, weight="households", rules=RULES, barriers=table)
    twice = gpd.GeoDataFrame(pd.concat([atoms, atoms[["households"]]], axis=1))
    with pytest.raises(RepeatedColumnError, match="households"):
        redraw(twice, weight="households", rules=RULES)
    with pytest.raises(RepeatedAtomError, match="rows 1, 2"):
        redraw(atoms.assign(atom="a"), weight="households", rules=RULES)


def test_locks_on_atoms_in_no_grid_are_refused_with_their_row() -> None:
    atoms = town("...").assign(lock=["√", 0, True], grid=["A", None, " "])
    with pytest.raises(LockedNowhereError, match="rows 3"):
        redraw(atoms, weight="households", locked="lock", previous="grid", rules=RULES)


def test_codes_of_any_type_with_blanks_around_them_are_the_same_codes() -> None:
    atoms = town("......").assign(within=[7, 7.0, "7", " 7", "7\u3000", np.int64(7)])
    drawn = redraw(atoms, weight="households", within="within", rules=RULES)
    assert set(drawn.labels) == {"7001"}


def test_communities_of_points_are_the_same_whatever_type_they_are_stored_as() -> None:
    atoms = town("......").assign(within=7.0).drop(columns="special")
    points = atoms.assign(geometry=atoms.geometry.centroid).rename(columns={"within": 0})
    assert set(redraw(points, weight="households", within=0, rules=RULES).labels) == {"7001"}  # type: ignore[arg-type]


def test_rules_may_be_a_path_tables_or_left_out() -> None:
    atoms = town("......\n" * 2)
    band = {"band": {"urban": {"low": 100, "high": 200}}}
    assert len(redraw(atoms, weight="households", rules=band).grids) > 1
    assert set(redraw(atoms, weight="households").grids["in_band"]) == {True}
    with pytest.raises(BadRulesError, match="none"):
        redraw(atoms, weight="households", rules="none.toml")
    with pytest.raises(BadRulesError, match="7"):
        redraw(atoms, weight="households", rules=7)  # type: ignore[arg-type]
    for option in ({"seed": "1"}, {"seed": 1.5}, {"threads": 0}):
        with pytest.raises(BadOptionError, match=next(iter(option))):
            redraw(atoms, weight="households", **option)


def _with(atoms: gpd.GeoDataFrame, row: int, shape: shapely.Geometry | None) -> gpd.GeoDataFrame:
    shapes = atoms.geometry.to_numpy().copy()
    shapes[row] = shape
    return atoms.set_geometry(gpd.GeoSeries(shapes, crs=atoms.crs))


def test_systems_without_a_plane_and_weights_that_are_none_are_refused() -> None:
    atoms = town("....")
    with pytest.raises(NoPlaneError, match="geocentric"):
        redraw(atoms.set_crs(4978, allow_override=True), weight="households", rules=RULES)
    with pytest.raises(NoSuchColumnsError, match="None"):
        redraw(atoms, weight=None, rules=RULES)  # type: ignore[arg-type]
    with pytest.raises(BadWeightError, match="1\\+2j"):
        redraw(atoms.assign(households=1 + 2j), weight="households", rules=RULES)


_OPTIONS = ("weight", "within", "groups", "previous", "locked", "anchors")
_ODD: dict[str, list[object]] = {
    "door": [shapely.Point(0, 0)] * 3 + [None],
    "yes": [True, False, True, None],
    "day": [pd.Timestamp("2026-09-01")] * 4,
    "date": [date(2026, 9, 1)] * 4,
    "list": [["A", "B"], ["A"], None, []],
    "raw": [b"A"] * 4,
}


@pytest.mark.parametrize("option", _OPTIONS)
def test_shapes_flags_dates_and_lists_are_no_households_communities_or_grids(option: str) -> None:
    atoms = town("....").assign(**{name: pd.Series(values) for name, values in _ODD.items()})
    atoms = atoms.rename_geometry("ground").assign(now="A")
    for column in ("ground", *_ODD):
        columns = Columns(**{"weight": "households", "previous": "now", option: column})
        if column == "yes" and option in ("locked", "anchors"):
            assert draw_rows(atoms, columns, RULES, Search()).report.audit["passed"]
        else:
            with pytest.raises(WrongColumnError, match=column):
                draw_rows(atoms, columns, RULES, Search())


def test_a_special_point_is_a_special_grid() -> None:
    atoms = town("....#...")
    points = atoms.assign(geometry=atoms.geometry.centroid)
    drawn = redraw(points, weight="households", rules=RULES)
    assert drawn.grids["special"].sum() == 1
    assert drawn.labels.value_counts()[drawn.labels[4]] == 1


@pytest.mark.parametrize("slit", [1e-7, 0.004, 0.08])
def test_atoms_that_a_slit_parts_are_neighbours_and_told_among_the_bridges(slit: float) -> None:
    atoms = town("1111\n1111\n1111")
    whole = redraw(atoms, weight="households", rules=one_band(300, 300))
    column = (atoms.geometry.centroid.x // 100).to_numpy()
    parted = shapely.affinity.translate
    shapes = [parted(shape, slit * at, 0) for shape, at in zip(atoms.geometry, column, strict=True)]
    drawn = redraw(
        atoms.set_geometry(gpd.GeoSeries(shapes, crs=atoms.crs)),
        weight="households",
        rules=one_band(300, 300),
    )
    assert drawn.report.audit["passed"]
    assert drawn.report.communities["in_band"].all()
    assert whole.report.communities["in_band"].all()
    assert len(drawn.report.bridges) == 3 * 3
    assert whole.report.bridges.empty
    assert drawn.report.remarks["kind"].tolist() == ["slits"]
    # Neither side of a slit is a border: a grid over one is as compact as without it.
    compact = drawn.grids["compactness"].mean(), whole.grids["compactness"].mean()
    assert compact[0] == pytest.approx(compact[1], abs=1e-3)


def test_atoms_that_meet_in_a_corner_or_lie_a_hand_apart_are_no_neighbours_by_a_slit() -> None:
    squares = shapely.box([0, 5, 10.15], [0, 5, 5], [5, 10, 15], [5, 10, 10])
    edges = edges_of(squares)
    assert not len(slits(edges, (1.0, 1.0), borders_of(edges, (1.0, 1.0), 3), 3).left)


@pytest.mark.parametrize("decimals", [6, 8])
def test_corners_on_a_neighbours_edge_may_be_rounded(decimals: int) -> None:
    rows = [(x, y) for y in range(6) for x in range(-1 if y % 2 else 0, 12, 2)]
    x, y = np.array(rows).T
    bricks = shapely.box(x * 50, y * 80, x * 50 + 100, y * 80 + 80)
    there = gpd.GeoSeries(bricks, crs="EPSG:4548").rotate(17.3, origin=(0, 0)).translate(5e5, 4e6)
    rounded = shapely.transform(there.to_crs(4326).to_numpy(), lambda at: at.round(decimals))
    ground = shapely.area(shapely.union_all(rounded))
    atoms = gpd.GeoDataFrame({"households": [60] * len(rounded)}, geometry=rounded, crs="EPSG:4326")
    drawn = redraw(atoms, weight="households", rules=one_band(300, 500), quality="draft")
    assert drawn.report.audit["passed"]
    assert drawn.report.communities["in_band"].all()
    assert shapely.area(drawn.grids.geometry).sum() == pytest.approx(ground, rel=1e-9)
    with pytest.raises(OverlapError, match="six decimals"):
        redraw(
            atoms.assign(geometry=shapely.buffer(rounded, 2e-6)), weight="households", rules=RULES
        )
