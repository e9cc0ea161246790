"""Accounts opened and reset: the one-time password is made here, and told once."""

from __future__ import annotations

from datetime import UTC, datetime

from api.signing_in.passwords import digest_of, one_time_password
from api.signing_in.policy import sign_in_policy
from geo.store import accounts
from geo.store.database import Connection


def opened_account(
    conn: Connection, party: str, *, name: str | None = None, subject: str | None = None
) -> str:
    """Return the one-time password of the account that was opened for a person.

    Raises
    ------
    MissingError, AccountTakenError
        See `geo.store.accounts.add_account`.
    """
    password, until = one_time_password(), sign_in_policy().one_time_until(datetime.now(UTC))
    accounts.add_account(
        conn,
        party,
        name=(name or party).strip().lower(),
        password=digest_of(password),
        one_time_until=until,
        subject=subject or None,
    )
    return password


def reset_account(conn: Connection, party: str) -> str:
    """Return the one-time password that took the place of a person's own.

    Raises
    ------
    MissingError
        When the person has no account.
    """
    accounts.account_of(conn, party)
    password, until = one_time_password(), sign_in_policy().one_time_until(datetime.now(UTC))
    accounts.keep_password(conn, party, digest_of(password), until)
    return password
