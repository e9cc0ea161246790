"""Laws of the frames: contracts, totals, people on every grid, issues in their place and time."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.city import SIZES, City, build
from geo.city.issues import TODAY
from geo.errors import BadOptionError
from geo.frames import AREAS, CONTRACTS, ROLES, Contract


@pytest.mark.parametrize("name", list(CONTRACTS))
def test_every_frame_keeps_its_contract(small_city: City, name: str) -> None:
    frame: pd.DataFrame = getattr(small_city, name)
    contract: Contract = CONTRACTS[name]
    assert list(frame.columns) == [column.name for column in contract.columns]
    assert not frame[[c.name for c in contract.columns if c.required]].isna().any().any()
    assert not frame.duplicated(list(contract.key)).any()


def test_totals_are_near_their_targets(medium_city: City) -> None:
    size = SIZES["medium"]
    assert len(medium_city.places) == pytest.approx(size.buildings, rel=0.02)
    assert len(medium_city.issues) == size.issues
    assert len(medium_city.layer("admin", "subdistrict")) == 13
    assert len(medium_city.layer("admin", "community")) == 139
    places = medium_city.places
    households = places["households"].groupby(places["grid"].str[:12]).sum()
    assert 1_400 < households.median() < 2_600
    assert (places["households"] <= places["dwellings"]).all()
    estates = places.groupby("estate")["households"].sum()
    assert (estates <= 500).mean() > 0.99


def test_today_s_grids_are_badly_balanced(medium_city: City) -> None:
    grid = medium_city.layer("grid")
    held = medium_city.places.groupby("grid")["households"].sum().reindex(grid["code"]).fillna(0)
    ordinary = held[~grid["special"].to_numpy(bool)]
    assert (ordinary < 200).mean() > 0.1
    assert (ordinary > 600).mean() > 0.05


def test_some_communities_fit_no_number_of_grids(medium_city: City) -> None:
    places = medium_city.places
    households = places["households"].groupby(places["grid"].str[:12]).sum()
    assert households.between(501, 599).any()
    assert households.eq(125).any()


def test_every_grid_has_one_leader_and_one_to_three_workers(medium_city: City) -> None:
    duties, codes = medium_city.duties, medium_city.layer("grid")["code"]
    leaders = duties[duties["role"] == "grid_leader"]
    assert sorted(leaders["area"]) == sorted(codes)
    assert leaders["party"].is_unique
    workers = duties[duties["role"] == "grid_worker"].groupby("area").size()
    assert workers.reindex(codes).between(1, 3).all()


def test_duties_name_parties_areas_and_services_that_exist(medium_city: City) -> None:
    duties = medium_city.duties
    assert set(duties["role"]) <= set(ROLES)
    assert set(duties["party"]) <= set(medium_city.parties["code"])
    assert set(duties["service"].dropna()) <= set(medium_city.services["code"])
    areas = set(zip(medium_city.areas["net"], medium_city.areas["code"], strict=True))
    assert set(zip(duties["net"], duties["area"], strict=True)) <= areas
    assert set(duties[duties["role"] == "street_manager"]["area"]) == set(
        medium_city.layer("lane")["code"]
    )


def test_every_service_has_one_department_that_leads_in_a_district(medium_city: City) -> None:
    listed = medium_city.duties.dropna(subset="service")
    of_district = listed[listed["area"] == SIZES["medium"].scope]
    leaves = medium_city.services.dropna(subset="parent")["code"]
    assert sorted(of_district[of_district["lead"]]["service"]) == sorted(leaves)
    assert not of_district["lead"].all()


def test_parties_hang_under_parties(medium_city: City) -> None:
    parties = medium_city.parties
    assert parties["code"].is_unique
    assert set(parties["parent"].dropna()) <= set(parties["code"])


def test_issues_fall_in_the_last_ninety_days_and_some_have_no_position(medium_city: City) -> None:
    issues = medium_city.issues
    assert issues["reported_at"].between(TODAY - pd.Timedelta(days=90), TODAY).all()
    assert issues["reported_at"].is_monotonic_increasing
    assert issues["reported_at"].value_counts().iloc[0] <= 4  # nothing piles up at either end
    assert 0.02 < issues.geometry.isna().mean() < 0.12
    assert issues["accuracy_m"].notna().mean() > 0.2
    assert issues["address"].str.startswith("历下区").all()


def test_issues_have_hot_spots_in_time_and_space(medium_city: City) -> None:
    issues = medium_city.issues
    names = issues["service"].map(medium_city.services.set_index("code")["name"])
    hour = issues["reported_at"].dt.tz_convert("Asia/Shanghai").dt.hour
    assert hour[names == "施工噪声"].isin([20, 21, 22, 23, 0, 1, 2, 3]).mean() > 0.5
    days = (TODAY - issues["reported_at"]).dt.days
    assert (days[names == "暖气不热"] < 20).mean() > 0.6
    placed = issues[issues.geometry.notna()]
    owner = pd.Series(medium_city.owner_of(placed.geometry.x, placed.geometry.y)).dropna()
    busiest = owner.value_counts()
    assert busiest.head(len(busiest) // 10).sum() > 0.2 * len(owner)


def test_another_seed_gives_another_city(small_city: City) -> None:
    other = build("small", 9)
    assert other.layer("admin", "community")["code"].equals(
        small_city.layer("admin", "community")["code"]
    )
    assert other.truth.lon[0, 0] != small_city.truth.lon[0, 0]
    assert not other.issues["text"].equals(small_city.issues["text"])


@pytest.mark.parametrize("seed", range(2, 7))
def test_every_seed_gives_a_small_city_that_holds(seed: int) -> None:
    city = build("small", seed)
    assert len(city.layer("admin", "community")) == 5
    assert len(city.places) == pytest.approx(1_500, rel=0.15)
    assert city.places["grid"].isin(city.layer("grid")["code"]).all()
    assert list(city.areas.columns) == [column.name for column in AREAS.columns]


@pytest.mark.parametrize(("size", "seed"), [("huge", 1), ("small", -1)])
def test_an_unknown_size_or_seed_is_refused(size: str, seed: int) -> None:
    with pytest.raises(BadOptionError):
        build(size, seed)
