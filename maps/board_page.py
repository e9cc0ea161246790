"""The dispatcher's board: worklist, map, card.

The page holds no data. Its script asks these addresses (JSON, EPSG:4326); errors come as
problems, as in `maps.plan_page`.

``/api/board?scope=S&days=7``, ``/api/board/issues``, ``/cells``, ``/areas``, ``/spots``
    As docs/board.md tells them: all take the same filters. Issues are points (geometry null when
    there is no position) with ``id, number, source, service, text, address, state`` (of the seven),
    ``card`` (null, "yellow", "red"), ``reported_at, due_at`` (ISO 8601 with offset), ``grid,
    grid_name, community_name, subdistrict_name, grid_leader, grid_worker, street_manager, lane``
    (null where there is none), ``accuracy_m`` in metres or null.
``/api/events/stream?noun=issue&scope=S``
    What happens meanwhile; ``/api/issues.geojson?only=1,2`` tells of the rows it happened to.
``/api/areas.geojson?net=grid&kind=grid&scope=S`` and ``net=admin&kind=subdistrict|community``,
``/api/base.geojson?scope=S``, ``/api/places.geojson?kind=building&scope=S``
    As in `maps.plan_page`.
``/api/issues/ID``, ``/api/issues/ID/route``, ``POST /api/issues/ID/steps``, ``POST
/api/issues/steps``
    One issue with the steps whoever acts may take; whose it is or would be, with the chain of
    reasons; a step; steps with several.
"""

from __future__ import annotations

from collections.abc import Mapping

from maps.charts import chart_of
from maps.chrome import Shell, checked_code, dress
from maps.offline import Page, page
from maps.words import Lang, word


def board_page(
    scope: str,
    *,
    lang: Lang = "zh-CN",
    who: Mapping[str, str] | None = None,
    beyond: bool = False,
) -> Page:
    """Return the board of the issues inside area `scope`.

    `who` acts: `name` and `role`, as the bar says it; `beyond` where the area is not theirs.

    Raises
    ------
    BadPageCodeError
        When the code holds more than digits, letters, hyphens and underscores.
    """
    chart = chart_of("issue")
    config = {"scope": checked_code(scope), "map": chart.get_name(), "who": who, "beyond": beyond}
    body = (
        f'<main id="panel" class="panel issue-panel" tabindex="-1" '
        f'aria-label="{word("issue.title", lang)}"></main>'
        '<div id="over" class="over"></div>'
        f'<aside id="card" class="card" hidden aria-label="{word("issue.card", lang)}"></aside>'
    )
    shell = Shell(
        "board", "issue.title", config, body, sheets=("page", "board"), schemes="light dark"
    )
    dress(chart.figure, shell, lang=lang)
    return page(chart.figure, lang=lang)


def wall_page(scope: str, *, lang: Lang = "zh-CN") -> Page:
    """Return what hangs on the wall: figures, map, hot spots and queues of area `scope`.

    It names nobody and holds nobody's words: ``/api/board/newest`` has none.

    Raises
    ------
    BadPageCodeError
        When the code holds more than digits, letters, hyphens and underscores.
    """
    chart = chart_of("wall")
    config = {"scope": checked_code(scope), "map": chart.get_name()}
    parts = ("figures", "beside", "foot")
    body = (
        f'<main id="panel" class="wall" tabindex="-1" aria-label="{word("wall.title", lang)}">'
        f"{''.join(f'<section id={part} class=wall-{part}></section>' for part in parts)}"
        '</main><div id="over" class="over"></div>'
    )
    shell = Shell(
        "wall", "wall.title", config, body, linked=False, sheets=("page", "wall"), schemes="dark"
    )
    dress(chart.figure, shell, lang=lang)
    return page(chart.figure, lang=lang)
