"""Figures of a running server, for Prometheus: to this machine, or to whoever holds the token."""

from __future__ import annotations

from hmac import compare_digest

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.acting import is_local
from api.settings import Settings
from api.watching.calls import Watch
from api.watching.gauges import Gauges
from geo.errors import MetricsClosedError

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Return the figures as text."""
    _demand_let_in(request)
    state = request.app.state
    watch: Watch = state.watch
    told = watch.measures.told(Gauges(state.store, state.hub, state.shelf, state.settings.home))
    return Response(told, headers={"content-type": CONTENT_TYPE_LATEST})


def _demand_let_in(request: Request) -> None:
    """Refuse whoever asks from elsewhere without the token, or with another.

    Raises
    ------
    MetricsClosedError
        When it does.
    """
    chosen: Settings = request.app.state.settings
    told = request.headers.get("authorization", "").removeprefix("Bearer ")
    holds = bool(chosen.metrics) and compare_digest(told.encode(), chosen.metrics.encode())
    if not holds and (chosen.metrics or not is_local(request)):
        raise MetricsClosedError(client=request.client.host if request.client else "?")
