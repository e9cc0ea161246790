"""Pages without a map, filled by their scripts: ledgers, notices, tasks, hooks, the hotline's file.

No page holds data. Their scripts ask (JSON):

``ledger``
    ``/api/ledgers/fallback``, ``/api/ledgers/held`` (`api.standing_ledgers`), and post a ruling to
    ``/api/ledgers/fallback/ID/ruling``, a step to ``/api/issues/ID/steps``.
``notice``
    ``/api/notices?unread=``, ``/api/issues.geojson?only=…`` for what they are about;
    ``POST /api/notices/KIND/TASK/read``.
``hook``
    ``/api/hooks``, ``/api/outbox``, ``/api/outbox/stuck``; post hooks, retries, acknowledgements.
``plans``
    ``/api/plans``, ``/api/areas.geojson?net=admin`` for the areas a draft may be begun for; post
    to ``/api/plans`` and ``/api/plans/ID/fork``.
``task``
    ``/api/tasks``, ``/api/tasks/counts?scope=``, ``/api/tasks/ID`` for one; post to ``/api/tasks``,
    ``/api/tasks/ID/steps``.
``upload``
    ``POST /api/issues/import`` with the file as the body, a trial before `commit`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from branca.element import Figure

from maps.chrome import Shell, dress
from maps.offline import Page, page
from maps.words import Lang

# Key of the page in `maps.assets.PAGES` → key of its title.
PLAIN: Final = {
    key: f"{key}.title" for key in ("ledger", "notice", "hook", "upload", "plans", "task")
}


def plain_page(key: str, config: Mapping[str, object], *, lang: Lang = "zh-CN") -> Page:
    """Return a page of `PLAIN`; `config` is what its script is told."""
    figure = Figure()
    body = '<main id="panel" class="home sheet" tabindex="-1"></main>'
    dress(figure, Shell(key, PLAIN[key], config, body, schemes="light dark"), lang=lang)
    return page(figure, lang=lang)
