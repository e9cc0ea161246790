"""The page of issues: worklist, heat, pins with the grid each was given to.

The page holds no data. Its script asks these addresses (JSON, EPSG:4326); errors come as
problems, as in `maps.plan_page`.

``/api/issues.geojson?scope=S``
    Points (geometry null when there is no position) with ``id, number, source, service, text,
    address, state`` (of the seven), ``card`` (null, "yellow", "red"), ``reported_at, due_at``
    (ISO 8601 with offset), ``grid, grid_name, community_name, subdistrict_name, grid_leader,
    grid_worker, street_manager, lane`` (null where there is none), ``accuracy_m``
    in metres or null. Newest first. Beside ``features``: ``scope_name`` of the area, ``asked_at``
    for the time left.
``/api/areas.geojson?net=grid&kind=grid&scope=S`` and ``net=admin&kind=subdistrict|community``,
``/api/base.geojson?scope=S``, ``/api/places.geojson?kind=building&scope=S``
    As in `maps.plan_page`.
``/api/issues/ID/route``
    Whose it is or would be: ``party, party_name`` (null: nobody), ``assists`` (of ``party, name``),
    ``provisional, attention``, ``sent`` (empty: not sent yet) and ``reasons``, each with ``rung``
    (list, special, role, fallback, recusal), ``party, passed_over, row, basis, faults, zh, en``.
``POST /api/issues/ID/send``
    Sends an issue that is new to whose it is by that route; the card's button says to whom.
"""

from __future__ import annotations

from collections.abc import Mapping

from maps.chrome import Shell, checked_code, dress
from maps.offline import LeanMap, Page, page
from maps.plan_page import JINAN
from maps.words import Lang, word


def issue_page(
    scope: str,
    *,
    lang: Lang = "zh-CN",
    who: Mapping[str, str] | None = None,
    beyond: bool = False,
) -> Page:
    """Return the page of the issues inside area `scope`.

    `who` acts: `name` and `role`, as the bar says it; `beyond` where the area is not theirs.

    Raises
    ------
    BadPageCodeError
        When the code holds more than digits, letters, hyphens and underscores.
    """
    chart = LeanMap("issue", location=JINAN)
    config = {"scope": checked_code(scope), "map": chart.get_name(), "who": who, "beyond": beyond}
    body = (
        f'<main id="panel" class="panel issue-panel" tabindex="-1" '
        f'aria-label="{word("issue.title", lang)}"></main>'
        '<div id="over" class="over"></div>'
        f'<aside id="card" class="card" hidden aria-label="{word("issue.card", lang)}"></aside>'
    )
    dress(chart.figure, Shell("issue", "issue.title", config, body), lang=lang)
    return page(chart.figure, lang=lang)
