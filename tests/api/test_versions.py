"""If-Match as RFC 9110 has it."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.versions import IfMatch, etag, seen
from geo.errors import BadVersionError
from geo.versions import is_seen

_MATCHED = (
    ('"3"', True),
    (' "3" ', True),
    ('"2", "3"', True),
    ('"2","3",', True),
    (',, "3"', True),
    ('"a,b", "3"', True),
    ('W/"2", "3"', True),
    ("*", True),
    ('"2"', False),
    ('"03"', False),
    ('W/"3"', False),
    ('W/"3", "2"', False),
    ('"abc"', False),
    ('"3x", "\xe9"', False),
    ('""', False),
)
_BROKEN = (
    "",
    " ",
    ",",
    "3",
    '"3',
    '3"',
    '"1" "3"',
    'w/"3"',
    'W/ "3"',
    '"3", *',
    '"3";',
    '" 3"',
    "W/x",
)


@pytest.mark.parametrize(("if_match", "matched"), _MATCHED)
def test_a_change_is_made_where_one_tag_is_the_version_that_is_there(
    if_match: str, *, matched: bool
) -> None:
    assert is_seen(3, seen(if_match)) is matched


@pytest.mark.parametrize("if_match", _BROKEN)
def test_what_is_no_list_of_tags_is_refused(if_match: str) -> None:
    with pytest.raises(BadVersionError):
        seen(if_match)


def test_a_list_may_come_in_several_lines() -> None:
    app = FastAPI()

    @app.get("/")
    def one(version: IfMatch) -> bool:
        return is_seen(3, version)

    client = TestClient(app)
    lines = [("if-match", etag(2)), ("if-match", etag(3))]
    assert client.get("/", headers=lines).json() is True
    assert client.get("/", headers=lines[:1]).json() is False
    assert client.get("/").json() is True
