"""Who is signed in: sessions begun, looked up and ended, and passwords tried with patience."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from time import monotonic
from typing import Final, NamedTuple

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import HTTPConnection

from api.links.pace import Pace
from api.reporters import kept_secret
from api.settings import Settings, is_https
from api.signing_in.passwords import demand_strong, digest_of, fits
from api.signing_in.policy import SignInPolicy, sign_in_policy
from geo.errors import NotLetInError, NotOursError, TicketError
from geo.store import accounts, devices
from geo.store.accounts import Account
from geo.store.database import Store, transaction

DEVICE: Final = "jingwei_device"  # the cookie by which a browser is known where people sign in
_PLAIN, _SECURE = "jingwei_session", "__Host-jingwei_session"
_HTTPS: Final = ("https", "wss")
_REMEMBERED_S: Final = 10.0  # a session that was ended elsewhere opens nothing after that
_MOST_REMEMBERED: Final = 10_000
_TICKET_S: Final = 900
_FILE: Final = "sign_in.key"
_TICKET: Final = "jingwei.sign-in.ticket"
_SHOWN: Final = 128  # letters of a subject nobody knows


class Session(NamedTuple):
    """What a browser that is signed in holds; `device`: by what it is known the next time."""

    token: str
    party: str
    device: str = ""


class Ticket(NamedTuple):
    """What whoever came in by a one-time password holds until there is one of her own."""

    signed: str
    name: str


@dataclass
class Entrance:
    """Where browsers sign in to one database.

    Parameters
    ----------
    clock
        Seconds of a clock that only goes forward.
    changes
        Grows whenever somebody who was let in before may have to be asked again.
    """

    store: Store
    chosen: Settings
    pace: Pace
    clock: Callable[[], float] = monotonic
    policy: SignInPolicy = field(default_factory=sign_in_policy)
    changes: int = 0
    _known: dict[str, tuple[str, float]] = field(default_factory=dict)
    _asked: float = -_REMEMBERED_S
    _claimed: bool = False

    def token_of(self, request: HTTPConnection) -> str | None:
        """Return what the browser holds of a session, ours or not.

        Whoever comes by https has it in the cookie that no other host, and nobody on a network
        without https, can set: else somebody could be made to act in another's name.
        """
        told = request.cookies
        by_https = request.scope["scheme"] in _HTTPS or is_https(self.chosen.url)
        return told.get(_SECURE) or (None if by_https else told.get(_PLAIN))

    def cookie(self, *, secure: bool) -> str:
        """Return the name of what the browser holds; the secure one no other host can set."""
        return _SECURE if secure else _PLAIN

    def remembered(self, token: str) -> str | None:
        """Return who was signed in by it some seconds ago, without asking the database."""
        party, until = self._known.get(token, ("", 0.0))
        return party if until > self.clock() else None

    def person_of(self, token: str) -> str | None:
        """Return who is signed in by what a browser holds; None: nobody any more."""
        with transaction(self.store.owner, "") as conn:
            party = accounts.person_of_session(conn, _digest(token), self.policy.idle)
        if party is None:
            self._known.pop(token, None)
            return None
        while len(self._known) >= _MOST_REMEMBERED:
            self._known.pop(next(iter(self._known)), None)
        self._known[token] = (party, self.clock() + _REMEMBERED_S)
        return party

    def signed_out(self, tokens: Collection[str | None]) -> set[str | None]:
        """Return which of what browsers hold opens nothing any more; None: holds nothing."""
        digests = {_digest(token): token for token in tokens if token is not None}
        with transaction(self.store.owner, "") as conn:
            live = accounts.live_sessions(conn, list(digests), self.policy.idle)
        still = {token for digest, token in digests.items() if digest in live}
        return {*tokens} - still - (set() if self.demands_sign_in() else {None})

    def is_known_open(self) -> bool:
        """Tell whether nobody had an account of her own some seconds ago, without asking."""
        return not self._must_sign_in and self.clock() - self._asked < _REMEMBERED_S

    def demands_sign_in(self) -> bool:
        """Tell whether who acts must sign in: as the settings say, or since there are accounts."""
        if not self._must_sign_in and self.clock() - self._asked >= _REMEMBERED_S:
            with transaction(self.store.owner, "") as conn:
                self._claimed = accounts.anybody_signs_in(conn)
            self._asked = self.clock()
        return self._must_sign_in

    def sign_in(
        self, name: str, password: str, client: str, *, device: str = ""
    ) -> Session | Ticket:
        """Return the session of who names herself and knows the password.

        A browser that is known waits for what was wrong there alone. A one-time password begins
        none: with the ticket she chooses one of her own.

        Raises
        ------
        NotLetInError
            When name and password do not belong together, or it is too soon after others.
        TooOftenError
            When one address tries too often.
        """
        self.pace.demand("sign in", client, self.policy.tries)
        plain = name.strip().lower()
        account = self._tried(plain, password, device)
        if account.one_time_until is not None:
            return Ticket(self._tickets().dumps([account.party, _mark(account)]), account.name)
        return self.begin(account.party, "password", device=device)

    def choose(self, ticket: str, password: str) -> Session:
        """Return the session of who chose a password of her own in place of a one-time one.

        Raises
        ------
        TicketError
            When the ticket is old or used.
        WeakPasswordError
            When the password is guessed.
        """
        party, mark = self._read(ticket)
        with transaction(self.store.owner, party) as conn:
            account = accounts.account_of(conn, party)
            if _mark(account) != mark or account.closed_at is not None:
                raise TicketError
            demand_strong(password, account.name, self.policy.least)
            accounts.keep_password(conn, party, digest_of(password))
        return self.begin(party, "password")

    def change(self, party: str, old: str, new: str, *, device: str = "") -> Session:
        """Return a new session of who changed her password; all others of hers have ended.

        Raises
        ------
        NotLetInError
            When the old one is wrong.
        WeakPasswordError
            When the new one is guessed.
        TooOftenError
            When she tries too often.
        """
        self.pace.demand("change password", party, self.policy.tries)
        with transaction(self.store.owner, party) as conn:
            name = accounts.account_of(conn, party).name
        self._tried(name, old, device)
        demand_strong(new, name, self.policy.least)
        with transaction(self.store.owner, party) as conn:
            accounts.keep_password(conn, party, digest_of(new))
        self.forget(party)
        return self.begin(party, "password")

    def let_in(self, subject: str) -> Session:
        """Return the session of whom the city's sign-on names.

        Raises
        ------
        NotOursError
            When nobody here has that subject, or the account is closed.
        """
        with transaction(self.store.owner, "") as conn:
            account = accounts.account_of_subject(conn, subject)
        if account is None or account.closed_at is not None:
            raise NotOursError(subject=subject[:_SHOWN])
        return self.begin(account.party, "city")

    def begin(self, party: str, way: str, *, device: str = "") -> Session:
        """Return a new session of a person; its browser is known from now on.

        Raises
        ------
        NotLetInError
            When the account was closed since it was looked at.
        """
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        with transaction(self.store.owner, party) as conn:
            if accounts.account_of(conn, party).closed_at is not None:
                raise NotLetInError
            ends_at = now + self.policy.longest
            accounts.begin_session(conn, party, _digest(token), way=way, ends_at=ends_at)
            if devices.device_of(conn, party, _digest(device)) is not None:
                devices.settle_device(conn, _digest(device))
            else:
                device = secrets.token_urlsafe(32)
                known_until = now + self.policy.known
                devices.keep_device(conn, party, _digest(device), ends_at=known_until)
        if not self._claimed:
            self._claimed, self.changes = True, self.changes + 1
        return Session(token, party, device)

    def end(self, token: str) -> None:
        """End the session of a browser."""
        with transaction(self.store.owner, "") as conn:
            accounts.end_session(conn, _digest(token))
        self._known.pop(token, None)
        self.changes += 1

    @property
    def _must_sign_in(self) -> bool:
        return self._claimed or self.chosen.sign_in == "required"

    def _tried(self, name: str, password: str, device: str) -> Account:
        """Return the account whose password this is; what was wrong is counted and kept."""
        now = datetime.now(UTC)
        with transaction(self.store.owner, "") as conn:
            account = accounts.account_named(conn, name)
            known = account and devices.device_of(conn, account.party, _digest(device))
            tried = known or account  # what has to wait
            waits = tried is not None and (tried.waits_until or now) > now
            is_right = fits(None if waits or account is None else account.password, password)
            if account is not None and tried is not None and not waits and not is_right:
                until = self.policy.waits_until(tried.failures + 1, now)
                accounts.count_failure(conn, account, known, until)
        if account is None or not is_right or not _is_good(account, now):
            raise NotLetInError
        return account

    def forget(self, party: str) -> None:
        """Forget the sessions of a person, which have ended: in this process at once."""
        gone = [token for token, (whose, _) in self._known.copy().items() if whose == party]
        for token in gone:
            self._known.pop(token, None)
        self.changes += 1

    def _tickets(self) -> URLSafeTimedSerializer:
        secret = kept_secret(self.chosen.home / _FILE, None)
        return URLSafeTimedSerializer(secret, _TICKET, signer_kwargs={"digest_method": sha256})

    def _read(self, ticket: str) -> tuple[str, str]:
        try:
            party, mark = self._tickets().loads(ticket, max_age=_TICKET_S)
        except (BadSignature, ValueError) as error:
            raise TicketError from error
        return party, mark


def _is_good(account: Account, now: datetime) -> bool:
    in_time = account.one_time_until is None or account.one_time_until > now
    return account.closed_at is None and in_time


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _mark(account: Account) -> str:
    """Return what tells a password from the one that follows it."""
    return sha256((account.password or "").encode()).hexdigest()[:16]
