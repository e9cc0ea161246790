"""The kinds of finding about points, polygons, coverages, datums and codes.

A question is answered with `--accept WORD` (carry the proposal out) or `--reject WORD` (set its
rows aside); the word is the plain one in `ANSWERS`, or the slug itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from geo.load.kinds import FindingKind

# Proposal → the word that accepts or rejects it.
ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "point-swapped": "swaps",
        "polygon-swapped": "swaps",
        "point-dms": "dms",
        "points-packed": "dms",
        "point-digits": "digits",
        "polygon-doubtful": "mends",
        "lines-closed": "outlines",
        "code-repeated": "duplicates",
        "geometry-repeated": "duplicates",
        "layers-repeat-code": "duplicates",
        "overlap": "overlaps",
        "outside-parent": "outside",
        "crs-misfit": "crs",
        "axes-swapped": "axes",
        "datum-contradicted": "datum",
        "crs-ballpark": "ballpark",
    }
)
# The words that say which of two numbers in one column comes first.
ORDERS: Final = ("location-lonlat", "location-latlon")

POINT_KINDS: Final = (
    FindingKind("point-missing", "quarantined", "没有坐标。", "No position is given."),
    FindingKind("point-zero", "quarantined", "坐标是 (0,0)。", "The position is (0,0), nowhere."),
    FindingKind(
        "point-unreadable",
        "quarantined",
        "坐标“{lon}”“{lat}”不是数字。",
        "The position '{lon}' '{lat}' is not a number.",
    ),
    FindingKind(
        "point-number",
        "quarantined",
        "{axis_zh}一栏是 {value}，像电话号码或其他编号，不是坐标。",
        "The {axis} column holds {value}: a telephone or other number, not a coordinate.",
    ),
    FindingKind(
        "point-range",
        "quarantined",
        "坐标 {lon}, {lat} 超出经纬度范围。",
        "The position {lon}, {lat} is outside the range of longitudes and latitudes.",
    ),
    FindingKind(
        "point-swapped",
        "question",
        "经度和纬度像是颠倒了：{lon}, {lat}；建议对调。",
        "Longitude and latitude look swapped: {lon}, {lat}; swapping them is proposed.",
        "--accept swaps / --reject swaps",
    ),
    FindingKind(
        "point-dms",
        "quarantined",
        "坐标是度分秒“{lon}”“{lat}”；建议读作十进制度。",
        "The position is degrees-minutes-seconds '{lon}' '{lat}'; reading it so is proposed.",
        "--accept dms / --reject dms",
    ),
    FindingKind(
        "points-packed",
        "question",
        "{count} 行坐标的小数部分都像“分秒”（小数点后是 ddmmss，不是十进制）；是否按度分秒读？",
        "The decimals of {count} positions all look like minutes and seconds (dd.mmss), not decimal"
        " degrees; read them so?",
        "--accept dms / --reject dms",
    ),
    FindingKind(
        "point-digits",
        "quarantined",
        "坐标 {lon}, {lat} 在城市之外，或漏错一位数；可能是 {proposed}。",
        "The position {lon}, {lat} is outside the city, or a digit is lost or wrong; perhaps"
        " {proposed}.",
        "--accept digits / --reject digits",
    ),
    FindingKind(
        "point-coarse",
        "quarantined",
        "坐标 {lon}, {lat} 只到整度，误差可达 {error_km} 公里，不能使用。",
        "The position {lon}, {lat} has whole degrees only, up to {error_km} km off: not usable.",
    ),
    FindingKind(
        "points-imprecise",
        "info",
        "{count} 行坐标只有一两位小数，误差可达 {error_m} 米。",
        "{count} positions have one or two decimals only, up to {error_m} m off.",
    ),
    FindingKind(
        "point-outside",
        "quarantined",
        "在城市之外：离最近的已知区域 {distance_km} 公里。",
        "Outside the city: {distance_km} km from the nearest area known.",
    ),
    FindingKind(
        "point-far",
        "quarantined",
        "位置可疑：离其余各点最近也有 {distance_km} 公里，像在城市之外。",
        "Implausible: {distance_km} km from its nearest companions, as if outside the city.",
    ),
    FindingKind(
        "points-unowned",
        "info",
        "{count} 个点在已知区域之外但相距不远，没有区域管辖。",
        "{count} points lie outside every area known, though not far: nobody owns them.",
    ),
    FindingKind(
        "points-unplaced",
        "info",
        "{count} 件诉求的坐标不能用，按没有坐标收下：有地址的按地址找，其余待认领。",
        "{count} issues have coordinates that cannot be used, and are taken without: looked up by"
        " their address, or waiting to be claimed.",
    ),
    FindingKind(
        "points-elsewhere",
        "info",
        "{count} 个点（共 {total} 个）离已知区域 5 公里以上：文件像是另一座城市的，"
        "或坐标系、基准、列的对应有误。",
        "{count} of {total} points lie more than 5 km from every area known: the file seems to be "
        "of another city, or its system, datum or columns are not what was said.",
    ),
    FindingKind(
        "points-centred",
        "repaired",
        "{count} 行有多个点，取其中心作为位置。",
        "{count} rows hold several points; their centre was taken.",
    ),
    FindingKind(
        "points-repeated",
        "info",
        "{count} 行与前面某行坐标相同（精确到约 1 米），其中 {zeros} 行在 (0,0)。",
        "{count} rows repeat the coordinates of an earlier row (to about 1 m), {zeros} of them at"
        " (0,0).",
    ),
)

POLYGON_KINDS: Final = (
    FindingKind(
        "geometry-missing", "quarantined", "没有图形，或图形为空。", "No geometry, or an empty one."
    ),
    FindingKind(
        "geometry-type",
        "quarantined",
        "图形类型是 {found}，应当是 {expected}。",
        "The geometry is a {found}; it should be a {expected}.",
    ),
    FindingKind(
        "collection-reduced",
        "repaired",
        "{count} 行的图形是混合的（GeometryCollection），已只取其中的面（街巷取线），其余舍去。",
        "{count} geometries are mixed collections; their polygons (of lanes, lines) were taken, the"
        " rest dropped.",
    ),
    FindingKind(
        "lines-closed",
        "question",
        "{count} 行画的是闭合的线，不是面（CAD 图纸常如此）；按轮廓读作面？",
        "{count} rows are closed lines, not polygons (as in drawings); read them as outlines of"
        " areas?",
        "--accept outlines / --reject outlines",
    ),
    FindingKind(
        "geometry-z",
        "repaired",
        "{count} 行的图形带高程（Z），已舍去。",
        "{count} geometries carry heights (Z), which were dropped.",
    ),
    FindingKind(
        "geometry-range",
        "quarantined",
        "图形坐标不可能：{reason}。",
        "The geometry's coordinates are impossible: {reason}.",
    ),
    FindingKind(
        "polygon-swapped",
        "question",
        "{count} 个图形的经度和纬度像是颠倒了；建议对调。",
        "Longitude and latitude of {count} geometries look swapped; swapping them is proposed.",
        "--accept swaps / --reject swaps",
    ),
    FindingKind(
        "polygon-invalid",
        "repaired",
        "图形无效：{reason}；已修复，面积 {area_before} → {area_after} 平方米。",
        "Invalid polygon: {reason}; mended, area {area_before} → {area_after} m².",
    ),
    FindingKind(
        "polygon-doubtful",
        "question",
        "图形无效：{reason}；两种修法面积不同（{area_after} 或 {area_other} 平方米，"
        "原 {area_before}），请确认用前者。",
        "Invalid polygon: {reason}; two ways of mending differ ({area_after} or {area_other} m²,"
        " before {area_before}): confirm the first.",
        "--accept mends / --reject mends",
    ),
    FindingKind(
        "polygon-collapsed",
        "quarantined",
        "图形没有面积（线没有长度）：{reason}。",
        "The geometry has no area (a line: no length): {reason}.",
    ),
    FindingKind(
        "polygon-clockwise",
        "info",
        "{count} 个图形的外环是顺时针的（{format} 规定逆时针）；不影响使用。",
        "The outer rings of {count} geometries run clockwise ({format} wants counter-clockwise);"
        " harmless.",
    ),
    FindingKind(
        "polygon-spike",
        "repaired",
        "图形有 {count} 处尖刺，已去掉，面积 {area_before} → {area_after} 平方米。",
        "The polygon has {count} spikes, removed, area {area_before} → {area_after} m².",
    ),
    FindingKind(
        "vertices-repeated",
        "repaired",
        "{count} 个图形有连续重复的顶点（共 {vertices} 个），已去掉。",
        "{count} geometries repeat vertices in a row ({vertices} in all), removed.",
    ),
    FindingKind(
        "polygon-holes",
        "info",
        "{count} 个图形有洞（共 {holes} 个），洞内没有别的区域。",
        "{count} polygons have holes ({holes} in all) that no other area fills.",
    ),
    FindingKind(
        "polygon-far-part",
        "info",
        "图形有一小块（{area} 平方米）离主体 {distance} 米。",
        "A small part of the polygon ({area} m²) lies {distance} m from the rest.",
    ),
    FindingKind(
        "geometry-repeated",
        "question",
        "图形与第 {first} 行完全相同，编码却不同（{codes}）：归哪一个？",
        "The geometry equals that of row {first}, with another code ({codes}): which one owns it?",
        "--accept duplicates（留第一行 keep the first） / --reject duplicates（都隔离 none）",
    ),
    FindingKind(
        "row-repeated",
        "quarantined",
        "与第 {first} 行的编码和图形都相同，只留一行。",
        "The same code and geometry as row {first}; one is kept.",
    ),
    FindingKind(
        "code-joined",
        "info",
        "编码 {code} 的 {count} 行合成一个单元。",
        "The {count} rows of code {code} were put together as one area.",
    ),
    FindingKind(
        "code-repeated",
        "question",
        "编码 {code} 有 {count} 行：用哪一个？",
        "The code {code} has {count} rows: which one?",
        "--accept duplicates（留第一行 keep the first） / --reject duplicates（都隔离 none）",
    ),
)

COVERAGE_KINDS: Final = (
    FindingKind(
        "layers-repeat-row",
        "quarantined",
        "与“{other}”第 {first} 行的编码 {code} 和图形都相同，只留一行。",
        "The same code {code} and geometry as row {first} of '{other}'; one is kept.",
    ),
    FindingKind(
        "layers-repeat-code",
        "question",
        "编码 {code} 在“{other}”第 {first} 行也有，图形不同：用哪一个？",
        "The code {code} is in row {first} of '{other}' too, with another geometry: which one?",
        "--accept duplicates（留第一行 keep the first） / --reject duplicates（都隔离 none）",
    ),
    FindingKind(
        "coverage",
        "info",
        "{kind}：{overlaps} 处重叠 overlaps（细缝 {overlap_slivers}，真正重叠 {overlaps_real}；"
        "另有 {overlaps_ignored} 处不足 1 平方米略去）；{gaps} 处空隙 gaps"
        "（不足 1 平方米略去 {gaps_ignored}，细缝 {gap_slivers}，无主地块 {gaps_real}）。",
        "{kind}: {overlaps} overlaps ({overlap_slivers} slivers, {overlaps_real} real; another"
        " {overlaps_ignored} below 1 m² ignored); {gaps} gaps ({gaps_ignored} below 1 m² ignored,"
        " {gap_slivers} slivers, {gaps_real} of unowned land).",
    ),
    FindingKind(
        "overlap",
        "question",
        "{a} 与 {b} 重叠 {area} 平方米：归哪一个？",
        "{a} and {b} overlap by {area} m²: which one owns it?",
        "--accept overlaps（照原样 leave as they are） / --reject overlaps（隔离 set aside）",
    ),
    FindingKind(
        "overlaps-everywhere",
        "error",
        "{kind} 的 {count} 个面彼此层层重叠，不像一张区划图，没有逐对比较。"
        "请检查是否把多个层级、缓冲区或服务半径混在一层，每层只留一种面后再导入。",
        "The {count} areas of {kind} lie over each other everywhere, as no division of land does: "
        "they were not compared pair by pair. Look whether levels, buffers or reaches are mixed in "
        "one layer, keep one kind of area in each, and import it again.",
    ),
    FindingKind(
        "overlap-sliver",
        "repaired",
        "{a} 与 {b} 的重叠细缝（{area} 平方米，宽不足 2 米）归 {owner}。",
        "A sliver where {a} and {b} overlap ({area} m², under 2 m wide) goes to {owner}.",
    ),
    FindingKind(
        "gap-sliver",
        "repaired",
        "空隙细缝（{area} 平方米，宽不足 2 米）归相邻的 {owner}。",
        "A sliver gap ({area} m², under 2 m wide) goes to its neighbour {owner}.",
    ),
    FindingKind(
        "gap",
        "info",
        "无主地块 {area} 平方米，相邻：{neighbours}。",
        "Unowned land (a gap) of {area} m², next to {neighbours}.",
    ),
    FindingKind(
        "sliver-kept",
        "info",
        "{count} 处细缝没有修复：{reason}。",
        "{count} slivers were left as they are: {reason}.",
    ),
    FindingKind(
        "vertex-missing",
        "repaired",
        "{count} 个顶点在相邻区域的边上却不是它的顶点，已补上。",
        "{count} vertices lie on a neighbour's edge that lacks them; they were inserted there.",
    ),
    FindingKind(
        "outside-parent",
        "question",
        "{code} 有 {area} 平方米在上级 {parent} 之外。",
        "{code} has {area} m² outside its parent {parent}.",
        "--accept outside（照原样 leave as they are） / --reject outside（隔离 set aside）",
    ),
    FindingKind(
        "parent-missing",
        "info",
        "上级编码 {parent} 在文件和已知区域中都没有。",
        "The parent code {parent} is in neither the file nor the areas known.",
    ),
)

CODE_KINDS: Final = (
    FindingKind("datum-measured", "info", "{sentence_zh}", "{sentence}"),
    FindingKind(
        "code-old",
        "repaired",
        "{count} 行用旧编码 {old}（{old_name}），已改为 {new}（{new_name}）。",
        "{count} rows use the old code {old} ({old_name}), changed to {new} ({new_name}).",
    ),
    FindingKind(
        "name-old",
        "repaired",
        "{count} 行旧名 {old_name} 改为 {new_name}。",
        "{count} rows: {old_name} is now {new_name}.",
    ),
)

DEFECT_KINDS: Final[tuple[FindingKind, ...]] = (
    *POINT_KINDS,
    *POLYGON_KINDS,
    *COVERAGE_KINDS,
    *CODE_KINDS,
)
