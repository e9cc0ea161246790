"""The inbox of a department: what waits for it in every subdistrict, one trip through it, the card.

The page holds no data. Its script asks these addresses (JSON, EPSG:4326):

``/api/inbox?subdistrict=S``
    What waits, first due first (`api.inbox`); whom it may be passed to; how much of it where.
``/api/events/stream?noun=issue``
    What happens meanwhile; the inbox is asked for again then.
``/api/issues/ID``, ``/api/tasks/ID``, and ``POST …/steps`` of both, ``POST /api/issues/steps``
    One issue or task with the steps whoever acts may take; a step; several at once.
``/api/areas.geojson``
    As in `maps.plan_page`, of the area that the organisation answers for.
``/tiles/grids.json``, ``/tiles/ground/…``
    As in `maps.city_page`: land, water, roads and buildings of the whole city.
"""

from __future__ import annotations

from collections.abc import Mapping

from maps.charts import chart_of
from maps.chrome import Shell, dress
from maps.offline import Page, page
from maps.words import Lang, word


def inbox_page(*, lang: Lang = "zh-CN", who: Mapping[str, str] | None = None) -> Page:
    """Return the page of an inbox; `who` acts: `name` and `role`, as the bar says it."""
    chart = chart_of("inbox")
    config = {"map": chart.get_name(), "who": who}
    body = (
        f'<main id="panel" class="panel issue-panel inbox-panel" tabindex="-1" '
        f'aria-label="{word("inbox.title", lang)}"></main>'
        '<div id="over" class="over"></div>'
        f'<aside id="card" class="card" hidden aria-label="{word("issue.card", lang)}"></aside>'
    )
    shell = Shell(
        "inbox", "inbox.title", config, body, sheets=("page", "inbox"), schemes="light dark"
    )
    dress(chart.figure, shell, lang=lang)
    return page(chart.figure, lang=lang)
