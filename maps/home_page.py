"""The first page: who begins where, and the plans there are.

Its script asks ``/api/plans``: a list of ``{id, title, state, scope, scope_name}``, newest first.
"""

from __future__ import annotations

from branca.element import Figure

from maps.chrome import Shell, dress
from maps.offline import Page, page
from maps.words import Lang, word


def home_page(*, lang: Lang = "zh-CN") -> Page:
    """Return the index page."""
    figure = Figure()
    body = (
        f'<main id="panel" class="home" tabindex="-1"><h1>{word("home.title", lang)}</h1>'
        f'<p class="lead">{word("home.lead", lang)}</p></main>'
    )
    dress(figure, Shell("home", "home.title", {}, body), lang=lang)
    return page(figure, lang=lang)
