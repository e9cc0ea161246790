"""Who may come in as a resident, how often, and as whom they act: each for one report alone."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple, TypeAlias

from fastapi import Depends, Request, Response

from api.acting import is_local
from api.links.pace import Pace
from api.links.signing import link_secret
from api.residents.policy import resident_policy
from api.residents.words import number_in, number_told, token_of
from api.settings import Settings, is_https
from api.signing_in.answers import is_secure
from geo.errors import NobodyActsError, ReportUnknownError, ResidentsClosedError

READER: Final = "resident"  # who reads names and published borders: anybody may
COOKIE: Final = "jingwei_report"
_DAYS_S: Final = 180 * 24 * 3600


class Visitor(NamedTuple):
    """Whoever came in: from where, the secret that words follow from, and what counts requests."""

    client: str
    secret: bytes
    pace: Pace

    def demand(self, kind: str, most: int, *, of_all: bool = False) -> None:
        """Count one more of a kind within the minute, from this address or from all.

        Raises
        ------
        TooOftenError
            When there were too many.
        """
        self.pace.demand(f"resident {kind}", "" if of_all else self.client, most)


def visitor_of(request: Request) -> Visitor:
    """Return who came in.

    Raises
    ------
    ResidentsClosedError, NobodyActsError
        When the page is shut, or open to this machine alone.
    TooOftenError
        When the address asked too often.
    """
    chosen: Settings = request.app.state.settings
    client = request.client.host if request.client else "?"
    if chosen.residents == "off":
        raise ResidentsClosedError
    if chosen.residents == "local" and not is_local(request):
        raise NobodyActsError(client=client)
    visitor = Visitor(client, link_secret(chosen), request.app.state.pace)
    visitor.demand("look", resident_policy().looks)
    return visitor


Visit: TypeAlias = Annotated[Visitor, Depends(visitor_of)]


def own_number(request: Request, visitor: Visit) -> str:
    """Return the number of the report that this browser follows.

    Raises
    ------
    ReportUnknownError
        When it follows none.
    """
    return number_in(visitor.secret, request.cookies.get(COOKIE, ""))


Own: TypeAlias = Annotated[str, Depends(own_number)]


def told_number(visitor: Visitor, number: str, word: str) -> str:
    """Return the number that was typed, if its word was; wrong ones are few a minute.

    Raises
    ------
    ReportUnknownError
        When they do not belong together.
    TooOftenError
        When too many did not.
    """
    try:
        return number_told(visitor.secret, number, word)
    except ReportUnknownError:
        visitor.demand("wrong", resident_policy().wrong)
        raise


def follow(request: Request, visitor: Visitor, answer: Response, number: str) -> None:
    """Let this browser follow a report: what it keeps says which, signed."""
    chosen: Settings = request.app.state.settings
    secure = is_secure(request) or is_https(chosen.phone_url)
    answer.set_cookie(
        COOKIE, token_of(visitor.secret, number), max_age=_DAYS_S, path="/report", httponly=True,
        secure=secure, samesite="lax",
    )  # fmt: skip
