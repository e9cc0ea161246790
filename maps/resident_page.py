"""The pages of residents: a form that needs no script, and how far a report is.

Both hold what they show, escaped; no text of theirs passes through a template. The script of the
form adds a map (``/api/report/ground``), candidates for the address (``/api/report/places``) and
makes photos small; without it the form is sent as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html import escape
from itertools import chain
from typing import Any, Final

from branca.element import Figure

from maps.chrome import Markup, Shell, data_block, head
from maps.offline import Page, page
from maps.words import Lang, word
from maps.words.residing import SCRIPT

Json = Mapping[str, Any]
Groups = Mapping[str, Sequence[tuple[str, str]]]
_CITY: Final = timezone(timedelta(hours=8))  # China keeps UTC+8 all year
_STEPS: Final = ("received", "sent", "taken", "finished", "closed")
_ENDS: Final = ("cancelled",)  # outcomes that are said in a sentence of their own


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What a form holds: its key, what was entered before, and what was wrong with that."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[str] = ()
    unknown: str = ""  # why the report that was to be followed was not found


def resident_page(
    entered: Entered,
    services: Groups,
    at: tuple[float, float] | None,
    *,
    most: Mapping[str, int],
    lang: Lang = "zh-CN",
) -> Page:
    """Return the page where something is reported, or followed by number and word.

    Parameters
    ----------
    services
        What may be named: pairs of code and name, by group.
    at
        Where the map begins (lon, lat; WGS 84); None: it stays away.
    most
        `photos` and `letters` of a report.
    """
    config = {
        "at": at,
        "most": most["photos"],
        "letters": most["letters"],
        "words": {name: word(f"resident.{name}", lang) for name in SCRIPT}
        | {"over": word("resident.over", lang, n="{n}", most=most["letters"])},
    }
    parts = [
        *_top("resident.title", lang),
        f'<p class="jump"><a href="#follow">{word("resident.jump", lang)}</a></p>',
        *_faults(entered.faults),
        *_form(entered, services, most, lang),
        *_follow(entered, lang),
    ]
    return _made("resident.title", parts, config, lang)


def mine_page(told: Json, *, lang: Lang = "zh-CN") -> Page:
    """Return how far a report is: what `api.residents.told` says, its `word` and its `link`.

    `unkept`: an answer was not kept, for there is one already.
    """
    lost = f'<p class="fault" role="alert">{word("resident.unkept", lang)}</p>'
    rooms = [
        chain(_keys(told, lang), _steps(told, lang)),
        chain(_reply(told, lang), _ask(told, lang), _reopen(told, lang)),
    ]
    if told["answerable"]:
        rooms.reverse()  # what they are asked comes first
    parts = [
        *_top("resident.mine", lang),
        *([lost] if told.get("unkept") else []),
        f'<p class="now">{escape(_now(told, lang))}</p>',
        *chain.from_iterable(rooms),
        *_said(told, lang),
        f'<p class="again"><a href="{_to("/report", lang)}">{word("resident.again", lang)}</a></p>',
    ]
    return _made("resident.mine", parts, {"words": {}}, lang)


def _made(title: str, parts: Sequence[str], config: Mapping[str, object], lang: Lang) -> Page:
    figure = Figure()
    figure.title = word(title, lang)
    shell = Shell("resident", title, config, sheets=("phone", "resident"), schemes="light dark")
    figure.header.add_child(Markup(head(shell)), name="head")
    main = f'<main class="sheet" tabindex="-1">{"".join(parts)}</main>'
    body = f'<div class="phone resident">{main}</div>'
    figure.html.add_child(Markup(body), name="body")
    figure.html.add_child(Markup(data_block(config)), name="config")
    return page(figure, lang=lang)


def _top(title: str, lang: Lang) -> Iterator[str]:
    other = "zh-CN" if lang == "en" else "en"
    here = "/report/mine" if title == "resident.mine" else "/report"
    name = word("resident.other", lang)
    link = f'<a class="end" href="{here}?lang={other}" lang="{other}">{name}</a>'
    yield f'<p class="brand">{link}<b>{word("app", lang)}</b> {word("resident.brand", lang)}</p>'
    yield f"<h1>{word(title, lang)}</h1>"


def _faults(faults: Sequence[str]) -> Iterator[str]:
    if faults:
        said = "".join(f"<li>{escape(fault)}</li>" for fault in faults)
        yield f'<div id="faults" role="alert"><ul class="fault">{said}</ul></div>'


def _form(entered: Entered, services: Groups, most: Mapping[str, int], lang: Lang) -> Iterator[str]:
    held = entered.values
    yield (
        f'<form id="report" method="post" action="{_to("/api/report", lang)}" '
        'enctype="multipart/form-data">'
    )
    for name, value in (("key", entered.key), ("lon", held.get("lon")), ("lat", held.get("lat"))):
        yield f'<input type="hidden" name="{name}" value="{escape(value or "")}">'
    text = escape(held.get("text", ""))
    area = '<textarea id="text" name="text" rows="4" required'
    yield _field("text", f'{area} aria-describedby="text-hint">{text}</textarea>', lang, hint=True)
    yield _field("address", _input("address", held, 'maxlength="200"'), lang, hint=True)
    yield '<div id="where"></div><div id="land" class="land picks" hidden></div>'
    yield _field("kind", _services(services, held.get("service", ""), lang), lang)
    photo = '<input id="photo" name="photo" type="file" accept="image/*" multiple'
    yield _field(
        "photo", f'{photo} aria-describedby="photo-hint">', lang, hint=True, n=most["photos"]
    )
    contact = _input("contact", held, 'type="tel" maxlength="64" autocomplete="tel"')
    yield _field("contact", contact, lang, hint=True)
    ticked = " checked" if held.get("confidential") else ""
    tick = f'<input type="checkbox" name="confidential" value="yes"{ticked}>'
    yield f'<label class="tick">{tick} <span>{word("resident.confidential", lang)}</span></label>'
    yield '<p class="fault" id="said" role="alert"></p>'
    yield f'<button class="button main" type="submit">{word("resident.send", lang)}</button></form>'


def _follow(entered: Entered, lang: Lang) -> Iterator[str]:
    way = _to("/report/follow", lang)
    yield f'<form id="follow" class="follow" method="post" action="{way}">'
    yield f"<h2>{word('resident.follow', lang)}</h2>"
    plain = (
        'maxlength="64" required autocomplete="off" autocapitalize="characters" spellcheck="false"'
    )
    number = escape(entered.values.get("number", ""))
    again = "autofocus" if entered.unknown else ""
    yield _field("number", f'<input id="number" name="number" value="{number}" {plain}>', lang)
    yield _field("word", f'<input id="word" name="word" {again} {plain}>', lang)
    if entered.unknown:
        yield f'<p id="unknown" class="fault" role="alert">{escape(entered.unknown)}</p>'
    yield f'<button class="button" type="submit">{word("resident.look", lang)}</button></form>'


def _field(name: str, control: str, lang: Lang, *, hint: bool = False, **values: object) -> str:
    label = f'<label for="{name}">{word(f"resident.{name}", lang, **values)}</label>'
    note = word(f"resident.{name}-hint", lang) if hint else ""
    below = f'<p class="note" id="{name}-hint">{note}</p>' if note else ""
    return f'<div class="field">{label}{control}{below}</div>'


def _input(name: str, held: Mapping[str, str], more: str) -> str:
    value = escape(held.get(name, ""))
    return (
        f'<input id="{name}" name="{name}" value="{value}" aria-describedby="{name}-hint" {more}>'
    )


def _services(groups: Groups, chosen: str, lang: Lang) -> str:
    shown = "".join(
        f'<optgroup label="{escape(group)}">{_options(pairs, chosen)}</optgroup>'
        for group, pairs in groups.items()
    )
    first = f'<option value="">{word("resident.kind-any", lang)}</option>'
    return f'<select id="kind" name="service">{first}{shown}</select>'


def _options(pairs: Sequence[tuple[str, str]], chosen: str) -> str:
    ticked = {code: " selected" if code == chosen else "" for code, _ in pairs}
    return "".join(
        f'<option value="{escape(code)}"{ticked[code]}>{escape(name)}</option>'
        for code, name in pairs
    )


def _now(told: Json, lang: Lang) -> str:
    if told["state"] == "closed" and told["outcome"] in _ENDS:
        return word(f"resident.now-{told['outcome']}", lang)
    return word(f"resident.now-{told['state']}", lang)


def _steps(told: Json, lang: Lang) -> Iterator[str]:
    yield f"<section><h2>{word('resident.path', lang)}</h2><ol class='path'>".replace("'", '"')
    for name in _STEPS:
        at = told[f"{name}_at"]
        when = f"<time>{_clock(at, lang)}</time>" if at else ""
        past = ' class="past"' if at else ""
        yield f"<li{past}>{when}<b>{word(f'resident.{name}', lang)}</b></li>"
    yield "</ol>"
    if told["agency"] and told["state"] != "new":
        yield f"<p>{escape(word('resident.by', lang, who=told['agency']))}</p>"
    if told["due_at"] and told["state"] in ("sent", "taken", "returned"):
        at = _clock(told["due_at"], lang)
        yield f'<p class="note">{word("resident.due", lang, at=at)}</p>'
    yield "</section>"


def _reply(told: Json, lang: Lang) -> Iterator[str]:
    reply = escape(told["reply"]) or f'<span class="note">{word("resident.no-reply", lang)}</span>'
    yield f"<section><h2>{word('resident.reply', lang)}</h2>"
    yield f'<p class="said">{reply}</p></section>'


def _ask(told: Json, lang: Lang) -> Iterator[str]:
    if told["solved"] is not None and told["satisfied"] is not None:
        said = {
            "solved": word(f"resident.{'is' if told['solved'] else 'not'}-solved", lang),
            "satisfied": word(f"resident.{'is' if told['satisfied'] else 'not'}-satisfied", lang),
        }
        at = _clock(told["answered_at"], lang)
        yield f"<p>{word('resident.answered', lang, at=at, **said)}</p>"
    if not told["answerable"]:
        return
    yield f'<form class="ask" method="post" action="{_to("/report/mine/answer", lang)}">'
    yield f"<h2>{word('resident.ask', lang)}</h2>"
    for name in ("solved", "satisfied"):
        choices = "".join(_radio(name, value, lang) for value in ("yes", "no"))
        legend = word(f"resident.{name}", lang)
        yield f"<fieldset><legend>{legend}</legend>{choices}</fieldset>"
    area = '<textarea id="words" name="words" rows="2" maxlength="2000"></textarea>'
    yield _field("words", area, lang)
    yield f'<button class="button main">{word("resident.answer", lang)}</button></form>'


def _reopen(told: Json, lang: Lang) -> Iterator[str]:
    if not told["reopenable"]:
        return
    yield f'<form class="ask" method="post" action="{_to("/report/mine/reopen", lang)}">'
    yield f"<h2>{word('resident.reopen', lang)}</h2>"
    area = '<textarea id="why" name="words" rows="3" maxlength="2000" required'
    yield _field("why", f'{area} aria-describedby="why-hint"></textarea>', lang, hint=True)
    yield f'<button class="button main">{word("resident.reopen-send", lang)}</button></form>'


def _radio(name: str, value: str, lang: Lang) -> str:
    told = "true" if value == "yes" else "false"
    box = f'<input type="radio" name="{name}" value="{told}" required>'
    return f'<label class="tick">{box} <span>{word(f"resident.{value}", lang)}</span></label>'


def _said(told: Json, lang: Lang) -> Iterator[str]:
    yield f"<section><h2>{word('resident.what', lang)}</h2>"
    yield f'<p class="said">{escape(told["text"])}</p>'
    beside = [told["address"], told["service_name"]]
    if told["photos"]:
        beside.append(word("resident.photos", lang, n=told["photos"]))
    yield f'<p class="note">{escape(" · ".join(filter(None, beside)))}</p></section>'


def _keys(told: Json, lang: Lang) -> Iterator[str]:
    yield f'<section class="keys"><h2>{word("resident.kept", lang)}</h2><dl>'
    for name, value in (("number", told["reference"]), ("word", told["word"])):
        yield f"<dt>{word(f'resident.{name}', lang)}</dt><dd>{escape(value)}</dd>"
    yield f"</dl><p>{word('resident.link', lang)}</p>"
    yield f'<p class="address">{escape(told["link"])}</p>'
    yield f'<p class="note">{word("resident.link-hint", lang)}</p></section>'


def _clock(moment: str, lang: Lang) -> str:
    at = datetime.fromisoformat(moment).astimezone(_CITY)
    day = f"{at.day} {at:%b}" if lang == "en" else f"{at.month} 月 {at.day} 日"
    return f"{day} {at:%H:%M}"


def _to(path: str, lang: Lang) -> str:
    return f"{path}?lang=en" if lang == "en" else path
