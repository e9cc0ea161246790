from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.atoms import adjacency
from geo.atoms.along import Reach, along, lines_of
from geo.atoms.edges import edges_of
from geo.errors import BadRulesError, BadWorthError
from geo.redraw import EFFORTS, redraw
from geo.redraw.barriers import read_barriers, worths
from geo.rules import BarrierRules, barrier_rules, load_rules, one_band, parse_rules
from tests.redraw.toy import town

RULES = one_band(300, 500)
REACH = Reach(20.0, 20.0)
TWO = shapely.box([0, 100], 0, [100, 200], 100)  # they share x = 100, 100 m long


def beside(*lines: list[tuple[float, float]], worth: float = 1.0) -> tuple[float, float]:
    """Return the metres along lines, and times their worth, of the border of two squares."""
    shapes = np.asarray([shapely.LineString(line) for line in lines], dtype=object)
    pieces = lines_of(shapes, np.full(len(lines), worth), 4.0)
    found = along(edges_of(TWO), adjacency(TWO), (1.0, 1.0), pieces, REACH)
    return float(found.metres[0]), float(found.worth[0])


def roads(*lines: list[tuple[float, float]], **columns: object) -> gpd.GeoDataFrame:
    shapes = [shapely.LineString(line) for line in lines]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4548")


def test_a_border_on_a_line_lies_along_it_whole_or_in_part() -> None:
    assert beside([(100, -50), (100, 150)]) == (100, 100)
    assert beside([(100, 150), (100, -50)]) == (100, 100)
    assert beside([(100, 0), (100, 50)]) == (50, 50)
    assert beside([(100, 0), (100, 50)], [(100, 20), (100, 50)]) == (50, 50)


def test_a_border_beside_a_wide_road_counts_and_less_so_the_farther_it_is() -> None:
    assert beside([(109, -50), (109, 150)]) == (100, 100)
    assert beside([(115, -50), (115, 150)]) == pytest.approx((100, 50))
    assert beside([(121, -50), (121, 150)]) == (0, 0)


def test_a_line_across_a_border_or_askew_counts_nothing() -> None:
    assert beside([(50, 50), (150, 50)]) == (0, 0)
    assert beside([(80, 0), (120, 100)]) == (0, 0)  # 22 degrees
    assert beside([(90, 0), (110, 100)])[0] == 100  # 11 degrees


def test_the_best_line_counts_and_a_line_given_twice_counts_once() -> None:
    road = [(100.0, -50.0), (100.0, 150.0)]
    assert beside(road, road, worth=0.4) == pytest.approx((100, 40))
    both = lines_of(
        np.asarray([shapely.LineString(road)] * 2, dtype=object), np.array([0.4, 0.9]), 4.0
    )
    found = along(edges_of(TWO), adjacency(TWO), (1.0, 1.0), both, REACH)
    assert found.worth[0] == pytest.approx(90)


def test_a_border_in_the_middle_of_a_river_lies_along_its_banks_but_not_one_beyond_them() -> None:
    def beside_river(west: float, east: float) -> float:
        river = np.asarray([shapely.box(west, -900, east, 900)], dtype=object)
        pieces = lines_of(river, np.ones(1), 4.0, REACH.metres)
        return float(along(edges_of(TWO), adjacency(TWO), (1.0, 1.0), pieces, REACH).worth[0])

    assert beside_river(70, 130) == 100
    assert beside_river(100, 160) == 100
    assert beside_river(115, 175) == pytest.approx(50)
    assert beside_river(125, 185) == 0


def test_a_jagged_line_and_a_corner_do_not_break_what_lies_along_them() -> None:
    jitter = [(100 + 1.5 * (-1) ** n, float(n)) for n in range(101)]
    assert beside(jitter)[0] == 100
    assert beside([(112, 150), (112, -12), (-50, -12)])[0] == 100


def test_roads_draw_the_borders_and_none_given_changes_nothing() -> None:
    atoms = town("........\n" * 6)
    road = roads([(0, 305), (900, 305)])
    plain = redraw(atoms, weight="households", rules=RULES, seed=1)
    drawn = redraw(atoms, weight="households", rules=RULES, seed=1, barriers=road)
    none = redraw(atoms, weight="households", rules=RULES, seed=1, barriers=road.iloc[:0])
    assert drawn.labels.iloc[:32].isin(drawn.labels.iloc[32:]).sum() == 0
    assert drawn.report.communities["in_band"].all()
    assert drawn.report.borders_on_barriers == pytest.approx(8 / 22)
    assert plain.report.borders_on_barriers is None
    assert none.report.borders_on_barriers == 0


def test_ground_with_barriers_is_searched_by_stages_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    atoms, road = town("........\n" * 6), roads([(0, 305), (900, 305)])
    fast = EFFORTS["fast"]
    for effort, lines in ((fast._replace(new=()), road), (fast._replace(along=()), road.iloc[:0])):
        monkeypatch.setattr("geo.redraw.solving.EFFORTS", {"fast": effort})
        drawn = redraw(atoms, weight="households", rules=RULES, quality="fast", barriers=lines)
        assert drawn.report.communities["in_band"].all()


def test_atoms_in_degrees_and_barriers_in_metres_meet() -> None:
    atoms = town("........\n" * 4).to_crs(4326)
    road = roads([(-100, 305), (900, 305)])
    drawn = redraw(atoms, weight="households", rules=RULES, seed=1, barriers=road)
    assert drawn.report.borders_on_barriers == pytest.approx(8 / 12, abs=0.01)


def test_buildings_are_parted_by_the_roads_their_borders_follow() -> None:
    points = town("....\n" * 4, households=100).drop(columns="special")
    points.geometry = points.geometry.centroid
    road = roads([(0, 310), (900, 310)])
    drawn = redraw(points, weight="households", rules=RULES, seed=1, barriers=road)
    assert drawn.labels.iloc[:8].isin(drawn.labels.iloc[8:]).sum() == 0


def test_what_is_no_barrier_is_left_out_and_counted() -> None:
    with np.errstate(invalid="ignore"):
        nowhere = shapely.LineString([(0, np.nan), (1, 2)])
    shapes = [
        shapely.LineString([(0, 300, 7), (900, 300, 7)]),  # in three dimensions
        shapely.box(100, 100, 300, 300),
        shapely.Point(100, 100),
        None,
        shapely.LineString(),
        nowhere,
        shapely.LineString([(9e6, 0), (9e6, 5)]),
    ]
    lines = gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4548")
    found = read_barriers(lines, town("........\n" * 4), BarrierRules())
    told = {"given": 7, "used": 2, "points": 1, "empty": 3, "unlisted": 0, "away": 1}
    assert found.told == told
    assert set(found.lines.geom_type) == {"LineString", "Polygon"}


def test_the_worth_is_the_lines_own_then_its_class_then_the_default() -> None:
    rules = barrier_rules(RULES)
    table = pd.DataFrame(
        {
            "highway": ["primary", " Service ", "footway", None, "primary"],
            "class": [None, None, None, "lane", None],
            "worth": [None, None, None, None, "0.25"],
        }
    )
    lines = gpd.GeoDataFrame(table, geometry=[None] * 5)
    assert worths(lines, rules).tolist() == [1, 0.5, 0, 0.5, 0.25]
    plain = lines[["geometry"]].assign(highway="?")
    assert worths(plain, rules).tolist() == [1] * 5
    with pytest.raises(BadWorthError, match="rows 2"):
        worths(lines.assign(worth=[None, 1.5, 0, 1, ""]), rules)


def test_a_rules_file_says_otherwise_where_it_does() -> None:
    text = "band.urban = {low = 1, high = 2}\n[barriers]\n"
    own = parse_rules(
        text + "reach = 5\n[barriers.worth.highway]\nservice = 1\n[barriers.worth.wall]"
    )
    found = barrier_rules(own)
    assert (found.reach, found.worth["highway"]["service"]) == (5, 1)
    assert found.worth["highway"]["primary"] == 1
    assert load_rules().barriers == barrier_rules(RULES)
    for bad in ("default = 2", "[barriers.worth.highway]\nservice = -1", "near = 1", "worth = 1"):
        with pytest.raises(BadRulesError, match=r"barriers|worth"):
            parse_rules(text + bad)


def test_over_random_towns_more_borders_lie_along_barriers_and_as_many_grids_are_in_band() -> None:
    free = replace(RULES, barriers=replace(barrier_rules(RULES), price=0.0))
    share, good = np.zeros((2, 8)), np.zeros((2, 8))
    for seed in range(8):
        rng = np.random.default_rng(seed)
        atoms = town("..........\n" * 8).assign(households=rng.integers(10, 90, 80))
        across = [[(0.0, y), (1200.0, y)] for y in rng.choice(np.arange(2, 9), 2) * 100.0]
        down = [[(x, 0.0), (x, 1200.0)] for x in rng.choice(np.arange(1, 9), 2) * 100.0]
        for i, rules in enumerate((free, RULES)):
            drawn = redraw(
                atoms, weight="households", rules=rules, seed=seed, quality="fast",
                barriers=roads(*across, *down),
            )  # fmt: skip
            share[i, seed] = drawn.report.borders_on_barriers or 0.0
            good[i, seed] = drawn.grids["in_band"].mean()
    assert share[1].mean() > share[0].mean() + 0.1
    assert (good[1] >= good[0]).all()
