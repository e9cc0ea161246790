"""Bytes to text: which encoding Chinese files are really in, whatever they declare."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

import pandas as pd

from geo.load.findings import Finding

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What a .cpg file or a DBF's language byte calls its encoding, in our names.
_ALIASES: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "65001": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "936": "gb18030",
    "cp936": "gb18030",
    "ansi 936": "gb18030",
}
_CJK: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_ENOUGH: Final = 2**20  # bytes from the first that is not ASCII: enough to tell by
_NULS_EXPECTED: Final = 0.2  # UTF-16 of Western text: every second byte is NUL


class Choice(NamedTuple):
    """An encoding, and the findings that say how it was chosen (none when it was declared)."""

    encoding: str
    findings: tuple[Finding, ...] = ()


class Decoded(NamedTuple):
    """Text, and what is to be said about its encoding."""

    text: str
    findings: tuple[Finding, ...] = ()


def decoded(data: bytes) -> Decoded:
    """Return the text of a file: UTF-8 with or without BOM, else UTF-16, else GB18030.

    Bytes that fit neither become "�"; the caller reports the rows that hold one.

    >>> decoded("经度,纬度".encode("gb18030")).text
    '经度,纬度'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            said = (Finding("encoding-utf16"),) if encoding == "utf-16" else ()
            return Decoded(data.decode(encoding, errors="replace"), said)
    wide = _wide(data[:4096])
    if wide:
        return Decoded(data.decode(wide, errors="replace"), (Finding("encoding-utf16"),))
    choice = chosen(data)
    return Decoded(data.decode(choice.encoding, errors="replace"), choice.findings)


def chosen(data: bytes, declared: str = "") -> Choice:
    """Return the encoding of bytes whose declaration may be absent or a lie.

    Parameters
    ----------
    data
        The bytes of all the text there is; a sequence cut at the end is no proof of anything.
    declared
        What the file says ("UTF-8", "936"), empty where it says nothing.
    """
    claim = _ALIASES.get(declared.strip().lower(), "")
    if data.isascii() or (claim and _fits(data, claim) and not _lies(data, claim)):
        return Choice(claim or "utf-8")
    if _fits(data, "utf-8") and (_CJK.search(_loose(data, "utf-8")) or not _chinese(data)):
        return Choice("utf-8", _said("encoding-utf8", declared))
    if _chinese(data) or not declared:
        best = _best(data)
        slug = "encoding-gb18030" if best == "gb18030" else "encoding-utf8"
        return Choice(best, _said(slug, declared))
    return Choice("latin-1", _said("encoding-latin1", declared))


def name_text(raw: bytes) -> str:
    """Return the name of an archive's member: UTF-8 where the bytes are, else GB18030.

    >>> name_text("网格.shp".encode("gbk"))
    '网格.shp'
    """
    return _loose(raw, chosen(raw).encoding)


def recoded(column: pd.Series, encoding: str) -> pd.Series:
    """Return text that was read as Latin-1, byte for byte, in its real encoding."""
    distinct = column.dropna().unique()
    meant = {text: _loose(text.encode("latin-1", "replace"), encoding) for text in distinct}
    return column.map(meant)


def damaged(frame: pd.DataFrame) -> list[Finding]:
    """Return a finding for each column of text that holds "�", with its rows."""
    findings = []
    for name in frame.columns:
        if frame[name].dtype != "str":
            continue
        rows = frame.index[frame[name].str.contains("\ufffd", regex=False, na=False)]
        if len(rows):
            values = {"column": name, "count": len(rows)}
            findings.append(Finding("text-damaged", rows, values=values))
    return findings


def _said(code: str, declared: str) -> tuple[Finding, ...]:
    if declared:
        values = {
            "reason_zh": f"文件声明 {declared}，与内容不符",
            "reason_en": f"the file declares {declared}, which its bytes contradict",
        }
    elif code == "encoding-utf8":
        return ()
    else:
        values = {"reason_zh": "文件没有声明编码", "reason_en": "no encoding is declared"}
    return (Finding(code, values=values),)


def _fits(data: bytes, encoding: str) -> bool:
    """Tell whether bytes decode, apart from a sequence that a fixed width has cut."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        cut = error.end >= len(data) and len(data) - error.start < 4  # noqa: PLR2004 longest sequence
        return cut or _fits_in_lines(data, encoding)
    return True


def _fits_in_lines(data: bytes, encoding: str) -> bool:
    """Tell whether every line decodes, each maybe cut at its end (DBF fields have a width)."""
    if encoding != "utf-8" or b"\x00" not in data:
        return False
    return all(_cut_only(value) for value in set(data.split(b"\x00")))


def _cut_only(value: bytes) -> bool:
    return any(_strict(value[: len(value) - cut]) for cut in range(min(4, len(value) + 1)))


def _strict(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lies(data: bytes, claim: str) -> bool:
    """Tell whether a claim of GBK is really UTF-8: both decode, only one gives Chinese twice."""
    return claim == "gb18030" and _fits(data, "utf-8") and bool(_CJK.search(_loose(data, "utf-8")))


def _chinese(data: bytes) -> bool:
    """Tell whether bytes above 0x7F read as everyday Chinese in GB18030.

    Everyday characters are two high bytes; in Western text a high byte stands alone.
    """
    first = _HIGH.search(data)
    start = first.start() if first else len(data)
    text = _loose(data[start : start + _ENOUGH], "gb18030")
    found = Counter(_CJK.findall(text))
    everyday = sum(n for c, n in found.items() if len(c.encode("gb2312", "ignore")) == 2)  # noqa: PLR2004 bytes
    return everyday * 2 > found.total()


def _best(data: bytes) -> str:
    """Return UTF-8 or GB18030, whichever leaves fewer bytes unread.

    Bytes of UTF-8 read as GB18030 leave hardly any, and make no sense: one that is damaged here and
    there still says more Chinese than it lost, which GB18030 read as UTF-8 never does.
    """
    text = data.decode("utf-8", "replace")
    if len(_CJK.findall(text)) > text.count("\ufffd"):
        return "utf-8"
    lost = {name: data.decode(name, "replace").count("\ufffd") for name in ("gb18030", "utf-8")}
    return min(lost, key=lambda name: lost[name])


def _loose(data: bytes, encoding: str) -> str:
    """Return the text with a cut sequence at the end left off and bad bytes as "�"."""
    text = data.decode(encoding, errors="replace")
    return text.rstrip("\ufffd") if not data.endswith(b"\xef\xbf\xbd") else text


def _wide(head: bytes) -> str:
    """Return the UTF-16 that bytes without a mark are in, or an empty string."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    enough = len(head) // 2 * _NULS_EXPECTED
    if odd > enough and odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > enough and even > 4 * odd else ""
