"""The laws of every plan for atoms in parts, islands and points, at every length of search."""

from __future__ import annotations

from random import Random
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.atoms import adjacency
from geo.errors import NoGroundError
from geo.redraw import Quality, Redrawn, redraw
from geo.rules import one_band
from tests.redraw.toy import town

RULES: Final = one_band(60, 100)
QUALITIES: Final[list[Quality]] = ["draft", "fast", "best"]
CALM = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIGNS = st.sampled_from([".", ".", ".", "a", "b", " ", " "])


@st.composite
def islands(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Atoms of two communities with sea between them; some are multipolygons."""
    rows = draw(st.lists(st.text(SIGNS, min_size=6, max_size=6), min_size=2, max_size=4))
    atoms = town("\n".join([".     ", *rows, "     ."]))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    atoms["households"] = rng.integers(0, 60, len(atoms))
    atoms["within"] = np.where(atoms.centroid.x > 300, "E", "W")
    part = np.where(
        rng.random(len(atoms)) < draw(st.sampled_from([0.0, 0.4])), 0, range(len(atoms))
    )
    keys = [atoms["within"], atoms["estate"].fillna(""), part]
    first = {"atom": "first", "households": "sum", "special": "first"}
    merged = atoms.dissolve(by=keys, aggfunc=first)
    merged["within"] = merged.index.get_level_values(0)
    merged["estate"] = merged.index.get_level_values(1)
    whole = merged.reset_index(drop=True)
    return whole.assign(estate=whole["estate"].where(whole["estate"] != ""))


def torn(atoms: gpd.GeoDataFrame, drawn: Redrawn) -> int:
    """Return the pieces too many of all grids: atoms hang together in themselves."""
    borders, bridge = adjacency(atoms.geometry.to_numpy()), drawn.report.bridges
    place = {name: row for row, name in enumerate(atoms["atom"])}
    left = np.r_[borders.left, [place[a] for a in bridge["a"]]].astype(np.int64)
    right = np.r_[borders.right, [place[b] for b in bridge["b"]]].astype(np.int64)
    label = drawn.labels.to_numpy()
    same = label[left] == label[right]
    whole = borders._replace(left=left[same], right=right[same], metres=np.zeros(int(same.sum())))
    return len(np.unique(whole.components(len(atoms)))) - len(set(drawn.labels))


def demand_laws(rows: gpd.GeoDataFrame, drawn: Redrawn) -> None:
    """Hold what every plan must: households, communities, estates, ground, bands, reasons."""
    grids = drawn.grids.set_index("code")
    counted = rows["households"].groupby(drawn.labels).sum()
    assert counted.sort_index().tolist() == grids["households"].sort_index().tolist()
    assert (drawn.labels.str[:-3].to_numpy() == rows["within"].to_numpy()).all()
    assert set(rows.groupby(["within", "estate"])["households"].count().index) == set(
        drawn.labels.groupby([rows["within"], rows["estate"]]).nunique().loc[lambda n: n == 1].index
    )
    assert (grids["in_band"] == grids["households"].between(60, 100)).all()
    assert shapely.coverage_is_valid(grids.geometry.to_numpy())
    assert drawn.report.communities["pieces"].sum() == 0
    assert (drawn.report.communities["zh"] != "").all()


@CALM
@given(islands(), st.sampled_from(QUALITIES), st.integers(0, 3))
def test_islands_and_atoms_in_parts_break_no_law(
    atoms: gpd.GeoDataFrame, quality: Quality, seed: int
) -> None:
    drawn = redraw(
        atoms, weight="households", rules=RULES, within="within", groups="estate",
        quality=quality, seed=seed,
    )  # fmt: skip
    demand_laws(atoms, drawn)
    assert torn(atoms, drawn) == 0
    area = atoms.geometry.area.groupby(drawn.labels).sum()
    assert np.allclose(drawn.grids.set_index("code").geometry.area, area, rtol=1e-12)


SPOT = st.tuples(st.integers(0, 5), st.integers(0, 3))
BUILDING = st.tuples(SPOT, st.integers(0, 60), st.sampled_from("EW"), st.sampled_from("ab..."))


@CALM
@given(st.lists(BUILDING, min_size=1, max_size=25), st.sampled_from(QUALITIES), st.randoms())
def test_points_on_one_spot_and_on_borders_break_no_law_in_any_order(
    buildings: list[tuple[tuple[int, int], int, str, str]], quality: Quality, chance: Random
) -> None:
    spots, households, within, estate = zip(*buildings, strict=True)
    # One estate for each community: of one spot the two are one.
    named = [None if e == "." else e + w for e, w in zip(estate, within, strict=True)]
    table = {"households": households, "within": within, "estate": named}
    rows = gpd.GeoDataFrame(table, geometry=shapely.points(100.0 * np.asarray(spots)), crs=4548)
    shuffled = list(range(len(rows)))
    chance.shuffle(shuffled)
    try:
        drawn, again = (
            redraw(
                some, weight="households", rules=RULES, within="within", groups="estate",
                quality=quality,
            )
            for some in (rows, rows.iloc[shuffled])
        )  # fmt: skip
    except NoGroundError:
        return
    demand_laws(rows, drawn)
    one_spot = [rows["within"], rows.geometry.to_wkb()]
    assert set(drawn.labels.groupby(one_spot).nunique()) == {1}
    pd.testing.assert_series_equal(again.labels.sort_index(), drawn.labels)
