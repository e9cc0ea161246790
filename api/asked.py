"""The moment a request asks for, read from its address."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from fastapi import Depends, Query

from api.moments import Moment, moment

_AT = Query(max_length=64, description="A revision of the net, or a date; now by default")
_PLAN = Query(max_length=64, description="As if this draft were in force")


def _moment(
    at: Annotated[str | None, _AT] = None, plan: Annotated[str | None, _PLAN] = None
) -> Moment:
    return moment(at, plan)


Asked: TypeAlias = Annotated[Moment, Depends(_moment)]
