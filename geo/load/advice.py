"""What is not read as it is, or holds too much of something, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from geo.errors import BeyondLimitError


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

# What a file may hold too much of. `where` and `found` are of the file, `most` is the limit.
BEYOND: Final[Mapping[str, Advice]] = MappingProxyType(
    {
        "cell": Advice(
            "{where} 有一格长于电子表格所能保存的 {most:,} 个字",
            "{where} has a cell of more than the {most:,} letters a spreadsheet keeps",
            "请缩短这一格，长文字另附文件。",
            "Shorten that cell; send long texts as a file of their own.",
        ),
        "row": Advice(
            "有一行在电子表格最后一行（{most:,}）之后",
            "a row lies beyond the last of a spreadsheet ({most:,})",
            "请在电子表格软件里打开后另存，再发送。",
            "Open it in a spreadsheet program and save it again.",
        ),
        "cells": Advice(
            "{found:,} 个单元格压缩成 {most:,} 字节，不是台账",
            "{found:,} cells are packed into {most:,} bytes: no ledger is",
            "请在电子表格软件里打开后另存，再发送；很大的表请导出为 CSV。",
            "Open it in a spreadsheet program and save it again; export large tables as CSV.",
        ),
        "blocks": Advice(
            "一张工作表有超过 {most:,} 处合并单元格",
            "a sheet has more than {most:,} merged blocks",
            "请取消合并并逐行填写，或导出为 CSV。",
            "Unmerge them and fill each row, or export it as CSV.",
        ),
        "beside": Advice(
            "样式、批注等占 {found} MB（上限 {most} MB）",
            "styles, remarks and the like take {found} MB ({most} MB at most)",
            "请把数据复制到新的工作簿，只粘贴值。",
            "Copy the data into a new workbook, values alone.",
        ),
        "line": Advice(
            "第 {where:,} 行长于 {most} MB",
            "line {where:,} is longer than {most} MB",
            "请检查引号与换行，或缩短这一行后重新导出。",
            "Look at its quotes and line ends, or shorten it, and export it again.",
        ),
        "lines": Advice(
            "{found:,} 行只有 {most:,} 字节，几乎都是空行",
            "{found:,} lines have {most:,} bytes: nearly all are blank",
            "请删去空行后重新导出。",
            "Remove the blank lines and export it again.",
        ),
        "rows": Advice(
            "有 {found:,} 行（一次最多 {most:,} 行）",
            "it has {found:,} rows ({most:,} at most at once)",
            "请分成几个文件，一个一个导入。",
            "Part it into several files, and import one after the other.",
        ),
        "layers": Advice(
            "要读 {found:,} 个图层或工作表（一次最多 {most:,} 个）",
            "{found:,} layers or sheets are to be read ({most:,} at most at once)",
            "请合并成一层，或分几次选取图层导入。",
            "Merge them into one layer, or choose fewer at once, several times.",
        ),
        "columns": Advice(
            "有 {found:,} 列（上限 {most:,}）",
            "it has {found:,} columns ({most:,} at most)",
            "请只导出需要的列。",
            "Export the columns that are needed.",
        ),
        "values": Advice(
            "{most:,} 字节里压缩着 {found:,} 个值，不是台账",
            "{found:,} values are packed into {most:,} bytes: no ledger is",
            "请去掉空行、重复行和列表后重新导出，或改用 CSV。",
            "Remove blanks, repetitions and lists and export it again, or use CSV.",
        ),
        "inflated": Advice(
            "读出来超过 {found:,} MB（上限 {most:,} MB）",
            "it becomes more than {found:,} MB ({most:,} MB at most)",
            "请缩短反复出现的长文字、去掉列表，或分成几个文件。",
            "Shorten long texts that come again and again, drop lists, or part it.",
        ),
        "points": Advice(
            "第 {where:,} 个图形有超过 {most:,} 个点，不是边界",
            "shape {where:,} has more than {most:,} points: no border has",
            "请简化图形、去掉碎面和空洞后重新导出。",
            "Simplify it, remove splinters and holes, and export it again.",
        ),
        "shape": Advice(
            "第 {where:,} 个图形（含属性）超过 {most} MB",
            "shape {where:,} with its attributes takes more than {most} MB",
            "请简化图形、缩短属性文字后重新导出。",
            "Simplify it, shorten its texts, and export it again.",
        ),
    }
)


def beyond(what: str, file: str, **values: object) -> BeyondLimitError:
    """Return the error that says what a file has too much of, one of `BEYOND`.

    >>> print(beyond("row", "a.xlsx", most=1_048_576).sentence_en)
    'a.xlsx' was not read: a row lies beyond the last of a spreadsheet (1,048,576). Open it in a \
spreadsheet program and save it again.
    """
    told = {key: text.format(**values) for key, text in BEYOND[what]._asdict().items()}
    return BeyondLimitError(file=file, **told)
