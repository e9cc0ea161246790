"""Tiles described for other programs: TileJSON 3.0, and a MapLibre style from our own tokens.

The style loads nothing but the tiles: no glyphs and no sprite, so it holds no text; whoever wants
names sets `glyphs` to fonts of their own and adds a layer of symbols on `name`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from geo.tiles import LAYERS, MOST_ZOOM, TOGETHER
from maps.palette import ABOVE_SHARES, BALANCE, BASE, BELOW_SHARES, BORDERS

Base: TypeAlias = Literal["light", "dark"]
Node: TypeAlias = dict[str, Any]

_TEXT, _NUMBER, _FLAG = "String", "Number", "Boolean"
_AREA: Final = {
    "code": _TEXT,
    "kind": _TEXT,
    "name": _TEXT,
    "households": _NUMBER,
    "low": _NUMBER,
    "high": _NUMBER,
    "grids": _NUMBER,
    "in_band": _NUMBER,
    "special": _FLAG,
}
FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    **{name: _AREA for name in LAYERS if name != "base"},
    "base": {"kind": _TEXT, "class": _TEXT, "name": _TEXT},
    "places": {"class": _TEXT, "households": _NUMBER, "code": _TEXT, "name": _TEXT},
    "heat": {"n": _NUMBER},
}
_TITLES: Final = {
    **{name: layer.zh for name, layer in LAYERS.items()},
    "places": "楼栋",
    "areas": "各级辖区",
    "ground": "底图和楼栋",
}
_WIDEST: Final = {"expressway": 7, "arterial": 5, "collector": 3.2, "street": 2.2}


def tile_json(
    layer: str, address: str, *, first: int, bounds: Sequence[float] | None, edition: int
) -> Node:
    """Return the TileJSON of a layer; `address` is a template with {z}, {x} and {y}."""
    told: Node = {
        "tilejson": "3.0.0",
        "name": _TITLES.get(layer, "诉求热力"),
        "version": f"1.0.{edition}",
        "scheme": "xyz",
        "tiles": [address],
        "minzoom": first,
        "maxzoom": MOST_ZOOM,
        "vector_layers": [
            {"id": name, "fields": dict(FIELDS[name]), "minzoom": max(first, least)}
            for name, least in TOGETHER.get(layer, ((layer, first),))
        ],
    }
    if bounds is not None:
        west, south, east, north = bounds
        middle = [round((west + east) / 2, 5), round((south + north) / 2, 5), 11]
        told |= {"bounds": [west, south, east, north], "center": middle}
    return told


def style(root: str, base: Base, *, centre: Sequence[float] | None = None) -> Node:
    """Return a MapLibre style of the published net over our own ground; `root` is the server's."""
    side = 0 if base == "light" else 1
    names = ("base", "places", "grids", "communities", "subdistricts", "districts")
    told: Node = {
        "version": 8,
        "name": "经纬 Jingwei " + base,
        "sources": {name: {"type": "vector", "url": f"{root}/tiles/{name}.json"} for name in names},
        "layers": [*_ground(side), *_grids(side), *_borders(side)],
    }
    return told | ({"center": list(centre), "zoom": 11} if centre else {})


def _ground(side: int) -> list[Node]:
    ground = {key: pair[side] for key, pair in BASE.items()}
    return [
        {"id": "land", "type": "background", "paint": {"background-color": ground["land"]}},
        _fill("green", "base", ground["green"], ["==", ["get", "kind"], "green"]),
        _fill(
            "water", "base", ground["water"], ["==", ["get", "kind"], "water"], ground["water-edge"]
        ),
        _line("road-casing", ground["road-casing"], "road", 1.6),
        _line("road", ground["road"], "road", 0),
        _line("rail", ground["rail"], "rail", 0),
        _fill("building", "places", ground["dwelling"], None, minzoom=14),
    ]


def _grids(side: int) -> list[Node]:
    balance = _fill("balance", "grids", _by_class([entry[3 + side] for entry in BALANCE]), None)
    balance["paint"]["fill-opacity"] = _by_class([entry.opacity for entry in BALANCE])
    return [balance, _edge("grid", "grids", side, minzoom=11)]


def _by_class(values: Sequence[Any]) -> list[Any]:
    """Return the value of an area's class; what has no band is as what is in it."""
    steps: list[Any] = ["case", ["!", ["has", "low"]], values[3]]
    for limit, value in zip(_limits(), values, strict=False):
        steps += [limit, value]
    return [*steps, values[-1]]


def _limits() -> list[Any]:
    """Return the conditions of all classes but the last, from the least households up.

    Of areas that stand for many grids: the mean of a grid.
    """
    grids = ["max", 1, ["coalesce", ["get", "grids"], 1]]
    load: list[Any] = ["/", ["coalesce", ["get", "households"], 0], grids]
    below = [["<", load, ["*", share, ["get", "low"]]] for share in (*BELOW_SHARES, 1)]
    above = [["<=", load, ["*", share, ["get", "high"]]] for share in (1, *ABOVE_SHARES)]
    return [*below, *above]


def _borders(side: int) -> list[Node]:
    return [
        _edge("community", "communities", side, minzoom=12),
        _edge("subdistrict", "subdistricts", side, minzoom=9),
        _edge("district", "districts", side, minzoom=0),
    ]


def _fill(
    key: str, source: str, colour: object, only: object, edge: str | None = None, **more: object
) -> Node:
    told: Node = {"id": key, "type": "fill", "source": source, "source-layer": source, **more}
    told["paint"] = {"fill-color": colour} | ({"fill-outline-color": edge} if edge else {})
    return told | ({"filter": only} if only else {})


def _line(key: str, colour: str, kind: str, wider: float) -> Node:
    """Return lines of the ground, as wide as their class says, `wider` by so many pixels."""
    width: list[Any] = ["match", ["get", "class"]]
    for name, pixels in _WIDEST.items():
        width += [name, pixels + wider]
    growing = ["interpolate", ["linear"], ["zoom"], 9, 0.4 + wider / 4, 16, [*width, 1.4 + wider]]
    return {
        "id": key,
        "type": "line",
        "source": "base",
        "source-layer": "base",
        "filter": ["==", ["get", "kind"], kind],
        "layout": {"line-cap": "round", "line-join": "round"},
        "paint": {"line-color": colour, "line-width": growing},
    }


def _edge(kind: str, source: str, side: int, *, minzoom: int) -> Node:
    """Return borders: each is drawn by both neighbours, so a dash would turn solid; width says."""
    border = next(border for border in BORDERS if border.key == kind)
    slim = ["interpolate", ["linear"], ["zoom"], minzoom, border.width / 3, 16, border.width]
    return {
        "id": f"border-{kind}",
        "type": "line",
        "source": source,
        "source-layer": source,
        "minzoom": minzoom,
        "layout": {"line-join": "round"},
        "paint": {"line-color": border.colour[side], "line-width": slim},
    }
