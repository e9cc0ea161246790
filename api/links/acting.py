"""Who acts by a link: the party it stands for, in one transaction, under row-level security."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, NamedTuple, TypeAlias

from fastapi import Depends, Request

from api.acting import demand_our_page
from api.links.policy import link_policy
from api.links.signing import Bound, bound_of, link_secret
from api.watching.named import ACTOR
from geo.errors import LinkClosedError
from geo.store.database import Connection, act_as, transaction
from geo.store.working.links import Opened, open_link, tell_opened

_LOOKS: Final = ("GET", "HEAD")


class Linked(NamedTuple):
    """The transaction in which the party of a link acts, and the link."""

    conn: Connection
    opened: Opened


def cookie_name(link: int) -> str:
    """Return the name of what a device keeps of a link."""
    return f"jingwei_link_{link}"


def held_by(request: Request, link: int) -> Bound | None:
    """Return what the device that asks holds of a link; None: nothing, or nothing of ours."""
    told = request.cookies.get(cookie_name(link))
    try:
        found = bound_of(link_secret(request.app.state.settings), told) if told else None
    except LinkClosedError:
        return None
    return found if found is not None and found.link == link else None


def _linked(request: Request, link: int) -> Iterator[Linked]:
    demand_our_page(request)
    bound = held_by(request, link)
    if bound is None:
        raise LinkClosedError.of("unknown")
    request.app.state.pace.demand("request", link, link_policy().requests)
    with transaction(request.app.state.store.app, "") as conn:
        uses = request.method not in _LOOKS
        opened = open_link(conn, link, bound.serial, bound.digest, uses=uses)
        act_as(conn, opened.party)
        request.scope[ACTOR] = opened.party
        if opened.is_first:
            tell_opened(conn, opened)
        yield Linked(conn, opened)


ByLink: TypeAlias = Annotated[Linked, Depends(_linked, scope="function")]
