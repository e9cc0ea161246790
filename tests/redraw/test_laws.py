"""Laws of every plan, over random little cities."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.redraw import Redrawn, Search, draw
from geo.redraw.inputs import Columns
from geo.rules import one_band
from tests.redraw.toy import broken, most_grids, town

RULES = one_band(60, 100)


class City(NamedTuple):
    """A random city and the columns it gives to the redraw."""

    atoms: gpd.GeoDataFrame
    columns: Columns


@st.composite
def cities(draw_: st.DrawFn) -> City:
    width, height = draw_(st.integers(1, 7)), draw_(st.integers(1, 6))
    signs = st.sampled_from([".", ".", ".", ".", "a", "b", "c", "#", " "])
    rows = ["".join(draw_(st.lists(signs, min_size=width, max_size=width))) for _ in range(height)]
    atoms = town("\n".join([*rows, "."]))
    rng = np.random.default_rng(draw_(st.integers(0, 1000)))
    atoms["households"] = rng.integers(0, draw_(st.sampled_from([1, 40, 150])), len(atoms))
    atoms["within"] = [f"3701020010{1 + (x > 350)}" for x in atoms.geometry.centroid.x]
    atoms["grid"] = rng.choice(["A", "B", "C", ""], len(atoms))
    atoms["grid"] = atoms["grid"].where(atoms["grid"] != "")
    today = draw_(st.sampled_from([None, "grid"]))
    return City(atoms, Columns("households", "within", "estate", today))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cities(), st.integers(0, 5))
def test_no_plan_breaks_a_hard_law(city: City, seed: int) -> None:
    atoms, columns = city
    drawn = draw(atoms, columns, RULES, Search(seed, "fast"))
    ordinary = atoms.loc[~atoms["special"]]
    assert broken(ordinary, _some(drawn, ordinary.index)) == 0
    assert drawn.report.communities["pieces"].sum() == 0
    assert drawn.grids["households"].sum() == atoms["households"].sum()
    assert (drawn.labels.str[:-3] == atoms["within"]).all()
    for _, home in ordinary.dropna(subset="estate").groupby("within"):
        assert most_grids(_some(drawn, home.index), home["estate"]) == 1
    shapes = drawn.grids.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    area = atoms.geometry.area.groupby(drawn.labels).sum()
    assert np.allclose(drawn.grids.set_index("code").geometry.area, area, rtol=1e-12)


FORMS = ("EPSG:4490", "EPSG:3857", "EPSG:32650", "no system", "heights", "geojson")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cities(), st.sampled_from(FORMS))
def test_no_system_and_no_form_of_a_file_breaks_a_law(city: City, form: str) -> None:
    atoms, columns = city
    jinan = atoms.set_geometry(atoms.geometry.translate(500_000, 4_050_000))
    given_ = _in_form(jinan, form)
    drawn = draw(given_, columns, RULES, Search(1, "fast"))
    ordinary = given_.loc[~given_["special"]]
    assert broken(ordinary, _some(drawn, ordinary.index)) == 0
    assert drawn.grids["households"].sum() == atoms["households"].sum()
    assert drawn.grids.crs == given_.crs
    shapes = drawn.grids.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    ground = shapely.area(given_.geometry.to_numpy()).sum()
    assert np.isclose(shapely.area(shapes).sum(), ground, rtol=1e-9)


def _in_form(atoms: gpd.GeoDataFrame, form: str) -> gpd.GeoDataFrame:
    """Return the atoms as a file of another system or form would have them."""
    if form == "no system":
        return atoms.set_crs(None, allow_override=True)
    if form == "heights":
        return atoms.set_geometry(shapely.force_3d(atoms.geometry.to_numpy(), 5.0))
    if form == "geojson":
        return gpd.read_file(atoms.to_crs(4326).to_json())
    return atoms.to_crs(form)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cities())
def test_a_community_in_band_says_so_and_one_out_of_band_says_why(city: City) -> None:
    atoms, columns = city
    drawn = draw(atoms, columns, RULES, Search(1, "fast"))
    loads = atoms.loc[~atoms["special"], "households"].groupby(drawn.labels).sum()
    good = loads.between(60, 100).groupby(loads.index.str[:-3]).all()
    for row in drawn.report.communities.itertuples():
        assert row.in_band == good[row.within]
        assert row.zh
        assert row.en
        assert (row.reason == "in_band") == row.in_band


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cities(), st.integers(0, 3))
def test_the_same_seed_gives_the_same_plan(city: City, seed: int) -> None:
    atoms, columns = city
    one = draw(atoms, columns, RULES, Search(seed, "fast", 1)).labels
    two = draw(atoms, columns, RULES, Search(seed, "fast", 2)).labels
    pd.testing.assert_series_equal(one, two)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 500), st.integers(2, 4))
def test_locked_atoms_of_a_whole_plan_stay(seed: int, columns: int) -> None:
    atoms = town("\n".join(["........"] * 4), households=20)
    rng = np.random.default_rng(seed)
    atoms["grid"] = [f"g{int(x * columns / 800)}" for x in atoms.geometry.centroid.x]
    atoms["lock"] = rng.random(len(atoms)) < 0.4
    names = Columns("households", previous="grid", locked="lock")
    labels = draw(atoms, names, one_band(100, 400), Search(seed, "fast")).labels
    held = pd.DataFrame({"was": atoms["grid"], "now": labels})[atoms["lock"]].drop_duplicates()
    assert held["was"].is_unique
    assert held["now"].is_unique


def _some(drawn: Redrawn, rows: pd.Index) -> Redrawn:
    """Return the plan with the labels of some atoms only."""
    return replace(drawn, labels=drawn.labels.loc[rows])
