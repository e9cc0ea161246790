"""Vector tiles: areas, ground and buildings of an edition; the areas of a draft."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from geo.store.answers import question
from geo.store.net.areas import net_of_plan
from geo.tiles import LAYERS, MOST_ZOOM, TOGETHER, Layer, layers_of

Address: TypeAlias = tuple[int, int, int]
# A question by its name, and its values; an answer to each, and what all of them come to.
Way: TypeAlias = tuple[str, dict[str, Any]]
Asking: TypeAlias = Generator[Way, bytes, bytes]

PLACES: Final = "places"
NAMES: Final = (*LAYERS, PLACES, *TOGETHER)
# No tile is larger, in bytes, unpacked.
MOST_BYTES: Final = 250_000
# Zooms from which on things are called by name, and buildings drawn.
_NAMED: Final = {"district": 0, "subdistrict": 8, "community": 12, "grid": 13, "base": 13}
PLACES_FROM: Final = 14
_PLACES_NAMED: Final = 16
_MOST_FEATURES: Final = 6_000


def tile(conn: Connection, layer: str, address: Address, edition: int) -> bytes:
    """Return a layer's tile, at most MOST_BYTES of it.

    Where it would be larger it goes without names, then as areas of the kind above, or without
    the smaller half of what it shows.
    """
    return _answered(conn, questions(layer, address, edition))


def questions(layer: str, address: Address, edition: int) -> Asking:
    """Ask what a tile needs; return the tile.

    Whoever drives this answers, in whatever way. Layers sent together follow one another; the last
    has the room that the others leave.
    """
    data, place = b"", dict(zip("zxy", address, strict=True))
    for each in layers_of(layer, address[0]):
        known = {**place, "layer": each}
        data += yield from _fitting(
            ways_to_ask(each, address, edition), known, MOST_BYTES - len(data)
        )
    return data


def _answered(conn: Connection, asking: Asking) -> bytes:
    """Return what comes of questions asked over a connection."""
    try:
        name, values = next(asking)
        while True:
            name, values = asking.send(bytes(conn.execute(question(name), values).scalar_one()))
    except StopIteration as end:
        return bytes(end.value)


def _fitting(ways: list[Way], known: dict[str, Any], most: int) -> Asking:
    """Return the first answer that has at most so many bytes, else the last."""
    data = b""
    for name, values in ways:
        data = yield name, {**values, **known}
        if len(data) <= most:
            break
    return data


def draft_tile(conn: Connection, plan: int, address: Address) -> bytes:
    """Return a tile of a draft's own areas, whatever lies around it, at most MOST_BYTES of it.

    Where it would be larger it goes without names, then without the smaller half of its areas.

    Raises
    ------
    MissingError
        When there is no such plan that the acting person may see.
    """
    net_of_plan(conn, plan)
    known = {"plan": plan, "layer": "grids", **dict(zip("zxy", address, strict=True))}
    named = [{"named": True, "most": _MOST_FEATURES}] if address[0] >= _NAMED["grid"] else []
    ways = [*named, *({"named": False, "most": most} for most in _fewer())]
    return _answered(conn, _fitting([("tile_of_draft", way) for way in ways], known, MOST_BYTES))


def ways_to_ask(layer: str, address: Address, edition: int) -> list[Way]:
    """Return what to ask for a tile, the fullest first."""
    zoom = min(address[0], MOST_ZOOM)
    if layer == PLACES:
        if zoom < PLACES_FROM:
            return []
        named = zoom >= _PLACES_NAMED
        fewer = [{"named": named, "most": most} for most in _fewer()]
        return [("tile_of_places", way) for way in fewer]
    known = LAYERS[layer]
    values = {"level": known.level_at(zoom), "edition": edition}
    if layer == "base":
        named = zoom >= _NAMED[layer]
        fewer = [{"named": named, "most": most, **values} for most in _fewer()]
        return [("tile_of_ground", way) for way in fewer]
    return [("tile_of_areas", way) for way in _coarser(known, zoom, values)]


def _fewer() -> list[int]:
    """Return how many things to show at the most, from all to the last half."""
    return [_MOST_FEATURES >> n for n in range(6)]


def _coarser(layer: Layer, zoom: int, values: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = [kind for least, kind in reversed(layer.rungs) if zoom >= least]
    plain = [{**values, "kind": kind, "named": False} for kind in kinds]
    named = zoom >= _NAMED[kinds[0]]
    return [{**plain[0], "named": True}, *plain] if named else plain
