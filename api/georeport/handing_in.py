"""A request handed in: the fields of a form as an issue, or everything that is wrong with them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.georeport.refusals import RefusedError
from api.georeport.words import MOST_LETTERS
from geo.errors import BadFieldError, JingweiError, MissingError
from geo.issues import Issue
from geo.issues.forms import MEDIA, answered, form
from geo.store.database import Connection
from geo.store.net.naming import service_codes
from geo.store.public import address_of, offered_services

SOURCE: Final = "open311"
_FORM: Final = "application/x-www-form-urlencoded"
_PARTS: Final = "multipart/form-data"
_MOST_FIELDS: Final = 1000
_MOST_FILES, _MOST_PARTS = 9, 200
_ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]*)\](?:\[\d*\])?")
_DEGREES: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{0,20})?", re.ASCII)
_URL: Final = re.compile(r"https?://[^\s<>\"\x00-\x1f]{3,2000}", re.IGNORECASE)
_LONGEST: Final = {"address_string": 1000, "address_id": 128}
_LIMITS: Final = {"lat": 90.0, "long": 180.0}
# Who reported it, the surest first: one of them is made a key of, none is kept.
_REPORTER: Final = ("phone", "email", "account_id", "device_id")
_NAMES: Final = ("first_name", "last_name")

Fields = Mapping[str, Sequence[str]]


class Handed(NamedTuple):
    """A request as it is stored: the issue, and what was answered to its service's form."""

    issue: Issue
    answers: Mapping[str, list[str]]
    photos: tuple[bytes, ...] = ()
    contact: str = ""


class Sent(NamedTuple):
    """The fields of a request, and the files that came in the same form."""

    fields: Fields
    files: tuple[bytes, ...] = ()


async def sent(request: Request) -> Sent:
    """Return what a request says, in its body before its address, and the files it brings.

    Raises
    ------
    BadFieldError
        When the body is no form in UTF-8.
    """
    query = _parsed(request.url.query.encode())
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == _PARTS:
        fields, files = await _parts(request)
        return Sent(query | fields, files)
    body = await request.body()
    if body and media not in ("", _FORM):
        said = f"正文应为 {_FORM} 或 {_PARTS}", f"the body should be {_FORM} or {_PARTS}"
        raise _bad("Content-Type", *said)
    return Sent(query | _parsed(body))


async def _parts(request: Request) -> tuple[dict[str, list[str]], tuple[bytes, ...]]:
    """Return the fields and the files of a form in parts; an empty file is none."""
    body = await request.body()
    try:
        async with request.form(max_files=_MOST_FILES, max_fields=_MOST_PARTS) as form:
            said = [pair for pair in form.multi_items() if isinstance(pair[1], str)]
            files = [
                await value.read()
                for _, value in form.multi_items()
                if isinstance(value, UploadFile)
            ]
    except HTTPException as error:
        if error.status_code != HTTPStatus.BAD_REQUEST:
            raise
        raise _bad("body", "表单无法读取，或部分太多", "no form, or of too many parts") from error
    fields: dict[str, list[str]] = {}
    for name, value in said:
        if _is_guessed(str(value), body):
            raise _bad("body", "不是 UTF-8 的表单", "no form in UTF-8")
        fields.setdefault(name, []).append(str(value))
    return fields, tuple(filter(None, files))


def _is_guessed(text: str, body: bytes) -> bool:
    """Tell whether a field was no UTF-8, and read as Latin-1 by whoever took the form apart."""
    return not text.isascii() and max(text) <= "\xff" and text.encode() not in body


def _parsed(text: bytes) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(
            text.decode(), True, errors="strict", max_num_fields=_MOST_FIELDS  # noqa: FBT003 keep blanks
        )  # fmt: skip
    except (UnicodeDecodeError, ValueError) as error:
        raise _bad(
            "body", "不是 UTF-8 的表单，或字段太多", "no form in UTF-8, or too many"
        ) from error
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def first(fields: Fields, name: str) -> str:
    """Return the first value of a field; blank where there is none."""
    return next(iter(fields.get(name, ())), "").strip()


def reference(client: str, given: str | None) -> str:
    """Return the number an issue is known by: of the client's Idempotency-Key, else a fresh one.

    Parameters
    ----------
    client
        Tells one client from another: its api_key.
    """
    if not given:
        return secrets.token_hex(16)
    return hashlib.sha256(f"{client}\n{given}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def handed(
    conn: Connection, told: Sent, *, number: str, reporter: Mapping[str, str | None]
) -> Handed:
    """Return what a request asks for.

    Parameters
    ----------
    number
        The issue's reference.
    reporter
        Keys of the contacts that were given, by field.

    Raises
    ------
    MissingError
        When the service is not offered.
    RefusedError
        Everything else that is wrong with it.
    """
    fields = told.fields
    asked = first(fields, "service_code") or first(fields, "service_name")
    if not asked:
        raise _bad("service_code", "必填", "it is required")
    code, questions = service_called(conn, asked)
    answers, faults = _answers(fields, questions, code)
    place = _place(conn, fields, faults)
    text = next(iter(fields.get("description", ())), "")
    if len(text) > MOST_LETTERS:
        faults.append(_too_long("description", MOST_LETTERS))
    if faults:
        raise RefusedError(faults)
    known = next((reporter[name] for name in _REPORTER if reporter.get(name)), None)
    issue = Issue(source=SOURCE, reference=number, service=code, text=text, reporter=known, **place)  # type: ignore[arg-type]
    return Handed(issue, answers, told.files, _reached(fields))


def service_called(conn: Connection, asked: str) -> tuple[str, str]:
    """Return code and form of the service meant: by its code, its name or the path of its names.

    Raises
    ------
    MissingError
        When none that is offered is meant, or several are.
    """
    forms = offered_services(conn).set_index("code")["form"]
    code = asked if asked in forms.index else service_codes(conn, [asked]).get(asked)
    if code not in forms.index:
        raise MissingError(noun="service_code", noun_zh="服务", key=asked[:80])
    return str(code), str(forms[code])


def reporters(fields: Fields) -> dict[str, str]:
    """Return the contacts that were given, by field: what a reporter's key is made of."""
    return {name: told for name in _REPORTER if (told := first(fields, name)[:128])}


def _reached(fields: Fields) -> str:
    """Return how a reporter is reached, whom a name belongs to; a device is no way to reach one."""
    name = " ".join(filter(None, (first(fields, name)[:64] for name in _NAMES)))
    ways = [first(fields, way)[:128] for way in _REPORTER if way != "device_id"]
    return ", ".join(filter(None, (name, *ways)))


def _answers(
    fields: Fields, asked: str, code: str
) -> tuple[dict[str, list[str]], list[JingweiError]]:
    given = {
        found[1]: list(values)
        for name, values in fields.items()
        if (found := _ATTRIBUTE.fullmatch(name))
    }
    answers, faults = answered(form(asked, code), given)
    media = first(fields, MEDIA)
    wrong: list[JingweiError] = list(faults)
    if media and not _URL.fullmatch(media):
        wrong.append(_bad(MEDIA, "应为 http(s) 网址", "it should be an http(s) address"))
    return answers | ({MEDIA: [media]} if media else {}), wrong


def _place(conn: Connection, fields: Fields, faults: list[JingweiError]) -> dict[str, object]:
    """Return address, lon and lat of an issue; what is wrong is added to the faults."""
    told = {name: first(fields, name) for name in (*_LIMITS, *_LONGEST)}
    for name, most in _LONGEST.items():
        if len(told[name]) > most:
            faults.append(_too_long(name, most))
    if bool(told["lat"]) != bool(told["long"]):
        faults.append(_bad("lat, long", "只有其一", "one without the other"))
    if not any(told.values()):
        zh, en = "缺少位置：lat 和 long，或 address_string，或 address_id", "a location is required"
        faults.append(_bad("lat, long, address_string, address_id", zh, en))
    lon, lat = (_degrees(name, told[name], faults) for name in ("long", "lat"))
    place: dict[str, object] = {"address": told["address_string"], "lon": lon, "lat": lat}
    return place | _by_number(conn, told, faults)


def _degrees(name: str, text: str, faults: list[JingweiError]) -> float | None:
    if not text:
        return None
    limit = _LIMITS[name]
    if _DEGREES.fullmatch(text) and abs(float(text)) <= limit:
        return float(text)
    faults.append(
        _bad(name, f"应为 ±{limit:g} 之间的度数", f"degrees within ±{limit:g} are needed")
    )
    return None


def _by_number(
    conn: Connection, told: Mapping[str, str], faults: list[JingweiError]
) -> dict[str, object]:
    """Return the place of an address_id, as far as the request does not say it itself."""
    if not told["address_id"] or faults:
        return {}
    found = address_of(conn, told["address_id"])
    if found is None:
        faults.append(_bad("address_id", "没有这个楼栋编码", "there is no such building"))
        return {}
    address, lon, lat = found
    named: dict[str, object] = {} if told["address_string"] else {"address": address}
    return named if told["lat"] else {**named, "lon": lon, "lat": lat}


def _too_long(field: str, most: int) -> BadFieldError:
    return _bad(field, f"超过 {most} 字", f"over {most} letters")


def _bad(field: str, zh: str, en: str) -> BadFieldError:
    return BadFieldError(field=field, reason_zh=zh, reason=en)
