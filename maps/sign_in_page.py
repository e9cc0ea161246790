"""The page where somebody signs in: forms that post themselves, filled by a script."""

from __future__ import annotations

from collections.abc import Mapping

from branca.element import Figure

from maps.chrome import Shell, dress
from maps.offline import Page, page
from maps.words import Lang


def sign_in_page(config: Mapping[str, object], *, lang: Lang = "zh-CN") -> Page:
    """Return the page; `config` is what its script is told.

    ``next`` where to go then, ``name`` what was typed, ``ticket`` where a password is to be chosen,
    ``change`` where one is to be changed, ``city`` whether the city has a sign-on, ``fault`` what
    was wrong.
    """
    figure = Figure()
    body = '<main id="panel" class="home sheet door-card" tabindex="-1"></main>'
    dress(
        figure,
        Shell(
            *("sign_in", "sign-in.title", config, body),
            sheets=("page", "signing"),
            linked=False,
            schemes="light dark",
        ),
        lang=lang,
    )
    return page(figure, lang=lang)
