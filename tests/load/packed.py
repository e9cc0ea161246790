"""Archives made to hurt whoever unpacks them: names that climb, bombs, lists without end, links."""

from __future__ import annotations

import gzip
import stat
import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final, NamedTuple

from hypothesis import strategies as st

_TABLE: Final = "工单编号,内容,经度,纬度\n1,路灯不亮,117.1,36.6\n".encode()
_UTF8_NAME: Final = 0x800


class Member(NamedTuple):
    """One member: the bytes of its name, what it holds, whether it is a link."""

    name: bytes
    content: bytes = _TABLE
    utf8: bool = False
    link: bool = False
    method: int = zipfile.ZIP_DEFLATED


def packed(members: list[Member]) -> bytes:
    """Return an archive of members, two of a name too, whose names are written as they are."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, member in enumerate(members):
            info = zipfile.ZipInfo(f"{number:04}" + "x" * max(0, len(member.name) - 4))
            info.compress_type = member.method
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if member.link else 0
            archive.writestr(info, member.content)
    content = out.getvalue()
    for number, member in enumerate(members):
        stands = f"{number:04}".encode() + b"x" * max(0, len(member.name) - 4)
        content = content.replace(stands, member.name.ljust(4, b"_"))
    return _flagged(content) if any(member.utf8 for member in members) else content


def _flagged(content: bytes) -> bytes:
    """Return an archive that says its names are UTF-8."""
    marked = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(mark)
        while at >= 0:
            marked[at + place + 1] |= _UTF8_NAME >> 8
            at = marked.find(mark, at + 4)
    return bytes(marked)


def listed(many: int) -> bytes:
    """Return an archive of so many members that take no room but in its list."""
    head = struct.Struct("<4s4B4HL2L5H2L")
    one = head.pack(b"PK\x01\x02", 20, 3, 20, 0, *[0] * 4, 0, 0, 0, 5, *[0] * 4, 0, 0) + b"a.csv"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, *[many & 0xFFFF] * 2, len(one) * many, 0, 0)
    return b"PK\x03\x04" + bytes(26) + one * many + end


def archives() -> Iterator[tuple[str, bytes]]:
    """Archives, each made to hurt in one way."""
    for name in (b"../../up.csv", b"/etc/cron.d/a.csv", b"C:\\a.csv", b"..\\up.csv"):
        yield f"climbs-{len(name)}.zip", packed([Member(name)])
    inner = packed([Member(b"a.csv")])
    for _ in range(3):
        inner = packed([Member(b"a.zip", inner)])
    yield "nested.zip", inner
    yield "listed.zip", listed(200_000)
    yield "many.zip", listed(3_000)
    yield "link.zip", packed([Member(b"a.csv", b"/etc/passwd", link=True)])
    yield "inflated.zip", packed([Member(b"a.csv", _TABLE + b"1,x\n" * 4 * 2**20)])
    yield "inflated.csv.gz", gzip.compress(_TABLE + b"1,x\n" * 4 * 2**20)
    yield "twice.zip", packed([Member(b"a.csv"), Member(b"a.csv")])
    yield "no-utf8.zip", packed([Member("网格.csv".encode("gbk"), utf8=True)])
    yield "cut.zip", packed([Member(b"a.csv", _TABLE * 99)])[:-40]
    yield "cut.csv.gz", gzip.compress(_TABLE * 99)[:-20]
    lzma = packed([Member(b"a.csv", _TABLE * 99, method=zipfile.ZIP_LZMA)])
    yield "lzma.zip", lzma[:60] + bytes(20) + lzma[80:]


NAMES: Final = st.one_of(
    st.sampled_from(
        [
            *(b"a.csv", b"../a.csv", b"/a.csv", b"c:/a.csv", b"a/../../a.csv", b"a.shp", b"a.dbf"),
            *(b"x.gdb/a.gdbtable", b"__MACOSX/._a.csv", b"a.zip", b"con.csv", b".csv", b"....csv"),
            *("网格.csv".encode(), "网格.csv".encode("gbk"), b"\xff\xfe.csv", b"a\0b.csv"),
        ]
    ),
    st.binary(min_size=1, max_size=40).filter(lambda name: b"PK" not in name),
)
CONTENTS: Final = st.one_of(
    st.just(_TABLE),
    st.just(_TABLE.decode().encode("gbk")),
    st.just(b""),
    st.just(packed([Member(b"a.csv")])),
    st.binary(max_size=99),
)
MEMBERS: Final = st.builds(
    Member,
    NAMES,
    CONTENTS,
    utf8=st.booleans(),
    link=st.booleans(),
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA]),
)
