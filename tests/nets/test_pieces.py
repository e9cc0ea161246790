"""Pieces do not depend on how many atoms are worked on at once."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.nets import inputs
from geo.nets.loads import Loads, loads_of
from geo.nets.overlay import Overlay, overlaid
from geo.nets.pieces import Pieces, pieces_of
from tests.nets.drawn import CRS, EAST, NORTH, SIDE, net

NETS = {"A": net("aaabbb\naaabbb\ncccbbb"), "B": net("ppqqrr\npxxqrr\nppssss")}


def ground(spots: list[tuple[float, float]], estates: list[str]) -> tuple[Overlay, Loads]:
    points = shapely.points([(EAST + x * SIDE, NORTH + y * SIDE) for x, y in spots])
    places = gpd.GeoDataFrame({"households": 10, "estate": estates}, geometry=points, crs=CRS)
    whole = inputs.given(NETS, None, "households")
    overlay = overlaid(whole, 1.0)
    return overlay, loads_of(whole, overlay, places, ("households", "estate"))


def told(pieces: Pieces) -> list[tuple[object, ...]]:
    shapes = shapely.to_wkb(shapely.normalize(pieces.polygons))
    return list(
        zip(shapes, pieces.atom.tolist(), pieces.households.tolist(), pieces.estate, strict=True)
    )


PLACE = st.tuples(
    st.tuples(st.floats(0.01, 5.99).map(lambda v: round(v, 2)), st.floats(0.01, 2.99)),
    st.sampled_from(["", "", "east", "west"]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PLACE, min_size=1, max_size=30), st.integers(1, 40))
def test_the_pieces_are_the_same_however_many_are_made_at_once(
    places: list[tuple[tuple[float, float], str]], at_once: int
) -> None:
    overlay, loads = ground(*map(list, zip(*places, strict=True)))
    limit = np.full(len(overlay.polygons), 25.0)
    whole = pieces_of(overlay, loads, limit)
    parts = pieces_of(overlay, loads, limit, at_once=at_once)
    assert told(parts) == told(whole)
    assert shapely.coverage_is_valid(parts.polygons)
    assert parts.households.sum() == loads.households.sum()
    area = np.bincount(parts.atom, shapely.area(parts.polygons))
    assert np.allclose(area, overlay.area, rtol=1e-9)
