"""The page where a planner redraws grids: tools, map, legend and figures of one draft.

The page holds no data. Its script asks `/api/plans/P/ground` and `/api/plans/P/draft?labels=true`
for what is drawn, sends edits to `/api/plans/P/edits`, and asks for borders, names and the base
map where `maps.plan_page` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from maps.charts import chart_of
from maps.chrome import Shell, checked_code, dress, sprite
from maps.offline import Page, page
from maps.words import Lang, word

# Of the tools: 24 grid, as those of every page.
ICONS: Final = {
    "select": "M6 3l12 9-5.5 1.2L15.5 20l-2.8 1.2-3-6.8L6 18z",
    "brush": "M15 4l5 5-9 9-5 1 1-5zM12.5 6.5l5 5M5 20h14",
    "lasso": "M12 4c5 0 8.5 2.4 8.5 5.5S17 15 12 15s-8.5-2.4-8.5-5.5S7 4 12 4zM7 14.2c-.8 "
    "1.5.2 3 2 3s2 2.5.5 3.3",
    "split": "M4 4h16v16H4zM9 4l4 5-3 5 4 6",
    "merge": "M4 4h6v16H4zM14 4h6v16h-6zM10 12h4",
    "edge": "M4 20L20 4M12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z",
    "special": "M4 4h16v16H4zM12 7.5l1.4 3 3.3.4-2.4 2.2.6 3.2-2.9-1.6-2.9 1.6.6-3.2-2.4-2.2 "
    "3.3-.4z",
    "comment": "M4 5h16v11h-9l-5 4v-4H4zM8 9h8M8 12h5",
    "undo": "M9 5L4 10l5 5M4 10h10a5 5 0 0 1 0 10h-3",
    "redo": "M15 5l5 5-5 5M20 10H10a5 5 0 0 0 0 10h3",
    "help": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1 "
    "1-1 1.7M12 17v.1",
    "spark": "M12 3v5M12 16v5M3 12h5M16 12h5M6 6l3 3M15 15l3 3M18 6l-3 3M9 15l-3 3",
}


def draw_page(
    plan: str, scope: str, *, lang: Lang = "zh-CN", who: Mapping[str, str] | None = None
) -> Page:
    """Return the page that draws plan `plan` inside area `scope`.

    `who` acts: `name` and `role`, as the bar says it.

    Raises
    ------
    BadPageCodeError
        When a code holds more than digits, letters, hyphens and underscores.
    """
    chart = chart_of("draw")
    config = {
        "plan": checked_code(plan),
        "scope": checked_code(scope),
        "map": chart.get_name(),
        "who": who,
    }
    body = (
        f"{sprite(ICONS)}"
        f'<div id="rail" class="rail" role="toolbar" aria-orientation="vertical" '
        f'aria-label="{word("draw.tools", lang)}"></div>'
        f'<main id="panel" class="panel draw-panel" tabindex="-1" '
        f'aria-label="{word("draw.panel", lang)}"></main>'
        '<div id="over" class="over"></div>'
        f'<section id="legend" class="legend-strip" aria-label="{word("plan.legend", lang)}">'
        "</section>"
    )
    at = f"/api/plans/{config['plan']}"
    shell = Shell(
        *("draw", "draw.title", config, body),
        sheets=("page", "draw"),
        asks=(f"{at}/ground", f"{at}/draft?labels=true", at),
        schemes="light dark",
    )
    dress(chart.figure, shell, lang=lang)
    return page(chart.figure, lang=lang)
