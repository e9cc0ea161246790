"""The language of a page: what its address asks for, else that of the page seen last."""

from __future__ import annotations

from typing import Annotated, Final, get_args

from fastapi import Depends, Query, Request

from maps.words import Lang

# Written by the bar of the pages (`maps/web/bar.js`): no person's, only a choice.
_COOKIE: Final = "jingwei_lang"
_FIRST: Final[Lang] = "zh-CN"
_KNOWN: Final = {lang: lang for lang in get_args(Lang)}


def language_of(request: Request) -> Lang:
    """Return the language a request asks for, whatever else it asks."""
    asked = request.query_params.get("lang"), request.cookies.get(_COOKIE)
    return next((_KNOWN[one] for one in asked if one in _KNOWN), _FIRST)


def _checked(request: Request, lang: Annotated[Lang | None, Query()] = None) -> Lang:
    return lang or language_of(request)


Language = Annotated[Lang, Depends(_checked)]
