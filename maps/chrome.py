"""What every page has around it: head, top bar with the mark, navigation, language switch, icons.

The skeleton is static markup and holds no text of users. What a page needs to know travels in a
JSON block that the script reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Final, NamedTuple

from branca.element import Element, Figure
from folium.template import Template

from geo.errors import BadPageCodeError
from maps import assets
from maps.words import Lang, word

# Page key → its address, in the order of the menu. The API serves pages at these.
NAVIGATION: Final = {
    "home": "/",
    "plan": "/plans",
    "city": "/city",
    "board": "/issues",
    "entry": "/issues/new",
    "ledger": "/ledgers",
    "task": "/tasks",
    "inbox": "/inbox",
    "leader": "/leader",
    "notice": "/notices",
    "wall": "/wall",
    "hook": "/hooks",
    "accounts": "/accounts",
    "audit": "/audit",
    "resident": "/report",
}
_DISPATCHING: Final = ("board", "entry", "ledger")
_IN_THE_FIELD: Final = ("board", "task", "entry")
# Role → what its people do all day: in the bar; everything else is in the menu.
OFTEN: Final = {
    "planner": ("plan", "city", "board"),
    "checker": ("plan", "city", "board"),
    "approver": ("leader", "plan", "board"),
    "dispatcher": _DISPATCHING,
    "department": ("inbox", "task", "entry"),
    "administrator": ("accounts", "city", "board"),
    "auditor": ("audit", "notice", "city"),
    **dict.fromkeys(
        ("grid_leader", "grid_worker", "building_leader", "street_manager", "alley_steward"),
        _IN_THE_FIELD,
    ),
}
_OTHERS: Final = ("plan", "board", "city")  # of whoever holds no role
# Pages that lie under one of these.
_UNDER: Final = {
    "draw": "plan",
    "plans": "plan",
    "sheets": "plan",
    "one": "board",
    "why": "board",
    "upload": "entry",
}
_CODE: Final = re.compile(r"[0-9A-Za-z_-]{0,64}")

# Icons: 24 grid, stroke 1.75, drawn with currentColor. One inline sprite a page.
ICONS: Final = {
    "mark": "M8 3v18M16 3v5.6M16 11.4V21M3 8h2.6M10.4 8H21M3 16h10.6M18.4 16H21",
    "swipe": "M9 7l-5 5 5 5M15 7l5 5-5 5",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "fit": "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    "close": "M6 6l12 12M18 6L6 18",
    "search": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.2 16.2L21 21",
    "map": "M9 4L3 6.5v13L9 17l6 3 6-2.5v-13L15 7 9 4zM9 4v13M15 7v13",
    "go": "M5 12h14M13 6l6 6-6 6",
    "warn": "M12 4L2.8 20h18.4L12 4zM12 10v4.5M12 17.4v.1",
    "tick": "M5 12.5l4.5 4.5L19 7.5",
    "bell": "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5L19 18.5H5zM10 18.5a2 2 0 0 0 4 0",
    "filter": "M4 6h16l-6.5 7v5.5l-3 1.5v-7z",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "pen": "M4 20l1.2-4.4L16.6 4.2l3.2 3.2L8.4 18.8 4 20zM14.4 6.4l3.2 3.2",
    "list": "M9 6.5h11M9 12h11M9 17.5h11M4.4 6.5h.2M4.4 12h.2M4.4 17.5h.2",
    "people": "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3 19.5c0-3.6 2.4-5.6 6-5.6s6 2 6 5.6"
    "M16 5.2a3 3 0 0 1 0 5.6M17.4 14.3c2.3.6 3.6 2.4 3.6 5.2",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
}


class Markup(Element):
    """Markup as it stands, never read as a template."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Shell(NamedTuple):
    """What makes one page differ from another."""

    key: str  # of PAGES in maps.assets
    title: str  # key of its title in maps.words
    config: Mapping[str, object]  # what its script is told; texts in it are set as text
    body: str = ""  # containers its script fills
    linked: bool = True  # False: a file by itself, with no other page to go to
    sheets: tuple[str, ...] = ("page",)  # style sheets of maps/web, in order
    asks: tuple[str, ...] = ()  # what its script asks for first, so that it is there by then
    schemes: str = "light"  # "light dark": it follows what the person's machine prefers


def dress(figure: Figure, shell: Shell, *, lang: Lang) -> None:
    """Add head, top bar, containers and the page's script to a folium figure."""
    figure.title = f"{word(shell.title, lang)} · {word('app', lang)}"
    figure.header.add_child(Markup(head(shell)), name="head")
    for name, part in (("bar", top_bar(shell, lang=lang)), ("body", shell.body)):
        figure.html.add_child(Markup(part), name=name)
    figure.html.add_child(Markup(data_block(shell.config)), name="config")


def checked_code(code: str) -> str:
    """The code itself, when it may stand in an address.

    Raises
    ------
    BadPageCodeError
        When it holds anything but digits, letters, hyphens and underscores.
    """
    if not _CODE.fullmatch(code):
        raise BadPageCodeError(code=code[:80])
    return code


def top_bar(shell: Shell, *, lang: Lang) -> str:
    """The bar of 48 px: mark, navigation, language."""
    name = f"{icon('mark')}<b>{word('app', lang)}</b>"
    around = _linked(shell, name, lang) if shell.linked else f'<span class="mark">{name}</span>'
    return (
        f'{sprite()}<a class="skip" href="#panel">{word("skip", lang)}</a>'
        f'<header class="bar">{around}</header>'
    )


def _linked(shell: Shell, name: str, lang: Lang) -> str:
    other = "en" if lang == "zh-CN" else "zh-CN"
    return (
        f'<a class="mark" href="/" aria-label="{word("app", lang)}">{name}</a>'
        f'<nav aria-label="{word("nav", lang)}">{_ways(shell, lang)}</nav>'
        '<span id="scope" class="scope" hidden></span>'
        f'<a id="who" class="who" href="/#persons" title="{word("home.persons", lang)}" hidden></a>'
        f'<a id="bell" class="bell" href="/notices" hidden aria-label="'
        f'{word("notice.bell", lang)}">{icon("bell")}</a>'
        f'<a id="language" class="language" href="?lang={other}" lang="{other}">'
        f"{word('other-language', lang)}</a>"
    )


def _ways(shell: Shell, lang: Lang) -> str:
    """What the acting person uses most and the page at hand; behind a button, every page."""
    here = _UNDER.get(shell.key, shell.key)
    who = shell.config.get("who")
    often = OFTEN.get(str(who["role"]), _OTHERS) if isinstance(who, Mapping) else _OTHERS
    shown = often if here in often or here not in NAVIGATION else (here, *often)
    bar, menu = (
        "".join(_link(key, key == here, lang) for key in keys) for keys in (shown, NAVIGATION)
    )
    return (
        f'{bar}<details id="menu" class="menu"><summary>{icon("menu")}'
        f"<span>{word('nav.menu', lang)}</span></summary><div>{menu}</div></details>"
    )


def icon(name: str) -> str:
    """One icon of the sprite, as markup."""
    return f'<svg class="icon" aria-hidden="true"><use href="#i-{name}"></use></svg>'


def sprite(icons: Mapping[str, str] = ICONS) -> str:
    """All icons as one hidden drawing."""
    symbols = "".join(
        f'<symbol id="i-{name}" viewBox="0 0 24 24"><path d="{path}"></path></symbol>'
        for name, path in icons.items()
    )
    return f'<svg class="sprite" aria-hidden="true">{symbols}</svg>'


def _link(key: str, is_here: bool, lang: Lang) -> str:  # noqa: FBT001
    here = ' aria-current="page"' if is_here else ""
    return f'<a href="{NAVIGATION[key]}"{here}>{word(f"nav.{key}", lang)}</a>'


def head(shell: Shell) -> str:
    """What stands in a page's head: its sheets, its script, the mark."""
    hrefs = (assets.href(f"web/{name}.css") for name in shell.sheets)
    sheets = "".join(f'<link rel="stylesheet" href="{href}">' for href in hrefs)
    asked = (
        f'<link rel="preload" as="fetch" crossorigin href="{escape(way)}">' for way in shell.asks
    )
    return (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="{shell.schemes}">'
        f'<link rel="icon" href="{assets.href("web/mark.svg")}">{sheets}{"".join(asked)}'
        f'<script defer src="{assets.href(f"web/{shell.key}.js")}"></script>'
    )


def data_block(config: Mapping[str, object]) -> str:
    """What a page's script is told, as a block that no text in it can end."""
    text = json.dumps(config, ensure_ascii=True).replace("<", "\\u003c")
    return f'<script type="application/json" id="config">{text}</script>'
