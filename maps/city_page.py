"""The whole city on one page: vector tiles of the net in force, what is in view, whose a grid is.

The page holds no data. Its script asks ``/tiles/grids.json`` (the edition, and where the city
lies), tiles of `geo.tiles.LAYERS` and of buildings at that edition, ``/api/lookup/who`` for a
place, ``/api/areas/named`` and ``/api/gazetteer`` for what is looked for, and
``/api/board/areas`` for open issues by area, those that whoever looks may see.
"""

from __future__ import annotations

from collections.abc import Mapping

from maps.charts import chart_of
from maps.chrome import Shell, dress
from maps.offline import Page, page
from maps.words import Lang, word


def city_page(*, lang: Lang = "zh-CN", who: Mapping[str, str] | None = None) -> Page:
    """Return the page of the whole city; `who` acts: `name` and `role`, as the bar says it."""
    chart = chart_of("city")
    config = {"map": chart.get_name(), "who": who}
    body = (
        f'<main id="panel" class="panel city-panel" tabindex="-1" '
        f'aria-label="{word("city.panel", lang)}"></main><div id="over" class="over"></div>'
    )
    shell = Shell(
        *("city", "city.title", config, body),
        sheets=("page", "city"),
        asks=("/tiles/grids.json",),
        schemes="light dark",
    )
    dress(chart.figure, shell, lang=lang)
    return page(chart.figure, lang=lang)
