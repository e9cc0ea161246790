"""Pages judged after WCAG 2.1 AA by axe-core, one of the tools for developers of our scripts."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

from maps import assets

RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
CONTRAST: Final = ("color-contrast",)


def faults(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """What axe finds on a page as it is shown now; `rules` are tags of rules, or rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_judge())
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", list(rules)
    )
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@cache
def _judge() -> str:
    return (developer_tools() / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def developer_tools() -> Path:
    """Return where the tools for developers are, installed once for all workers."""
    kept = assets.ROOT / "build" / "web-dev"
    kept.mkdir(parents=True, exist_ok=True)
    lock = (assets.ROOT / assets.WEB / "package-lock.json").read_bytes()
    mark, wanted = kept / "installed", hashlib.sha256(lock).hexdigest()
    with (kept / "lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if not mark.exists() or mark.read_text() != wanted:
            assets.install(assets.ROOT, kept)
            mark.write_text(wanted)
    return kept
