"""Answers of Open311 as XML or JSON: one tree, two ways to write it (the Spark convention).

A list becomes an element with a child for each entry, named in SINGULAR; what is missing is an
empty element, or null. No namespace, no attributes: the standard asks for none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias
from xml.sax.saxutils import escape

from fastapi import Request, Response

Form: TypeAlias = Literal["xml", "json"]
Tree: TypeAlias = Mapping[str, "Tree"] | Sequence["Tree"] | str | float | bool | None

# The header of the standard, letter for letter: its validators compare it as text.
MEDIA: Final[Mapping[Form, str]] = {
    "xml": "text/xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
SINGULAR: Final = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
# Moments and numbers: an element of XML without anything in it is neither, so there is none.
_TYPED: Final = frozenset({"expected_datetime", "lat", "long"})
# What XML 1.0 cannot hold, not even as a reference.
_IMPOSSIBLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n'


def reply(form: Form, root: str, tree: Tree, status: int = 200) -> Response:
    """Return an answer: in XML under a root element, in JSON the tree itself."""
    text = in_xml(root, tree) if form == "xml" else json.dumps(tree, ensure_ascii=False)
    return Response(text.encode(), status, headers={"content-type": MEDIA[form]})


def in_xml(root: str, tree: Tree) -> str:
    r"""Return a tree as a document of XML; characters it cannot hold become U+FFFD.

    >>> in_xml("services", [{"service_code": "1", "metadata": True, "group": None}]).split("\n")[1]
    '<services><service><service_code>1</service_code><metadata>true</metadata><group/></service></services>'
    >>> in_xml("service_requests", [{"lat": None, "zipcode": None}]).split("\n")[1]
    '<service_requests><request><zipcode/></request></service_requests>'
    >>> in_xml("errors", "a\x01]]>\r").split("\n")[1]
    '<errors>a�]]&gt;&#13;</errors>'
    """
    return _HEAD + "".join(_element(root, tree)) + "\n"


def _element(name: str, tree: Tree) -> Iterator[str]:
    inner = "".join(_inside(name, tree))
    yield f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _inside(name: str, tree: Tree) -> Iterator[str]:
    match tree:
        case None:
            return
        case bool():
            yield "true" if tree else "false"
        case str() | int() | float():
            # A bare carriage return would be read as a line feed.
            yield escape(_IMPOSSIBLE.sub("�", str(tree)), {"\r": "&#13;"})
        case Mapping():
            for key in filter(lambda key: tree[key] is not None or key not in _TYPED, tree):
                yield from _element(key, tree[key])
        case _:
            for entry in tree:
                yield from _element(SINGULAR[name], entry)


def form_of(request: Request) -> Form:
    """Return what a request is answered in: by its ending, without one by what it accepts.

    XML is what every client of the standard takes, so it is the answer in doubt.
    """
    path = request.url.path
    if path.endswith(".json"):
        return "json"
    accepted = request.headers.get("accept", "")
    bare = "." not in path.rpartition("/")[2]
    return "json" if bare and "json" in accepted and "xml" not in accepted else "xml"
