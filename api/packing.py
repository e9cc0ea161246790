"""Answers packed for whoever takes gzip; files of the front-end kept for as long as their name."""

from __future__ import annotations

import gzip
from os import PathLike, stat_result
from typing import Final

from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

LEAST: Final = 1_400  # bytes: what one packet carries is not made smaller
LEVEL: Final = 4  # a quarter of the time of zlib's best, for a tenth more bytes
# Packed already, by themselves or by whoever made them.
EXCLUDED: Final = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    "application/pdf",
    "application/vnd.apache.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
_FOR_GOOD: Final = "public, max-age=31536000, immutable"


class NamedFiles(StaticFiles):
    """Files in folders that are named after what they hold: another file has another address."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope,
        status_code: int = 200,
    ) -> Response:  # fmt: skip
        """Return a file, which a browser need not ask for again."""
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["cache-control"] = _FOR_GOOD
        return answer


def unpacked_for(request: Request, packed: bytes, media_type: str) -> Response:
    """Return an answer that is packed already: as it is for whoever takes gzip, else unpacked."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(packed), media_type=media_type)
    told = {"content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(packed, media_type=media_type, headers=told)
