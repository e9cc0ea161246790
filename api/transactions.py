"""One transaction a request, opened here and nowhere else, with the acting person set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from api.acting import acting_person
from geo.store.database import Connection, transaction

Person: TypeAlias = Annotated[str, Depends(acting_person)]


def _acting(request: Request, person: Person) -> Iterator[Connection]:
    with transaction(request.app.state.store.app, person) as conn:
        yield conn


# "function": committed when the route has returned, before the answer leaves, so that nobody is
# told of work that was not kept.
Acting: TypeAlias = Annotated[Connection, Depends(_acting, scope="function")]
