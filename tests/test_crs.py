"""Laws of the datums."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import DATUMS, Datum, from_wgs84, parse_datum, to_wgs84
from geo.errors import UnknownDatumError

# One degree of latitude is about 111 km, of longitude at most that: a millimetre in degrees.
MILLIMETRE = 1e-3 / 111_320.0
beyond = st.one_of(
    st.tuples(st.floats(-180.0, 72.0), st.floats(-90.0, 90.0)),
    st.tuples(st.floats(138.0, 180.0), st.floats(-90.0, 90.0)),
    st.tuples(st.floats(73.0, 137.0), st.floats(-90.0, 0.8)),
    st.tuples(st.floats(73.0, 137.0), st.floats(56.0, 90.0)),
)
in_china = st.tuples(st.floats(73.0, 135.0), st.floats(3.0, 54.0))


@given(in_china, st.sampled_from(DATUMS))
def test_there_and_back_is_within_a_millimetre_everywhere_in_china(
    point: tuple[float, float], datum: Datum
) -> None:
    back = to_wgs84(*from_wgs84(*point, datum), datum)
    assert np.abs(np.array(back) - point).max() < MILLIMETRE


@given(beyond, st.sampled_from(DATUMS))
def test_on_every_side_of_china_every_datum_is_the_same(
    point: tuple[float, float], datum: Datum
) -> None:
    lon, lat = point
    assert [float(v) for v in from_wgs84(lon, lat, datum)] == [lon, lat]
    assert [float(v) for v in to_wgs84(lon, lat, datum)] == [lon, lat]


def test_gcj02_and_bd09_meet_the_published_values_at_tiananmen() -> None:
    assert from_wgs84(116.404, 39.915, "gcj02") == pytest.approx((116.41024450, 39.91640428))
    assert from_wgs84(116.404, 39.915, "bd09") == pytest.approx((116.41662724, 39.92269955))


def test_gcj02_read_as_wgs84_is_off_by_some_530_metres_in_jinan() -> None:
    lon, lat = from_wgs84(117.0, 36.65, "gcj02")
    east = (lon - 117.0) * 111_320.0 * np.cos(np.radians(36.65))
    assert 500 < np.hypot(east, (lat - 36.65) * 111_320.0) < 560


def test_an_unknown_datum_is_named_with_what_is_known() -> None:
    with pytest.raises(UnknownDatumError, match=r"'mars'.*wgs84, cgcs2000, gcj02, bd09"):
        parse_datum("mars")
