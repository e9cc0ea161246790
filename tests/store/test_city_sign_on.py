"""The city's single sign-on, by a real OpenID Connect provider in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.settings import CitySignOn, Settings
from api.signing_in.opening import opened_account
from geo.store.database import Store, transaction
from tests.processes import held_port
from tests.store import toy

AWAY = ("10.9.8.7", 5)
PUBLIC = "http://testserver"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The issuer of a provider that runs on this machine."""
    held = held_port()
    port = held.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with held, subprocess.Popen(command, **quiet) as process:  # type: ignore[call-overload]  # noqa: S603 (ours)
        try:
            yield _answering(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()


@pytest.fixture
def app(store: Store, provider: str, tmp_path: Path) -> Iterator[Any]:
    with store.owner.connect() as conn:
        empty = not conn.execute(text("select count(*) from party")).scalar()
    if empty:
        toy.load(store)
    city = CitySignOn(provider, "jingwei", "secret")
    yield create_app(store, person="planner", chosen=Settings(tmp_path, url=PUBLIC, city=city))
    with store.owner.begin() as conn:
        conn.execute(text("truncate account cascade"))


def test_whom_the_city_signs_in_is_signed_in_here(app: Any, store: Store) -> None:
    with transaction(store.owner, "tests") as conn:
        opened_account(conn, "dispatcher", subject="city|7")
    client = TestClient(app, client=AWAY, follow_redirects=False)
    assert re.search(r'"city": ?true', client.get("/sign-in").text), "its button is offered"
    back = through_the_city(client, "city|7", "/issues")
    led = client.get(back)
    assert (led.status_code, led.headers["location"]) == (303, "/issues"), led.text
    told = client.get("/api/plans")
    assert told.status_code == 200
    again = TestClient(app, client=AWAY, follow_redirects=False)
    replayed = again.get(back)
    assert replayed.status_code == 503, "what one browser brings back is good for no other"
    assert again.get("/api/plans").status_code == 401


def test_whom_nobody_knows_here_is_told_what_to_do(app: Any) -> None:
    client = TestClient(app, client=AWAY, follow_redirects=False)
    refused = client.get(through_the_city(client, "city|8", "/"))
    assert (refused.status_code, refused.json()["code"]) == (403, "NotOurs")
    assert "city|8" in refused.json()["zh"]


def test_an_answer_that_was_forged_opens_nothing(app: Any) -> None:
    client = TestClient(app, client=AWAY, follow_redirects=False)
    client.get("/sign-in/city/?next=/")
    for told in ("", "?code=x&state=y", "?error=access_denied&state=y"):
        refused = client.get(f"/sign-in/city/back{told}")
        assert (refused.status_code, refused.json()["code"]) == (503, "CitySignOn"), told


def test_a_provider_that_is_away_is_said(store: Store, tmp_path: Path) -> None:
    city = CitySignOn("http://127.0.0.1:9", "jingwei", "secret")
    app = create_app(store, person="planner", chosen=Settings(tmp_path, url=PUBLIC, city=city))
    client = TestClient(app, client=AWAY, follow_redirects=False)
    refused = client.get("/sign-in/city/")
    assert (refused.status_code, refused.json()["code"]) == (503, "CitySignOn")


def through_the_city(client: TestClient, subject: str, where: str) -> str:
    """Return the path that a browser brings back from the provider's form."""
    led = client.get("/sign-in/city/", params={"next": where})
    asked = led.headers["location"]
    assert parse_qs(urlsplit(asked).query)["code_challenge_method"] == ["S256"]
    with urlopen(asked) as answer:  # noqa: S310 (on this machine)
        form = answer.read().decode()
    assert "<form" in form
    name = re.search(r'name="(sub)"', form)
    assert name, form
    posted = Request(asked, f"sub={subject.replace('|', '%7C')}".encode())  # noqa: S310 (as above)
    with pytest.raises(HTTPError) as led_back:
        build_opener(_Still).open(posted)
    led_back.value.close()
    return str(led_back.value.headers["location"]).removeprefix(PUBLIC)


class _Still(HTTPRedirectHandler):
    """Leaves a redirection to whoever asked."""

    def redirect_request(self, *_told: Any) -> None:
        return None


def _answering(issuer: str, process: subprocess.Popen[bytes]) -> str:
    while process.poll() is None:
        try:
            urlopen(f"{issuer}/.well-known/openid-configuration").close()  # noqa: S310 (as above)
        except URLError:
            time.sleep(0.05)
        else:
            return issuer
    pytest.fail("the provider did not start")
