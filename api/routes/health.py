"""Whether the server lives, and whether it can take issues in: asked by whatever watches it.

Open to everybody and without a person, for what watches has none: nothing is told of anybody.
"""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.intake_desk import IntakeDesk
from geo.errors import NotReadyError
from geo.store.database import Store
from geo.store.health import state_of
from geo.store.migrations import demand_known

router = APIRouter(include_in_schema=False)


@router.get("/health")
async def health() -> dict[str, str]:
    """Return that the server lives: it answers, whatever it needs is there or not."""
    return {"status": "ok"}


@router.get("/ready")
def ready(request: Request) -> dict[str, str]:
    """Return that it is ready: the database answers, its tables are current, the grids at hand.

    Raises
    ------
    DatabaseAwayError, NotReadyError, SchemaNewerError
        What is not.
    """
    store: Store = request.app.state.store
    desk: IntakeDesk = request.app.state.intake_desk
    state = state_of(store.owner)
    demand_known(state.version)
    if state.version != state.newest:
        raise NotReadyError(
            reason_zh=f"表结构是 {state.version}，程序要 {state.newest}：请运行 jingwei db migrate",
            reason_en=f"tables are at {state.version}, not {state.newest}: run jingwei db migrate",
        )
    if not desk.is_ready():
        desk.get_ready()
        raise NotReadyError(
            reason_zh="网格正在读入，请稍候", reason_en="the grids are being read; a moment"
        )
    return {"status": "ok"}
