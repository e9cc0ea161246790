from __future__ import annotations

import json
import re
from pathlib import Path

import folium
import pytest
from branca.element import Figure

from geo.errors import UnsafePageError
from maps import charts, offline
from maps.chrome import Markup
from tests.plugins.browser import Watched

pytestmark = pytest.mark.usefixtures("front_end")


def lean() -> charts.LeanMap:
    return charts.LeanMap("tried", charts.View(zoom=12))


def figure_with(markup: str) -> Figure:
    figure = Figure()
    figure.html.add_child(Markup(markup))
    return figure


def test_a_page_names_no_other_server_and_holds_no_code() -> None:
    made = offline.page(lean().figure)
    assert not re.findall(r"https?://", made.html)
    assert "<style" not in made.html
    assert not re.findall(r"<script(?![^>]*\bsrc=)", made.html)


def test_inline_code_moves_to_files_named_by_what_they_hold() -> None:
    made = offline.page(lean().figure)
    assert made.files
    assert all(f"/pages/{name}" in made.html for name in made.files)
    assert any(b"L.map(" in data for data in made.files.values())


def test_the_same_map_makes_the_same_bytes() -> None:
    assert offline.page(lean().figure) == offline.page(lean().figure)


def test_a_page_says_its_language_and_lets_people_zoom() -> None:
    made = offline.page(lean().figure, lang="en")
    assert '<html lang="en">' in made.html
    assert "user-scalable" not in made.html


def test_an_unknown_outside_address_is_refused_by_name() -> None:
    chart = lean()
    chart.default_js = [*chart.default_js, ("x", "https://other.example/x.js")]
    with pytest.raises(UnsafePageError, match=r"other\.example"):
        offline.page(chart.figure)


def test_a_stock_folium_map_is_refused() -> None:
    with pytest.raises(UnsafePageError, match="https://"):
        offline.page(folium.Map(tiles=None).get_root())


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://other.example/a.png">',
        '<a href="//other.example/">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<p onclick="alert(1)">x</p>',
        '<p style="color:red">x</p>',
    ],
)
def test_markup_the_policy_would_block_is_refused(markup: str) -> None:
    with pytest.raises(UnsafePageError):
        offline.page(figure_with(markup))


def test_entities_comments_and_empty_tags_survive_the_copy() -> None:
    made = offline.page(figure_with("<p>a &amp; b &#37;<br/><!-- gone --></p><svg><path/></svg>"))
    assert "<p>a &amp; b &#37;<br></p><svg><path></path></svg>" in made.html


def test_markup_is_never_read_as_a_template() -> None:
    made = offline.page(figure_with("<p>{{ 6 * 7 }} ${alert(1)}</p>"))
    assert "{{ 6 * 7 }} ${alert(1)}" in made.html


def test_a_data_block_stays_where_it_is() -> None:
    made = offline.page(figure_with('<script type="application/json" id="x">{"a":1}</script>'))
    assert 'id="x">{"a":1}</script>' in made.html


def test_an_image_becomes_an_address_that_holds_it() -> None:
    assert offline.data_uri(b"ab", "image/png") == "data:image/png;base64,YWI="


def test_a_single_file_works_from_a_disk_under_its_own_policy(
    page: Watched, tmp_path: Path
) -> None:
    chart = lean()
    chart.figure.header.add_child(Markup("<style>body { margin: 0 }</style>"))
    path = tmp_path / "map.html"
    path.write_text(offline.inline_page(chart.figure), encoding="utf-8")
    shown = page.open(path.as_uri())
    shown.wait_for_selector(".leaflet-container")
    assert page.requests == [path.as_uri()]
    policy = shown.get_attribute("meta[http-equiv=Content-Security-Policy]", "content") or ""
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")


def test_code_slipped_into_a_single_file_does_not_run(page: Watched, tmp_path: Path) -> None:
    page.quiet = ("Content Security Policy",)
    html = offline.inline_page(lean().figure)
    path = tmp_path / "map.html"
    path.write_text(html.replace("</body>", "<script>window.ran = 1</script></body>"))
    assert page.open(path.as_uri()).evaluate("window.ran") is None


def test_the_policy_allows_nothing_inline() -> None:
    assert offline.POLICY.startswith("default-src 'self'")
    assert "unsafe" not in offline.POLICY
    assert json.dumps(offline.POLICY).isascii()
