"""Why a library could not read a file, in Chinese too: libraries speak English alone."""

from __future__ import annotations

import re
from typing import Final

from geo.errors import FileUnreadableError, UnreadableFileError

# What libraries say, by a part of it → what that means. The first that fits counts.
_MEANT: Final[tuple[tuple[str, str], ...]] = (
    (r"invalid projection|crs", "坐标系的说明有错"),
    (r"permission denied", "没有读取它的权限"),
    (r"no such file", "文件已不在原处"),
    (r"is a directory", "这是文件夹"),
    (r"no space left", "磁盘已满"),
    (r"password|encrypted", "有密码"),
    (r"compression method|compression type|unsupported codec", "用了读不了的压缩方法"),
    (r"not a zip file|central directory|end.of.central|file header", "不是完整的 ZIP 压缩包"),
    (r"gzipped file|end-of-stream marker", "不是完整的 gzip 压缩文件"),
    (r"crc|error -\d+ while (?:de|un)compress|lzma|corrupt (?:snappy|input)", "压缩的数据有损坏"),
    (r"magic bytes|file footer|parquet file size|minimum file", "不是 Parquet，或缺少结尾"),
    (r"base64|thrift|end of stream|unexpected end|parquet|column chunk", "Parquet 的内容有损坏"),
    (r"disk image is malformed|malformed database|not a database", "数据库文件有损坏"),
    (r"no item named|no valid workbook|workbook part|openpyxl", "工作簿里缺少必要的部分"),
    (r"for entity \d+", "图形与它的索引（.shx）对不上"),
    (r"not well-formed|no element found|mismatched tag|xml|entity|undefined prefix", "XML 有错"),
    (r"codec can't decode|invalid utf|utf-?8", "文字的编码有错"),
    (r"json", "JSON 有错"),
    (r"csv parse error|expected \d+ columns|straddl", "分不成列"),
    (r"geo metadata|missing geo", "没有几何列的说明"),
    (r"not recogni[sz]ed|supported file format|unable to open|failed to open", "认不出格式"),
    (r"dtype|could not convert|invalid literal|cannot convert", "有的单元格与格式不符"),
)
_ADVICE: Final = re.compile(r"; It might help to specify.*", re.DOTALL)  # meant for programmers
_LONGEST: Final = 200


def unreadable(file: object, reason: object, zh: str = "") -> UnreadableFileError:
    """Return the error that a file is broken; `zh` where the reason is our own.

    >>> print(unreadable("a.zip", "File is not a zip file").sentence_zh)
    “a.zip”读不出来，可能损坏或不完整：不是完整的 ZIP 压缩包。请重新导出或重新传送。
    """
    said = _said(reason)
    return UnreadableFileError(file=file, reason=said, reason_zh=zh or meaning(said))


def not_opened(path: object, reason: object, zh: str = "") -> FileUnreadableError:
    """Return the error that a file is not what it should be; `zh` where the reason is our own."""
    said = _said(reason)
    return FileUnreadableError(path=path, reason=said, reason_zh=zh or meaning(said))


def meaning(reason: str) -> str:
    """Return what a library means, in Chinese; what is not known is quoted as the reason.

    >>> meaning("Bad CRC-32 for file 'a.csv'"), meaning("the moon is full")
    ('压缩的数据有损坏', '原因“the moon is full”')
    """
    known = (zh for words, zh in _MEANT if re.search(words, reason, re.IGNORECASE))
    return next(known, f"原因“{reason}”")


def _said(reason: object) -> str:
    """Return the first line of what a library says, which tells what it is."""
    first = _ADVICE.sub("", str(reason).strip()).split("\n", 1)[0][:_LONGEST]
    return first.rstrip(". ;") or type(reason).__name__
