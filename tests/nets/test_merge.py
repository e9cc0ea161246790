from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import (
    BadOptionError,
    EmptyNetError,
    NetPolygonsError,
    NetsApartError,
    NetSystemError,
    NoHouseholdsError,
    OneNetError,
)
from geo.nets import Merged, merge
from geo.nets.belonging import belonging
from geo.nets.keeping import Cover, barrier_rules, kept_borders
from geo.nets.loads import GROUND
from geo.redraw.barriers import read_barriers
from geo.rules import merge_rules, one_band
from tests.nets.drawn import CRS, cell, homes, net

BAND = one_band(300, 500)
HALVES, QUARTERS = "aaaabbbb\naaaabbbb", "ppqqrrss\nppqqrrss"


def merged(nets: dict[str, gpd.GeoDataFrame], **more: object) -> Merged:
    defaults: dict[str, object] = {"rules": BAND, "places": homes(8, 2), "quality": "fast"}
    return merge(nets, **{**defaults, **more})  # type: ignore[arg-type]


def row(result: Merged) -> dict[str, float]:
    return {str(k): v for k, v in result.matrix.iloc[0].items()}


def test_nested_nets_disagree_nowhere_and_keep_every_border() -> None:
    result = merged({"A": net(HALVES), "B": net(QUARTERS)})
    assert row(result)["conflict"] == row(result)["area_conflict"] == 0
    assert row(result)["borders_a"] == 1.0
    assert row(result)["borders_b"] == pytest.approx(1 / 3)
    assert result.conflicts.empty
    assert result.drawn.grids["households"].tolist() == [400] * 4
    assert [k.kept / k.metres for k in result.kept] == [1.0, 1.0]
    assert [(p.price, p.grids_in_band) for p in result.prices] == [(0.0, 4), (0.5, 4)]


def test_households_outside_what_belongs_together_are_in_conflict() -> None:
    crossed = net("aaaaabbb\naaaaabbb")
    result = merged({"A": net(HALVES), "B": crossed})
    assert row(result)["conflict"] == 200
    assert row(result)["area_conflict"] == pytest.approx(20_000)
    assert row(result)["conflict_share"] == pytest.approx(200 / 1600)
    worst = result.conflicts.iloc[0]
    assert (worst["unit_a"], worst["unit_b"], worst["households"]) == ("b", "a", 200)
    assert worst.geometry.area == pytest.approx(20_000)


def test_borders_nearer_than_the_tolerance_are_one() -> None:
    near = {"A": net(HALVES), "B": net(HALVES, dx=6.0)}
    same, apart = merged(near, tolerance=10.0), merged(near, tolerance=1.0)
    assert (row(same)["borders_a"], row(apart)["borders_a"]) == (1.0, 0.0)
    assert row(same)["area_conflict"] == 0
    assert row(apart)["area_conflict"] == pytest.approx(6 * 200)
    assert same.facts.atoms == 2


def test_a_department_gets_its_units_with_the_grids_they_go_to() -> None:
    result = merged({"A": net(HALVES), "B": net(QUARTERS)})
    table = result.tables["A"]
    assert table["unit"].tolist() == ["a", "a", "b", "b"]
    assert table["households"].tolist() == [400] * 4
    assert table["share_of_unit"].tolist() == [0.5] * 4
    assert table["share_of_grid"].tolist() == [1.0] * 4
    assert table["grids"].tolist() == [2] * 4


def test_no_grid_crosses_a_community_and_ground_outside_is_said() -> None:
    towns = net("xxxyyy\nxxxyyy")
    result = merged({"A": net(HALVES), "B": net(QUARTERS)}, within=towns)
    assert set(result.atoms["within"]) == {"x", "y"}
    assert result.facts.beyond_m2 == pytest.approx(2 * 2 * 10_000)
    assert result.facts.outside == 400
    ground = result.drawn.grids.dissolve("within").geometry.area
    assert ground.to_numpy() == pytest.approx([60_000, 60_000])


def test_a_column_of_the_first_net_names_the_communities() -> None:
    first = net(HALVES).assign(community=["one", "two"])
    result = merged({"A": first, "B": net(QUARTERS)}, within="community")
    assert set(result.drawn.grids["within"]) == {"one", "two"}


def test_households_of_a_net_are_spread_by_area_and_stay_whole() -> None:
    told = net(QUARTERS).assign(households=[401, 399, 400, 333])
    result = merged({"A": net("aaaaabbb\naaaaabbb"), "B": told}, places=None)
    assert (result.facts.source, result.facts.net) == ("net", "B")
    assert result.atoms.groupby("B")["households"].sum().to_list() == [401, 399, 400, 333]
    assert (result.atoms["households"] % 1 == 0).all()


def test_heavy_atoms_are_cut_along_places_and_estates_are_not() -> None:
    one = net("aaaaaaaa\naaaaaaaa")
    places = homes(8, 2).assign(estate=["east", *[""] * 6, "west", "east", *[""] * 6, "west"])
    result = merged({"A": one, "B": one}, places=places, groups="estate")
    assert result.drawn.grids["in_band"].all()
    grids = result.atoms.loc[result.atoms["estate"] != ""].groupby("estate")["grid"].nunique()
    assert grids.to_dict() == {"east": 1, "west": 1}


def test_todays_grids_may_be_one_of_the_nets() -> None:
    nets = {"A": net("aaabbbbb\naaabbbbb"), "today": net(QUARTERS)}
    result = merged(nets, previous="today")
    assert result.drawn.report.communities["moved_households"].sum() == 0


def test_a_net_that_covers_half_the_ground_disagrees_only_there() -> None:
    result = merged({"A": net(HALVES), "B": net("pppp\npppp")})
    assert (row(result)["both"], row(result)["only_a"], row(result)["only_b"]) == (800, 800, 0)
    assert row(result)["conflict"] == 0
    assert set(result.tables["B"]["unit"]) == {"", "p"}
    assert list(result.facts.bare["B"]) == pytest.approx([800, 80_000])


def test_of_units_that_overlap_the_lowest_code_has_the_ground() -> None:
    overlapping = pd.concat([net("aaaaa\naaaaa"), net("   bbbbb\n   bbbbb")], ignore_index=True)
    result = merged({"A": gpd.GeoDataFrame(overlapping), "B": net(QUARTERS)})
    share = result.tables["A"].groupby("unit")["area"].sum()
    assert share.to_dict() == {"a": 100_000, "b": 60_000}


@pytest.mark.parametrize("north", [0, -55], ids=["inside", "along the outer border"])
def test_a_unit_narrower_than_the_tolerance_is_said_and_its_households_stay(north: int) -> None:
    wide = net("aaaabbbb\naaaabbbb")
    hair = gpd.GeoDataFrame({"code": ["c"]}, geometry=[cell(0, 0)], crs=CRS)
    hair.geometry = hair.geometry.scale(yfact=0.05).translate(yoff=north)
    both = pd.concat([wide.assign(code=["d", "e"]), hair], ignore_index=True)
    thin = gpd.GeoDataFrame(both.assign(households=[700, 800, 100]))
    result = merged({"A": net(QUARTERS), "B": thin}, places=None)
    assert result.facts.swallowed == {"B": ["c"]}
    assert result.drawn.grids["households"].sum() == 1600


def test_polygons_that_cross_themselves_only_in_the_plane_are_used() -> None:
    """A parallel is no straight line in metres: the notch reaches over it there."""
    notch = [(117, 36), (118, 36), (118, 37), (117.5, 36.0000001), (117, 37)]
    one = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.Polygon(notch)], crs="EPSG:4326")
    places = gpd.GeoDataFrame(
        {"households": [400]}, geometry=gpd.points_from_xy([117.1], [36.5]), crs="EPSG:4326"
    )
    result = merged({"A": one, "B": one}, places=places)
    assert result.drawn.grids["households"].sum() == 400


def test_of_two_levels_in_one_layer_the_finer_has_the_ground() -> None:
    levels = pd.concat([net(QUARTERS), net("Z" * 8 + "\n" + "Z" * 8)], ignore_index=True)
    codes = levels["code"].replace("Z", "0")
    result = merged({"A": gpd.GeoDataFrame(levels.assign(code=codes)), "B": net(QUARTERS)})
    assert result.facts.swallowed == {"A": ["0"]}
    assert row(result)["area_conflict"] == 0


def test_the_answer_is_in_the_system_of_the_first_net() -> None:
    nets = {"A": net(HALVES).to_crs(4326), "B": net(QUARTERS)}
    result = merged(nets)
    assert result.drawn.grids.crs == result.atoms.crs == result.conflicts.crs == "EPSG:4326"
    assert shapely.coverage_is_valid(result.drawn.grids.geometry.to_numpy())


def test_what_cannot_be_merged_is_said() -> None:
    good, blank = net(HALVES), net(HALVES).iloc[:0]
    bow = gpd.GeoDataFrame(
        {"code": ["x"]}, geometry=[shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])], crs=CRS
    )
    far = net(HALVES, dx=10_000.0)
    for nets, more, kind, words in (
        ({"A": good}, {}, OneNetError, "A"),
        ({"A": good, "B": blank}, {}, EmptyNetError, "B"),
        ({"A": good, "B": bow}, {}, NetPolygonsError, "Self-intersection"),
        ({"A": good, "B": homes(2, 2)}, {}, NetPolygonsError, "not a polygon"),
        ({"A": good, "B": far}, {}, NetsApartError, "--crs"),
        ({"A": good, "B": good.set_crs(None, allow_override=True)}, {}, NetSystemError, "B"),
        ({"A": good, "B": good}, {"places": None}, NoHouseholdsError, "--places"),
        ({"A": good, "B": good}, {"previous": "C"}, BadOptionError, "A, B"),
        ({"A": good, "B": good}, {"tolerance": np.nan}, BadOptionError, "--tolerance"),
        ({"A": good, "a": good}, {}, BadOptionError, "--net"),
        ({"A": good, "grid": good}, {}, BadOptionError, "--net"),
    ):
        with pytest.raises(kind, match=words):
            merged(nets, **more)


def test_where_nobody_knows_households_hectares_take_their_place() -> None:
    nets = {"A": net(HALVES), "B": net(QUARTERS)}
    result = merged(nets, places=None, weight=GROUND, rules=one_band(2, 4))
    area = shapely.area(result.drawn.grids.geometry.to_numpy()) / 10_000
    assert result.drawn.grids["households"].tolist() == pytest.approx(area)
    assert (result.facts.source, bool(result.drawn.grids["in_band"].all())) == ("ground", True)
    with pytest.raises(BadOptionError, match="ground"):
        merged(nets, weight=GROUND)


@pytest.mark.parametrize("east", [2, 5])
def test_of_borders_that_as_many_nets_have_the_one_along_a_road_is_kept(east: int) -> None:
    units = net("abcdefgh")
    west, south, _, north = units.total_bounds
    beside = west + 100 * east + 4
    road = shapely.LineString([(beside, south - 20), (beside, north + 20)])
    result = merged(
        {"A": units, "B": net("aaaaaaaa")}, places=homes(8, 1), rules=one_band(200, 700),
        barriers=gpd.GeoDataFrame(geometry=[road], crs=CRS).to_crs(4326),
    )  # fmt: skip
    assert (result.barriers["given"], result.barriers["used"]) == (1, 1)
    starts = result.drawn.grids.bounds["minx"].to_numpy() - west
    assert starts.tolist() == pytest.approx([0, 100 * east], abs=0.01)


def test_a_border_of_no_length_that_can_be_told_is_along_no_road() -> None:
    """Two quarters that nearly meet in a corner share 0.2 micrometres, which are rounded away."""
    middle = 100 + 2e-7
    rings = [
        [(0, 0), (100, 0), (100, 100), (0, 100)],
        [(100, 0), (200, 0), (200, 100), (middle, 100), (100, 100)],
        [(middle, 100), (200, 100), (200, 200), (middle, 200)],
        [(0, 100), (100, 100), (middle, 100), (middle, 200), (0, 200)],
    ]
    atoms = gpd.GeoDataFrame(geometry=[shapely.Polygon(ring) for ring in rings], crs=CRS)
    road = gpd.GeoDataFrame(geometry=[shapely.LineString([(100, 0), (100, 200)])], crs=CRS)
    none = np.zeros(4, np.int64)
    cover = Cover(atoms.geometry.to_numpy(), none[:, None], none)
    found = kept_borders(cover, atoms, read_barriers(road, atoms, barrier_rules(1.0)))
    assert found.lines.length.sum() == pytest.approx(200, abs=0.01)
    assert np.isfinite(found.roads).all()


@pytest.mark.parametrize(
    ("drawings", "share"),
    [
        (
            ("ddccbb dddaaa eeeaaa eeeaaa", "ccbbaa eeggga eeffdd efffdd",
             "bbbaaa bbbbaa bbbbba bbbbba"),
            0.66,
        ),
        (
            ("eccccc eeaaaa dbffff dbbfff", "aaaddd aaaadd cccbbb ccccbb",
             "eeeebc ffeecc ffffcc dddddc"),
            0.69,
        ),
        (
            ("acccbb aaccbb aadddb aadddd", "cdddde cbbeee cbeeee ceeeee",
             "ddeeee dddeea cdbbaa cffbaa"),
            0.73,
        ),
    ],
)  # fmt: skip
def test_borders_of_several_nets_come_first_and_no_net_keeps_less_than_comes_unasked(
    drawings: tuple[str, ...], share: float
) -> None:
    nets = {str(n): net(letters.replace(" ", "\n")) for n, letters in enumerate(drawings)}
    result = merged(nets, places=homes(6, 4))
    assert result.chosen.grids_in_band == result.chosen.grids == 6
    assert result.chosen.kept > share > result.prices[0].kept
    assert [k.net for k in result.kept if k.behind > 0] == []


def test_a_net_that_falls_behind_counts_more_where_that_loses_the_others_less() -> None:
    drawn = "cccbb cccbb ccabb caabb", "bbbbb bbbaa aaaaa aaaaa", "aabbb aabbb abbbb bbbbb"
    nets = {str(n): net(letters.replace(" ", "\n")) for n, letters in enumerate(drawn)}
    alike = replace(BAND, merging=replace(merge_rules(BAND), behind=1.0))
    plain, again = merged(nets, places=homes(5, 4), rules=alike), merged(nets, places=homes(5, 4))
    assert [k.behind for k in plain.kept] == pytest.approx([100, 0, 0])
    assert [k.behind for k in again.kept] == [0, 0, 0]
    assert again.chosen == again.prices[-1]
    assert again.chosen.each == (1.25, 1.0, 1.0)


def test_a_community_gets_as_many_grids_as_nets_have_units_where_that_costs_nothing() -> None:
    """Nearest to the middle of the band are 5 grids of 367 households; two nets have 6 of 306."""
    squares, halves = "aaabbbccc\n" * 3 + "dddeeefff\n" * 3, "pppppqqqq\n" * 6
    nets = {"A": net(squares), "B": net(squares), "C": net(halves)}
    result = merged(nets, places=homes(9, 6, 34))
    assert (result.prices[0].grids, result.chosen.grids) == (5, 6)
    assert result.chosen.grids_in_band == 6
    assert [round(k.kept / k.metres, 3) for k in result.kept[:2]] == [1, 1]
    assert result.chosen.compactness > 0.78
    today = merged(nets, places=homes(9, 6, 34), previous="C")
    assert today.chosen.grids == 5, "households moved come before borders"


UNITS = st.lists(st.integers(0, 4), min_size=12, max_size=12)


@settings(max_examples=8, deadline=None)
@given(a=UNITS, b=UNITS)
def test_no_ground_and_no_household_is_lost(a: list[int], b: list[int]) -> None:
    def drawn(units: list[int]) -> gpd.GeoDataFrame:
        letters = "".join("pqrst"[u] for u in units)
        return net("\n".join(letters[i : i + 4] for i in (0, 4, 8)))

    result = merged({"A": drawn(a), "B": drawn(b)}, places=homes(4, 3))
    shapes = result.drawn.grids.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(120_000, rel=1e-9)
    chosen, free = result.chosen, result.prices[0]
    if chosen.grids_in_band - chosen.grids == free.grids_in_band - free.grids:
        assert chosen.kept - chosen.behind >= free.kept
    assert result.drawn.grids["households"].sum() == 1200
    figures = row(result)
    assert figures["agreed"] + figures["conflict"] == figures["both"] == 1200
    for table in result.tables.values():
        assert table["households"].sum() == 1200
        assert table.groupby("unit")["share_of_unit"].sum().to_numpy() == pytest.approx(
            1.0, abs=1e-5
        )
    swapped = row(merged({"B": drawn(b), "A": drawn(a)}, places=homes(4, 3)))
    assert swapped["conflict"] == figures["conflict"]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(0, 50)))
def test_every_unit_belongs_to_one_group_with_one_head(shared: dict[tuple[int, int], int]) -> None:
    table = pd.DataFrame(
        {
            "a": [a for a, _ in shared],
            "b": [b for _, b in shared],
            "households": list(shared.values()),
            "area": 1.0,
        },
    )
    taken = table.loc[belonging(table)[0]]
    several_a = set(taken["a"][taken["a"].duplicated()])
    several_b = set(taken["b"][taken["b"].duplicated()])
    assert not (taken["a"].isin(several_a) & taken["b"].isin(several_b)).any()
