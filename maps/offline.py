"""Folium without the outside world: every asset from our own server, no code inside the page.

Folium names some seventy outside addresses and writes its scripts into the page. `page` walks the
element tree, turns each link it knows into a local one, refuses the rest, and moves the inline
scripts and styles of the render into content-named files, so that the policy can be plain `'self'`.
`inline_page` goes the other way: one file that works from a disk, with hashes in a meta policy.

Text of users never enters a folium template: it would run, because folium writes it into
JavaScript template literals. Pages fetch JSON and set `textContent`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from html import escape
from html.parser import HTMLParser
from typing import Any, Final, NamedTuple

from branca.element import CssLink, Element, JavascriptLink
from folium.elements import JSCSSMixin

from geo.errors import UnsafePageError
from maps import assets

# Sent with every page. `frame-ancestors`, `base-uri` and `form-action` do not follow default-src.
# Pictures may also be what a page holds itself: a photo made small is shown before it is sent.
POLICY: Final = (
    "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# Outside address, as folium 0.20 writes it → our own file.
KNOWN: Final = (
    (re.compile(r"/npm/leaflet@1\.9\.\d+/dist/leaflet\.js$"), "vendor/leaflet.js"),
    (re.compile(r"/npm/leaflet@1\.9\.\d+/dist/leaflet\.css$"), "vendor/leaflet.css"),
)
_OUTSIDE: Final = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_LINKS: Final = ("src", "href", "action", "formaction", "poster", "srcset", "data", "background")
_VOID: Final = ("meta", "link", "br", "hr", "img", "input", "wbr")
_PLAIN_DATA: Final = ("application/json", "text/plain")

Attributes = list[tuple[str, str | None]]


class Page(NamedTuple):
    """A page and the files made of its inline code, served under `/pages/<name>`."""

    html: str
    files: dict[str, bytes]


def page(figure: Element, *, lang: str = "zh-CN") -> Page:
    """Return the folium render of `figure` with local links only and no code inside it.

    Raises
    ------
    UnsafePageError
        When an element asks for an unknown outside address, or carries an `on…` handler or a
        `style` attribute, which the policy would block.
    """
    root = figure.get_root()
    localise(root)
    mover = _Mover(lang)
    return Page(mover.rewrite(root.render()), mover.files)


def inline_page(figure: Element, *, lang: str = "zh-CN") -> str:
    """Return the same page as one file: everything inside, hashes in a meta policy.

    Raises
    ------
    UnsafePageError
        As `page`.
    """
    outer = page(figure, lang=lang)
    gatherer = _Gatherer(lambda address: _held(address, outer.files))
    return gatherer.rewrite(outer.html)


def data_uri(data: bytes, kind: str) -> str:
    """An image (or other file) as an address that holds it, for single-file pages."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def localise(root: Element) -> None:
    """Point every asset link in the element tree to our own files."""
    for element in _walk(root):
        if isinstance(element, JSCSSMixin):
            element.default_js = [(name, _local(url)) for name, url in element.default_js]
            element.default_css = [(name, _local(url)) for name, url in element.default_css]
        if isinstance(element, (JavascriptLink, CssLink)):
            element.url = _local(element.url)


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001 (branca has no public walk)
        yield from _walk(child)
    for part in ("header", "html", "script"):
        if isinstance(inner := getattr(element, part, None), Element):
            yield from _walk(inner)


def _local(url: str) -> str:
    if not _OUTSIDE.match(url):
        return url
    for pattern, name in KNOWN:
        if pattern.search(url):
            return assets.href(name)
    raise UnsafePageError(what=url)


def _held(address: str, files: dict[str, bytes]) -> str:
    """The text of a file that a page links to."""
    name = address.rpartition("/")[2]
    if name in files:
        return files[name].decode()
    folder = "vendor" if "/vendor-" in address else "web"
    return assets.content(f"{folder}/{name}").decode()


class _Rewriter(HTMLParser):
    """Copies a page, tag by tag; sub-classes change what they meet."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []

    def rewrite(self, html: str) -> str:
        """Return the page as the sub-class leaves it."""
        self.feed(html)
        self.close()
        return re.sub(r"\n\s*\n+", "\n", "".join(self.out))

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.out.append(_tag(tag, attrs))

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


class _Mover(_Rewriter):
    """Moves inline scripts and styles into files named by what they hold."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang
        self.files: dict[str, bytes] = {}
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        held = dict(attrs)
        _refuse_inline(attrs)
        self._inside = _moved(tag, held)
        if tag == "html":
            attrs = [*((k, v) for k, v in attrs if k != "lang"), ("lang", self.lang)]
        if tag == "meta" and held.get("name") == "viewport":
            attrs = [("name", "viewport"), ("content", "width=device-width, initial-scale=1")]
        if self._inside is None:
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._inside is None:
            super().handle_endtag(tag)
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside is None:
            super().handle_data(data)
        elif data.strip():
            self.out.append(self._file(data.strip().encode(), self._inside))

    def _file(self, data: bytes, kind: str) -> str:
        name = f"{hashlib.sha256(data).hexdigest()[:16]}.{kind}"
        self.files[name] = data
        if kind == "js":
            return f'<script src="/pages/{name}"></script>'
        return f'<link rel="stylesheet" href="/pages/{name}">'


class _Gatherer(_Rewriter):
    """Puts linked scripts and styles inside, and writes the policy that allows just these."""

    def __init__(self, held: Callable[[str], str]) -> None:
        super().__init__()
        self._held = held
        self._late: list[str] = []
        self._linked = False  # inside a script that was linked, and is closed already
        self._hashes: dict[str, list[str]] = {"script": [], "style": []}

    def rewrite(self, html: str) -> str:
        self.feed(html)
        self.close()
        policy = escape(self._policy(), quote=True)
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        text = "".join(self.out).replace("<head>", f'<head><meta charset="utf-8">{meta}', 1)
        return text.replace("</html>", "".join(self._late) + "</html>", 1)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        held = dict(attrs)
        if tag == "script" and (source := held.get("src")):
            block = self._block("script", self._held(source))
            (self._late if "defer" in held else self.out).append(block)
            self._linked = True
        elif tag == "link" and held.get("rel") == "stylesheet":
            self.out.append(self._block("style", self._held(held["href"] or "")))
        elif tag == "link" and held.get("rel") == "icon":
            drawing = data_uri(self._held(held["href"] or "").encode(), "image/svg+xml")
            super().handle_starttag(tag, [("rel", "icon"), ("href", drawing)])
        else:
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self._linked:
            super().handle_endtag(tag)
        self._linked = False

    def _block(self, tag: str, text: str) -> str:
        text = text.replace("\r\n", "\n").replace(
            "\r", "\n"
        )  # as a browser reads it, and hashes it
        safe = text.replace("</script", "<\\/script").replace("</style", "<\\/style")
        digest = base64.b64encode(hashlib.sha256(safe.encode()).digest()).decode("ascii")
        self._hashes[tag].append(f"'sha256-{digest}'")
        return f"<{tag}>{safe}</{tag}>"

    def _policy(self) -> str:
        scripts, styles = (" ".join(self._hashes[tag]) for tag in ("script", "style"))
        return (
            f"default-src 'none'; script-src {scripts}; style-src {styles}; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        )


def _tag(tag: str, attrs: Attributes) -> str:
    inside = "".join(
        f" {name}" if value is None else f' {name}="{escape(value, quote=True)}"'
        for name, value in attrs
    )
    return f"<{tag}{inside}>"


def _moved(tag: str, held: dict[str, Any]) -> str | None:
    if tag == "style":
        return "css"
    if tag == "script" and "src" not in held and held.get("type") not in _PLAIN_DATA:
        return "js"
    return None


def _refuse_inline(attrs: Attributes) -> None:
    for name, value in attrs:
        if name == "style" or name.startswith("on"):
            raise UnsafePageError(what=f'{name}="{value}"')
        if name in _LINKS and value and _OUTSIDE.match(value) and not value.startswith("data:"):
            raise UnsafePageError(what=value)
