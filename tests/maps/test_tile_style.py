"""The style draws our own layers in our own colours, and loads nothing from elsewhere."""

from __future__ import annotations

import json
import re

import pytest

from maps.palette import BALANCE, BASE
from maps.tile_style import FIELDS, Base, style, tile_json

ROOT = "http://127.0.0.1:8000"


@pytest.mark.parametrize("base", ["light", "dark"])
def test_a_style_loads_tiles_of_this_server_and_nothing_else(base: Base) -> None:
    told = style(ROOT, base, centre=(117.0, 36.6))
    addresses = re.findall(r'"(\w+://[^"]*|//[^"]*)"', json.dumps(told))
    assert addresses
    assert all(address.startswith(f"{ROOT}/tiles/") for address in addresses)
    assert not {"glyphs", "sprite"} & told.keys()
    for layer in told["layers"][1:]:
        assert layer["source"] in told["sources"]
        assert layer["source-layer"] in FIELDS
    assert len({layer["id"] for layer in told["layers"]}) == len(told["layers"])


def test_a_style_has_the_colours_of_the_palette() -> None:
    for side, base in enumerate(("light", "dark")):
        told = style(ROOT, base)  # type: ignore[arg-type]
        text = json.dumps(told)
        assert all((entry.light, entry.dark)[side] in text for entry in BALANCE)
        assert BASE["land"][side] in text
        (fill,) = (layer["paint"] for layer in told["layers"] if layer["id"] == "balance")
        seen = fill["fill-opacity"][2::2]
        assert seen == [seen[0], *(entry.opacity for entry in BALANCE)][: len(seen)]
        assert min(seen) < max(seen), "the ground shows through what is in band"


def test_tilejson_names_what_its_tiles_hold() -> None:
    told = tile_json("grids", "x/{z}/{x}/{y}", first=0, bounds=(116, 36, 118, 37), edition=7)
    assert (told["tilejson"], told["version"]) == ("3.0.0", "1.0.7")
    assert told["center"] == [117, 36.5, 11]
    assert told["vector_layers"][0]["fields"]["households"] == "Number"
    whole = tile_json("ground", "x/{z}/{x}/{y}", first=0, bounds=None, edition=7)
    assert [(each["id"], each["minzoom"]) for each in whole["vector_layers"]] == [
        ("base", 0),
        ("places", 14),
    ]
