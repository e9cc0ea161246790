"""What a browser is shown where a page was asked for and cannot be: why, and where to go.

The sentence may repeat what stood in the address, so it travels as JSON and is set as text.
"""

from __future__ import annotations

from branca.element import Figure

from maps.chrome import Shell, dress
from maps.offline import Page, page
from maps.words import Lang


def problem_page(
    status: int, code: str, sentence: str, *, home: str = "/", lang: Lang = "zh-CN"
) -> Page:
    """Return the page that says why another page cannot be shown.

    `code` names the kind of problem; `sentence` is in the language of the page; `home` is where it
    leads back to, '' where that is nowhere; beside any but the first page no other is offered.
    """
    figure = Figure()
    body = '<main id="panel" class="home" tabindex="-1"></main>'
    config = {"status": status, "code": code, "sentence": sentence, "home": home}
    shell = Shell(
        "problem", "problem.title", config, body, linked=home == "/", schemes="light dark"
    )
    dress(figure, shell, lang=lang)
    return page(figure, lang=lang)
