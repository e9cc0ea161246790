"""A file that was sent: the body itself, or the one file of a form, under a name made safe."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, TypeAlias

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.limits import body_limits, megabytes
from geo.errors import BadUploadError, JingweiError
from geo.load.archives import BROKEN, demand_short_list
from geo.load.files import opened
from geo.load.outsized import demand_lines
from geo.scratch import scratch

_FORM: Final = "multipart/form-data"
_NAMELESS: Final = "upload"
_BYTES: Final = 120  # of a name, so that a folder and an ending fit into what a disk takes
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\ud800-\udfff]")
TABLES: Final = ("csv", "xlsx")
_GZIP, _ZIP = b"\x1f\x8b", b"PK"
# For the API's description: either way of sending is one body.
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class SentFile(NamedTuple):
    """A file as it was sent; `name` is what its sender calls it, without a path."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


async def sent_file(request: Request, refusal: Callable[[str, str], JingweiError]) -> SentFile:
    """Return the file of a request: its body, or the one file of a form.

    Parameters
    ----------
    refusal
        Makes the error to raise, from a reason in Chinese and in English, when a form holds no
        file or is none.
    """
    if not request.headers.get("content-type", "").lower().startswith(_FORM):
        return SentFile(safe_name(request.query_params.get("name")), await request.body())
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            files = [value for value in form.values() if isinstance(value, UploadFile)]
            if not files:
                raise refusal("表单里没有文件", "the form holds no file")
            return SentFile(safe_name(files[0].filename), await files[0].read())
    except HTTPException as error:
        if error.status_code != HTTPStatus.BAD_REQUEST:
            raise
        raise refusal("表单无法读取", "the form cannot be read") from error


def safe_name(name: str | None) -> str:
    r"""Return a file's name without a path or anything a disk does not take; its ending stays.

    >>> safe_name("C:\\工单\\11月26日.xlsx"), safe_name("../../etc/passwd"), safe_name(None)
    ('11月26日.xlsx', 'passwd', 'upload')
    """
    plain = _UNSAFE.sub("_", (name or "").replace("\\", "/").rpartition("/")[2]).strip(" .")
    if not plain:
        return _NAMELESS
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending.encode()) > _BYTES // 4:
        return plain.encode()[:_BYTES].decode(errors="ignore")
    return f"{stem.encode()[: _BYTES - len(ending.encode())].decode(errors='ignore')}.{ending}"


async def _table(request: Request) -> SentFile:
    def refusal(zh: str, en: str) -> BadUploadError:
        return BadUploadError(zh=zh, en=en)

    sent = await sent_file(request, refusal)
    if not sent.content:
        raise refusal("没有内容", "it is empty")
    return sent


# A table that was sent: what it holds is looked at when it is opened (`as_table`).
SentTable: TypeAlias = Annotated[SentFile, Depends(_table)]


def _demand_no_archive(path: Path, content: bytes) -> None:
    """Refuse archives, and workbooks that unpack to more than they may, before anything does.

    Raises
    ------
    BadUploadError, UnsafeArchiveError
        When it is one.
    """
    if content.startswith(_GZIP):
        raise BadUploadError(zh="是压缩包", en="it is an archive")
    if not content.startswith(_ZIP):
        return
    demand_short_list(path, path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except BROKEN as error:
        raise BadUploadError(zh="已损坏", en="it is broken") from error
    most = body_limits().unpacked
    if sum(member.file_size for member in members) > most:
        size = megabytes(most)
        raise BadUploadError(zh=f"展开后超过 {size} MB", en=f"it unpacks to more than {size} MB")
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise BadUploadError(zh="是压缩包", en="it is an archive")


@contextmanager
def as_table(sent: SentFile) -> Iterator[Path]:
    """Give a file that was sent as a path, gone afterwards; by what it holds CSV or a workbook.

    Raises
    ------
    BadUploadError
        When it holds something else.
    ImportRefusedError
        When it cannot be opened at all, or has too many rows.
    """
    with scratch() as folder:
        path = folder / sent.name
        path.write_bytes(sent.content)
        _demand_no_archive(path, sent.content)
        with opened(path) as sources:
            others = sorted({source.format for source in sources} - set(TABLES))
            for text in (source for source in sources if source.format == "csv"):
                demand_lines(text.path, sent.name, body_limits().rows)
        if others:
            said = ", ".join(others)
            raise BadUploadError(zh=f"里面是 {said}，不是表格", en=f"it holds {said}, no table")
        yield path
