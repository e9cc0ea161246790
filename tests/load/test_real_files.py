"""Real files, read where they lie: councils that overlap, tickets, buildings, typed-in points."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.load import Loaded, ReadOptions, read
from tests.load.made import alarms, found, rows_of

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real files is not here")


def real(name: str, noun: str, **options: object) -> Loaded:
    (loaded,) = read(DATA / name, noun, ReadOptions(**options))  # type: ignore[arg-type]
    return loaded


@pytest.mark.parametrize(("year", "placeless"), [(2017, 1753), (2020, 0)])
def test_tickets_are_all_kept_with_or_without_a_position(year: int, placeless: int) -> None:
    loaded = real(f"la_311_{year}_subset.csv.gz", "issues", timezone="America/Los_Angeles")
    assert loaded.report.used == loaded.report.read
    assert alarms(loaded) == []
    assert loaded.report.datum == "wgs84"
    assert int(loaded.frame.geometry.isna().sum()) == placeless
    assert loaded.frame["reported_at"].notna().all()
    assert loaded.frame["service"].notna().all()


def test_buildings_of_helsinki_are_imported_but_for_the_broken_ones_that_are_listed() -> None:
    loaded = real("helsinki_centre.osm.pbf", "places", accept=frozenset({"mends"}))
    assert loaded.report.read == 494
    assert len(rows_of(loaded, "geometry-unreadable")) == 5
    assert loaded.report.used + loaded.report.quarantined == 494
    assert loaded.frame["footprint"].notna().all()
    assert loaded.frame["code"].str.match(r"(way|relation)/\d+").all()
    assert (loaded.frame["address"] != "").sum() > 50
    listed = [f for f in loaded.report.findings if f.code == "geometry-unreadable"]
    assert all(f.feature.startswith("way/") for f in listed)


def test_typed_in_points_of_jinan_lose_their_zeros_and_telephones() -> None:
    loaded = real("jinan_points_with_real_defects.csv.gz", "places", datum="gcj02")
    assert len(rows_of(loaded, "point-zero")) == 41
    assert len(rows_of(loaded, "point-number")) == 3
    assert found(loaded)["point-swapped"] == 4
    assert [q.code for q in loaded.questions] == ["point-swapped"] * 4
    silent = real("jinan_points_with_real_defects.csv.gz", "places")
    assert "datum-unknown" in [q.code for q in silent.questions]


def test_areas_of_chicago_ask_for_their_system() -> None:
    loaded = real("chicago77_noprj.zip", "areas", kind="community")
    assert [q.code for q in loaded.questions] == ["crs-unknown"]
    assert loaded.report.used == 0


def test_councils_of_los_angeles_show_every_overlap_and_gap() -> None:
    loaded = real("la_neighborhood_councils_2019.fgb", "areas", net="dept-council")
    (said,) = [f for f in loaded.report.findings if f.code == "coverage"]
    assert "192" in said.zh
    assert loaded.report.used == 99
    assert {q.code for q in loaded.questions} == {"overlap"}
