"""The city's own sign-on: OpenID Connect, by Authlib, behind `/sign-in/city`.

What a browser must bring back from there (state, nonce, the proof key) lies signed in a cookie of
these addresses alone, for the minutes that takes.
"""

from __future__ import annotations

import ssl
from typing import Any, Final

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from httpx2 import HTTPError
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
_FAULTS: Final = (OAuthError, HTTPError, JoseError, ValueError, KeyError, RuntimeError)
_SHOWN: Final = 200


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
            answer: Response = await client.authorize_redirect(request, back)
        except _FAULTS as error:
            raise CitySignOnError(reason=_said(error)) from error
        return answer

    async def back(request: Request) -> Response:
        led = request.session.get("next", "/")
        try:
            token = await client.authorize_access_token(request)
            subject = str(token["userinfo"][city.claim])
        except _FAULTS as error:
            raise CitySignOnError(reason=_said(error)) from error
        request.session.clear()
        entrance: Entrance = request.app.state.entrance
        return led_in(request, entrance.let_in(subject), led)

    inner = Router([Route("/", away), Route("/back", back)])
    secret = kept_secret(chosen.home / _FILE, None).hex()
    kept = SessionMiddleware(
        inner,
        secret,
        session_cookie=_COOKIE,
        max_age=_MINUTES_S,
        path=PATH,
        same_site="lax",
        https_only=chosen.url.startswith("https:"),
    )
    return [Mount(PATH, app=kept)]


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
    return f"{type(error).__name__}: {error}"[:_SHOWN]
