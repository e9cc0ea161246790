"""The residents' pages of the toy city: a form that was refused, and a report that was answered."""

from __future__ import annotations

from maps.offline import Page
from maps.resident_page import Entered, mine_page, resident_page
from maps.words import Lang
from tests.maps.toy_routes import NAUGHTY


def form(lang: Lang) -> Page:
    """The form as it comes back with what was wrong."""
    held = {"text": NAUGHTY, "address": "文庙东巷", "confidential": "yes", "service": "F2"}
    entered = Entered(key="k" * 24, values=held, faults=("请写明是什么事",))
    services = {"市政": [("F1", "井盖"), ("F2", NAUGHTY)]}
    return resident_page(entered, services, None, most={"photos": 3, "letters": 2000}, lang=lang)


def mine(lang: Lang) -> Page:
    """A report that is done, for its reporter to say whether it is solved."""
    at = "2026-11-23T09:00:00+08:00"
    moments = {f"{name}_at": at for name in ("received", "sent", "taken", "finished", "answered")}
    return mine_page(
        {
            **moments,
            "closed_at": None,
            "due_at": at,
            "reference": "W0123456789",
            "word": "ABCD-EFGH",
            "link": "http://127.0.0.1/r/token",
            "service_name": "井盖",
            "state": "done",
            "outcome": None,
            "text": NAUGHTY,
            "address": "文庙东巷",
            "agency": "市政管护中心",
            "reply": NAUGHTY,
            "solved": False,
            "satisfied": True,
            "photos": 1,
            "answerable": True,
            "reopenable": True,
        },
        lang=lang,
    )
