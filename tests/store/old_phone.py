"""A phone of 2015 for tests: what its browser lacks is taken away before a page begins."""

from __future__ import annotations

from typing import Final

NO_INDEXED: Final = (
    "delete window.indexedDB; Object.defineProperty(window, 'indexedDB', {value: undefined});"
)
NO_LOCAL: Final = (
    "Object.defineProperty(window, 'localStorage', {get() { throw new Error('off'); }});"
)
NO_WORKER: Final = "Object.defineProperty(navigator, 'serviceWorker', {value: undefined});"
# What not each browser of 2015 has: nothing that is asked of one may rest on it.
_GONE: Final = """for (const [from, names] of [
    [window, "fetch createImageBitmap CSS Path2D matchMedia URLSearchParams Intl structuredClone"],
    [window, "IntersectionObserver ResizeObserver AbortController Headers Request Response caches"],
    [Array, "from of"],
    [Array.prototype, "find findIndex includes flat flatMap at fill entries keys values"],
    [String.prototype, "includes startsWith endsWith repeat padStart padEnd matchAll replaceAll"],
    [Object, "assign entries values fromEntries is"],
    [Number, "isNaN isFinite isInteger"],
    [Math, "sign trunc hypot log2"],
    [Promise, "allSettled any"],
    [Promise.prototype, "finally"],
    [NodeList.prototype, "forEach entries keys values"],
    [Element.prototype, "closest matches remove append prepend replaceWith replaceChildren before"],
    [HTMLCanvasElement.prototype, "toBlob"],
    [CanvasRenderingContext2D.prototype, "setLineDash getTransform"],
    [Blob.prototype, "arrayBuffer text"],
    [XMLHttpRequest.prototype, "responseURL"],
]) for (const name of names.split(" "))
    Object.defineProperty(from, name, {value: undefined, configurable: true, writable: true});
Object.defineProperty(window, "crypto", {value: undefined});
"""
OLD: Final = NO_WORKER + _GONE
