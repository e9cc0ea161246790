"""The first page: who begins where, and the plans there are.

Its script asks ``/api/plans``: a list of ``{id, title, state, scope, scope_name}``, newest first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from branca.element import Figure

from maps.chrome import Shell, dress
from maps.offline import Page, page
from maps.words import Lang, word


def home_page(
    *,
    lang: Lang = "zh-CN",
    persons: Sequence[Mapping[str, str]] = (),
    acting: str = "",
    who: Mapping[str, str] | None = None,
    closed: Collection[str] = (),
) -> Page:
    """Return the index page.

    Parameters
    ----------
    persons
        Demo persons a browser on this machine may act as, each ``{party, name, role, area}`` and
        ``area_name`` where there is one: a button each, which posts to ``/as/<party>``.
    acting
        Code of the one it acts as now.
    who
        Their ``{name, role}``, whether or not they have a button.
    closed
        Addresses of pages that are for others, which it does not lead to.
    """
    figure = Figure()
    body = (
        f'<main id="panel" class="home" tabindex="-1"><h1>{word("home.title", lang)}</h1>'
        f'<p class="lead">{word("home.lead", lang)}</p></main>'
    )
    config = {
        "persons": [dict(person) for person in persons], "acting": acting, "who": who,
        "closed": sorted(closed),
    }  # fmt: skip
    dress(figure, Shell("home", "home.title", config, body, schemes="light dark"), lang=lang)
    return page(figure, lang=lang)
