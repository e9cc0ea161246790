"""A small made-up subdistrict, drawn from one warped lattice, as the API would answer it.

Six communities, some twenty grids today and in the draft, roads between them, a lake, a park,
buildings with households, issues with two hot spots. Deterministic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import shapely
from shapely.geometry import mapping

SCOPE = "370102001"
PLAN = "7"
NOON = datetime.fromisoformat("2026-11-23T12:00:00+08:00")
COLUMNS, ROWS = 36, 30
WEST, SOUTH = 117.010, 36.660
STEP_LON, STEP_LAT = 0.00060, 0.00050
BAND = {"urban": (300, 500), "village": (100, 300)}

PERSONS = (
    {"party": "P1", "name": "王晓东", "role": "planner", "area": SCOPE, "area_name": "柳岸街道"},
    {"party": "P2", "name": "陈静", "role": "dispatcher", "area": SCOPE},
    {"party": "P3", "name": "<b>赵</b>", "role": "checker", "area": SCOPE},
)

Json = dict[str, Any]
Cell = tuple[int, int]

# Communities: columns from, to; rows from, to; name; rule.
COMMUNITIES = (
    (0, 11, 16, 30, "泉涌社区", "urban"),
    (11, 24, 16, 30, "文庙社区", "urban"),
    (24, 36, 18, 30, "柳岸社区", "urban"),
    (0, 14, 0, 16, "县学社区", "urban"),
    (14, 24, 0, 16, "南园社区", "urban"),
    (24, 36, 0, 18, "钟楼社区", "urban"),
)
SPECIAL = (27, 31, 21, 25, "实验中学专属网格")
# How each community is cut: today in uneven strips, in the draft in even ones (columns × rows).
TODAY = ((1, 5), (2, 5), (1, 7), (3, 7), (2, 4), (3, 4))
STREETS = ("湖滨路", "柳岸大街", "文庙街", "泉涌路", "钟楼大街", "建国路", "旧城路", "南园路")
STATES = ("new", "sent", "taken", "taken", "done", "returned", "held", "sent", "closed", "closed")
SERVICES = ("市政设施·井盖", "占道经营", "房屋漏水", "噪声扰民", "消防通道", "路灯", "垃圾清运")
WORDS = (
    "院门口那个井盖裂了大半，昨晚有老人踩空摔倒，膝盖缝了三针。",
    "早餐摊占用盲道，每天六点到九点。",
    "楼顶漏水，物业两周没来人。",
    "夜里一点还在施工，睡不着。",
    "电动车堵了消防通道。",
    "整条路的路灯不亮。",
    "垃圾三天没清，有味道。",
)


def node(column: float, row: float) -> tuple[float, float]:
    """Where a lattice node lies: bent, so that the city does not look like a chessboard."""
    u, v = column / COLUMNS, row / ROWS
    east = column + 0.9 * math.sin(2.4 * v * math.pi + 0.5) + 0.5 * math.sin(5 * u + 3 * v)
    north = row + 0.9 * math.sin(2.1 * u * math.pi + 1) + 0.4 * math.cos(4 * v + 5 * u)
    return WEST + STEP_LON * east, SOUTH + STEP_LAT * north


def cell(column: int, row: int) -> shapely.Polygon:
    """One cell of the lattice."""
    corners = ((0, 0), (1, 0), (1, 1), (0, 1))
    return shapely.Polygon([node(column + a, row + b) for a, b in corners])


def union(cells: Iterable[Cell]) -> shapely.Geometry:
    """The land of some cells."""
    return shapely.coverage_union_all([cell(*each) for each in cells])


def community_of(column: int, row: int) -> int:
    """Index of the community a cell lies in."""
    inside = (
        index
        for index, (west, east, south, north, *_) in enumerate(COMMUNITIES)
        if west <= column < east and south <= row < north
    )
    return next(inside, 2 if column >= 24 else 0)


def in_special(column: int, row: int) -> bool:
    """Whether a cell belongs to the school."""
    west, east, south, north, _ = SPECIAL
    return west <= column < east and south <= row < north


def households(column: int, row: int) -> int:
    """Households of a cell: towers in the middle, fewer at the edge."""
    far = math.hypot((column - 17) / 18, (row - 15) / 15)
    return (
        0
        if in_special(column, row)
        else max(2, round(13 - 7 * far + Random(column * 99 + row).randint(-4, 5)))
    )


def today_grid(column: int, row: int) -> int:
    """Number of today's grid inside its community."""
    index = community_of(column, row)
    west, _, south, _, *_ = COMMUNITIES[index]
    wide, tall = TODAY[index]
    shift = 1 if (row + column) % 5 < 2 else 0
    return (
        1 + min(2, (column - west + shift) // 6) * wide // 2 + min(1, (row - south) // (tall + 3))
    )


def draft_grid(column: int, row: int) -> int:
    """Number of the draft's grid inside its community."""
    west, east, south, north, *_ = COMMUNITIES[community_of(column, row)]
    wide = min(1, (column - west) * 2 // (east - west))
    return 1 + wide + 2 * min(1, max(0, (row - south) * 2 // (north - south)))


def code_of(column: int, row: int, number: int) -> str:
    """Code of a grid: community and sequence."""
    return f"{SCOPE}{community_of(column, row) + 1:03d}{number:03d}"


@cache
def grids(which: str) -> Json:
    """Grids today or in the draft."""
    number = today_grid if which == "now" else draft_grid
    held: dict[str, list[Cell]] = {}
    for column in range(COLUMNS):
        for row in range(ROWS):
            if not in_special(column, row):
                held.setdefault(code_of(column, row, number(column, row)), []).append((column, row))
    features = [_grid(code, cells) for code, cells in sorted(held.items())]
    return collection([*features, _special()])


def _grid(code: str, cells: list[Cell]) -> Json:
    name, rule = COMMUNITIES[int(code[9:12]) - 1][4:]
    low, high = BAND[str(rule)]
    facts = {
        "code": code,
        "name": f"{name}第{int(code[12:])}网格",
        "households": sum(households(*c) for c in cells),
        "low": low,
        "high": high,
        "rule": rule,
        "special": False,
        "parent": code[:12],
    }
    return feature(union(cells), facts)


def _special() -> Json:
    west, east, south, north, name = SPECIAL
    cells = [(c, r) for c in range(int(west), int(east)) for r in range(int(south), int(north))]
    facts = {
        "code": f"{SCOPE}003901",
        "name": name,
        "households": 0,
        "low": None,
        "high": None,
        "rule": "special",
        "special": True,
        "parent": f"{SCOPE}003",
    }
    return feature(union(cells), facts)


@cache
def communities() -> Json:
    """The six communities."""
    cells = [(c, r) for c in range(COLUMNS) for r in range(ROWS)]
    made = []
    for index, (*_, name, _rule) in enumerate(COMMUNITIES):
        own = [each for each in cells if community_of(*each) == index]
        made.append(feature(union(own), {"code": f"{SCOPE}{index + 1:03d}", "name": name}))
    return collection(made)


@cache
def subdistrict() -> Json:
    """The whole subdistrict."""
    whole = union((c, r) for c in range(COLUMNS) for r in range(ROWS))
    return collection([feature(whole, {"code": SCOPE, "name": "柳岸街道"})])


@cache
def ground() -> Json:
    """Roads, a lake, a park and a canal, some of them beyond the border."""
    lines = [
        (STREETS[0], "arterial", [node(c, 30) for c in range(-8, 45)]),
        (STREETS[1], "arterial", [node(c, 16) for c in range(-8, 45)]),
        (STREETS[2], "secondary", [node(c, 0) for c in range(-8, 45)]),
        (STREETS[3], "secondary", [node(0, r) for r in range(-8, 40)]),
        (STREETS[4], "arterial", [node(24, r) for r in range(-8, 40)]),
        (STREETS[5], "secondary", [node(36, r) for r in range(-8, 40)]),
        (STREETS[6], "local", [node(11, r) for r in range(16, 31)]),
        (STREETS[7], "local", [node(14, r) for r in range(17)]),
    ]
    lines += [("", "lane", [node(c, r) for r in range(-6, 37)]) for c in (4, 7.5, 18, 20.5, 28, 32)]
    lines += [("", "lane", [node(c, r) for c in range(-6, 43)]) for r in (4, 8, 12, 20, 24, 27)]
    roads = [
        feature(shapely.LineString(line), {"kind": "road", "class": kind, "name": name})
        for name, kind, line in lines
    ]
    lake = shapely.Point(node(7, 34)).buffer(0.0022, quad_segs=24)
    park = shapely.Point(node(30, -3.5)).buffer(0.0016, quad_segs=24)
    other = [
        feature(
            shapely.affinity.scale(lake, 1.4, 0.6),
            {"kind": "water", "class": "lake", "name": "镜湖"},
        ),
        feature(
            shapely.affinity.scale(park, 1.5, 0.7), {"kind": "green", "class": "park", "name": ""}
        ),
        feature(cell(20, 9).buffer(0.0002), {"kind": "green", "class": "park", "name": ""}),
    ]
    return collection([*other, *roads])


@cache
def buildings() -> Json:
    """Footprints, two or three to a cell."""
    made = [_building(c, r, k) for c in range(-5, 41) for r in range(-5, 35) for k in range(2)]
    return collection(made)


def _building(column: int, row: int, which: int) -> Json:
    chance = Random(column * 1000 + row * 7 + which)
    x, y = column + 0.28 + 0.42 * which, row + 0.3 + 0.4 * chance.random()
    wide, tall = chance.choice(((0.13, 0.2), (0.17, 0.09), (0.1, 0.1)))
    ring = [node(x + a * wide, y + b * tall) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    inside = 0 <= column < COLUMNS and 0 <= row < ROWS
    kind = "school" if inside and in_special(column, row) else "slab"
    facts = {"code": f"b{column}.{row}.{which}", "name": "", "class": kind, "households": 5}
    return feature(shapely.Polygon(ring), facts)


@cache
def compare() -> Json:
    """The measures of both sides."""
    return {
        "scope": {"code": SCOPE, "name": "柳岸街道", "path": ["明湖区", "柳岸街道"]},
        "revision": 7,
        "title": "草案 · 均衡",
        "band": {"low": 300, "high": 500},
        "measures": [
            {"key": "in_band", "now": _in_band("now"), "draft": _in_band("draft")},
            {"key": "moved", "now": None, "draft": 2899},
            {"key": "most_least", "now": _extremes("now"), "draft": _extremes("draft")},
            {"key": "pieces", "now": 2, "draft": 0},
            {"key": "compactness", "now": 0.33, "draft": 0.43},
        ],
        "reasons": [
            {
                "code": f"{SCOPE}003",
                "name": "柳岸社区",
                "zh": "共 588 户，分 1 个多、分 2 个少，无论怎样划都不达标。",
                "en": "588 households: too many for one grid, too few for two.",
            }
        ],
    }


def _counts(which: str) -> list[int]:
    kept = (f["properties"] for f in grids(which)["features"])
    return [facts["households"] for facts in kept if not facts["special"]]


def _in_band(which: str) -> list[int]:
    counts = _counts(which)
    return [sum(300 <= count <= 500 for count in counts), len(counts)]


def _extremes(which: str) -> list[int]:
    return [max(_counts(which)), min(_counts(which))]


@cache
def issues(count: int = 260) -> Json:
    """Issues of a month, most of them around three places, newest first."""
    chance = Random(5)
    made = [_issue(chance, number) for number in range(count)]
    made.sort(key=lambda each: str(each["properties"]["reported_at"]), reverse=True)
    return {**collection(made), "scope_name": "柳岸街道"}


def _issue(chance: Random, number: int) -> Json:
    hot = chance.choice(((13, 22), (13, 22), (27, 12), (22, 6), None, None))
    x, y = (chance.uniform(0, COLUMNS), chance.uniform(0, ROWS)) if hot is None else hot
    spread = 0 if hot is None else 1.9
    x, y = x + chance.gauss(0, spread), y + chance.gauss(0, spread)
    x, y = min(max(x, 0.2), COLUMNS - 0.2), min(max(y, 0.2), ROWS - 0.2)
    column, row, kind = int(x), int(y), chance.randrange(len(WORDS))
    community = COMMUNITIES[community_of(column, row)][4]
    grid = today_grid(column, row)
    reported = NOON - timedelta(hours=chance.expovariate(1 / 190))
    due = reported + timedelta(days=7)
    facts = {
        "id": number,
        "number": f"JW-20261123-{number:04d}",
        "source": chance.choice(("hotline", "hotline", "wechat", "patrol")),
        "service": SERVICES[kind],
        "text": WORDS[kind],
        "address": f"{chance.choice(STREETS)} {chance.randint(1, 180)} 号",
        "state": chance.choice(STATES),
        "card": chance.choice((None, None, None, None, None, "yellow", "red")),
        "reported_at": reported.isoformat(),
        "due_at": due.isoformat(),
        "grid": code_of(column, row, grid),
        "grid_name": f"{community}第{grid}网格",
        "community_name": community,
        "subdistrict": SCOPE,
        "subdistrict_name": "柳岸街道",
        "grid_leader": "刘洋",
        "grid_worker": "陈静",
        "street_manager": "周宁" if chance.random() < 0.8 else None,
        "lane": "文庙东巷",
    }
    return feature(shapely.Point(node(x, y)), facts)


def plans() -> list[Json]:
    """The plans there are."""
    common = {"scope": SCOPE, "scope_name": "柳岸街道", "forkable": True}
    return [
        {"id": 7, "title": "柳岸街道 2026 年秋季调整", "state": "draft", **common},
        {"id": 3, "title": "柳岸街道 第 7 次公布", "state": "in_force", **common},
    ]


def plan() -> Json:
    """The draft, as it stands alone."""
    step = {"step": "submit", "zh": "提交", "en": "submit", "reason": False}
    return {**plans()[0], "version": 14, "base": 7, "steps": [step], "editable": True}


def diff() -> Json:
    """What would move."""
    sums = {"households": 2899, "people": 8059, "buildings": 120, "tasks_sent": 3, "tasks_taken": 2}
    return {**sums, "changed": ["a", "b"], "fresh": ["c"], "gone": []}


def feature(geometry: shapely.Geometry | None, facts: Json) -> Json:
    """One GeoJSON feature."""
    shape = None if geometry is None else mapping(geometry)
    return {"type": "Feature", "properties": facts, "geometry": shape}


def collection(features: list[Json]) -> Json:
    """A GeoJSON collection."""
    return {"type": "FeatureCollection", "features": features}


ANSWERS: dict[tuple[str, str], Callable[[], Json]] = {
    ("grid", "now"): lambda: grids("now"),
    ("grid", "draft"): lambda: grids("draft"),
    ("community", "now"): communities,
    ("subdistrict", "now"): subdistrict,
}
