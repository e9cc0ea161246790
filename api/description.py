"""The API's description of itself (OpenAPI 3.1): sentences, examples, and every way to fail.

FastAPI says which paths, parameters and bodies there are. Added here: each operation's first
sentence as its summary, failures as problems of RFC 9457, and examples. Those in `examples.json`
were recorded from the demonstration, and a test asks for them again; an operation that has none
there is given one made from its own schema. What an answer holds is told by its example.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import PROBLEM_TYPE, Said, problem_body
from api.statuses import BY_STATUS

Node = dict[str, Any]

METHODS: Final = ("get", "put", "post", "delete", "patch")
_RECORDED: Final = Path(__file__).with_name("examples.json")
_ABOUT: Final = (
    "城市网格与诉求。经纬度须注明基准（datum）；时间带时区；"
    "出错时回答 RFC 9457 问题文档，zh、en 各一句。"
    " Grids of a city and its issues. Positions name their datum, times their zone; failures are "
    "problem documents (RFC 9457) with a sentence in Chinese and in English."
)
_FAILURES: Final = {
    "403": ("无权 Not allowed", "NotAllowed"),
    "404": ("没有，或无权查看 Not there, or not yours to see", "Missing"),
    "409": ("与现状冲突 In conflict with what is there", "Conflict"),
    "412": ("版本已变 Another version meanwhile", "StaleIssue"),
    "413": ("正文过大 The body is too large", "BodyTooLarge"),
    "422": ("请求有误 The request is malformed", "Malformed"),
    "428": ("须注明版本 A version must be named", "VersionNotNamed"),
    "503": ("数据库暂不可用 The database is away", "DatabaseAway"),
}
_NOTHING: Final = "204"
_PAGE: Final = "text/html"
_ANYTHING: Final = "*/*"  # what an answer is of, where the route does not say
_BODY: Final = ("413",)
_MATCHED: Final = ("412", "428")
PROBLEM: Final[Node] = {
    "type": "object",
    "description": "RFC 9457; code names the kind, zh and en are its sentence",
    "required": [
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "zh",
        "en",
        "fields",
        "request",
    ],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string", "enum": ["…"]},
        "request": {"type": "string", "description": "as X-Request-ID names it, and the log"},
        "zh": {"type": "string"},
        "en": {"type": "string"},
        "fields": {
            "type": "array",
            "description": "fields of the request that are wrong, each with a sentence",
            "items": {
                "type": "object",
                "required": ["field", "zh", "en"],
                "properties": {name: {"type": "string"} for name in ("field", "zh", "en")},
            },
        },
    },
}
_HEADERS: Final = {"if-match": '"1"'}  # what no schema says
_MADE: Final = {"string": "…", "integer": 1, "number": 1.5, "boolean": True, "null": None}


def describe(app: FastAPI) -> None:
    """Make an application describe itself so: once, when it is first asked for."""

    @cache
    def described() -> Node:
        return _described(app)

    app.openapi = described  # type: ignore[method-assign]


def _described(app: FastAPI) -> Node:
    spec = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
    schemas = spec.get("components", {}).get("schemas", {})
    kept = {n: s for n, s in schemas.items() if n not in ("HTTPValidationError", "ValidationError")}
    paths = {
        path: {
            method: _operation(f"{method.upper()} {path}", told, kept)
            for method, told in ops.items()
        }
        for path, ops in spec["paths"].items()
    }
    return {**spec, "paths": paths, "components": {"schemas": {**kept, "Problem": _problem()}}}


def _problem() -> Node:
    codes = {kind.__name__.removesuffix("Error") for kinds in BY_STATUS.values() for kind in kinds}
    known = sorted(codes | {"Malformed", "NotKnown", "Unforeseen", "Unreadable"})
    properties = {**PROBLEM["properties"], "code": {"type": "string", "enum": known}}
    return {**PROBLEM, "properties": properties}


@cache
def recorded() -> Mapping[str, Node]:
    """Return the recorded examples by operation ("GET /api/lookup").

    `parameters` and `request` are what was sent, `media` and `response` what was answered;
    `media` is a list where there are several, and `also` names further statuses of success.
    """
    examples: Mapping[str, Node] = json.loads(_RECORDED.read_text("utf-8"))
    return examples


def _operation(name: str, told: Node, schemas: Mapping[str, Node]) -> Node:
    example = recorded().get(name, {})
    said = {**told, "summary": _first_sentence(told)}
    if "parameters" in told:
        shown = example.get("parameters", {})
        said["parameters"] = [_parameter(p, shown, schemas) for p in told["parameters"]]
    if "requestBody" in told:
        said["requestBody"] = _body(told["requestBody"], example, schemas)
    good = {code: r for code, r in told["responses"].items() if code.startswith("2")}
    first = next(iter(good), "200")
    good = {
        code: r if code == _NOTHING else _answer(r, example, schemas) for code, r in good.items()
    }
    good |= dict.fromkeys(example.get("also", ()), good[first])
    said["responses"] = good | dict(_failures(name, told))
    return said


def _first_sentence(told: Node) -> str:
    words = str(told.get("description") or told["summary"]).strip()
    return words.partition("\n\n")[0].replace("\n", " ")


def _parameter(told: Node, shown: Mapping[str, Any], schemas: Mapping[str, Node]) -> Node:
    schema = told.get("schema", {})
    usual = _HEADERS.get(told["name"].lower()) or made(schema, schemas)
    return {**told, "example": shown.get(told["name"], usual)}


def _body(told: Node, example: Node, schemas: Mapping[str, Node]) -> Node:
    content = {
        media: {**c, "example": example.get("request", made(c.get("schema", {}), schemas))}
        for media, c in told["content"].items()
    }
    return {**told, "content": content}


def _answer(told: Node, example: Node, schemas: Mapping[str, Node]) -> Node:
    """Return a response with its media types, and an example of each."""
    content = told.get("content", {})
    medias = example.get("media") or list(content) or [_ANYTHING]
    medias = [medias] if isinstance(medias, str) else medias
    given: Node = next((c.get("schema", {}) for c in content.values()), {})
    shown = example.get("response", made(given, schemas))
    schema = given if _says_enough(given) else {**_free(given), **schema_of(shown)}
    binary = {"schema": {"type": "string", "format": "binary"}, "example": "…"}
    return {
        **told,
        "content": {
            m: {"schema": schema, "example": shown} if "json" in m else binary for m in medias
        },
    }


def _says_enough(schema: Node) -> bool:
    """Tell whether a schema names what is in it."""
    inner = schema.get("items", schema)
    return "$ref" in inner or "properties" in inner


def _free(schema: Node) -> Node:
    return {name: value for name, value in schema.items() if name in ("title", "description")}


def _failures(name: str, told: Node) -> Iterator[tuple[str, Node]]:
    headers = {p["name"].lower() for p in told.get("parameters", ()) if p["in"] == "header"}
    pages = _pages(told)
    for status, (words, code) in _FAILURES.items():
        if status in _BODY and "requestBody" not in told:
            continue
        if status in _MATCHED and "if-match" not in headers:
            continue
        body = problem_body(int(status), Said(code, words, words), name.split()[1])
        yield status, _failure(words, body, pages)
    yield "default", _failure("其他问题 Any other problem", None, pages)


def _failure(words: str, example: Node | None, pages: Node) -> Node:
    content: Node = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if example is not None:
        content["example"] = example
    return {"description": words, "content": {PROBLEM_TYPE: content, **pages}}


def _pages(told: Node) -> Node:
    """Return the page that says what is wrong, of what is answered with pages (a form's)."""
    medias = {media for answer in told["responses"].values() for media in answer.get("content", ())}
    return {_PAGE: {"schema": {"type": "string"}, "example": "…"}} if _PAGE in medias else {}


def made(schema: Node, schemas: Mapping[str, Node]) -> Any:  # noqa: ANN401 JSON of any kind
    """Return an example made from a schema: what it offers itself, else one by its types.

    >>> made({"type": "object", "properties": {"n": {"type": "integer", "examples": [7]}}}, {})
    {'n': 7}
    """
    if "$ref" in schema:
        return made(schemas.get(schema["$ref"].rpartition("/")[2], {}), schemas)
    for offered in ("examples", "enum"):
        if schema.get(offered):
            return schema[offered][0]
    if "const" in schema or "default" in schema:
        return schema.get("const", schema.get("default"))
    if options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return made(options[0], schemas)
    return _inside(schema, schemas)


def _inside(schema: Node, schemas: Mapping[str, Node]) -> Any:  # noqa: ANN401 JSON of any kind
    if "properties" in schema:
        return {name: made(part, schemas) for name, part in schema["properties"].items()}
    if schema.get("type") == "array":
        return [made(schema.get("items", {}), schemas)]
    kind = schema.get("type")
    if schema.get("format") == "date":
        return "2026-11-26"
    if schema.get("format") == "date-time":
        return "2026-11-26T09:00:00+08:00"
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + _MADE[kind])
    return _MADE.get(str(kind), {})


def schema_of(example: object) -> Node:
    """Return a schema that an example fits, everything inside it optional and nullable.

    >>> schema_of({"n": 1, "names": ["a"]})["properties"]["names"]
    {'type': ['array', 'null'], 'items': {'type': ['string', 'null']}}
    >>> schema_of({"services": [["垃圾", 43]]})["properties"]["services"]["items"]["items"]
    {}
    """
    whole = _typed(example)
    return {**whole, "type": whole["type"][0]} if "type" in whole else whole


def _typed(example: object) -> Node:
    match example:
        case bool():
            return {"type": ["boolean", "null"]}
        case int() | float():
            return {"type": ["number", "null"]}
        case str():
            return {"type": ["string", "null"]}
        # Numbers in a row are a position or a share of a whole: elsewhere it may be one number.
        case list() if not (example and isinstance(example[0], int | float)):
            kinds = [kind for kind in map(_typed, example) if kind]
            alike = kinds and all(kind["type"] == kinds[0]["type"] for kind in kinds)
            return {"type": ["array", "null"], "items": kinds[0] if alike else {}}
        case dict():
            inner = {str(name): _typed(value) for name, value in example.items()}
            return {"type": ["object", "null"], "properties": inner}
        case _:
            return {}
