"""A link as it is given out: its address, and the code that a phone's camera reads."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import segno
from fastapi import Request

from api.links.signing import link_secret, token_of
from api.settings import Settings
from geo.store.database import Connection
from geo.store.net.naming import party_names

_PATHS = {"task": "t", "day": "day"}


def given(request: Request, conn: Connection, link: dict[str, Any]) -> dict[str, Any]:
    """Return a link as JSON takes it, with its address and whose it is, without its serial."""
    names = party_names(conn, [link["party"]])
    shown = {name: value for name, value in link.items() if name != "serial"}
    return {
        **shown,
        "url": address_of(request, link),
        "qr": f"/api/links/{link['id']}/qr.svg?of={link['serial']}",
        "party_name": names.get(link["party"], link["party"]),
    }


def address_of(request: Request, link: dict[str, Any]) -> str:
    """Return the address that opens a link, for phones that reach this server as it was asked."""
    return address(request.app.state.settings, str(request.base_url), link)


def address(chosen: Settings, here: str, link: dict[str, Any]) -> str:
    """Return the address that opens a link: where phones reach this server, and the token."""
    root = chosen.phone_url or here
    token = token_of(link_secret(chosen), link["id"], link["serial"])
    return f"{root.rstrip('/')}/{_PATHS[link['kind']]}/{token}"


def code_of(text: str, *, sized: bool = True) -> bytes:
    """Return a QR code as SVG, with the quiet zone that a camera needs around it.

    Without a size it is as large as what it stands in.
    """
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", scale=8, border=4, light="#fff", xmldecl=False, omitsize=not sized
    )
    return drawn.getvalue()
