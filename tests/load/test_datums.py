"""The detector: names the right datum, or says that it cannot tell."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.crs import DATUMS, Datum, from_wgs84
from geo.load import datums

SIDE = 30


def city() -> gpd.GeoDataFrame:
    xs, ys = np.linspace(116.9, 117.2, SIDE + 1), np.linspace(36.5, 36.8, SIDE + 1)
    shapes = [shapely.box(x, y, x1, y1) for x, x1 in pairwise(xs) for y, y1 in pairwise(ys)]
    codes = [f"370102{n:06d}" for n in range(len(shapes))]
    names = [f"东{n}路社区" for n in range(len(shapes))]
    frame = {"code": codes, "name": names, "kind": "community"}
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")


AREAS = city()


def records(
    count: int, wrong: float = 0.0, seed: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return WGS 84 positions and the place of the area each says it lies in."""
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(116.9, 117.2, count), rng.uniform(36.5, 36.8, count)
    tree = shapely.STRtree(AREAS.geometry.to_numpy())
    point, area = tree.query(shapely.points(lon, lat), predicate="intersects")
    owner = np.zeros(count, dtype=int)
    owner[point] = area
    mistaken = rng.random(count) < wrong
    owner[mistaken] = rng.integers(0, len(AREAS), int(mistaken.sum()))
    return lon, lat, owner


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize("wrong", [0.0, 0.2])
@pytest.mark.parametrize("column", ["code", "name"])
def test_the_right_datum_is_named(datum: Datum, wrong: float, column: str) -> None:
    lon, lat, owner = records(300, wrong)
    named = AREAS[column].iloc[owner].reset_index(drop=True)
    votes = datums.detect(*from_wgs84(lon, lat, datum), named, AREAS)
    assert votes.confident
    assert votes.best == ("wgs84" if datum == "cgcs2000" else datum)
    assert votes.shares[votes.best] >= 0.75 - wrong
    assert votes.margin > 0


def test_codes_of_grids_mean_the_community_they_begin_with() -> None:
    lon, lat, owner = records(200)
    named = pd.Series(AREAS["code"].iloc[owner].to_numpy()) + "001"
    votes = datums.detect(*from_wgs84(lon, lat, "bd09"), named, AREAS)
    assert (votes.best, votes.records) == ("bd09", 200)


def test_addresses_and_endings_of_names_are_understood() -> None:
    streets = AREAS.assign(kind="subdistrict", name=[f"东{n}路街道" for n in range(len(AREAS))])
    lon, lat, owner = records(200)
    at = from_wgs84(lon, lat, "gcj02")
    address = pd.Series([f"济南市历下区东{n}路街道文化东路1号" for n in owner])
    office = pd.Series([f"东{n}路街道办事处" for n in owner])
    for named in (address, office, pd.DataFrame({"grid": np.nan, "address": address})):
        votes = datums.detect(*at, named.astype("str"), streets)
        assert (votes.best, votes.confident, votes.records) == ("gcj02", True, 200)


def test_only_records_near_borders_tell() -> None:
    whole = gpd.GeoDataFrame(
        {"code": ["370102", "370103"], "name": ["历下区", "市中区"], "kind": "district"},
        geometry=[shapely.box(117.0, 36.5, 117.2, 36.8), shapely.box(116.8, 36.5, 117.0, 36.8)],
        crs="EPSG:4326",
    )
    lon, lat, _ = records(4000)
    named = pd.Series(np.where(lon >= 117.0, "历下区", "市中区"))
    votes = datums.detect(*from_wgs84(lon, lat, "gcj02"), named, whole)
    assert (votes.best, votes.confident) == ("gcj02", True)
    few = datums.detect(*from_wgs84(lon[:8], lat[:8], "gcj02"), named[:8], whole)
    assert not few.confident
    assert "too close to tell" in few.sentence
    assert "不足以判断" in few.sentence_zh


def test_names_that_fit_nowhere_are_not_believed() -> None:
    lon, lat, _ = records(500)
    rng = np.random.default_rng(2)
    named = AREAS["code"].iloc[rng.integers(0, len(AREAS), 500)].reset_index(drop=True)
    assert not datums.detect(lon, lat, named, AREAS).confident


def test_nothing_to_compare_says_so() -> None:
    lon, lat, _ = records(10)
    unnamed = datums.detect(lon, lat, pd.Series(["—"] * 10), AREAS)
    assert (unnamed.best, unnamed.records) == (None, 0)
    assert "cannot be measured" in unnamed.sentence
    blank = datums.detect(lon, lat, pd.DataFrame(index=range(10)), AREAS)
    assert blank.best is None
    abroad = datums.detect(lon - 235.0, lat, pd.Series(["历下区"] * 10), AREAS)
    assert "No position lies in China" in abroad.sentence
    assert abroad.shares["gcj02"] == 0


def test_a_large_file_is_sampled() -> None:
    lon, lat, owner = records(45_000)
    named = AREAS["code"].iloc[owner].reset_index(drop=True)
    votes = datums.detect(*from_wgs84(lon, lat, "bd09"), named, AREAS)
    assert (votes.best, votes.records) == ("bd09", 15_000)
