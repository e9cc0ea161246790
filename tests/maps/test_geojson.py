"""What the pages fetch says what the frame held."""

import json
from datetime import UTC, datetime

import geopandas as gpd
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from maps.geojson import feature_collection


@given(st.lists(st.text(), max_size=4))
def test_any_text_comes_back_as_it_was_one_feature_a_row(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    frame = gpd.GeoDataFrame({"text": texts}, geometry=[Point(117, 36)] * len(texts))
    features = json.loads(feature_collection(frame))["features"]
    assert [f["properties"]["text"] for f in features] == texts


def test_missing_values_times_and_geometries_are_null_iso_and_null() -> None:
    when = pd.to_datetime([datetime(2026, 11, 20, 8, 30, tzinfo=UTC), None], utc=True)
    frame = gpd.GeoDataFrame({"n": [1, None], "at": when}, geometry=[box(0, 0, 1, 1), None])
    one, two = json.loads(feature_collection(frame))["features"]
    assert one["properties"]["at"].startswith("2026-11-20T08:30:00")
    assert two == {"type": "Feature", "properties": {"n": None, "at": None}, "geometry": None}


def test_a_frame_of_geometries_alone_has_empty_properties() -> None:
    frame = gpd.GeoDataFrame(geometry=[Point(0.123456789, 0)])
    (feature,) = json.loads(feature_collection(frame))["features"]
    assert feature["properties"] == {}
    assert feature["geometry"]["coordinates"] == [0.1234568, 0.0]
