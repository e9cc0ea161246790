"""A provider of the city's sign-on that misbehaves lets nobody in, and is said in a sentence."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import RSAKey

from api.app import create_app
from api.settings import CitySignOn, Settings
from api.signing_in.opening import opened_account
from geo.store.database import Store, transaction
from tests.plugins.database import Databases

AWAY: Final = ("10.9.8.7", 5)
PUBLIC: Final = "http://testserver"
OURS: Final = "jingwei"
SECRET: Final = "between us and the provider"  # noqa: S105 of the tests
DAY_S: Final = 86_400
Said: TypeAlias = dict[str, Any]


def _key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name} if name else {}, private=True)


KEY, OTHER, UNNAMED, NEXT_UNNAMED = _key("one"), _key("two"), _key(""), _key("")


@dataclass
class Rogue:
    """A provider that says what a test has it say; on a port of this machine."""

    issuer: str = ""
    keys: tuple[RSAKey, ...] = (KEY,)
    described: Any = None
    token: bytes = b""
    asked: list[Mapping[str, list[str]]] = field(default_factory=list)

    def describes(self) -> Said:
        """Return what one that behaves says of itself, but for ways to sign that it must not."""
        places = {"authorization_endpoint": "login", "token_endpoint": "token", "jwks_uri": "keys"}
        ways = {"id_token_signing_alg_values_supported": ["RS256", "HS256", "none"]}
        return {"issuer": self.issuer} | ways | {k: f"{self.issuer}/{v}" for k, v in places.items()}

    def answer(self, path: str) -> bytes:
        """Return what is answered at a path."""
        if path == "/token":
            return self.token
        keys = {"keys": [one.as_dict(private=False) for one in self.keys]}
        described = self.describes() if self.described is None else self.described
        return json.dumps(keys if path == "/keys" else described).encode()


@pytest.fixture
def rogue() -> Iterator[Rogue]:
    provider = Rogue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(provider.answer(urlsplit(self.path).path))

        def do_POST(self) -> None:
            told = self.rfile.read(int(self.headers["content-length"])).decode()
            provider.asked.append(parse_qs(told))
            self.do_GET()

        def _send(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield provider
        server.shutdown()


@pytest.fixture(scope="module")
def city(databases: Databases, toy_database: str) -> Iterator[Store]:
    name, store = databases.make(toy_database)
    with transaction(store.owner, "tests") as conn:
        opened_account(conn, "dispatcher", subject="city|7")
    yield store
    store.close()
    databases.drop(name)


@pytest.fixture
def browser(city: Store, rogue: Rogue, tmp_path: Path) -> TestClient:
    sign_on = CitySignOn(rogue.issuer, OURS, SECRET)
    chosen = Settings(tmp_path, url=PUBLIC, city=sign_on, sign_in="required")
    app = create_app(city, person="planner", chosen=chosen)
    return TestClient(app, client=AWAY, follow_redirects=False, raise_server_exceptions=False)


def signed(said: Said, key: RSAKey = KEY, **header: str) -> str:
    named = {"kid": key.kid} if key.kid and key.as_dict().get("kid") else {}
    return jwt.encode({"alg": "RS256"} | named | header, said, key)


def shared(said: Said, secret: bytes) -> str:
    """Return a token under a secret that others know."""
    begun = unsigned(said, "HS256").removesuffix(".")
    return f"{begun}.{_letters(hmac.digest(secret, begun.encode(), 'sha256'))}"


def unsigned(said: Said, way: str) -> str:
    parts = ({"alg": way, "kid": "one"}, said)
    return ".".join((*(_letters(json.dumps(one).encode()) for one in parts), ""))


def _letters(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def brought(browser: TestClient, rogue: Rogue, make: Callable[[Said], object]) -> Any:
    """Return the answer to a browser that comes back from the provider with a token made so."""
    led = parse_qs(urlsplit(browser.get("/sign-in/city/").headers["location"]).query)
    now = int(time.time())
    times = {"exp": now + 300, "iat": now}
    said = {"iss": rogue.issuer, "sub": "city|7", "aud": OURS, "nonce": led["nonce"][0]} | times
    token = {"access_token": "a", "token_type": "Bearer", "id_token": make(said)}
    rogue.token = make(said) if isinstance(make(said), bytes) else json.dumps(token).encode()  # type: ignore[assignment]
    answer = browser.get("/sign-in/city/back", params={"code": "x", "state": led["state"][0]})
    proof = sha256(rogue.asked[-1]["code_verifier"][0].encode()).digest()
    assert _letters(proof) == led["code_challenge"][0]
    return answer


def but(**other: object) -> Callable[[Said], str]:
    """Return what signs a token that says something else; of what is None, nothing."""
    return lambda said: signed({k: v for k, v in (said | other).items() if v is not None})


def later(**seconds: int) -> Callable[[Said], str]:
    return lambda said: signed(said | {k: int(time.time()) + v for k, v in seconds.items()})


RIGHT: Final = {"two clocks": later(exp=-60, iat=60), "a list": but(aud=[OURS])}
WRONG: Final[dict[str, Callable[[Said], object]]] = {
    "another nonce": but(nonce="other"),
    "no nonce": but(nonce=None),
    "signed by nobody": lambda said: unsigned(said, "none"),
    "signed by what everybody can read": lambda said: shared(said, KEY.as_pem(private=False)),
    "signed by what both of us know": lambda said: shared(said, SECRET.encode()),
    "another's key under the name of one": lambda said: signed(said, OTHER, kid="one"),
    "a key that nobody told of": lambda said: signed(said, OTHER),
    "over": later(exp=-600),
    "without an end": but(exp=None),
    "an end in words": but(exp="soon"),
    "of tomorrow": later(iat=DAY_S, exp=2 * DAY_S),
    "for another program": but(aud="other"),
    "for another program, by ours": but(aud="other", azp=OURS),
    "for ours, by another": but(aud=[OURS, "other"], azp="other"),
    "of another issuer": but(iss="https://other.example.cn"),
    "of nobody": but(sub=None),
    "of several": but(sub=["city|7"]),
    "no token": lambda _said: None,
    "a number": lambda _said: 7,
    "a list": lambda _said: b"[]",
    "a page": lambda _said: b"<html>",
    "lists without end": lambda _said: b"[" * 100_000,
}


@pytest.mark.parametrize("how", WRONG)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_token_that_is_wrong_opens_nothing(browser: TestClient, rogue: Rogue, how: str) -> None:
    refused = brought(browser, rogue, WRONG[how])
    assert (refused.status_code, refused.json()["code"]) == (503, "CitySignOn"), refused.text
    assert browser.get("/api/plans").status_code == 401


@pytest.mark.parametrize("how", RIGHT)
def test_clocks_differ_by_a_minute_and_one_of_a_list_is_ours(
    browser: TestClient, rogue: Rogue, how: str
) -> None:
    assert brought(browser, rogue, RIGHT[how]).status_code == 303


def test_keys_that_the_provider_changed_are_read_anew(browser: TestClient, rogue: Rogue) -> None:
    assert brought(browser, rogue, signed).status_code == 303
    rogue.keys = (OTHER,)
    assert brought(browser, rogue, lambda said: signed(said, OTHER)).status_code == 303
    for key in (UNNAMED, NEXT_UNNAMED):  # no name tells that it is another
        rogue.keys = (key,)
        answers = [brought(browser, rogue, partial(signed, key=key)) for _ in "12"]
        assert answers[-1].status_code == 303, "at the second try at the latest"


@pytest.mark.parametrize(
    "said",
    [
        [],
        7,
        {},
        {"issuer": "https://other.example.cn"},
        {"issuer": 1},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": 3},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_who_describes_itself_as_another_is_not_asked(
    browser: TestClient, rogue: Rogue, said: Any
) -> None:
    rogue.described = rogue.describes() | said if said and isinstance(said, dict) else said
    refused = browser.get("/sign-in/city/")
    assert (refused.status_code, refused.json()["code"]) == (503, "CitySignOn"), refused.text
    rogue.described = None
    assert brought(browser, rogue, signed).status_code == 303, "asked anew, it is"


def test_no_words_of_an_address_stand_on_our_page(browser: TestClient) -> None:
    told = {"error": "access_denied", "error_description": "ring 110", "state": "x"}
    refused = browser.get("/sign-in/city/back", params=told)
    assert refused.status_code == 503
    assert "access_denied" in refused.text
    assert "ring" not in refused.text.lower()
    refused = browser.get("/sign-in/city/back", params={"error": "Ring 110"})
    assert (refused.status_code, "ring" in refused.text.lower()) == (503, False)
