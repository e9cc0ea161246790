"""What is not read as it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Advice(NamedTuple):
    """What a file turned out to be, and what a person can do."""

    found_zh: str
    found_en: str
    advice_zh: str
    advice_en: str


_KNOWN_ZH: Final = (
    "可用：GeoPackage、Shapefile、GeoJSON、KML/KMZ、FlatGeobuf、GeoParquet、GDB、TAB、CSV、.xlsx。"
)
_KNOWN_EN: Final = (
    "Use GeoPackage, Shapefile, GeoJSON, KML/KMZ, FlatGeobuf, GeoParquet, GDB, TAB, CSV or .xlsx."
)
UNSUPPORTED: Final[Mapping[str, Advice]] = MappingProxyType(
    {
        "ole": Advice(
            "旧版 Excel（.xls）或加密的工作簿",
            "an old Excel file (.xls) or a workbook with a password",
            "请在 Excel 里另存为不加密的 .xlsx。",
            "Save it as .xlsx without a password.",
        ),
        "dwg": Advice(
            "CAD 图纸（.dwg）",
            "a CAD drawing (.dwg)",
            "请在 CAD 里导出为 .dxf，或转换为 GeoPackage。",
            "Export it as .dxf or GeoPackage.",
        ),
        "rar": Advice(
            "RAR 或 7z 压缩包", "a RAR or 7z archive", "请改用 .zip。", "Pack it as .zip."
        ),
        "picture": Advice("图片或 PDF", "a picture or a PDF", _KNOWN_ZH, _KNOWN_EN),
        "html": Advice(
            "网页（可能是登录页或报错页）",
            "a web page (a login or an error page, perhaps)",
            "请重新下载数据文件。",
            "Download the data file again.",
        ),
        "part": Advice(
            "Shapefile 的附属文件，旁边没有 .shp",
            "a companion of a shapefile without its .shp",
            "请给出 .shp，或整套压缩成 .zip。",
            "Give the .shp, or zip the whole set.",
        ),
        "indirect": Advice(
            "指向别处数据的说明文件，没有数据本身",
            "a description that points to data elsewhere",
            "请导出数据本身。",
            "Export the data itself.",
        ),
        "ods": Advice(
            "OpenDocument 表格", "an OpenDocument file", "请另存为 .xlsx。", "Save it as .xlsx."
        ),
        "json": Advice(
            "JSON 列表，不是 GeoJSON",
            "a JSON list, not GeoJSON",
            "请导出为 CSV，或 GeoJSON 的 FeatureCollection。",
            "Export it as CSV, or as a GeoJSON FeatureCollection.",
        ),
        "binary": Advice(
            "认不出的二进制文件", "a binary file of no known kind", _KNOWN_ZH, _KNOWN_EN
        ),
        "archive": Advice(
            "没有数据文件的压缩包", "an archive without a data file", _KNOWN_ZH, _KNOWN_EN
        ),
    }
)
