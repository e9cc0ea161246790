"""Tiles made in an event loop are each its own, whatever becomes of their line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy import Engine, text

from api.clock import draw_anew
from geo.errors import DatabaseAwayError, StoppingError
from geo.store.database import Store, own_line, transaction
from geo.store.line import Line, end_lines
from geo.store.line_in_loop import Prepared
from geo.store.shown import making
from geo.store.shown.making import TileMaker
from geo.store.shown.tiles import Address, tile
from tests.apart import apart
from tests.plugins.database import Databases
from tests.store.outbox.workers import until
from tests.store.test_tiles import over

SLEEPY: Final = Prepared(b"sleepy", b"select convert_to(pg_sleep(60)::text, 'UTF8')", (), ())


@pytest.fixture(scope="module")
def store(databases: Any, toy_database: str) -> Iterator[Store]:
    name, made = databases.make(toy_database)
    draw_anew(made)
    yield made
    made.close()
    databases.drop(name)


@pytest.fixture(scope="module")
def ways(store: Store) -> list[Address]:
    asked = (
        "select ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) from (select ST_Extent(geom) as b"
    )
    with transaction(store.owner, "tests") as conn:
        bounds = conn.execute(text(f"{asked} from area where valid_to is null) as e")).one()
    return over(bounds, 16)[:12]


@pytest.fixture(scope="module")
def whole(store: Store, ways: list[Address]) -> list[bytes]:
    """The same tiles as a transaction has them."""
    with transaction(store.app, "anybody") as conn:
        return [tile(conn, "grids", way, 1) for way in ways]


def made(store: Store, work: Callable[[TileMaker], Coroutine[Any, Any, Any]]) -> Any:
    """Return what comes of work with a maker of tiles in a loop."""

    async def all_of_it() -> Any:
        maker = TileMaker(store)
        try:
            return await work(maker)
        finally:
            maker.close()

    return apart(asyncio.run, all_of_it())


async def each_of(maker: TileMaker, ways: list[Address]) -> list[bytes]:
    return list(await asyncio.gather(*(maker.made("grids", way, 1) for way in ways)))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Line]:
    """The lines that makers open, in their order."""
    found: list[Line] = []

    def noted(engine: Engine) -> Line:
        found.append(own_line(engine))
        return found[-1]

    monkeypatch.setattr(making, "own_line", noted)
    return found


def test_tiles_asked_for_at_once_are_each_its_own_though_others_are_given_up(
    store: Store, ways: list[Address], whole: list[bytes], opened: list[Line]
) -> None:
    async def work(maker: TileMaker) -> list[bytes]:
        for way in ways[:4]:
            await maker.made("grids", ways[-1], 1)
            given_up = asyncio.ensure_future(maker.made("ground", way, 1))
            await asyncio.sleep(0)  # it is asked now, and nobody waits for the answer
            given_up.cancel()
            await asyncio.wait([given_up])
            assert all(line.closed for line in opened)
        return await each_of(maker, ways)

    assert made(store, work) == whole
    assert len(set(whole)) == len(whole)


def test_there_are_no_more_lines_than_turns_and_they_are_asked_again(
    store: Store, ways: list[Address], opened: list[Line]
) -> None:
    async def work(maker: TileMaker) -> int:
        await each_of(maker, ways)
        before = len(opened)
        await each_of(maker, ways[:before])
        return before

    many = made(store, work)
    assert many == len(opened) <= making.MOST_LINES < len(ways)
    assert all(line.closed for line in opened)


def test_a_line_that_the_server_ended_is_closed_unasked_and_another_is_opened(
    databases: Databases,
    store: Store,
    ways: list[Address],
    whole: list[bytes],
    opened: list[Line],
) -> None:
    async def work(maker: TileMaker) -> bytes:
        await maker.made("grids", ways[0], 1)
        databases.run(f"select pg_terminate_backend({opened[0].info.backend_pid})")
        await asyncio.to_thread(until, lambda: opened[0].closed, 20)
        return await maker.made("grids", ways[0], 1)

    assert made(store, work) == whole[0]
    assert len(opened) == 2


def test_lines_of_a_loop_that_has_ended_are_asked_nothing(
    store: Store, ways: list[Address], whole: list[bytes], opened: list[Line]
) -> None:
    maker = TileMaker(store)
    for _ in range(2):
        assert apart(asyncio.run, maker.made("grids", ways[0], 1)) == whole[0]
    assert [line.closed for line in opened] == [True, False]
    maker.close()


def test_a_tile_is_not_waited_for_without_end(
    store: Store, ways: list[Address], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_PATIENCE_S", 0.2)
    monkeypatch.setattr(making, "_prepared", lambda *_: SLEEPY)
    with pytest.raises(DatabaseAwayError):
        made(store, lambda maker: maker.made("grids", ways[0], 1))


def test_what_the_server_refuses_is_said_and_its_line_is_closed(
    store: Store, ways: list[Address], opened: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Prepared(b"wrong", b"select 1 / 0", (), ())
    monkeypatch.setattr(making, "_prepared", lambda *_: wrong)
    with pytest.raises(psycopg.errors.DivisionByZero):
        made(store, lambda maker: maker.made("grids", ways[0], 1))
    assert [line.closed for line in opened] == [True]


def test_a_server_that_stops_waits_for_no_tile(
    toy_store: Store, ways: list[Address], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_prepared", lambda *_: SLEEPY)

    async def work(maker: TileMaker) -> BaseException | None:
        asked = asyncio.ensure_future(maker.made("grids", ways[0], 1))
        await asyncio.to_thread(until, lambda: not end_lines(toy_store.app) and asked.done(), 20)
        return asked.exception()

    assert isinstance(made(toy_store, work), StoppingError)
