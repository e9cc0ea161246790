"""Links to maps on phones: each provider's order, datum and encoding."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.crs import from_wgs84
from geo.wayfinding import coordinates, ways

LON, LAT = 117.02, 36.668
NAUGHTY = "井盖;破:损,a|b&c=d#<img src=x>"


def url(key: str, name: str = "井盖") -> str:
    return next(way.url for way in ways(LON, LAT, name) if way.key == key)


def asked(address: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}


def degrees(datum: str) -> tuple[str, str]:
    lon, lat = (f"{float(v):.6f}" for v in from_wgs84(LON, LAT, datum))  # type: ignore[arg-type]
    return lon, lat


def test_amap_is_told_the_way_in_its_own_datum_longitude_first() -> None:
    lon, lat = degrees("gcj02")
    told = asked(url("amap"))
    assert told["to"] == f"{lon},{lat},井盖"
    assert (told["mode"], told["callnative"], told["src"]) == ("walk", "1", "jingwei")
    assert "from" not in told, "from where one is"


def test_baidu_is_told_its_own_datum_latitude_first() -> None:
    lon, lat = degrees("bd09")
    told = asked(url("baidu"))
    assert (told["location"], told["coord_type"]) == (f"{lat},{lon}", "bd09ll")
    assert (told["title"], told["content"]) == ("井盖", "井盖")
    assert (told["output"], told["src"]) == ("html", "jingwei")


def test_tencent_is_told_gcj02_latitude_first_in_one_field() -> None:
    lon, lat = degrees("gcj02")
    told = asked(url("tencent"))
    assert told["marker"] == f"coord:{lat},{lon};title:井盖;addr:井盖"
    assert (told["coord_type"], told["referer"]) == ("2", "jingwei")


def test_apple_is_told_what_its_map_of_china_shows() -> None:
    lon, lat = degrees("gcj02")
    assert asked(url("apple")) == {"ll": f"{lat},{lon}", "q": "井盖"}


def test_geo_is_wgs84_latitude_first() -> None:
    assert url("geo").startswith(f"geo:{LAT:.6f},{LON:.6f}?q={LAT:.6f},{LON:.6f}(")


def test_datums_are_hundreds_of_metres_apart_so_none_is_left_unconverted() -> None:
    near = {key: re.findall(r"\d+\.\d{6}", url(key))[:2] for key in ("amap", "baidu", "geo")}
    assert len({tuple(sorted(found)) for found in near.values()}) == 3


@pytest.mark.parametrize("key", ["amap", "baidu", "tencent", "apple", "geo"])
def test_a_name_ends_no_field_and_opens_no_other(key: str) -> None:
    made = url(key, NAUGHTY)
    for letter in "<>#| \"'":
        assert letter not in made
    assert made.count("&") == url(key).count("&")
    assert made.count(";") == url(key).count(";")
    assert made.count(",") == url(key).count(",")


def test_a_place_without_a_name_is_called_by_its_position() -> None:
    assert asked(url("apple", "  "))["q"] == coordinates(LON, LAT)
    assert len(asked(url("apple", "长" * 500))["q"]) == 40


def test_elsewhere_in_the_world_nothing_is_moved() -> None:
    there = next(way.url for way in ways(-118.24, 34.05, "x") if way.key == "apple")
    assert asked(there)["ll"] == "34.050000,-118.240000"
