"""One issue on a page of its own: what a link of a ledger, of a notice or of a colleague opens.

The page holds no data. Its script asks ``/api/issues.geojson?only=ID``, ``/api/issues/ID`` (tasks,
steps that may be taken, photos, reviews, history; `api.issue_card`), ``/api/issues/ID/route``, and
the layers of `maps.plan_page` for its subdistrict; it posts to ``/api/issues/ID/steps``,
``/api/issues/ID/photos?stage=`` and ``/api/reviews``.
"""

from __future__ import annotations

from collections.abc import Mapping

from maps.charts import chart_of
from maps.chrome import Shell, dress
from maps.offline import Page, page
from maps.words import Lang, word


def one_page(issue: int, *, lang: Lang = "zh-CN", who: Mapping[str, str] | None = None) -> Page:
    """Return the page of an issue; `who` acts: `name` and `role`, as the bar says it."""
    chart = chart_of("one")
    config = {"issue": issue, "map": chart.get_name(), "who": who}
    body = (
        f'<main id="panel" class="panel one card-like" tabindex="-1" '
        f'aria-label="{word("issue.card", lang)}"></main><div id="over" class="over"></div>'
    )
    dress(chart.figure, Shell("one", "issue.card", config, body, schemes="light dark"), lang=lang)
    return page(chart.figure, lang=lang)
