"""One transaction a request, opened here and nowhere else, with the acting person set.

A file that is taken in is written by the owner's role, as by command: it is copied in as a whole,
and held against rows that whoever sends it may not see. First the app role says who that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from api.acting import acting_person
from geo.store.database import Connection, Store, transaction
from geo.store.line import at_leisure
from geo.store.working.tasks import demand_duty

Person: TypeAlias = Annotated[str, Depends(acting_person)]


def _acting(request: Request, person: Person) -> Iterator[Connection]:
    with transaction(request.app.state.store.app, person) as conn:
        yield conn


# "function": committed when the route has returned, before the answer leaves, so that nobody is
# told of work that was not kept.
Acting: TypeAlias = Annotated[Connection, Depends(_acting, scope="function")]


@contextmanager
def taking_in(
    store: Store, person: str, roles: Sequence[str], path: Sequence[str] = (), *, commit: bool
) -> Iterator[Connection]:
    """Open the transaction in which a file is taken in; without `commit` it is taken back.

    Parameters
    ----------
    roles, path
        One of the roles the person must hold over what the path leads to; anywhere without one.

    Raises
    ------
    NotAllowedError
        When the person holds none of them there.
    """
    with transaction(store.app, person) as conn:
        demand_duty(conn, roles, path)
    with transaction(at_leisure(store.owner), person, commit=commit) as conn:
        yield conn
