"""The city's own sign-on: OpenID Connect, by Authlib, behind `/sign-in/city`.

What a browser must bring back from there (state, nonce, the proof key) lies signed in a cookie of
these addresses alone, for the minutes that takes.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from typing import Any, Final

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from httpx2 import URL, HTTPError, InvalidURL
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, Router

from api.reporters import kept_secret
from api.settings import CitySignOn, Settings
from api.signing_in.answers import is_secure, led_in, next_of
from api.signing_in.entrance import Entrance
from geo.errors import CitySignOnError

PATH: Final = "/sign-in/city"
_COOKIE: Final = "jingwei_city"
_MINUTES_S: Final = 900
_FILE: Final = "sign_in.key"
_SHOWN: Final = 200
_LONGEST_S: Final = 20  # all that a provider is asked while a browser waits

# What a provider says is believed in no form: lists and numbers stand where names should.
_FAULTS: Final = (
    *(OAuthError, HTTPError, InvalidURL, JoseError, TimeoutError, RuntimeError),
    *(ValueError, LookupError, TypeError, AttributeError),
)
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_WAYS: Final = "id_token_signing_alg_values_supported"
# Signed by a key of the provider alone: neither by nobody nor by what its programs share.
_SIGNED: Final = re.compile(r"(RS|PS|ES)(256|384|512)|EdDSA|Ed25519")
_NAMED: Final = re.compile(r"[a-z_]{1,40}")


def city_door(chosen: Settings) -> list[Mount]:
    """Return where a browser is sent to the city's sign-on and comes back; nothing without one."""
    city = chosen.city
    if city is None:
        return []
    client = _client(city)

    async def away(request: Request) -> Response:
        request.session["next"] = next_of(request.query_params.get("next", ""))
        back = f"{_root(request, chosen)}{PATH}/back"
        try:
            async with asyncio.timeout(_LONGEST_S):
                await _described(client, city)
                answer: Response = await client.authorize_redirect(request, back)
        except _FAULTS as error:
            raise CitySignOnError(reason=_said(error)) from error
        return answer

    async def back(request: Request) -> Response:
        led = request.session.get("next", "/")
        try:
            async with asyncio.timeout(_LONGEST_S):
                subject = await _subject(client, city, request)
        except _FAULTS as error:
            # Keys may have been changed under their names: the next one reads them anew.
            client.server_metadata.pop("jwks", None)
            raise CitySignOnError(reason=_said(error)) from error
        request.session.clear()
        entrance: Entrance = request.app.state.entrance
        return led_in(request, entrance.let_in(subject), led)

    return [Mount(PATH, app=_remembering([Route("/", away), Route("/back", back)], chosen))]


def _remembering(routes: list[Route], chosen: Settings) -> SessionMiddleware:
    """Return an application that knows, by its own cookie, what it sent a browser away with."""
    return SessionMiddleware(
        Router(routes),
        kept_secret(chosen.home / _FILE, None).hex(),
        session_cookie=_COOKIE,
        max_age=_MINUTES_S,
        path=PATH,
        same_site="lax",
        https_only=chosen.url.startswith("https:"),
    )


async def _subject(client: Any, city: CitySignOn, request: Request) -> str:  # noqa: ANN401 as below
    """Return whom the identity token names that a browser's code is exchanged for.

    Source: OpenID Connect Core 1.0, 3.1.3.7 (issuer, audience, signature, times, nonce).
    """
    described = await _described(client, city)
    wanted = {
        "iss": {"essential": True, "value": described["issuer"]},
        "aud": {"essential": True, "value": city.client_id},
    }
    token = await client.authorize_access_token(request, claims_options=wanted)
    return str(token["userinfo"][city.claim])


async def _described(client: Any, city: CitySignOn) -> dict[str, Any]:  # noqa: ANN401 as below
    """Return what the provider says of itself, held against whom the settings name.

    Source: OpenID Connect Discovery 1.0, 4.3 (the issuer is the one asked for).

    Raises
    ------
    ValueError
        When it names another issuer, or addresses that are none; it is asked anew the next time.
    """
    described: dict[str, Any] = await client.load_server_metadata()
    try:
        _demand_ours(described, city)
    except _FAULTS:
        described.clear()
        raise
    told = described.get(_WAYS) or ["RS256"]
    described[_WAYS] = [one for one in told if _SIGNED.fullmatch(one)]
    return described


def _demand_ours(described: dict[str, Any], city: CitySignOn) -> None:
    if str(described.get("issuer", "")).rstrip("/") != city.issuer.rstrip("/"):
        reason = f"issuer {described.get('issuer')}"
        raise ValueError(reason)
    for name in _ENDPOINTS:
        address = URL(described[name])
        if address.scheme not in {"http", "https"} or not address.host:
            reason = f"{name} {described[name]}"
            raise ValueError(reason)


def _client(city: CitySignOn) -> Any:  # noqa: ANN401 the library's own, untyped
    verify: ssl.SSLContext | bool = (
        ssl.create_default_context(cafile=city.authority) if city.authority else True
    )
    kept = OAuth()
    kept.register(
        "city",
        server_metadata_url=f"{city.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=city.client_id,
        client_secret=city.client_secret,
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "verify": verify,
        },
    )
    return kept.city


def _root(request: Request, chosen: Settings) -> str:
    here = f"{'https' if is_secure(request) else 'http'}://{request.url.netloc}"
    return chosen.url.rstrip("/") or here


def _said(error: Exception) -> str:
    """Return a failure in its own words; of what an address may hold, the name alone."""
    if isinstance(error, OAuthError):
        named = _NAMED.fullmatch(str(error.error))
        return f"{type(error).__name__}: {named[0]}" if named else type(error).__name__
    return f"{type(error).__name__}: {error}"[:_SHOWN]
