"""The page of a plan before and after: one map, a divider, the measures beside it.

The page holds no data. Its script asks these addresses (JSON, EPSG:4326), each allowed to be
empty; errors come as problems (RFC 9457) with ``title`` and its sentence in ``zh`` and ``en``.

``/api/areas.geojson?net=grid&kind=grid&scope=S&before=P`` (what it replaces), ``…&plan=P``
    Polygons with ``code, name, households, low, high, rule, special, parent``. ``low`` and
    ``high`` are the grid's own band, null when its rule has none; ``parent`` the community.
``/api/areas.geojson?net=admin&kind=subdistrict&scope=S``, ``…&kind=community&scope=S``
    Polygons with ``code, name``, for the heavier borders and the names.
``/api/base.geojson?scope=S``
    Roads, rails (lines), water, green (polygons) with ``kind, class, name``.
``/api/places.geojson?kind=building&scope=S``
    Footprints, or points, with ``class`` (and ``households``).
``/api/plans/P/compare``
    ``scope: {code, name, path: [names from the district down]}``, ``revision: int`` (of today),
    ``stale`` (null, or ``{base, areas}``: the codes that changed in an open plan's scope since),
    ``recounted`` (null, or ``{drawn, now, atoms}``: households an open plan was drawn by, and now,
    and the atoms where they differ),
    ``title`` and ``state`` (of the plan), ``band: {low, high}`` (the urban rule, shown where no
    grid has one), ``measures``: a list of ``{key, now, draft}`` with key of `MEASURES` and figures
    or null (``in_band`` and ``most_least`` are pairs: ``[11, 24]``, ``[604, 125]``;
    ``compactness`` is 0 to 1),
    ``reasons``: a list of ``{code, name, zh, en}``, one for each community or grid that no plan
    can bring in band.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from maps.charts import chart_of
from maps.chrome import Shell, checked_code, dress
from maps.offline import Page, page
from maps.words import Lang, word

# Measures the table shows, in order, and which way is better (the script's MEASURES mirrors it).
MEASURES: Final = (
    ("in_band", "high"),
    ("moved", "low"),
    ("people", "low"),
    ("most_least", "near"),
    ("pieces", "low"),
    ("compactness", "high"),
    ("edges", "high"),
    ("load", "low"),
    ("split_estates", "low"),
)


def plan_page(
    plan: str, scope: str, *, lang: Lang = "zh-CN", who: Mapping[str, str] | None = None
) -> Page:
    """Return the page that compares plan `plan` with today's grids inside area `scope`.

    `who` acts: `name` and `role`, as the bar says it.

    Raises
    ------
    BadPageCodeError
        When a code holds more than digits, letters, hyphens and underscores.
    """
    chart = chart_of("plan")
    config = {
        "plan": checked_code(plan),
        "scope": checked_code(scope),
        "map": chart.get_name(),
        "who": who,
    }
    body = (
        f'<main id="panel" class="panel plan-panel" tabindex="-1" '
        f'aria-label="{word("plan.panel", lang)}"></main>'
        '<div id="over" class="over"></div>'
    )
    dress(chart.figure, Shell("plan", "plan.title", config, body, schemes="light dark"), lang=lang)
    return page(chart.figure, lang=lang)
