"""A smoke run of `make demo`: it starts, its pages answer, it stops, and it keeps no port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from typing import Final
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from bootstrap.progress import ROOT, Stopped, environment, say

PAGE: Final = "http://127.0.0.1:8000/"
_LIMIT_S: Final = 600.0
_STOP_S: Final = 60.0
# What a browser asks for by itself, and where a person may go from here.
_ASKED: Final = re.compile(r"""<(?:script|img|link|iframe)\b[^>]*?\b(?:src|href)=["']([^"'#]+)""")
_LED: Final = re.compile(r"""<a\b[^>]*?\bhref=["']([^"'#]+)""")
_MOST_PAGES: Final = 60


def smoke() -> None:
    """Start the demo, fetch its first page and what that links to, stop the demo.

    Raises
    ------
    Stopped
        When it does not answer in time, an answer is not 200, or it does not stop.
    """
    if _body(PAGE) is not None:
        raise Stopped(
            "8000 端口已被占用。请先停止它。", "Port 8000 is taken. Stop what uses it first."
        )
    began = time.monotonic()
    with subprocess.Popen(
        ["make", "demo"],  # noqa: S607 (whichever make ran this)
        cwd=ROOT,
        env=environment({}),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    ) as demo:
        try:
            first = _first_page(demo)
            say(f"首页 {time.monotonic() - began:.0f} 秒后可用", "the first page answers")
            _fetch_all(first)
        finally:
            stopped = _stopped(demo)
    if not stopped:
        raise Stopped("演示没有停下。", "The demo did not stop.")
    if _body(PAGE) is not None:
        raise Stopped("演示停止后端口仍被占用。", "The demo was stopped and still answers.")
    sys.stdout.write("smoke: 1 passed, 0 failed\n")


def links(page: str, address: str) -> list[str]:
    """Return the addresses of this server that a page names, without repeats.

    Raises
    ------
    Stopped
        When the page makes a browser ask another server.
    """
    asked = [urljoin(address, link) for link in _ASKED.findall(page)]
    outside = [link for link in asked if _is_web(link) and not _is_here(link, address)]
    if outside:
        raise Stopped(f"页面引用了外部地址：{outside}", f"The page asks other servers: {outside}")
    named = dict.fromkeys([*asked, *(urljoin(address, link) for link in _LED.findall(page))])
    return [link for link in named if _is_web(link) and _is_here(link, address)]


def _is_web(link: str) -> bool:
    return urlsplit(link).scheme in {"http", "https"}


def _is_here(link: str, address: str) -> bool:
    return urlsplit(link).netloc == urlsplit(address).netloc


def _first_page(demo: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + _LIMIT_S
    while time.monotonic() < until and demo.poll() is None:
        page = _body(PAGE)
        if page is not None:
            return page
        time.sleep(0.5)
    raise Stopped(
        f"make demo 在 {_LIMIT_S:.0f} 秒内没有提供 {PAGE}（退出码 {demo.poll()}）。",
        f"make demo did not serve {PAGE} within {_LIMIT_S:.0f} s (exit status {demo.poll()}).",
    )


def _fetch_all(first: str) -> None:
    """Fetch the demo's plan, what the first page names, and what those pages name."""
    waiting = [*links(first, PAGE), urljoin(PAGE, "plans/1")]
    for address in waiting:  # grows as it is walked
        body = _body(address)
        if body is None:
            raise Stopped(f"打不开 {address}", f"{address} does not answer with success.")
        sys.stdout.write(f"  ✓ {len(body):>9,} {address}\n")
        found = links(body, address) if "<html" in body[:500].lower() else []
        waiting += [link for link in found if link not in waiting][: _MOST_PAGES - len(waiting)]


def _body(address: str) -> str | None:
    """Return what an address of this machine answers; `None` without an answer or success."""
    try:
        with urlopen(address, timeout=30) as answer:  # noqa: S310 (http on loopback, made here)
            return str(answer.read().decode("utf-8", "replace"))
    except (URLError, ConnectionError, TimeoutError):
        return None


def _stopped(demo: subprocess.Popen[bytes]) -> bool:
    """Interrupt make and all that it started, as Ctrl+C does; tell whether that was enough."""
    if demo.poll() is None:
        os.killpg(demo.pid, signal.SIGINT)
    try:
        demo.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        os.killpg(demo.pid, signal.SIGKILL)
        return False
    return True
