"""Why an issue is whose it is, on one page of A4: map, bounds, list row, the chain of reasons.

The page holds no data. Its script asks one address (JSON, EPSG:4326); errors come as problems:

``/api/issues/ID/why``
    What ``/api/issues/ID/route`` answers, and ``about`` (``reference, source, service_name,
    address, reported_at, lon, lat, accuracy_m``), ``places`` (names from the top down), ``bounds``
    (四至 in words), ``grids`` (features with ``code, name``: its own first, then those that touch
    it), ``ground`` (features with ``kind, class, name``), ``lane`` (its nearest, a feature with
    ``code, name``, or none), ``walkers`` (``role, name`` of that lane).
"""

from __future__ import annotations

from collections.abc import Mapping

from maps.charts import chart_of
from maps.chrome import Shell, dress
from maps.offline import Page, page
from maps.words import Lang, word


def why_page(issue: int, *, lang: Lang = "zh-CN", who: Mapping[str, str] | None = None) -> Page:
    """Return the page that says whose issue `issue` is, and why.

    `who` acts: `name` and `role`, as the bar says it.
    """
    chart = chart_of("why")
    config = {"issue": issue, "map": chart.get_name(), "who": who}
    body = (
        f'<main id="panel" class="why-page" tabindex="-1" aria-label="{word("one.title", lang)}">'
    )
    shell = Shell("why", "one.title", config, body + "</main>", sheets=("page", "why"))
    dress(chart.figure, shell, lang=lang)
    return page(chart.figure, lang=lang)
