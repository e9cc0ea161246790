"""The maps that pages hold, and the files that are made of their scripts.

What a map's script is follows from the name of its page alone, not from who looks at it or at what:
so every process has the files of a page that another one answered with, and of one that was there
before it began.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple, cast

import folium
from branca.element import Figure

from maps.offline import page

JINAN: Final = (36.67, 117.02)  # latitude, longitude: shown until the data says where


class View(NamedTuple):
    """How a map begins; one that is still shows a tile and a step of the zoom at once."""

    zoom: int = 15
    still: bool = False


# Of pages that are served. Tiles fade in for 200 ms and a zoom flies for 250 by default: that of
# the whole city is there before.
SERVED: Final[Mapping[str, View]] = MappingProxyType(
    {
        **dict.fromkeys(("draw", "entry", "inbox", "issue", "one", "plan", "wall", "why"), View()),
        "city": View(zoom=9, still=True),
    }
)
# Of pages that are files by themselves.
_WRITTEN: Final = {"defect": View(zoom=11), "report": View(zoom=11)}


class LeanMap(folium.Map):
    """A folium map with nothing but Leaflet: no jQuery, Bootstrap, icon font or tiles."""

    def __init__(self, name: str, view: View) -> None:
        super().__init__(
            location=JINAN,
            zoom_start=view.zoom,
            tiles=None,
            zoom_control=False,
            zoomSnap=0.1,
            attributionControl=False,
            fadeAnimation=not view.still,
            zoomAnimation=not view.still,
        )
        self.default_js = [link for link in self.default_js if link[0] == "leaflet"]
        self.default_css = [link for link in self.default_css if link[0] == "leaflet_css"]
        # A fixed name: the same page has the same bytes, and its script finds the map.
        self._name, self._id = "map", name

    @property
    def figure(self) -> Figure:
        """The document this map is in."""
        return cast("Figure", self.get_root())


def chart_of(name: str) -> LeanMap:
    """Return the map of a page of `SERVED`, or of one that is written to a file."""
    return LeanMap(name, SERVED.get(name) or _WRITTEN[name])


@cache
def page_files() -> Mapping[str, bytes]:
    """Return the files of every page that is served, by name: some ten scripts and styles."""
    made = (page(chart_of(name).figure).files for name in SERVED)
    return MappingProxyType({name: data for files in made for name, data in files.items()})
