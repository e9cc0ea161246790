"""The kinds of finding about columns, values and coordinate systems."""

from __future__ import annotations

from typing import Final

from geo.load.kinds import FindingKind

_COLUMNS: Final = (
    FindingKind(
        "columns-mapped",
        "info",
        "列的对应：{pairs}。",
        "Columns were taken as: {pairs}.",
    ),
    FindingKind(
        "columns-unused",
        "info",
        "没有用到的列：{names}。",
        "Columns that were not used: {names}.",
    ),
    FindingKind(
        "columns-missing",
        "error",
        "缺少必需的列：{missing}。文件里有：{found}。请指明哪一列是它。",
        "Required columns are missing: {missing}. The file has: {found}. Say which they are.",
        "--column {first}=列名 NAME",
    ),
    FindingKind(
        "codes-made",
        "info",
        "没有编码列，已按位置和名称为 {count} 行生成固定编码（如 {example}）。",
        "No column of codes: {count} were made from place and name (such as {example}).",
    ),
    FindingKind(
        "references-made",
        "info",
        "没有工单编号列，已按内容为 {count} 行生成固定编号（如 {example}）。",
        "No column of references: {count} were made from the content (such as {example}).",
    ),
    FindingKind(
        "code-cleaned",
        "repaired",
        "“{column}”列 {count} 行的编码已整理（小数、全角、空格）。",
        "Codes in {count} rows of '{column}' were tidied (decimals, full-width, blanks).",
    ),
    FindingKind(
        "code-cut",
        "quarantined",
        "“{column}”的“{found}”已被 Excel 截成科学计数，位数丢失；请把该列设为文本后重新导出。",
        "'{found}' in '{column}' was cut to scientific notation and lost digits; format the "
        "column as text and export again.",
    ),
    FindingKind(
        "value-missing",
        "quarantined",
        "缺少“{column}”。",
        "'{column}' is missing.",
    ),
    FindingKind(
        "value-unknown",
        "quarantined",
        "“{column}”不认识“{found}”；可用：{known}。",
        "'{found}' is not a known '{column}'; known: {known}.",
    ),
    FindingKind(
        "key-repeated",
        "quarantined",
        "编号“{key}”与第 {first} 行重复，{content_zh}，只取第一行。",
        "'{key}' repeats row {first} {content}; only the first is taken.",
    ),
    FindingKind(
        "kind-unknown",
        "question",
        "没有写明这些区域属于哪张网、哪一类。",
        "Nothing says which net and kind these areas are of.",
        "--net NET --kind KIND",
    ),
    FindingKind(
        "party-kind-unknown",
        "question",
        "没有写明 {count} 行是人员还是哪一类单位。",
        "Nothing says whether {count} rows are persons, or which kind of organisation.",
        "--kind person / --column kind=…",
    ),
    FindingKind(
        "net-assumed",
        "info",
        "{count} 行没有写明属于哪张网，按区域编码取 {nets}。",
        "{count} rows do not name their net; taken from the codes of their areas: {nets}.",
    ),
    FindingKind(
        "net-unknown",
        "question",
        "{count} 行没有写明属于哪张网，从区域编码也看不出（如 {found}）。",
        "{count} rows do not name their net and the codes of their areas do not tell ({found}).",
        "--net NET",
    ),
    FindingKind(
        "area-not-known",
        "info",
        "{count} 行的区域编码在库中没有（如 {found}）：导入那些区域之前，这些职责不起作用。",
        "{count} rows name areas that are not in the store (such as {found}): these duties do "
        "nothing until those areas are imported.",
    ),
    FindingKind(
        "kind-assumed",
        "info",
        "没有写明类别，按“{kind}”处理（{reason_zh}）。",
        "No kind is given; taken as '{kind}' ({reason_en}).",
    ),
    FindingKind(
        "source-assumed",
        "info",
        "没有写明来源，按“{source}”处理。",
        "No source is given; taken as '{source}'.",
        "--source NAME",
    ),
    FindingKind(
        "no-position",
        "info",
        "{count} 行没有坐标：保留，进入待认领。",
        "{count} rows have no position: kept, for the unclaimed queue.",
    ),
    FindingKind(
        "no-geometry",
        "error",
        "文件没有坐标或图形：既无几何，也无经纬度列。文件里有：{found}。请指明哪两列是经度、纬度。",
        "No geometry, no longitude and latitude. The file has: {found}. Say which two they are.",
        "--column lon=… --column lat=…",
    ),
    FindingKind(
        "geometry-known",
        "info",
        "台账没有图形，已按编码从已知区域取得 {count} 行的图形。",
        "The ledger has no shapes; those of {count} rows were taken from known areas by code.",
    ),
    FindingKind(
        "geometry-not-known",
        "quarantined",
        "台账没有图形，已知区域里也没有编码“{found}”。",
        "The ledger has no shapes and no known area has the code '{found}'.",
    ),
    FindingKind(
        "position-text",
        "repaired",
        "{count} 行坐标的写法已整理（小数逗号、千分位、全角数字或引号）。",
        "Positions in {count} rows were typed with decimal commas, thousands, full-width digits or"
        " quotes, and were read as plain numbers.",
    ),
    FindingKind(
        "location-order",
        "question",
        "“{column}”列的两个数分不清经度在前还是纬度在前。",
        "Column '{column}': longitude first or latitude first cannot be told.",
        "--accept location-lonlat / --accept location-latlon",
    ),
    FindingKind(
        "footprint-point",
        "info",
        "面状图形作为轮廓保留，位置取其内部一点：{count} 行。",
        "Polygons are kept as footprints; a point inside is the position: {count} rows.",
    ),
    FindingKind(
        "location-unreadable",
        "quarantined",
        "“{column}”列的“{found}”读不出坐标。",
        "'{found}' in column '{column}' is not a position.",
    ),
    FindingKind(
        "time-unreadable",
        "repaired",
        "“{column}”列有 {count} 行读不出时间，已留空，行仍保留。",
        "{count} times in column '{column}' cannot be read; left blank, the rows stay.",
    ),
    FindingKind(
        "number-blanked",
        "repaired",
        "“{column}”列有 {count} 行不是可用的数字，已留空，行仍保留。",
        "{count} cells in column '{column}' are no usable number; left blank, the rows stay.",
    ),
    FindingKind(
        "due-by-day",
        "info",
        "“{column}”列有 {count} 行只有日期没有时刻，按当天最后一刻计。",
        "{count} times in column '{column}' name a day alone; taken as its last second.",
    ),
    FindingKind(
        "time-zone",
        "info",
        "“{column}”列没有时区，按 {zone} 处理。",
        "Column '{column}' names no time zone; taken as {zone}.",
        "--timezone ZONE",
    ),
    FindingKind(
        "date-order",
        "info",
        "“{column}”列的日期按“{order}”读取（如 {example}）。",
        "Dates in column '{column}' were read as {order} (such as {example}).",
    ),
)
_SYSTEMS: Final = (
    FindingKind(
        "crs-guessed",
        "question",
        "文件没有声明坐标系（Shapefile 即缺 .prj）。按坐标范围推测为 {crs}（{why_zh}），请确认。",
        "The file declares no coordinate system (of a shapefile: no .prj). Its range fits {crs} "
        "({why_en}): confirm.",
        "--crs {crs}",
    ),
    FindingKind(
        "crs-unknown",
        "question",
        "文件没有声明坐标系，坐标范围 {bounds} 也不像已知的任何一种，不作推测。",
        "The file declares no coordinate system and its range {bounds} fits none we know; "
        "none is guessed.",
        "--crs EPSG:…",
    ),
    FindingKind(
        "crs-overridden",
        "info",
        "文件声明 {declared}，按所说的 {used} 读取。",
        "The file declares {declared}; {used} was used, as was said.",
    ),
    FindingKind(
        "crs-local",
        "question",
        "坐标系“{crs}”不能换算到经纬度。",
        "The coordinate system '{crs}' cannot be converted to longitude and latitude.",
        "--crs EPSG:…",
    ),
    FindingKind(
        "crs-misfit",
        "question",
        "标明的坐标系是 {crs}，坐标（如 {spot}）却不在它的使用范围里：标错了坐标系？",
        "The coordinate system is said to be {crs}, but the coordinates (such as {spot}) lie far "
        "outside its use: is the label wrong?",
        "{answer}",
    ),
    FindingKind(
        "axes-swapped",
        "question",
        "{crs}的坐标像是北在前、东在后；建议对调（横坐标在前）。",
        "Coordinates in {crs} look written northing first; turning them (easting first) is "
        "proposed.",
        "--accept axes / --crs EPSG:…",
    ),
    FindingKind(
        "crs-ballpark",
        "question",
        "{crs}到 WGS 84 没有公布的换算参数，直接换算可差几十到上百米；"
        "最好先按当地参数转为 CGCS2000。",
        "No way from {crs} to WGS 84 is published; taking one for the other may be tens to "
        "hundreds of metres off. Better convert to CGCS2000 with local parameters first.",
        "--accept ballpark / --crs EPSG:…",
    ),
    FindingKind(
        "reprojection-failed",
        "quarantined",
        "坐标在 {crs} 里不存在，不能换算。",
        "The coordinates do not exist in {crs} and cannot be converted.",
    ),
    FindingKind(
        "datum-unknown",
        "question",
        "坐标在中国，而文件没有可靠地说明坐标基准（WGS 84、CGCS2000、GCJ-02 或 BD-09）；"
        "弄错约差 500 米。",
        "The positions are in China and the file does not reliably say their datum (WGS 84, "
        "CGCS2000, GCJ-02 or BD-09); a mistake is about 500 m.",
        "--datum wgs84|cgcs2000|gcj02|bd09|measured",
    ),
    FindingKind(
        "datum-heading",
        "info",
        "列名“{column}”写着坐标基准 {datum}。",
        "The heading '{column}' names the datum {datum}.",
    ),
    FindingKind(
        "datum-contradicted",
        "question",
        "坐标基准按所说的 {said} 读取，但{sentence_zh}：请核对，弄错约差 500 米。",
        "The datum is {said} as was said, but {sentence}: check it, a mistake is about 500 m.",
        "--datum {best} / --accept datum",
    ),
    FindingKind(
        "ring-closed",
        "repaired",
        "环没有闭合，已闭合。",
        "A ring was not closed; it was closed.",
    ),
    FindingKind(
        "geometry-unreadable",
        "quarantined",
        "图形读不出来：{reason_zh}。",
        "The shape cannot be read: {reason_en}.",
    ),
    FindingKind(
        "wkt-unreadable",
        "quarantined",
        "“{found}”不是 WKT 图形。",
        "'{found}' is not a WKT shape.",
    ),
)

COLUMN_KINDS: Final[tuple[FindingKind, ...]] = (*_COLUMNS, *_SYSTEMS)
