"""A resident's form as an issue with its photos, or everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from starlette.datastructures import UploadFile
from starlette.requests import Request

from api.reporters import Keyed
from api.residents.policy import resident_policy
from geo.errors import BadFieldError, BadPhotoError, JingweiError
from geo.issues import Issue
from geo.photos import photo_rules, read_photo
from geo.store.database import CITY_TIME
from maps.words import WORDS, Lang

_KEY: Final = re.compile(r"[0-9A-Za-z_-]{16,64}")
_DEGREES: Final = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?", re.ASCII)
_FIELDS: Final = 20
_ADDRESS, _CONTACT = 200, 64  # letters
# Field of the form → the word that stands over it, of which what is in brackets is left out.
_LABELS: Final = {
    **{name: f"resident.{name}" for name in ("text", "address", "contact", "photo")},
    "lon": "resident.address",
    "lat": "resident.address",
    "service": "resident.kind",
}
_ASIDE: Final = re.compile(r"（| \(")
FIELDS: Final = ("text", "address", "lon", "lat", "service", "contact", "confidential", "key")


class Sent(NamedTuple):
    """A form as it was sent: its fields, and the photos that hold anything."""

    fields: Mapping[str, str]
    photos: Sequence[bytes]


class Handed(NamedTuple):
    """A report as it is kept, its photos, and how its reporter is reached."""

    issue: Issue
    photos: Sequence[bytes]
    contact: str = ""


async def sent_form(request: Request) -> Sent:
    """Return the form of a request; of fields that come twice the last."""
    async with request.form(max_files=resident_policy().photos + 5, max_fields=_FIELDS) as form:
        told = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        photos = [data for file in files if (data := await file.read())]
    return Sent({name: told.get(name, "").strip() for name in FIELDS}, photos)


def is_key(key: str) -> bool:
    """Tell whether a key is one that a form of ours comes with."""
    return _KEY.fullmatch(key) is not None


def handed(
    sent: Sent, number: str, *, offered: Callable[[], Mapping[str, str]], reporter: Keyed
) -> Handed | list[JingweiError]:
    """Return what a form asks for, or what is wrong with it.

    Parameters
    ----------
    number
        The issue's reference.
    offered
        Gives the services that may be named: code and name.
    reporter
        Makes a key of a telephone, which is not kept.
    """
    told = sent.fields
    faults = [*_faults(told, offered), *_photo_faults(sent.photos)]
    if faults:
        return faults
    placed = bool(told["lon"] and told["lat"])
    issue = Issue(
        source="web",
        reference=number,
        text=told["text"],
        address=told["address"],
        service=told["service"] or None,
        lon=float(told["lon"]) if placed else None,
        lat=float(told["lat"]) if placed else None,
        reporter=reporter(told["contact"]),
        confidential=bool(told["confidential"]),
    )
    return Handed(issue, sent.photos, told["contact"])


def _faults(
    told: Mapping[str, str], offered: Callable[[], Mapping[str, str]]
) -> list[JingweiError]:
    most = {"text": resident_policy().letters, "address": _ADDRESS, "contact": _CONTACT}
    found: list[JingweiError] = [
        _bad(name, f"超过 {limit} 字", f"over {limit} letters")
        for name, limit in most.items()
        if len(told[name]) > limit
    ]
    if not told["text"]:
        found.append(_bad("text", "请写明是什么事", "say what it is"))
    if any("\0" in value for value in told.values()):
        found.append(_bad("text", "含空字符", "a NUL"))
    if not (told["lon"] and told["lat"]) and not told["address"]:
        found.append(
            _bad("address", "请写地址，或在地图上指出位置", "an address, or a place on the map")
        )
    for name, limit in (("lon", 180), ("lat", 90)):
        value = told[name]
        if value and not (_DEGREES.fullmatch(value) and abs(float(value)) <= limit):
            found.append(_bad(name, "位置不对，请重新指一次", "no position: point again"))
    if told["service"] and told["service"] not in offered():
        found.append(_bad("service", "没有这一类", "there is no such kind"))
    return found


def _photo_faults(photos: Sequence[bytes]) -> list[JingweiError]:
    most = resident_policy().photos
    if len(photos) > most:
        return [_bad("photo", f"最多 {most} 张", f"{most} at most")]
    try:
        for data in photos:
            read_photo(data, photo_rules(), zone=CITY_TIME)
    except BadPhotoError as error:
        return [error]
    return []


def fault_told(fault: JingweiError, lang: Lang) -> str:
    """Return what is wrong with a form in the words that stand over its fields."""
    if not isinstance(fault, BadFieldError):
        return fault.sentence_en if lang == "en" else fault.sentence_zh
    reason = fault.values["reason" if lang == "en" else "reason_zh"]
    label = _LABELS.get(str(fault.values["field"]))
    if label is None:
        return f"{reason}." if lang == "en" else f"{reason}。"
    name = _ASIDE.split(WORDS[label][lang == "en"])[0]
    return f"{name}: {reason}." if lang == "en" else f"{name}：{reason}。"


def _bad(field: str, zh: str, en: str) -> BadFieldError:
    return BadFieldError(field=field, reason_zh=zh, reason=en)
