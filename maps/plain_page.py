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
``leader``
    ``/api/leader``, ``/api/leader/rates``, ``/api/leader/parts``, ``/api/ledgers/…``,
    ``/api/issues/ID``; post a step to ``/api/issues/ID/steps``.
``plans``
    ``/api/plans``, ``/api/areas.geojson?net=admin`` for the areas a draft may be begun for; post
    to ``/api/plans`` and ``/api/plans/ID/fork``.
``task``
    ``/api/tasks``, ``/api/tasks/counts?scope=``, ``/api/tasks/ID`` for one; post to ``/api/tasks``,
    ``/api/tasks/ID/steps``.
``accounts``
    ``/api/accounts``; post to it, and to ``/api/accounts/PARTY/reset|close|open|sign-out``;
    of one person ``/api/accounts/PARTY/duties``, post to it and to ``…/duties/ID/end``.
``audit``
    ``/api/audit/events``, ``/api/audit/seals``; post to ``/api/audit/verify``.
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
    "accounts": "account.title",
    **{
        key: f"{key}.title"
        for key in ("ledger", "notice", "hook", "upload", "plans", "task", "leader", "audit")
    },
}
_OWN_SHEET: Final = {"leader": "leader", "accounts": "signing", "upload": "uploading"}


def plain_page(key: str, config: Mapping[str, object], *, lang: Lang = "zh-CN") -> Page:
    """Return a page of `PLAIN`; `config` is what its script is told."""
    figure = Figure()
    own = _OWN_SHEET.get(key)
    room = key if own == key else "home sheet"
    body = f'<main id="panel" class="{room}" tabindex="-1"></main>'
    sheets = ("page", own) if own else ("page",)
    shell = Shell(key, PLAIN[key], config, body, sheets=sheets, schemes="light dark")
    dress(figure, shell, lang=lang)
    return page(figure, lang=lang)
