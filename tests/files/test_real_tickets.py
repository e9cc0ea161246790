"""Los Angeles' tickets of 2017 beside the council the city itself recorded."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from typer.testing import CliRunner

from api.cli import app
from geo.lookup import GridIndex

DATA = Path(__file__).parents[3] / "shared/data"
COUNCILS = DATA / "la_neighborhood_councils_2019.fgb"
TICKETS = DATA / "la_311_2017_subset.csv.gz"
AGREE_AT_LEAST = 0.978

pytestmark = pytest.mark.skipif(not TICKETS.exists(), reason="the real data is not on this machine")


@pytest.fixture(scope="module")
def assigned(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Tickets with coordinates and an official council, every column as text."""
    out = tmp_path_factory.mktemp("la") / "out.csv"
    named = ["--grids", str(COUNCILS), "--code", "nc_id", "--datum", "wgs84", "--out", str(out)]
    result = CliRunner().invoke(app, ["assign", str(TICKETS), *named])
    assert result.exit_code == 0, result.output
    rows = pd.read_csv(out, dtype=str, keep_default_na=False)
    before = pd.read_csv(TICKETS, dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(rows.drop(columns="grid"), before)
    return rows[(rows["Latitude"] != "") & (rows["NC"] != "")]


def test_the_grid_agrees_with_the_council_on_record(assigned: pd.DataFrame) -> None:
    assert len(assigned) > 8_000
    assert (assigned["grid"] == assigned["NC"]).mean() >= AGREE_AT_LEAST


def test_the_rule_for_overlaps_costs_only_tickets_that_lie_in_two_councils(
    assigned: pd.DataFrame,
) -> None:
    """Where the record names a council that covers the point, another one covers it too."""
    councils = gpd.read_file(COUNCILS).set_index("nc_id").geometry
    other = assigned[assigned["grid"] != assigned["NC"]]
    at = gpd.GeoSeries(gpd.points_from_xy(other["Longitude"], other["Latitude"]), crs=4326)
    recorded = councils.reindex(other["NC"]).reset_index(drop=True)
    passed_over = at[recorded.covers(at)]
    assert 0 < len(passed_over) < len(other) / 4  # the rest: a council of 2017 of another shape
    assert all(councils.covers(point).sum() > 1 for point in passed_over)


def test_the_raster_finds_the_councils_the_tree_finds(assigned: pd.DataFrame) -> None:
    councils = GridIndex(gpd.read_file(COUNCILS).set_index("nc_id")).prepare()
    lon, lat = assigned["Longitude"].astype(float), assigned["Latitude"].astype(float)
    found = pd.Series(councils.locate(lon, lat)).fillna("")
    assert found.tolist() == assigned["grid"].tolist()


def test_codes_as_text_are_in_order_of_bytes() -> None:
    councils = GridIndex(gpd.read_file(COUNCILS).set_index("nc_id"))
    codes = councils.codes.tolist()
    assert codes == sorted(codes, key=str.encode)
    assert codes.index("127") < codes.index("63")  # a number's order would have it otherwise
