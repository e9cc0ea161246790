"""The page of a phone link: one task, or one worker's day, usable before any script has come.

Unlike the other pages this one holds its data, so that the first useful screen costs three
requests: the page, its sheet and its script. What people typed stands in it escaped, and in a
block of JSON that the script reads; neither passes through a template. The script then asks
``/api/phone/LINK`` anew, ``/api/phone/LINK/tasks/TASK/ground`` for the map, and posts to
``…/steps`` and ``…/photos?stage=``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from html import escape
from typing import Any, Final

from branca.element import Figure

from maps.chrome import Markup, Shell, data_block, head
from maps.offline import Page, page
from maps.palette import STATES
from maps.words import WORDS, Lang, word

Json = Mapping[str, Any]
_CITY: Final = timezone(timedelta(hours=8))  # China keeps UTC+8 all year
_STATES: Final = {state.key: (state.zh, state.en) for state in STATES}
_TITLE: Final = 60  # letters
# What moves a task on, the likeliest first: the one that is offered is the main button.
MAIN: Final = ("take", "finish", "resume")
BESIDE: Final = ("return", "hand_over", "escalate")


def phone_page(link: int, told: Json, edges: Sequence[Json] = (), *, lang: Lang = "zh-CN") -> Page:
    """Return the page of a link; `told`: as `/api/phone/LINK` answers, `edges`: holders' steps."""
    figure = Figure()
    tasks: Sequence[Json] = told["tasks"]
    title = "phone.day" if told["kind"] == "day" else "phone.title"
    figure.title = word(title, lang)
    shell = Shell(
        "phone",
        title,
        {"link": link, "told": told, "edges": edges},
        sheets=("phone",),
        schemes="light dark",
    )
    body = "".join(_day(tasks, lang) if told["kind"] == "day" else _task(tasks[0], lang))
    figure.header.add_child(Markup(head(shell)), name="head")
    main = f'<div id="phone" class="phone"><main class="sheet">{body}</main></div>'
    figure.html.add_child(Markup(main), name="body")
    figure.html.add_child(Markup(data_block(shell.config)), name="config")
    return page(figure, lang=lang)


def closed_page(code: str, sentence: str, *, lang: Lang = "zh-CN") -> Page:
    """Return the page that says why a link opens no more; its script tells what the phone keeps."""
    figure = Figure()
    figure.title = word("problem.title", lang)
    shell = Shell("phone", "problem.title", {"link": 0}, sheets=("phone",), schemes="light dark")
    said = f"<h1>{word('problem.title', lang)}</h1><p>{escape(sentence)}</p>"
    named = f'<p class="note">{escape(word("state.code", lang, code=code))}</p>'
    body = f'<main class="sheet">{said}<section id="waiting"></section>{named}</main>'
    figure.header.add_child(Markup(head(shell)), name="head")
    figure.html.add_child(Markup(f'<div id="phone" class="phone">{body}</div>'), name="body")
    figure.html.add_child(Markup(data_block(shell.config)), name="config")
    return page(figure, lang=lang)


def title_of(task: Json) -> str:
    """Return the first sentence of what was said, else what it is about.

    >>> title_of({"text": "井盖破损，夜间有人绊倒。请尽快", "service": None, "number": "1"})
    '井盖破损，夜间有人绊倒'
    """
    text = str(task["text"] or "")
    for end in "。！？；\n":
        text = text.partition(end)[0]
    return text.strip()[:_TITLE] or str(task["service"] or task["number"] or "")


def _task(task: Json, lang: Lang) -> Iterator[str]:
    number = f'<span class="number">{escape(str(task["number"]))}</span>'
    yield f'<p class="line">{_state(task, lang)}{number}</p>'
    yield f"<h1>{escape(title_of(task))}</h1>"
    yield f'<p class="place">{escape(task["address"] or word("phone.no-address", lang))}</p>'
    yield f'<p class="due"><span>{escape(_due(task, lang))}</span></p>'
    what = f"<h2>{word('phone.what', lang)}</h2><p>{escape(_what(task, lang))}</p>"
    yield f'<div class="what">{what}</div>'
    ways = "".join(_way(way, lang) for way in task["ways"])
    yield f'<div class="ways">{ways}</div>'
    yield f'<p class="said">{escape(task["text"] or "")}</p>'
    yield f'<div class="foot">{"".join(_buttons(task, lang))}</div>'


def _day(tasks: Sequence[Json], lang: Lang) -> Iterator[str]:
    yield f"<h1>{word('phone.day', lang)}</h1>"
    if not tasks:
        yield f'<p class="note">{word("phone.day-none", lang)}</p>'
    for task in tasks:
        told = f'<p class="line">{_state(task, lang)}</p><h2>{escape(title_of(task))}</h2>'
        yield f'<div class="row">{told}</div>'


def _state(task: Json, lang: Lang) -> str:
    known = _STATES.get(task["state"])
    name = known[lang == "en"] if known else word(f"phone.{task['state']}", lang)
    card = task["card"] and word(f"phone.{task['card']}", lang)
    badge = f'<span class="card card-{task["card"]}">{card}</span>' if card else ""
    return f'<b class="state state-{escape(task["state"])}">{name}</b>{badge}'


def _due(task: Json, lang: Lang) -> str:
    at = datetime.fromisoformat(task["due_at"]).astimezone(_CITY)
    day = f"{at.day} {at:%b}" if lang == "en" else f"{at.month} 月 {at.day} 日"
    return word("phone.due", lang, at=f"{day} {at:%H:%M}")


def _what(task: Json, lang: Lang) -> str:
    held = task["is_held"]
    known = f"phone.do-{task['state']}" if held and task["state"] in _STATES else "phone.gone"
    photo = held and task["needs_photo"] and task["state"] in ("sent", "taken")
    words = [
        _ended(task["told"], lang),
        word(known, lang),
        word("phone.do-photo", lang) if photo else "",
    ]
    return (" " if lang == "en" else "").join(filter(None, words))


def _ended(words: str, lang: Lang) -> str:
    """Return what somebody said as a sentence of its own: another follows."""
    return (
        words + (".", "。")[lang != "en"]
        if re.search(r"[^\s。！？；：，、….!?;:,]$", words)
        else words
    )


def _way(way: Json, lang: Lang) -> str:
    """Return a way in words: no page of ours links to the outside before its script is there."""
    return f'<span class="way">{escape(way["en"] if lang == "en" else way["zh"])}</span>'


def _buttons(task: Json, lang: Lang) -> Iterator[str]:
    """Yield the buttons in words; they are pressed once the script is there."""
    offered = [step["step"] for step in task["steps"]]
    main = next((name for name in MAIN if name in offered), None)
    for name in [*(name for name in BESIDE if name in offered), *filter(None, (main,))]:
        kind = "button main" if name == main else "button"
        placed = f"phone.step.{name}-{(task['above'] or {}).get('kind')}"
        label = word(placed if placed in WORDS else f"phone.step.{name}", lang)
        yield f'<button type="button" class="{kind}" disabled data-step="{name}">{label}</button>'
