"""`jingwei work`: the process that delivers what leaves."""

from __future__ import annotations

import asyncio
import signal

import typer

from api.settings import Settings, settings
from geo.store.database import Store


def work() -> None:
    """Deliver webhooks and hand-overs until stopped (SIGTERM, Ctrl+C); what is held is finished.

    Any number may run, on any machine that reaches the database. One that is killed loses nothing:
    what it held is taken back within a minute.
    """
    from api.opening import open_store  # noqa: PLC0415 drivers are heavy
    from api.settling import hold_few_heaps  # noqa: PLC0415 as above
    from api.watching.journal import written  # noqa: PLC0415 as above

    hold_few_heaps()
    chosen = settings()
    store = open_store(chosen)
    typer.echo("对外消息：开始投递（Ctrl+C 停止）。Delivering what leaves (Ctrl+C to stop).")
    try:
        with written(chosen.log):
            asyncio.run(_work(store, chosen))
    finally:
        store.close()


async def _work(store: Store, chosen: Settings) -> None:
    from api.outgoing.working import work as until  # noqa: PLC0415 as above

    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await until(store, chosen, stop)
