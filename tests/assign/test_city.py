"""A generated city, whose true owners are known, assigned from end to end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from numpy.typing import NDArray
from typer.testing import CliRunner

from api.cli import app
from geo.assign import Territory
from geo.city import City, build, write
from geo.crs import DATUMS, Datum, from_wgs84
from geo.lookup import GridIndex


@pytest.fixture(scope="module")
def city() -> City:
    return build("small", 5)


@pytest.fixture(scope="module")
def folder(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("city")
    write(city, where)
    return where


@pytest.fixture(scope="module")
def territory(city: City) -> Territory:
    return Territory(
        grids=city.layer("grid"),
        communities=city.layer("admin", "community"),
        subdistricts=city.layer("admin", "subdistrict"),
        lanes=city.layer("lane"),
        duties=city.duties,
    )


def anywhere(city: City, count: int) -> NDArray[np.float64]:
    """Return points all over the city's box, and every node of its lattice: edges and corners."""
    lon, lat = city.truth.lon, city.truth.lat
    low, high = (lon.min() - 1e-3, lat.min() - 1e-3), (lon.max() + 1e-3, lat.max() + 1e-3)
    spread = np.random.default_rng(1).uniform(low, high, (count, 2))
    return np.vstack([spread, np.column_stack([lon.ravel(), lat.ravel()])])


def test_every_point_has_the_owner_the_city_was_made_with(city: City) -> None:
    points = anywhere(city, 5_000)
    index = GridIndex(city.layer("grid").set_index("code"))
    truth = city.truth.owner_of(points[:, 0], points[:, 1]).tolist()
    assert index.locate(points[:, 0], points[:, 1]).tolist() == truth
    assert index.prepare().locate(points[:, 0], points[:, 1]).tolist() == truth
    assert truth.count(None) > 0


@pytest.mark.parametrize("datum", DATUMS)
def test_files_in_every_datum_lead_to_the_true_grid(
    city: City, folder: Path, tmp_path: Path, datum: Datum
) -> None:
    points = anywhere(city, 2_000)[:2_000]
    # A point nearer to an edge than a datum's there-and-back may fall on the other side of it.
    edges = shapely.union_all(shapely.boundary(city.layer("grid").geometry.to_numpy()))
    points = points[shapely.distance(shapely.points(points), edges) > 1e-8]
    lon, lat = from_wgs84(points[:, 0], points[:, 1], datum)
    pd.DataFrame({"lon": lon, "lat": lat}).to_csv(tmp_path / "points.csv", index=False)
    layers = ["--layer", "grid", "--layer", "special"]
    words = ["--grids", folder / "areas.gpkg", *layers, "--datum", datum]
    command = ["assign", tmp_path / "points.csv", *words, "--out", tmp_path / "out.csv"]
    result = CliRunner().invoke(app, [str(word) for word in command])
    assert result.exit_code == 0, result.output
    found = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False)["grid"]
    truth = pd.Series(city.truth.owner_of(points[:, 0], points[:, 1])).fillna("")
    assert found.tolist() == truth.tolist()


def test_the_citys_own_issues_are_assigned_from_its_own_files(folder: Path, tmp_path: Path) -> None:
    words = ["--grids", folder / "areas.gpkg", "--layer", "grid", "--datum", "wgs84"]
    command = ["assign", folder / "issues.csv", *words, "--out", tmp_path / "out.csv"]
    result = CliRunner().invoke(app, [str(word) for word in command])
    assert result.exit_code == 0, result.output
    before = (folder / "issues.csv").read_bytes().splitlines()
    after = (tmp_path / "out.csv").read_bytes().splitlines()
    assert [line.rpartition(b",")[0] for line in after] == before


def test_everyone_in_charge_of_an_issue_holds_a_duty_there(
    city: City, territory: Territory
) -> None:
    found = territory.assign(city.issues)
    inside = found[found["grid"].notna()]
    assert len(inside) > len(found) / 2
    assert (inside["grid"].str[:12] == inside["community"]).all()
    assert (inside["community"].str[:9] == inside["subdistrict"]).all()
    assert (inside["lane"].dropna().str[:9] == inside["subdistrict"][inside["lane"].notna()]).all()
    held = set(zip(city.duties["party"], city.duties["role"], city.duties["area"], strict=True))
    for role, area in (("grid_leader", "grid"), ("street_manager", "lane")):
        named = inside[inside[role].notna()]
        assert len(named) > 0
        assert held >= {(party, role, code) for party, code in named[[role, area]].to_numpy()}
