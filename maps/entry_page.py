"""The page where an issue is entered: the form, the map, what would become of it.

The page holds no data. Its script asks these addresses (JSON, EPSG:4326):

``/api/services``, ``/api/parties?q=``
    The catalogue, and parties by their names, each with ``code, name``.
``POST /api/issues/preview``
    What would become of what is entered so far (`api.entering`); a refusal names ``fields``.
``POST /api/issues``, ``/api/issues/numbered``, ``POST /api/issues/ID/steps``
    Handed in; whether it was kept although the answer was lost; merged into one nearby.
``/api/areas.geojson``, ``/api/base.geojson``
    As in `maps.plan_page`.
"""

from __future__ import annotations

from collections.abc import Mapping

from geo.reference import sources
from maps.charts import chart_of
from maps.chrome import Shell, checked_code, dress
from maps.offline import Page, page
from maps.words import Lang, word


def entry_page(
    scope: str, person: str, *, lang: Lang = "zh-CN", who: Mapping[str, str] | None = None
) -> Page:
    """Return the page on which `person` enters issues; its map shows area `scope` first.

    `who` acts: `name` and `role`, as the bar says it.

    Raises
    ------
    BadPageCodeError
        When the code holds more than digits, letters, hyphens and underscores.
    """
    chart = chart_of("entry")
    config = {
        "scope": checked_code(scope),
        "map": chart.get_name(),
        "who": who,
        "person": person,
        "sources": named_sources(),
    }
    body = (
        f'<main id="panel" class="panel entry" tabindex="-1" '
        f'aria-label="{word("entry.title", lang)}"></main><div id="over" class="over"></div>'
        f'<aside id="card" class="card" aria-label="{word("entry.foreseen", lang)}"></aside>'
    )
    shell = Shell("entry", "entry.title", config, body, schemes="light dark")
    dress(chart.figure, shell, lang=lang)
    return page(chart.figure, lang=lang)


def named_sources() -> list[dict[str, str]]:
    """Where issues come from, as a field offers it: code and names."""
    return [{"code": s.code, "zh": s.zh, "en": s.en} for s in sources().values()]
