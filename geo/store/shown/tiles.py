"""Vector tiles: areas, ground and buildings of an edition; the areas of a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from geo.store.answers import question
from geo.store.net.areas import net_of_plan
from geo.tiles import LAYERS, MOST_ZOOM, TOGETHER, Layer, layers_of

Address: TypeAlias = tuple[int, int, int]

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
    return thinned(partial(_answer, conn), layer, address, edition)


def thinned(
    answer: Callable[[str, Mapping[str, Any]], bytes], layer: str, address: Address, edition: int
) -> bytes:
    """Return the same by whatever answers a question, given its name and its values.

    Layers sent together follow one another; the last has the room that the others leave.
    """
    data, place = b"", dict(zip("zxy", address, strict=True))
    for each in layers_of(layer, address[0]):
        asked = partial(_asked, answer, {**place, "layer": each})
        data += _fitting(asked, ways_to_ask(each, address, edition), MOST_BYTES - len(data))
    return data


def _asked(
    answer: Callable[[str, Mapping[str, Any]], bytes],
    known: Mapping[str, Any],
    name: str,
    values: Mapping[str, Any],
) -> bytes:
    return answer(name, {**values, **known})


def _fitting(
    answer: Callable[[str, Mapping[str, Any]], bytes],
    ways: list[tuple[str, dict[str, Any]]],
    most: int,
) -> bytes:
    """Return the first answer that has at most so many bytes, else the last."""
    data = b""
    for name, values in ways:
        data = answer(name, values)
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
    asked = partial(_asked, partial(_answer, conn), known)
    return _fitting(asked, [("tile_of_draft", way) for way in ways], MOST_BYTES)


def ways_to_ask(layer: str, address: Address, edition: int) -> list[tuple[str, dict[str, Any]]]:
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


def _answer(conn: Connection, name: str, values: Mapping[str, Any]) -> bytes:
    return bytes(conn.execute(question(name), values).scalar_one())
