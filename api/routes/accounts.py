"""Accounts administered: opened with a one-time password, reset, closed, signed out everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field

from api.rows import rows_in_json
from api.signing_in.entrance import Entrance
from api.signing_in.opening import opened_account, reset_account
from api.transactions import Person
from geo.errors import NotAllowedError
from geo.names import roles_told
from geo.store import accounts
from geo.store.accounts import administered, read_accounts
from geo.store.database import Connection, transaction

router = APIRouter(prefix="/api/accounts", tags=["accounts"])


class Asked(BaseModel):
    """An account to open: whose, called what (by default the person's code)."""

    model_config = ConfigDict(extra="forbid")

    party: Annotated[str, Field(min_length=1, max_length=128, examples=["P370102001001"])]
    name: Annotated[str | None, Field(max_length=128)] = None
    subject: Annotated[str | None, Field(max_length=256)] = None


@router.get("")
def listed(request: Request, person: Person) -> list[dict[str, Any]]:
    """Return the accounts that the person administers, by name; no password is ever shown."""
    with transaction(request.app.state.store.owner, person) as conn:
        theirs = administered(conn)
        found = read_accounts(conn)
    return rows_in_json(found[found["party"].isin(theirs)])


@router.post("", status_code=201)
def add(request: Request, person: Person, asked: Annotated[Asked, Body()]) -> dict[str, str]:
    """Open an account; the answer holds its one-time password, this once."""
    with _over(request, person, asked.party) as conn:
        password = opened_account(conn, asked.party, name=asked.name, subject=asked.subject)
        found = read_accounts(conn, [asked.party]).iloc[0]
    return {"party": asked.party, "person": str(found["person"]), "password": password}


@router.post("/{party}/reset")
def reset(request: Request, person: Person, party: str) -> dict[str, str]:
    """Give a new one-time password; the person is signed out everywhere."""
    with _over(request, person, party) as conn:
        password = reset_account(conn, party)
    _entrance(request).forget(party)
    return {"party": party, "password": password}


@router.post("/{party}/close")
def close(request: Request, person: Person, party: str) -> dict[str, str]:
    """Close an account: its person is signed out everywhere, and signs in no more."""
    with _over(request, person, party) as conn:
        accounts.set_open(conn, party, is_open=False)
    _entrance(request).forget(party)
    return {"party": party}


@router.post("/{party}/open")
def reopen(request: Request, person: Person, party: str) -> dict[str, str]:
    """Open a closed account again."""
    with _over(request, person, party) as conn:
        accounts.set_open(conn, party, is_open=True)
    return {"party": party}


@router.post("/{party}/sign-out")
def sign_out(request: Request, person: Person, party: str) -> dict[str, str]:
    """Sign a person out everywhere."""
    with _over(request, person, party) as conn:
        accounts.account_of(conn, party)
        accounts.end_sessions(conn, party)
    _entrance(request).forget(party)
    return {"party": party}


@contextmanager
def _over(request: Request, person: str, party: str) -> Iterator[Connection]:
    """Open the transaction in which an account is changed, by who administers its person."""
    with transaction(request.app.state.store.owner, person) as conn:
        if not administered(conn, party):
            told = roles_told(["administrator"])
            raise NotAllowedError(person=person, scope=party[:80], **told)
        yield conn


def _entrance(request: Request) -> Entrance:
    entrance: Entrance = request.app.state.entrance
    return entrance
