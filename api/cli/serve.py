"""`jingwei serve`: the pages and the API."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from api.settings import Settings
    from geo.store.database import Store

DEFAULT_PORT: Final = 8000


def serve(
    *,
    host: Annotated[str, typer.Option(help="监听地址 Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口 Port")] = DEFAULT_PORT,
    work: Annotated[
        bool,
        typer.Option(
            "--work/--no-work",
            help="同时投递对外消息；另有工人进程时关掉 Deliver what leaves, too",
        ),
    ] = True,
) -> None:
    """Serve the pages and the API; starts the database it needs.

    While it runs, plans scheduled for a day come into force on that day, and what leaves for other
    systems is delivered. The search is made ready beside it, so that nobody waits for the compiler.
    """
    from api.settings import settings  # noqa: PLC0415 start-up time of every other command

    run(settings(), host, port, work=work)


def run(chosen: Settings, host: str, port: int, *, work: bool = True) -> None:
    """Serve what the settings say until it is told to stop."""
    from api.settling import hold_few_heaps, nothing_swept  # noqa: PLC0415 as below

    hold_few_heaps()  # before there are threads
    with nothing_swept():  # heavy, and other commands start without them
        import faulthandler  # noqa: PLC0415

        import uvicorn  # noqa: PLC0415

        from api.app import create_app  # noqa: PLC0415
        from api.opening import open_store  # noqa: PLC0415
        from api.outgoing.embedded import working  # noqa: PLC0415
        from api.stopping import stopping  # noqa: PLC0415
        from api.ticking import ticking  # noqa: PLC0415
        from api.together import together  # noqa: PLC0415
        from api.watching.journal import written  # noqa: PLC0415
        from geo.scratch import clear  # noqa: PLC0415

    clear()  # files of a server that was killed
    faulthandler.enable()  # a crash of compiled code says where it was
    store = open_store(chosen)
    person = _greeted(store, f"http://{host}:{port}/")
    try:
        beside = (ticking(store), *([working(store, chosen)] if work else []))
        app = create_app(store, person=person, lifespan=together(*beside))
        ready = (
            app.state.intake_desk.ready,
            app.state.shelf.ready,
            partial(app.state.gazetteers.ready, store),
        )
        Thread(target=_make_ready, args=ready, daemon=True).start()
        with written(chosen.log) as app.state.watch.journal:
            quiet = partial(uvicorn.Config, log_config=None, access_log=False, server_header=False)
            told = quiet(app, host=host, port=port)
            stopping(told).run()
    finally:
        store.close()


def _greeted(store: Store, root: str) -> str:
    """Say where the server is, and which days the calendar lacks; return who acts by default."""
    from api.calendar_told import outlook_told  # noqa: PLC0415
    from api.persons import default_person  # noqa: PLC0415
    from geo.store.database import transaction  # noqa: PLC0415
    from geo.store.rules.calendars import outlook  # noqa: PLC0415

    with transaction(store.owner, "cli") as conn:
        person, warning = default_person(conn), outlook_told(outlook(conn))["warning"]
    typer.echo(f"经纬：{root}  （Ctrl+C 停止 to stop）")
    if warning:
        typer.echo(f"{warning['zh']}\n{warning['en']}")
    return person


def _make_ready(*parts: Callable[[], None]) -> None:
    from api.settling import settle  # noqa: PLC0415
    from geo.redraw import warm  # noqa: PLC0415 numba is heavy, and loaded beside the server

    for part in parts:
        part()
    warm()
    settle()
