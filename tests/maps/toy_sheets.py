"""A sheet to print of the toy city, as the API makes its page."""

from __future__ import annotations

import geopandas as gpd
import shapely

from maps.offline import Page
from maps.sheets_page import Contact, Purpose, Sheet, Sheets, sheets_page
from maps.words import Lang
from tests.maps import toy

WGS84 = "EPSG:4326"


def _box(*corners: float) -> shapely.Geometry:
    west, south, east, north = corners
    return shapely.box(*toy.node(west, south), *toy.node(east, north))


def _sheet() -> Sheet:
    points = [shapely.Point(toy.node(x, 22)) for x in (13, 15, 17)]
    buildings = {
        "name": ["柳岸里 1 号楼", "柳岸里 2 号楼", "<b>市场</b>"],
        "households": [120, 96, 0],
    }
    road = shapely.LineString([toy.node(11, 20), toy.node(24, 20)])
    return Sheet(
        code=toy.code_of(14, 26, 3),
        name="文庙社区第3网格",
        places=("历下区", "柳岸街道", "文庙社区"),
        figures=(("sheets.households", "216"), ("sheets.people", "571")),
        bounds="东至体育大街，南至柳岸路，西至文庙西巷，北至新泺路",
        buildings=gpd.GeoDataFrame(
            {**buildings, "people": [312, 259, 0]}, geometry=points, crs=WGS84
        ),
        contacts=(Contact("grid_leader", "刘洋"), Contact("street_manager", "孙丽", "文庙东巷")),
        shape=_box(12, 18, 20, 26),
        beside=gpd.GeoDataFrame(
            {"name": ["文庙社区第2网格"]}, geometry=[_box(20, 18, 24, 26)], crs=WGS84
        ),
        ground=gpd.GeoDataFrame({"kind": ["road"], "name": ["柳岸路"]}, geometry=[road], crs=WGS84),
    )


def sheets(purpose: Purpose, lang: Lang) -> Page:
    """The page of a draft with one grid."""
    told = Sheets(7, "秋季调整", "draft", "2026-11-23", purpose, [_sheet()])
    return sheets_page(told, lang=lang, who=toy.PERSONS[0])
