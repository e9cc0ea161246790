"""The faces do not depend on how many communities are noded at once."""

from __future__ import annotations

import geopandas as gpd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.nets import inputs
from geo.nets.overlay import faces_of
from tests.nets.drawn import net

TOWNS = ["uuuvvv\nuuuvvv\nwwwvvv\nwwwxxx", "uuvv\nuvvv\nwwwx", "u v\nw x", "uuuuuu"]
ROWS = st.lists(st.text("abcd ", min_size=6, max_size=6), min_size=2, max_size=4)


def noded(
    nets: dict[str, gpd.GeoDataFrame], towns: gpd.GeoDataFrame, tolerance: float, at_once: int
) -> tuple[list[bytes], list[int], float]:
    whole = inputs.given(nets, towns, "households")
    faces, home, beyond = faces_of(whole, tolerance, at_once=at_once)
    assert shapely.coverage_is_valid(faces)
    return shapely.to_wkb(shapely.normalize(faces)).tolist(), home.tolist(), round(beyond, 3)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(ROWS.filter(lambda rows: rows[-1][:2].strip() != ""), min_size=2, max_size=3),
    st.sampled_from(TOWNS),
    st.floats(-12, 12),
    st.sampled_from([0.0, 1.0, 10.0]),
)
def test_the_faces_are_the_same_however_many_communities_are_noded_at_once(
    drawings: list[list[str]], towns: str, shift: float, tolerance: float
) -> None:
    nets = {f"net {n}": net("\n".join(rows), dx=shift * n) for n, rows in enumerate(drawings)}
    every = noded(nets, net(towns), tolerance, 99)
    assert noded(nets, net(towns), tolerance, 1) == every
    assert noded(nets, net(towns), tolerance, 2) == every
