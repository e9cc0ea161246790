"""Addresses find what they name, however they are written; nothing is taken by a guess."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.city import City
from geo.frames import AREAS, PLACES, conform
from geo.gazetteer import Candidate, Gazetteer, taken
from geo.gazetteer.parsing import Vocabulary, parsed
from geo.issues.policy import intake_policy
from geo.reference import code_history

RULES = intake_policy().address
STEP = 0.01
LETTERS = "长清区青石巷5号富强悦府3楼栋单元与交叉口附近的-#１ \0\ud800a座路省市"
LONG = ("1" * 20_000, "路" * 20_000, "青石巷" * 5_000, "3号楼" * 5_000 + "x")


def box(column: int, row: int, width: int = 1) -> shapely.Polygon:
    return shapely.box(
        *(117 + column * STEP, 36 + row * STEP), 117 + (column + width) * STEP, 36.01
    )


def line(*degrees: float) -> shapely.LineString:
    return shapely.LineString([degrees[:2], degrees[2:]])


def town() -> gpd.GeoDataFrame:
    """Two communities side by side; two streets that cross, and two that share a name."""
    north, special = "370113001", "370113001001901"
    rows = [
        ("admin", "city", "3701", "济南市", None, False, box(0, 0, 4)),
        ("admin", "district", "370113", "长清区", "3701", False, box(0, 0, 4)),
        ("admin", "subdistrict", "370113001", "文昌街道", "370113", False, box(0, 0, 4)),
        ("admin", "community", "370113001001", "甲社区", "370113001", False, box(0, 0, 2)),
        ("admin", "community", "370113001002", "乙社区", "370113001", False, box(2, 0, 2)),
        ("grid", "grid", special, "文昌小学", special[:12], True, box(1, 0).buffer(-0.004)),
        ("estate", "estate", "E1", "富强悦府", "370113001001", False, box(0, 0).buffer(-0.0045)),
        ("lane", "lane", "L1", "青石巷", north, False, line(117, 36.005, 117.02, 36.005)),
        ("lane", "lane", "L2", "文化东路", north, False, line(117.01, 36, 117.01, 36.01)),
        ("lane", "lane", "L3", "建设路", north, False, line(117, 36.002, 117.01, 36.002)),
        ("lane", "lane", "L4", "建设路", north, False, line(117.03, 36.008, 117.04, 36.008)),
    ]  # fmt: skip
    columns = ["net", "kind", "code", "name", "parent", "special", "geometry"]
    return conform(
        gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry"), AREAS
    )


def houses() -> gpd.GeoDataFrame:
    rows = [
        ("A3", "3号楼", "长清区文昌街道甲社区 青石巷5号富强悦府 3号楼", "E1", 117.005, 36.0052),
        ("A4", "4号楼", "长清区文昌街道甲社区 青石巷5号富强悦府 4号楼", "E1", 117.0055, 36.0052),
        ("B", "A座", "长清区文昌街道甲社区 文化东路88号 A座", None, 117.0101, 36.003),
        ("C", "1号楼", "长清区文昌街道甲社区 建设路1号 1号楼", None, 117.001, 36.002),
        ("V", "12号", "长清区文昌街道乙社区 12号", None, 117.03, 36.005),
    ]
    frame = pd.DataFrame(rows, columns=["code", "name", "address", "estate", "lon", "lat"])
    points = gpd.points_from_xy(frame.lon, frame.lat)
    return conform(gpd.GeoDataFrame(frame.assign(kind="building"), geometry=points), PLACES)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(town(), houses(), code_history())


def found(gazetteer: Gazetteer, text: str) -> Candidate | None:
    return taken(gazetteer.search(text, RULES), RULES)


@pytest.mark.parametrize(
    "text",
    [
        "长清区文昌街道甲社区 青石巷5号富强悦府 3号楼",
        "山东省济南市长清区文昌街道办事处甲社区居委会青石巷５号富强悦府３号楼2单元501室",
        "济南长清青石巷五号 富强悦府（三号楼）",
        "长清县青石巷5号富强悦府3栋",  # its name until 2001
        "長清區青石巷5號富強悅府3號樓",
        "青石巷5號富強悅府3棟後門",
        "富强悦府小区3号楼",
        "富强悦府3#2单元",
        "富强悦府3-2-501",
        "青石巷5号3幢东单元",
        "富强悦府三号楼门口",
        "甲社区，富强悦府，3座",
    ],
)
def test_one_building_is_found_however_its_address_is_written(
    gazetteer: Gazetteer, text: str
) -> None:
    one = found(gazetteer, text)
    assert one is not None
    assert (one.kind, one.code) == ("building", "A3")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("富强悦府", "estate"),
        ("青石巷5号", "door"),
        ("文化东路88号a座", "building"),
        ("文昌小学", "grid"),
        ("青石巷与文化东路交叉口", "corner"),
        ("文化东路青石巷路口西北角", "corner"),
        ("文化东路/青石巷", "corner"),
        ("乙社区12号", "building"),
    ],
)
def test_doors_estates_schools_corners_and_villages_are_found(
    gazetteer: Gazetteer, text: str, kind: str
) -> None:
    one = found(gazetteer, text)
    assert one is not None
    assert one.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "富强悦府5号楼",  # no such building
        "青石巷7号富强悦府3号楼",  # another number
        "青石巷5号幸福家园3号楼",  # another estate
        "历下区青石巷5号",  # a division that is not here
        "青岛市市南区青石巷5号富强悦府3号楼",  # another city
        "富强悦府对面",  # across the street may be another grid
        "青石巷5号富强悦府附近",
        "富强越府",  # a slip of the pen
        "建设路1号1号楼",  # of two roads of that name
        "青石巷",  # a street is no spot
        "甲社区",
        "3号楼",
        "长清区",
        "便民超市",
        "青石巷5号便民超市",  # nobody knows it
    ],
)
def test_what_is_not_certain_is_never_taken(gazetteer: Gazetteer, text: str) -> None:
    assert found(gazetteer, text) is None


def test_the_candidates_say_what_contradicts(gazetteer: Gazetteer) -> None:
    first = gazetteer.search("青石巷7号富强悦府3号楼", RULES)[0]
    assert (first.code, [part.part for part in first.contradicted]) == ("A3", ["number"])
    slip = gazetteer.search("富强越府", RULES)[0]
    assert (slip.code, slip.contradicted[0].said, slip.contradicted[0].known) == (
        *("E1", "富强越府"), "富强悦府",
    )  # fmt: skip
    near = gazetteer.search("富强悦府对面", RULES)[0]
    assert (near.code, near.contradicted[0].part) == ("E1", "near")


@pytest.mark.parametrize(
    "text",
    [
        "青石巷与文化东路交叉口东北角100米",
        "青石巷與文化東路路口西北侧约５０米处",
        "文化东路/青石巷路口以东200米路边",
        "青石巷和文化东路十字路口向南",
        "文化东路青石巷路口附近",
    ],
)
def test_near_a_corner_the_corner_is_a_candidate_and_not_taken(
    gazetteer: Gazetteer, text: str
) -> None:
    first = gazetteer.search(text, RULES)[0]
    assert (first.kind, [part.part for part in first.contradicted]) == ("corner", ["near"])
    assert (first.lon, first.lat) == pytest.approx((117.01, 36.005))
    assert found(gazetteer, text) is None


def test_a_road_of_a_name_borne_twice_is_told_apart_by_the_community(gazetteer: Gazetteer) -> None:
    one = found(gazetteer, "甲社区建设路1号1号楼")
    assert one is not None
    assert one.code == "C"


def test_a_slip_is_vouched_for_by_what_agrees_beside_it(gazetteer: Gazetteer) -> None:
    one = found(gazetteer, "青石巷5号富强越府3号楼")
    assert one is not None
    assert one.code == "A3"


def test_latin_addresses_are_found_where_they_are_the_same() -> None:
    rows = [("1", "2111 W BELLEVUE AVE, 90026"), ("2", "6122 E MESA AVE, 90042")]
    frame = pd.DataFrame(rows, columns=["code", "address"]).assign(kind="building", name="")
    points = gpd.points_from_xy([-118.27, -118.19], [34.07, 34.11])
    places = conform(gpd.GeoDataFrame(frame, geometry=points), PLACES)
    gazetteer = Gazetteer(town().iloc[:0], places)
    for text in ("2111 West Bellevue Avenue", "2111 w bellevue ave 90026"):
        one = found(gazetteer, text)
        assert one is not None
        assert one.lon == pytest.approx(-118.27)
    assert found(gazetteer, "2113 W Bellevue Ave") is None
    assert gazetteer.search("2113 W Bellevue Ave", RULES)


def test_no_address_of_a_city_is_found_elsewhere(small_city: City) -> None:
    gazetteer = Gazetteer(small_city.areas, small_city.places, code_history())
    places = small_city.places.sample(300, random_state=1)
    answers = [found(gazetteer, text) for text in places["address"]]
    sure = [(k, one) for k, one in enumerate(answers) if one is not None]
    rows = places.iloc[[k for k, _ in sure]]
    there = small_city.owner_of([one.lon for _, one in sure], [one.lat for _, one in sure])
    true = small_city.owner_of(rows.geometry.x, rows.geometry.y)
    assert (there == true).all()
    assert len(sure) > 0.9 * len(places)


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        st.sampled_from("长清区青石巷5号富强悦府3楼栋单元与交叉口附近的-#１ \0\ud800a座路省市"),
        max_size=60,
    )
)
def test_no_text_breaks_it(text: str) -> None:
    gazetteer = _SHARED
    for one in gazetteer.search(text, RULES):
        assert 0 < one.score <= 1


_SHARED = Gazetteer(town(), houses(), code_history())


@pytest.mark.parametrize(
    "text", ["1" * 20_000, "路" * 20_000, "青石巷" * 5_000, "3号楼" * 5_000 + "x"]
)
def test_a_story_is_read_in_no_time(text: str) -> None:
    _SHARED.search(text, RULES)


def test_a_dispatcher_is_told_what_an_address_says() -> None:
    words = Vocabulary({}, frozenset(["经十路"]))
    said = parsed("经十路12345号甲单元", words)
    assert (said.road, said.number) == ("经十路", "12345")
    assert parsed("123弄45号", words).building == "45"
